# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The real clients talk to the host: every way to authenticate, and every fault as each of them meets it."""
from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
import tls_files
from engine import BOOTSTRAP
from pypsrp.exceptions import AuthenticationError, WinRMTransportError, WSManFaultError
from requests import exceptions
from winrm.exceptions import InvalidCredentialsError
from winrm.exceptions import WinRMTransportError as WinrmTransport
from winrm.exceptions import WSManFaultError as WinrmFault
from winrm_clients import Heard, psrp, winrs

from winrm_host import Host, Tls

Start = Callable[..., tuple[Host, int]]
Client = Callable[..., Heard]
SCRIPT = "$storeNames = @('my','Root')\n# the script itself is not looked at\n"
ANY_FAILURE = (exceptions.RequestException, OSError)


def document(stdout: str) -> dict[str, Any]:
    packed = stdout.split("<<<lync.persistent_chat.stores 1 ")[1].split(" lync.persistent_chat.stores>>>")[0]
    read: dict[str, Any] = json.loads(gzip.decompress(base64.b64decode(packed)))
    return read


WAYS: dict[str, tuple[Client, dict[str, str]]] = {
    "winrs basic": (winrs, {}),
    "winrs ntlm, sealed": (winrs, {"transport": "ntlm", "message_encryption": "always"}),
    "psrp basic": (psrp, {}),
    "psrp ntlm, sealed": (psrp, {"auth": "ntlm"}),
    "psrp negotiate, sealed": (psrp, {"auth": "negotiate"}),
}


@pytest.mark.parametrize("way", WAYS)
def test_http(recorded: Start, way: str) -> None:
    host, port = recorded(allow_unencrypted="basic" in way)
    client, options = WAYS[way]
    read = document(client(port, BOOTSTRAP, SCRIPT, **options).stdout)
    stores = [(store["name"], store["missing"], len(store["certificates"])) for store in read["stores"]]
    assert stores == [("My", False, 1), ("Root", True, 0)]
    assert read["host"]["name"] == "CHAT1"
    clock = datetime.strptime(read["host"]["clock"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)
    assert abs(datetime.now(timezone.utc) - clock) < timedelta(hours=1)
    assert not host.shells, "a client that ends well leaves nothing"


@pytest.mark.parametrize("way", ["winrs basic", "winrs ntlm", "winrs certificate", "psrp basic", "psrp negotiate", "psrp certificate"])
def test_https(recorded: Start, tls: tls_files.TlsFiles, way: str) -> None:
    accepted = ("Certificate",) if "certificate" in way else ("Negotiate", "NTLM", "Basic")
    _dummy, port = recorded(tls=Tls(tls.certificate, tls.key, tls.ca), authentications=accepted,
                            certificates={tls_files.CLIENT: "operator"})
    mine = {"transport" if "winrs" in way else "auth": way.split()[1]}
    if way == "winrs certificate":
        mine |= {"cert_pem": str(tls.client_certificate), "cert_key_pem": str(tls.client_key)}
    elif way == "psrp certificate":
        mine |= {"certificate_pem": str(tls.client_certificate), "certificate_key_pem": str(tls.client_key)}
    if "winrs" in way:
        heard = winrs(port, BOOTSTRAP, SCRIPT, scheme="https", ca_trust_path=str(tls.ca), **mine)
    else:
        heard = psrp(port, BOOTSTRAP, SCRIPT, ssl=True, cert_validation=str(tls.ca), **mine)
    assert document(heard.stdout)["host"]["name"] == "CHAT1"


def test_unknown_ca(recorded: Start, tls: tls_files.TlsFiles) -> None:
    host, port = recorded(tls=Tls(tls.certificate, tls.key))
    with pytest.raises(exceptions.SSLError):
        winrs(port, BOOTSTRAP, SCRIPT, scheme="https")
    with pytest.raises(exceptions.SSLError):
        psrp(port, BOOTSTRAP, SCRIPT, ssl=True)
    assert not host.count


def test_unknown_client_certificate(recorded: Start, tls: tls_files.TlsFiles) -> None:
    host, port = recorded(tls=Tls(tls.certificate, tls.key, tls.ca), authentications=("Certificate",), certificates={"somebody else": "x"})
    with pytest.raises(InvalidCredentialsError):
        winrs(port, BOOTSTRAP, SCRIPT, scheme="https", ca_trust_path=str(tls.ca), transport="certificate",
              cert_pem=str(tls.client_certificate), cert_key_pem=str(tls.client_key))
    assert host.count["refused"] == 1
    assert not host.count["Create"]


@pytest.mark.parametrize("way", WAYS)
def test_wrong_password(recorded: Start, way: str) -> None:
    host, port = recorded()
    client, options = WAYS[way]
    with pytest.raises((InvalidCredentialsError, AuthenticationError, WinRMTransportError)):
        client(port, BOOTSTRAP, SCRIPT, **options, password="guess")
    assert host.count["refused"] == 1
    assert not host.count["Create"]


def test_only_sealed_messages(recorded: Start) -> None:
    host, port = recorded(allow_unencrypted=False)
    with pytest.raises(WinrmTransport, match="400"):
        winrs(port, BOOTSTRAP, SCRIPT)
    assert host.count["http_400"] == 1


def test_large_input_comes_in_pieces(recorded: Start) -> None:
    host, port = recorded()
    assert document(winrs(port, BOOTSTRAP, SCRIPT + "#" * 500_000).stdout)
    assert host.count["Send"] == 3
    assert document(psrp(port, BOOTSTRAP, SCRIPT + "#" * 500_000 + "\n#").stdout)


def test_what_a_recording_does_not_know(recorded: Start) -> None:
    _dummy, port = recorded()
    for client in (winrs, psrp):
        heard = client(port, "Get-Date")
        assert (heard.stdout, heard.rc) == ("", 1)
        assert "recording" in heard.stderr


# ---- faults

CLIENTS = pytest.mark.parametrize("client", [winrs, psrp])
MARK = "<<<lync.persistent_chat.stores 1 "


@CLIENTS
def test_output_rules(recorded: Start, client: Client) -> None:
    host, port = recorded()

    def heard(**rule: Any) -> Heard:
        host.faults.clear()
        host.faults.add(rule)
        return client(port, BOOTSTRAP, SCRIPT)

    assert heard(do="truncate", bytes=33).stdout == MARK
    assert heard(do="truncate", bytes=0).stdout == ""
    assert heard(do="prefix", text="noise ").stdout.startswith("noise " + MARK)
    assert heard(do="suffix", text="noise").stdout.endswith("stores>>>\r\nnoise")
    assert heard(do="double").stdout.count(MARK) == 2
    assert heard(do="replace", text="p\u00e9ch\u00e9 <&_x000A_\u0001").stdout == "p\u00e9ch\u00e9 <&_x000A_\u0001"
    assert "no such module" in heard(do="stderr", text="no such module").stderr
    assert heard(do="none", on="Output", rc=7).rc == 7
    assert heard(do="none", on="Output", rc=7).stdout.startswith(MARK)
    host.faults.clear()
    host.faults.add({"do": "garble"})
    assert client(port, "hostname").stdout.strip() == "CHAt1"


@CLIENTS
def test_output_rules_count_commands(recorded: Start, client: Client) -> None:
    _dummy, port = recorded(faults=[{"do": "truncate", "bytes": 3, "nth": 2, "times": 1}])
    assert [client(port, BOOTSTRAP, SCRIPT).stdout.startswith(MARK) for _dummy in range(3)] == [True, False, True]


@CLIENTS
@pytest.mark.parametrize("action", ["Create", "Command", "Send", "Receive"])
@pytest.mark.parametrize("rule", [
    {"do": "drop"}, {"do": "drop", "rst": True}, {"do": "drop_after"}, {"do": "drop_mid"}, {"do": "status", "code": 503, "body": "busy"},
    {"do": "fault", "name": "AccessDenied"}, {"do": "fault_after", "name": "Busy"}, {"do": "badxml"}, {"do": "status", "code": 401}],
    ids=lambda rule: " ".join(map(str, rule.values())))
def test_request_rules(recorded: Start, client: Client, action: str, rule: dict[str, Any]) -> None:
    if (client, action, rule["do"]) == (winrs, "Send", "badxml"):
        pytest.skip("pywinrm does not look at the answer to Send")
    host, port = recorded(faults=[{"on": action, **rule}])
    with pytest.raises(Exception) as caught:  # each client has its own for each fault
        client(port, BOOTSTRAP, SCRIPT)
    assert host.count[action]
    if rule.get("name") == "AccessDenied":
        assert isinstance(caught.value, (WSManFaultError, WinrmFault))
        assert "Access is denied" in str(caught.value) or "0x5" in str(caught.value) or "Code: 5" in str(caught.value)


@CLIENTS
def test_hang(recorded: Start, client: Client) -> None:
    _dummy, port = recorded(faults=[{"on": "Command", "do": "hang"}])
    short = {"operation_timeout_sec": 1, "read_timeout_sec": 2} if client is winrs else {"operation_timeout": 1, "read_timeout": 1}
    with pytest.raises((*ANY_FAILURE, WinRMTransportError)):
        client(port, BOOTSTRAP, SCRIPT, **short)


@CLIENTS
def test_once_and_no_more(recorded: Start, client: Client) -> None:
    host, port = recorded(faults=[{"on": "Create", "do": "drop", "times": 1}])
    with pytest.raises((*ANY_FAILURE, WinRMTransportError)):
        client(port, BOOTSTRAP, SCRIPT)
    assert client(port, BOOTSTRAP, SCRIPT).stdout.startswith(MARK)
    assert host.count["Create"] == 2


def test_operation_timeout_is_asked_again(recorded: Start) -> None:
    host, port = recorded(faults=[{"on": "Receive", "do": "fault", "name": "TimedOut", "times": 2}])
    assert winrs(port, BOOTSTRAP, SCRIPT).stdout.startswith(MARK)
    assert host.count["Receive"] == 3


@CLIENTS
def test_quota_of_shells(recorded: Start, client: Client) -> None:
    host, port = recorded(max_shells=0)
    with pytest.raises((WSManFaultError, WinrmFault)):
        client(port, BOOTSTRAP, SCRIPT)
    assert host.count["Create"] == 1
