# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One entry of a store: what is asked of it at all, at which instants, and what an unread store or an unreadable entry leaves open."""
from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pki
import pytest
from situations import BELOW, CA, GOOD, ISSUING, RENEWED, ROOT, SISTER, TOP, Situation, leaf, severities, unread, verdict_on

from ansible_collections.lync.persistent_chat.plugins.plugin_utils._verdict.instants import Instants
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._verdict.verdict import Outcome

CHAIN: Any = {"match": "chain"}
OTHER_ROOT = pki.root("ROGUE", "Fabrikam Root")
OTHER_CA = pki.subordinate("W", OTHER_ROOT, "Fabrikam CA")
AILING: Any = {"not_after": pki.day(-1), "extensions": {"eku": None}}
NO_CA, NO_ROOT = [unread("CA")], [unread("Root")]


def codes(situation: Situation) -> list[str]:
    return [item.code for item in verdict_on(situation).certificates[0].findings]


def damaged(spec: pki.Spec) -> Any:
    """An entry whose end is cut off."""
    return pki.stored(spec.build()[:-1], pki.private_key(spec.key))


@pytest.mark.parametrize(("instants", "clocks"), [
    (Instants(pki.NOW, host=pki.NOW), {"the controller's clock"}),
    (Instants(pki.NOW, host=pki.NOW + timedelta(seconds=1)), {"the controller's clock", "the host's clock"}),
    (Instants(pki.NOW, host=pki.NOW + timedelta(seconds=1), as_of=pki.day(1)), {"the day asked for"}),
])
def test_each_clock_is_named(instants: Instants, clocks: set[str]) -> None:
    verdict = verdict_on(replace(leaf(not_after=pki.day(-1)), instants=instants))
    sentences = [item.message for item in verdict.certificates[0].findings if item.code == "time.expired"]
    assert {sentence.split(", by ")[1] for sentence in sentences} == {f"{clock}." for clock in clocks}
    assert len(sentences) == len(clocks)


@pytest.mark.parametrize("known", [(), (OTHER_CA.build(),)])
def test_of_somebody_elses_certificate_nothing_else_is_told(known: tuple[bytes, ...]) -> None:
    stranger = pki.stored(pki.leaf(OTHER_CA, **AILING))
    assert codes(Situation(my=[stranger], ca=(ISSUING, *known))) == ["issuance.other_issuer"]


def test_what_may_be_ours_after_all_is_judged_in_every_respect() -> None:
    found = severities(verdict_on(Situation(my=[pki.stored(pki.leaf(OTHER_CA, **AILING))], given=(ROOT,), requirement=CHAIN, stores=NO_CA)))
    assert found["issuance.other_issuer"] == "open"
    assert found["time.expired"] == "blocking"
    assert found["purpose.eku_absent"] == "blocking"
    purposeless = pki.stored(pki.leaf(OTHER_CA, extensions={"eku": None}))
    untrusted = {"match": "chain", "overrides": {"require_trust": False}}
    found = severities(verdict_on(Situation(my=[purposeless], given=(ROOT,), requirement=untrusted, stores=NO_CA)))
    assert found["issuance.other_issuer"] == "open"
    assert found["purpose.eku_absent"] == "blocking"


def test_somebody_elses_malformed_certificate_leaves_nothing_open() -> None:
    twice = pki.leaf(OTHER_ROOT, extensions={"again": GOOD.extensions["san"]})
    verdict = verdict_on(Situation(my=[pki.stored(twice)]))
    assert (verdict.outcome, codes(Situation(my=[pki.stored(twice)]))) == (Outcome.NOT_SATISFIED, ["issuance.other_issuer"])


@pytest.mark.parametrize(("entry", "situation", "code"), [
    (damaged(GOOD), Situation(), "certificate.not_understood"),
    (damaged(GOOD), Situation(given=()), "certificate.not_understood"),
    (damaged(pki.leaf(OTHER_CA)), Situation(), "issuance.other_issuer"),
    (damaged(pki.leaf(OTHER_CA)), Situation(requirement={"overrides": {"issuer_name": "rfc5280"}}), "certificate.not_understood"),
    (damaged(pki.leaf(OTHER_CA)), Situation(requirement=CHAIN), "issuance.other_issuer"),
    (damaged(pki.leaf(OTHER_CA)), Situation(stores=NO_CA), "issuance.other_issuer"),
    (damaged(pki.leaf(OTHER_CA)), Situation(requirement=CHAIN, stores=NO_CA), "certificate.not_understood"),
    (damaged(pki.leaf(BELOW)), Situation(ca=(ISSUING, BELOW.build())), "issuance.other_issuer"),
    (damaged(pki.leaf(BELOW)), Situation(ca=(ISSUING, BELOW.build()), requirement=CHAIN), "certificate.not_understood"),
])
def test_a_damaged_certificate_is_open_where_it_may_be_ours(entry: Any, situation: Situation, code: str) -> None:
    assert codes(replace(situation, my=[entry])) == [code]


def test_the_ca_itself_is_no_servers_certificate() -> None:
    entry = pki.stored(ROOT, pki.private_key(TOP.key))
    sentences = {item.message for item in verdict_on(Situation(my=[entry], given=(ROOT,))).certificates[0].findings}
    assert "Is a CA's certificate (it is the certificate given as reference CA), not a server's." in sentences
    assert "Is a CA's certificate (its basic constraints say so), not a server's." in sentences


@pytest.mark.parametrize(("asked", "profile"), [({"names": [pki.FQDN], "pool": None}, "lync_2013"), ({"pool": None}, None)])
def test_an_unknown_pool_matters_only_where_its_name_is_wanted(asked: dict[str, Any], profile: str | None) -> None:
    assert "names.pool_unknown" not in severities(verdict_on(Situation(requirement=asked, profile=profile)))


def test_a_ca_of_the_proved_path_counts_as_disallowed_although_the_host_has_another_path() -> None:
    cross = CA.change(issuer=OTHER_ROOT.subject, signer=OTHER_ROOT.key, extensions={"aki": None}).build()
    situation = Situation(ca=(ISSUING, cross), roots=(OTHER_ROOT.build(),), given=(ROOT,), requirement=CHAIN)
    assert verdict_on(situation).outcome is Outcome.SATISFIED
    assert severities(verdict_on(replace(situation, disallowed=(ROOT,))))["trust.disallowed"] == "blocking"


@pytest.mark.parametrize(("situation", "code"), [
    (Situation(my=[pki.stored(pki.leaf(SISTER))], ca=(ISSUING, SISTER.build(), ROOT)), "issuance.sibling_ca"),
    (Situation(my=[pki.stored(pki.leaf(BELOW))], ca=(ISSUING, BELOW.build())), "issuance.chains_to_ca"),
    (Situation(my=[pki.stored(pki.leaf(OTHER_CA))], ca=(ISSUING, OTHER_CA.build())), "issuance.other_issuer"),
])
def test_no_unread_store_can_make_another_ca_the_issuing_one(situation: Situation, code: str) -> None:
    assert severities(verdict_on(replace(situation, stores=NO_ROOT)))[code] == "blocking"


def test_a_renewals_own_link_may_lie_in_the_store_that_was_not_read() -> None:
    renewed = Situation(my=[pki.stored(pki.leaf(RENEWED))], stores=NO_CA)
    assert severities(verdict_on(renewed))["issuance.signature_invalid"] == "open"
    no_links = {"overrides": {"renewals": False}}
    assert severities(verdict_on(replace(renewed, requirement=no_links)))["issuance.signature_invalid"] == "blocking"
    chain = {"match": "chain", "overrides": {"renewals": False}}
    assert severities(verdict_on(replace(renewed, requirement=chain)))["issuance.signature_invalid"] == "open"


def test_a_ca_that_expired_is_enough_where_that_is_said() -> None:
    expired = CA.change(not_after=pki.day(-1)).build()
    lenient = {"overrides": {"ca_may_be_expired": True, "require_trust": False}}
    assert verdict_on(Situation(given=(expired,), requirement=lenient)).outcome is Outcome.SATISFIED
