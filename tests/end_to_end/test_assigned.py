# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""certificate_authority_info over WinRM and PSRP: real stores, a stand-in for Lync's module, and the CA that comes of it.

All servers are read in one run of ansible-playbook, so each test looks at its part of that run's results.
"""
from __future__ import annotations

import base64
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pki
import pytest
from end_to_end.internal_servers import NOW, Server, content, leaf, simulate, thumbprint, using
from end_to_end.playing import Results, play, variables

from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.authority import load_authority
from winrm_host import Farm

pytestmark = pytest.mark.engine
Once = Callable[[str, Callable[[Path], Results]], Results]
MODULE = "lync.persistent_chat.certificate_authority_info"
TASK = {"timeout": "{{ patience | default(120) }}", "thumbprint": "{{ named | default('') }}"}


def scene() -> dict[str, Server]:
    root = pki.root("R", "Contoso Root CA", serial=b"\x01")
    issuing = pki.subordinate("S", root, "Contoso Issuing CA", serial=b"\x02")
    renewed = issuing.change(serial=b"\x03", not_before=NOW - timedelta(days=5))
    stranger = pki.root("S", "Contoso Issuing CA", serial=b"\x04", kind="rsa3072")
    web_root = pki.root("Q", "Fabrikam Root", serial=b"\x05")
    good, oauth = leaf(issuing, "L", b"\x11"), leaf(web_root, "L2", b"\x12", names=("oauth.contoso.local",))
    expired = leaf(issuing, "L", b"\x13", not_after=NOW - timedelta(days=2))
    gone = leaf(issuing, "L", b"\x14")
    chain: dict[str, Any] = {"ca": [issuing], "root": [root, web_root]}
    both = {"Default": thumbprint(good), "OAuthTokenIssuer": thumbprint(oauth)}
    return {
        "fe-agree": Server([good, oauth], **chain, lync={"assigned": both}),
        "fe-psrp": Server([good, oauth], **chain, lync={"assigned": both}, connection="psrp"),
        "fe-renewed": Server([good], ca=[issuing, renewed], root=[root], lync={"assigned": both}),
        "fe-namesake": Server([good], ca=[issuing], root=[root, stranger], lync={"assigned": both}),
        "fe-impostor": Server([good], root=[root, stranger], lync={"assigned": both}),
        "fe-oauth": Server([good, oauth], **chain, lync={"assigned": {"OAuthTokenIssuer": thumbprint(oauth)}}),
        "fe-expired": Server([expired], **chain, lync={"assigned": {"Default": thumbprint(expired)}}),
        "fe-gone": Server([good], **chain, lync={"assigned": {"Default": thumbprint(gone)}}),
        "fe-bare": Server([good], **chain, lync=None),
        "fe-named": Server([good, oauth], **chain, lync=None, variables={"named": thumbprint(good)}),
        "fe-denied": Server([good], **chain, lync={"denied": True}),
        "fe-hangs": Server([good], **chain, lync={"assigned": both, "sleeps": 3600}, variables={"patience": 20}),
        "fe-one-error": Server([good], **chain, lync={"assigned": both, "errors": ["Assigned certificate not found or untrusted."]}),
    }


@pytest.fixture(scope="session")
def read(once: Once, engine: Path) -> Results:
    """Each server's result by its name; "(stores)": what lies in its stores, as (thumbprint, base64)."""
    def make(folder: Path) -> Results:
        servers = scene()
        other_root = servers["fe-agree"].root[1]
        strange = leaf(other_root, "L", b"\x15")
        servers["fe-strange"] = using(strange, root=[other_root])
        with Farm() as farm:
            inventory = simulate(farm, engine, folder, servers)
            inventory["fe-off"] = variables(farm.reserve("fe-off"), "winrm", patience=10)
            results = play(folder, inventory, {MODULE: TASK}, forks=2)
            two = {name: inventory[name] for name in ("fe-agree", "fe-renewed")}
            record(folder, two)
            delegated = delegate(folder, two)
        return results | delegated | compare(folder, results) | {"(stores)": {name: told(server) for name, server in servers.items()}}

    return once("assigned", make)


def record(folder: Path, inventory: dict[str, dict[str, object]]) -> None:
    (folder / "record").mkdir()
    task = {"assignments": True, "dest": str(folder / "recorded") + "/", "timeout": 120}
    play(folder / "record", inventory, {"lync.persistent_chat.certificate_store_info": task}, forks=2)


def delegate(folder: Path, inventory: dict[str, dict[str, object]]) -> Results:
    """Each of two servers asks both, one after the other: live, and then from what was recorded."""
    found: Results = {}
    for name, options in {"(live)": {"timeout": 120}, "(from files)": {"snapshot": str(folder / "recorded")}}.items():
        (folder / name).mkdir()
        task = {MODULE: options, "delegate_to": "{{ item }}", "loop": list(inventory)}
        found[name] = play(folder / name, inventory, task, forks=1)["fe-agree"]
    return found


def compare(folder: Path, results: Results) -> Results:
    """What the module says of several servers' results together."""
    questions = {
        "(one)": {"results": [results["fe-agree"], results["fe-renewed"], results["fe-off"]]},
        "(all)": {"results": [results["fe-agree"], results["fe-off"]], "demand_all": True},
        "(two)": {"results": [results["fe-agree"], results["fe-strange"]]},
        "(none)": {"results": [results["fe-off"]]},
        "(chain)": {"results": [results["fe-agree"]], "match": "chain"},
        "(recorded)": {"snapshot": str(folder / "recorded" / "fe-agree.json")},
    }
    hosts = {
        name.replace("(recorded)", "fe-agree"): {"ansible_connection": "local", "options": options} for name, options in questions.items()
    }
    values = ("results", "demand_all", "match", "snapshot")
    task = {name: f"{{{{ options.{name} | default(omit) }}}}" for name in values}
    (folder / "compare").mkdir()
    found = play(folder / "compare", hosts, {MODULE: task}, forks=2)
    found["(recorded)"] = found.pop("fe-agree")
    return found


def told(server: Server) -> dict[str, list[list[str]]]:
    stores = {"my": server.my, "ca": server.ca, "root": server.root}
    return {name: [[thumbprint(spec), content(spec)] for spec in specs] for name, specs in stores.items()}


def said(result: dict[str, Any]) -> str:
    return " ".join(each["message"] for each in result["findings"])


def contents(result: dict[str, Any], which: str = "certificates") -> list[str]:
    return [each["content"] for each in result["authority"][which]]


def stored(read: Results, name: str, store: str) -> list[list[str]]:
    found: list[list[str]] = read["(stores)"][name][store]
    return found


@pytest.mark.parametrize("name", ["fe-agree", "fe-psrp", "fe-one-error", "fe-named", "fe-namesake"])
def test_the_ca_of_the_default_certificate(read: Results, name: str) -> None:
    found = read[name]
    assert found["kind"] == "ok", found
    assert contents(found) == [stored(read, name, "ca")[0][1]]
    assert contents(found, "roots") == [stored(read, name, "root")[0][1]]
    assert found["authority"]["subject"].startswith("CN=Contoso Issuing CA")
    assert stored(read, name, "my")[0][0] in found["authority"]["source"]
    assert found["changed"] is False


def test_what_is_assigned_is_returned(read: Results) -> None:
    found = read["fe-agree"]["assigned"]
    assert (found["module"], found["errors"]) == ("Lync", [])
    uses = ["Default", "OAuthTokenIssuer"]
    expected = list(zip(uses, (each[0] for each in stored(read, "fe-agree", "my")), strict=True))
    assert [(each["use"], each["thumbprint"]) for each in found["assigned"]] == expected


def test_a_renewal_with_the_same_key_is_the_same_ca(read: Results) -> None:
    both = {each[1] for each in stored(read, "fe-renewed", "ca")}
    assert len(both) == 2
    assert set(contents(read["fe-renewed"])) == both


def test_an_expired_default_certificate_still_names_its_ca(read: Results) -> None:
    assert contents(read["fe-expired"]) == [stored(read, "fe-expired", "ca")[0][1]]
    assert "expired on" in said(read["fe-expired"])


def test_another_ca_of_the_name_does_not_count_and_is_said(read: Results) -> None:
    assert stored(read, "fe-namesake", "root")[1][0] in said(read["fe-namesake"])


def test_an_error_beside_the_default_certificate_is_said(read: Results) -> None:
    assert read["fe-one-error"]["assigned"]["errors"][0]["kind"] == "untrusted"
    assert "not found or not trusted" in said(read["fe-one-error"])


def test_a_named_certificate_needs_no_lync(read: Results) -> None:
    assert read["fe-named"]["assigned"] is None


@pytest.mark.parametrize(
    ("name", "kind", "said"),
    [
        ("fe-oauth", None, "no certificate is assigned to Default; assigned is OAuthTokenIssuer"),
        ("fe-gone", None, "not in the store My"),
        ("fe-bare", "no_module", "Lync's management module is not installed there"),
        ("fe-denied", "denied", "RTCUniversalServerAdmins"),
        ("fe-hangs", "timeout", "did not answer in time"),
        ("fe-impostor", None, "have another key"),
    ],
)
def test_what_tells_no_ca_fails_with_what_was_seen(read: Results, name: str, kind: str | None, said: str) -> None:
    found = read[name]
    assert found["kind"] == "failed"
    assert said in found["msg"]
    assert "authority" not in found
    assert [each["kind"] for each in found["assigned"]["errors"]] == [kind] * (kind is not None)


def test_a_server_that_is_off_is_a_failure_with_its_code(read: Results) -> None:
    assert (read["fe-off"]["kind"], read["fe-off"]["code"]) == ("failed", "host.unreachable")
    assert re.search("nothing listens", read["fe-off"]["msg"])


def test_servers_of_one_ca_and_one_that_is_off(read: Results) -> None:
    found = read["(one)"]
    assert found["kind"] == "ok", found
    assert set(contents(found)) == {each[1] for each in stored(read, "fe-renewed", "ca")}
    assert [row["host"] for row in found["servers"]] == ["fe-agree", "fe-renewed"]
    assert read["fe-off"]["msg"] in said(found)


@pytest.mark.parametrize(("name", "said"), [("(all)", "nothing listens"), ("(none)", "nothing listens"), ("(two)", "Fabrikam Root")])
def test_servers_that_tell_no_common_ca(read: Results, name: str, said: str) -> None:
    assert read[name]["kind"] == "failed"
    assert said in read[name]["msg"]
    assert "authority" not in read[name]


def test_the_root_counts_where_the_chain_is_asked_for(read: Results) -> None:
    assert contents(read["(chain)"]) == [stored(read, "fe-agree", "root")[0][1]]


def test_a_recorded_server_tells_the_same_on_a_machine_that_does_not_ask_it(read: Results) -> None:
    assert read["(recorded)"]["authority"] == read["fe-agree"]["authority"]
    assert read["(recorded)"]["assigned"] == read["fe-agree"]["assigned"]


@pytest.mark.parametrize("name", ["(live)", "(from files)"])
def test_under_delegate_to_the_delegate_is_what_is_read(read: Results, name: str) -> None:
    found = read[name]["results"]
    assert [each["evidence"]["host"] for each in found] == ["fe-agree", "fe-renewed"]
    assert [len(contents(each)) for each in found] == [1, 2]


def test_what_is_returned_is_what_certificate_check_takes(read: Results) -> None:
    given = contents(read["fe-renewed"])
    loaded = load_authority([(f"authority_content[{index}]", each.encode()) for index, each in enumerate(given)])
    assert {base64.b64encode(each).decode() for each in loaded.contents} == set(given)
