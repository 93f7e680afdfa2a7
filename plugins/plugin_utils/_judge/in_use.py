# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A CA that internal servers use: its keys and certificates, the CAs above it, the servers.

A CA is a name and a key (RFC 5280, 4.2.1.2): a name alone identifies nobody.
"""
from __future__ import annotations

from dataclasses import dataclass

from .certificate import Certificate
from .evidence import Evidence

Identity = tuple[bytes, bytes]
"""The subject's and the public key's DER."""


@dataclass(slots=True)
class InUse:
    """A CA in use: the keys that it is, its certificates, all CAs above it, the roots among them, the servers that use it."""

    keys: set[Identity]
    certificates: list[Certificate]
    above: set[Identity]
    roots: dict[bytes, Certificate]
    evidences: list[Evidence]


def identity(certificate: Certificate) -> Identity:
    """Whose certificate it is."""
    return certificate.subject, certificate.structure.public_key


def common_roots(found: list[InUse]) -> set[Identity]:
    """The roots that the chains of all of them prove, and that each server trusts: what one server brings in alone, a cross certificate
    of the others' CA from a root of its own for example, ties nothing to them."""
    return set.intersection(*(_trusted(each) for each in found))


def _trusted(found: InUse) -> set[Identity]:
    proved = {content: identity(root) for content, root in found.roots.items()}
    by_each = set.intersection(*({key for content, key in proved.items() if content in each.roots} for each in found.evidences))
    return by_each | (found.keys & set(proved.values()))  # its own renewals are proved by its own key, wherever they lie
