# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What ``cryptography`` makes of the extensions of a certificate, without the rest of it."""
from __future__ import annotations

from collections.abc import Container, Iterable, Sequence

from cryptography import x509

from . import der
from .understanding import NotUnderstood, guarded

POLICIES, APPLICATION_POLICIES = "2.5.29.32", "1.3.6.1.4.1.311.21.10"
_ECDSA_SHA256 = bytes.fromhex("300a06082a8648ce3d040302")
_YEAR = bytes.fromhex("301e170d3230303130313030303030305a170d3330303130313030303030305a")
_P256 = bytes.fromhex(
    "3059301306072a8648ce3d020106082a8648ce3d030107034200046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
    "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5")
_BEFORE = b"".join((b"\xa0\x03\x02\x01\x02\x02\x01\x01", _ECDSA_SHA256, b"\x30\x00", _YEAR, b"\x30\x00", _P256))


def values_of(extensions: Iterable[der.Extension], wanted: Container[str]) -> dict[str, object]:
    """The values of those whose OIDs are wanted, by OID; NotUnderstood in place of one that can't be decoded."""
    chosen = {oid: extension for extension in extensions if (oid := der.dotted(extension.oid)) in wanted}
    encoded = [_bare(oid, extension) if oid == APPLICATION_POLICIES else extension.encoded for oid, extension in chosen.items()]
    try:
        # Nearly always all are sound, and to decode all takes little longer than to decode one.
        return dict(zip(chosen, guarded("", _values, encoded), strict=True)) if chosen else {}
    except NotUnderstood:
        return {oid: alone(oid, extension) for oid, extension in chosen.items()}


def alone(oid: str, extension: der.Extension) -> object:
    """The value of one, or NotUnderstood in its place."""
    try:
        return guarded(f"extension {oid}", _values, [_bare(oid, extension)])[0]
    except NotUnderstood as error:
        return NotUnderstood(str(error))


def _bare(oid: str, extension: der.Extension) -> bytes:
    # Without the critical flag. Application policies have the form of certificate policies, which cryptography decodes.
    known = der.encode_oid(POLICIES) if oid == APPLICATION_POLICIES else extension.oid
    return der.encode(der.SEQUENCE, der.encode(der.OID, known), der.encode(der.OCTET_STRING, extension.value))


def _values(extensions: Sequence[bytes]) -> list[object]:
    # In a certificate that has nothing else, so that odd names can't hide them.
    body = der.encode(der.SEQUENCE, _BEFORE, der.encode(0xA3, der.encode(der.SEQUENCE, *extensions)))
    loaded = x509.load_der_x509_certificate(der.encode(der.SEQUENCE, body, _ECDSA_SHA256, b"\x03\x02\x00\x00"))
    return [extension.value for extension in loaded.extensions]
