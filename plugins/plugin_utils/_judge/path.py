# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Paths from a certificate up to a CA of the reference, every step proved."""
from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from .._verdict.verdict import Finding, Severity
from . import algorithms, name_constraints, names
from .authority import Authority
from .certificate import Certificate, parse
from .findings import finding
from .host_names import common_names_used
from .requirement import Rules
from .step import BudgetExceeded, Step, named, refusals
from .understanding import NotUnderstood

DEEPEST = 8
"""Most intermediates between a certificate and the given CA."""
B, O = Severity.BLOCKING, Severity.OPEN  # noqa: E741


class Pool:
    """CA certificates that a host offers: a help to find paths, never trusted by themselves."""

    __slots__ = ("_by_subject", "certificates")

    def __init__(self, contents: Iterable[bytes]) -> None:
        found = {}
        for content in contents:
            try:
                found[content] = parse(content)
            except NotUnderstood:
                continue
        self.certificates = tuple(found[content] for content in sorted(found))
        self._by_subject: dict[bytes, list[Certificate]] = {}
        for certificate in self.certificates:
            self._by_subject.setdefault(certificate.subject, []).append(certificate)

    def named(self, name: bytes, loosely: bool = False) -> tuple[Certificate, ...]:
        """Those of that subject: the same bytes, or ``loosely`` as RFC 5280 7.1 compares."""
        if not loosely:
            return tuple(self._by_subject.get(name, ()))
        return tuple(certificate for certificate in self.certificates if names.same(certificate.subject, name))


@dataclass(frozen=True, slots=True)
class Proof:
    """``path`` from the issuer up to the given CA, None if there is none; ``findings``: warnings of the path, or why there is none."""

    path: tuple[Certificate, ...] | None
    findings: tuple[Finding, ...] = ()


class Search:
    """All paths from one certificate to the authority, by ``match``; ``refused`` collects why steps failed, ``foreign`` the steps to CAs of
    the right name whose key it was not."""

    def __init__(self, leaf: Certificate, authority: Authority, pool: Pool, step: Step, match: str) -> None:
        self.leaf, self.authority, self.pool, self.step, self.match = leaf, authority, pool, step, match
        self.loosely = step.rules.issuer_name == "rfc5280"
        self.refused: list[Finding] = []
        self.foreign: list[Finding] = []

    def paths(self) -> Iterator[tuple[tuple[Certificate, ...], tuple[Finding, ...]]]:
        """Each path with its warnings, the shortest beginnings first. Raises BudgetExceeded."""
        yield from self._from(self.leaf, (), (), frozenset())

    def _from(self, child: Certificate, chain: tuple[Certificate, ...], warned: tuple[Finding, ...],
              seen: frozenset[tuple[bytes, bytes]]) -> Iterator[tuple[tuple[Certificate, ...], tuple[Finding, ...]]]:
        if child.issuer == names.EMPTY:
            self.refused.append(finding("issuance.issuer_name_empty", B))
            return
        for candidate in self.authority.named(child.issuer, self.loosely):
            warnings = self._proved(child, candidate)
            if warnings is not None:
                path = (*chain, candidate)
                broken = path_refusals(self.leaf, path, self.step)
                if broken:
                    self.refused += broken
                else:
                    yield path, (*warned, *warnings)
        if len(chain) >= DEEPEST:
            return
        for candidate in self._between(child):
            identity = (candidate.structure.public_key, candidate.subject)
            if identity in seen:
                continue
            warnings = self._proved(child, candidate)
            if warnings is not None:
                yield from self._from(candidate, (*chain, candidate), (*warned, *warnings), seen | {identity})

    def _between(self, child: Certificate) -> Iterator[Certificate]:
        if self.match == "issuing_ca" and not self.step.rules.renewals:
            return
        for candidate in self.pool.named(child.issuer, self.loosely):
            if candidate.content in self.authority.contents:
                continue
            # The CA's own link between two of its keys bears the CA's name on both sides.
            if self.match == "chain" or candidate.self_issued:
                yield candidate

    def _proved(self, child: Certificate, candidate: Certificate) -> tuple[Finding, ...] | None:
        self.step.budget.step()
        found = refusals(child, candidate, self.step)
        blocking = [item for item in found if item.severity in (B, O)]
        # A CA of the right name but another key is worth telling only where nothing nearer failed, and of the certificate itself first.
        keyed = [item for item in blocking if item.code == "issuance.signature_invalid"]
        self.refused += [item for item in blocking if item not in keyed]
        if child is self.leaf:
            self.foreign[:0] = keyed
        else:
            self.foreign += keyed
        return None if blocking else found


def path_refusals(leaf: Certificate, path: tuple[Certificate, ...], step: Step) -> list[Finding]:
    """What of the whole path forbids it: path lengths and name constraints of each CA over everything below it."""
    found: list[Finding] = []
    for position, authority in enumerate(path):
        below = path[:position]
        constraints = authority.basic_constraints
        limit = None if constraints is None else constraints.path_length
        if limit is not None and sum(not item.self_issued for item in below) > limit:
            found.append(finding("issuance.path_length", B, issuer=named(authority)))
        try:
            found += _constrained(authority, leaf, below, step)
        except NotUnderstood as error:
            found.append(finding("issuance.not_understood", O, what=f"names under name constraints: {error}"))
    return found


def _constrained(authority: Certificate, leaf: Certificate, below: tuple[Certificate, ...], step: Step) -> Iterator[Finding]:
    constraints = authority.name_constraints
    if constraints is None:
        return
    for bound in (leaf, *(item for item in below if not item.self_issued)):
        used = common_names_used(leaf, step.rules.allow_cn) if bound is leaf else ()
        for breach in name_constraints.breaches(constraints, name_constraints.names_of(bound, used), step.budget):
            if breach.open:
                yield finding("issuance.name_constraint_unsupported", O, issuer=named(authority), kind=breach.reason)
            else:
                yield finding("issuance.name_constraint", B, issuer=named(authority), name=breach.name, why=breach.reason)


def prove(leaf: Certificate, authority: Authority, pool: Pool, step: Step, match: str) -> Proof:
    """The first path by ``match`` whose algorithms and keys are strong enough, else the first; or the reasons of all steps tried.

    The reasons are open if one of them is.
    """
    search = Search(leaf, authority, pool, step, match)
    weak: Proof | None = None
    try:
        for path, warnings in search.paths():
            flaws = tuple(_weaknesses(path, step.rules))
            proof = Proof(path, tuple(dict.fromkeys((*warnings, *flaws))))
            if not flaws:
                return proof
            weak = weak or proof
    except BudgetExceeded:
        return Proof(None, (finding("issuance.budget_exceeded", O),))
    return weak or Proof(None, _summary(search.refused or search.foreign[:1], leaf, authority))


def _weaknesses(path: tuple[Certificate, ...], rules: Rules) -> Iterator[Finding]:
    """What of the CAs' keys and of the signatures between them is below what the requirement accepts; the top's own doesn't count.

    Keys and algorithms were understood when the steps of the path were proved.
    """
    for position, authority in enumerate(path):
        key = authority.public_key
        if algorithms.strength(key, rules.min_rsa_bits) == "weak":
            yield finding("issuance.weak_key", B, key=algorithms.describe(key))
        if position < len(path) - 1:
            algorithm = algorithms.read(authority.structure.inner_algorithm)
            if not algorithms.accepted(algorithm, rules.schemes):
                yield finding("issuance.signature_scheme", B, scheme=algorithm.scheme)
            if algorithm.hash == "SHA-1" and not rules.allow_sha1:
                yield finding("issuance.weak_hash", B, hash=algorithm.hash)


def _summary(refused: list[Finding], leaf: Certificate, authority: Authority) -> tuple[Finding, ...]:
    if not refused:
        return (finding("issuance.other_issuer", B, issuer=leaf.issuer_text, wanted=authority.subject),)
    kept = dict.fromkeys(refused)
    if any(item.severity is O for item in kept):
        # One step that could not be judged may be the right one: nothing is disproved.
        kept = dict.fromkeys(replace(item, severity=O) for item in kept)
    return tuple(sorted(kept, key=lambda item: (item.code, item.message)))
