# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One step of a path: what a CA certificate must be to have issued another, and what is said where it did not."""
from __future__ import annotations

from dataclasses import replace
from typing import Any

import asn1
import pki
import pytest
import signing
from cryptography.hazmat.primitives.asymmetric import ec
from issuance_rows import with_key
from situations import CA, ISSUING, ROOT, SISTER, TOP, Situation, leaf, severities, under, verdict_on

from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.step import Budget, BudgetExceeded
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._verdict.verdict import Outcome

ROGUE = signing.key("ROGUE")
CODE_SIGNING = "1.3.6.1.5.5.7.3.3"
GARBAGE = b"\x30\x03\x80\x05x"
UNTRUSTED: Any = {"overrides": {"require_trust": False}}


def sentence(situation: Situation) -> str:
    """What is said of the signature of its only certificate."""
    return next(item.message for item in verdict_on(situation).certificates[0].findings if item.code == "issuance.signature_invalid")


@pytest.mark.parametrize(("limit", "spend"), [("signatures", Budget.check), ("comparisons", Budget.compare), ("steps", Budget.step)])
def test_a_budget_can_be_spent_to_the_last_and_no_further(limit: str, spend: Any) -> None:
    budget = Budget(**{limit: 2})
    spend(budget)
    spend(budget)
    with pytest.raises(BudgetExceeded):
        spend(budget)


@pytest.mark.parametrize(("extension", "may"), [
    ({"eku": pki.extended_key_usage(pki.SERVER_AUTH)}, True),
    ({"eku": pki.extended_key_usage(pki.CLIENT_AUTH, pki.SERVER_AUTH)}, True),
    ({"eku": pki.extended_key_usage(pki.CLIENT_AUTH)}, False),
    ({"policies": pki.application_policies(pki.SERVER_AUTH)}, True),
    ({"policies": pki.application_policies("1.3.6.1.4.1.311.10.12.1")}, True),
    ({"policies": pki.application_policies(pki.CLIENT_AUTH)}, False),
])
def test_purposes_nest_along_the_path(extension: dict[str, bytes], may: bool) -> None:
    verdict = verdict_on(under(CA.change(extensions=extension)))
    assert ("issuance.issuer_purpose" not in severities(verdict)) is may
    assert (verdict.outcome is Outcome.SATISFIED) is may


def test_application_policies_of_a_ca_are_held_against_server_authentication_only() -> None:
    client = {"overrides": {"require_eku": [pki.CLIENT_AUTH], "require_trust": False}}
    authority = CA.change(extensions={"policies": pki.application_policies(CODE_SIGNING)})
    entry = pki.stored(pki.leaf(authority, extensions={"eku": pki.extended_key_usage(pki.CLIENT_AUTH)}))
    assert verdict_on(replace(under(authority), my=[entry], requirement=client)).outcome is Outcome.SATISFIED


def test_a_ca_that_is_said_to_be_none_has_issued_nothing() -> None:
    server = CA.change(extensions={"bc": pki.basic_constraints(False)}).build()
    verdict = verdict_on(Situation(ca=(server,), given=(ROOT,), requirement={"match": "chain", "overrides": {"require_trust": False}}))
    assert severities(verdict)["issuance.issuer_not_ca"] == "blocking"


def test_no_kinship_is_proved_by_a_key_too_weak() -> None:
    private = ec.generate_private_key(ec.SECP224R1())
    parent = TOP.change(key=private, signer=private, scheme="ecdsa-sha256", extensions={"ski": None}).build()
    sound, sister = (each.change(signer=private, scheme="ecdsa-sha256", extensions={"aki": None}) for each in (CA, SISTER))
    verdict = verdict_on(Situation(my=[pki.stored(pki.leaf(sister))], ca=(sound.build(), sister.build()), roots=(parent,),
                                   given=(sound.build(),)))
    assert severities(verdict)["issuance.other_issuer"] == "blocking"


def test_a_curve_too_small_proves_nothing() -> None:
    small = with_key(ec.generate_private_key(ec.SECP224R1()))
    entry = pki.stored(pki.leaf(small, scheme="ecdsa-sha256"))
    assert severities(verdict_on(replace(under(CA), my=[entry], given=(small.build(),))))["issuance.weak_key"] == "blocking"


def test_a_ca_with_a_name_that_is_malformed_is_not_used_although_it_signed() -> None:
    odd = CA.change(issuer=asn1.sequence(asn1.sequence())).build()
    assert severities(verdict_on(Situation(given=(odd,), requirement=UNTRUSTED)))["issuance.not_understood"] == "open"


def test_a_ca_without_a_key_identifier_is_found_by_its_signature() -> None:
    assert verdict_on(under(CA.change(extensions={"ski": None}))).outcome is Outcome.SATISFIED


@pytest.mark.parametrize(("named", "outcome"), [(-32511, Outcome.SATISFIED), (33025, Outcome.NOT_SATISFIED)])
def test_a_negative_serial_number_is_compared_as_it_is(named: int, outcome: Outcome) -> None:
    authority = CA.change(serial=b"\x81\x01")
    entry = pki.stored(pki.leaf(authority, extensions={"aki": pki.authority_key_identifier(None, TOP.subject, named)}))
    assert verdict_on(replace(under(authority), my=[entry])).outcome is outcome


@pytest.mark.parametrize(("changes", "who"), [
    ({}, "it"),
    ({"bc": pki.basic_constraints(False)}, "it"),
    ({"bc": pki.extension("2.5.29.19", GARBAGE)}, "it"),
    ({"bc": pki.basic_constraints(True)}, "the CA certificate CN=pchat01.contoso.local"),
])
def test_who_is_said_to_be_forged(changes: dict[str, bytes], who: str) -> None:
    assert f": {who} says that CN=Contoso Lync CA" in sentence(leaf(signer=ROGUE, extensions=changes))


def test_a_forged_ca_without_a_name_is_called_by_its_thumbprint() -> None:
    situation = leaf(signer=ROGUE, subject=asn1.sequence(), extensions={"bc": pki.basic_constraints(True)})
    assert f"(a CA without a readable name, {verdict_on(situation).certificates[0].thumbprint}) says that" in sentence(situation)


@pytest.mark.parametrize(("identifier", "shown"), [
    (pki.authority_key_identifier(b"\x99" * 20), "99" * 20),
    (pki.authority_key_identifier(None, TOP.subject, 1), "none"),
    (pki.extension("2.5.29.35", GARBAGE), "none"),
    (None, "none"),
])
def test_both_key_identifiers_are_said_of_a_signature_that_is_not_the_cas(identifier: bytes | None, shown: str) -> None:
    own = signing.key_identifier(CA.key).hex().upper()
    assert f"(SKI {own} against {shown} in the certificate)" in sentence(leaf(signer=ROGUE, extensions={"aki": identifier}))


def test_who_certified_whom_is_asked_regardless_of_purposes_and_dates() -> None:
    parent = TOP.change(extensions={"eku": pki.extended_key_usage(pki.CLIENT_AUTH)}, not_after=pki.day(-1)).build()
    sister = Situation(my=[pki.stored(pki.leaf(SISTER))], ca=(ISSUING, SISTER.build()), roots=(parent,))
    assert severities(verdict_on(sister))["issuance.sibling_ca"] == "blocking"
