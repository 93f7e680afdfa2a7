# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Distinguished names: as text, and compared as RFC 5280 7.1 says. The bytes themselves are compared elsewhere, without this."""
from __future__ import annotations

from functools import lru_cache

from .der import OID, SEQUENCE, SET, DerError, children, dotted, whole

_LABELS = {"2.5.4.3": "CN", "2.5.4.6": "C", "2.5.4.7": "L", "2.5.4.8": "S", "2.5.4.10": "O", "2.5.4.11": "OU", "2.5.4.5": "SERIALNUMBER",
           "2.5.4.9": "STREET", "0.9.2342.19200300.100.1.25": "DC", "1.2.840.113549.1.9.1": "E"}
COMMON_NAME, EMAIL = "2.5.4.3", "1.2.840.113549.1.9.1"
_CODECS = {0x0C: "utf-8", 0x12: "ascii", 0x13: "latin-1", 0x14: "latin-1", 0x16: "latin-1", 0x1A: "ascii", 0x1C: "utf-32-be",
           0x1E: "utf-16-be"}
_TELETEX = 0x14

Attribute = tuple[str, int, bytes]
"""OID, tag of the string type, content octets."""


@lru_cache(maxsize=4096)
def attributes(name: bytes) -> tuple[tuple[Attribute, ...], ...]:
    """The RDNs of an encoded name, most significant first. Raises DerError."""
    rdns = []
    for tag, _at, start, end in whole(name, SEQUENCE):
        if tag != SET:
            raise DerError("a name that is not a list of sets")
        rdns.append(tuple(_attribute(name, part) for part in children(name, start, end)))
    return tuple(rdns)


def _attribute(name: bytes, part: tuple[int, int, int, int]) -> Attribute:
    fields = children(name, part[2], part[3]) if part[0] == SEQUENCE else []
    if len(fields) != 2 or fields[0][0] != OID:
        raise DerError("a name with a part that is not type and value")
    return dotted(name[fields[0][2]:fields[0][3]]), fields[1][0], name[fields[1][2]:fields[1][3]]


def value(attribute: Attribute) -> str | None:
    """The text of an attribute; None if its type or its octets are not text."""
    codec = _CODECS.get(attribute[1])
    if codec is None:
        return None
    try:
        return attribute[2].decode(codec)
    except UnicodeDecodeError:
        return None


@lru_cache(maxsize=4096)
def text(name: bytes) -> str | None:
    """The name as Windows shows it, least significant part first (``CN=..., DC=...``); None if it can't be read."""
    try:
        rdns = attributes(name)
    except DerError:
        return None
    return ", ".join("+".join(_pair(part) for part in rdn) for rdn in reversed(rdns))


def _pair(attribute: Attribute) -> str:
    content = value(attribute)
    shown = f"#{attribute[2].hex()}" if content is None else _quoted(content)
    return f"{_LABELS.get(attribute[0], 'OID.' + attribute[0])}={shown}"


def _quoted(content: str) -> str:
    clean = content[:256]
    if not clean.isprintable():
        clean = "".join(c if c.isprintable() else f"\\x{ord(c):02X}" for c in clean)
    if clean != clean.strip() or any(c in clean for c in ',+="<>#;'):
        return '"' + clean.replace('"', '""') + '"'
    return clean


def common_names(name: bytes) -> tuple[str, ...]:
    """All CNs of a name, or none if it can't be read."""
    return _values(name, COMMON_NAME)


def email_addresses(name: bytes) -> tuple[str, ...]:
    """All e-mail attributes of a name, or none if it can't be read."""
    return _values(name, EMAIL)


def _values(name: bytes, oid: str) -> tuple[str, ...]:
    try:
        rdns = attributes(name)
    except DerError:
        return ()
    return tuple(found for rdn in rdns for part in rdn if part[0] == oid and (found := value(part)) is not None)


def _folded(attribute: Attribute) -> tuple[str, str | bytes]:
    content = value(attribute)
    if content is None or attribute[1] == _TELETEX:
        # T.61 has no agreed reading, so it equals only itself.
        return attribute[0], bytes((attribute[1],)) + attribute[2]
    return attribute[0], " ".join(content.casefold().split())


@lru_cache(maxsize=4096)
def normalised(name: bytes) -> tuple[tuple[tuple[str, str | bytes], ...], ...] | None:
    """A form that is equal for names that RFC 5280 7.1 calls equal; None if the name can't be read."""
    try:
        return tuple(tuple(sorted((_folded(part) for part in rdn), key=repr)) for rdn in attributes(name))
    except DerError:
        return None


def same(first: bytes, second: bytes) -> bool:
    """Equal after the normalisation of RFC 5280 7.1."""
    if first == second:
        return True
    left = normalised(first)
    return left is not None and left == normalised(second)


EMPTY = b"\x30\x00"
"""A name without parts: never the name of a CA."""
