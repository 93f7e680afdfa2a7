# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Strict reading of a certificate's structure (X.690 DER, RFC 5280 4.1).

One walk, no meaning: it finds the exact bytes that were signed, that name issuer and subject, and each extension's value.
"""
from __future__ import annotations

from datetime import datetime, timezone
from functools import lru_cache
from typing import NamedTuple

SEQUENCE, SET, INTEGER, BIT_STRING, OCTET_STRING, OID, BOOLEAN = 0x30, 0x31, 0x02, 0x03, 0x04, 0x06, 0x01
UTC_TIME, GENERALIZED_TIME = 0x17, 0x18
_TIMES = {UTC_TIME, GENERALIZED_TIME}
_EXTENSION_TAGS = {(OID, OCTET_STRING), (OID, BOOLEAN, OCTET_STRING)}
LONGEST_OID = 255
"""Longest object identifier that is read, in octets; real ones have fewer than 30."""


class DerError(ValueError):
    """The bytes are not what DER and RFC 5280 demand; the message says where."""


# NamedTuples here: a frozen dataclass of this size takes five times as long to make, and there is one for each certificate of each host.
class Extension(NamedTuple):
    """One extension: OID as its encoded content octets, value as the content of the OCTET STRING, ``encoded`` the whole as it stands."""

    oid: bytes
    critical: bool
    value: bytes
    encoded: bytes


class Structure(NamedTuple):
    """The parts of a certificate as bytes. Names, algorithms and the public key keep tag and length; ``version`` is 1 to 3.

    ``extension_list`` is the content of the list of extensions, which ``extensions`` takes apart.
    """

    to_be_signed: bytes
    version: int
    serial: bytes
    inner_algorithm: bytes
    outer_algorithm: bytes
    issuer: bytes
    subject: bytes
    not_before: tuple[int, bytes]
    not_after: tuple[int, bytes]
    public_key: bytes
    extension_list: bytes
    signature: bytes


def element(data: bytes, at: int, limit: int) -> tuple[int, int, int]:
    """Tag, start and end of the content of the element at ``at``, which must end by ``limit``. Raises DerError."""
    if at + 2 > limit:
        raise DerError("it ends in the middle of an element")
    tag, length, start = data[at], data[at + 1], at + 2
    if tag & 0x1F == 0x1F:
        raise DerError("a tag of several bytes")
    if length >= 0x80:
        size = length & 0x7F
        if not 1 <= size <= 4 or start + size > limit:
            raise DerError("an indefinite, cut or oversized length")
        length = int.from_bytes(data[start:start + size], "big")
        if length < 0x80 or data[start] == 0:
            raise DerError("a length that is not minimal")
        start += size
    if start + length > limit:
        raise DerError("an element reaches beyond its container")
    return tag, start, start + length


def children(data: bytes, start: int, end: int) -> list[tuple[int, int, int, int]]:
    """All elements between ``start`` and ``end``: (tag, offset of the header, start and end of the content)."""
    found = []
    while start < end:
        tag, content, stop = element(data, start, end)
        found.append((tag, start, content, stop))
        start = stop
    return found


def whole(data: bytes, tag: int) -> list[tuple[int, int, int, int]]:
    """The children of the one element of that tag that ``data`` consists of. Raises DerError."""
    actual, start, end = element(data, 0, len(data))
    if actual != tag or end != len(data):
        raise DerError("not one whole element of the expected kind")
    return children(data, start, end)


def encode(tag: int, *parts: bytes) -> bytes:
    """One element with minimal definite length."""
    body = b"".join(parts)
    if len(body) < 0x80:
        return bytes((tag, len(body))) + body
    size = len(body).to_bytes((len(body).bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(size))) + size + body


@lru_cache(maxsize=512)
def dotted(content: bytes) -> str:
    """An OID's content octets in dotted form. Raises DerError, for an oversized one too: Python writes no number of thousands of digits."""
    if not content or content[-1] & 0x80:
        raise DerError("a cut object identifier")
    if len(content) > LONGEST_OID:
        raise DerError("an oversized object identifier")
    arcs, value, fresh = [], 0, True
    for octet in content:
        if fresh and octet == 0x80:
            raise DerError("an object identifier that is not minimal")
        value, fresh = value << 7 | octet & 0x7F, not octet & 0x80
        if fresh:
            arcs.append(value)
            value = 0
    first = min(arcs[0] // 40, 2)
    return ".".join(map(str, (first, arcs[0] - first * 40, *arcs[1:])))


@lru_cache(maxsize=256)
def encode_oid(oid: str) -> bytes:
    """The content octets of an OID."""
    arcs = [int(arc) for arc in oid.split(".")]
    content = bytearray()
    for arc in (arcs[0] * 40 + arcs[1], *arcs[2:]):
        size = max(1, (arc.bit_length() + 6) // 7)
        content += bytes((arc >> 7 * place & 0x7F) | (0x80 if place else 0) for place in reversed(range(size)))
    return bytes(content)


def time(tag: int, content: bytes) -> datetime:
    """The instant of a UTCTime or GeneralizedTime of RFC 5280 4.1.2.5: with seconds, in UTC, years from 1950 on. Raises ValueError."""
    if not (len(content) == (13 if tag == UTC_TIME else 15) and content[:-1].isdigit() and content[-1:] == b"Z"):
        raise DerError("not a time of RFC 5280")
    # As one number, since each certificate has two times and cutting them up takes twice as long.
    digits = int(content[:-1])
    year = digits // 10**10
    if tag == UTC_TIME:
        year += 2000 if year < 50 else 1900
    month, day, hour, minute = digits // 10**8 % 100, digits // 10**6 % 100, digits // 10**4 % 100, digits // 100 % 100
    return datetime(year, month, day, hour, minute, digits % 100, 0, timezone.utc)


def peek_issuer(data: bytes) -> bytes | None:
    """The issuer's bytes, as far as they can be seen, also in a certificate that is otherwise damaged."""
    try:
        _tag, at, _end = element(data, 0, max(len(data), _announced(data)))
        _tag, at, _end = element(data, at, max(len(data), _announced(data)))
        if data[at:at + 1] == b"\xa0":
            at = element(data, at, len(data))[2]
        at = element(data, at, len(data))[2]
        at = element(data, at, len(data))[2]
        tag, _start, end = element(data, at, len(data))
    except (DerError, IndexError):
        return None
    return data[at:end] if tag == SEQUENCE else None


def _announced(data: bytes) -> int:
    # A truncated certificate still announces its full length; its issuer lies near the beginning.
    if len(data) < 6 or data[1] < 0x80:
        return len(data)
    size = data[1] & 0x7F
    return 2 + size + int.from_bytes(data[2:2 + size], "big") if size <= 4 else len(data)


def read(data: bytes) -> Structure:
    """The structure of a certificate of any version. Raises DerError; never reads what an extension means."""
    outer = whole(data, SEQUENCE)
    if [part[0] for part in outer] != [SEQUENCE, SEQUENCE, BIT_STRING]:
        raise DerError("not a certificate: not its three parts")
    (_t, tbs_at, tbs_start, tbs_end), (_t2, algorithm_at, _s, algorithm_end), (_t3, _at, bits, bits_end) = outer
    if bits == bits_end or data[bits] != 0:
        raise DerError("a signature with unused bits or none")
    parts = children(data, tbs_start, tbs_end)
    version = 1
    if parts and parts[0][0] == 0xA0:
        version = _version(data, parts.pop(0))
    if [part[0] for part in parts[:6]] != [INTEGER, SEQUENCE, SEQUENCE, SEQUENCE, SEQUENCE, SEQUENCE]:
        raise DerError("not a certificate: serial, algorithm, names, validity and key are not where they belong")
    serial, algorithm, issuer, validity, subject, key = parts[:6]
    times = children(data, validity[2], validity[3])
    if len(times) != 2 or not {times[0][0], times[1][0]} <= _TIMES:
        raise DerError("a validity that is not two times")
    return Structure(
        to_be_signed=data[tbs_at:tbs_end], version=version, serial=plain_integer(data[serial[2]:serial[3]]),
        inner_algorithm=data[algorithm[1]:algorithm[3]], outer_algorithm=data[algorithm_at:algorithm_end],
        issuer=data[issuer[1]:issuer[3]], subject=data[subject[1]:subject[3]],
        not_before=(times[0][0], data[times[0][2]:times[0][3]]), not_after=(times[1][0], data[times[1][2]:times[1][3]]),
        public_key=data[key[1]:key[3]], extension_list=_optional(data, parts[6:], version), signature=data[bits + 1:bits_end])


def _version(data: bytes, part: tuple[int, int, int, int]) -> int:
    tag, start, end = element(data, part[2], part[3])
    if tag != INTEGER or end != part[3] or end - start != 1 or data[start] not in (1, 2):
        raise DerError("an unknown version")
    return data[start] + 1


def plain_integer(content: bytes) -> bytes:
    """The content octets of an INTEGER, as they are. Raises DerError if they are not minimal."""
    if not content:
        raise DerError("a serial number without octets")
    if len(content) > 1 and (content[0], content[1] >> 7) in ((0, 0), (0xFF, 1)):
        raise DerError("a serial number with superfluous leading octets")
    return content


def _optional(data: bytes, parts: list[tuple[int, int, int, int]], version: int) -> bytes:
    last = 0
    for part in parts:
        if part[0] <= last or part[0] not in (0x81, 0x82, 0xA1, 0xA2, 0xA3):
            raise DerError("something after the public key that does not belong there")
        last = part[0]
    if not parts or parts[-1][0] != 0xA3:
        return b""
    if version != 3:
        raise DerError("extensions in a certificate that is not of version 3")
    tag, start, end = element(data, parts[-1][2], parts[-1][3])
    if tag != SEQUENCE or end != parts[-1][3] or start == end:
        raise DerError("extensions that are not a list")
    return data[start:end]


def extensions(extension_list: bytes) -> tuple[Extension, ...]:
    """The extensions in a Structure's ``extension_list``. Raises DerError for one that is malformed or there twice."""
    found = tuple(_extension(extension_list, part) for part in children(extension_list, 0, len(extension_list)))
    if len({extension.oid for extension in found}) != len(found):
        raise DerError("an extension that is there twice (RFC 5280 4.2)")
    return found


def _extension(data: bytes, part: tuple[int, int, int, int]) -> Extension:
    fields = children(data, part[2], part[3]) if part[0] == SEQUENCE else []
    tags = tuple([field[0] for field in fields])
    if tags not in _EXTENSION_TAGS:
        raise DerError("an extension that is not well formed")
    critical = False
    if tags[1] == BOOLEAN:
        flag = data[fields[1][2]:fields[1][3]]
        if flag not in (b"\xff", b"\x00"):
            raise DerError("an extension whose critical flag is no truth value")
        critical = flag == b"\xff"
    oid = data[fields[0][2]:fields[0][3]]
    dotted(oid)
    return Extension(oid, critical, data[fields[-1][2]:fields[-1][3]], data[part[1]:part[3]])
