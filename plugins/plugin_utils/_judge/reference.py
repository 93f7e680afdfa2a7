# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The reference CA of a deployment, out of what its internal servers use: one CA and its renewals, or several under one proved root.

A CA is a name and a key. Another key of that name is the same CA only if one of its keys signed it (the cross certificates that a root CA
makes at a renewal with a new key): names alone, and a key that vouches for itself, prove nothing.
"""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from .._verdict.form import instant as written
from .._verdict.verdict import InternalServer, Severity
from . import names
from .authority import Authority, authority_of, key_identifier
from .certificate import Certificate, NotUnderstood
from .evidence import Evidence
from .findings import clean
from .path import DEEPEST, Pool
from .requirement import Rules
from .step import Budget, BudgetExceeded, Step, named, refusals

SIGNATURES = 2000
"""Signatures that are checked for all servers together; a store of a hundred roots and a few renewals needs some dozens."""
_Key = tuple[bytes, bytes]
NOTHING = Authority()


@dataclass(frozen=True, slots=True)
class Reference:
    """``certain``: the CA can be told, and ``authority`` is it (under ``match`` chain: its root). ``roots``: the proved root or roots.

    ``message`` says which CA, or why it can't be told and what to do; ``rows`` show each server; ``warnings`` are sentences.
    """

    certain: bool
    message: str
    authority: Authority = NOTHING
    roots: Authority = NOTHING
    rows: tuple[InternalServer, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(slots=True)
class _Found:
    """A CA in use: the keys that it is, its certificates, the roots above it, the servers that use it."""

    keys: set[_Key]
    certificates: list[Certificate]
    roots: dict[bytes, Certificate]
    evidences: list[Evidence]


def reference(
    evidences: Sequence[Evidence], *, now: datetime, match: str = "issuing_ca", silent: Sequence[str] = (), demand_all: bool = False,
) -> Reference:
    """The CA that the servers of ``evidences`` use.

    ``silent`` are sentences about servers that told nothing: they are said, and with ``demand_all`` they make the answer uncertain.
    ``match`` is ``issuing_ca`` or ``chain``. ``now`` (UTC) is for warnings only: an expired CA is still the CA.
    """
    said = (*silent, *(warning for each in evidences for warning in each.warnings))
    if not evidences or (silent and demand_all):
        why = "None of the internal servers tells its CA." if not evidences else "Not all of the internal servers tell their CA."
        return Reference(False, " ".join((why, *silent)), warnings=said)
    try:
        return _Search(evidences, match).result(now, said)
    except BudgetExceeded:
        too_many = "The stores of the internal servers offer more CA certificates of one name than could be tried. Name the CA's file."
        return Reference(False, too_many, warnings=said)


class _Search:
    """Over the CA certificates of all servers together: an intermediate may lie on one of them only."""

    def __init__(self, evidences: Sequence[Evidence], match: str) -> None:
        self.evidences, self.match = evidences, match
        self.pool = Pool(content for each in evidences for content in each.offered)
        self.root_contents = frozenset(content for each in evidences for content in each.roots)
        # What a key signed once stays signed: neither dates nor purposes matter here, and a misleading identifier is no disproof.
        self.step = Step(Rules(aki="ignore", allow_sha1=True), None, purposes=False, budget=Budget(signatures=SIGNATURES))

    def result(self, now: datetime, said: tuple[str, ...]) -> Reference:
        found: list[_Found] = []
        rows: list[InternalServer] = []
        problems: list[str] = []
        for each in self.evidences:
            issuers, open_questions = self._issuers(each.leaf)
            rows.append(_row(each, issuers))
            if issuers:
                self._add(found, each, issuers)
            else:
                problems.append(_unproved(each, open_questions))
        if problems:
            return Reference(False, _table(" ".join(problems), rows), rows=tuple(rows), warnings=said)
        common = set.intersection(*({_identity(root) for root in each.roots.values()} for each in found))
        roots = self._labelled((root, each) for each in found for root in each.roots.values() if _identity(root) in common)
        if len(found) > 1 and not common:
            return Reference(False, _table(_unrelated(found), rows), rows=tuple(rows), warnings=said)
        if self.match == "chain" and not common:
            return Reference(False, _table(_no_chain(found[0]), rows), rows=tuple(rows), warnings=said)
        authority = roots if self.match == "chain" else self._labelled((ca, each) for each in found for ca in each.certificates)
        warnings = (*said, *_several(found), *_rootless(found), *self._namesakes(found), *_expired(authority, now))
        return Reference(True, _message(found, authority, self.match), authority, roots, tuple(rows), warnings)

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

    def _add(self, found: list[_Found], each: Evidence, issuers: list[Certificate]) -> None:
        keys = {_identity(issuer) for issuer in issuers}
        for known in found:
            if known.keys & keys:
                known.evidences.append(each)
                return
        generations = self._generations(issuers)
        new = _Found({_identity(ca) for ca in generations}, generations, self._roots(generations), [each])
        # A renewal may be proved from the new key to the old one only; then the earlier entry is a part of this.
        for known in [known for known in found if known.keys & new.keys]:
            found.remove(known)
            new = _Found(known.keys | new.keys, _once(known.certificates + new.certificates), {**known.roots, **new.roots},
                         known.evidences + new.evidences)
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

    def _roots(self, below: list[Certificate]) -> dict[bytes, Certificate]:
        """The self-signed certificates in Root that the CA's certificates chain to, every step by signature."""
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
                        above.append(parent)
            level = above
        return roots

    def _labelled(self, pairs: Iterable[tuple[Certificate, _Found]]) -> Authority:
        labelled: dict[bytes, tuple[str, bytes]] = {}
        for certificate, found in pairs:
            labelled.setdefault(certificate.content, (found.evidences[0].source, certificate.content))
        return authority_of(labelled.values())

    def _namesakes(self, found: list[_Found]) -> list[str]:
        """CA certificates of the same name that are not proved to be the same CA: a CA that was rebuilt, or a renewal without proof."""
        counted = {key for each in found for key in each.keys}
        told = []
        for subject in sorted({each.certificates[0].subject for each in found}):
            for other in self.pool.named(subject):
                if _identity(other) not in counted and _is_authority(other):
                    told.append(_namesake(other))
        return told


def _namesake(other: Certificate) -> str:
    return (
        f"The CA certificate {other.thumbprint} has the name {clean(named(other), 200)} too, but another key ({_shown_key(other)}), and "
        "nothing proves that it is the same CA. It does not count. If it is the CA after a renewal, name its file as well."
    )


def _identity(certificate: Certificate) -> _Key:
    return certificate.subject, certificate.structure.public_key


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


def _unproved(each: Evidence, open_questions: list[str]) -> str:
    leaf, host = each.leaf, clean(each.host)
    issuer = clean(leaf.issuer_text or "(not readable)", 200)
    if open_questions:
        return f"{host}: whether a CA of its stores issued the certificate {leaf.thumbprint} could not be judged: {open_questions[0]}"
    if leaf.self_issued:
        return (
            f"{host}: the certificate {leaf.thumbprint} is self-signed, so it names no CA. "
            "Assign one that a CA issued (deployment wizard, step 3)."
        )
    return (
        f"{host}: the certificate {leaf.thumbprint} names the issuer {issuer}, but no CA certificate in the "
        "stores CA and Root of the internal servers is proved by its signature to be that issuer. Import the CA's certificate there "
        "(certutil -addstore CA <file>), or name the CA's file."
    )


def _no_chain(found: _Found) -> str:
    return (
        f"No chain from the CA {_ca_name(found)} to a self-signed certificate in the Root store of an internal server could be proved. "
        "Import the missing CA certificates there, or name the root's file."
    )


def _unrelated(found: list[_Found]) -> str:
    listed = "; ".join(f"{_ca_name(each)} ({_shown_key(each.certificates[0])}) on {_servers(each)}" for each in found)
    return (
        f"The internal servers use {len(found)} CAs that are not proved to have one root: {listed}. Which of them counts can't be "
        "told from the servers: "
        "name the CA's file, or give the servers certificates of one CA."
    )


def _table(message: str, rows: list[InternalServer]) -> str:
    lines = [
        f"  {row.host} | {row.use or 'named'} | {row.issuer} | key {row.key_identifier or 'unknown'} | until {row.not_after}"
        for row in rows
    ]
    return "\n".join((message, *lines))


def _several(found: list[_Found]) -> list[str]:
    if len(found) < 2:
        return []
    listed = "; ".join(f"{_ca_name(each)} ({_shown_key(each.certificates[0])}) on {_servers(each)}" for each in found)
    return [f"The internal servers use {len(found)} issuing CAs under one root, and each of them counts: {listed}."]


def _rootless(found: list[_Found]) -> list[str]:
    return [
        f"No root of the CA {_ca_name(each)} was found in the Root stores of the internal servers: its chain ends before one."
        for each in found if not each.roots
    ]


def _expired(authority: Authority, now: datetime) -> list[str]:
    problem = authority.problem_at(now)
    return [] if problem is None else [problem]


def _message(found: list[_Found], authority: Authority, match: str) -> str:
    listed = "; ".join(f"{_ca_name(each)} on {_servers(each)}" for each in found)
    above = f", whose root counts: {clean(authority.subject, 300)}" if match == "chain" else ""
    count = len(authority.certificates)
    return f"The internal servers use the CA {listed}{above} ({count} CA certificate{'s' if count != 1 else ''} proved by signature)."


def _ca_name(found: _Found) -> str:
    return clean(named(found.certificates[0]), 200)


def _servers(found: _Found) -> str:
    shown = [clean(each.host) for each in found.evidences]
    return ", ".join(shown[:8]) + (f" and {len(shown) - 8} more" if len(shown) > 8 else "")


def _shown_key(certificate: Certificate) -> str:
    return f"key {key_identifier(certificate) or 'without identifier'}"
