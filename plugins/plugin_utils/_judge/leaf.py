# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a server certificate itself must be: time, purpose, strength, revocation, kind. Who issued it is asked elsewhere."""
from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import lru_cache

from cryptography import x509

from .._verdict.verdict import Finding, Severity
from . import algorithms
from .algorithms import EDDSA
from .certificate import Certificate
from .findings import finding
from .requirement import Requirement, Rules
from .step import SMALLEST_RSA
from .understanding import NotUnderstood

B, O, W, N = Severity.BLOCKING, Severity.OPEN, Severity.WARNING, Severity.NOTE  # noqa: E741
_FIRST_WITH_SHA512 = (10, 0)
"""Windows 10 and Server 2016: the first whose TLS 1.2 takes SHA-512 without a hotfix."""


def understood(what: str, rule: Iterator[Finding]) -> list[Finding]:
    """The findings of a rule; where it meets something that can't be decoded, that is an open finding of its own."""
    found: list[Finding] = []
    try:
        found.extend(rule)
    except NotUnderstood as error:
        found.append(finding("certificate.not_understood", O, what=what, reason=str(error)))
    return found


def leaf_findings(certificate: Certificate, requirement: Requirement, os_version: str) -> list[Finding]:
    """Everything about the certificate that doesn't depend on the time, the host's name or its key."""
    rules = requirement.rules
    return [
        *understood("its kind", _kind(certificate)),
        *understood("its purposes", _purposes(certificate, rules)),
        *understood("its application policies", _policies(certificate, rules)),
        *understood("its key usage", _usage(certificate)),
        *understood("its public key", _key(certificate, rules)),
        *understood("its signature algorithm", _signature(certificate, requirement, os_version)),
        *understood("its CRL distribution points", _revocation(certificate, rules)),
    ]


def _kind(certificate: Certificate) -> Iterator[Finding]:
    if certificate.structure.version != 3:
        yield finding("certificate.version", B)
    for oid in certificate.unknown_critical:
        yield finding("certificate.unknown_critical", B, oid=oid)
    constraints = certificate.basic_constraints
    if constraints is not None and constraints.ca:
        yield finding("certificate.is_ca", B, reason="its basic constraints say so")


def _purposes(certificate: Certificate, rules: Rules) -> Iterator[Finding]:
    purposes = certificate.purposes
    if purposes is None:
        if rules.require_eku and not rules.eku_absent_ok:
            yield finding("purpose.eku_absent", B)
    elif not purposes.issuperset(rules.require_eku):
        yield finding("purpose.eku_missing", B, purposes=sorted(purposes))


def _policies(certificate: Certificate, rules: Rules) -> Iterator[Finding]:
    policies = certificate.application_policies
    if policies is not None and not policies.issuperset(rules.require_eku):
        yield finding("purpose.application_policy", B, purposes=sorted(policies))


def _usage(certificate: Certificate) -> Iterator[Finding]:
    usage = certificate.key_usage
    if usage is None or usage.digital_signature or usage.key_encipherment or usage.key_agreement:
        return
    there = {"nonRepudiation": usage.content_commitment, "dataEncipherment": usage.data_encipherment, "keyCertSign": usage.key_cert_sign,
             "cRLSign": usage.crl_sign}
    yield finding("purpose.key_usage", B, usages=[name for name, value in there.items() if value])


def _key(certificate: Certificate, rules: Rules) -> Iterator[Finding]:
    key = certificate.public_key
    yield from key_strength(algorithms.describe(key), key, rules)


def key_strength(shown: str, key: object, rules: Rules) -> Iterator[Finding]:
    """What is wrong with the strength of a key: below what is demanded, below what is advised, of a kind that is not judged."""
    strength = algorithms.strength(key, max(rules.min_rsa_bits, SMALLEST_RSA))
    if strength == "unknown":
        yield finding("certificate.key_unsupported", O, key=shown)
    elif strength == "weak":
        yield finding("certificate.weak_key", B, key=shown)
    elif algorithms.strength(key, rules.advised_rsa_bits) == "weak":
        yield finding("certificate.weak_key", W, key=shown)


def _signature(certificate: Certificate, requirement: Requirement, os_version: str) -> Iterator[Finding]:
    yield from signature_strength(certificate, requirement.rules)
    before = _version(os_version) < _FIRST_WITH_SHA512
    if requirement.profile is not None and before and algorithms.read(certificate.structure.inner_algorithm).hash == "SHA-512":
        yield finding("certificate.sha512", requirement.severity("certificate.sha512", W), os_version=os_version)


def signature_strength(certificate: Certificate, rules: Rules) -> Iterator[Finding]:
    """What is wrong with the kind of a certificate's signature, whoever made it. Raises NotUnderstood."""
    algorithm = algorithms.read(certificate.structure.inner_algorithm)
    if not algorithms.accepted(algorithm, rules.schemes):
        yield finding("certificate.signature_scheme", B, scheme=algorithm.scheme if algorithm.scheme != EDDSA else algorithm.hash)
    if algorithm.hash in algorithms.BROKEN:
        yield finding("certificate.weak_hash", B, hash=algorithm.hash)
    elif algorithm.hash == "SHA-1":
        yield finding("certificate.weak_hash", W if rules.allow_sha1 else B, hash=algorithm.hash)


@lru_cache(maxsize=64)
def _version(os_version: str) -> tuple[int, ...]:
    # "Microsoft Windows NT 6.3.9600.0" or the bare number; what has none is taken for new.
    for word in os_version.split():
        head = word.split(".")[:2]
        if len(head) == 2 and all(part.isdecimal() and len(part) < 6 for part in head):
            return tuple(int(part) for part in head)
    return _FIRST_WITH_SHA512


def _revocation(certificate: Certificate, rules: Rules) -> Iterator[Finding]:
    if not rules.require_cdp:
        return
    try:
        points = certificate.distribution_points
    except NotUnderstood as error:
        yield finding("revocation.cdp_unreadable", O, reason=str(error))
        return
    uris = [] if points is None else [
        name.value for point in points for name in point.full_name or () if isinstance(name, x509.UniformResourceIdentifier)]
    if not [uri for uri in uris if ":" in uri]:
        yield finding("revocation.cdp_absent", B)
    elif all(uri.lower().startswith("ldap:") for uri in uris):
        yield finding("revocation.ldap_only", N)


def time_findings(certificate: Certificate, instant: datetime, clock: str, rules: Rules) -> Iterator[Finding]:
    """Validity at one instant, both ends inclusive; ``clock`` says whose time it is. Raises NotUnderstood."""
    begin, end = certificate.not_before, certificate.not_after
    if instant < begin:
        yield finding("time.not_yet_valid", B, not_before=begin, until=begin - instant, clock=clock)
    elif instant > end:
        yield finding("time.expired", B, not_after=end, ago=instant - end, clock=clock)
    elif end - instant < timedelta(days=rules.min_remaining_days):
        yield finding("time.expires_soon", B, not_after=end, left=end - instant, limit=rules.min_remaining_days)
    elif end - instant < timedelta(days=rules.warn_remaining_days):
        yield finding("time.expires_soon", W, not_after=end, left=end - instant, limit=rules.warn_remaining_days)
