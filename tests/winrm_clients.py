# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The real clients, as Ansible's connections use them: pywinrm for WinRS, pypsrp for runspace pools."""
from __future__ import annotations

import base64
import warnings
from dataclasses import dataclass
from typing import Any

import winrm
from pypsrp.host import PSHost, PSHostUserInterface
from pypsrp.powershell import PowerShell, RunspacePool
from pypsrp.wsman import WSMan

warnings.filterwarnings("ignore", module="requests_ntlm|urllib3")


@dataclass(frozen=True)
class Heard:
    """What a client heard of a command."""

    stdout: str
    stderr: str
    rc: int


def winrs(port: int, script: str, stdin: str | None = None, *, transport: str = "basic", scheme: str = "http", **options: Any) -> Heard:
    """Runs a script over WinRS, as Ansible's winrm connection does."""
    settings: dict[str, Any] = {"username": "operator", "password": "secret", "proxy": None, "operation_timeout_sec": 3,
                                "read_timeout_sec": 6, "ca_trust_path": None}
    protocol = winrm.Protocol(f"{scheme}://127.0.0.1:{port}/wsman", transport=transport, **(settings | options))
    shell = protocol.open_shell()
    try:
        code = base64.b64encode(script.encode("utf-16-le")).decode()
        words = ["-NoProfile", "-NonInteractive", "-ExecutionPolicy", "Unrestricted", "-EncodedCommand", code]
        command = protocol.run_command(shell, "powershell", words, console_mode_stdin=stdin is None)
        if stdin is not None:
            data = stdin.encode()
            for at in range(0, max(len(data), 1), 200_000):
                protocol.send_command_input(shell, command, data[at:at + 200_000], end=at + 200_000 >= len(data))
        out, err, rc = protocol.get_command_output(shell, command)
        protocol.cleanup_command(shell, command)
    finally:
        protocol.close_shell(shell)
    return Heard(out.decode(), err.decode(), rc)


class _UserInterface(PSHostUserInterface):  # type: ignore[misc, unused-ignore]
    def __init__(self) -> None:
        super().__init__()
        self.errors: list[str] = []

    def WriteErrorLine(self, runspace: Any, pipeline: Any, message: str) -> None:
        self.errors.append(message)


def psrp(port: int, script: str, stdin: str | None = None, *, auth: str = "basic", ssl: bool = False, **options: Any) -> Heard:
    """Runs a script in a runspace pool, as Ansible's psrp connection does."""
    settings: dict[str, Any] = {"username": "operator", "password": "secret", "no_proxy": True, "operation_timeout": 3, "read_timeout": 6,
                                "reconnection_retries": 0, "encryption": "never" if ssl or auth == "basic" else "always"}
    terminal = _UserInterface()
    host = PSHost(None, None, False, "test", None, terminal, "1.0")
    with WSMan("127.0.0.1", port=port, ssl=ssl, auth=auth, **(settings | options)) as wsman, RunspacePool(wsman, host=host) as pool:
        pipeline = PowerShell(pool)
        pipeline.add_script(script)
        output = pipeline.invoke(None if stdin is None else stdin.splitlines())
        errors = [*(str(error) for error in pipeline.streams.error), *terminal.errors]
        return Heard("\r\n".join(map(str, output)), "\n".join(errors), host.rc or int(pipeline.had_errors))
