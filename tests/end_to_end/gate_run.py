# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs a site playbook in one of the forms of docs with the real ansible-playbook, on recorded snapshots, and tells what happened."""
from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pki

from ansible_collections.lync.persistent_chat.plugins.plugin_utils._snapshot.files import dump, file_name
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._snapshot.snapshot import Snapshot

HERE = Path(__file__).resolve().parent
COLLECTIONS = HERE.parent.parent / ".cache" / "collections"
PLAYBOOK = Path(sys.executable).parent / "ansible-playbook"

SERVERS = ("pchat1", "pchat2", "pchat3", "pchat4")
EVERYWHERE = (*SERVERS, "sql1", "localhost")
GATE = "lync.persistent_chat.certificates"
INSTALL: dict[str, Any] = {"name": "install it", "test.probe.install": {}, "tags": ["install"]}
CLOSED_PORT = 9  # discard: nothing listens there

Mapped = dict[str, Any]
Runner = Callable[[Path, list[str], dict[str, str]], "tuple[int, str]"]


@dataclass(frozen=True)
class Row:
    """One situation.

    ``hosts`` says how each server is (a key of STATES; good if absent); ``installs`` where install tasks must run: nowhere, and the exit
    code not 0, if None. ``shows`` is what the report's table must say of a host, ``says`` what the text must contain.
    ``forms``: P import_playbook preinstall; R role in a play, then import_playbook require; H role in a play, lookup in the install
    play's hosts.
    """

    what: str
    hosts: Mapping[str, str] = field(default_factory=dict)
    installs: Sequence[str] | None = None
    shows: Mapping[str, str] = field(default_factory=dict)
    says: Sequence[str] = ()
    contacted: Sequence[str] | None = None
    forms: str = "PRH"
    args: Sequence[str] = ()
    env: Mapping[str, str] = field(default_factory=dict)
    play: Mapped = field(default_factory=dict)  # keywords of the play that holds the role
    role: Mapped = field(default_factory=dict)  # keywords of the role
    imported: Mapped = field(default_factory=dict)  # keywords of import_playbook
    install: Mapped = field(default_factory=dict)  # keywords of the install plays
    hold: str = "persistent_chat"
    group: str | None = None
    before: Sequence[Mapped] = ()  # plays before the gate
    first: Sequence[Mapped] = ()  # tasks before the role in its play
    between: Sequence[Mapped] = ()  # plays between the gate and the installs
    rescue: bool = False
    include: bool = False
    inventory: Callable[[Mapped], object] | None = None
    site: Callable[[Row, str], list[Mapped]] | None = None
    run: Runner | None = None
    earlier: bool = False  # the same was run before, all good

    @property
    def passes(self) -> bool:
        return self.installs is not None


@dataclass(frozen=True)
class Outcome:
    code: int
    text: str
    installed: list[str]
    contacted: list[str]

    @property
    def flat(self) -> str:
        return " ".join(self.text.split())


# ---- hosts

def _snapshot(host: str, *, days: int = 300, machine: str | None = None) -> str:
    """What a host holds: one certificate of the CA that is good in all respects and lasts ``days``."""
    now = datetime.now(timezone.utc).replace(microsecond=0)
    fqdn = (machine or host).lower()
    if not re.fullmatch(r"[a-z][a-z0-9-]*([.][a-z0-9-]+)*", fqdn):
        fqdn = "server" + re.sub(r"[^0-9a-z]", "", fqdn)  # an address
    name, _dot, domain = (fqdn if "." in fqdn else f"{fqdn}.{pki.DOMAIN}").partition(".")
    leaf = pki.leaf(pki.root(), names=(f"{name}.{domain}",), not_before=now - timedelta(days=400), not_after=now + timedelta(days=days))
    taken: Snapshot = pki.snapshot([pki.stored(leaf)], roots=[authority()], name=host)
    return dump(replace(taken, recorded_at=now, host=replace(taken.host, name=name, domain=domain, clock=now)))


_AUTHORITY: list[bytes] = []


def authority() -> bytes:
    if not _AUTHORITY:
        _AUTHORITY.append(pki.root().build())
    return _AUTHORITY[0]


ODD = {"certificates_snapshot_directory": "", "ansible_connection": "test.probe.odd"}
CLOSED = {
    "certificates_snapshot_directory": "",
    "ansible_connection": "winrm",
    "ansible_host": "127.0.0.1",
    "ansible_port": CLOSED_PORT,
    "ansible_winrm_scheme": "http",
    "ansible_winrm_transport": "basic",
    "ansible_user": "u",
    "ansible_password": "p",
}
STATES: dict[str, tuple[Mapped, Callable[[str], str | None]]] = {
    "good": ({}, _snapshot),
    "bad": ({}, lambda host: _snapshot(host, days=-2)),
    "old": ({}, lambda host: re.sub(r'"recorded_at": "\d+', '"recorded_at": "2024', _snapshot(host))),
    "torn": ({}, lambda host: _snapshot(host)[:-200]),
    "absent": ({}, lambda _host: None),
    "twin": ({}, lambda host: _snapshot(host, machine="pchat2")),
    "closed": (CLOSED, lambda _host: None),
    "unreachable": ({**ODD}, lambda _host: None),
    "crash": ({**ODD, "probe": "crash"}, lambda _host: None),
    "hang": ({**ODD, "probe": "hang"}, lambda _host: None),
    "kill": ({**ODD, "probe": "kill"}, lambda _host: None),
}
"""How a server can be: its variables, and its snapshot."""


def inventory(row: Row, folder: Path) -> Mapped:
    servers = {host: {**STATES[row.hosts.get(host, "good")][0], "state": row.hosts.get(host, "good")} for host in SERVERS}
    built: Mapped = {"all": {
        "vars": {"ansible_connection": "local", "ansible_python_interpreter": "{{ ansible_playbook_python }}",
                 "certificates_authority_files": [str(folder / "ca.cer")], "certificates_snapshot_directory": str(folder / "snapshots")},
        "children": {"persistent_chat": {"hosts": servers}, "sql": {"hosts": {"sql1": {}}}}}}
    if row.inventory:
        row.inventory(built)
    return built


def _record(found: Mapped, folder: Path, *, all_good: bool = False) -> None:
    """Snapshots of all hosts that have a state, in whatever group."""
    (folder / "snapshots").mkdir(exist_ok=True)
    groups = [found["all"]]
    while groups:
        group = groups.pop()
        groups += group.get("children", {}).values()
        for host, variables in group.get("hosts", {}).items():
            text = STATES["good" if all_good else (variables or {}).get("state", "good")][1](host)
            if text is not None and (variables or {}).get("state"):
                (folder / "snapshots" / file_name(host)).write_text(text)


# ---- site playbooks

def site(row: Row, form: str) -> list[Mapped]:
    if row.site:
        return row.site(row, form)
    return [*row.before, *gate(row, form), *row.between, *installs(form, **row.install)]


def gate(row: Row, form: str) -> list[Mapped]:
    chosen = {"vars": {"certificates_group": row.group}} if row.group else {}
    if form == "P":
        return [{"import_playbook": "lync.persistent_chat.preinstall", **chosen, **row.imported}]
    task = {"name": "gate", f"ansible.builtin.{'include' if row.include else 'import'}_role": {"name": GATE}, **chosen, **row.role}
    tasks = [*row.first, task]
    if row.rescue:
        tasks = [{"block": tasks, "rescue": [{"ansible.builtin.debug": {"msg": "rescued"}}]}]
    plays: list[Mapped] = [{"name": "gate", "hosts": row.hold, "gather_facts": False, **row.play, "tasks": tasks}]
    if form == "R":
        plays.append({"import_playbook": "lync.persistent_chat.require", **chosen})
    return plays


def installs(form: str = "P", **keywords: Any) -> list[Mapped]:
    lookup = "{{ lookup('lync.persistent_chat.satisfied', 'persistent_chat') }}"
    hosts = [lookup if form == "H" else "persistent_chat", "sql", "localhost"]
    return [{"name": "install", "hosts": each, "gather_facts": False, **keywords, "tasks": [INSTALL]} for each in hosts]


# ---- runs

def carry_out(row: Row, form: str, folder: Path) -> Outcome:
    folder.mkdir(exist_ok=True)
    (folder / "ca.cer").write_bytes(authority())
    (folder / "ansible.cfg").write_text("[defaults]\n")
    (folder / "site.yml").write_text(json.dumps(site(row, form), indent=1))
    found = inventory(row, folder)
    (folder / "inventory.yml").write_text(json.dumps(found, indent=1))
    env = environment(folder) | {key: value.replace("@D", str(folder)) for key, value in row.env.items()}
    args = [each.replace("@D", str(folder)) for each in row.args]
    command = [str(PLAYBOOK), "-i", f"{folder}/inventory.yml", f"{folder}/site.yml", *args]
    if row.earlier:
        _earlier(row, found, folder, env)
    _record(found, folder)
    code, text = (row.run or plain)(folder, command, env)
    (folder / "output.txt").write_text(f"{' '.join(command)}\n{text}\ncode {code}\n")
    return Outcome(code, text, _lines(folder / "installed"), _lines(folder / "contacted"))


def _earlier(row: Row, found: Mapped, folder: Path, env: dict[str, str]) -> None:
    good = inventory(replace(row, hosts={}), folder)
    (folder / "good.yml").write_text(json.dumps(good))
    _record(found, folder, all_good=True)
    code, text = plain(folder, [str(PLAYBOOK), "-i", f"{folder}/good.yml", f"{folder}/site.yml"], env)
    assert code == 0, text
    (folder / "installed").unlink()


def plain(folder: Path, command: list[str], env: dict[str, str], given: str | None = None) -> tuple[int, str]:
    with (folder / "raw.txt").open("w+") as output:
        done = subprocess.run(command, env=env, cwd=folder, stdout=output, stderr=subprocess.STDOUT, timeout=180, check=False, text=True,
                              **({"stdin": subprocess.DEVNULL} if given is None else {"input": given}))
    return done.returncode, (folder / "raw.txt").read_text(errors="replace")


def environment(folder: Path) -> dict[str, str]:
    collections = os.environ.get("GATE_COLLECTIONS", str(COLLECTIONS))
    return {"PATH": f"{PLAYBOOK.parent}:/usr/bin:/bin", "HOME": str(folder), "LANG": "C.UTF-8", "COLUMNS": "400", "PROBE_DIR": str(folder),
            "ANSIBLE_COLLECTIONS_PATH": f"{collections}:{HERE / 'collections'}", "ANSIBLE_CONFIG": str(folder / "ansible.cfg"),
            "ANSIBLE_NOCOLOR": "1", "ANSIBLE_LOCALHOST_WARNING": "0", "PYTHONPATH": str(HERE / "faults")}


def _lines(path: Path) -> list[str]:
    return path.read_text().split() if path.exists() else []
