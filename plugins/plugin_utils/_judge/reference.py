# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The reference CA of a deployment, out of what its internal servers use: one CA and its renewals, or several under one proved root.

A CA is a name and a key. Another key of that name is the same CA only if one of its keys signed it (the cross certificates that a root CA
makes at a renewal with a new key): names alone, and a key that vouches for itself, prove nothing.
"""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from .._verdict.form import instant as written
from .._verdict.verdict import Finding, InternalServer, Severity
from . import names
from . import reference_sentences as sentences
from .authority import Authority, authority_of, key_identifier
from .certificate import Certificate
from .evidence import Evidence
from .findings import clean
from .in_use import Identity, InUse, common_roots, identity
from .path import DEEPEST, Pool
from .requirement import Rules
from .step import Budget, BudgetExceeded, Step, refusals
from .understanding import NotUnderstood

SIGNATURES = 2000
"""Signatures that are checked for all servers together; a store of a hundred roots and a few renewals needs some dozens."""
NOTHING = Authority()


@dataclass(frozen=True, slots=True)
class Reference:
    """``certain``: the CA can be told, and ``authority`` is it (under ``match`` chain: its root). ``roots``: the proved root or roots.

    ``message`` says which CA, or why it can't be told and what to do; ``rows`` show each server; ``findings`` are warnings.
    """

    certain: bool
    message: str
    authority: Authority = NOTHING
    roots: Authority = NOTHING
    rows: tuple[InternalServer, ...] = ()
    findings: tuple[Finding, ...] = ()


def reference(
    evidences: Sequence[Evidence], *, now: datetime, match: str = "issuing_ca", named_by_user: Authority | None = None,
    silent: Sequence[str] = (), demand_all: bool = False,
) -> Reference:
    """The CA that the servers of ``evidences`` use.

    ``named_by_user`` is held against it: then it counts, with the renewals that the servers prove; a CA in only one of both is said, and
    nothing in common makes the answer uncertain. ``silent`` are sentences about servers that told nothing: they are said, and with
    ``demand_all`` they make it uncertain. ``match`` is ``issuing_ca`` or ``chain``. ``now`` (UTC) is for warnings only: an expired CA
    is still the CA.
    """
    silent = (*silent, *sentences.twins(evidences))
    said = (*sentences.silent(silent), *(item for each in evidences for item in each.findings))
    try:
        found = _Search(evidences, match, named_by_user or NOTHING).result(now, said) if evidences else Reference(False, "", findings=said)
    except BudgetExceeded:
        return Reference(False, sentences.TOO_MANY, findings=said)
    if not evidences or (silent and demand_all):
        message = sentences.incomplete(silent, found.message, none=not evidences)
        return replace(found, certain=False, message=message, authority=NOTHING, roots=NOTHING)
    return found


class _Search:
    """Over the CA certificates of all servers together: an intermediate may lie on one of them only."""

    def __init__(self, evidences: Sequence[Evidence], match: str, given: Authority) -> None:
        self.evidences, self.match, self.given = evidences, match, given
        self.pool = Pool((*given.contents, *(content for each in evidences for content in each.offered)))
        self.root_contents = frozenset(content for each in evidences for content in each.roots)
        # What a key signed once stays signed: neither dates nor purposes matter here, and a misleading identifier is no disproof.
        self.step = Step(Rules(aki="ignore", allow_sha1=True), None, purposes=False, budget=Budget(signatures=SIGNATURES))

    def result(self, now: datetime, said: tuple[Finding, ...]) -> Reference:
        found: list[InUse] = []
        rows: list[InternalServer] = []
        problems: list[str] = []
        for each in self.evidences:
            issuers, open_questions = self._issuers(each.leaf)
            rows.append(_row(each, issuers))
            if issuers:
                self._add(found, each, issuers)
            else:
                problems.append(sentences.unproved(each, open_questions, namesakes=bool(self._named(each.leaf))))
        common = [each for each in found if self._known(each)] if self.given.given else found
        if not self.given.given:
            problem = " ".join(problems) or self._disagreement(found)
        elif common:
            others = [each for each in found if each not in common]
            problem, said = "", (*said, *sentences.only_on_servers(others, problems), *self._only_in_files(found))
        else:
            problem = sentences.nothing_common(self.given, found, problems, self.match)
        if problem:
            return Reference(False, problem, rows=tuple(rows), findings=said)
        told = self._certain(common, now)
        return replace(told, rows=tuple(rows), findings=(*said, *told.findings, *self._namesakes(found, told.authority)))

    def _certain(self, found: list[InUse], now: datetime) -> Reference:
        shared = common_roots(found)
        roots = self._labelled((root, each) for each in found for root in each.roots.values() if identity(root) in shared)
        if self.match == "chain":
            authority = self.given if self.given.given else roots
        else:
            authority = self._labelled(((ca, each) for each in found for ca in each.certificates), self.given)
        findings = (*sentences.several(found), *sentences.rootless(found), *sentences.expired(authority, now))
        return Reference(True, sentences.told(found, authority, self.match), authority, roots, findings=findings)

    def _disagreement(self, found: list[InUse]) -> str:
        if common_roots(found):
            return ""
        if len(found) > 1:
            return sentences.unrelated(found)
        return sentences.no_chain(found[0]) if self.match == "chain" else ""

    def _known(self, found: InUse) -> bool:
        """Whether the user named this CA; under ``match`` chain, this CA or one above it."""
        given = {identity(each) for each in self.given.certificates}
        return bool(given & (found.keys | found.above if self.match == "chain" else found.keys))

    def _only_in_files(self, found: list[InUse]) -> list[Finding]:
        used = {key for each in found for key in (each.keys | each.above if self.match == "chain" else each.keys)}
        unused = [each for each in self.given.certificates if identity(each) not in used]
        return sentences.only_in_files(unused)

    def _issuers(self, leaf: Certificate) -> tuple[list[Certificate], list[str]]:
        found, open_questions = [], []
        for candidate in self._named(leaf):
            refused = [item for item in refusals(leaf, candidate, self.step) if item.severity in (Severity.BLOCKING, Severity.OPEN)]
            if not refused:
                found.append(candidate)
            open_questions += [item.message for item in refused if item.severity is Severity.OPEN]
        return found, open_questions

    def _named(self, child: Certificate) -> tuple[Certificate, ...]:
        if child.issuer == names.EMPTY:
            return ()
        candidates = tuple(each for each in self.pool.named(child.issuer) if each.content != child.content)
        for _candidate in candidates:
            self.step.budget.step()
        return candidates

    def _proved(self, child: Certificate, issuer: Certificate) -> bool:
        self.step.budget.step()
        return not any(item.severity in (Severity.BLOCKING, Severity.OPEN) for item in refusals(child, issuer, self.step))

    def _add(self, found: list[InUse], each: Evidence, issuers: list[Certificate]) -> None:
        keys = {identity(issuer) for issuer in issuers}
        for known in found:
            if known.keys & keys:
                known.evidences.append(each)
                return
        generations = self._generations(issuers)
        above, roots = self._above(generations)
        new = InUse({identity(ca) for ca in generations}, generations, above, roots, [each])
        # A renewal may be proved from the new key to the old one only; then the earlier entry is a part of this.
        for known in [known for known in found if known.keys & new.keys]:
            found.remove(known)
            new = InUse(known.keys | new.keys, _once(known.certificates + new.certificates), known.above | new.above,
                        {**known.roots, **new.roots}, known.evidences + new.evidences)
        found.append(new)

    def _generations(self, issuers: list[Certificate]) -> list[Certificate]:
        """All certificates of the CA: those with its keys, and those of its name that one of its keys signed."""
        generations = list(issuers)
        grown = True
        while grown:
            grown = False
            for candidate in self.pool.named(issuers[0].subject):
                if candidate in generations or not _is_authority(candidate):
                    continue
                same_key = any(candidate.structure.public_key == known.structure.public_key for known in generations)
                if same_key or (candidate.self_issued and any(self._proved(candidate, known) for known in generations)):
                    generations.append(candidate)
                    grown = True
        return generations

    def _above(self, below: list[Certificate]) -> tuple[set[Identity], dict[bytes, Certificate]]:
        """The CAs that the CA's certificates chain to, every step by signature, and those of them that are self-signed and in Root."""
        keys: set[Identity] = set()
        roots: dict[bytes, Certificate] = {}
        seen = {each.content for each in below}
        level = below
        for _depth in range(DEEPEST + 1):
            above: list[Certificate] = []
            for each in level:
                if each.self_issued and each.content in self.root_contents and self._proved(each, each):
                    roots[each.content] = each
                for parent in self._named(each):
                    if parent.content not in seen and self._proved(each, parent):
                        seen.add(parent.content)
                        keys.add(identity(parent))
                        above.append(parent)
            level = above
        return keys, roots

    def _labelled(self, pairs: Iterable[tuple[Certificate, InUse]], given: Authority = NOTHING) -> Authority:
        labelled = {each.certificate.content: (each.source, each.certificate.content) for each in given.given}
        for certificate, found in pairs:
            holders = (each for each in found.evidences if certificate.content in each.offered)
            labelled.setdefault(certificate.content, (next(holders, found.evidences[0]).source, certificate.content))
        return authority_of(labelled.values())

    def _namesakes(self, found: list[InUse], authority: Authority) -> list[Finding]:
        """CA certificates of a name in use that are not proved to be a CA in use: a CA that was rebuilt, or a renewal without proof."""
        counted = {key for each in found for key in each.keys} | {identity(each) for each in authority.certificates}
        told = []
        for subject in sorted({each.certificates[0].subject for each in found}):
            for other in self.pool.named(subject):
                if identity(other) not in counted and _is_authority(other):
                    told.append(sentences.namesake(other, self.evidences))
        return told


def _once(certificates: list[Certificate]) -> list[Certificate]:
    return list({each.content: each for each in certificates}.values())


def _is_authority(certificate: Certificate) -> bool:
    try:
        constraints = certificate.basic_constraints
    except NotUnderstood:
        return False
    return constraints is not None and constraints.ca


def _row(each: Evidence, issuers: list[Certificate]) -> InternalServer:
    leaf = each.leaf
    return InternalServer(clean(each.host), each.use, leaf.thumbprint, clean(leaf.issuer_text or "(not readable)", 300),
                          key_identifier(issuers[0]) if issuers else None, written(leaf.not_after))
