# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The command line: ports are written when all listen, SIGTERM ends it, and mistakes are told in a sentence."""
from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from engine import BOOTSTRAP
from winrm_clients import psrp, winrs

import winrm_host

TESTS = Path(winrm_host.__file__).parent.parent


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "winrm_host", *map(str, arguments)]


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(TESTS), "WINRM_HOST_PASSWORD": "secret"}


def refused(*arguments: object, **changed: str) -> str:
    run = subprocess.run(command(*arguments), env=environment() | changed, capture_output=True, text=True, timeout=60, check=False)
    assert run.returncode in (1, 2)
    assert "Traceback" not in run.stderr
    return run.stderr


@pytest.fixture
def started(recording: Path, tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], dict[str, int]]]:
    second = tmp_path / "chat2.json"
    second.write_text(recording.read_text(encoding="utf-8").replace('"chat1"', '"chat2"'), encoding="utf-8")
    rules = tmp_path / "rules"
    rules.write_text(json.dumps({"chat1": [{"do": "truncate", "bytes": 5, "nth": 2}]}), encoding="utf-8")
    ports = tmp_path / "ports"
    arguments = command("--recorded", tmp_path, "--ports-file", ports, "--off", "chat2", "--user", "operator", "--faults", rules)
    process = subprocess.Popen(arguments, env=environment())
    try:
        while not ports.exists() and process.poll() is None:
            time.sleep(0.02)
        yield process, json.loads(ports.read_text(encoding="utf-8"))
    finally:
        process.kill()
        process.wait()


def test_serves_and_ends(started: tuple[subprocess.Popen[bytes], dict[str, int]]) -> None:
    process, ports = started
    assert list(ports) == ["chat1", "chat2"]
    assert "stores>>>" in winrs(ports["chat1"], BOOTSTRAP, "$storeNames = @('My')", transport="ntlm").stdout
    assert psrp(ports["chat1"], BOOTSTRAP, "$storeNames = @('My')").stdout == "<<<ly"
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", ports["chat2"]))
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0


def test_mistakes(recording: Path, tmp_path: Path) -> None:
    usual = ("--recorded", recording.parent, "--ports-file", tmp_path / "ports")
    assert "give --recorded DIR or --homes DIR" in refused("--ports-file", tmp_path / "ports")
    assert "No password: give --password, or set WINRM_HOST_PASSWORD" in refused(*usual, WINRM_HOST_PASSWORD="")
    assert "--off chat9: there is no such host; there are chat1." in refused(*usual, "--off", "chat9")
    assert "0.0.0.0 is not a loopback address" in refused(*usual, "--address", "0.0.0.0")
    assert "holds no host" in refused("--recorded", tmp_path / "nothing", "--ports-file", tmp_path / "ports")
    assert "No such file" in refused(*usual, "--tls", tmp_path / "cert", tmp_path / "key")
    with socket.create_server(("127.0.9.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert f"port {port} of 127.0.9.1 is in use" in refused(*usual, "--address", "127.0.9.1", "--port", port)
    (tmp_path / "rules").write_text('[{"do": "explode"}]', encoding="utf-8")
    assert "do is 'explode'" in refused(*usual, "--faults", tmp_path / "rules")
    recording.write_text("{}", encoding="utf-8")
    assert "is no snapshot of a host" in refused(*usual)
    assert not (tmp_path / "ports").exists()
