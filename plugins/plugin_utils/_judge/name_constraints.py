# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Name constraints (RFC 5280 4.2.1.10): what a CA may issue for. Kinds that are not evaluated are never ignored."""
from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from cryptography import x509

from . import names
from .certificate import Certificate
from .understanding import NotUnderstood, guarded


class Counter(Protocol):
    """Counts comparisons and raises when there were too many."""

    def compare(self) -> None:
        """One more comparison."""


@dataclass(frozen=True, slots=True)
class Breach:
    """``name`` is the name that may not be, ``reason`` a clause; ``open``: not evaluated, so neither allowed nor forbidden."""

    name: str
    reason: str
    open: bool = False


_KINDS: dict[type, str] = {x509.DNSName: "dns", x509.IPAddress: "ip", x509.DirectoryName: "directory", x509.RFC822Name: "e-mail",
                           x509.UniformResourceIdentifier: "URI", x509.OtherName: "other name", x509.RegisteredID: "registered ID"}
_EVALUATED = ("dns", "ip", "directory")

Entry = tuple[str, object]


def names_of(certificate: Certificate, common_names: tuple[str, ...]) -> tuple[Entry, ...]:
    """Everything that constraints bind: SAN, subject, its e-mail addresses, and CNs that are used as host names. Raises NotUnderstood."""
    found: list[Entry] = [(_KINDS[type(entry)], _content(entry)) for entry in certificate.alternative_names]
    if certificate.subject != names.EMPTY:
        found.append(("directory", certificate.subject))
    found += [("e-mail", address) for address in names.email_addresses(certificate.subject)]
    found += [("dns", name) for name in common_names]
    return tuple(found)


def _content(entry: x509.GeneralName) -> object:
    if isinstance(entry, x509.DirectoryName):
        return guarded("a directory name", entry.value.public_bytes)
    return entry.value


def breaches(constraints: x509.NameConstraints, entries: tuple[Entry, ...], counter: Counter) -> Iterator[Breach]:
    """What of these names the constraints forbid or leave open. Raises NotUnderstood."""
    permitted = [(_KINDS[type(base)], _content(base)) for base in constraints.permitted_subtrees or ()]
    excluded = [(_KINDS[type(base)], _content(base)) for base in constraints.excluded_subtrees or ()]
    for kind, content in entries:
        allowed = [base for its_kind, base in permitted if its_kind == kind]
        forbidden = [base for its_kind, base in excluded if its_kind == kind]
        if not allowed and not forbidden:
            continue
        shown = names.text(content) or "?" if isinstance(content, bytes) else str(content)
        if kind not in _EVALUATED:
            yield Breach(shown, f"its constraints on names of the kind {kind} are not evaluated", open=True)
            continue
        yield from _judged(kind, content, shown, allowed, forbidden, counter)


def _judged(kind: str, content: object, shown: str, allowed: list[object], forbidden: list[object], counter: Counter) -> Iterator[Breach]:
    if kind == "dns" and not all(_well_formed(str(name)) for name in (content, *allowed, *forbidden)):
        yield Breach(shown, "the name or the constraint is malformed")
        return
    for base in forbidden:
        counter.compare()
        if _within(kind, content, base) or (kind == "dns" and _reaches(str(content), str(base))):
            yield Breach(shown, "it excludes that name")
            return
    for base in allowed:
        counter.compare()
        if _within(kind, content, base):
            return
    if allowed:
        yield Breach(shown, "it permits other names only")


def _within(kind: str, content: object, base: object) -> bool:
    if kind == "dns":
        return _below(str(content).lower(), str(base).lower())
    if kind == "ip":
        return _address_within(content, base)
    return _directory_within(content, base)


def _below(name: str, base: str) -> bool:
    if base in ("", name):
        return True
    return name.endswith(base if base.startswith(".") else f".{base}")


def _reaches(name: str, base: str) -> bool:
    # *.contoso.local covers www.contoso.local, so excluding the latter excludes the wildcard.
    if not name.startswith("*."):
        return False
    parent = base.lower().lstrip(".").partition(".")[2]
    return parent == name[2:].lower()


def _well_formed(name: str) -> bool:
    text = name.lower().removeprefix("*.").removeprefix(".")
    return text == "" or (len(text) <= 253 and text.isascii() and all(
        len(label) <= 63 and label.replace("-", "").replace("_", "").isalnum() for label in text.split(".")))


def _address_within(content: object, base: object) -> bool:
    return isinstance(base, (ipaddress.IPv4Network, ipaddress.IPv6Network)) and isinstance(
        content, (ipaddress.IPv4Address, ipaddress.IPv6Address)) and content in base


def _directory_within(content: object, base: object) -> bool:
    inner = names.normalised(content) if isinstance(content, bytes) else None
    outer = names.normalised(base) if isinstance(base, bytes) else None
    if inner is None or outer is None:
        raise NotUnderstood("a directory name under name constraints")
    return inner[:len(outer)] == outer
