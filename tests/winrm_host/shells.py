# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""WinRS shells: a shell, its commands, and what is left to fetch of their output (MS-WSMV 3.1.4.5)."""
from __future__ import annotations

import threading
import time
import uuid

from .executor import Executor, Order, Process
from .faults import Rule, Said, spoil

LONGEST_COMMAND_LINE = 8191
"""Characters; what cmd.exe takes (Microsoft: Command prompt line string limitation)."""


class Command:
    """One command: filled by an executor, emptied by Receive."""

    def __init__(self, rule: Rule | None = None) -> None:
        self.id = str(uuid.uuid4()).upper()
        self.process: Process | None = None
        self.rc: int | None = None
        self._rule = rule
        self._changed = threading.Condition()
        self._waiting = {"stdout": bytearray(), "stderr": bytearray()}

    def emit(self, stream: str, data: bytes) -> None:
        with self._changed:
            self._waiting[stream] += data
            self._changed.notify_all()

    def finish(self, rc: int) -> None:
        with self._changed:
            said = Said(bytes(self._waiting["stdout"]), bytes(self._waiting["stderr"]), rc)
            if self._rule is not None:
                said = spoil(self._rule, said)
                self._waiting = {"stdout": bytearray(said.stdout), "stderr": bytearray(said.stderr)}
            self.rc = said.rc
            self._changed.notify_all()

    def _ready(self) -> bool:
        # under a rule nothing is told before the end, for the rule may change the last byte
        return self.rc is not None or (self._rule is None and any(self._waiting.values()))

    def receive(self, wait: float, limit: int) -> tuple[dict[str, bytes], bool] | None:
        """At most ``limit`` bytes of what waits, and whether that is the end; None if nothing came within ``wait`` seconds."""
        with self._changed:
            if not self._changed.wait_for(self._ready, wait):
                return None
            taken = {}
            for name, waiting in self._waiting.items():
                taken[name] = bytes(waiting[:limit])
                limit -= len(taken[name])
                del waiting[:len(taken[name])]
            return taken, self.rc is not None and not any(self._waiting.values())


class Shell:
    """A WinRS shell of one user."""

    def __init__(self, user: str, client: str, environment: dict[str, str], directory: str | None) -> None:
        self.id = str(uuid.uuid4()).upper()
        self.user, self.client = user, client
        self.commands: dict[str, Command] = {}
        self.started = time.time()
        self._environment, self._directory = environment, directory

    def run(self, executor: Executor, line: str, console: bool, rule: Rule | None) -> Command:
        """Starts a command line."""
        command = Command(rule)
        self.commands[command.id] = command
        if len(line) > LONGEST_COMMAND_LINE:
            command.emit("stderr", b"The command line is too long.\r\n")
            command.finish(1)
        else:
            order = Order(line, console, command.emit, command.finish, self._environment, self._directory, self.user)
            command.process = executor.start(order)
        return command

    def close(self) -> None:
        """Ends what still runs."""
        for command in list(self.commands.values()):
            if command.process is not None:
                command.process.kill()
        self.commands.clear()
