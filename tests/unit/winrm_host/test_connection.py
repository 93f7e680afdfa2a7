# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What no client sends, but a port may get: it is answered, and the host goes on."""
from __future__ import annotations

import base64
from collections.abc import Callable
from http.client import HTTPConnection

import pytest
from engine import BOOTSTRAP
from winrm_clients import winrs

from winrm_host import Host, soap

Start = Callable[..., tuple[Host, int]]
CREDENTIALS = {"Authorization": "Basic " + base64.b64encode(b"operator:secret").decode(), "Content-Type": soap.CONTENT_TYPE}


def post(port: int, body: bytes, **headers: str) -> tuple[int, bytes]:
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("POST", "/wsman", body, CREDENTIALS | headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def envelope(action: str, body: str = "", shell: str = "") -> bytes:
    return (f'<s:Envelope xmlns:s="{soap.SOAP}" xmlns:a="{soap.ADDRESSING}" xmlns:w="{soap.WSMAN}" xmlns:rsp="{soap.SHELL}"><s:Header>'
            f"<a:Action>http://x/{action}</a:Action><w:ResourceURI>{soap.POWERSHELL}/Microsoft.PowerShell</w:ResourceURI>"
            f'<w:SelectorSet><w:Selector Name="ShellId">{shell}</w:Selector></w:SelectorSet></s:Header><s:Body>{body}</s:Body></s:Envelope>'
            ).encode()


@pytest.mark.parametrize("body", [b"GET", b"<a", b"<a/>", b"\xff\xfe", envelope("Create"), envelope("Receive")[:-9],
                                  envelope("Create", '<rsp:Shell><c xmlns="http://schemas.microsoft.com/powershell"/></rsp:Shell>').replace(
                                      b"<c ", b"<creationXml ").replace(b"powershell\"/>", b"powershell\">AAAA</creationXml>")])
def test_what_is_no_request(recorded: Start, body: bytes) -> None:
    host, port = recorded()
    assert post(port, body)[0] == 400
    assert host.count["http_400"] == 1
    assert winrs(port, BOOTSTRAP, "$storeNames = @('My')").rc == 0


@pytest.mark.parametrize(("length", "status"), [("x", 400), ("-1", 400), (str(1 << 40), 413)])
def test_lengths(recorded: Start, length: str, status: int) -> None:
    _dummy, port = recorded()
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    connection.putrequest("POST", "/wsman")
    connection.putheader("Content-Length", length)
    connection.endheaders()
    assert connection.getresponse().status == status
    connection.close()


@pytest.mark.parametrize(("action", "fault"), [("Nonsense", "ActionNotSupported"), ("Receive", "InvalidShell"), ("Get", "InvalidResource")])
def test_faults_of_the_host(recorded: Start, action: str, fault: str) -> None:
    _dummy, port = recorded()
    status, body = post(port, envelope(action, shell="NONE"))
    assert status == 500
    assert str(soap.FAULTS[fault].number).encode() in body


def test_identify_needs_no_credentials_and_nothing_else_does_so(recorded: Start) -> None:
    _dummy, port = recorded()
    anonymous = {"Authorization": "", "WSMANIDENTIFY": "unauthenticated"}
    identify = f'<i:Identify xmlns:i="{soap.IDENTITY}"/>'
    status, body = post(port, envelope("", identify), **anonymous)
    assert status == 200
    assert b"ProductVersion" in body
    assert post(port, envelope("Create", "<rsp:Shell/>"), **anonymous)[0] == 400


@pytest.mark.parametrize("token", [
    "Basic", "Basic ?", "Basic " + base64.b64encode(b"\xff").decode(), "NTLM AAAA", "NTLM TlRMTVNTUAADAAAA", "Negotiate AA==", "Bearer x"])
def test_credentials_that_are_none(recorded: Start, token: str) -> None:
    host, port = recorded()
    assert post(port, b"x", Authorization=token)[0] == 401
    assert not host.count["Create"]
