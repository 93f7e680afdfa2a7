# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is demanded of a certificate: product profiles and single rules, as data."""
from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

from .._verdict.verdict import Severity, Waiver
from .findings import clean

SERVER_AUTH = "1.3.6.1.5.5.7.3.1"
B, W, N = Severity.BLOCKING, Severity.WARNING, Severity.NOTE


class RequirementError(ValueError):
    """A demand that makes no sense; the message says which and what would."""


@dataclass(frozen=True, slots=True)
class Rules:
    """Single rules. The defaults are the generic question, without a product.

    Public ones (``QUESTIONS``) may be set by the user; the rest belong to profiles. Sizes are bits, times days.
    """

    issuer_name: str = "exact"
    aki: str = "strict"
    renewals: bool = True
    ca_may_be_expired: bool = False
    allow_cn: bool = False
    allow_wildcard: bool = True
    require_eku: tuple[str, ...] = (SERVER_AUTH,)
    eku_absent_ok: bool = False
    allow_sha1: bool = False
    schemes: tuple[str, ...] = ("pkcs1", "pss", "ecdsa")
    min_rsa_bits: int = 2048
    min_remaining_days: int = 0
    warn_remaining_days: int = 30
    require_private_key: bool = True
    cng_key_ok: bool = True
    require_cdp: bool = False
    require_trust: bool = False
    require_key_facts: bool = False
    archived_ok: bool = True
    key_signature_ok: bool = True
    names_of_host: bool = False
    advised_rsa_bits: int = 2048


QUESTIONS: Mapping[str, str] = {
    "issuer_name": "exact: must the issuer be the CA's subject to the byte, as Windows CAs write it? rfc5280: or equal but for spelling?",
    "aki": "strict: must the authority key identifier, where there is one, fit the CA certificate? ignore: only warn",
    "renewals": "may the CA's own cross certificates link its keys before and after a renewal?",
    "ca_may_be_expired": "is it enough that the CA issued it once, even if the CA certificate is not valid now?",
    "allow_cn": "does a common name count where the certificate has no DNS name?",
    "allow_wildcard": "does a wildcard count for a wanted name?",
    "require_eku": "which purposes (OIDs) must the certificate have?",
    "eku_absent_ok": "is a certificate without any extended key usage good for every purpose?",
    "allow_sha1": "does a SHA-1 signature prove anything?",
    "schemes": "which signature schemes are accepted (pkcs1, pss, ecdsa)?",
    "min_rsa_bits": "how long must an RSA key be, in bits (1024 at least)?",
    "min_remaining_days": "how many days must be left, else it fails?",
    "warn_remaining_days": "how many days must be left, else it warns?",
    "require_private_key": "must the host hold the private key?",
    "cng_key_ok": "may an RSA key lie in a key storage provider (CNG)?",
    "require_cdp": "must there be a CRL distribution point with a URI?",
    "require_trust": "must the host itself trust the certificate, by its own CA and Root stores?",
    "archived_ok": "may the certificate be archived?",
}
"""The rules that ``requirement`` may set, each with the question that it answers."""

_CHOICES: Mapping[str, tuple[str, ...]] = {
    "issuer_name": ("exact", "rfc5280"), "aki": ("strict", "ignore"), "schemes": ("pkcs1", "pss", "ecdsa", "eddsa")}
_LOWEST = {"min_rsa_bits": 1024, "min_remaining_days": 0, "warn_remaining_days": 0}
_HIGHEST = {"min_rsa_bits": 16384, "min_remaining_days": 36500, "warn_remaining_days": 36500}


@dataclass(frozen=True, slots=True)
class Profile:
    """A product: its rules, and the severity of what differs from the code's usual one."""

    rules: Rules
    severities: Mapping[str, Severity]
    product: str


_PRODUCT = Rules(
    # Sources: Lync Server 2013, certificate infrastructure requirements (SHA-1 and RSA 1024 are supported, RSASSA-PSS is not, a CRL
    # distribution point is demanded) and wildcard certificate support (none on this role).
    allow_cn=True, allow_wildcard=False, allow_sha1=True, schemes=("pkcs1", "ecdsa"), min_rsa_bits=1024, cng_key_ok=False, require_cdp=True,
    require_trust=True, require_key_facts=True, archived_ok=False, key_signature_ok=False, names_of_host=True)

PROFILES: Mapping[str, Profile] = {
    "lync_2013": Profile(_PRODUCT, {
        "key.cng": B, "key.cng/EC": W, "certificate.sha512": W, "host.tls_1_0_disabled": W, "host.trusted_issuer_list": W,
        "store.friendly_name_twice": W}, "Lync Server 2013"),
    "skype_for_business_2015": Profile(_PRODUCT, {
        "key.cng": W, "key.cng/EC": N, "certificate.sha512": N, "host.tls_1_0_disabled": N, "host.trusted_issuer_list": N,
        "store.friendly_name_twice": N}, "Skype for Business Server 2015"),
}


@dataclass(frozen=True, slots=True)
class Requirement:
    """What one host must meet. ``names`` None: the host's FQDN and the pool, where the profile wants them; else exactly these.

    ``use``: the certificate that Lync has assigned to this use is asked for; None: any that the store My holds.
    """

    profile: str | None = None
    match: str = "issuing_ca"
    pool: str | None = None
    fqdn: str | None = None
    names: tuple[str, ...] | None = None
    rules: Rules = Rules()
    severities: Mapping[str, Severity] = field(default_factory=dict)
    waivers: tuple[Waiver, ...] = ()
    use: str | None = None

    def severity(self, code: str, default: Severity) -> Severity:
        """The profile's severity for a code."""
        return self.severities.get(code, default)


def requirement_for(
        profile: str | None, *, match: str = "issuing_ca", pool: str | None = None, fqdn: str | None = None,
        names: Sequence[str] | None = None, overrides: Mapping[str, object] | None = None,
        waivers: tuple[Waiver, ...] = ()) -> Requirement:
    """The requirement of a profile (``PROFILES``; None: the generic one) with single rules replaced. Raises RequirementError."""
    if profile is not None and profile not in PROFILES:
        raise RequirementError(f"profile: there is no {clean(profile, 60)}; there are {', '.join(PROFILES)}.")
    if match not in ("issuing_ca", "chain"):
        raise RequirementError(f"match: {clean(match, 60)} is neither issuing_ca nor chain.")
    base = PROFILES[profile].rules if profile else Rules()
    severities = dict(PROFILES[profile].severities) if profile else {}
    values = {name: _rule(name, value, base) for name, value in (overrides or {}).items()}
    if values.get("cng_key_ok") is False:
        severities["key.cng"] = B
    return Requirement(
        profile=profile, match=match, pool=_name("pool", pool), fqdn=_name("fqdn", fqdn),
        names=None if names is None else tuple(found for name in names if (found := _name("names", name))),
        rules=replace(base, **values), severities=severities, waivers=waivers)


def _rule(name: str, value: object, base: Rules) -> Any:
    if name not in QUESTIONS:
        raise RequirementError(f"requirement: there is no rule {clean(name, 60)}; there are {', '.join(QUESTIONS)}.")
    usual = getattr(base, name)
    if isinstance(usual, bool):
        return _truth(name, value)
    if isinstance(usual, int):
        return _number(name, value)
    if isinstance(usual, tuple):
        return _list(name, value)
    if value not in _CHOICES[name]:
        raise RequirementError(f"requirement: {name} is one of {', '.join(_CHOICES[name])}, not {clean(value, 60)}.")
    return value


def _truth(name: str, value: object) -> bool:
    words = {"true": True, "yes": True, "false": False, "no": False}
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in words:
        return words[value.lower()]
    raise RequirementError(f"requirement: {name} is true or false, not {clean(value, 60)}.")


def _number(name: str, value: object) -> int:
    text = str(value)
    if isinstance(value, bool) or not re.fullmatch("[0-9]{1,5}", text) or not _LOWEST[name] <= int(text) <= _HIGHEST[name]:
        raise RequirementError(f"requirement: {name} is a number from {_LOWEST[name]} to {_HIGHEST[name]}, not {clean(value, 60)}.")
    return int(text)


def _list(name: str, value: object) -> tuple[str, ...]:
    if isinstance(value, (str, bytes)) or not isinstance(value, Sequence):
        raise RequirementError(f"requirement: {name} is a list, not {clean(value, 60)}.")
    items = tuple(str(item) for item in value)
    for item in items:
        fine = item in _CHOICES[name] if name in _CHOICES else re.fullmatch(r"[0-2](\.[0-9]{1,20}){1,30}", item)
        if not fine:
            wanted = f"one of {', '.join(_CHOICES[name])}" if name in _CHOICES else "an object identifier like 1.3.6.1.5.5.7.3.1"
            raise RequirementError(f"requirement: {name}: {clean(item, 60)} is not {wanted}.")
    return items


def _name(option: str, value: str | None) -> str | None:
    if value is None or value == "":
        return None
    text = str(value).strip().rstrip(".").lower()
    if not re.fullmatch(r"[a-z0-9_]([a-z0-9_-]{0,62})(\.[a-z0-9_]([a-z0-9_-]{0,62}))*", text) or len(text) > 253:
        raise RequirementError(f"{option}: {clean(value, 80)} is no DNS name like pchat01.contoso.local.")
    return text


RULE_NAMES = tuple(item.name for item in fields(Rules))
"""Names of all rules, public or not."""
