# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Paths to the reference CA: which are looked for, how far, which of several counts, and what of a whole path forbids it."""
from __future__ import annotations

from dataclasses import replace
from typing import Any

import pki
import pytest
import signing
from situations import BELOW, CA, GOOD, ISSUING, RENEWED, ROOT, TOP, Situation, ext, severities, verdict_on

from ansible_collections.lync.persistent_chat.plugins.plugin_utils._verdict.verdict import Outcome

CHAIN: Any = {"match": "chain"}
UNTRUSTED: Any = {"match": "chain", "overrides": {"require_trust": False}}
FIRST, LAST = b"\x01" * 19, b"\x7f" * 19
"""Serial numbers of a certificate that the search meets before all others of its name and size, and after them."""
LINK = RENEWED.change(issuer=CA.subject, signer=CA.key, extensions={
    "aki": pki.authority_key_identifier(signing.key_identifier(CA.key))})
"""The CA certifies its own new key with its old one."""
SHORT, LONG = {"cdp": None}, {"more": pki.extension("1.2.3", bytes(50))}
"""What makes the search meet a certificate before others of its name, and after them."""


def tower(height: int) -> Situation:
    """That many CAs between the certificate and the root."""
    cas, above = [], TOP
    for number in range(height):
        above = pki.subordinate(f"tower{number % 2}", above, f"Contoso CA {number}")
        cas.append(above.build())
    return Situation(my=[pki.stored(pki.leaf(above))], ca=cas, given=(ROOT,), requirement=CHAIN)


def test_eight_cas_may_lie_between_and_not_nine() -> None:
    assert verdict_on(tower(8)).outcome is Outcome.SATISFIED
    verdict = verdict_on(tower(9))
    assert verdict.outcome is Outcome.NOT_SATISFIED
    assert severities(verdict)["issuance.other_issuer"] == "blocking"


def test_cas_that_certify_each_other_are_gone_through_once() -> None:
    other = pki.subordinate("S", CA, "Contoso Web CA")
    circle = [spec.change(serial=bytes([number + 1]) * 19).build()
              for number in range(3) for spec in (other, CA.change(issuer=other.subject, signer=other.key, extensions={"aki": None}))]
    verdict = verdict_on(Situation(ca=circle, given=(ROOT,), requirement=UNTRUSTED))
    assert severities(verdict)["issuance.other_issuer"] == "blocking"


@pytest.mark.parametrize("place", [SHORT, LONG])
@pytest.mark.parametrize("others", [[], [RENEWED.build()]])
def test_a_renewed_ca_is_the_same_by_its_own_link_wherever_that_lies(place: dict[str, bytes | None], others: list[bytes]) -> None:
    given, link = ISSUING, LINK.change(extensions=place).build()
    assert (link < given) is (place is SHORT)
    situation = Situation(my=[pki.stored(pki.leaf(RENEWED))], ca=(given, link, *others), given=(given,))
    assert verdict_on(situation).outcome is Outcome.SATISFIED
    refused = verdict_on(replace(situation, requirement={"overrides": {"renewals": False}}))
    assert refused.outcome is Outcome.NOT_SATISFIED


def test_another_generation_that_a_given_parent_certified_is_no_link_of_the_cas_own() -> None:
    situation = Situation(my=[pki.stored(pki.leaf(RENEWED))], ca=(RENEWED.build(),), given=(ISSUING, ROOT))
    assert severities(verdict_on(situation))["issuance.chains_to_ca"] == "blocking"
    assert verdict_on(replace(situation, requirement=CHAIN)).outcome is Outcome.SATISFIED
    unlinked = {"match": "chain", "overrides": {"renewals": False}}
    assert verdict_on(replace(situation, requirement=unlinked)).outcome is Outcome.SATISFIED


def test_the_hosts_trust_is_asked_by_name_bytes_also_where_issuance_is_not() -> None:
    spelled = GOOD.change(issuer=pki.ca_name(pki.LYNC_CA, tag=pki.UTF8))
    verdict = verdict_on(Situation(my=[pki.stored(spelled)], requirement={"overrides": {"issuer_name": "rfc5280"}}))
    assert {code for code, severity in severities(verdict).items() if severity == "blocking"} == {"trust.intermediate_missing"}


def test_a_certificate_that_the_ca_did_not_sign_says_so_before_a_forged_ca_does() -> None:
    forged = CA.change(signer=signing.key("ROGUE"), serial=FIRST).build()
    other = CA.change(key=signing.key("W"), serial=LAST).build()
    verdict = verdict_on(Situation(ca=(forged, other), given=(ROOT,), requirement=UNTRUSTED))
    assert ": it says that CN=Contoso Lync CA" in verdict.certificates[0].findings[0].message


def test_every_reason_is_told_and_a_key_that_differs_only_where_there_is_no_other() -> None:
    expired, closed = CA.change(not_after=pki.day(-1)).build(), CA.change(extensions={"ku": pki.key_usage("cRLSign")}).build()
    stranger = CA.change(key=signing.key("W")).build()
    verdict = verdict_on(Situation(given=(expired, closed, stranger)))
    assert set(severities(verdict)) == {"issuance.issuer_expired", "issuance.issuer_no_certsign"}


def test_a_hint_that_is_only_warned_of_does_not_break_a_path() -> None:
    situation = ext(aki=pki.authority_key_identifier(b"\x99" * 20))
    verdict = verdict_on(replace(situation, requirement={"overrides": {"aki": "ignore", "require_trust": False}}))
    assert severities(verdict)["issuance.key_identifier_differs"] == "warning"
    assert verdict.outcome is Outcome.SATISFIED
    late = GOOD.change(not_after=pki.day(1801), extensions={"aki": pki.authority_key_identifier(b"\x99" * 20)})
    assert "time.ca_expires_first" in severities(verdict_on(Situation(my=[pki.stored(late)], requirement={"overrides": {"aki": "ignore"}})))


@pytest.mark.parametrize("serials", [(FIRST, LAST), (LAST, FIRST)])
def test_a_sound_path_counts_although_a_weak_one_is_there(serials: tuple[bytes, bytes]) -> None:
    weak, sound = CA.change(scheme="pss-sha256", serial=serials[0]).build(), CA.change(serial=serials[1]).build()
    assert verdict_on(Situation(ca=(weak, sound), given=(ROOT,), requirement=CHAIN)).outcome is Outcome.SATISFIED


@pytest.mark.parametrize(("scheme", "code"), [("pss-sha256", "issuance.signature_scheme"), ("sha1", "issuance.weak_hash")])
def test_how_cas_between_are_signed_counts_and_how_the_given_one_is_does_not(scheme: str, code: str) -> None:
    strict = {"schemes": ["pkcs1"], "allow_sha1": False, "require_trust": False}
    odd = CA.change(scheme=scheme).build()
    between = verdict_on(Situation(ca=(odd,), given=(ROOT,), requirement={"match": "chain", "overrides": strict}))
    assert severities(between)[code] == "blocking"
    assert verdict_on(Situation(ca=(), given=(odd,), requirement={"overrides": strict})).outcome is Outcome.SATISFIED
    if scheme == "sha1":
        lenient = {"match": "chain", "overrides": {**strict, "allow_sha1": True}}
        assert verdict_on(Situation(ca=(odd,), given=(ROOT,), requirement=lenient)).outcome is Outcome.SATISFIED


LOCAL = {"nc": pki.name_constraints(permitted=[pki.dns("contoso.local")])}


def test_names_that_are_not_understood_under_constraints_are_open() -> None:
    garbled = {"san": pki.extension("2.5.29.17", b"\x30\x03\x82\x05x")}
    verdict = verdict_on(Situation(my=[pki.stored(GOOD.change(extensions=garbled))], given=(CA.change(extensions=LOCAL).build(),)))
    assert severities(verdict)["issuance.not_understood"] == "open"


@pytest.mark.parametrize(("common", "outcome"), [(pki.FQDN, Outcome.SATISFIED), ("pchat01.fabrikam.example", Outcome.NOT_SATISFIED)])
def test_a_common_name_that_counts_as_host_name_is_bound_and_that_of_a_ca_is_not(common: str, outcome: Outcome) -> None:
    top = TOP.change(extensions=LOCAL).build()
    between = pki.subordinate("R", TOP, "ca.fabrikam.example")
    certificate = pki.leaf(between, subject=pki.name(("CN", common)), extensions={"san": None})
    asked = {"match": "chain", "names": [common], "overrides": {"require_trust": False}}
    verdict = verdict_on(Situation(my=[pki.stored(certificate)], ca=(between.build(),), given=(top,), requirement=asked))
    assert verdict.outcome is outcome
    assert ("issuance.name_constraint" in severities(verdict)) is (outcome is Outcome.NOT_SATISFIED)


def test_a_ca_further_below_is_found_by_the_chain_only() -> None:
    situation = Situation(my=[pki.stored(pki.leaf(BELOW))], ca=(ISSUING, BELOW.build()), given=(ROOT,), requirement=CHAIN)
    assert verdict_on(situation).outcome is Outcome.SATISFIED
    assert severities(verdict_on(replace(situation, requirement=None)))["issuance.chains_to_ca"] == "blocking"
