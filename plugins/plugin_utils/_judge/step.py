# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One step of a path: did this CA certificate issue that certificate? Cheap tests first, the signature last but one."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from .._verdict.verdict import Finding, Severity
from . import algorithms
from .algorithms import BROKEN, Algorithm
from .authority import key_identifier
from .certificate import Certificate
from .findings import finding
from .requirement import SERVER_AUTH, Rules
from .understanding import NotUnderstood

ANY_PURPOSE, ANY_APPLICATION_POLICY = "2.5.29.37.0", "1.3.6.1.4.1.311.10.12.1"
SMALLEST_RSA = 1024
"""Below this Windows refuses (KB 2661254), and nothing is proved by such a key."""
B, O, W = Severity.BLOCKING, Severity.OPEN, Severity.WARNING  # noqa: E741


class BudgetExceeded(Exception):
    """The host's stores offer more to try than any real PKI has."""


@dataclass(slots=True)
class Budget:
    """What may be spent on one certificate: a hostile store must not keep the controller busy."""

    signatures: int = 200
    comparisons: int = 250_000
    steps: int = 20_000

    def check(self) -> None:
        """One more signature. Raises BudgetExceeded."""
        self.signatures -= 1
        if self.signatures < 0:
            raise BudgetExceeded

    def compare(self) -> None:
        """One more comparison of a name with a constraint. Raises BudgetExceeded."""
        self.comparisons -= 1
        if self.comparisons < 0:
            raise BudgetExceeded

    def step(self) -> None:
        """One more candidate looked at. Raises BudgetExceeded."""
        self.steps -= 1
        if self.steps < 0:
            raise BudgetExceeded


@dataclass(slots=True)
class Step:
    """How to look at steps. ``instant`` None: whether the CA is valid then is not asked; ``purposes`` false: nor what it may certify."""

    rules: Rules
    instant: datetime | None
    purposes: bool = True
    budget: Budget = field(default_factory=Budget)


def refusals(child: Certificate, issuer: Certificate, step: Step) -> tuple[Finding, ...]:
    """Why ``issuer``, whose subject is the child's issuer, is not proved to have issued it; warnings alone mean that it is."""
    try:
        issuer.demand_sound()
        may = tuple(_may_issue(issuer, step))
        return may or _signed(child, issuer, step)
    except NotUnderstood as error:
        return (finding("issuance.not_understood", O, what=str(error)),)


def named(certificate: Certificate) -> str:
    """A CA's name for a sentence."""
    return certificate.subject_text or f"(a CA without a readable name, {certificate.thumbprint})"


def _may_issue(issuer: Certificate, step: Step) -> Iterator[Finding]:
    constraints = issuer.basic_constraints
    if constraints is None or not constraints.ca:  # extensions of any version but 3 are malformed (der)
        yield finding("issuance.issuer_not_ca", B, issuer=named(issuer))
        return
    usage = issuer.key_usage
    if usage is not None and not usage.key_cert_sign:
        yield finding("issuance.issuer_no_certsign", B, issuer=named(issuer))
    for oid in issuer.unknown_critical:
        yield finding("issuance.issuer_unknown_critical", B, issuer=named(issuer), oid=oid)
    if step.instant is not None:
        if issuer.not_after < step.instant:
            yield finding("issuance.issuer_expired", B, issuer=named(issuer), not_after=issuer.not_after)
        if issuer.not_before > step.instant:
            yield finding("issuance.issuer_not_yet_valid", B, issuer=named(issuer), not_before=issuer.not_before)
    if step.purposes and not _may_certify(issuer, step.rules.require_eku):
        yield finding("issuance.issuer_purpose", B, issuer=named(issuer))


def _may_certify(issuer: Certificate, wanted: tuple[str, ...]) -> bool:
    purposes = issuer.purposes
    if purposes is not None and ANY_PURPOSE not in purposes and not purposes.issuperset(wanted):
        return False
    policies = issuer.application_policies
    return policies is None or SERVER_AUTH not in wanted or bool(policies & {SERVER_AUTH, ANY_APPLICATION_POLICY})


def _signed(child: Certificate, issuer: Certificate, step: Step) -> tuple[Finding, ...]:
    structure = child.structure
    if structure.inner_algorithm != structure.outer_algorithm:
        return (finding("issuance.algorithm_mismatch", B),)
    try:
        algorithm = algorithms.read(structure.inner_algorithm)
    except NotUnderstood as error:
        return (finding("issuance.algorithm_unsupported", O, algorithm=str(error)),)
    refused = _unfit(algorithm, issuer)
    if refused is not None:
        return (refused,)
    step.budget.check()
    if not algorithms.verifies(issuer.structure.public_key, algorithm, structure.signature, structure.to_be_signed):
        return (finding("issuance.signature_invalid", B, subject=_called(child), issuer=named(issuer),
                        ca_key_identifier=key_identifier(issuer), leaf_key_identifier=_authority_key(child)),)
    return tuple(_hints(child, issuer, step.rules))


def _unfit(algorithm: Algorithm, issuer: Certificate) -> Finding | None:
    if algorithm.hash in BROKEN:
        return finding("issuance.weak_hash", B, hash=algorithm.hash)
    key = issuer.public_key
    strength = algorithms.strength(key, SMALLEST_RSA)
    if strength == "unknown":
        return finding("issuance.key_unsupported", O, key=algorithms.describe(key))
    if strength == "weak":
        return finding("issuance.weak_key", B, key=algorithms.describe(key))
    if not algorithms.fits(key, algorithm):
        return finding("issuance.key_type_mismatch", B)
    return None


def _hints(child: Certificate, issuer: Certificate, rules: Rules) -> Iterator[Finding]:
    # Windows picks the issuer by the authority key identifier; a wrong one leaves the chain partial although the signature is right.
    severity = B if rules.aki == "strict" else W
    hint = child.authority_key_identifier
    if hint is not None:
        own = issuer.subject_key_identifier
        if hint.key_identifier is not None and own is not None and hint.key_identifier != own:
            yield finding("issuance.key_identifier_differs", severity, leaf_key_identifier=hint.key_identifier.hex().upper(),
                          ca_key_identifier=own.hex().upper())
        if hint.serial is not None and hint.serial != issuer.structure.serial:
            yield finding("issuance.serial_differs", severity)
    if child.issuer != issuer.subject:
        yield finding("issuance.name_encoding_differs", W)


def _called(child: Certificate) -> str:
    """A CA on the way by its name; the certificate that is judged is "it"."""
    try:
        constraints = child.basic_constraints
    except NotUnderstood:
        return "it"
    return "it" if constraints is None or not constraints.ca else f"the CA certificate {named(child)}"


def _authority_key(child: Certificate) -> str | None:
    try:
        hint = child.authority_key_identifier
    except NotUnderstood:
        return None
    return None if hint is None or hint.key_identifier is None else hint.key_identifier.hex().upper()
