# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a host comes to where no single row tells: several certificates, clocks, stores that were not read, profiles and waivers."""
from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import asn1
import pki
import pytest
import signing
from situations import (
    BELOW,
    CA,
    GOOD,
    ISSUED,
    ISSUING,
    KEY,
    ROOT,
    TOP,
    Situation,
    ext,
    facts,
    key,
    leaf,
    severities,
    unread,
    verdict_on,
)

from ansible_collections.lync.persistent_chat.plugins.plugin_utils._snapshot.snapshot import HostError, Store, StoredCertificate
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._verdict.instants import Instants
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._verdict.verdict import Outcome, Waiver

EC = pki.leaf(CA, "E", kind="p256")
EC_KEY = pki.private_key(EC.key)
GONE = HostError("Keyset does not exist", 0x80090016)
DENIED = HostError("Access is denied", 0x80090010)


def test_an_intermediate_in_root_blocks_where_the_path_needs_it() -> None:
    verdict = verdict_on(Situation(ca=(), roots=(ROOT, ISSUING)))
    assert verdict.outcome is Outcome.NOT_SATISFIED
    blocking = [finding.code for finding in verdict.certificates[0].findings if finding.severity.value == "blocking"]
    assert blocking == ["store.root_not_self_signed"]


PROFILES = {
    "key.cng": (key(storage="cng"), "warning"), "certificate.sha512": (leaf(scheme="sha512"), "note"),
    "host.tls_1_0_disabled": (facts(tls_1_0_disabled=True), "note"), "host.trusted_issuer_list": (facts(trusted_issuer_list=True), "note"),
    "certificate.signature_scheme": (leaf(scheme="pss-sha256"), "blocking"), "revocation.cdp_absent": (ext(cdp=None), "blocking")}


@pytest.mark.parametrize("code", PROFILES)
def test_skype_for_business_2015(code: str) -> None:
    situation, severity = PROFILES[code]
    verdict = verdict_on(replace(situation, profile="skype_for_business_2015"))
    assert severities(verdict)[code] == severity
    assert (verdict.outcome is Outcome.SATISFIED) == (severity != "blocking")


def test_keys_of_elliptic_curves_live_in_key_storage_providers_only() -> None:
    situation = Situation(my=[pki.stored(EC, EC_KEY)])
    assert severities(verdict_on(situation))["key.cng"] == "warning"
    assert severities(verdict_on(replace(situation, profile="skype_for_business_2015")))["key.cng"] == "note"
    assert verdict_on(situation).outcome is Outcome.SATISFIED


@pytest.mark.parametrize(("error", "elevated", "severity"), [
    (GONE, True, "blocking"), (GONE, False, "open"), (GONE, None, "open"), (DENIED, True, "open"), (None, True, "open"),
    (HostError("No key", 0x8009000D), True, "blocking")])
def test_a_key_that_does_not_open(error: HostError | None, elevated: bool | None, severity: str) -> None:
    verdict = verdict_on(replace(key(opened=False, error=error), host={"elevated": elevated}))
    assert severities(verdict)["key.not_opened"] == severity


@pytest.mark.parametrize("unsaid", [{"present": None}, {"opened": None}, {"public_key": None}, {"storage": None}])
def test_silence_about_a_key_is_never_consent(unsaid: dict[str, Any]) -> None:
    verdict = verdict_on(key(**unsaid))
    assert verdict.outcome is Outcome.UNDETERMINED
    assert severities(verdict)["key.unknown"] == "open"


@pytest.mark.parametrize("store", ["CA", "Root"])
def test_an_unread_store_leaves_open_what_it_could_have_cured(store: str) -> None:
    verdict = verdict_on(Situation(stores=[unread(store)]))
    assert verdict.outcome is Outcome.UNDETERMINED
    assert severities(verdict)["host.store_unread"] == "warning"
    blind = {"overrides": {"require_trust": False}}
    assert verdict_on(Situation(stores=[unread(store)], requirement=blind)).outcome is Outcome.SATISFIED
    stranger = Situation(my=[pki.stored(pki.leaf(BELOW))], given=(ROOT,), stores=[unread(store)], requirement={"match": "chain", **blind})
    assert verdict_on(stranger).outcome is Outcome.UNDETERMINED
    assert verdict_on(replace(stranger, requirement=blind)).outcome is Outcome.NOT_SATISFIED


@pytest.mark.parametrize(("store", "severity"), [
    (unread("Disallowed"), "warning"), (Store("Disallowed", missing=True), "note"), (Store("REQUEST", missing=True), "note")])
def test_other_stores_only_say_so(store: Store, severity: str) -> None:
    verdict = verdict_on(Situation(stores=[store]))
    assert severities(verdict)["host.store_unread"] == severity
    assert verdict.outcome is Outcome.SATISFIED


@pytest.mark.parametrize("disallowed", [ISSUED, ISSUING, ROOT, GOOD.change(serial=b"\x07").build(), CA.change(serial=b"\x07").build()])
def test_disallowed_by_bytes_and_by_key(disallowed: bytes) -> None:
    assert severities(verdict_on(Situation(disallowed=(disallowed,))))["trust.disallowed"] == "blocking"


def test_an_entry_that_the_host_could_not_read_is_open_and_disturbs_nothing_else() -> None:
    broken = StoredCertificate(content=b"", error=HostError("Cannot find the requested object", 0x80092009))
    assert verdict_on(Situation(my=[broken])).outcome is Outcome.UNDETERMINED
    assert verdict_on(Situation(my=[broken, pki.stored(ISSUED, KEY)])).outcome is Outcome.SATISFIED


def oversized_name(octets: int) -> bytes:
    attribute = asn1.tlv(0x06, b"\xff" * (octets - 1) + b"\x7f")
    return asn1.sequence(asn1.set_of(asn1.sequence(attribute, asn1.tlv(pki.UTF8, b"x"))))


@pytest.mark.parametrize("place", ["issuer", "subject"])
def test_an_object_identifier_too_long_to_be_written_out_disturbs_nothing_else(place: str) -> None:
    odd = pki.stored(GOOD.change(**{place: oversized_name(3000)}))
    assert verdict_on(Situation(my=[odd])).outcome is not Outcome.SATISFIED
    verdict = verdict_on(Situation(my=[pki.stored(ISSUED, KEY), odd], ca=(ISSUING, CA.change(**{place: oversized_name(3000)}).build())))
    assert verdict.outcome is Outcome.SATISFIED


def test_where_a_ca_on_the_way_is_forged_the_sentence_names_it() -> None:
    forged = CA.change(signer=signing.key("ROGUE")).build()
    verdict = verdict_on(Situation(ca=(forged,), given=(ROOT,), requirement={"match": "chain"}))
    assert verdict.nearest_miss is not None
    assert "the CA certificate CN=Contoso Lync CA, DC=contoso, DC=local says that CN=Contoso Root" in verdict.nearest_miss.message
    assert "it says that CN=Contoso Lync CA" in verdict_on(leaf(signer=signing.key("ROGUE"))).nearest_miss.message


def test_no_certificate_satisfies_at_both_clocks_although_each_clock_has_one() -> None:
    late = GOOD.change(not_after=pki.NOW)
    early = GOOD.change(not_before=pki.NOW + timedelta(seconds=1))
    clocks = Instants(pki.NOW, host=pki.NOW + timedelta(seconds=1))
    verdict = verdict_on(Situation(my=[pki.stored(late), pki.stored(early)], instants=clocks))
    assert verdict.outcome is Outcome.UNDETERMINED
    assert severities(verdict)["time.clocks_disagree"] == "open"


def test_as_of_replaces_both_clocks() -> None:
    late = leaf(not_after=pki.day(10))
    assert verdict_on(replace(late, instants=Instants(pki.NOW, as_of=pki.day(11)))).outcome is Outcome.NOT_SATISFIED
    assert verdict_on(replace(late, instants=Instants(pki.day(500), host=pki.day(500), as_of=pki.day(1)))).outcome is Outcome.SATISFIED


def test_of_several_the_one_that_lasts_longest_decides() -> None:
    longer = GOOD.change(not_after=pki.day(500)).build()
    for my in ([ISSUED, longer], [longer, ISSUED]):
        verdict = verdict_on(Situation(my=[pki.stored(content, KEY) for content in my]))
        assert verdict.certificate is not None
        assert verdict.certificate.not_after == "2028-04-06T12:00:00Z"
        assert verdict.certificate.content
        assert [certificate.content for certificate in verdict.certificates].count(None) == 1


def test_a_waiver_turns_a_waivable_finding_into_a_warning_that_shows() -> None:
    waiver = Waiver("revocation.cdp_absent", "pchat*", "PKI team", "public CA", "2026-12-31")
    verdict = verdict_on(replace(ext(cdp=None), requirement={"waivers": (waiver,)}))
    assert verdict.outcome is Outcome.SATISFIED
    assert verdict.certificate is not None
    waived = [finding for finding in verdict.certificate.findings if finding.waived]
    assert [(finding.code, finding.severity.value) for finding in waived] == [("revocation.cdp_absent", "warning")]
    later = replace(ext(cdp=None), requirement={"waivers": (waiver,)}, instants=Instants(pki.day(60)))
    assert verdict_on(later).outcome is Outcome.NOT_SATISFIED


def test_pss_waived_still_needs_a_signature_that_verifies() -> None:
    waiver = {"waivers": (Waiver("certificate.signature_scheme", "*", "PKI team", "known", "2026-12-31"),)}
    assert verdict_on(replace(leaf(scheme="pss-sha256"), requirement=waiver)).outcome is Outcome.SATISFIED
    forged = pki.leaf(pki.root("ROGUE").change(subject=CA.subject), scheme="pss-sha256")
    assert verdict_on(Situation(my=[pki.stored(forged)], requirement=waiver)).outcome is Outcome.NOT_SATISFIED


def test_silence_about_the_archived_flag_is_not_consent() -> None:
    verdict = verdict_on(Situation(my=[pki.stored(ISSUED, KEY, archived=None)]))
    assert verdict.outcome is Outcome.UNDETERMINED
    assert severities(verdict)["certificate.not_understood"] == "open"


def test_the_option_fqdn_stands_in_for_a_missing_suffix() -> None:
    here = facts(domain="")
    assert verdict_on(replace(here, requirement={"fqdn": pki.FQDN})).outcome is Outcome.SATISFIED
    other = verdict_on(replace(here, requirement={"fqdn": "pchat02.contoso.local"}))
    assert severities(other)["host.name_differs"] == "open"


def test_a_foreign_ca_of_the_same_name_is_told_once() -> None:
    rogue = pki.root("ROGUE").change(subject=TOP.subject, issuer=TOP.subject)
    leaf_of_rogue = pki.leaf(rogue)
    given = (ROOT, pki.root("RN", "Contoso Root").build())
    verdict = verdict_on(Situation(my=[pki.stored(leaf_of_rogue)], roots=(ROOT, rogue.build()), given=given))
    codes = [finding.code for finding in verdict.certificates[0].findings]
    assert codes.count("issuance.signature_invalid") == 1
    assert verdict.nearest_miss is not None
    assert verdict.message.startswith("Not satisfied")


def test_another_machine_with_a_good_certificate_is_no_pass_and_its_candidate_is_named() -> None:
    verdict = verdict_on(Situation(name="pchat02.contoso.local"))
    assert verdict.outcome is Outcome.UNDETERMINED
    assert verdict.certificate is None
    assert verdict.nearest_miss is not None
    assert verdict.nearest_miss.thumbprint == verdict.certificates[0].thumbprint


@pytest.mark.parametrize(("label", "name", "warned"), [("R", pki.LYNC_CA, False), ("S9", pki.LYNC_CA, True), ("R", "Other CA", True)])
def test_a_ca_renewed_with_the_same_key_ends_with_its_latest_certificate(label: str, name: str, warned: bool) -> None:
    beyond = [pki.stored(GOOD.change(not_after=pki.day(1801)))]
    later = pki.subordinate(label, TOP, name, not_after=pki.day(3000)).build()
    verdict = verdict_on(Situation(my=beyond, given=(ISSUING, later)))
    assert verdict.outcome is Outcome.SATISFIED
    assert ("time.ca_expires_first" in severities(verdict)) is warned
