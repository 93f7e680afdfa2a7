# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The executor that has a real PowerShell engine. A simulated host is a HOME of its own: .NET on Linux keeps certificate stores there.

.NET on Linux has no LocalMachine\\My, so ``CurrentUser `` is written for ``LocalMachine`` (the same length) into what is received. What
runs is therefore unchanged in size and in all else, and the scripts under test need no seam.
"""
from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from .bridge import Bridge
from .child import Child
from .executor import Order, PoolProcess, Process, encoded_script, with_script

_NAMES = ("powershell", "powershell.exe", "pwsh", "pwsh.exe")
_LOCATION, _INSTEAD = b"LocalMachine", b"CurrentUser "
_HERE = ("PATH", "LANG", "LC_ALL", "TZ", "DOTNET_ROOT")


def relocated(data: bytes) -> bytes:
    """The same bytes with the current user's stores in place of the computer's."""
    return data.replace(_LOCATION, _INSTEAD)


def find_engine() -> Path | None:
    """The ``pwsh`` on PATH, if there is one."""
    found = shutil.which("pwsh")
    return Path(found) if found else None


def can_name_hosts() -> bool:
    """Whether a process can be given a host name of its own here (Linux: a UTS namespace, which takes rights)."""
    unshare = shutil.which("unshare")
    if unshare is None:
        return False
    tried = subprocess.run([unshare, "--uts", "/bin/sh", "-c", "echo a >/proc/sys/kernel/hostname"], capture_output=True, check=False)
    return tried.returncode == 0


class PowerShell:
    """Runs what it is sent with the engine ``pwsh``.

    ``home`` is the host's HOME. With ``name`` and ``domain`` the engine's IPGlobalProperties give these where can_name_hosts(); where
    not, they give this machine's. ``environment`` adds to what commands and pools see. ``prelude`` is PowerShell that runs before each
    command (not in pools), as what restricts a host does.
    """

    def __init__(self, pwsh: Path, home: Path, *, name: str = "", domain: str = "", environment: Mapping[str, str] | None = None,
                 prelude: str = "") -> None:
        self._pwsh, self._home = pwsh, home
        self._names = (name, domain) if name and can_name_hosts() else None
        self._environment, self._prelude = dict(environment or {}), prelude

    def start(self, order: Order) -> Process:
        """Runs an encoded PowerShell command in the engine; another line has no shell to run in here."""
        script = encoded_script(order.line)
        if script is None:
            return _NoShell(order)
        script = self._prelude + script
        words = with_script(order.line, script.replace(_LOCATION.decode(), _INSTEAD.decode())).split()
        for index in [index for index, word in enumerate(words) if word.lower() == "-executionpolicy"][::-1]:
            del words[index:index + 2]  # an engine off Windows has no execution policy
        if Path(words[0].strip('"')).name.lower() not in _NAMES:
            return _NoShell(order)
        return _Relocating(Child(order, self._command([str(self._pwsh), *words[1:]]), self._variables(order)))

    def pool(self) -> PoolProcess | None:
        """The engine's own PSRP server."""
        return Bridge(self._command([str(self._pwsh), "-NoLogo", "-NoProfile", "-s"]), self._variables(None), relocated)

    def _command(self, arguments: Sequence[str]) -> list[str]:
        if self._names is None:
            return list(arguments)
        script = 'echo "$1" >/proc/sys/kernel/hostname; echo "$2" >/proc/sys/kernel/domainname; shift 2; exec "$@"'
        return ["unshare", "--uts", "/bin/sh", "-c", script, "sh", *self._names, *arguments]

    def _variables(self, order: Order | None) -> dict[str, str]:
        return {**{name: os.environ[name] for name in _HERE if name in os.environ},
                "HOME": str(self._home), "TEMP": str(self._home), "TMP": str(self._home), "NO_COLOR": "1",
                "POWERSHELL_TELEMETRY_OPTOUT": "1", "POWERSHELL_UPDATECHECK": "Off", "DOTNET_CLI_TELEMETRY_OPTOUT": "1",
                **(order.environment if order else {}), **self._environment}


class _NoShell:
    """A command line that is no encoded PowerShell: what cmd.exe says of a program that it can't find."""

    def __init__(self, order: Order) -> None:
        program = order.line.split(" ", 1)[0]
        text = f"'{program}' is not recognized as an internal or external command,\r\noperable program or batch file.\r\n"
        order.emit("stderr", text.encode())
        order.finish(9009)

    def write(self, data: bytes, end: bool) -> None:
        """Nobody reads it."""

    def kill(self) -> None:
        """It has ended."""


class _Relocating:
    """A process that is told of the current user's stores, also where the word comes in two pieces."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self._held = b""

    def write(self, data: bytes, end: bool) -> None:
        """Passes everything on but a last part that could be the beginning of the word."""
        data = relocated(self._held + data)
        keep = 0 if end else next((size for size in range(len(_LOCATION) - 1, 0, -1) if data.endswith(_LOCATION[:size])), 0)
        data, self._held = (data[:-keep], data[-keep:]) if keep else (data, b"")
        if data or end:
            self._process.write(data, end)

    def kill(self) -> None:
        """Ends it."""
        self._process.kill()
