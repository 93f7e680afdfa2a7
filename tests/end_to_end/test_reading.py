# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""certificate_store_info over real connections: what was put into the stores of three hosts comes back byte for byte, and what goes wrong
on the way is told as what it is.

All hosts of a kind are read in one run of ansible-playbook, so each test looks at its part of that run's results.
"""
from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
import tls_files
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from end_to_end.playing import PASSWORD, USER, Results, play, variables
from end_to_end.stores import furnish, issue

from winrm_host import Farm, Host, PowerShell, Recorded, Tls
from winrm_host.powershell import can_name_hosts

STORES = ["My", "CA", "Root"]
HOSTS = ("chat1", "chat2", "chat3")
Once = Callable[[str, Callable[[Path], Results]], Results]
USERS = {USER: PASSWORD}


def task(**options: object) -> dict[str, object]:
    return {"lync.persistent_chat.certificate_store_info": {"stores": STORES, "return_content": True, **options}}


# ---- good hosts

WAYS = ("winrm basic", "winrm ntlm", "winrm https", "winrm certificate", "psrp basic", "psrp ntlm", "psrp https")


def connections(http: int, https: int, tls: tls_files.TlsFiles) -> dict[str, dict[str, object]]:
    """The variables for each of WAYS."""
    secure = {"ansible_winrm_scheme": "https", "ansible_winrm_ca_trust_path": str(tls.ca)}
    return {
        "winrm basic": variables(http, "winrm"),
        "winrm ntlm": variables(http, "winrm", ansible_winrm_transport="ntlm", ansible_winrm_message_encryption="always"),
        "winrm https": variables(https, "winrm", **secure),
        "winrm certificate": variables(https, "winrm", **secure, ansible_winrm_transport="certificate",
                                       ansible_winrm_cert_pem=str(tls.client_certificate), ansible_winrm_cert_key_pem=str(tls.client_key)),
        "psrp basic": variables(http, "psrp"),
        "psrp ntlm": variables(http, "psrp", ansible_psrp_auth="ntlm", ansible_psrp_message_encryption="always"),
        "psrp https": variables(https, "psrp", ansible_psrp_protocol="https", ansible_psrp_ca_cert=str(tls.ca),
                                ansible_psrp_auth="negotiate"),
    }


@pytest.fixture(scope="session")
def good(once: Once, engine: Path) -> Results:
    """{"kept": what was put in by host, "read": {"chat1 winrm basic": result}, "left": shells left open}."""
    def make(folder: Path) -> Results:
        tls = tls_files.make(folder)
        kept: dict[str, object] = {}
        inventory: dict[str, dict[str, object]] = {}
        simulated: list[Host] = []
        with Farm() as farm:
            for name in HOSTS:
                home = folder / f"home-{name}"
                kept[name] = asdict(furnish(home, name))
                executor = PowerShell(engine, home, name=name, domain="contoso.local")
                host = Host(name, executor, users=USERS, authentications=("Negotiate", "NTLM", "Basic", "Certificate"),
                            certificates={tls_files.CLIENT: USER})
                simulated.append(host)
                ways = connections(farm.listen(host), farm.listen(host, tls=Tls(tls.certificate, tls.key, tls.ca)), tls)
                inventory |= {f"{name} {way}": values for way, values in ways.items()}
            return {"kept": kept, "read": play(folder, inventory, task(), forks=4), "left": sum(len(host.shells) for host in simulated)}

    return once("good", make)


@pytest.mark.engine
@pytest.mark.parametrize("name", HOSTS)
@pytest.mark.parametrize("way", WAYS)
def test_byte_for_byte(good: Results, name: str, way: str) -> None:
    kept, read = good["kept"][name], good["read"][f"{name} {way}"]
    assert (read["kind"], read.get("attempts")) == ("ok", 1), read
    assert [store["name"] for store in read["stores"]] == STORES
    for store in read["stores"]:
        certificates = store["certificates"]
        contents = {each["thumbprint"]: base64.b64decode(each["content"]).hex() for each in certificates}
        assert contents == kept["contents"][store["name"]]
        assert len(certificates) == len(contents)
        assert store["error"] is None
        for each in certificates:
            key, numbers = each["private_key"], kept["numbers"][each["thumbprint"]]
            assert key["present"] is (numbers is not None)
            if numbers is not None:
                assert key["opened"] is True
                assert [key["public_key"]["algorithm"], *key["public_key"]["values"]] == numbers
    assert read["changed"] is False


@pytest.mark.engine
def test_hosts_differ_and_connections_do_not(good: Results) -> None:
    def facts(name: str, way: str) -> str:
        return json.dumps(good["read"][f"{name} {way}"]["stores"], sort_keys=True)

    for name in HOSTS:
        assert len({facts(name, way) for way in WAYS}) == 1
    assert len({facts(name, WAYS[0]) for name in HOSTS}) == len(HOSTS)


@pytest.mark.engine
def test_host_is_told(good: Results) -> None:
    named = can_name_hosts()
    for name in HOSTS:
        host = good["read"][f"{name} psrp basic"]["host"]
        assert abs(host["clock_skew_seconds"]) <= 5
        assert host["powershell_version"]
        assert not named or host["fqdn"] == f"{name}.contoso.local"


@pytest.mark.engine
def test_no_shell_is_left(good: Results) -> None:
    assert good["left"] == 0


# ---- bad hosts

CASES: dict[str, dict[str, Any]] = {}


def case(name: str, *faults: dict[str, Any], psrp: bool = True, **values: Any) -> None:
    """A case for winrm and, unless told otherwise, one for psrp: ``name winrm``, ``name psrp``."""
    for connection in ("winrm", "psrp") if psrp else ("winrm",):
        CASES[f"{name} {connection}"] = {"connection": connection, "faults": faults, "values": values}


NOT_FOUND = "'powershell' is not recognized as an internal or external command,\r\noperable program or batch file.\r\n"
case("wrong password", ansible_password="guess")
case("wrong password ntlm", psrp=False, ansible_password="guess", ansible_winrm_transport="ntlm")
case("access denied", {"on": "Create", "do": "fault", "name": "AccessDenied"})
case("no powershell", {"do": "replace", "on": "Output", "text": "", "rc": 9009}, psrp=False)
case("hang in Create", {"on": "Create", "do": "hang"}, wait=3)
case("hang in Command", {"on": "Command", "do": "hang"}, wait=3)
case("never ends", {"on": "Receive", "do": "fault", "name": "TimedOut", "delay": 0.5}, psrp=False, wait=3)
case("truncated", {"do": "truncate", "bytes": 300})
case("silent", {"do": "truncate", "bytes": 0})
case("garbled", {"do": "garble"})
case("doubled", {"do": "double"})
case("noise before", {"do": "prefix", "text": "Loading personal profile\r\n"})
case("noise after", {"do": "suffix", "text": "bye"})
case("errors besides", {"do": "stderr", "text": "WARNING: something else"})
case("drop in Create once", {"on": "Create", "do": "drop", "times": 1})
case("drop in Receive once", {"on": "Receive", "do": "drop", "times": 1})
case("drop in Receive", {"on": "Receive", "do": "drop"})
case("unavailable once", {"on": "Create", "do": "status", "code": 503, "times": 1}, psrp=False)
case("a portal", {"on": "*", "do": "status", "code": 200, "body": "<html>Please log in"}, psrp=False)
case("become", ansible_become=True)
case("mistyped store", psrp=False, wanted=["My", "Mine"])


def snapshot(file: Path, certificates: Sequence[bytes]) -> Recorded:
    """A recorded host with these certificates in My, CA and Root empty."""
    key = {"present": False, "opened": None, "error": None, "storage": None, "provider": None, "container": None, "key_spec": None,
           "machine_store": None, "public_key": None}
    entries = [{"content": base64.b64encode(each).decode(), "archived": False, "friendly_name": None, "error": None, "private_key": key}
               for each in certificates]
    host = {"name": "CHAT4", "domain": "contoso.local", "clock": "2020-01-01T00:00:00Z", "os_version": "Microsoft Windows NT 6.3.9600.0",
            "powershell_version": "4.0", "elevated": True, "lync_version": None, "tls_1_0_disabled": None, "trusted_issuer_list": None}
    stores = [{"name": name, "missing": False, "error": None, "certificates": entries if name == "My" else []} for name in STORES]
    file.write_text(json.dumps({"format": 1, "name": "chat4", "recorded_at": "2020-01-01T00:00:00Z", "host": host, "stores": stores}),
                    encoding="ascii")
    return Recorded(file)


def many(count: int) -> list[bytes]:
    """So many different certificates: one, with other serial numbers."""
    certificate = issue("chat4.contoso.local", ec.generate_private_key(ec.SECP256R1()))
    content = certificate.public_bytes(serialization.Encoding.DER)
    size = (certificate.serial_number.bit_length() + 8) // 8
    serial = certificate.serial_number.to_bytes(size, "big")
    assert content.count(serial) == 1
    return [content.replace(serial, serial[:-4] + number.to_bytes(4, "big")) for number in range(count)]


@pytest.fixture(scope="session")
def bad(once: Once) -> Results:
    """{"read": {case: result}, "count": {case: requests by action}}."""
    def make(folder: Path) -> Results:
        recorded, large = snapshot(folder / "chat4.json", many(1)), snapshot(folder / "chat5.json", many(5000))
        tls = tls_files.make(folder)
        inventory: dict[str, dict[str, object]] = {}
        hosts: dict[str, Host] = {}
        with Farm() as farm:
            for name, each in CASES.items():
                hosts[name] = Host(name, recorded, users=USERS, faults=each["faults"])
                inventory[name] = variables(farm.listen(hosts[name]), each["connection"], **each["values"])
            for connection in ("winrm", "psrp"):
                name = f"5000 certificates {connection}"
                hosts[name] = Host(name, large, users=USERS)
                inventory[name] = variables(farm.listen(hosts[name]), connection)
                name = f"untrusted {connection}"
                hosts[name] = Host(name, recorded, users=USERS)
                inventory[name] = variables(farm.listen(hosts[name], tls=Tls(tls.certificate, tls.key)), connection,
                                            ansible_winrm_scheme="https", ansible_psrp_protocol="https")
                inventory[f"switched off {connection}"] = variables(farm.reserve("off"), connection)
                inventory[f"deaf {connection}"] = variables(farm.deaf("deaf"), connection, wait=3)
            options = {"stores": "{{ wanted | default(['My', 'CA', 'Root']) }}", "timeout": "{{ wait | default(30) }}"}
            read = play(folder, inventory, task(**options), forks=12)
            return {"read": read, "count": {name: dict(host.count) for name, host in hosts.items()}}

    return once("bad", make)


def failed(bad: Results, name: str, code: str | None, *fragments: str, attempts: int | None = 1) -> dict[str, int]:
    """Asserts that this case failed in this way; how often each request came."""
    result = bad["read"][name]
    assert result["kind"] == "failed", result
    assert (result.get("code"), result.get("attempts")) == (code, attempts), result["msg"]
    for fragment in fragments:
        assert fragment in result["msg"]
    count: dict[str, int] = bad["count"].get(name, {})
    return count


def read(bad: Results, name: str, *, attempts: int = 1) -> dict[str, Any]:
    result: dict[str, Any] = bad["read"][name]
    assert (result["kind"], result.get("attempts")) == ("ok", attempts), result
    return result


BOTH = pytest.mark.parametrize("connection", ["winrm", "psrp"])


@pytest.mark.parametrize("name", ["wrong password winrm", "wrong password psrp", "wrong password ntlm winrm"])
def test_wrong_password_is_tried_once(bad: Results, name: str) -> None:
    count = failed(bad, name, "host.denied", "refused the credentials", "ansible_password")
    assert count["refused"] == 1
    assert "Create" not in count


@BOTH
def test_access_denied_is_not_tried_again(bad: Results, connection: str) -> None:
    assert failed(bad, f"access denied {connection}", "host.denied", "denies it access", "administrator")["Create"] == 1


@BOTH
def test_untrusted_tls_sends_nothing(bad: Results, connection: str) -> None:
    assert failed(bad, f"untrusted {connection}", "host.unreachable", "does not trust", "ca_") == {}


def test_no_powershell(bad: Results) -> None:
    failed(bad, "no powershell winrm", "host.no_powershell", "found no powershell", "Install Windows PowerShell")


@BOTH
@pytest.mark.parametrize("name", ["hang in Create", "hang in Command", "deaf"])
def test_deadline(bad: Results, name: str, connection: str) -> None:
    failed(bad, f"{name} {connection}", "host.timeout", "did not answer within 3 s")


def test_deadline_while_the_host_says_wait(bad: Results) -> None:
    failed(bad, "never ends winrm", "host.timeout", "did not answer within 3 s")


@BOTH
@pytest.mark.parametrize(("name", "fragment"), [
    ("truncated", "cut or garbled"), ("garbled", "garbled"), ("doubled", "more than once"), ("silent", "nothing")])
def test_answer_is_whole_or_refused(bad: Results, name: str, fragment: str, connection: str) -> None:
    failed(bad, f"{name} {connection}", "host.answer_invalid", fragment)


@BOTH
@pytest.mark.parametrize("name", ["noise before", "noise after", "errors besides"])
def test_noise_does_not_matter(bad: Results, name: str, connection: str) -> None:
    assert len(read(bad, f"{name} {connection}")["stores"][0]["certificates"]) == 1


@BOTH
@pytest.mark.parametrize("name", ["drop in Create once", "drop in Receive once"])
def test_a_lost_connection_is_tried_again(bad: Results, name: str, connection: str) -> None:
    assert read(bad, f"{name} {connection}", attempts=2)["stores"]


def test_a_busy_host_is_tried_again(bad: Results) -> None:
    assert read(bad, "unavailable once winrm", attempts=2)["stores"]


@BOTH
def test_a_lost_connection_is_not_tried_for_ever(bad: Results, connection: str) -> None:
    count = failed(bad, f"drop in Receive {connection}", "host.unreachable", "tried 3 times", attempts=3)
    assert count["Create"] == 3


@BOTH
def test_switched_off(bad: Results, connection: str) -> None:
    failed(bad, f"switched off {connection}", "host.unreachable", "nothing listens on that port", "5985", attempts=3)


def test_something_else_answers(bad: Results) -> None:
    failed(bad, "a portal winrm", "host.unreachable", "does not speak WinRM", "Check address and port", attempts=3)


@BOTH
def test_become_is_refused_before_anything_is_sent(bad: Results, connection: str) -> None:
    assert failed(bad, f"become {connection}", None, "become is not supported", attempts=None) == {}


def test_mistyped_store(bad: Results) -> None:
    failed(bad, "mistyped store winrm", None, "no certificate store Mine")


@BOTH
def test_five_thousand_certificates(bad: Results, connection: str) -> None:
    certificates = read(bad, f"5000 certificates {connection}")["stores"][0]["certificates"]
    assert len({each["thumbprint"] for each in certificates}) == 5000
    assert {each["subject"] for each in certificates} == {"CN=chat4.contoso.local"}


# ---- restricted PowerShell

@pytest.mark.engine
def test_constrained_language_mode(once: Once, engine: Path) -> None:
    def make(folder: Path) -> Results:
        restrict = "$ExecutionContext.SessionState.LanguageMode = 'ConstrainedLanguage'\n"
        with Farm() as farm:
            host = Host("chat6", PowerShell(engine, folder, prelude=restrict), users=USERS)
            return play(folder, {"chat6": variables(farm.listen(host), "winrm")}, task())

    result = once("constrained", make)["chat6"]
    assert (result["kind"], result.get("code")) == ("failed", "host.language_mode"), result
    assert "FullLanguage" in result["msg"]
