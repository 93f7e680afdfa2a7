# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reading through a connection that replays what hosts answered; Ansible's own action code runs in between."""
from __future__ import annotations

import base64
import gzip
import json
import re
import threading
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
import requests
from ansible.errors import AnsibleActionFail, AnsibleConnectionFailure, AnsibleError
from ansible.plugins.action import ActionBase

from ansible_collections.lync.persistent_chat.plugins.plugin_utils._read import connection
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._read.answer import marks
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._read.connection import BOOTSTRAP, ReadFailure, Reading, read_host

BEGIN, END = marks()
HOST = {
    "name": "pchat1", "domain": "example.com", "clock": "2026-11-23T11:59:58Z", "os_version": "Microsoft Windows NT 6.3.9600.0",
    "powershell_version": "4.0", "elevated": True, "lync_version": None, "tls_1_0_disabled": False, "trusted_issuer_list": None,
}  # fmt: skip


def answer(*stores: str) -> tuple[int, bytes, bytes]:
    entries = [{"name": name, "missing": False, "error": None, "certificates": []} for name in stores]
    data = json.dumps({"format": 1, "host": HOST, "stores": entries}).encode()
    return 0, f"{BEGIN}1 {base64.b64encode(gzip.compress(data)).decode()}{END}\r\n".encode(), b""


class Replay:
    """A connection: each call takes the next of ``events``, an answer, an exception or a function."""

    allow_executable = False
    become: object = None
    _shell = SimpleNamespace()

    def __init__(self, *events: Any, transport: str = "winrm") -> None:
        self.transport = transport
        self.events = list(events)
        self.calls: list[tuple[str, Any]] = []
        self.closed = 0
        self.protocol: object = "a session"
        self._connected = True

    def exec_command(self, command: str, in_data: Any = None, sudoable: bool = True) -> tuple[int, bytes, bytes]:
        self.calls.append((command, in_data))
        event = self.events.pop(0)
        if isinstance(event, BaseException):
            raise event
        result: tuple[int, bytes, bytes] = event() if callable(event) else event
        return result

    def close(self) -> None:
        self.closed += 1

    def get_option(self, name: str) -> object:
        return {"remote_addr": "10.0.0.7", "port": 5985}[name]


class Action(ActionBase):
    def run(self, tmp: Any = None, task_vars: Any = None) -> dict[str, Any]:
        raise NotImplementedError


def read(replay: Replay, *, stores: tuple[str, ...] = ("My",), timeout: int = 60, **task: Any) -> Reading:
    task_stand_in = SimpleNamespace(**({"delegate_to": None, "become": None, "async_val": 0} | task))
    play = SimpleNamespace(remote_user="u", become_user=None, executable=None)
    action = Action(task_stand_in, replay, play, None, None, None)
    action._get_remote_user = lambda: "u"
    action.get_become_option = lambda *_names, **_more: None
    return read_host(action, {"inventory_hostname": "pchat1.example.com"}, stores=stores, timeout=timeout)


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "PAUSES", (0.0,))


def failure(replay: Replay, **more: Any) -> ReadFailure:
    with pytest.raises(ReadFailure) as caught:
        read(replay, **more)
    return caught.value


@pytest.mark.parametrize("transport", ["winrm", "ansible.builtin.psrp"])
def test_the_host_gets_bootstrap_and_script_as_text(transport: str) -> None:
    replay = Replay(answer("My", "CA"), transport=transport)
    reading = read(replay, stores=("My", "CA"))
    assert (reading.attempts, reading.snapshot.name) == (1, "pchat1.example.com")
    [(command, sent)] = replay.calls
    assert command == BOOTSTRAP
    assert sent.startswith("$storeNames = @('My','CA')\n#")
    assert isinstance(sent, str)


def test_over_ssh_any_shell_of_the_host_starts_powershell() -> None:
    replay = Replay(answer("My"), transport="ansible.builtin.ssh")
    read(replay)
    program, *_options, encoded = replay.calls[0][0].split(" ")
    assert program == "powershell"
    assert base64.b64decode(encoded).decode("utf-16-le") == BOOTSTRAP
    assert re.fullmatch(r"[A-Za-z0-9+/= -]+", replay.calls[0][0])  # nothing that a shell would take for its own


def test_a_delegate_is_read_under_its_own_name() -> None:
    assert read(Replay(answer("My")), delegate_to="fe1.example.com").snapshot.name == "fe1.example.com"


@pytest.mark.parametrize(
    "fault",
    [
        AnsibleConnectionFailure("basic: HTTPConnectionPool(host='10.0.0.7', port=5985): ... [Errno 111] Connection refused"),
        requests.exceptions.ConnectionError("('Connection aborted.', RemoteDisconnected('Remote end closed connection without response'))"),
        AnsibleConnectionFailure("basic: Bad HTTP response returned from server. Code 500"),
        AnsibleError("winrm send_input failed; \nstdout: \nstderr "),
        AnsibleError("unclosed token: line 1, column 765"),
    ],
)
def test_a_transient_fault_is_tried_again_on_a_new_connection(fault: Exception) -> None:
    replay = Replay(fault, fault, answer("My"))
    assert read(replay).attempts == 3
    assert (replay.closed, replay.protocol, replay._connected) == (2, None, False)


def test_trying_again_ends() -> None:
    replay = Replay(*[AnsibleConnectionFailure("basic: [Errno 111] Connection refused")] * 9)
    error = failure(replay)
    assert (error.code, error.attempts, len(replay.calls)) == ("host.unreachable", 3, 3)
    assert "pchat1.example.com (winrm to 10.0.0.7:5985)" in error.message
    assert error.message.endswith("nothing listens on that port of the host, tried 3 times.")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("basic: the specified credentials were rejected by the server", "host.denied"),
        ("failed to authenticate with the server: Failed to authenticate the user u with basic", "host.denied"),
        ("Kerberos auth failure for principal u@EXAMPLE.COM: kinit: Password incorrect", "host.denied"),
        ("Failed to connect to the host via ssh: u@10.0.0.7: Permission denied (publickey,password).", "host.denied"),
        ("basic: Access is denied.  (extended fault data: {'wsmanfault_code': 5})", "host.denied"),
        ("basic: Zugriff verweigert (extended fault data: {'wsmanfault_code': 5, 'fault_code': 's:Sender'})", "host.denied"),
        ("ssl: ... (Caused by SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] certificate", "host.unreachable"),
        ("Failed to connect to the host via ssh: Host key verification failed.", "host.unreachable"),
        ("basic: ... (Caused by NameResolutionError: Name or service not known)", "host.unreachable"),
        ("winrm or requests is not installed: No module named 'winrm'", "host.unreachable"),
        ("winrm connection error: HTTPConnectionPool(host='10.0.0.7', port=5985): Read timed out. (read timeout=30)", "host.timeout"),
        ("basic: ", "host.unreachable"),
    ],
)
def test_what_trying_again_would_not_mend_is_tried_once(text: str, code: str) -> None:
    replay = Replay(AnsibleConnectionFailure(text), answer("My"))
    error = failure(replay)
    assert (error.code, error.attempts, len(replay.calls)) == (code, 1, 1)
    assert error.remedy


@pytest.mark.parametrize(
    ("result", "code", "words"),
    [
        ((2, b"", b'/bin/sh: 1: Syntax error: "&" unexpected'), "host.no_powershell", "not a Windows host"),
        ((2, b"", b"bash: -c: line 1: syntax error near unexpected token `&'"), "host.no_powershell", "not a Windows host"),
        ((127, b"", b"sh: 1: powershell: not found"), "host.no_powershell", "not a Windows host"),
        ((1, b"", b"& was unexpected at this time."), "host.no_powershell", "cmd.exe"),
        ((9009, b"", b"'powershell' is not recognized as an internal or external command,"), "host.no_powershell", "found no powershell"),
        ((0, b"", b"Method invocation is supported only on core types in this language mode."), "host.language_mode", "mode"),
        ((0, b"", b"    + FullyQualifiedErrorId : MethodInvocationNotSupportedInConstrainedLanguage"), "host.language_mode", "mode"),
        ((1, b"", b"Access is denied."), "host.denied", "denies"),
        ((0, b"", b""), "host.answer_invalid", "wrote nothing"),
        ((0, b"\x1b[1mHello\x07", b""), "host.answer_invalid", "Hello"),
        (answer("My", "CA"), "host.answer_invalid", "Asked for the stores My, the answer has My, CA"),
        ((0, answer("My")[1] * 2, b""), "host.answer_invalid", "more than once"),
        ((0, answer("My")[1][:90], b""), "host.answer_invalid", "cut or garbled"),
    ],
)
def test_a_wrong_answer_is_told_and_not_asked_for_again(result: Any, code: str, words: str) -> None:
    replay = Replay(result, answer("My"))
    error = failure(replay)
    assert (error.code, error.attempts, len(replay.calls)) == (code, 1, 1)
    assert words in error.message
    assert error.message.isprintable()


def waits(event: threading.Event) -> Callable[[], Any]:
    def wait() -> Any:
        event.wait(60)
        return answer("My")

    return wait


def test_a_host_that_never_answers_ends_at_the_deadline() -> None:
    event = threading.Event()
    replay = Replay(waits(event))
    try:
        error = failure(replay, timeout=1)
    finally:
        event.set()
    assert (error.code, error.attempts) == ("host.timeout", 1)
    assert "within 1 s" in error.message
    assert replay.protocol is None


def test_what_is_no_fault_of_the_host_is_not_hidden() -> None:
    with pytest.raises(ZeroDivisionError):
        read(Replay(ZeroDivisionError()))


def test_become_is_refused_before_the_host_is_asked() -> None:
    replay = Replay(answer("My"))
    replay.become = object()
    with pytest.raises(AnsibleActionFail, match="become is not supported"):
        read(replay)
    assert replay.calls == []


def test_a_local_connection_is_no_windows_host() -> None:
    replay = Replay(answer("My"), transport="ansible.builtin.local")
    assert failure(replay).code == "host.no_powershell"
    assert replay.calls == []


@pytest.mark.parametrize("stores", [(), ("My", "my"), ("My'; Stop-Computer; '",), ("",), ("a" * 65,), ("My\n",)])
def test_store_names_that_are_none_are_refused(stores: tuple[str, ...]) -> None:
    replay = Replay(answer("My"))
    with pytest.raises(AnsibleActionFail):
        read(replay, stores=stores)
    assert replay.calls == []
