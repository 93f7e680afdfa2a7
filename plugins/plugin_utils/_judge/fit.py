# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The private key and the names: what ties a certificate to this host."""
from __future__ import annotations

import ipaddress
from collections.abc import Iterator

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from .._snapshot.snapshot import Host, PrivateKey
from .._verdict.verdict import Finding, Severity
from . import algorithms, host_names, names
from .certificate import Certificate
from .findings import finding
from .requirement import Requirement

B, O, W = Severity.BLOCKING, Severity.OPEN, Severity.WARNING  # noqa: E741
KEY_GONE = frozenset((0x80090016, 0x8009000D))
"""NTE_BAD_KEYSET and NTE_NO_KEY: the container that the certificate points to is not there."""
_SIGNATURE = 2
"""KeySpec AT_SIGNATURE."""


def key_findings(certificate: Certificate, key: PrivateKey, requirement: Requirement, elevated: bool | None) -> Iterator[Finding]:
    """Whether the host holds a key that the services can use. Raises NotUnderstood."""
    rules = requirement.rules
    if not rules.require_private_key:
        return
    if key.present is None:
        yield finding("key.unknown", O, what="whether it has the private key")
        return
    if not key.present:
        yield finding("key.absent", B)
        return
    yield from _opened(key, rules.require_key_facts, elevated)
    if key.public_key is not None:
        if not algorithms.same_key(certificate.public_key, key.public_key.algorithm, key.public_key.values):
            yield finding("key.other", B)
    elif rules.require_key_facts and key.opened:
        yield finding("key.unknown", O, what="whether the private key fits the certificate")
    if key.machine_store is False:
        yield finding("key.not_machine", B)
    yield from _storage(certificate, key, requirement)


def _opened(key: PrivateKey, demanded: bool, elevated: bool | None) -> Iterator[Finding]:
    if key.opened is None and demanded:
        yield finding("key.unknown", O, what="whether the private key opens")
    if key.opened is False:
        gone = key.error is not None and key.error.hresult in KEY_GONE and elevated is True
        error = "without a reason" if key.error is None else f"{key.error.code} {key.error.message}".strip()
        yield finding("key.not_opened", B if gone else O, error=error)


def _storage(certificate: Certificate, key: PrivateKey, requirement: Requirement) -> Iterator[Finding]:
    rules = requirement.rules
    if not rules.key_signature_ok and key.key_spec == _SIGNATURE:
        yield finding("key.signature_only", B)
    if rules.cng_key_ok:
        return
    public = certificate.public_key
    if key.storage == "cng":
        code = "key.cng/EC" if isinstance(public, ec.EllipticCurvePublicKey) else "key.cng"
        severity = requirement.severity(code, W if code.endswith("EC") else B)
        yield finding("key.cng", severity, key=algorithms.describe(public), provider=key.provider or "an unnamed provider")
    elif key.storage is None and not isinstance(public, ec.EllipticCurvePublicKey):
        yield finding("key.unknown", O, what="whether the private key lies in a CryptoAPI or in a key storage provider")


def wanted_names(host: Host, requirement: Requirement) -> tuple[tuple[str, str], ...]:
    """The wanted names, each with the code for its absence."""
    fqdn = (requirement.fqdn or (host.fqdn if host.domain else "")).lower()
    pool = (requirement.pool or "").lower()
    if requirement.names is not None:
        listed = tuple(dict.fromkeys(name.lower() for name in requirement.names))
    elif requirement.rules.names_of_host:
        listed = tuple(dict.fromkeys(name for name in (fqdn, pool) if name))
    else:
        return ()
    return tuple((name, "names.host_missing" if name == fqdn else "names.pool_missing" if name == pool else "names.wanted_missing")
                 for name in listed)


def name_findings(certificate: Certificate, wanted: tuple[tuple[str, str], ...], requirement: Requirement) -> Iterator[Finding]:
    """Whether every wanted name is covered, and how. Raises NotUnderstood."""
    rules = requirement.rules
    present = host_names.dns_names(certificate)
    common = names.common_names(certificate.subject)
    used = host_names.common_names_used(certificate, rules.allow_cn)
    if not rules.allow_wildcard and wanted:
        yield from (finding("names.wildcard", B, name="the subject", wildcard=name) for name in common if "*" in name)
    for name, missing in wanted:
        if host_names.is_address(name):
            if not _has_address(certificate, name):
                yield finding(missing, B, name=name, names=sorted(present))
        elif any(host_names.exact(name, found) for found in present):
            continue
        elif cover := next((found for found in sorted(present) if host_names.wildcard(name, found)), None):
            if not rules.allow_wildcard:
                yield finding("names.wildcard", B, name=name, wildcard=cover)
        elif any(host_names.exact(name, found) for found in used):
            yield finding("names.cn_only", W, cn=name)
        elif present and any(host_names.exact(name, found) for found in common):
            yield finding("names.cn_right_san_wrong", B, cn=name, names=sorted(present))
        else:
            yield finding(missing, B, name=name, names=sorted(present))


def _has_address(certificate: Certificate, name: str) -> bool:
    return any(isinstance(entry, x509.IPAddress) and entry.value == ipaddress.ip_address(name) for entry in certificate.alternative_names)
