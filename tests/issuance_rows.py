# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Kinds of findings on who issued a certificate and whether its host trusts it: a host that has it, and one that just misses it."""
from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import asn1
import pki
import signing
from cryptography.hazmat.primitives.asymmetric import x25519
from situations import BELOW, CA, GOOD, ISSUING, RENEWED, ROOT, SISTER, TOP, Situation, ext, leaf, limited, under

AKI = {"aki": pki.authority_key_identifier(b"\x99" * 20)}
PSS_CA = CA.change(scheme="pss-sha256")
UNKNOWN = pki.extension("1.3.6.1.4.1.99999.1", asn1.null(), critical=True)
HARMLESS = pki.extension("1.3.6.1.4.1.99999.1", asn1.null())
X25519 = signing.spki(x25519.X25519PrivateKey.generate())
LONG_KEYS: Any = {"overrides": {"min_rsa_bits": 2048}}
SPELLING: Any = {"overrides": {"issuer_name": "rfc5280", "require_trust": False}}


def with_key(private: signing.PrivateKeyObject) -> pki.Spec:
    """The CA with that key."""
    return CA.change(key=private, extensions={"ski": pki.subject_key_identifier(signing.key_identifier(private))})


SHORT, CURVE = with_key(signing.key("CA1024", "rsa1024")), with_key(signing.key("CA256", "p256"))


def chained(**changes: Any) -> Situation:
    """The reference CA is the root, and anything below it will do."""
    return Situation(ca=(CA.change(**changes).build(),), given=(ROOT,), requirement={"match": "chain"})


def crowded(others: int) -> Situation:
    """The host's store has so many other CAs of the issuer's name, which are all tried before the right one."""
    crowd = CA.change(key=signing.key("W"), signature=bytes(256))
    decoys = [crowd.change(serial=b"\x01" + number.to_bytes(18, "big")).build() for number in range(others)]
    return Situation(ca=(*decoys, ISSUING), given=(ROOT,), requirement={"match": "chain", "overrides": {"require_trust": False}})


ISSUANCE: dict[str, tuple[str, Situation, Situation]] = {
    # ---- who issued it
    "issuance.other_issuer": ("blocking", Situation(my=[pki.stored(pki.leaf(pki.root("W", "Contoso Lync CA 2")))]), Situation()),
    "issuance.signature_invalid": (
        "blocking", Situation(my=[pki.stored(pki.leaf(pki.root("ROGUE").change(subject=CA.subject)))]), Situation()),
    "issuance.sibling_ca": (
        "blocking", Situation(my=[pki.stored(pki.leaf(SISTER))], ca=(ISSUING, SISTER.build())),
        Situation(my=[pki.stored(pki.leaf(SISTER))], given=(ISSUING, SISTER.build()), ca=(ISSUING, SISTER.build()))),
    "issuance.other_generation": (
        "blocking", Situation(given=(RENEWED.build(),), ca=(ISSUING, RENEWED.build())),
        Situation(given=(RENEWED.build(), ISSUING), ca=(ISSUING, RENEWED.build()))),
    "issuance.chains_to_ca": (
        "blocking", Situation(my=[pki.stored(pki.leaf(BELOW))], ca=(ISSUING, BELOW.build())),
        Situation(my=[pki.stored(pki.leaf(BELOW))], ca=(ISSUING, BELOW.build()), requirement={"match": "chain"})),
    "issuance.key_identifier_differs": ("blocking", ext(**AKI), ext(aki=None)),
    "issuance.serial_differs": (
        "blocking", ext(aki=pki.authority_key_identifier(None, TOP.subject, 0x7777)),
        ext(aki=pki.authority_key_identifier(signing.key_identifier(CA.key)))),
    "issuance.issuer_no_certsign": (
        "blocking", under(CA.change(extensions={"ku": pki.key_usage("digitalSignature", "cRLSign")})),
        under(CA.change(extensions={"ku": None}))),
    "issuance.issuer_expired": (
        "blocking", under(CA.change(not_after=pki.NOW - timedelta(seconds=1))), under(CA.change(not_after=pki.NOW))),
    "issuance.issuer_not_yet_valid": (
        "blocking", under(CA.change(not_before=pki.NOW + timedelta(seconds=1))), under(CA.change(not_before=pki.NOW))),
    "issuance.issuer_purpose": (
        "blocking", under(CA.change(extensions={"eku": pki.extended_key_usage(pki.CLIENT_AUTH)})),
        under(CA.change(extensions={"eku": pki.extended_key_usage(pki.ANY_EKU)}))),
    "issuance.issuer_unknown_critical": (
        "blocking", under(CA.change(extensions={"unknown": UNKNOWN})), under(CA.change(extensions={"unknown": HARMLESS}))),
    "issuance.path_length": (
        "blocking",
        Situation(my=[pki.stored(pki.leaf(BELOW))], ca=(limited(0), BELOW.build()), given=(ROOT,), requirement={"match": "chain"}),
        Situation(my=[pki.stored(pki.leaf(BELOW))], ca=(limited(1), BELOW.build()), given=(ROOT,), requirement={"match": "chain"})),
    "issuance.name_constraint": (
        "blocking", under(CA.change(extensions={"nc": pki.name_constraints(excluded=[pki.dns(pki.POOL)])})),
        under(CA.change(extensions={"nc": pki.name_constraints(permitted=[pki.dns("contoso.local")])}))),
    "issuance.name_constraint_unsupported": (
        "open", Situation(
            my=[pki.stored(GOOD.change(subject=pki.name(("CN", pki.FQDN), ("E", "a@contoso.local"))))],
            given=(CA.change(extensions={"nc": pki.name_constraints([asn1.tlv(0x81, b"contoso.local")])}).build(),)),
        under(CA.change(extensions={"nc": pki.name_constraints([asn1.tlv(0x81, b"contoso.local")])}))),
    "issuance.weak_hash": ("blocking", leaf(inner_algorithm=signing.algorithm_identifier("md5")), leaf(scheme="sha1")),
    "issuance.algorithm_mismatch": ("blocking", leaf(outer_algorithm=signing.algorithm_identifier("sha384")), leaf(scheme="sha384")),
    "issuance.algorithm_unsupported": ("open", leaf(inner_algorithm=asn1.sequence(asn1.oid("1.2.3.4"))), Situation()),
    "issuance.key_type_mismatch": ("blocking", leaf(inner_algorithm=signing.algorithm_identifier("ecdsa-sha256")), Situation()),
    "issuance.issuer_name_empty": ("blocking", leaf(issuer=asn1.sequence()), Situation()),
    "issuance.issuer_not_ca": ("blocking", chained(extensions={"bc": None}), chained()),
    "issuance.signature_scheme": ("blocking", chained(scheme="pss-sha256"), chained(scheme="sha384")),
    "issuance.weak_key": ("blocking", under(SHORT, requirement=LONG_KEYS), under(SHORT)),
    "issuance.key_unsupported": (
        "open", Situation(given=(CA.change(public_key=X25519).build(),)),
        Situation(my=[pki.stored(pki.leaf(CURVE, scheme="ecdsa-sha256"))], ca=(CURVE.build(),), given=(CURVE.build(),))),
    "issuance.name_encoding_differs": (
        "warning", replace(leaf(issuer=pki.ca_name(pki.LYNC_CA, tag=pki.UTF8)), requirement=SPELLING), Situation(requirement=SPELLING)),
    "issuance.not_understood": ("open", ext(aki=pki.extension("2.5.29.35", b"\x30\x03\x80\x05x")), ext(aki=None)),
    "issuance.budget_exceeded": ("open", crowded(199), crowded(198)),
    "issuance.no_authority": ("open", Situation(given=()), Situation()),
    # ---- whether the host trusts it
    "trust.root_missing": ("blocking", Situation(roots=()), Situation()),
    "trust.intermediate_missing": ("blocking", Situation(ca=()), Situation(ca=(), roots=(ROOT, ISSUING))),
    "trust.chain_expired": (
        "blocking", Situation(roots=(TOP.change(not_after=pki.NOW - timedelta(seconds=1)).build(),)),
        Situation(roots=(TOP.change(not_after=pki.NOW).build(),))),
    "trust.chain_weak": ("blocking", Situation(ca=(PSS_CA.build(),)), Situation(ca=(PSS_CA.build(), ISSUING))),
    "trust.disallowed": ("blocking", Situation(disallowed=(ROOT,)), Situation(disallowed=(SISTER.build(),))),
}
