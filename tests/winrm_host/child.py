# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A command as a child process of this machine."""
from __future__ import annotations

import contextlib
import os
import pty
import signal
import subprocess
import threading
from collections.abc import Mapping, Sequence
from typing import IO

from .executor import Order

_OUTPUT_WAIT = 5


def kill_group(child: subprocess.Popen[bytes]) -> None:
    """Ends a child that has a session, and so a process group, of its own."""
    if child.poll() is None:
        with contextlib.suppress(ProcessLookupError):  # it may end by itself meanwhile
            os.killpg(child.pid, signal.SIGKILL)


class Child:
    """A command's process.

    A client that asked for a console gets a terminal as standard input, for PowerShell would wait for the end of a pipe.
    """

    def __init__(self, order: Order, arguments: Sequence[str], environment: Mapping[str, str]) -> None:
        self._order = order
        self._terminal: int | None = None
        stdin: int = subprocess.PIPE
        if order.console:
            self._terminal, stdin = pty.openpty()
        self._child = subprocess.Popen(arguments, stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=dict(environment),
                                       cwd=order.directory, start_new_session=True)
        if order.console:
            os.close(stdin)
        self._readers = [threading.Thread(target=self._read, args=(name, stream), daemon=True)
                         for name, stream in (("stdout", self._child.stdout), ("stderr", self._child.stderr)) if stream is not None]
        for reader in self._readers:
            reader.start()
        threading.Thread(target=self._wait, daemon=True).start()

    def _read(self, name: str, stream: IO[bytes]) -> None:
        with stream:
            while data := os.read(stream.fileno(), 1 << 16):
                self._order.emit(name, data)

    def _wait(self) -> None:
        code = self._child.wait()
        for reader in self._readers:
            reader.join(_OUTPUT_WAIT)
        if self._terminal is not None:
            os.close(self._terminal)
        elif self._child.stdin is not None:
            with contextlib.suppress(OSError):  # it may have ended before it took everything
                self._child.stdin.close()
        self._order.finish(code if code >= 0 else 128 - code)

    def write(self, data: bytes, end: bool) -> None:
        """Standard input; what a child that has ended does not take is lost, as with any pipe."""
        try:
            if self._terminal is not None:
                os.write(self._terminal, data + (b"\x04" if end else b""))
            elif self._child.stdin is not None:
                if data:
                    self._child.stdin.write(data)
                    self._child.stdin.flush()
                if end:
                    self._child.stdin.close()
        except (OSError, ValueError):
            pass

    def kill(self) -> None:
        """Ends it with all its children."""
        kill_group(self._child)
