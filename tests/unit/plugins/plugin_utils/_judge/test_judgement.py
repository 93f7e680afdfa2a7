# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The verdict on a host from those on its certificates: which of them decides, what is said, and what mends it."""
from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pki
import pytest
from asn1 import sequence
from situations import (
    CA,
    CLOCKS,
    GOOD,
    ISSUED,
    ISSUING,
    KEY,
    ROOT,
    SISTER,
    TOP,
    Situation,
    ext,
    facts,
    key,
    snapshot_of,
    unread,
    verdict_on,
)

from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.authority import load_authority
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.judgement import judge
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.judgement import unread as unread_host
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.requirement import requirement_for
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._snapshot.snapshot import PrivateKey
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._verdict.verdict import Outcome, Severity, Verdict

PRINT = hashlib.sha1(ISSUED).hexdigest().upper()
STRANGER = pki.leaf(pki.root("ROGUE", "Fabrikam Root"))
CHAIN: Any = {"match": "chain"}


def with_print(spec: pki.Spec, wanted: Callable[[str], bool]) -> bytes:
    """That certificate with a serial number that gives it a fitting thumbprint: they stand in the order of their thumbprints."""
    contents = (spec.change(serial=b"\x61" + number.to_bytes(18, "big")).build() for number in range(1000, 2000))
    return next(content for content in contents if wanted(hashlib.sha1(content).hexdigest().upper()))


def cure(situation: Situation) -> str:
    """What mends its nearest miss."""
    miss = verdict_on(situation).nearest_miss
    assert miss is not None
    return miss.remedy or ""


def verdict_of(*contents: bytes, facts_of_key: PrivateKey = KEY) -> Verdict:
    return verdict_on(Situation(my=[pki.stored(content, facts_of_key) for content in contents]))


@pytest.mark.parametrize("wanted", [lambda thumbprint: thumbprint < PRINT, lambda thumbprint: thumbprint > PRINT])
def test_the_best_certificate_decides_wherever_it_stands(wanted: Callable[[str], bool]) -> None:
    other = with_print(GOOD, wanted)
    unknown, absent = PrivateKey(present=None), PrivateKey(present=False)
    for lesser in (unknown, absent):
        assert verdict_on(Situation(my=[pki.stored(ISSUED, KEY), pki.stored(other, lesser)])).outcome is Outcome.SATISFIED
    assert verdict_on(Situation(my=[pki.stored(ISSUED, unknown), pki.stored(other, absent)])).outcome is Outcome.UNDETERMINED


@pytest.mark.parametrize("wanted", [lambda thumbprint: thumbprint < PRINT, lambda thumbprint: thumbprint > PRINT])
def test_of_satisfying_ones_the_longest_then_the_highest_thumbprint_is_named(wanted: Callable[[str], bool]) -> None:
    longer = with_print(GOOD.change(not_after=pki.day(500)), wanted)
    unfit = GOOD.change(not_after=pki.day(600), extensions={"eku": None}).build()
    chosen = verdict_of(ISSUED, longer, unfit).certificate
    assert chosen is not None
    assert chosen.thumbprint == hashlib.sha1(longer).hexdigest().upper()
    twin = with_print(GOOD, wanted)
    chosen = verdict_of(ISSUED, twin).certificate
    assert chosen is not None
    assert chosen.thumbprint == max(PRINT, hashlib.sha1(twin).hexdigest().upper())


def test_a_satisfied_host_says_by_which_certificate_and_how_many_there_are() -> None:
    one = verdict_of(ISSUED)
    assert one.message == (
        f"Satisfied by {PRINT} (CN=pchat01.contoso.local), issued by CN=Contoso Lync CA, DC=contoso, DC=local, valid until "
        "2027-10-24T12:00:00Z. Revocation was not checked.")
    two = verdict_of(ISSUED, GOOD.change(not_after=pki.day(500)).build(), GOOD.change(extensions={"eku": None}).build())
    assert ". Revocation was not checked. 2 certificates satisfy. Assign " in two.message


def test_an_undetermined_host_says_what_is_open_and_only_that() -> None:
    elsewhere = verdict_on(Situation(name="pchat02.contoso.local", host={"tls_1_0_disabled": True}))
    assert elsewhere.message.startswith("Undetermined: Asked as pchat02.contoso.local, but the machine that answered")
    assert "TLS" not in elsewhere.message
    assert verdict_on(key(present=None)).message == "Undetermined: no certificate satisfies, and not all could be judged."


def test_a_host_that_is_not_satisfied_says_which_certificate_is_nearest_and_why() -> None:
    poor = GOOD.change(extensions={"eku": None, "cdp": None}).build()
    verdict = verdict_on(Situation(my=[pki.stored(poor, KEY), pki.stored(GOOD.change(extensions={"eku": None}).build(), KEY),
                                       pki.stored(STRANGER)]))
    assert verdict.nearest_miss is not None
    assert verdict.nearest_miss.codes == ("purpose.eku_absent",)
    assert verdict.message == (
        "Not satisfied: no certificate in the store My of the local computer meets the requirement. Nearest is "
        f"{verdict.nearest_miss.thumbprint} (CN=pchat01.contoso.local): No extended key usage.")
    nameless = verdict_on(Situation(my=[pki.stored(GOOD.change(subject=sequence()).build())]))
    assert "(no readable subject): No private key" in nameless.message
    none = verdict_on(Situation(my=[pki.stored(STRANGER)])).message
    assert none.endswith("; none was issued by CN=Contoso Lync CA, DC=contoso, DC=local.")


@pytest.mark.parametrize(("situation", "words"), [
    (Situation(my=[]), "is empty"), (Situation(stores=[unread("My")]), "was not read"),
    (Situation(my=[pki.stored(STRANGER), pki.stored(STRANGER.change(serial=b"\x01"))]), "holds 2 certificates, none issued by")])
def test_how_many_certificates_there_were_is_said(situation: Situation, words: str) -> None:
    miss = verdict_on(situation).nearest_miss
    assert miss is not None
    assert words in miss.message


def test_without_a_reference_ca_nothing_is_disproved() -> None:
    assert verdict_on(Situation(my=[], given=())).outcome is Outcome.UNDETERMINED


def test_names_in_a_cure_are_those_that_are_wanted() -> None:
    assert 'dns=pchat01.contoso.local"' in cure(ext(eku=None))
    assert "dns=chat.contoso.local" in cure(replace(ext(eku=None), requirement={"fqdn": "chat.contoso.local"}))
    assert "dns=<this server's FQDN>" in cure(replace(ext(eku=None), host={"domain": ""}))
    listed = cure(replace(ext(eku=None), requirement={"names": ["a.contoso.local"]}))
    assert ("dns=a.contoso.local" in listed, "dns=pchat01" in listed) == (True, False)
    assert "Request-CsCertificate" in cure(replace(ext(eku=None), host={"lync_version": "5.0.8308.0"}))


def test_the_ca_in_a_cure_is_the_one_that_is_wanted_if_there_is_one() -> None:
    named = pki.subordinate("R", TOP, "contoso-ISS1-CA")
    poor = Situation(my=[pki.stored(pki.leaf(named, extensions={"eku": None}))], ca=(named.build(),), given=(named.build(),))
    assert r"<ca-host>\contoso-ISS1-CA" in cure(poor)
    assert r"<ca-host>\<ca-name>" in cure(replace(poor, requirement=CHAIN))
    assert r"<ca-host>\<ca-name>" in cure(replace(poor, given=(named.build(), SISTER.build())))


def test_cures_are_for_what_is_wrong_and_ours() -> None:
    notes = {item.code: item.remedy for item in verdict_on(Situation()).certificates[0].findings}
    assert notes["revocation.not_checked"] is None
    (stranger,) = verdict_on(Situation(my=[pki.stored(STRANGER)])).certificates
    assert [(item.code, item.remedy) for item in stranger.findings] == [("issuance.other_issuer", None)]
    (absent,) = verdict_on(Situation(my=[pki.stored(ISSUED)])).certificates
    assert [item.code for item in absent.findings] == ["key.absent"]
    assert f"certutil -repairstore My {absent.serial_number}" in (absent.findings[0].remedy or "")
    perhaps = pki.stored(pki.leaf(pki.subordinate("W", TOP, "Unknown CA"), scheme="sha1"))
    open_too = Situation(my=[perhaps], given=(ROOT,), requirement={**CHAIN, "overrides": {"require_trust": False}}, stores=[unread("CA")])
    remedies = {item.code: item.remedy for item in verdict_on(open_too).certificates[0].findings}
    assert list(remedies) == ["issuance.other_issuer", "certificate.weak_hash"]
    assert all(remedies.values())
    (warned,) = (item for item in verdict_on(facts(tls_1_0_disabled=True)).findings if item.code == "host.tls_1_0_disabled")
    assert warned.remedy


def test_a_command_about_a_cas_certificate_never_has_the_servers_thumbprint() -> None:
    for situation in (Situation(disallowed=(CA.change(serial=b"\x07").build(),)), Situation(ca=(), roots=(ROOT, ISSUING))):
        (wrong,) = (item for item in verdict_on(situation).certificates[0].findings if item.severity is Severity.BLOCKING)
        assert PRINT not in (wrong.remedy or PRINT)


def test_what_is_shown_of_a_certificate() -> None:
    (shown,) = verdict_on(Situation(my=[pki.stored(ISSUED, KEY, friendly_name="Persistent Chat")])).certificates
    assert (shown.subject, shown.issuer) == ("CN=pchat01.contoso.local", "CN=Contoso Lync CA, DC=contoso, DC=local")
    assert (shown.not_before, shown.not_after, shown.friendly_name) == ("2026-10-24T12:00:00Z", "2027-10-24T12:00:00Z", "Persistent Chat")
    (odd,) = verdict_on(Situation(my=[pki.stored(STRANGER.change(subject=sequence(sequence())))])).certificates
    assert (odd.subject, odd.issuer, odd.friendly_name) == (None, "CN=Fabrikam Root, DC=contoso, DC=local", None)
    (broken,) = verdict_on(Situation(my=[pki.stored(ISSUED[:-1])], ca=(ISSUING,))).certificates
    assert (broken.subject, broken.issuer, broken.serial_number, broken.not_before, broken.not_after) == (None,) * 5


@pytest.mark.parametrize("unsound", [PrivateKey(present=False), PrivateKey(present=None), replace(KEY, key_spec=2)])
def test_of_two_entries_with_one_certificate_the_sound_one_counts(unsound: PrivateKey) -> None:
    for entries in ([KEY, unsound], [unsound, KEY], [unsound, KEY, unsound]):
        verdict = verdict_on(Situation(my=[pki.stored(ISSUED, each) for each in entries]))
        assert verdict.outcome is Outcome.SATISFIED
        assert len(verdict.certificates) == 1
        assert {item.code for item in verdict.certificates[0].findings} == {"revocation.not_checked"}


def test_a_host_that_was_not_read_is_undetermined_with_the_sentence_bounded() -> None:
    asked = requirement_for("lync_2013", match="chain")
    for authority, count in ((load_authority([("ca.pem", ISSUING)]), 1), (None, 0)):
        verdict = unread_host("h", "host.denied", "x" * 1001, "Mend it.", authority=authority, requirement=asked, instants=CLOCKS,
                              run_id="run")
        (found,) = verdict.findings
        assert (verdict.outcome, found.code, found.severity, found.remedy) == (
            Outcome.UNDETERMINED, "host.denied", Severity.OPEN, "Mend it.")
        assert (len(found.message), verdict.message) == (1000, f"Undetermined: {found.message}")
        assert (len(verdict.authority), verdict.profile, verdict.match) == (count, "lync_2013", "chain")


@pytest.mark.parametrize(("use", "my", "words"), [
    (None, [], "meets the requirement; none was issued by "),
    (None, [STRANGER], "meets the requirement; none was issued by "),
    ("WebServicesInternal", [], "the certificate assigned to WebServicesInternal does not meet the requirement; it is not there any more."),
    ("WebServicesInternal", [STRANGER], "does not meet the requirement; it was not issued by "),
])
def test_of_an_assigned_certificate_it_is_said_whether_it_is_there(use: str | None, my: list[pki.Spec], words: str) -> None:
    asked = replace(requirement_for("lync_2013", pool=pki.POOL), use=use)
    snapshot = snapshot_of(Situation(my=[pki.stored(spec) for spec in my]))
    assert words in judge(snapshot, load_authority([("ca.pem", ISSUING)]), asked, CLOCKS, run_id="run").message
