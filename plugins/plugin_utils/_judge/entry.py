# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One certificate of the store My, judged at every instant that counts."""
from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from .._snapshot.snapshot import Snapshot, StoredCertificate
from .._verdict.instants import Instants
from .._verdict.verdict import Finding, Outcome, Severity
from . import names
from .authority import Authority
from .certificate import Certificate, met_before, parse_once, thumbprint
from .der import peek_issuer
from .explain import explained
from .findings import finding, undecided
from .fit import key_findings, name_findings, wanted_names
from .host_rules import not_read
from .leaf import leaf_findings, time_findings, understood
from .path import Pool, prove
from .requirement import Requirement
from .step import Step, named
from .trust import Stores, disallowed, trust_findings
from .understanding import NotUnderstood
from .waivers import apply_waivers

B, O, W, N = Severity.BLOCKING, Severity.OPEN, Severity.WARNING, Severity.NOTE  # noqa: E741
_ORDER = {severity: rank for rank, severity in enumerate(Severity)}


@dataclass(frozen=True, slots=True)
class Case:
    """Everything that a host's certificates are judged against; ``moments`` has each instant with whose time it is."""

    snapshot: Snapshot
    authority: Authority
    requirement: Requirement
    instants: Instants
    stores: Stores
    moments: tuple[tuple[datetime, str], ...]


def case_of(snapshot: Snapshot, authority: Authority, requirement: Requirement, instants: Instants) -> Case:
    """The case with the host's stores sorted: the pool, the roots, what is disallowed."""
    contents = {name: frozenset(entry.content for entry in store.certificates) if (store := snapshot.store(name)) else frozenset()
                for name in ("CA", "Root", "Disallowed")}
    complete = not any(not_read(snapshot.store(name)) for name in ("CA", "Root"))
    stores = Stores(Pool(contents["CA"] | contents["Root"]), contents["Root"], disallowed(contents["Disallowed"]), complete)
    return Case(snapshot, authority, requirement, instants, stores, tuple(_moments(instants)))


def _moments(instants: Instants) -> Iterator[tuple[datetime, str]]:
    for instant in instants.judged:
        asked = "the day asked for" if instants.as_of is not None else None
        yield instant, asked or ("the controller's clock" if instant == instants.controller else "the host's clock")


class Judged(NamedTuple):
    """An entry with its findings, the waived ones marked; ``outcomes`` has one for each instant, ``outcome`` is that of all together."""

    entry: StoredCertificate
    thumbprint: str
    certificate: Certificate | None
    findings: tuple[Finding, ...]
    outcome: Outcome
    outcomes: tuple[Outcome, ...]


def outcome_of(findings: Iterable[Finding]) -> Outcome:
    """Satisfied without blocking and open findings; undetermined if there are open ones only."""
    severities = {item.severity for item in findings}
    if B in severities:
        return Outcome.NOT_SATISFIED
    return Outcome.UNDETERMINED if O in severities else Outcome.SATISFIED


def judge_entry(entry: StoredCertificate, case: Case) -> Judged:
    """All that is true of one entry. Never raises for what lies in the store."""
    try:
        certificate = parse_once(entry.content)
        if _stranger(certificate, case):
            return _refused(entry, certificate, stranger(certificate.issuer, case.authority.subject), case)
        certificate = met_before(certificate)
        certificate.demand_sound()
    except NotUnderstood as error:
        return _refused(entry, None, _unreadable(entry, str(error), case), case)
    changing = [tuple(_at(certificate, moment, clock, case)) for moment, clock in case.moments]
    foreign = all(item.code == "issuance.other_issuer" and item.severity is B for found in changing for item in found) and all(changing)
    steady = () if foreign else tuple(_steady(entry, certificate, case))
    outcomes = tuple(outcome_of(_waived((*steady, *found), case)) for found in changing)
    together = _waived((*steady, *(item for found in changing for item in found)), case)
    outcome = outcome_of(together)
    if outcome is Outcome.SATISFIED:
        together = (*together, finding("revocation.not_checked", N))
    ordered = tuple(sorted(dict.fromkeys(together), key=lambda item: (_ORDER[item.severity], item.code, item.message)))
    return Judged(entry, certificate.thumbprint, certificate, ordered, outcome, outcomes)


def _refused(entry: StoredCertificate, certificate: Certificate | None, why: Finding, case: Case) -> Judged:
    outcome = outcome_of((why,))
    return Judged(entry, thumbprint(entry.content), certificate, (why,), outcome, (outcome,) * len(case.moments))


def _stranger(certificate: Certificate, case: Case) -> bool:
    """Whether names alone tell that no path can lead to the authority; then nothing else need be looked at."""
    if not case.authority.given or case.requirement.rules.issuer_name != "exact" or certificate.issuer in case.authority.subjects:
        return False
    if case.requirement.match == "chain" and not case.stores.complete:
        return False
    if certificate.issuer == names.EMPTY:
        return False
    return all(item.self_issued for item in case.stores.pool.named(certificate.issuer))


@lru_cache(maxsize=4096)
def stranger(issuer: bytes, wanted: str) -> Finding:
    """The finding that a certificate is from somebody else altogether; nearly every certificate of a host has it."""
    return finding("issuance.other_issuer", B, issuer=names.text(issuer), wanted=wanted)


def _waived(findings: Sequence[Finding], case: Case) -> tuple[Finding, ...]:
    waivers = case.requirement.waivers
    if not waivers:
        return tuple(findings)
    return apply_waivers(findings, waivers, host=case.snapshot.name, on=max(case.instants.judged).date())


def _unreadable(entry: StoredCertificate, reason: str, case: Case) -> Finding:
    if entry.error is not None:
        reason = f"the host could not read it: {entry.error.code} {entry.error.message}"
    issuer = peek_issuer(entry.content)
    loosely = case.requirement.rules.issuer_name == "rfc5280"
    ours = case.authority.subjects
    if case.requirement.match == "chain":
        ours = ours | {certificate.subject for certificate in case.stores.pool.certificates}
    curable = case.requirement.match == "chain" and not case.stores.complete
    if case.authority.given and issuer is not None and issuer not in ours and not loosely and not curable:
        return stranger(issuer, case.authority.subject)
    return finding("certificate.not_understood", O, what="the whole certificate", reason=reason)


def _steady(entry: StoredCertificate, certificate: Certificate, case: Case) -> Iterator[Finding]:
    requirement, host = case.requirement, case.snapshot.host
    yield from leaf_findings(certificate, requirement, host.os_version)
    if certificate.content in case.authority.contents:
        yield finding("certificate.is_ca", B, reason="it is the certificate given as reference CA")
    if not requirement.rules.archived_ok:
        if entry.archived is None:
            yield finding("certificate.not_understood", O, what="whether it is archived", reason="the host did not say")
        elif entry.archived:
            yield finding("certificate.archived", B)
    yield from understood("its private key", key_findings(certificate, entry.private_key, requirement, host.elevated))
    yield from understood("its names", name_findings(certificate, wanted_names(host, requirement), requirement))
    if requirement.rules.names_of_host and requirement.names is None and requirement.pool is None:
        yield finding("names.pool_unknown", W)


def _at(certificate: Certificate, instant: datetime, clock: str, case: Case) -> Iterator[Finding]:
    issued, proved = _issuance(certificate, instant, case)
    yield from issued
    if [item.code for item in issued] == ["issuance.other_issuer"] and issued[0].severity is B:
        return
    rules = case.requirement.rules
    yield from understood("its validity", time_findings(certificate, instant, clock, rules))
    if rules.require_trust:
        yield from trust_findings(certificate, case.stores, case.authority, rules, instant)
        yield from (found for authority in proved if (found := case.stores.disallowed.finding(authority)) is not None)


def _issuance(certificate: Certificate, instant: datetime, case: Case) -> tuple[tuple[Finding, ...], tuple[Certificate, ...]]:
    requirement, rules = case.requirement, case.requirement.rules
    if not case.authority.given:
        return (finding("issuance.no_authority", O),), ()
    step = Step(rules, None if rules.ca_may_be_expired else instant)
    proof = prove(certificate, case.authority, case.stores.pool, step, requirement.match)
    if proof.path is not None:
        first = understood("its validity", _ends_first(certificate, proof.path or (), case.authority))
        return (*proof.findings, *first), proof.path
    found = explained(certificate, proof.findings, case.authority, case.stores.pool, rules, requirement.match)
    return (found if case.stores.complete else tuple(_softened(item, requirement) for item in found)), ()


def _softened(refusal: Finding, requirement: Requirement) -> Finding:
    # The unread store could hold the CA certificate that is missing: below the given CA, or linking its keys.
    strangers = ("issuance.other_issuer", "issuance.sibling_ca", "issuance.chains_to_ca")
    could_help = requirement.match == "chain" or (requirement.rules.renewals and refusal.code not in strangers)
    return undecided(refusal) if could_help else refusal


def _ends_first(certificate: Certificate, path: tuple[Certificate, ...], given: Authority) -> Iterator[Finding]:
    for issuer in path[:1]:
        # Of a CA that renewed its certificate with the same key, the chain is valid as long as one of them is.
        renewals = [each for each in given.certificates if each.structure.public_key == issuer.structure.public_key]
        ends = max(each.not_after for each in (issuer, *renewals) if each.subject == issuer.subject)
        if ends < certificate.not_after:
            yield finding("time.ca_expires_first", W, issuer=named(issuer), ca_not_after=ends, not_after=certificate.not_after)
