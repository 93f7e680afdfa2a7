# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Does this host itself trust the certificate: is there a path through its own CA and Root stores to a root in its Root store?"""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from .._verdict.verdict import Finding, Severity
from . import algorithms, names
from .algorithms import BROKEN, PSS
from .authority import Authority
from .certificate import Certificate
from .findings import finding, undecided
from .path import DEEPEST, Pool, path_refusals
from .requirement import Rules
from .step import SMALLEST_RSA, BudgetExceeded, Step, named, refusals
from .understanding import NotUnderstood

B, O, W = Severity.BLOCKING, Severity.OPEN, Severity.WARNING  # noqa: E741

_PASSABLE = frozenset(("issuance.weak_hash", "issuance.weak_key"))
"""Windows would build such a path; that it is weak is then said of the path (trust.chain_weak) or of the certificate."""


@dataclass(frozen=True, slots=True)
class Disallowed:
    """What lies in the store Disallowed: whole certificates, and their keys."""

    contents: frozenset[bytes] = frozenset()
    keys: frozenset[bytes] = frozenset()

    def finding(self, certificate: Certificate) -> Finding | None:
        """The finding that this certificate is disallowed, or None."""
        by = "bytes" if certificate.content in self.contents else "key" if certificate.structure.public_key in self.keys else None
        if by is None:
            return None
        return finding("trust.disallowed", B, by=by, subject=certificate.subject_text, thumbprint=certificate.thumbprint)


@dataclass(frozen=True, slots=True)
class Stores:
    """The host's stores as the question of trust needs them; ``complete``: both CA and Root were read."""

    pool: Pool
    roots: frozenset[bytes]
    disallowed: Disallowed = Disallowed()
    complete: bool = True


def disallowed(contents: frozenset[bytes]) -> Disallowed:
    """Of the bytes in the store Disallowed; what can't be read counts by its bytes."""
    return Disallowed(contents, frozenset(item.structure.public_key for item in Pool(contents).certificates))


def trust_findings(certificate: Certificate, stores: Stores, authority: Authority, rules: Rules, instant: datetime) -> list[Finding]:
    """What is wrong with the best path that the host can build; nothing if it is sound."""
    # Times and strength are judged per path below: a path with an expired CA is a better explanation than none.
    step = Step(rules, None)
    own = stores.disallowed.finding(certificate)
    best: tuple[Finding, ...] | None = None
    climb = Climb(stores, step)
    try:
        for path in climb.paths(certificate, (), frozenset()):
            flaws = tuple(_flaws(certificate, path, stores, instant))
            if best is None or len(flaws) < len(best):
                best = flaws
            if not flaws:
                break
    except BudgetExceeded:
        best = (finding("issuance.budget_exceeded", O),)
    why = best if best is not None else tuple(dict.fromkeys(climb.refused)) or (_missing(certificate, climb.dead_ends, authority),)
    found = why if stores.complete else tuple(undecided(item) for item in why)
    return [item for item in (own, *found) if item is not None]


class Climb:
    """All paths to the host's roots; where there is none, ``refused`` says why steps failed and ``dead_ends`` where it went no further."""

    def __init__(self, stores: Stores, step: Step) -> None:
        self.stores, self.step = stores, step
        self.dead_ends: list[Certificate] = []
        self.refused: list[Finding] = []

    def paths(self, child: Certificate, chain: tuple[Certificate, ...],
              seen: frozenset[tuple[bytes, bytes]]) -> Iterator[tuple[Certificate, ...]]:
        """Each path, from the issuer to a root of the host; ``chain`` is the way so far, the leaf first. Raises BudgetExceeded."""
        if chain and child.self_issued and child.content in self.stores.roots:
            if _self_signed(child, self.step):
                broken = path_refusals(chain[0], chain[1:], self.step)
                self.refused += broken
                if not broken:
                    yield chain[1:]
            else:
                self.dead_ends.append(child)
            return
        grown = chain or (child,)
        climbed = False
        for candidate in self.stores.pool.named(child.issuer) if len(grown) <= DEEPEST + 1 and child.issuer != names.EMPTY else ():
            identity = (candidate.structure.public_key, candidate.subject)
            self.step.budget.step()
            if identity in seen or not self._proved(child, candidate):
                continue
            climbed = True
            yield from self.paths(candidate, (*grown, candidate), seen | {identity})
        if not climbed:
            self.dead_ends.append(child)

    def _proved(self, child: Certificate, candidate: Certificate) -> bool:
        found = [item for item in refusals(child, candidate, self.step) if item.severity in (B, O) and item.code not in _PASSABLE]
        # Another key under the same name is simply not the issuer, and then the issuer is what is missing.
        self.refused += [item for item in found if item.code not in ("issuance.signature_invalid", "issuance.key_type_mismatch")]
        return not found


def _self_signed(certificate: Certificate, step: Step) -> bool:
    # A root is trusted because it lies in Root; its signature over itself counts only where it is plainly another's.
    return not any(item.code == "issuance.signature_invalid" for item in refusals(certificate, certificate, step))


def _flaws(leaf: Certificate, path: tuple[Certificate, ...], stores: Stores, instant: datetime) -> Iterator[Finding]:
    for position, authority in enumerate(path):
        found = stores.disallowed.finding(authority)
        if found is not None:
            yield found
        try:
            if not authority.not_before <= instant <= authority.not_after:
                yield finding("trust.chain_expired", B, subject=named(authority), ca_thumbprint=authority.thumbprint,
                              not_before=authority.not_before, not_after=authority.not_after, instant=instant)
            reason = _weakness(authority, position == len(path) - 1)
        except NotUnderstood as error:
            yield finding("certificate.not_understood", O, what="a CA of the host's chain", reason=str(error))
            continue
        if reason:
            yield finding("trust.chain_weak", B, subject=named(authority), ca_thumbprint=authority.thumbprint, reason=reason)
        if authority.content in stores.roots and not authority.self_issued:
            yield finding("store.root_not_self_signed", B, subject=named(authority), thumbprint=authority.thumbprint)


def _weakness(authority: Certificate, is_root: bool) -> str | None:
    key = authority.public_key
    if algorithms.strength(key, SMALLEST_RSA) != "good":
        return f"its key is {algorithms.describe(key)}"
    if is_root:
        return None
    algorithm = algorithms.read(authority.structure.inner_algorithm)
    if algorithm.hash in BROKEN or algorithm.scheme == PSS:
        return f"it is signed with {algorithm.label}"
    return None


def _missing(leaf: Certificate, dead_ends: list[Certificate], authority: Authority) -> Finding:
    highest = dead_ends[-1] if dead_ends else leaf
    for item in dead_ends:
        if item.self_issued:
            return finding("trust.root_missing", B, root=named(item))
    known = authority.named(highest.issuer, False)
    if any(item.self_issued for item in known) or (highest.content != leaf.content and not known):
        return finding("trust.root_missing", B, root=highest.issuer_text)
    return finding("trust.intermediate_missing", B, issuer=highest.issuer_text, subject=highest.subject_text)
