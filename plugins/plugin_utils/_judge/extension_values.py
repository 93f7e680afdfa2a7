# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What ``cryptography`` makes of the extensions of a certificate, without the rest of it."""
from __future__ import annotations

from collections.abc import Sequence

from cryptography import x509

from . import der

_ECDSA_SHA256 = bytes.fromhex("300a06082a8648ce3d040302")
_YEAR = bytes.fromhex("301e170d3230303130313030303030305a170d3330303130313030303030305a")
_P256 = bytes.fromhex(
    "3059301306072a8648ce3d020106082a8648ce3d030107034200046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
    "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5")
_BEFORE = b"".join((b"\xa0\x03\x02\x01\x02\x02\x01\x01", _ECDSA_SHA256, b"\x30\x00", _YEAR, b"\x30\x00", _P256))


def extension_values(extensions: Sequence[bytes]) -> list[object]:
    """The values of these encoded extensions, from a certificate that has nothing else, so that odd names can't hide them.

    Raises whatever ``cryptography`` does if one of them can't be decoded.
    """
    body = der.encode(der.SEQUENCE, _BEFORE, der.encode(0xA3, der.encode(der.SEQUENCE, *extensions)))
    loaded = x509.load_der_x509_certificate(der.encode(der.SEQUENCE, body, _ECDSA_SHA256, b"\x03\x02\x00\x00"))
    return [extension.value for extension in loaded.extensions]
