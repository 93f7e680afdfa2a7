# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The executor with a real engine: what it changes in what it receives, and what the engine sees of the simulated host."""
from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from engine import BOOTSTRAP
from winrm_clients import Heard, psrp, winrs

from winrm_host import Farm, Host, PowerShell
from winrm_host.powershell import _Relocating, can_name_hosts

pytestmark = pytest.mark.engine
CLIENTS = pytest.mark.parametrize("client", [winrs, psrp])
Client = Callable[..., Heard]


@pytest.fixture
def port(farm: Farm, engine: Path, tmp_path: Path) -> int:
    executor = PowerShell(engine, tmp_path, name="chat7", domain="contoso.local", environment={"PROBE": "here"})
    return farm.listen(Host("chat7", executor, users={"operator": "secret"}))


@CLIENTS
def test_location_in_the_script_and_in_its_input(port: int, client: Client) -> None:
    assert client(port, "'LocalMachine' + $input", "x").stdout.rstrip().startswith("CurrentUser ")
    assert client(port, BOOTSTRAP, "# one\n'[LocalMachine]'\n").stdout.strip() == "[CurrentUser ]"


def test_location_across_two_sends(port: int) -> None:
    script = "#".ljust(200_000 - 6, "#") + "\n'LocalMachine'"
    assert winrs(port, BOOTSTRAP, script).stdout.strip() == "CurrentUser"


@CLIENTS
def test_surroundings(port: int, client: Client, tmp_path: Path) -> None:
    heard = client(port, "[Environment]::GetEnvironmentVariable('HOME') + '|' + [Environment]::GetEnvironmentVariable('PROBE')")
    assert heard.stdout.strip() == f"{tmp_path}|here"


@CLIENTS
def test_name(port: int, client: Client) -> None:
    if not can_name_hosts():
        pytest.skip("this account can't make a UTS namespace")
    script = "$n = [Net.NetworkInformation.IPGlobalProperties]::GetIPGlobalProperties(); $n.get_HostName() + '.' + $n.get_DomainName()"
    assert client(port, script).stdout.strip() == "chat7.contoso.local"


@CLIENTS
def test_exit_code_and_error(port: int, client: Client) -> None:
    assert client(port, "exit 5").rc == 5
    heard = client(port, "throw 'no luck'")
    assert heard.rc == 1
    assert "no luck" in heard.stderr


@CLIENTS
def test_output_rules(farm: Farm, engine: Path, tmp_path: Path, client: Client) -> None:
    rules = [{"do": "double", "times": 1}, {"do": "truncate", "bytes": 2, "times": 1}, {"do": "stderr", "text": "bad", "rc": 4}]
    port = farm.listen(Host("chat7", PowerShell(engine, tmp_path), users={"operator": "secret"}, faults=rules))
    assert client(port, "'abc'").stdout.split() == ["abc", "abc"]
    assert client(port, "'abc'").stdout == "ab"
    heard = client(port, "'abc'; exit 9")
    assert (heard.stdout.strip(), heard.rc) == ("abc", 4)
    assert "bad" in heard.stderr


class _Sink:
    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def write(self, data: bytes, end: bool) -> None:
        self.pieces.append(data)

    def kill(self) -> None:
        self.pieces.clear()


@pytest.mark.parametrize("at", range(len(b"a LocalMachine b") + 1))
def test_location_in_two_pieces(at: int) -> None:
    text, sink = b"a LocalMachine b", _Sink()
    process = _Relocating(sink)
    process.write(text[:at], False)
    process.write(text[at:], False)
    process.write(b"", True)
    assert b"".join(sink.pieces) == b"a CurrentUser  b"


def test_a_held_back_piece_is_not_lost() -> None:
    sink = _Sink()
    process = _Relocating(sink)
    process.write(b"to Local", False)
    assert b"".join(sink.pieces) == b"to "
    process.write(b"", True)
    assert b"".join(sink.pieces) == b"to Local"
