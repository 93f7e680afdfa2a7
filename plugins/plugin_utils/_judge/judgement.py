# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The verdict on one host: pure, without a clock; the same snapshot, CA, requirement and instants give the same verdict."""
from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from .._snapshot.snapshot import Snapshot, StoredCertificate
from .._verdict.form import instant as written
from .._verdict.instants import Instants
from .._verdict.verdict import CertificateVerdict, Finding, NearestMiss, Outcome, Severity, Verdict
from . import names
from .authority import Authority
from .catalogue import CATALOGUE
from .certificate import Certificate
from .entry import Case, Judged, case_of, judge_entry
from .findings import clean, finding
from .host_rules import host_findings, not_read, pending_requests
from .nearest_miss import nearest_miss
from .remedies import RemedyContext, remedy, several
from .requirement import Requirement
from .understanding import NotUnderstood

_RANK = {Outcome.SATISFIED: 0, Outcome.UNDETERMINED: 1, Outcome.NOT_SATISFIED: 2}


def judge(snapshot: Snapshot, authority: Authority, requirement: Requirement, instants: Instants, *, run_id: str,
          about: Sequence[Finding] = ()) -> Verdict:
    """What is true of the host. Never raises for what the host's stores hold; the order of stores and certificates does not matter.

    ``about`` is what is to be said of the reference CA itself; what is open there is open for the host.
    """
    case = case_of(snapshot, authority, requirement, instants)
    judged = _distinct(case)
    host = [*about, *host_findings(snapshot, requirement, instants, authority, case.stores.pool)]
    outcome, disagree = _outcome(judged, host, case)
    if disagree and instants.host is not None:
        host.append(finding("time.clocks_disagree", Severity.OPEN, host_clock=instants.host, controller_clock=instants.controller))
    deciding = _deciding(judged) if outcome is Outcome.SATISFIED else None
    if deciding is None:
        host += pending_requests(snapshot)
    context = _context(snapshot, authority, requirement)
    findings = _mended(tuple(dict.fromkeys(host)), context)
    certificates = tuple(_certificate(item, context, item is deciding) for item in judged)
    chosen = certificates[judged.index(deciding)] if deciding is not None else None
    my = snapshot.store("My")
    miss = None
    if chosen is None:
        held = None if not_read(my) else len(judged)
        miss = nearest_miss(certificates, held=held, authority=authority.subject, host_findings=findings, context=context)
    message = _message(outcome, certificates, chosen, miss, findings, context, authority.subject)
    return Verdict(
        host=snapshot.name, outcome=outcome, message=message, instants=instants, run_id=run_id, fqdn=clean(snapshot.host.fqdn),
        findings=findings, certificates=certificates, certificate=chosen, nearest_miss=miss,
        authority=authority.describe(), profile=requirement.profile, match=requirement.match)


def unread(host: str, code: str, message: str, help_text: str | None, *, authority: Authority | None, requirement: Requirement,
           instants: Instants, run_id: str) -> Verdict:
    """The verdict on a host that was not read: undetermined, for the reason ``code`` (host.*), which ``message`` tells in a sentence."""
    found = replace(finding(code, Severity.OPEN, detail=message), message=clean(message, 1000), remedy=help_text)
    return Verdict(
        host=host, outcome=Outcome.UNDETERMINED, message=f"Undetermined: {found.message}", instants=instants, run_id=run_id,
        findings=(found,), authority=authority.describe() if authority is not None else (), profile=requirement.profile,
        match=requirement.match)


def _distinct(case: Case) -> list[Judged]:
    """Each certificate once; of entries with the same bytes the one that is worth most, since one sound entry is enough."""
    store = case.snapshot.store("My")
    same: dict[bytes, list[StoredCertificate]] = {}
    for entry in store.certificates if store else ():
        same.setdefault(entry.content, []).append(entry)
    return sorted((_best(entries, case) for entries in same.values()), key=lambda item: (item.thumbprint, item.entry.content))


def _best(entries: list[StoredCertificate], case: Case) -> Judged:
    if len(entries) == 1:
        return judge_entry(entries[0], case)
    return min((judge_entry(entry, case) for entry in dict.fromkeys(entries)), key=_worth)


def _worth(item: Judged) -> tuple[int, int, str]:
    return _RANK[item.outcome], len(item.findings), repr(item.entry)


def _outcome(judged: list[Judged], host: Sequence[Finding], case: Case) -> tuple[Outcome, bool]:
    """The host's outcome, and whether the two clocks would have told different ones."""
    together = _of_host([item.outcome for item in judged])
    single = [_of_host([item.outcomes[which] for item in judged]) for which in range(len(case.moments))]
    disagree = any(outcome is not together for outcome in single)
    if not_read(case.snapshot.store("My")) or any(item.severity is Severity.OPEN for item in host) or disagree:
        return Outcome.UNDETERMINED, disagree
    if not case.authority.given:
        return Outcome.UNDETERMINED, disagree
    return together, disagree


def _of_host(outcomes: list[Outcome]) -> Outcome:
    return min(outcomes, key=_RANK.__getitem__, default=Outcome.NOT_SATISFIED)


def _deciding(judged: list[Judged]) -> Judged | None:
    satisfying = [item for item in judged if item.outcome is Outcome.SATISFIED and item.certificate is not None]
    return max(satisfying, key=lambda item: (_end(item.certificate) or "", item.thumbprint), default=None)


def _context(snapshot: Snapshot, authority: Authority, requirement: Requirement) -> RemedyContext:
    common = sorted({name for item in authority.certificates for name in names.common_names(item.subject)})
    return RemedyContext(
        fqdn=requirement.fqdn or (snapshot.host.fqdn if snapshot.host.domain else None), pool=requirement.pool,
        names=requirement.names or (), lync_version=snapshot.host.lync_version,
        ca_name=common[0] if len(common) == 1 and requirement.match == "issuing_ca" else None,
        use=requirement.use)


def _mended(findings: Sequence[Finding], context: RemedyContext) -> tuple[Finding, ...]:
    return tuple(item if item.severity is Severity.NOTE else replace(item, remedy=remedy(item.code, context)) for item in findings)


def _certificate(item: Judged, context: RemedyContext, deciding: bool) -> CertificateVerdict:
    certificate, findings = item.certificate, item.findings
    serial = None if certificate is None else certificate.serial
    # What is somebody else's needs no cure.
    if len(findings) != 1 or findings[0].code != "issuance.other_issuer":
        findings = _mended(findings, replace(context, thumbprint=item.thumbprint, serial_number=serial))
    return CertificateVerdict(
        thumbprint=item.thumbprint, outcome=item.outcome, findings=findings,
        subject=None if certificate is None else _shown(certificate.subject),
        issuer=None if certificate is None else _shown(certificate.issuer),
        serial_number=serial, not_before=_begin(certificate), not_after=_end(certificate),
        friendly_name=clean(item.entry.friendly_name) if item.entry.friendly_name else None,
        content=base64.b64encode(item.entry.content).decode("ascii") if deciding else None)


@lru_cache(maxsize=4096)
def _shown(name: bytes) -> str | None:
    text = names.text(name)
    return None if text is None else clean(text)


def _begin(certificate: Certificate | None) -> str | None:
    try:
        return None if certificate is None else written(certificate.not_before)
    except NotUnderstood:
        return None


def _end(certificate: Certificate | None) -> str | None:
    try:
        return None if certificate is None else written(certificate.not_after)
    except NotUnderstood:
        return None


def _message(outcome: Outcome, certificates: Sequence[CertificateVerdict], chosen: CertificateVerdict | None, miss: NearestMiss | None,
             findings: Sequence[Finding], context: RemedyContext, authority: str) -> str:
    if chosen is not None:
        count = sum(item.outcome is Outcome.SATISFIED for item in certificates)
        text = (f"Satisfied by {chosen.thumbprint} ({chosen.subject or 'no subject'}), issued by {chosen.issuer}, valid until "
                f"{chosen.not_after}. Revocation was not checked.")
        return f"{text} {several(count, replace(context, thumbprint=chosen.thumbprint))}" if count > 1 else text
    doubts = [item.message for item in findings if item.severity is Severity.OPEN]
    if outcome is Outcome.UNDETERMINED:
        return "Undetermined: " + (" ".join(doubts) or "no certificate satisfies, and not all could be judged.")
    text = "Not satisfied: no certificate in the store My of the local computer meets the requirement"
    if context.use:
        text = f"Not satisfied: the certificate assigned to {context.use} does not meet the requirement"
    nearest = next((item for item in certificates if miss is not None and item.thumbprint == miss.thumbprint), None)
    if nearest is None or miss is None:
        if context.use and not certificates:
            return f"{text}; it is not there any more."
        return f"{text}; {'it was not' if context.use else 'none was'} issued by {clean(authority)}."
    titles = "; ".join(CATALOGUE[code].title for code in miss.codes)
    return f"{text}. Nearest is {nearest.thumbprint} ({nearest.subject or 'no readable subject'}): {titles}."
