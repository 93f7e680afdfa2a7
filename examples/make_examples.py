# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Makes the example: a CA with its renewal, six servers of a Persistent Chat pool with their certificate stores, and internal servers.

Run by ``make examples``. Each run gives other keys, so other files that tell the same story: what it made is committed.
"""
from __future__ import annotations

import shutil
import ssl
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import contoso
import internal_cases
import pki
from contoso import BEFORE_RENEWAL, EARLIER, LYNC_CA, ROOT, SERVER_2012, TWO_YEARS, date, held, server

from ansible_collections.lync.persistent_chat.plugins.plugin_utils._snapshot import files
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._snapshot.snapshot import PrivateKey, Snapshot, StoredCertificate

AUTHORITIES = {"contoso-lync-ca.pem": LYNC_CA, "contoso-lync-ca-before-renewal.pem": BEFORE_RENEWAL, "contoso-root-ca.pem": ROOT}
LAB = contoso.root("lab", pki.LYNC_CA, 0x21, date(2026, 3, 1), date(2036, 3, 1))
"""Somebody's test CA of the same name."""
OVER = (date(2025, 11, 20), date(2026, 11, 20))


def chat(by: pki.Spec, host: str, number: int, days: tuple[datetime, datetime]) -> StoredCertificate:
    names = (pki.POOL, f"{host}.{pki.DOMAIN}")
    return held(contoso.certificate(by, names, number, *days), "Lync Persistent Chat")


def remote_desktop(host: str, number: int) -> StoredCertificate:
    """What Windows makes for Remote Desktop by itself: never what is looked for, and on every server."""
    name = pki.name(("CN", f"{host}.{pki.DOMAIN}"))
    own = pki.root(host, subject=name, serial=contoso.serial(number), not_before=date(2026, 9, 1), not_after=date(2027, 3, 3))
    return held(replace(own, extensions={"eku": pki.extended_key_usage(pki.SERVER_AUTH)}))


def chat_servers() -> list[Snapshot]:
    """The pool. The demo switches the sixth off."""
    older = chat(BEFORE_RENEWAL, "pchat2", 0x2A02, EARLIER)
    keyless = replace(chat(LYNC_CA, "pchat5", 0x2F05, TWO_YEARS), private_key=PrivateKey(present=False))
    return [
        server("pchat1", [remote_desktop("pchat1", 0x31), chat(LYNC_CA, "pchat1", 0x2F01, TWO_YEARS)], [LYNC_CA], [ROOT]),
        server("pchat2", [remote_desktop("pchat2", 0x32), older], [BEFORE_RENEWAL], [ROOT], SERVER_2012),
        server("pchat3", [remote_desktop("pchat3", 0x33), chat(LAB, "pchat3", 0x0103, TWO_YEARS)], [LYNC_CA], [ROOT, LAB]),
        server("pchat4", [chat(LYNC_CA, "pchat4", 0x2B04, OVER)], [LYNC_CA], [ROOT]),
        server("pchat5", [keyless], [BEFORE_RENEWAL, LYNC_CA], [ROOT]),
        server("pchat6", [chat(LYNC_CA, "pchat6", 0x2F06, TWO_YEARS)], [LYNC_CA], [ROOT]),
    ]


def record(folder: Path, snapshots: Sequence[Snapshot]) -> None:
    folder.mkdir(parents=True)
    for snapshot in snapshots:
        (folder / files.file_name(snapshot.name)).write_text(files.dump(snapshot), encoding="ascii")
    print(f"{folder.relative_to(contoso.HERE.parent)}: {', '.join(snapshot.host.name for snapshot in snapshots)}")


def main() -> int:
    for name, spec in AUTHORITIES.items():
        (contoso.HERE / "authority" / name).write_text(ssl.DER_cert_to_PEM_cert(spec.build()), encoding="ascii")
    for made in ("recorded", "internal"):
        shutil.rmtree(contoso.HERE / made, ignore_errors=True)
    record(contoso.HERE / "recorded", [*chat_servers(), *internal_cases.renewed()])
    for case, snapshots in internal_cases.cases().items():
        record(contoso.HERE / "internal" / case, snapshots)
    return 0


if __name__ == "__main__":
    sys.exit(main())
