# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs one task with the real ansible-playbook on simulated hosts, and tells what it returned for each."""
from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
COLLECTIONS = HERE.parent.parent / ".cache" / "collections"
USER, PASSWORD = "operator", "secret"
Results = dict[str, Any]


def variables(port: int, connection: str, **others: object) -> dict[str, object]:
    """Connection variables of a simulated host: ``winrm`` or ``psrp``, over HTTP with Basic if nothing else is said."""
    usual: dict[str, object] = {"ansible_host": "127.0.0.1", "ansible_port": port, "ansible_user": USER, "ansible_password": PASSWORD,
                                "ansible_connection": connection}
    if connection == "winrm":
        usual |= {"ansible_winrm_scheme": "http", "ansible_winrm_transport": "basic"}
    else:
        usual |= {"ansible_psrp_protocol": "http", "ansible_psrp_auth": "basic", "ansible_psrp_message_encryption": "never"}
    return usual | others


def play(folder: Path, hosts: Mapping[str, Mapping[str, object]], task: Mapping[str, object], *, forks: int = 8) -> Results:
    """Runs ``task`` on ``hosts`` (name: variables): {name: its result, with its ``kind`` ok, failed or unreachable}.

    Every host must have exactly one result: no failure of the run itself passes for one.
    """
    (folder / "inventory.json").write_text(json.dumps({"all": {"hosts": hosts}}), encoding="utf-8")
    step = {**task, "ignore_errors": True, "ignore_unreachable": True}
    steps = {"hosts": "all", "gather_facts": False, "strategy": "free", "tasks": [step]}
    (folder / "play.json").write_text(json.dumps([steps]), encoding="utf-8")
    (folder / "ansible.cfg").write_text("", encoding="utf-8")
    results = folder / "results"
    results.touch()
    # a proxy that does not exist: whoever asks it for a host on loopback fails
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ANSIBLE_")}
    environment |= {
        "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1", "HTTP_PROXY": "http://127.0.0.1:9", "http_proxy": "http://127.0.0.1:9",
        "ANSIBLE_CONFIG": str(folder / "ansible.cfg"), "ANSIBLE_HOME": str(folder / "home"), "ANSIBLE_COLLECTIONS_PATH": str(COLLECTIONS),
        "ANSIBLE_CALLBACK_PLUGINS": str(HERE / "callbacks"), "ANSIBLE_CALLBACKS_ENABLED": "record_results", "RECORD_RESULTS": str(results),
        "ANSIBLE_NOCOLOR": "1", "LC_ALL": "C.UTF-8"}
    command = [str(Path(sys.executable).parent / "ansible-playbook"), "-i", str(folder / "inventory.json"), "-f", str(forks),
               str(folder / "play.json")]
    run = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False, stdin=subprocess.DEVNULL)
    heard = [json.loads(line) for line in results.read_text(encoding="utf-8").splitlines()]
    assert sorted(each["host"] for each in heard) == sorted(hosts), run.stdout[-3000:] + run.stderr[-3000:]
    return {each["host"]: {**each["result"], "kind": each["kind"]} for each in heard}
