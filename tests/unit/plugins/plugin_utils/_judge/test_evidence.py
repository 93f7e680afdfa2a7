# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which certificate of an internal server tells its CA, and what is said where none does."""
from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pki
import pytest

from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.certificate import thumbprint
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.evidence import (
    Evidence,
    EvidenceFormError,
    NoEvidence,
    evidence,
    read_evidence,
    write_evidence,
)
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._snapshot.assignments import Assignment, AssignmentError, Assignments
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._snapshot.snapshot import HostError, Snapshot, Store

ROOT = pki.root("R", serial=b"\x20")
IN_USE = pki.leaf(ROOT, serial=b"\x21").build()
OTHER = pki.leaf(ROOT, "L2", names=("oauth.contoso.local",), serial=b"\x22").build()
SNAPSHOT = pki.snapshot([pki.stored(OTHER), pki.stored(IN_USE)], roots=[ROOT.build()], name="fe1")


def assigned(*uses: tuple[str, bytes], errors: tuple[AssignmentError, ...] = ()) -> Assignments:
    return Assignments("Lync", tuple(Assignment(use, thumbprint(content), "CN=said by Lync") for use, content in uses), errors)


def ask(assignments: Assignments | None, snapshot: Snapshot = SNAPSHOT, **options: Any) -> Evidence:
    return evidence(snapshot, assignments, now=pki.NOW, **options)


def test_the_assigned_certificate_is_taken_and_not_another_of_the_store() -> None:
    found = ask(assigned(("OAuthTokenIssuer", OTHER), ("Default", IN_USE)))
    assert found.leaf.content == IN_USE
    assert found.roots == {ROOT.build()}
    assert found.source == f"fe1, Default, {thumbprint(IN_USE)}"
    assert not found.findings


@pytest.mark.parametrize(("name", "fqdn"), [("fe1.contoso.local", None), ("fe1", "fe1.contoso.local"), (pki.FQDN, "fe1.contoso.local")])
def test_a_machine_of_another_name_is_not_the_server(name: str, fqdn: str | None) -> None:
    with pytest.raises(NoEvidence, match=f"calls itself {pki.FQDN}"):
        ask(assigned(("Default", IN_USE)), replace(SNAPSHOT, name=name), fqdn=fqdn)


@pytest.mark.parametrize(("name", "fqdn"), [("fe1", None), (pki.FQDN.upper(), None), ("fe1.contoso.local", pki.FQDN)])
def test_a_machine_of_the_name_that_was_asked_for_is(name: str, fqdn: str | None) -> None:
    assert ask(assigned(("Default", IN_USE)), replace(SNAPSHOT, name=name), fqdn=fqdn).fqdn == pki.FQDN


def test_oauth_alone_tells_no_ca() -> None:
    with pytest.raises(NoEvidence, match="assigned is OAuthTokenIssuer"):
        ask(assigned(("OAuthTokenIssuer", OTHER)))


def test_nothing_assigned_is_said_with_what_to_do() -> None:
    with pytest.raises(NoEvidence, match=r"assigned is nothing\. .*deployment wizard, step 3.*thumbprint or subject"):
        ask(Assignments("Lync"))


def test_never_asked_is_not_nothing_assigned() -> None:
    with pytest.raises(NoEvidence, match="does not say which certificates are assigned"):
        ask(None)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (AssignmentError("module", "No module."), "not installed there"),
        (AssignmentError("import", "Too slow.", timed_out=True), "raise timeout"),
        (AssignmentError("call", "No.", hresult=0x80070005), "RTCUniversalServerAdmins"),
        (AssignmentError("call", "Cannot open the Central Management Store"), "an account of the domain"),
        (AssignmentError("call", "Assigned certificate not found or untrusted"), "assign a good one"),
        (AssignmentError("call", "Odd."), "Run Get-CsCertificate"),
    ],
)
def test_why_lync_told_nothing_is_said_with_its_own_words(error: AssignmentError, said: str) -> None:
    with pytest.raises(NoEvidence) as caught:
        ask(Assignments(None, (), (error,)))
    assert said in str(caught.value)
    assert error.message in str(caught.value)


def test_an_error_beside_the_default_certificate_is_a_warning() -> None:
    found = ask(assigned(("Default", IN_USE), errors=(AssignmentError("call", "Assigned certificate not found or untrusted"),)))
    assert "not found or not trusted" in found.findings[0].message


def test_an_assigned_certificate_that_left_the_store_proves_nothing() -> None:
    gone = pki.leaf(ROOT, "L3").build()
    with pytest.raises(NoEvidence, match=f"{thumbprint(gone)}.*not in the store My"):
        ask(assigned(("Default", gone)))


def test_two_certificates_for_one_use_are_not_guessed_between() -> None:
    with pytest.raises(NoEvidence, match="2 certificates assigned to Default"):
        ask(assigned(("Default", IN_USE), ("Default", OTHER)))


def test_an_expired_certificate_still_names_its_ca() -> None:
    old = pki.leaf(ROOT, not_after=pki.day(-1)).build()
    found = ask(assigned(("Default", old)), pki.snapshot([pki.stored(old)], roots=[ROOT.build()], name="fe1"))
    assert found.leaf.content == old
    assert "expired" in found.findings[0].message


def test_a_named_thumbprint_needs_no_lync() -> None:
    found = ask(None, thumbprint=" ".join(thumbprint(OTHER).lower()))
    assert found.leaf.content == OTHER
    assert found.use is None


@pytest.mark.parametrize("subject", ["oauth.contoso.local", "CN=OAUTH.contoso.local"])
def test_a_named_subject(subject: str) -> None:
    assert ask(None, subject=subject).leaf.content == OTHER


def test_a_named_subject_of_two_certificates_is_not_guessed() -> None:
    twice = pki.snapshot([pki.stored(IN_USE), pki.stored(pki.leaf(ROOT, "L4").build())], name="fe1")
    with pytest.raises(NoEvidence, match="option thumbprint"):
        ask(None, twice, subject=pki.FQDN)


@pytest.mark.parametrize("options", [{"thumbprint": "00" * 20}, {"subject": "nobody"}])
def test_a_name_that_fits_nothing_says_what_is_there(options: dict[str, Any]) -> None:
    with pytest.raises(NoEvidence, match=thumbprint(IN_USE)):
        ask(None, **options)


def test_an_unread_my_is_said() -> None:
    unread = replace(SNAPSHOT, stores=(Store("My", error=HostError("Access is denied.", 0x80070005)),))
    with pytest.raises(NoEvidence, match=r"could not be read \(Access is denied"):
        ask(assigned(("Default", IN_USE)), unread)


def test_an_unread_root_is_a_warning() -> None:
    partial = replace(SNAPSHOT, stores=tuple(store for store in SNAPSHOT.stores if store.name != "Root"))
    assert "the store Root was not read" in ask(assigned(("Default", IN_USE)), partial).findings[0].message


def test_a_default_certificate_that_is_no_certificate() -> None:
    broken = pki.snapshot([pki.stored(b"\x30\x03\x02\x01\x01")], name="fe1")
    with pytest.raises(NoEvidence, match="could not be read"):
        ask(assigned(("Default", b"\x30\x03\x02\x01\x01")), broken)


def test_evidence_travels_with_what_a_chain_can_need_and_no_more() -> None:
    middle, stranger = pki.subordinate("S", ROOT, "Contoso Issuing CA"), pki.root("Q", "Fabrikam Root").build()
    leaf, link = pki.leaf(middle).build(), middle.build()
    found = ask(assigned(("Default", leaf)), pki.snapshot([pki.stored(leaf)], ca=[link], roots=[ROOT.build(), stranger], name="fe1"))
    again = read_evidence(json.loads(json.dumps(write_evidence(found))))
    assert (again.host, again.use, again.leaf.content) == ("fe1", "Default", leaf)
    assert set(again.offered) == {link, ROOT.build()}
    assert again.roots == {ROOT.build()}


def travelled(found: Evidence) -> set[bytes]:
    return set(read_evidence(json.loads(json.dumps(write_evidence(found)))).offered)


def test_a_server_that_lacks_the_issuing_ca_sends_all_that_may_be_above_it() -> None:
    policy = pki.subordinate("P", ROOT, "Contoso Policy CA")
    leaf, link = pki.leaf(pki.subordinate("S", policy, "Contoso Issuing CA")).build(), policy.build()
    found = ask(assigned(("Default", leaf)), pki.snapshot([pki.stored(leaf)], ca=[link], roots=[ROOT.build()], name="fe1"))
    assert travelled(found) == {link, ROOT.build()}


def test_an_intermediate_of_another_server_travels_with_its_root() -> None:
    other_root = pki.root("Q", "Fabrikam Root", serial=b"\x23")
    other, strange = pki.subordinate("S", other_root, "Fabrikam Issuing CA").build(), pki.root("Q2", "Unused Root").build()
    found = ask(assigned(("Default", IN_USE)),
                pki.snapshot([pki.stored(IN_USE)], ca=[other], roots=[ROOT.build(), other_root.build(), strange], name="fe1"))
    assert travelled(found) == {ROOT.build(), other, other_root.build()}


@pytest.mark.parametrize("change", [{"leaf": "MAMCAQE="}, {"roots": ["%"]}, {"host": None}, {"offered": "x"}, {"more": 1}])
def test_evidence_of_another_form_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(EvidenceFormError):
        read_evidence(write_evidence(ask(assigned(("Default", IN_USE)))) | change)
