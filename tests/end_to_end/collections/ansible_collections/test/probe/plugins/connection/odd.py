# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A host that does what the variable ``probe`` says: crash, hang, kill (its own worker), otherwise be unreachable.

Leaves a trace of each contact.
"""
from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import Any, NoReturn

from ansible.errors import AnsibleConnectionFailure
from ansible.plugins.connection import ConnectionBase

DOCUMENTATION = """
name: odd
short_description: misbehaves as told
description: misbehaves as told
author: lync.persistent_chat contributors
options:
  name:
    description: inventory name
    vars:
      - name: inventory_hostname
  probe:
    description: what to do
    default: unreachable
    vars:
      - name: probe
"""


class Connection(ConnectionBase):  # type: ignore[misc]
    transport = "test.probe.odd"
    has_pipelining = True
    allow_executable = False
    module_implementation_preferences = (".ps1", "")

    def _fail(self) -> NoReturn:
        with Path(os.environ["PROBE_DIR"], "contacted").open("a") as file:
            file.write(f"{self.get_option('name')}\n")
        probe = self.get_option("probe")
        if probe == "crash":
            raise ZeroDivisionError("bug on the way to the host")
        if probe == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        if probe == "hang":
            time.sleep(60)
        raise AnsibleConnectionFailure("nobody answers")

    def _connect(self) -> NoReturn:
        self._fail()

    def exec_command(self, cmd: str, in_data: Any = None, sudoable: bool = True) -> NoReturn:
        self._fail()

    def put_file(self, in_path: str, out_path: str) -> NoReturn:
        self._fail()

    def fetch_file(self, in_path: str, out_path: str) -> NoReturn:
        self._fail()

    def close(self) -> None:
        pass
