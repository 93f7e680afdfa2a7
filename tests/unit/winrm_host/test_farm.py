# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Listeners: loopback only, clear words for a busy port, nothing left behind."""
from __future__ import annotations

import os
import socket
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from engine import BOOTSTRAP
from winrm_clients import winrs

from winrm_host import Farm, FarmError, Host, Recorded


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "192.0.2.1", "10.0.0.1", "::ffff:127.0.0.1", "localhost", ""])
def test_loopback_only(farm: Farm, recording: Path, address: str) -> None:
    host = Host("chat1", Recorded(recording), users={})
    with pytest.raises(FarmError, match=r"127\.0\.0\.0/8"):
        farm.listen(host, address)
    for open_port in (farm.reserve, farm.deaf):
        with pytest.raises(FarmError, match=r"127\.0\.0\.0/8"):
            open_port("chat1", address)


def test_busy_port(farm: Farm, recorded: Callable[..., tuple[Host, int]]) -> None:
    host, port = recorded()
    with pytest.raises(FarmError, match=f"chat1: port {port} of 127.0.0.1 is in use by another program. Give another"):
        farm.listen(host, port=port)


def test_an_address_each(farm: Farm, recording: Path) -> None:
    hosts = [Host(f"chat{number}", Recorded(recording), users={"u": "p"}) for number in (1, 2)]
    port = farm.listen(hosts[0], "127.0.7.1")
    assert farm.listen(hosts[1], "127.0.7.2", port) == port


def test_switched_off(farm: Farm) -> None:
    port = farm.reserve("chat6")
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))


def test_deaf(farm: Farm) -> None:
    with socket.create_connection(("127.0.0.1", farm.deaf("chat6"))) as client:
        client.sendall(b"POST /wsman HTTP/1.1\r\nContent-Length: 0\r\n\r\n")
        client.setblocking(False)
        with pytest.raises(BlockingIOError):
            client.recv(1)


def test_nothing_is_left(recording: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    before = os.environ.get("NTLM_USER_FILE")
    with Farm() as farm:
        port = farm.listen(Host("chat1", Recorded(recording), users={"operator": "secret"}))
        winrs(port, BOOTSTRAP, "$storeNames = @('My')", transport="ntlm")
        (folder,) = tmp_path.glob("winrm-host-*")
        (file,) = folder.iterdir()
        assert file.stat().st_mode & 0o777 == 0o600
    assert not list(tmp_path.glob("winrm-host-*"))
    assert os.environ.get("NTLM_USER_FILE") == before
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))


def test_each_host_has_users_of_its_own(farm: Farm, recording: Path) -> None:
    ports = [farm.listen(Host(name, Recorded(recording), users={"operator": name})) for name in ("one", "two")]
    for port, password in zip(ports, ("one", "two"), strict=True):
        assert winrs(port, "hostname", transport="ntlm", password=password).stdout == "CHAT1\r\n"
