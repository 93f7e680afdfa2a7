# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The reference CA out of several internal servers, read over WinRM from real stores and compared with ``results``.

Each server is read once; the groups of servers are then compared in one run, so each test looks at its part of that.
"""
from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pki
import pytest
import signing
from end_to_end.internal_servers import NOW, Server, content, leaf, simulate, using
from end_to_end.playing import Results, play

from winrm_host import Farm

pytestmark = pytest.mark.engine
Once = Callable[[str, Callable[[Path], Results]], Results]
MODULE = "lync.persistent_chat.certificate_authority_info"
OPTIONS = ("results", "match", "authority_content")

ROOT = pki.root("R", "Contoso Root CA", serial=b"\x01")
NEW_ROOT = pki.root("R2", "Contoso Root CA", serial=b"\x02")
ISSUING = pki.subordinate("S", ROOT, "Contoso Issuing CA", serial=b"\x03")
SAME_KEY = ISSUING.change(serial=b"\x04", not_before=NOW - timedelta(days=5))
NEW_KEY = pki.subordinate("S2", ROOT, "Contoso Issuing CA", serial=b"\x05")
SECOND = pki.subordinate("T", ROOT, "Contoso Issuing CA 2", serial=b"\x06")
OTHER_ROOT = pki.root("Q", "Fabrikam Root", serial=b"\x07")
NAMESAKE = pki.subordinate("N", OTHER_ROOT, "Contoso Issuing CA", serial=b"\x08")
PUBLIC_ROOT = pki.root("X", "Public Root", serial=b"\x09")
PUBLIC_POLICY = pki.subordinate("P", PUBLIC_ROOT, "Public Policy CA", serial=b"\x0a")
PUBLIC_ISSUING = pki.subordinate("I", PUBLIC_POLICY, "Public TLS CA", serial=b"\x0b")
CROSSED = ROOT.change(key=NEW_ROOT.key, serial=b"\x0c", extensions={
    "ski": pki.subject_key_identifier(signing.key_identifier(NEW_ROOT.key)),
    "aki": pki.authority_key_identifier(signing.key_identifier(ROOT.key))})


def scene() -> dict[str, Server]:
    by_issuing, by_root = leaf(ISSUING, "L", b"\x21"), leaf(ROOT, "L", b"\x22")
    by_new_root, by_public = leaf(NEW_ROOT, "L", b"\x23"), leaf(PUBLIC_ISSUING, "L", b"\x24")
    return {
        "fe-old": using(by_issuing, ca=[ISSUING], root=[ROOT]),
        "fe-same-key": using(leaf(SAME_KEY, "L", b"\x25"), ca=[SAME_KEY], root=[ROOT]),
        "fe-new-key": using(leaf(NEW_KEY, "L", b"\x26"), ca=[NEW_KEY], root=[ROOT]),
        "fe-second": using(leaf(SECOND, "L", b"\x27"), ca=[SECOND], root=[ROOT]),
        "fe-namesake": using(leaf(NAMESAKE, "L", b"\x28"), ca=[NAMESAKE], root=[OTHER_ROOT]),
        "fe-root": using(by_root, root=[ROOT]),
        "fe-crossed": using(by_new_root, ca=[CROSSED], root=[NEW_ROOT]),
        "fe-uncrossed": using(by_new_root, root=[NEW_ROOT]),
        "fe-whole": using(by_public, ca=[PUBLIC_POLICY, PUBLIC_ISSUING], root=[PUBLIC_ROOT]),
        "fe-issuing": using(by_public, ca=[PUBLIC_ISSUING], root=[PUBLIC_ROOT]),
        "fe-policy": using(by_public, ca=[PUBLIC_POLICY], root=[PUBLIC_ROOT]),
    }


CERTIFICATES = {
    "ROOT": ROOT, "NEW_ROOT": NEW_ROOT, "CROSSED": CROSSED, "ISSUING": ISSUING, "SAME_KEY": SAME_KEY, "NEW_KEY": NEW_KEY, "SECOND": SECOND,
    "NAMESAKE": NAMESAKE, "NAMESAKE_ROOT": OTHER_ROOT, "PUBLIC_ROOT": PUBLIC_ROOT, "PUBLIC_ISSUING": PUBLIC_ISSUING,
}
GROUPS = {
    "same-key": ("fe-old", "fe-same-key"),
    "new-key": ("fe-old", "fe-new-key"),
    "new-key-of-root": ("fe-root", "fe-crossed"),
    "new-key-of-root-uncrossed": ("fe-root", "fe-uncrossed"),
    "two-issuing": ("fe-old", "fe-second"),
    "one-name": ("fe-old", "fe-namesake"),
    "whole-and-part": ("fe-whole", "fe-issuing"),
    "two-parts": ("fe-issuing", "fe-policy"),
    "part": ("fe-policy",),
}
CHAIN = ("new-key", "two-issuing", "whole-and-part", "two-parts")
NAMED = {
    "named-one-of-two": ("two-issuing", (SECOND,)),
    "named-another-too": ("same-key", (ISSUING, NAMESAKE)),
    "named-one-of-one-name": ("one-name", (NAMESAKE,)),
    "named-another": ("same-key", (NAMESAKE,)),
    "named-for-what-is-unproved": ("part", (PUBLIC_ISSUING,)),
}
"""A group, and the CAs that the user names beside it."""


def questions(read: Results) -> dict[str, dict[str, object]]:
    """The options of each comparison: GROUPS, CHAIN with "-chain" behind the name, and NAMED."""
    asked: dict[str, dict[str, object]] = {name: {"results": [read[host] for host in group]} for name, group in GROUPS.items()}
    chained = {f"{name}-chain": {**asked[name], "match": "chain"} for name in CHAIN}
    named = {name: {**asked[group], "authority_content": [content(each) for each in given]} for name, (group, given) in NAMED.items()}
    return asked | chained | named


@pytest.fixture(scope="session")
def compared(once: Once, engine: Path) -> Results:
    """What the module says of each of ``questions``; "(content)": each CA certificate in base64 and its key's identifier."""
    def make(folder: Path) -> Results:
        with Farm() as farm:
            read = play(folder, simulate(farm, engine, folder, scene()), {MODULE: {"timeout": 120}}, forks=2)
        for host, result in read.items():  # all engines report the name of the one machine that they run on
            result["evidence"]["fqdn"] = host
        hosts = {name: {"ansible_connection": "local", "asked": options} for name, options in questions(read).items()}
        (folder / "compare").mkdir()
        task = {name: f"{{{{ asked.{name} | default(omit) }}}}" for name in OPTIONS}
        made = {name: [content(each), signing.key_identifier(each.key).hex().upper()] for name, each in CERTIFICATES.items()}
        return play(folder / "compare", hosts, {MODULE: task}, forks=2) | {"(content)": made}

    return once("reference", make)


def told(compared: Results, name: str, which: str = "certificates") -> set[str]:
    """The names of the CA certificates that count."""
    found = compared[name]
    assert found["kind"] == "ok", found["msg"]
    names = {pair[0]: each for each, pair in compared["(content)"].items()}
    return {names[each["content"]] for each in found["authority"][which]}


def codes(compared: Results, name: str) -> list[str]:
    return [each["code"] for each in compared[name]["findings"]]


@pytest.mark.parametrize(
    ("name", "certificates", "roots", "said"),
    [
        ("same-key", "ISSUING SAME_KEY", "ROOT", []),
        ("new-key", "ISSUING NEW_KEY", "ROOT", ["reference.several"]),
        ("new-key-of-root", "ROOT NEW_ROOT CROSSED", "ROOT NEW_ROOT", []),
        ("two-issuing", "ISSUING SECOND", "ROOT", ["reference.several"]),
        ("whole-and-part", "PUBLIC_ISSUING", "PUBLIC_ROOT", []),
        ("two-parts", "PUBLIC_ISSUING", "PUBLIC_ROOT", []),
        ("named-one-of-two", "SECOND", "ROOT", ["reference.differs"]),
        ("named-another-too", "ISSUING SAME_KEY NAMESAKE", "ROOT", ["reference.differs"]),
        ("named-one-of-one-name", "NAMESAKE", "NAMESAKE_ROOT", ["reference.differs"]),
    ],
)
def test_servers_whose_ca_is_told(compared: Results, name: str, certificates: str, roots: str, said: list[str]) -> None:
    assert told(compared, name) == set(certificates.split())
    assert told(compared, name, "roots") == set(roots.split())
    assert codes(compared, name) == said


@pytest.mark.parametrize(("name", "root"), [("new-key", "ROOT"), ("two-issuing", "ROOT"), ("whole-and-part", "PUBLIC_ROOT"),
                                            ("two-parts", "PUBLIC_ROOT")])
def test_under_match_chain_their_root_counts(compared: Results, name: str, root: str) -> None:
    assert told(compared, f"{name}-chain") == {root}


@pytest.mark.parametrize(("name", "keys", "hosts"), [
    ("new-key-of-root-uncrossed", "ROOT NEW_ROOT", "fe-root fe-uncrossed"),
    ("one-name", "ISSUING NAMESAKE", "fe-old fe-namesake"),
])
def test_two_cas_of_one_name_are_told_apart_by_their_keys(compared: Results, name: str, keys: str, hosts: str) -> None:
    found = compared[name]
    assert (found["kind"], "authority" in found) == ("failed", False)
    identifiers = [compared["(content)"][key][1] for key in keys.split()]
    assert [(row["host"], row["key_identifier"]) for row in found["servers"]] == list(zip(hosts.split(), identifiers, strict=True))
    assert all(identifier in found["msg"] for identifier in identifiers)


@pytest.mark.parametrize(("name", "said"), [
    ("part", "no internal server has that CA's certificate"),
    ("named-another", "is not one that the internal servers use"),
])
def test_servers_that_prove_nothing_of_use(compared: Results, name: str, said: str) -> None:
    assert (compared[name]["kind"], "authority" in compared[name]) == ("failed", False)
    assert said in compared[name]["msg"]


def test_the_file_of_the_ca_that_a_server_lacks_proves_what_it_uses(compared: Results) -> None:
    assert told(compared, "named-for-what-is-unproved") == {"PUBLIC_ISSUING"}
