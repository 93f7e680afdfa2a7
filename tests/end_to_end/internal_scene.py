# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Persistent Chat servers and internal servers of a deployment behind WinRM: recorded ones, and internal ones with the real engine."""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pki
from end_to_end.internal_servers import NOW, VALID, Inventory, Server, leaf, simulate, thumbprint, using
from end_to_end.playing import PASSWORD, USER, variables

from ansible_collections.lync.persistent_chat.plugins.plugin_utils._snapshot.assignments import Assignment, Assignments
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._snapshot.files import dump
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._snapshot.snapshot import Snapshot
from winrm_host import Farm, Host, Recorded

ROOT = pki.root("R", "Contoso Root CA", serial=b"\x01")
ISSUING = pki.subordinate("S", ROOT, "Contoso Issuing CA", serial=b"\x02")
SECOND = pki.subordinate("T", ROOT, "Contoso Issuing CA 2", serial=b"\x03")
OTHER = pki.root("Q", "Fabrikam CA", serial=b"\x04")
CHAT = ("pchat1", "pchat2")


def named(host: str, by: pki.Spec, serial: int) -> pki.Spec:
    """The certificate of ``host`` from ``by``."""
    return pki.leaf(by, host, names=(f"{host}.{pki.DOMAIN}",), serial=bytes([0x30, serial]), **VALID)


def stored(host: str, *my: pki.Spec, told: Assignments | None = None) -> Snapshot:
    """A server that finds the chains of all CAs here, as of now."""
    cas, roots = ([each.build() for each in group] for group in ((ISSUING, SECOND), (ROOT, OTHER)))
    taken = pki.snapshot([pki.stored(each) for each in my], ca=cas, roots=roots, name=host)
    return replace(taken, recorded_at=NOW, host=replace(taken.host, name=host, clock=NOW), assignments=told)


def front_end(host: str, default: pki.Spec, internal: pki.Spec | None = None, external: pki.Spec | None = None) -> Snapshot:
    """A Front End: what Lync assigned to Default, and to the web services if that is another certificate."""
    uses = {"Default": default, "WebServicesInternal": internal or default, "WebServicesExternal": external or default}
    told = tuple(Assignment(use, thumbprint(spec)) for use, spec in uses.items())
    my = {thumbprint(spec): spec for spec in uses.values()}
    return stored(host, *my.values(), told=Assignments("Lync", told))


def recorded() -> list[Snapshot]:
    hosts = (*CHAT, "fe1", "fe2", "fe-web", "fe-public", "fe-bare", "fe-mediation", "pchat2-standard")
    own = {host: named(host, ISSUING, index) for index, host in enumerate(hosts)}
    strange = named("fe-other", OTHER, 10)
    public, web = named("fe-public", OTHER, 11), named("fe-web", OTHER, 12)
    return [
        *(stored(host, own[host]) for host in CHAT),
        *(front_end(host, own[host]) for host in ("fe1", "fe2", "pchat2-standard")),
        front_end("fe-other", strange),
        front_end("fe-second", named("fe-second", SECOND, 13)),
        front_end("fe-web", own["fe-web"], internal=web),
        front_end("fe-public", own["fe-public"], external=public),
        stored("fe-bare", own["fe-bare"], told=Assignments(None)),
        stored("fe-mediation", own["fe-mediation"], told=Assignments("Lync", (Assignment("Default", thumbprint(own["fe-mediation"])),))),
    ]


def live() -> dict[str, Server]:
    stores: dict[str, Any] = {"ca": [ISSUING], "root": [ROOT, OTHER]}
    return {
        "live1": using(leaf(ISSUING, "L", b"\x21"), **stores),
        "live2": using(leaf(ISSUING, "L", b"\x22"), **stores),
        "live-other": using(leaf(OTHER, "L", b"\x23"), **stores),
    }


@dataclass(frozen=True)
class Scene:
    """``hosts``: connection variables of each server; ``files``: the CAs' files by the name here."""

    hosts: Inventory
    files: Mapping[str, str]


@contextmanager
def recorded_scene(folder: Path) -> Iterator[Scene]:
    """All servers that answer from recordings, one that is off, and the CAs' files."""
    hosts: Inventory = {}
    with Farm() as farm:
        for snapshot in recorded():
            file = folder / f"{snapshot.name}.json"
            file.write_text(dump(snapshot), encoding="ascii")
            hosts[snapshot.name] = variables(farm.listen(Host(snapshot.name, Recorded(file), users={USER: PASSWORD})), "winrm")
        hosts["fe-bare"]["certificates_authority_thumbprint"] = thumbprint(named("fe-bare", ISSUING, 6))
        hosts["fe-off"] = variables(farm.reserve("fe-off"), "winrm")
        files = {}
        for name, spec in {"ISSUING": ISSUING, "OTHER": OTHER}.items():
            (folder / f"{name}.cer").write_bytes(spec.build())
            files[name] = str(folder / f"{name}.cer")
        yield Scene(hosts, files)


@contextmanager
def live_scene(scene: Scene, engine: Path, folder: Path) -> Iterator[Scene]:
    """The same, and internal servers with the real engine."""
    with Farm() as farm:
        yield replace(scene, hosts=scene.hosts | simulate(farm, engine, folder, live()))
