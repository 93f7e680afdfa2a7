# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Kinship of CAs is told only where every signature of it was verified, and always with the right names."""
from __future__ import annotations

from dataclasses import replace

import pki
import pytest
import signing
from situations import BELOW, CA, ISSUING, RENEWED, SISTER, TOP, Situation, verdict_on

ROGUE = signing.key("ROGUE")
OF_SISTER = pki.stored(pki.leaf(SISTER))
SIBLINGS = Situation(my=[OF_SISTER], ca=(ISSUING, SISTER.build()))
SHORT, LONG = {"cdp": None}, {"more": pki.extension("1.2.3", bytes(50))}


def reason(situation: Situation) -> tuple[str, str]:
    """The one finding on who issued its only certificate: code and sentence."""
    (found,) = (item for item in verdict_on(situation).certificates[0].findings if item.code.startswith("issuance."))
    return found.code, found.message


def test_a_sister_is_named_with_the_parent_and_the_ca_that_is_wanted() -> None:
    code, sentence = reason(SIBLINGS)
    assert code == "issuance.sibling_ca"
    assert sentence.startswith(
        "Issued by CN=Contoso Web CA, DC=contoso, DC=local, not by CN=Contoso Lync CA, DC=contoso, DC=local; both are certified by "
        "CN=Contoso Root, DC=contoso, DC=local (proved).")


def test_a_ca_below_is_named_with_the_one_that_was_given() -> None:
    code, sentence = reason(Situation(my=[pki.stored(pki.leaf(BELOW))], ca=(ISSUING, BELOW.build())))
    assert code == "issuance.chains_to_ca"
    assert sentence.startswith("Issued by CN=Contoso Issuing CA 7, DC=contoso, DC=local, which chains to the given CA CN=Contoso Lync CA,")


def test_another_generation_is_named_with_both_keys() -> None:
    code, sentence = reason(Situation(my=[pki.stored(pki.leaf(RENEWED))], ca=(ISSUING, RENEWED.build())))
    assert code == "issuance.other_generation"
    keys = [signing.key_identifier(spec.key).hex().upper() for spec in (RENEWED, CA)]
    assert f"(SKI {keys[0]} against {keys[1]})" in sentence


@pytest.mark.parametrize("situation", [
    replace(SIBLINGS, my=[pki.stored(pki.leaf(SISTER, signer=ROGUE))]),
    replace(SIBLINGS, ca=(ISSUING, SISTER.change(signer=ROGUE).build())),
    replace(SIBLINGS, ca=(ISSUING, SISTER.change(issuer=pki.ca_name("Fabrikam Root")).build())),
    replace(SIBLINGS, given=(CA.change(signer=ROGUE).build(),)),
    replace(SIBLINGS, given=(CA.change(issuer=pki.ca_name("Fabrikam Root")).build(),)),
    replace(SIBLINGS, roots=(TOP.change(subject=pki.ca_name("Fabrikam Root"), issuer=pki.ca_name("Fabrikam Root")).build(),)),
    replace(SIBLINGS, roots=()),
], ids=["certificate", "sister", "sister's issuer", "given CA", "given CA's issuer", "parent's name", "no parent"])
def test_kinship_that_is_only_claimed_is_not_told(situation: Situation) -> None:
    assert reason(situation)[0] == "issuance.other_issuer"


@pytest.mark.parametrize("size", [SHORT, LONG])
def test_a_namesake_of_the_sister_hides_nothing(size: dict[str, bytes | None]) -> None:
    namesake = SISTER.change(key=signing.key("W"), extensions=size).build()
    assert reason(replace(SIBLINGS, ca=(ISSUING, SISTER.build(), namesake)))[0] == "issuance.sibling_ca"


def test_a_hint_of_another_key_does_not_hide_kinship() -> None:
    entry = pki.stored(pki.leaf(SISTER, extensions={"aki": pki.authority_key_identifier(b"\x99" * 20)}))
    assert reason(replace(SIBLINGS, my=[entry], requirement={"overrides": {"require_trust": False}}))[0] == "issuance.sibling_ca"


def test_where_a_store_is_crowded_the_plain_reason_stands() -> None:
    crowd = [SISTER.change(serial=b"\x01" + number.to_bytes(18, "big"), key=signing.key("W"), signature=bytes(256)).build()
             for number in range(201)]
    assert reason(replace(SIBLINGS, ca=(ISSUING, SISTER.build(), *crowd)))[0] == "issuance.other_issuer"
