# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a gate over many hosts costs the controller, beside tasks that do nothing.

``python bench_gate.py [--hosts 100] [--certificates 20]``; the figures in question are those of 1,000 hosts, which takes some minutes.

The gate judges recorded snapshots, so no host is there. Beside it the same number of hosts and tasks, but each of
``ansible.builtin.debug``, whose result is registered: what Ansible itself wants for so many hosts, and nothing else.
Once in a play, and once in a role that has the argument specification of the gate's role: Ansible's check of that, on
each host, keeps more than all verdicts do. Memory of ansible-playbook: its own peak, and the greatest sum of it and its
workers, in which what they share counts once (proportional set size).
"""
from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / ".cache" / "collections")]

import pki  # noqa: E402
import signing  # noqa: E402
from benchmarks import bench_judge  # noqa: E402
from end_to_end.gate_run import PLAYBOOK, environment  # noqa: E402

from ansible_collections.lync.persistent_chat.plugins.plugin_utils._snapshot.files import file_name  # noqa: E402

FORKS = 20
INTERVAL = 0.5  # seconds between samples
ON_EACH, ONCE = 5, 3
"""Tasks of the gate on each host, and once for all of them."""
ROLE = ROOT / "roles" / "certificates" / "meta" / "argument_specs.yml"
GATE = [{"import_playbook": "lync.persistent_chat.preinstall"}]


@dataclass
class Spent:
    """Seconds, MB of the controller's process at its peak, MB of it and its workers together."""

    seconds: float = 0.0
    own: float = 0.0
    together: float = 0.0


def nothing() -> list[dict[str, Any]]:
    """As many tasks as the gate has."""
    each = [{"ansible.builtin.debug": {"msg": "nothing"}, "register": f"nothing_{number}"} for number in range(ON_EACH)]
    once = [{"ansible.builtin.debug": {"msg": "nothing"}, "register": f"once_{number}", "run_once": True} for number in range(ONCE)]
    return [*each, *once]


def prepare(folder: Path, hosts: int, count: int) -> None:
    """Snapshots, inventory and both playbooks."""
    root, key = bench_judge.CA.build(), pki.private_key(signing.key("L"))
    (folder / "ca.cer").write_bytes(root)
    (folder / "snapshots").mkdir()
    names = [f"pchat{number:05}.contoso.local" for number in range(hosts)]
    for number, name in enumerate(names):
        text, _contents = bench_judge.host(number, count, root, key)
        (folder / "snapshots" / file_name(name)).write_text(text, encoding="utf-8")
    variables = {
        "certificates_authority_files": [str(folder / "ca.cer")], "certificates_snapshot_directory": str(folder / "snapshots"),
        "certificates_snapshot_max_age": 0, "certificates_as_of": f"{pki.NOW:%Y-%m-%d}", "certificates_pool": pki.POOL,
    }  # fmt: skip
    inventory = {"persistent_chat": {"hosts": dict.fromkeys(names), "vars": {"ansible_connection": "local", **variables}}}
    (folder / "inventory.yml").write_text(json.dumps(inventory), encoding="utf-8")
    (folder / "gate.yml").write_text(json.dumps(GATE), encoding="utf-8")
    hosts_of = {"hosts": "persistent_chat", "gather_facts": False}
    (folder / "nothing.yml").write_text(json.dumps([{**hosts_of, "tasks": nothing()}]), encoding="utf-8")
    (folder / "role.yml").write_text(json.dumps([{**hosts_of, "roles": ["nothing"]}]), encoding="utf-8")
    for part in ("tasks", "meta"):
        (folder / "roles" / "nothing" / part).mkdir(parents=True)
    (folder / "roles" / "nothing" / "tasks" / "main.yml").write_text(json.dumps(nothing()), encoding="utf-8")
    shutil.copy(ROLE, folder / "roles" / "nothing" / "meta")
    (folder / "ansible.cfg").write_text("[defaults]\n", encoding="utf-8")


def run(folder: Path, playbook: str, says: str) -> Spent:
    """Plays it and looks at the processes meanwhile; ``says`` must be in what it printed."""
    command = [str(PLAYBOOK), "-i", str(folder / "inventory.yml"), "-f", str(FORKS), str(folder / playbook)]
    spent, start = Spent(), time.monotonic()
    with (folder / "output").open("w+", encoding="utf-8") as output:
        process = subprocess.Popen(command, env=environment(folder), stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT)
        while process.poll() is None:
            spent.own = max(spent.own, _status(process.pid, "status", "VmHWM"))
            together = sum(_status(each, "smaps_rollup", "Pss") for each in _family(process.pid))
            spent.together = max(spent.together, together)
            time.sleep(INTERVAL)
        spent.seconds = time.monotonic() - start
        output.seek(0)
        text = output.read()
    if process.returncode or says not in text:
        raise SystemExit(f"{playbook} ended with {process.returncode}, so what was measured is not the work:\n{text[-3000:]}")
    return spent


def _family(process: int) -> list[int]:
    try:
        children = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii").split()
    except OSError:
        children = []
    return [process, *(int(child) for child in children)]


def _status(process: int, name: str, key: str) -> float:
    """A line of a file in /proc in MB; 0 if the process has gone."""
    try:
        lines = Path("/proc", str(process), name).read_text(encoding="ascii").splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith(f"{key}:")), 0.0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hosts", type=int, default=100)
    parser.add_argument("--certificates", type=int, default=20, help="in each host's store My")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        prepare(folder, args.hosts, args.certificates)
        print(f"{args.hosts} hosts, {args.certificates} certificates each, forks {FORKS}")
        said = f"{args.hosts} of {args.hosts} checked, {args.hosts} satisfied"
        base = run(folder, "nothing.yml", "failed=0")
        measured = {"no-op tasks": base, "no-op role": run(folder, "role.yml", "failed=0"), "gate": run(folder, "gate.yml", said)}
        for label, spent in measured.items():
            print(f"{label:12} {spent.seconds:6.1f} s   controller {spent.own:5.0f} MB {spent.own / base.own:5.1f} x   "
                  f"with its workers {spent.together:5.0f} MB {spent.together / base.together:5.1f} x")


if __name__ == "__main__":
    main()
