# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What ties a certificate to its host, key and names, where the rows of single findings leave edges."""
from __future__ import annotations

from dataclasses import replace
from typing import Any

import pki
import pytest
import signing
from situations import CA, Situation, ext, key, leaf, named, severities, verdict_on

from ansible_collections.lync.persistent_chat.plugins.plugin_utils._snapshot.snapshot import HostError
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._verdict.verdict import Outcome

GENERIC: Any = {"names": [], "pool": None}
EC = pki.leaf(CA, "E", kind="p256")
EC_KEY = pki.private_key(EC.key)
ANY = ("*.contoso.local",)


def sentences(situation: Situation) -> dict[str, str]:
    return {item.code: item.message for item in verdict_on(situation).certificates[0].findings}


def generic(situation: Situation, **overrides: object) -> Situation:
    """The same asked without a product."""
    return replace(situation, profile=None, requirement={**GENERIC, "overrides": overrides})


def test_a_key_that_does_not_open_has_no_public_half_to_tell() -> None:
    found = sentences(key(opened=False, public_key=None))
    assert set(found) == {"key.not_opened"}
    assert "did not open: without a reason." in found["key.not_opened"]


def test_without_a_product_silence_about_a_key_is_taken_as_it_is() -> None:
    assert verdict_on(generic(key(public_key=None))).outcome is Outcome.SATISFIED
    assert verdict_on(generic(key(public_key=None, opened=None, storage=None, key_spec=2, machine_store=None))).outcome is Outcome.SATISFIED


def test_who_keeps_a_key_is_said() -> None:
    assert "kept by Some KSP," in sentences(key(storage="cng", provider="Some KSP"))["key.cng"]
    assert "kept by an unnamed provider," in sentences(key(storage="cng", provider=None))["key.cng"]


def test_without_a_product_a_key_storage_provider_is_refused_for_rsa_keys_only() -> None:
    assert severities(verdict_on(generic(key(storage="cng"), cng_key_ok=False)))["key.cng"] == "blocking"
    curve = Situation(my=[pki.stored(EC, EC_KEY)])
    assert severities(verdict_on(generic(curve, cng_key_ok=False)))["key.cng"] == "warning"
    unsaid = Situation(my=[pki.stored(EC, replace(EC_KEY, storage=None))])
    assert verdict_on(unsaid).outcome is Outcome.SATISFIED


def test_the_option_fqdn_is_the_name_that_is_wanted() -> None:
    verdict = verdict_on(Situation(requirement={"fqdn": "chat.contoso.local"}))
    assert "Does not name this server, chat.contoso.local;" in {item.code: item for item in verdict.certificates[0].findings}[
        "names.host_missing"].message


def test_a_wildcard_as_subject_is_refused_where_a_name_is_wanted() -> None:
    situation = named(pki.FQDN, pki.POOL, common="*.contoso.local")
    assert sentences(situation)["names.wildcard"] == (
        "Has the wildcard *.contoso.local for the subject; Lync supports none on this role.")
    assert verdict_on(replace(situation, requirement={"names": []})).outcome is Outcome.SATISFIED
    assert verdict_on(generic(situation)).outcome is Outcome.SATISFIED


def test_without_a_product_a_wildcard_covers_one_label() -> None:
    for wanted, outcome in (("a.contoso.local", Outcome.SATISFIED), ("a.b.contoso.local", Outcome.NOT_SATISFIED)):
        situation = replace(named(*ANY, common="x"), profile=None, requirement={"names": [wanted], "pool": None})
        assert verdict_on(situation).outcome is outcome


@pytest.mark.parametrize(("entries", "there"), [
    ([pki.ip("10.0.0.1")], True), ([pki.dns("a.contoso.local"), pki.ip("10.0.0.1")], True), ([pki.ip("10.0.0.2")], False),
    ([pki.dns("10.0.0.1")], False)])
def test_an_address_is_wanted_as_an_address(entries: list[bytes], there: bool) -> None:
    situation = replace(leaf(subject=pki.name(("CN", "10.0.0.1")), extensions={"san": pki.subject_alternative_name(*entries)}),
                        requirement={"names": ["10.0.0.1"]})
    assert ("names.wanted_missing" in severities(verdict_on(situation))) is not there
    assert (verdict_on(situation).outcome is Outcome.SATISFIED) is there


@pytest.mark.parametrize(("situation", "code"), [
    (ext(san=None), "names.host_missing"), (named(pki.POOL), "names.cn_right_san_wrong"),
    (named(pki.POOL, common="x"), "names.host_missing")])
def test_where_common_names_do_not_count_the_name_is_missing(situation: Situation, code: str) -> None:
    asked = {"names": [pki.FQDN], "pool": None}
    assert {found for found in severities(verdict_on(replace(situation, profile=None, requirement=asked))) if "names." in found} == {code}


@pytest.mark.parametrize("error", ["0x80090010 Access is denied", "Access is denied"])
def test_what_opening_a_key_answered_is_said(error: str) -> None:
    code = 0x80090010 if error.startswith("0x") else None
    found = sentences(key(opened=False, error=HostError("Access is denied", code)))
    assert f"did not open: {error}." in found["key.not_opened"]


def test_addresses_and_other_names_beside_the_wanted_ones_do_not_matter() -> None:
    names = pki.subject_alternative_name(pki.ip("10.0.0.1"), pki.dns(pki.FQDN), pki.dns(pki.POOL), pki.directory(CA.subject))
    assert verdict_on(ext(san=names)).outcome is Outcome.SATISFIED


@pytest.mark.parametrize(("common", "bound"), [("Chat Service", False), ("*.fabrikam.example", True), ("a.fabrikam.example", True)])
def test_a_common_name_under_name_constraints_is_bound_where_it_could_be_a_host_name(common: str, bound: bool) -> None:
    local = CA.change(extensions={"nc": pki.name_constraints(permitted=[pki.dns("contoso.local")])})
    entry = pki.stored(pki.leaf(local, subject=pki.name(("CN", common)), extensions={"san": None}))
    verdict = verdict_on(Situation(my=[entry], ca=(local.build(),), given=(local.build(),), requirement={"names": []}))
    assert ("issuance.name_constraint" in severities(verdict)) is bound


def test_the_numbers_of_a_curves_key_are_compared() -> None:
    other = pki.numbers(signing.key("E2", "p256"))
    verdict = verdict_on(Situation(my=[pki.stored(EC, replace(EC_KEY, public_key=other))]))
    assert severities(verdict)["key.other"] == "blocking"


def test_without_a_product_an_archived_certificate_is_as_good() -> None:
    archived = pki.stored(pki.leaf(CA), archived=True)
    assert verdict_on(generic(Situation(my=[archived]))).outcome is Outcome.SATISFIED
    assert verdict_on(Situation(my=[archived])).outcome is Outcome.NOT_SATISFIED
