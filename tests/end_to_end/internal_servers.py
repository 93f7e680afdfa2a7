# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Internal Lync servers behind real WinRM: real stores, and a stand-in for Lync's module that says what is assigned."""
from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import lync_module
import pki
from cryptography import x509
from end_to_end.playing import PASSWORD, USER, variables
from end_to_end.stores import Kept, put
from engine import store_folder

from winrm_host import Farm, Host, PowerShell

NOW = datetime.now(timezone.utc).replace(microsecond=0)
VALID: dict[str, Any] = {"not_before": NOW - timedelta(days=30), "not_after": NOW + timedelta(days=300)}
Inventory = dict[str, dict[str, object]]


@dataclass
class Server:
    """An internal server: its stores, what Lync says there (None: no Lync), its connection, and its further variables."""

    my: Sequence[pki.Spec]
    ca: Sequence[pki.Spec] = ()
    root: Sequence[pki.Spec] = ()
    lync: dict[str, Any] | None = field(default_factory=dict)
    connection: str = "winrm"
    variables: dict[str, object] = field(default_factory=dict)


def thumbprint(spec: pki.Spec) -> str:
    return hashlib.sha1(spec.build()).hexdigest().upper()


def content(spec: pki.Spec) -> str:
    return base64.b64encode(spec.build()).decode("ascii")


def leaf(by: pki.Spec, label: str, serial: bytes, **changes: Any) -> pki.Spec:
    """A server certificate that is valid at the host's real clock. The serial is fixed, so that each build gives the same bytes."""
    return pki.leaf(by, label, serial=serial, **(VALID | changes))


def using(found: pki.Spec, *, ca: Sequence[pki.Spec] = (), root: Sequence[pki.Spec] = ()) -> Server:
    """A server whose Default certificate is ``found``."""
    return Server([found], ca, root, {"assigned": {"Default": thumbprint(found)}})


def simulate(farm: Farm, engine: Path, folder: Path, servers: Mapping[str, Server]) -> Inventory:
    """Starts ``servers`` with their stores below ``folder``: {name: variables of its connection, and its own}."""
    inventory: Inventory = {}
    for name, server in servers.items():
        home = folder / name
        _furnish(home, server)
        executor = PowerShell(engine, home, environment={"PSModulePath": str(home / "modules")})
        port = farm.listen(Host(name, executor, users={USER: PASSWORD}))
        inventory[name] = variables(port, server.connection, **server.variables)
    return inventory


def _furnish(home: Path, server: Server) -> None:
    home.mkdir(parents=True)
    kept = Kept()
    for store, specs in (("My", server.my), ("CA", server.ca), ("Root", server.root)):
        store_folder(home, store).mkdir(parents=True, exist_ok=True)
        for spec in specs:
            put(home, kept, store, x509.load_der_x509_certificate(spec.build()), spec.key if store == "My" else None)
    (home / "modules").mkdir()
    if server.lync is not None:
        lync_module.install(home / "modules", **server.lync)
