# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The authority key identifier (RFC 5280 4.2.1.1): which certificate of the issuer is meant."""
from __future__ import annotations

from typing import NamedTuple

from . import der

_KEY, _ISSUER, _SERIAL = 0x80, 0xA1, 0x82


class KeyHint(NamedTuple):
    """The issuer's subject key identifier, and the octets of the serial number of its certificate; None: not said."""

    key_identifier: bytes | None
    serial: bytes | None


def read(value: bytes) -> KeyHint:
    """What the extension's value says; the issuer's issuer is passed over. Raises DerError.

    Read here, since versions of ``cryptography`` differ in whether they take a negative serial number, and a verdict must not.
    """
    found: dict[int, bytes] = {}
    for tag, _at, start, end in der.whole(value, der.SEQUENCE):
        if tag not in (_KEY, _ISSUER, _SERIAL) or any(tag & 0x1F <= known & 0x1F for known in found):
            raise der.DerError("not an authority key identifier")
        found[tag] = value[start:end]
    if (_ISSUER in found) != (_SERIAL in found):
        raise der.DerError("an authority key identifier with half of issuer and serial number")
    return KeyHint(found.get(_KEY), der.plain_integer(found[_SERIAL]) if _SERIAL in found else None)
