# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Pieces of the example: contoso.local's CAs, and servers with what lies in their certificate stores.

Days and serial numbers are fixed, keys are random and never written.
"""
from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "tests"), str(HERE.parent / ".cache" / "collections")]

import pki  # noqa: E402

from ansible_collections.lync.persistent_chat.plugins.plugin_utils._snapshot.snapshot import Snapshot, StoredCertificate  # noqa: E402

SERVER_2012, SERVER_2012_R2 = ("Microsoft Windows NT 6.2.9200.0", "3.0"), ("Microsoft Windows NT 6.3.9600.0", "4.0")
"""Version of Windows and of its PowerShell."""


def date(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 8, 30, tzinfo=timezone.utc)


TWO_YEARS, EARLIER = (date(2026, 10, 5), date(2028, 10, 4)), (date(2025, 2, 3), date(2027, 2, 3))
"""First and last day of a certificate from after the CA's renewal, and of one from before it."""


def lasting(first: datetime, last: datetime) -> dict[str, Any]:
    return {"not_before": first, "not_after": last}


def serial(number: int) -> bytes:
    return number.to_bytes(number.bit_length() // 8 + 1, "big")


def root(label: str, name: str, number: int, first: datetime, last: datetime, **changes: Any) -> pki.Spec:
    return pki.root(label, name, serial=serial(number), **lasting(first, last), **changes)


def subordinate(label: str, by: pki.Spec, name: str, number: int, first: datetime, last: datetime, **changes: Any) -> pki.Spec:
    return pki.subordinate(label, by, name, serial=serial(number), **lasting(first, last), **changes)


ROOT = root("root", "Contoso Root CA", 0x11, date(2014, 1, 15), date(2044, 1, 15))
BEFORE_RENEWAL = subordinate("lync", ROOT, pki.LYNC_CA, 0x6100_0002, date(2017, 1, 15), date(2027, 2, 15))
LYNC_CA = BEFORE_RENEWAL.change(serial=serial(0x6100_0005), **lasting(date(2025, 6, 2), date(2035, 6, 2)))
"""The CA in force: it renewed its certificate and kept its key."""


def certificate(by: pki.Spec, names: Sequence[str], number: int, first: datetime, last: datetime) -> pki.Spec:
    """A server's certificate as template WebServer gives it; the first of ``names`` is its subject."""
    return pki.leaf(by, f"server {number:x}", names, serial=serial(number), **lasting(first, last))


def held(spec: pki.Spec, friendly_name: str | None = None) -> StoredCertificate:
    """The certificate as it lies in My, with its key in the machine store of the provider that Lync wants."""
    container = f"le-WebServer-{spec.serial.hex()}" if spec.serial else None
    return pki.stored(spec, pki.private_key(spec.key, container=container), friendly_name=friendly_name)


def server(name: str, my: Sequence[StoredCertificate], cas: Sequence[pki.Spec], roots: Sequence[pki.Spec],
           windows: tuple[str, str] = SERVER_2012_R2) -> Snapshot:
    """All that was read of one server; ``name`` is without its domain."""
    found = pki.snapshot(
        my, ca=[ca.build() for ca in cas], roots=[ca.build() for ca in roots], name=f"{name}.{pki.DOMAIN}", os_version=windows[0],
        powershell_version=windows[1], tls_1_0_disabled=False, trusted_issuer_list=False)
    return replace(found, host=replace(found.host, name=name))
