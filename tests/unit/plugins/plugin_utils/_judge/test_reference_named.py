# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The CA that the user names is held against the one that the internal servers use."""
from __future__ import annotations

import pki
import pytest

from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.authority import Authority, authority_of
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.certificate import thumbprint
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.evidence import Evidence, evidence
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.reference import Reference, reference
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._snapshot.assignments import Assignment, Assignments

ROOT = pki.root("R", "Contoso Root CA", serial=b"\x60")
ISSUING = pki.subordinate("S", ROOT, "Contoso Issuing CA", serial=b"\x61")
RENEWED = ISSUING.change(serial=b"\x62", not_before=pki.day(-5), not_after=pki.day(3000))
OTHER_ROOT = pki.root("Q", "Fabrikam Root", serial=b"\x63")


def server(host: str, by: pki.Spec, *, ca: tuple[pki.Spec, ...] = (), roots: tuple[pki.Spec, ...] = ()) -> Evidence:
    content = pki.leaf(by).build()
    snapshot = pki.snapshot([pki.stored(content)], ca=[each.build() for each in ca], roots=[each.build() for each in roots], name=host)
    return evidence(snapshot, Assignments("Lync", (Assignment("Default", thumbprint(content)),)), now=pki.NOW)


def named(*specs: pki.Spec) -> Authority:
    return authority_of([("named.pem", spec.build()) for spec in specs])


def ask(servers: list[Evidence], given: Authority, match: str = "issuing_ca", **options: object) -> Reference:
    return reference(servers, now=pki.NOW, match=match, named_by_user=given, **options)  # type: ignore[arg-type]


def counted(found: Reference) -> set[bytes]:
    return {each.content for each in found.authority.certificates}


def differing(found: Reference) -> list[str]:
    return [each.message for each in found.findings if each.code == "reference.differs"]


FE1 = server("fe1", ISSUING, ca=(ISSUING,), roots=(ROOT,))
FE2 = server("fe2", OTHER_ROOT, roots=(OTHER_ROOT,))


def test_where_both_agree_nothing_is_said_and_the_file_is_the_source() -> None:
    found = ask([FE1], named(ISSUING))
    assert (found.certain, differing(found), counted(found)) == (True, [], {ISSUING.build()})
    assert [each.source for each in found.authority.describe()] == ["named.pem"]


def test_a_renewal_that_the_servers_prove_counts_as_well() -> None:
    found = ask([server("fe1", RENEWED, ca=(RENEWED,), roots=(ROOT,))], named(ISSUING))
    assert counted(found) == {ISSUING.build(), RENEWED.build()}
    assert not differing(found)


def test_nothing_in_common_is_uncertain_and_both_are_named() -> None:
    found = ask([FE1], named(OTHER_ROOT))
    assert not found.certain
    assert "Fabrikam Root" in found.message
    assert "Contoso Issuing CA" in found.message
    assert not counted(found)


def test_a_ca_only_on_a_server_is_said_and_does_not_count() -> None:
    found = ask([FE1, FE2], named(ISSUING))
    assert found.certain
    assert counted(found) == {ISSUING.build()}
    assert len(differing(found)) == 1
    assert "Fabrikam Root" in differing(found)[0]
    assert "fe2" in differing(found)[0]


def test_a_ca_only_in_the_file_is_said_and_counts() -> None:
    found = ask([FE1], named(ISSUING, OTHER_ROOT))
    assert counted(found) == {ISSUING.build(), OTHER_ROOT.build()}
    assert len(differing(found)) == 1
    assert "Fabrikam Root" in differing(found)[0]


def test_the_file_proves_what_the_stores_of_the_servers_do_not_hold() -> None:
    bare = server("fe1", ISSUING)
    assert not reference([bare], now=pki.NOW).certain
    assert ask([bare], named(ISSUING)).certain


def test_a_server_whose_ca_is_not_proved_is_said_beside_one_that_agrees() -> None:
    found = ask([FE1, server("fe2", OTHER_ROOT)], named(ISSUING))
    assert found.certain
    assert "fe2" in differing(found)[0]


@pytest.mark.parametrize(("match", "certain"), [("issuing_ca", False), ("chain", True)])
def test_a_ca_above_the_issuing_one_is_theirs_only_where_the_chain_is_asked_for(match: str, certain: bool) -> None:
    found = ask([FE1], named(ROOT), match)
    assert found.certain is certain
    assert ("match" in found.message) is not certain
    assert counted(found) == ({ROOT.build()} if certain else set())


def test_of_a_name_alone_nothing_is_in_common() -> None:
    impostor = pki.subordinate("S9", ROOT, "Contoso Issuing CA", serial=b"\x64")
    assert not ask([FE1], named(impostor)).certain


def test_servers_that_tell_nothing_leave_it_open_whatever_is_named() -> None:
    assert not ask([], named(ISSUING), silent=["fe1: off."]).certain
    assert not ask([FE1], named(ISSUING), silent=["fe2: off."], demand_all=True).certain
    assert ask([FE1], named(ISSUING), silent=["fe2: off."]).certain
