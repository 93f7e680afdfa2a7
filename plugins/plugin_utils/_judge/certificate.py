# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One certificate: structure by ``der``, extensions and key by ``cryptography``, each fault kept to the part it is in."""
from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeVar, cast

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_der_public_key

from . import der, key_hint, names
from .extension_values import APPLICATION_POLICIES, POLICIES, alone, values_of
from .key_hint import KeyHint
from .understanding import NotUnderstood, guarded, sound

T = TypeVar("T")

BASIC_CONSTRAINTS, KEY_USAGE, EXTENDED_KEY_USAGE, ALTERNATIVE_NAMES = "2.5.29.19", "2.5.29.15", "2.5.29.37", "2.5.29.17"
NAME_CONSTRAINTS, AUTHORITY_KEY, SUBJECT_KEY, DISTRIBUTION = "2.5.29.30", "2.5.29.35", "2.5.29.14", "2.5.29.31"
READ = frozenset((BASIC_CONSTRAINTS, KEY_USAGE, EXTENDED_KEY_USAGE, ALTERNATIVE_NAMES, NAME_CONSTRAINTS, AUTHORITY_KEY, SUBJECT_KEY,
                  APPLICATION_POLICIES, DISTRIBUTION))
"""Extensions that a rule reads; another critical one is unknown to the judge."""
_DECODED = READ - {AUTHORITY_KEY}
"""Those of them that ``cryptography`` decodes."""

_EC_PUBLIC_KEY = bytes.fromhex("06072a8648ce3d0201")


class Certificate:
    """A certificate whose structure is sound. Properties raise NotUnderstood where their part can't be decoded.

    ``issuer`` and ``subject`` are encoded names. Times are UTC. Each part is decoded once, when it is first asked for. Certificates of
    the same bytes are equal.
    """

    __slots__ = ("_decoded", "_values", "content", "structure")

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.structure = der.read(content)
        self._decoded: dict[str, Any] = {}
        self._values: dict[str, object] | None = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Certificate) and self.content == other.content

    def __hash__(self) -> int:
        return hash(self.content)

    def _once(self, what: str, decode: Callable[..., T], *parts: object) -> T:
        if what not in self._decoded:
            try:
                self._decoded[what] = guarded(what, decode, *parts)
            except NotUnderstood as error:
                self._decoded[what] = NotUnderstood(str(error))
        found: T = self._decoded[what]
        if isinstance(found, NotUnderstood):
            raise NotUnderstood(str(found))
        return found

    @property
    def extensions(self) -> tuple[der.Extension, ...]:
        """All extensions, undecoded. Raises NotUnderstood if one is malformed or there twice, whichever it is."""
        return self._once("the list of extensions", der.extensions, self.structure.extension_list)

    def demand_sound(self) -> None:
        """Raise NotUnderstood if the list of extensions or a name is malformed, read by a rule or not. Odd text in a name is fine."""
        self._once("soundness", self._read_all)

    def _read_all(self) -> None:
        _dummy = self.extensions
        guarded("the issuer's structure", names.attributes, self.structure.issuer)
        guarded("the subject's structure", names.attributes, self.structure.subject)

    @property
    def issuer(self) -> bytes:
        """The issuer's name as bytes."""
        return self.structure.issuer

    @property
    def subject(self) -> bytes:
        """The subject's name as bytes."""
        return self.structure.subject

    @property
    def self_issued(self) -> bool:
        """Issuer and subject are the same bytes."""
        return self.structure.issuer == self.structure.subject

    @property
    def thumbprint(self) -> str:
        """SHA-1 of the bytes, as Windows writes it."""
        return thumbprint(self.content)

    @property
    def subject_text(self) -> str | None:
        """The subject as text, None if unreadable."""
        return names.text(self.structure.subject)

    @property
    def issuer_text(self) -> str | None:
        """The issuer as text, None if unreadable."""
        return names.text(self.structure.issuer)

    @property
    def serial(self) -> str:
        """The serial number as Windows writes it: hex, lower case."""
        return self.structure.serial.hex()

    @property
    def not_before(self) -> datetime:
        """Begin of the validity, inclusive."""
        return self._once("notBefore", der.time, *self.structure.not_before)

    @property
    def not_after(self) -> datetime:
        """End of the validity, inclusive."""
        return self._once("notAfter", der.time, *self.structure.not_after)

    @property
    def public_key(self) -> Any:
        """The public key as an object of ``cryptography``."""
        return self._once("public key", _public_key, self.structure.public_key)

    @property
    def basic_constraints(self) -> x509.BasicConstraints | None:
        """basicConstraints, None if absent."""
        return cast("x509.BasicConstraints | None", self._extension(BASIC_CONSTRAINTS))

    @property
    def key_usage(self) -> x509.KeyUsage | None:
        """keyUsage, None if absent."""
        return cast("x509.KeyUsage | None", self._extension(KEY_USAGE))

    @property
    def purposes(self) -> frozenset[str] | None:
        """OIDs of the extended key usage, None if absent."""
        found = cast("x509.ExtendedKeyUsage | None", self._extension(EXTENDED_KEY_USAGE))
        if found is not None and not found:
            # RFC 5280 4.2.1.12 wants at least one. Not all versions of cryptography do, and a verdict must not depend on that.
            raise NotUnderstood(f"extension {EXTENDED_KEY_USAGE}: it could not be decoded")
        return None if found is None else frozenset(purpose.dotted_string for purpose in found)

    @property
    def application_policies(self) -> frozenset[str] | None:
        """OIDs of Microsoft's application policies (MS-WCCE 2.2.2.7.7.2), None if absent."""
        found = cast("x509.CertificatePolicies | None", self._extension(APPLICATION_POLICIES))
        return None if found is None else frozenset(policy.policy_identifier.dotted_string for policy in found)

    @property
    def alternative_names(self) -> tuple[x509.GeneralName, ...]:
        """Entries of the SAN; empty if absent."""
        found = cast("x509.SubjectAlternativeName | None", self._extension(ALTERNATIVE_NAMES))
        return () if found is None else tuple(found)

    @property
    def name_constraints(self) -> x509.NameConstraints | None:
        """nameConstraints, None if absent."""
        return cast("x509.NameConstraints | None", self._extension(NAME_CONSTRAINTS))

    @property
    def authority_key_identifier(self) -> KeyHint | None:
        """authorityKeyIdentifier, None if absent."""
        return self._once("authority key identifier", self._key_hint)

    def _key_hint(self) -> KeyHint | None:
        wanted = der.encode_oid(AUTHORITY_KEY)
        value = next((extension.value for extension in self.extensions if extension.oid == wanted), None)
        return None if value is None else key_hint.read(value)

    @property
    def subject_key_identifier(self) -> bytes | None:
        """subjectKeyIdentifier, None if absent."""
        found = cast("x509.SubjectKeyIdentifier | None", self._extension(SUBJECT_KEY))
        return None if found is None else found.digest

    @property
    def distribution_points(self) -> x509.CRLDistributionPoints | None:
        """cRLDistributionPoints, None if absent."""
        return cast("x509.CRLDistributionPoints | None", self._extension(DISTRIBUTION))

    @property
    def unknown_critical(self) -> tuple[str, ...]:
        """OIDs of critical extensions that no rule reads. Critical policies with known qualifiers are fine (RFC 5280 4.2.1.4)."""
        return self._once("extension identifiers", self._unknown_critical)

    def _unknown_critical(self) -> tuple[str, ...]:
        found = []
        for extension in self.extensions:
            if not extension.critical:
                continue
            oid = der.dotted(extension.oid)
            if oid in READ or (oid == POLICIES and _known_qualifiers(sound(alone(oid, extension)))):
                continue
            found.append(oid)
        return tuple(found)

    def _extension(self, oid: str) -> object | None:
        if self._values is None:
            self._values = values_of(self.extensions, _DECODED)
        return sound(self._values.get(oid))


def _known_qualifiers(policies: object) -> bool:
    return isinstance(policies, x509.CertificatePolicies) and all(
        isinstance(qualifier, (str, x509.UserNotice)) for policy in policies for qualifier in policy.policy_qualifiers or ())


@lru_cache(maxsize=4096)
def _public_key(spki: bytes) -> object:
    algorithm = der.whole(spki, der.SEQUENCE)[0]
    parts = der.children(spki, algorithm[2], algorithm[3])
    if spki[parts[0][1]:parts[0][3]] == _EC_PUBLIC_KEY and (len(parts) != 2 or parts[1][0] != der.OID):
        raise der.DerError("an elliptic curve written out instead of named (CVE-2020-0601)")
    key = load_der_public_key(spki)
    if isinstance(key, ec.EllipticCurvePublicKey):
        key.public_numbers()
    return key


def thumbprint(content: bytes) -> str:
    """SHA-1 of the bytes, as Windows writes it."""
    return hashlib.sha1(content, usedforsecurity=False).hexdigest().upper()


LARGEST_KEPT = 16 * 1024
"""Only certificates up to this size (octets) are kept to be used again, so that a hostile store can't fill the memory."""


def parse(content: bytes) -> Certificate:
    """The certificate in these bytes; the same bytes are read once, and decoded once. Raises NotUnderstood."""
    return _kept(content) if len(content) <= LARGEST_KEPT else parse_once(content)


def parse_once(content: bytes) -> Certificate:
    """The certificate in these bytes, not kept: most of a store My are strangers, never met again. Raises NotUnderstood."""
    if content.lstrip()[:5] == b"-----":
        raise NotUnderstood("the certificate (PEM text where DER is expected)")
    if not content:
        raise NotUnderstood("the certificate (no bytes)")
    return guarded("the certificate's structure", Certificate, content)


_kept = lru_cache(maxsize=4096)(parse_once)


def met_before(certificate: Certificate) -> Certificate:
    """The one that was lately read from the same bytes, with all that was decoded of it, else this one: a pool's servers share one."""
    return _met(certificate) if len(certificate.content) <= LARGEST_KEPT else certificate


@lru_cache(maxsize=128)
def _met(certificate: Certificate) -> Certificate:
    return certificate
