# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether the host itself trusts a certificate: which of its paths counts, and what is open where a store was not read."""
from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import asn1
import pki
import pytest
import signing
from cryptography.hazmat.primitives.asymmetric import ec
from issuance_rows import crowded, with_key
from situations import BELOW, CA, GOOD, ISSUED, ISSUING, RENEWED, ROOT, TOP, Situation, ext, severities, unread, verdict_on

from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.findings import NOT_DECIDED
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._verdict.verdict import Outcome, Severity

SECOND = timedelta(seconds=1)
EXPIRED_ROOT = TOP.change(not_after=pki.NOW - timedelta(seconds=1)).build()
WEAK_ISSUING = CA.change(scheme="pss-sha256").build()


@pytest.mark.parametrize(("code", "roots"), [("trust.chain_expired", (EXPIRED_ROOT, ISSUING)), ("trust.chain_weak", (ROOT, WEAK_ISSUING))])
def test_a_flaw_of_the_path_is_open_while_the_store_that_could_have_a_better_one_was_not_read(code: str, roots: tuple[bytes, ...]) -> None:
    seen = Situation(roots=roots, ca=())
    assert severities(verdict_on(seen))[code] == "blocking"
    found = {item.code: item for item in verdict_on(replace(seen, stores=[unread("CA")])).certificates[0].findings}
    assert found[code].severity is Severity.OPEN
    assert found[code].message.endswith(NOT_DECIDED)


def test_what_lies_in_disallowed_stays_refused_although_the_search_for_a_path_was_given_up() -> None:
    crowd = replace(crowded(199), requirement=None, given=(ISSUING,))
    assert verdict_on(crowd).outcome is Outcome.UNDETERMINED
    verdict = verdict_on(replace(crowd, disallowed=(ISSUED,)))
    assert severities(verdict)["trust.disallowed"] == "blocking"
    assert severities(verdict)["issuance.budget_exceeded"] == "open"
    assert verdict.outcome is Outcome.NOT_SATISFIED


def blocking(situation: Situation) -> dict[str, str]:
    """What blocks its only certificate, with the sentences."""
    return {item.code: item.message for item in verdict_on(situation).certificates[0].findings if item.severity is Severity.BLOCKING}


def test_a_self_signed_certificate_outside_root_is_no_root() -> None:
    found = blocking(Situation(roots=(), ca=(ISSUING, ROOT)))
    assert list(found) == ["trust.root_missing"]
    assert "the root CN=Contoso Root" in found["trust.root_missing"]


@pytest.mark.parametrize(("situation", "sentence"), [
    (Situation(ca=(), roots=()), "the certificate of CN=Contoso Lync CA, DC=contoso, DC=local, which issued CN=pchat01.contoso.local, is"),
    (Situation(my=[pki.stored(pki.leaf(TOP))], ca=(), roots=(), given=(ROOT,)), "does not trust the root CN=Contoso Root"),
    (Situation(roots=()), "does not trust the root CN=Contoso Root"),
    (Situation(my=[pki.stored(pki.leaf(BELOW))], ca=(BELOW.build(),), requirement={"match": "chain"}),
     "the certificate of CN=Contoso Lync CA, DC=contoso, DC=local, which issued CN=Contoso Issuing CA 7"),
    (Situation(ca=(RENEWED.build(),)), "the certificate of CN=Contoso Lync CA"),
    (Situation(ca=(with_key(signing.key("CA256", "p256")).build(),)), "the certificate of CN=Contoso Lync CA"),
    (Situation(roots=(TOP.change(signer=signing.key("ROGUE")).build(),)), "does not trust the root CN=Contoso Root"),
])
def test_what_is_missing_is_named(situation: Situation, sentence: str) -> None:
    found = blocking(situation)
    assert list(found) in (["trust.root_missing"], ["trust.intermediate_missing"])
    assert sentence in next(iter(found.values()))


def test_a_root_without_a_name_ends_no_path() -> None:
    nameless = TOP.change(subject=asn1.sequence(), issuer=asn1.sequence())
    below = CA.change(issuer=nameless.subject).build()
    assert list(blocking(Situation(ca=(below,), roots=(nameless.build(),), given=(below,)))) == ["trust.root_missing"]


def test_cas_that_certify_each_other_are_climbed_once() -> None:
    other = pki.subordinate("S", CA, "Contoso Web CA")
    circle = [spec.change(serial=bytes([number + 1]) * 19).build()
              for number in range(3) for spec in (other, CA.change(issuer=other.subject, signer=other.key, extensions={"aki": None}))]
    assert list(blocking(Situation(ca=circle, roots=()))) in (["trust.root_missing"], ["trust.intermediate_missing"])


@pytest.mark.parametrize(("height", "trusted"), [(8, True), (9, False)])
def test_how_far_a_path_is_followed(height: int, trusted: bool) -> None:
    cas, above = [], TOP
    for number in range(height):
        above = pki.subordinate(f"tower{number % 2}", above, f"Contoso CA {number}")
        cas.append(above.build())
    situation = Situation(my=[pki.stored(pki.leaf(above))], ca=cas, given=(cas[-1],))
    assert (verdict_on(situation).outcome is Outcome.SATISFIED) is trusted


MD5 = {"inner_algorithm": signing.algorithm_identifier("md5")}


def test_a_chain_that_windows_builds_although_it_is_weak_is_called_weak() -> None:
    assert "signed with RSASSA-PKCS1-v1_5 with MD5" in blocking(Situation(ca=(CA.change(**MD5).build(),)))["trust.chain_weak"]
    private = ec.generate_private_key(ec.SECP224R1())
    small = TOP.change(key=private, signer=private, scheme="ecdsa-sha256", extensions={"ski": None})
    below = CA.change(signer=private, scheme="ecdsa-sha256", extensions={"aki": None}).build()
    found = blocking(Situation(ca=(below,), roots=(small.build(),), given=(below,)))
    assert list(found) == ["trust.chain_weak"]
    assert "its key is EC secp224r1" in found["trust.chain_weak"]


@pytest.mark.parametrize("changes", [{"scheme": "pss-sha256"}, {"scheme": "sha1"}, MD5])
def test_how_a_root_is_signed_does_not_count(changes: dict[str, object]) -> None:
    assert verdict_on(Situation(roots=(TOP.change(**changes).build(),))).outcome is Outcome.SATISFIED


SOON, LATE = b"\x01" * 19, b"\x7f" * 19


@pytest.mark.parametrize("serials", [(SOON, LATE), (LATE, SOON)])
def test_the_soundest_path_counts(serials: tuple[bytes, bytes]) -> None:
    old = {"not_after": pki.day(-1)}
    worse = CA.change(serial=serials[0], **old, **MD5, extensions={"version": None})
    bad, good = CA.change(serial=serials[1], **old).build(), CA.change(serial=serials[1]).build()
    assert list(blocking(Situation(ca=(worse.build(), bad)))) == ["trust.chain_expired"]
    assert blocking(Situation(ca=(CA.change(serial=serials[0], **old).build(), good))) == {}


@pytest.mark.parametrize(("constrained", "code"), [
    ({"nc": pki.name_constraints(excluded=[pki.dns(pki.POOL)])}, "issuance.name_constraint"),
    ({"bc": pki.basic_constraints(True, 0)}, "issuance.path_length"),
])
def test_what_the_hosts_own_cas_forbid_breaks_its_path(constrained: dict[str, bytes], code: str) -> None:
    assert list(blocking(Situation(roots=(TOP.change(extensions=constrained).build(),)))) == [code]
    below = blocking(Situation(ca=(CA.change(extensions=constrained).build(),)))
    assert list(below) == ([code] if "nc" in constrained else [])


def test_a_hint_that_is_only_warned_of_does_not_break_the_hosts_path() -> None:
    situation = ext(aki=pki.authority_key_identifier(b"\x99" * 20))
    lenient = replace(situation, requirement={"overrides": {"aki": "ignore"}})
    assert verdict_on(lenient).outcome is Outcome.SATISFIED
    assert list(blocking(replace(lenient, roots=()))) == ["trust.root_missing"]


class Month13(datetime):
    """A date that no calendar has, once it is written."""

    def strftime(self, _form: str) -> str:
        return "261301000000Z"


def test_dates_of_a_ca_that_are_not_understood_are_open_and_hide_nothing_above() -> None:
    odd = CA.change(not_before=Month13(2026, 1, 1)).build()
    verdict = verdict_on(Situation(ca=(odd,), roots=(EXPIRED_ROOT,)))
    assert severities(verdict)["certificate.not_understood"] == "open"
    assert severities(verdict)["trust.chain_expired"] == "blocking"


@pytest.mark.parametrize(("lying", "by"), [(ISSUING, "bytes"), (CA.change(serial=b"\x07").build(), "key")])
def test_how_it_is_disallowed_is_said(lying: bytes, by: str) -> None:
    assert f"(the same {by})" in blocking(Situation(disallowed=(lying,)))["trust.disallowed"]


def test_what_is_disallowed_though_unreadable_counts_by_its_bytes() -> None:
    entry = pki.stored(GOOD.change(extensions={"again": GOOD.extensions["san"]}))
    assert verdict_on(Situation(my=[entry, pki.stored(GOOD)], disallowed=(b"garbage",))).outcome is Outcome.SATISFIED
