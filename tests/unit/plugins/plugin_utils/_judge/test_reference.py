# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The reference CA out of several internal servers, on certificates that are written field by field."""
from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import pki
import pytest
import signing
from cryptography.hazmat.primitives.asymmetric import rsa

from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.certificate import thumbprint
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.evidence import Evidence, evidence
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.reference import Reference, reference
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._snapshot.assignments import Assignment, Assignments


def server(host: str, leaf: pki.Spec | bytes, *, ca: Sequence[pki.Spec] = (), roots: Sequence[pki.Spec] = ()) -> Evidence:
    """An internal server that uses ``leaf`` as Default."""
    content = leaf if isinstance(leaf, bytes) else leaf.build()
    snapshot = pki.snapshot([pki.stored(content)], ca=[each.build() for each in ca], roots=[each.build() for each in roots], name=host)
    snapshot = replace(snapshot, host=replace(snapshot.host, name=host))
    return evidence(snapshot, Assignments("Lync", (Assignment("Default", thumbprint(content)),)), now=pki.NOW)


def said(found: Reference) -> str:
    return " ".join(each.message for each in found.findings)


def contents(found: Reference) -> set[bytes]:
    return {each.content for each in found.authority.certificates}


def subordinate(label: str, by: pki.Spec, name: str = "Contoso Issuing CA") -> pki.Spec:
    """A CA whose serial is fixed, so that it is the same bytes each time it is built."""
    return pki.subordinate(label, by, name, serial=b"\x11" + label.encode())


def root(label: str, name: str = "Contoso Root CA") -> pki.Spec:
    return pki.root(label, name, serial=b"\x12" + label.encode())


ROOT = root("R")
ISSUING = subordinate("S", ROOT)


def cross(new: pki.Spec, old: pki.Spec) -> pki.Spec:
    """The new key of a CA, certified by its old key under the same name."""
    return old.change(key=new.key, signer=old.key, serial=b"\x13cross", extensions={
        "ski": pki.subject_key_identifier(signing.key_identifier(new.key)),
        "aki": pki.authority_key_identifier(signing.key_identifier(old.key))})


def test_two_servers_of_one_ca_agree_on_it_and_its_root() -> None:
    servers = [server(name, pki.leaf(ISSUING), ca=[ISSUING], roots=[ROOT]) for name in ("fe1", "fe2")]
    found = reference(servers, now=pki.NOW)
    assert found.certain
    assert contents(found) == {ISSUING.build()}
    assert [each.content for each in found.roots.certificates] == [ROOT.build()]
    assert not found.findings
    assert [row.host for row in found.rows] == ["fe1", "fe2"]


def test_under_match_chain_the_root_is_the_reference() -> None:
    found = reference([server("fe1", pki.leaf(ISSUING), ca=[ISSUING], roots=[ROOT])], now=pki.NOW, match="chain")
    assert found.certain
    assert contents(found) == {ROOT.build()}


def test_match_chain_without_a_root_is_uncertain_while_the_issuing_ca_alone_is_not() -> None:
    only = [server("fe1", pki.leaf(ISSUING), ca=[ISSUING])]
    assert not reference(only, now=pki.NOW, match="chain").certain
    found = reference(only, now=pki.NOW)
    assert found.certain
    assert "No root" in said(found)


def test_the_source_names_server_use_and_thumbprint() -> None:
    one = server("fe1", pki.leaf(ISSUING), ca=[ISSUING], roots=[ROOT])
    described = reference([one], now=pki.NOW).authority.describe()
    assert [each.source for each in described] == [f"fe1, Default, {one.leaf.thumbprint}"]


def test_the_source_of_each_certificate_is_a_server_that_holds_it() -> None:
    renewed = ISSUING.change(serial=b"\x14", not_before=pki.day(-10), not_after=pki.day(3000))
    servers = [server("fe1", pki.leaf(ISSUING), ca=[ISSUING], roots=[ROOT]), server("fe2", pki.leaf(renewed), ca=[renewed], roots=[ROOT])]
    described = reference(servers, now=pki.NOW).authority.describe()
    assert {each.not_after[:4]: each.source.split(",")[0] for each in described} == {"2031": "fe1", "2035": "fe2"}


def test_a_renewal_with_the_same_key_is_the_same_ca() -> None:
    renewed = ISSUING.change(serial=b"\x14", not_before=pki.day(-10), not_after=pki.day(3000))
    found = reference([server("fe1", pki.leaf(ISSUING), ca=[ISSUING, renewed], roots=[ROOT]),
                       server("fe2", pki.leaf(renewed), ca=[renewed], roots=[ROOT])], now=pki.NOW)
    assert found.certain
    assert contents(found) == {ISSUING.build(), renewed.build()}
    assert not found.findings


def test_a_root_renewed_with_a_new_key_is_the_same_ca_by_its_cross_certificate_wherever_it_lies() -> None:
    new = root("R2")
    link = cross(new, ROOT)
    old_server = server("fe1", pki.leaf(ROOT), roots=[ROOT])
    new_server = server("fe2", pki.leaf(new), ca=[link], roots=[new])
    for order in ([old_server, new_server], [new_server, old_server]):
        found = reference(order, now=pki.NOW)
        assert found.certain
        assert {ROOT.build(), new.build(), link.build()} == contents(found)
        assert "issuing CAs" not in said(found)


def test_a_root_renewed_with_a_new_key_without_cross_certificates_is_another_ca() -> None:
    new = root("R2")
    found = reference([server("fe1", pki.leaf(ROOT), roots=[ROOT]), server("fe2", pki.leaf(new), roots=[new])], now=pki.NOW)
    assert not found.certain
    assert signing.key_identifier(ROOT.key).hex().upper() in found.message
    assert signing.key_identifier(new.key).hex().upper() in found.message
    assert [(row.host, row.use) for row in found.rows] == [("fe1", "Default"), ("fe2", "Default")]


def test_a_key_that_vouches_for_the_ca_does_not_become_the_ca() -> None:
    """A rebuilt CA of the same name may certify the old key, too: that the old key agrees is what counts."""
    stranger = root("R3")
    found = reference([server("fe1", pki.leaf(ROOT), ca=[cross(ROOT, stranger)], roots=[ROOT, stranger])], now=pki.NOW)
    assert found.certain
    assert stranger.build() not in contents(found)
    assert thumbprint(stranger.build()) in said(found)


def test_a_subordinate_renewed_with_a_new_key_counts_under_the_proved_root_with_a_warning() -> None:
    new = subordinate("S2", ROOT)
    found = reference([server("fe1", pki.leaf(ISSUING), ca=[ISSUING], roots=[ROOT]), server("fe2", pki.leaf(new), ca=[new], roots=[ROOT])],
                      now=pki.NOW)
    assert found.certain
    assert contents(found) == {ISSUING.build(), new.build()}
    assert "2 issuing CAs under one root" in said(found)


def test_the_same_renewal_that_no_server_uses_does_not_count_and_is_said() -> None:
    new = subordinate("S2", ROOT)
    found = reference([server("fe1", pki.leaf(ISSUING), ca=[ISSUING, new], roots=[ROOT])], now=pki.NOW)
    assert contents(found) == {ISSUING.build()}
    assert thumbprint(new.build()) in said(found)


def test_two_unrelated_cas_are_uncertain() -> None:
    other_root = root("Q", "Fabrikam Root")
    other = subordinate("Q1", other_root, "Fabrikam Issuing CA")
    found = reference([server("fe1", pki.leaf(ISSUING), ca=[ISSUING], roots=[ROOT, other_root]),
                       server("fe2", pki.leaf(other), ca=[other], roots=[ROOT, other_root])], now=pki.NOW)
    assert not found.certain
    assert not contents(found)
    assert "Contoso Issuing CA" in found.message
    assert "Fabrikam Issuing CA" in found.message


STRANGER = root("A", "Fabrikam Root")
VOUCHED = ISSUING.change(issuer=STRANGER.subject, signer=STRANGER.key, serial=b"\x16", extensions={
    "aki": pki.authority_key_identifier(signing.key_identifier(STRANGER.key))})
"""The issuing CA's own key, certified by a stranger: anybody who has a CA can make that, out of the CA's public certificate."""


@pytest.mark.parametrize("match", ["issuing_ca", "chain"])
def test_one_server_can_not_tie_a_strangers_ca_to_that_of_the_others(match: str) -> None:
    foreign = subordinate("A1", STRANGER, "Fabrikam Issuing CA")
    servers = [server("fe1", pki.leaf(ISSUING), ca=[ISSUING], roots=[ROOT]),
               server("fe2", pki.leaf(foreign), ca=[foreign, VOUCHED], roots=[STRANGER])]
    assert not reference(servers, now=pki.NOW, match=match).certain
    servers[0] = server("fe1", pki.leaf(ISSUING), ca=[ISSUING], roots=[ROOT, STRANGER])
    assert contents(reference(servers, now=pki.NOW)) == {ISSUING.build(), VOUCHED.build(), foreign.build()}


def test_under_match_chain_a_root_counts_that_every_server_trusts() -> None:
    servers = [server("fe1", pki.leaf(ISSUING), ca=[ISSUING], roots=[ROOT]),
               server("fe2", pki.leaf(ISSUING), ca=[ISSUING, VOUCHED], roots=[ROOT, STRANGER])]
    assert contents(reference(servers, now=pki.NOW, match="chain")) == {ROOT.build()}


def test_the_server_that_lacks_the_root_is_named() -> None:
    servers = [server("fe1", pki.leaf(ISSUING), ca=[ISSUING], roots=[ROOT]), server("fe2", pki.leaf(ISSUING), ca=[ISSUING, ROOT])]
    found = reference(servers, now=pki.NOW)
    assert contents(found) == {ISSUING.build()}
    assert "No root that each of its servers has" in said(found)
    assert "On fe2, certutil" in said(found)
    chain = reference(servers, now=pki.NOW, match="chain")
    assert not chain.certain
    assert "On fe2, certutil" in chain.message


def test_a_key_that_anybody_could_make_to_the_signature_proves_no_issuer() -> None:
    """A key with so long an exponent can be made to verify a signature of another; so it proves nothing even where it did sign."""
    numbers = signing.key("S").private_numbers()
    exponent = next(each for each in range((1 << 64) + 1, 1 << 65, 2) if math.gcd(each, (numbers.p - 1) * (numbers.q - 1)) == 1)
    secret = pow(exponent, -1, (numbers.p - 1) * (numbers.q - 1))
    long = rsa.RSAPrivateNumbers(
        numbers.p, numbers.q, secret, secret % (numbers.p - 1), secret % (numbers.q - 1), numbers.iqmp,
        rsa.RSAPublicNumbers(exponent, numbers.public_numbers.n)).private_key()
    issuing = ISSUING.change(key=long)
    assert not reference([server("fe1", pki.leaf(issuing), ca=[issuing], roots=[ROOT])], now=pki.NOW).certain


def test_an_issuer_of_the_right_name_with_the_wrong_key_proves_nothing() -> None:
    impostor = subordinate("S9", ROOT)
    found = reference([server("fe1", pki.leaf(ISSUING), ca=[impostor], roots=[ROOT])], now=pki.NOW)
    assert not found.certain
    assert "have another key" in found.message


def test_an_intermediate_that_only_one_server_holds_serves_the_others() -> None:
    policy = subordinate("P", ROOT, "Contoso Policy CA")
    issuing = subordinate("I", policy, "Contoso External CA")
    one, other = (server("fe1", pki.leaf(issuing), ca=[issuing], roots=[ROOT]), server("fe2", pki.leaf(issuing), ca=[policy], roots=[ROOT]))
    assert not reference([one], now=pki.NOW, match="chain").certain
    found = reference([one, other], now=pki.NOW, match="chain")
    assert found.certain
    assert contents(found) == {ROOT.build()}


def test_a_self_signed_certificate_names_no_ca() -> None:
    own = pki.leaf(ROOT, "L").change(issuer=pki.name(("CN", pki.FQDN)), signer=signing.key("L"))
    found = reference([server("fe1", own, roots=[own])], now=pki.NOW)
    assert not found.certain
    assert "self-signed" in found.message


def test_a_self_signed_certificate_outside_root_is_no_root() -> None:
    found = reference([server("fe1", pki.leaf(ISSUING), ca=[ISSUING, ROOT])], now=pki.NOW)
    assert found.certain
    assert not found.roots.certificates


def test_a_silent_server_is_said_and_spoils_only_where_all_are_demanded() -> None:
    one = [server("fe1", pki.leaf(ISSUING), ca=[ISSUING], roots=[ROOT])]
    silent = ["fe2: nothing listens on that port of the host."]
    found = reference(one, now=pki.NOW, silent=silent)
    assert found.certain
    assert silent[0] in said(found)
    assert not reference(one, now=pki.NOW, silent=silent, demand_all=True).certain
    assert not reference([], now=pki.NOW, silent=silent).certain


def test_an_expired_ca_is_still_the_ca_with_a_warning() -> None:
    old = ISSUING.change(serial=b"\x15", not_after=pki.day(-1))
    found = reference([server("fe1", pki.leaf(old), ca=[old], roots=[ROOT])], now=pki.NOW)
    assert found.certain
    assert "No certificate of the reference CA is valid" in said(found)


@pytest.mark.parametrize("count", [300])
def test_a_store_full_of_namesakes_ends(count: int) -> None:
    many = [ROOT.change(serial=index.to_bytes(3, "big"), signer=signing.key("R9")) for index in range(1, count)]
    found = reference([server("fe1", pki.leaf(ROOT), roots=[ROOT, *many])], now=pki.NOW)
    assert found.certain or "could be tried" in found.message


def test_one_machine_under_two_names_is_one_server_that_was_not_asked() -> None:
    one = server("fe1", pki.leaf(ISSUING), ca=[ISSUING], roots=[ROOT])
    twin = replace(one, host="fe2", fqdn=one.fqdn.upper())
    found = reference([one, twin], now=pki.NOW)
    assert found.certain
    assert [item.code for item in found.findings] == ["reference.server_silent"]
    assert "fe2: is the same machine as fe1" in found.findings[0].message
    assert not reference([one, twin], now=pki.NOW, demand_all=True).certain
    assert reference([one, replace(one, host="fe2", fqdn="fe2.contoso.local")], now=pki.NOW, demand_all=True).certain
