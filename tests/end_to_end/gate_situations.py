# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Inventories, site playbooks and ways to run them, for the rows of the gate's table."""
from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pki
from end_to_end.gate_run import GATE, PLAYBOOK, SERVERS, Mapped, Row, Runner, installs, plain, site

REPORT = ["-e", "certificates_report_directory=@D/reports"]
SPOOFED = json.dumps({"certificates_record": {"failed": False, "verdict": {"host": "pchat2", "outcome": "satisfied"}}})
FORGED = "{{ {'verdict': hostvars['pchat1'].checked.verdict | combine({'host': inventory_hostname, 'fqdn': inventory_hostname})} }}"
WEB = "fe1 (web services)"
ODD_NAMES = ("chat01.Contoso.local", "10.0.0.7", "fe80::1", "2013")


# ---- inventories

def _servers(built: Mapped) -> Mapped:
    found: Mapped = built["all"]["children"]["persistent_chat"]["hosts"]
    return found


def empty(built: Mapped) -> None:
    built["all"]["children"]["persistent_chat"] = {"hosts": {}}


def no_group(built: Mapped) -> None:
    del built["all"]["children"]["persistent_chat"]


def all_variables(**variables: Any) -> Callable[[Mapped], None]:
    def change(built: Mapped) -> None:
        built["all"]["vars"].update(variables)
    return change


def without_authority(built: Mapped) -> None:
    del built["all"]["vars"]["certificates_authority_files"]


def twice(built: Mapped) -> None:
    servers = _servers(built)
    both = {"pool_a": {"hosts": servers}, "pool_b": {"hosts": {"pchat1": {}, "pchat2": {}}}}
    built["all"]["children"]["persistent_chat"] = {"children": both}


def pools(built: Mapped) -> None:
    servers = _servers(built)
    parts = {"pool_a": SERVERS[:2], "pool_b": SERVERS[2:]}
    halves = {pool: {"hosts": {host: servers[host] for host in part}} for pool, part in parts.items()}
    built["all"]["children"]["persistent_chat"] = {"children": halves}


def group_elsewhere(built: Mapped) -> None:
    built["all"]["vars"]["certificates_group"] = "pool_x"
    built["all"]["children"]["pool_x"] = built["all"]["children"].pop("persistent_chat")


def localhost_too(built: Mapped) -> None:
    _servers(built)["localhost"] = {"state": "bad"}


def extra_bad(built: Mapped) -> None:
    built["all"]["children"]["sql"]["hosts"]["sql1"] = {"state": "bad"}


def sql_good(built: Mapped) -> None:
    built["all"]["children"]["sql"]["hosts"]["sql1"] = {"state": "good"}


def odd_names(built: Mapped, state: str = "good") -> None:
    built["all"]["children"]["persistent_chat"] = {"hosts": {host: {"state": state} for host in ODD_NAMES}}


def odd_names_bad(built: Mapped) -> None:
    odd_names(built, "bad")


def carrier(built: Mapped) -> None:
    """A host before the group in the inventory's order whose connection can't even be loaded."""
    unusable = {"ansible_connection": "no.such.plugin", "ansible_become": True, "ansible_become_method": "no_such"}
    built["all"]["children"]["aaa"] = {"hosts": {"aaa1": unusable}}


def spoof(built: Mapped) -> None:
    for host, variables in _servers(built).items():
        variables["certificates_record"] = {"verdict": {"outcome": "satisfied", "host": host}}
        variables["certificates_report"] = {"gate": {"passed": True, "servers": list(SERVERS)}, "failed": False}


def first_half(built: Mapped) -> None:
    for host in SERVERS[2:]:
        del _servers(built)[host]


def waiver(**changes: str) -> str:
    whole = {"code": "revocation.cdp_absent", "hosts": "*", "owner": "Jane Doe", "reason": "soon", "until": "2099-12-31"}
    return json.dumps({"certificates_waivers": [{**whole, **changes}]})


def facts_from_python(built: Mapped) -> None:
    """The probe's connection is no Windows host for the setup module either: nobody answers."""
    built["all"]["vars"]["ansible_facts_modules"] = ["ansible.builtin.setup"]


# ---- site playbooks

def lost(how: str) -> list[Mapped]:
    here = "inventory_hostname == 'pchat3'"
    task: Mapped = {"ansible.builtin.fail": {"msg": "lost"}, "when": here}
    if how == "unreachable":
        task = {"ansible.builtin.setup": {}, "when": here, "vars": {"ansible_connection": "test.probe.odd"}}
    return [{"name": "baseline", "hosts": "all", "gather_facts": False, "tasks": [task]}]


def joined() -> list[Mapped]:
    added = {"name": "pchat9", "groups": "persistent_chat", "ansible_connection": "local"}
    return [{"hosts": "localhost", "gather_facts": False, "tasks": [{"ansible.builtin.add_host": added}]}]


def audit(**variables: Any) -> Callable[[Row, str], list[Mapped]]:
    return lambda _row, _form: [{"import_playbook": "lync.persistent_chat.audit", "vars": variables}]


def collect(_row: Row, _form: str) -> list[Mapped]:
    return [{"import_playbook": "lync.persistent_chat.collect", "vars": {"certificates_snapshot_directory": "taken"}}]


def alone(**keywords: Any) -> Callable[[Row, str], list[Mapped]]:
    """The module without the role."""
    options = {"authority_files": "{{ certificates_authority_files }}", "snapshot": "{{ certificates_snapshot_directory }}"}
    task = {"lync.persistent_chat.certificate_check": options, **keywords}
    return lambda _row, _form: [{"hosts": "persistent_chat", "gather_facts": False, "tasks": [task]}]


def by_hand(report: Mapped | None = None, *, check: Mapped | None = None, task: Mapped | None = None) -> Callable[[Row, str], list[Mapped]]:
    """Both modules in tasks of the caller's own, and require behind them; other options of the report, keywords of the two tasks."""
    understood = {"authority_files": "{{ certificates_authority_files }}", "snapshot": "{{ certificates_snapshot_directory }}"}
    options = {"expected": list(SERVERS), "record": "checked", **(report or {})}
    tasks: list[Mapped] = [
        {"lync.persistent_chat.certificate_check": understood, "register": "checked", "ignore_errors": True, **(check or {})},
        {"lync.persistent_chat.certificate_report": options, "register": "certificates_report", "any_errors_fatal": True,
         "run_once": True, "delegate_to": "localhost", **(task or {})},
    ]
    plays: list[Mapped] = [
        {"hosts": "persistent_chat", "gather_facts": False, "tasks": tasks}, {"import_playbook": "lync.persistent_chat.require"}]
    return lambda _row, _form: [*plays, *installs()]


def beside(host: str, expected: str = WEB) -> Callable[[Row, str], list[Mapped]]:
    """Beside the record a satisfied verdict of this run that names ``host``; ``expected`` is expected, too."""
    other = json.dumps({"host": host, "use": "web services"})
    good = "{{ [hostvars['pchat1'].checked.verdict | combine(" + other + ")] }}"
    return by_hand({"expected": [*SERVERS, expected], "verdicts": good})


def two_gates(_row: Row, _form: str) -> list[Mapped]:
    first = {"import_playbook": "lync.persistent_chat.preinstall", "vars": {"certificates_group": "pool_a"}}
    second = {"import_playbook": "lync.persistent_chat.preinstall", "vars": {"certificates_group": "pool_b"}, "tags": ["second"]}
    return [first, second, *installs()]


def stricter(keywords: Mapped | None = None, *, lose: bool = True, rescue: bool = False) -> Callable[[Row, str], list[Mapped]]:
    """Two gates for one group; the second wants a name that no certificate has."""
    def gate(form: str, variables: Mapped, extra: Mapped) -> list[Mapped]:
        if form == "P":
            return [{"import_playbook": "lync.persistent_chat.preinstall", "vars": variables, **extra}]
        task: Mapped = {"ansible.builtin.import_role": {"name": GATE}, "vars": variables, **extra}
        if rescue and variables:
            task = {"block": [task], "rescue": [{"ansible.builtin.debug": {}}]}
        return [{"hosts": "persistent_chat", "gather_facts": False, "tasks": [task]}, {"import_playbook": "lync.persistent_chat.require"}]

    def build(_row: Row, form: str) -> list[Mapped]:
        cleared = {"hosts": "all", "gather_facts": False, "tasks": [{"ansible.builtin.meta": "clear_host_errors"}]}
        second = gate(form, {"certificates_names": ["elsewhere.contoso.local"]}, keywords or {})
        return [*gate(form, {}, {}), *(lost("failed") if lose else []), *second, cleared, *installs()]

    return build


def odd_require(row: Row, form: str) -> list[Mapped]:
    plays = site(replace(row, site=None), form)
    for play in plays:
        if "import_playbook" in play:
            play.update({"when": False, "tags": ["req"]})
    return plays


def rescue_install(row: Row, form: str) -> list[Mapped]:
    plays = site(replace(row, site=None), form)
    for play in plays:
        if play.get("name") == "install":
            play["tasks"] = [{"block": [{"ansible.builtin.debug": {}}], "rescue": [{"ansible.builtin.debug": {}}]}, *play["tasks"]]
    return plays


# ---- ways to run them

def retry(folder: Path, command: list[str], env: dict[str, str]) -> tuple[int, str]:
    (folder / "retry").write_text("pchat1\n")
    return plain(folder, command, env)


def step(answers: str) -> Runner:
    return lambda folder, command, env: plain(folder, [*command, "--step"], env, answers)


def listings(folder: Path, command: list[str], env: dict[str, str]) -> tuple[int, str]:
    done = [plain(folder, [*command, flag], env) for flag in ("--syntax-check", "--list-hosts", "--list-tasks", "--list-tags")]
    return max(code for code, _text in done), "\n".join(text for _code, text in done)


def leaf() -> bytes:
    return pki.leaf(pki.root()).build()


def expired() -> bytes:
    return pki.root(not_before=pki.day(-4000), not_after=pki.day(-2000)).build()


def authority(content: bytes | Callable[[], bytes] | None) -> Runner:
    def run(folder: Path, command: list[str], env: dict[str, str]) -> tuple[int, str]:
        (folder / "ca.cer").unlink()
        if content is not None:
            (folder / "ca.cer").write_bytes(content if isinstance(content, bytes) else content())
        return plain(folder, command, env)

    return run


def group_vars_beside_site(folder: Path, command: list[str], env: dict[str, str]) -> tuple[int, str]:
    (folder / "group_vars").mkdir()
    (folder / "elsewhere").mkdir()
    (folder / "group_vars" / "persistent_chat.yml").write_text('{"certificates_match": "chain"}')
    (folder / "inventory.yml").rename(folder / "elsewhere" / "hosts.yml")
    return plain(folder, [each.replace("/inventory.yml", "/elsewhere/hosts.yml") for each in command], env)


def together(folder: Path, command: list[str], env: dict[str, str]) -> tuple[int, str]:
    """Two playbooks on one command line."""
    (folder / "install.yml").write_text(json.dumps(json.loads((folder / "site.yml").read_text())[1:]))
    return plain(folder, [*command[:3], "lync.persistent_chat.preinstall", f"{folder}/install.yml"], env)


def separate(folder: Path, command: list[str], env: dict[str, str]) -> tuple[int, str]:
    """The gate in one command, the installs in another: two processes share nothing."""
    plays = json.loads((folder / "site.yml").read_text())
    (folder / "gate.yml").write_text(json.dumps(plays[:1]))
    (folder / "install.yml").write_text(json.dumps([{"import_playbook": "lync.persistent_chat.require"}, *plays[1:]]))
    first, text = plain(folder, [*command[:3], f"{folder}/gate.yml"], env)
    assert first == 0, text
    return plain(folder, [*command[:3], f"{folder}/install.yml"], env)


def slices(*, missing: bool = False, run_id: str = "job 7", expected: Sequence[str] = SERVERS) -> Runner:
    """Two slices of one inventory, each with the gate and a JSON report; then one report over both, and the installs behind it."""
    def run(folder: Path, command: list[str], env: dict[str, str]) -> tuple[int, str]:
        reports = []
        for number, part in enumerate((SERVERS[:2],) if missing else (SERVERS[:2], SERVERS[2:])):
            built = json.loads((folder / "inventory.yml").read_text())
            for host in set(SERVERS) - set(part):
                del _servers(built)[host]
            (folder / f"slice{number}.yml").write_text(json.dumps(built))
            options = {"certificates_report_directory": f"{folder}/slice{number}", "certificates_run_id": run_id}
            slice_of = [command[0], "-i", f"{folder}/slice{number}.yml", "lync.persistent_chat.preinstall"]
            plain(folder, [*slice_of, "-e", json.dumps(options)], env)
            reports.append(f"{folder}/slice{number}/certificates.json")
        together = {"expected": list(expected), "reports": reports, "run_id": "job 7"}
        task = {"lync.persistent_chat.certificate_report": together, "any_errors_fatal": True}
        plays = [{"hosts": "localhost", "gather_facts": False, "tasks": [task]}, *installs()]
        (folder / "together.yml").write_text(json.dumps(plays))
        return plain(folder, [*command[:3], f"{folder}/together.yml"], env)

    return run


def interrupted(name: str, *, after: str = "contacted", everybody: bool = True) -> Runner:
    """A signal to the process group (or to the controller alone) as soon as the file ``after`` is there."""
    def run(folder: Path, command: list[str], env: dict[str, str]) -> tuple[int, str]:
        number = getattr(signal, f"SIG{name}")
        with (folder / "raw.txt").open("w") as output:
            process = subprocess.Popen(command, env=env, stdout=output, stderr=subprocess.STDOUT, cwd=folder, start_new_session=True,
                                       stdin=subprocess.DEVNULL)
            end = time.monotonic() + 60
            while not (folder / after).exists() and process.poll() is None and time.monotonic() < end:
                time.sleep(0.05)
            assert (folder / after).exists(), (folder / "raw.txt").read_text()
            (os.killpg if everybody else os.kill)(process.pid, number)
            try:
                code = process.wait(120)  # Ansible may wait for a worker that it doesn't end, until certificates_timeout does
            finally:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)  # a session of its own: what it left behind
        written = sorted(each.name for each in (folder / "reports").glob("certificates.*")) if (folder / "reports").exists() else []
        return code, (folder / "raw.txt").read_text(errors="replace") + f"\nREPORTS {' '.join(written) or 'none'}\n"

    return run


assert PLAYBOOK.exists(), f"{PLAYBOOK} is missing"
