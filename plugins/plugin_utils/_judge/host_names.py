# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Host names in certificates (RFC 6125): what covers a wanted name, and how."""
from __future__ import annotations

import ipaddress
import re
from functools import lru_cache

from cryptography import x509

from . import names
from .certificate import Certificate

_HOST = re.compile(r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)+|[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?")


@lru_cache(maxsize=1024)
def is_address(name: str) -> bool:
    """Whether it is an IP address instead."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def dns_names(certificate: Certificate) -> tuple[str, ...]:
    """The dNSNames of the SAN as they stand there. Raises NotUnderstood."""
    return tuple(entry.value for entry in certificate.alternative_names if isinstance(entry, x509.DNSName))


def exact(wanted: str, found: str) -> bool:
    """Equal without case, ASCII only; a name with NUL, space or other odd characters equals nothing."""
    folded = found.lower()
    return folded == wanted.lower() and found.isascii() and _HOST.fullmatch(folded) is not None


def wildcard(wanted: str, found: str) -> bool:
    """A whole left-most label ``*`` that stands for exactly one label, and not directly below a top-level label."""
    if not found.startswith("*.") or not found.isascii():
        return False
    base = found[2:].lower()
    label, _dot, rest = wanted.lower().partition(".")
    return "." in base and _HOST.fullmatch(base) is not None and bool(label) and rest == base


def common_names_used(certificate: Certificate, allow_cn: bool) -> tuple[str, ...]:
    """The CNs that count as host names: only where that is allowed and the SAN has no dNSName (RFC 6125 6.4.4). Raises NotUnderstood."""
    if not allow_cn or dns_names(certificate):
        return ()
    return tuple(name for name in names.common_names(certificate.subject) if _HOST.fullmatch(name.lower().removeprefix("*.")))
