# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a server certificate must be, where the rows of single findings leave edges."""
from __future__ import annotations

from dataclasses import replace
from typing import Any

import pki
import pytest
from asn1 import null, oid, sequence, tlv
from situations import CA, TOP, Situation, ext, facts, leaf, severities, verdict_on

from ansible_collections.lync.persistent_chat.plugins.plugin_utils._verdict.verdict import Outcome

GENERIC: Any = {"names": [], "pool": None}


def sentences(situation: Situation) -> dict[str, str]:
    return {item.code: item.message for item in verdict_on(situation).certificates[0].findings}


def test_without_a_wanted_purpose_none_need_be_there() -> None:
    nothing = {"overrides": {"require_eku": []}}
    assert verdict_on(replace(ext(eku=None), requirement=nothing)).outcome is Outcome.SATISFIED
    assert verdict_on(replace(ext(eku=None), requirement={"overrides": {"eku_absent_ok": True}})).outcome is Outcome.SATISFIED


@pytest.mark.parametrize("usages", [("digitalSignature",), ("keyEncipherment",), ("keyAgreement",), None])
def test_any_usage_that_tls_has_a_use_for_is_enough(usages: tuple[str, ...] | None) -> None:
    assert verdict_on(ext(ku=None if usages is None else pki.key_usage(*usages))).outcome is Outcome.SATISFIED


@pytest.mark.parametrize(("usages", "shown"), [
    (("nonRepudiation", "dataEncipherment", "keyCertSign", "cRLSign"), "nonRepudiation, dataEncipherment, keyCertSign, cRLSign"),
    (("dataEncipherment",), "dataEncipherment"),
    ((), "nothing"),
])
def test_the_usages_that_are_there_are_said(usages: tuple[str, ...], shown: str) -> None:
    assert f"Its key usage has {shown};" in sentences(ext(ku=pki.key_usage(*usages)))["purpose.key_usage"]


@pytest.mark.parametrize(("version", "old"), [
    ("6.3.9600.0", True), ("Microsoft Windows NT 6.1.7601 Service Pack 1", True), ("00006.3", True), ("9.9", True),
    ("10.0.14393.0", False), ("Microsoft Windows NT 10.0.17763.0", False), ("000006.3", False), ("Windows 6", False), ("a.b", False),
    ("6.x", False), ("", False)])
def test_which_windows_needs_its_update_for_sha512(version: str, old: bool) -> None:
    situation = replace(leaf(scheme="sha512"), host={"os_version": version})
    assert ("certificate.sha512" in severities(verdict_on(situation))) is old


def test_sha512_matters_to_the_products_only() -> None:
    assert "certificate.sha512" not in severities(verdict_on(replace(leaf(scheme="sha512"), profile=None, requirement=GENERIC)))
    assert "certificate.sha512" not in severities(verdict_on(facts(os_version="6.3.9600.0")))


def test_schemes_are_called_by_their_names() -> None:
    edwards = pki.root("ED", "Contoso Root", "ed25519", scheme="ed25519")
    entry = pki.stored(pki.leaf(edwards, scheme="ed25519"))
    found = sentences(Situation(my=[entry], ca=(), roots=(edwards.build(),), given=(edwards.build(),)))
    assert found["certificate.signature_scheme"].startswith("Signed with Ed25519,")
    assert sentences(leaf(scheme="pss-sha256"))["certificate.signature_scheme"].startswith("Signed with RSASSA-PSS,")


@pytest.mark.parametrize("identifier", ["1.2.840.113549.1.1.2", "1.2.840.113549.1.1.3", "1.2.840.113549.1.1.4", "1.3.14.3.2.3"])
def test_broken_hashes_are_said_of_the_certificate_too(identifier: str) -> None:
    found = severities(verdict_on(leaf(inner_algorithm=sequence(oid(identifier), null()))))
    assert (found["certificate.weak_hash"], found["issuance.weak_hash"]) == ("blocking", "blocking")


def point(*parts: bytes) -> bytes:
    return pki.extension("2.5.29.31", sequence(sequence(*parts)))


DIRECTORY = tlv(0xA0, tlv(0xA0, pki.directory(pki.name(("CN", "http:crl")))))
ISSUER_ONLY = tlv(0xA2, pki.directory(TOP.subject))


@pytest.mark.parametrize("points", [point(DIRECTORY), point(ISSUER_ONLY), pki.crl_distribution_points("lync.crl"), None])
def test_a_distribution_point_without_a_uri_is_none(points: bytes | None) -> None:
    assert severities(verdict_on(ext(cdp=points)))["revocation.cdp_absent"] == "blocking"


def test_other_kinds_of_names_in_a_distribution_point_are_passed_over() -> None:
    both = point(tlv(0xA0, tlv(0xA0, pki.directory(TOP.subject), tlv(0x86, pki.LDAP_CDP.encode()))))
    assert severities(verdict_on(ext(cdp=both)))["revocation.ldap_only"] == "note"


@pytest.mark.parametrize(("uris", "only"), [((pki.LDAP_CDP, pki.HTTP_CDP), False), ((pki.LDAP_CDP, pki.LDAP_CDP), True),
                                            ((pki.LDAP_CDP.upper(),), True), ((pki.HTTP_CDP,), False)])
def test_ldap_only(uris: tuple[str, ...], only: bool) -> None:
    assert ("revocation.ldap_only" in severities(verdict_on(ext(cdp=pki.crl_distribution_points(*uris))))) is only


def test_where_no_distribution_point_is_demanded_none_is_looked_at() -> None:
    garbage = ext(cdp=pki.extension("2.5.29.31", b"\x30\x05garbage"))
    assert verdict_on(replace(garbage, requirement={"overrides": {"require_cdp": False}})).outcome is Outcome.SATISFIED


@pytest.mark.parametrize(("days", "severity"), [(10, "blocking"), (11, "warning"), (20, None)])
def test_days_that_must_be_left_and_days_that_warn(days: int, severity: str | None) -> None:
    asked = {"overrides": {"min_remaining_days": 11, "warn_remaining_days": 20}}
    verdict = verdict_on(replace(leaf(not_after=pki.day(days)), requirement=asked))
    assert severities(verdict).get("time.expires_soon") == severity
    if severity:
        limit = 11 if severity == "blocking" else 20
        assert f"fewer than {limit} days left" in sentences(replace(leaf(not_after=pki.day(days)), requirement=asked))["time.expires_soon"]


@pytest.mark.parametrize(("overrides", "severity"), [
    ({}, "warning"), ({"min_rsa_bits": 2048}, "blocking"), ({"min_rsa_bits": 1024}, "warning")])
def test_a_short_key_is_refused_where_a_longer_one_is_demanded(overrides: dict[str, int], severity: str) -> None:
    small = pki.stored(pki.leaf(CA, "L1024", kind="rsa1024"))
    assert severities(verdict_on(Situation(my=[small], requirement={"overrides": overrides})))["certificate.weak_key"] == severity
