# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each kind of finding under lync_2013: a host that has it, with its severity, and one that just misses it."""
from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import asn1
import pki
import pytest
import signing

from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.authority import load_authority
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.judgement import judge
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.requirement import requirement_for
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._snapshot.snapshot import (
    HostError,
    KeyNumbers,
    PrivateKey,
    Snapshot,
    Store,
    StoredCertificate,
)
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._verdict.instants import Instants
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._verdict.verdict import Outcome, Verdict, Waiver

TOP = pki.root("TOP", "Contoso Root")
CA = pki.subordinate("R", TOP, pki.LYNC_CA)
SISTER = pki.subordinate("S", TOP, "Contoso Web CA")
BELOW = pki.subordinate("S2", CA, "Contoso Issuing CA 7")
RENEWED = pki.subordinate("RN", TOP, pki.LYNC_CA)
ROOT, ISSUING = TOP.build(), CA.build()
GOOD = pki.leaf(CA)
KEY = pki.private_key(GOOD.key)
ISSUED = GOOD.build()


CLOCKS = Instants(pki.NOW, host=pki.NOW)


@dataclass(frozen=True)
class Situation:
    """What differs from a host that satisfies."""

    my: Any = None
    ca: Any = (ISSUING,)
    roots: Any = (ROOT,)
    given: Any = (ISSUING,)
    disallowed: Any = ()
    request: Any = ()
    host: Any = None
    name: str = pki.FQDN
    requirement: Any = None
    profile: str | None = "lync_2013"
    instants: Instants = CLOCKS
    stores: Any = None


def snapshot_of(situation: Situation) -> Snapshot:
    my = [pki.stored(ISSUED, KEY)] if situation.my is None else situation.my
    snapshot = pki.snapshot(my, ca=situation.ca, roots=situation.roots, disallowed=situation.disallowed, request=situation.request,
                            name=situation.name, **(situation.host or {}))
    for store in situation.stores or ():
        snapshot = replace(snapshot, stores=tuple(store if old.name == store.name else old for old in snapshot.stores))
    return snapshot


def verdict_on(situation: Situation) -> Verdict:
    options: dict[str, Any] = {"pool": pki.POOL, **(situation.requirement or {})}
    authority = load_authority([("ca.pem", content) for content in situation.given])
    return judge(snapshot_of(situation), authority, requirement_for(situation.profile, **options), situation.instants, run_id="run")


def severities(verdict: Verdict) -> dict[str, str]:
    everything = [*verdict.findings, *(finding for certificate in verdict.certificates for finding in certificate.findings)]
    return {finding.code: finding.severity.value for finding in everything}


def leaf(**changes: Any) -> Situation:
    return Situation(my=[pki.stored(GOOD.change(**changes))])


def ext(**extensions: bytes | None) -> Situation:
    return leaf(extensions=extensions)


def key(**changes: Any) -> Situation:
    return Situation(my=[pki.stored(ISSUED, replace(KEY, **changes))])


def facts(**host: Any) -> Situation:
    return Situation(host=host)


def waited(seconds: int) -> Situation:
    return Situation(instants=Instants(pki.NOW, host=pki.NOW + timedelta(seconds=seconds)))


def named(*names: str, common: str = pki.FQDN) -> Situation:
    return leaf(subject=pki.name(("CN", common)), extensions={"san": pki.subject_alternative_name(*(pki.dns(name) for name in names))})


def under(authority: pki.Spec, **situation: Any) -> Situation:
    """The reference CA is another one than usual, certified by TOP."""
    return Situation(my=[pki.stored(pki.leaf(authority))], ca=(authority.build(),), given=(authority.build(),), **situation)


def unread(name: str, code: int = 0x80070005) -> Store:
    return Store(name, error=HostError("Access is denied", code))


def limited(below: int) -> bytes:
    return CA.change(extensions={"bc": pki.basic_constraints(True, below)}).build()


EC = pki.leaf(CA, "E", kind="p256")
EC_KEY = pki.private_key(EC.key)
SMALL = pki.leaf(CA, "L1024", kind="rsa1024")
AKI = {"aki": pki.authority_key_identifier(b"\x99" * 20)}
TWICE: Any = {"friendly_name": "Persistent Chat"}
OTHER_KEY = KeyNumbers("RSA", (signing.key("L2").public_key().public_numbers().n, 65537))
MD5_CA = CA.change(inner_algorithm=signing.algorithm_identifier("md5"))
PSS_CA = CA.change(scheme="pss-sha256")
CA_KEY = signing.key("R").public_key()
MANY: Any = tuple(pki.root(f"many{n % 2}", f"Root {n}").build() for n in range(101))
GONE = HostError("Keyset does not exist", 0x80090016)
DENIED = HostError("Access is denied", 0x80090010)
OLD = {"not_before": pki.day(-400), "not_after": pki.day(-2)}
WILD = ("*.contoso.local",)
UNKNOWN = pki.extension("1.3.6.1.4.1.99999.1", asn1.null(), critical=True)
HARMLESS = pki.extension("1.3.6.1.4.1.99999.1", asn1.null())
V1 = {"version": None, "extensions": dict.fromkeys(GOOD.extensions)}
ED = pki.subordinate("ED", TOP, pki.LYNC_CA)

ROWS: dict[str, tuple[str, Situation, Situation]] = {
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
    # ---- whether the host trusts it
    "trust.root_missing": ("blocking", Situation(roots=()), Situation()),
    "trust.intermediate_missing": ("blocking", Situation(ca=()), Situation(ca=(), roots=(ROOT, ISSUING))),
    "trust.chain_expired": (
        "blocking", Situation(roots=(TOP.change(not_after=pki.NOW - timedelta(seconds=1)).build(),)),
        Situation(roots=(TOP.change(not_after=pki.NOW).build(),))),
    "trust.chain_weak": ("blocking", Situation(ca=(PSS_CA.build(),)), Situation(ca=(PSS_CA.build(), ISSUING))),
    "trust.disallowed": ("blocking", Situation(disallowed=(ROOT,)), Situation(disallowed=(SISTER.build(),))),
    # ---- time
    "time.expired": ("blocking", leaf(not_after=pki.NOW - timedelta(seconds=1)), leaf(not_after=pki.NOW)),
    "time.not_yet_valid": ("blocking", leaf(not_before=pki.NOW + timedelta(seconds=1)), leaf(not_before=pki.NOW)),
    "time.clocks_disagree": (
        "open", replace(leaf(not_after=pki.NOW), instants=Instants(pki.NOW, host=pki.NOW + timedelta(seconds=1))),
        replace(leaf(not_after=pki.NOW + timedelta(seconds=1)), instants=Instants(pki.NOW, host=pki.NOW + timedelta(seconds=1)))),
    "time.clock_skew": ("warning", waited(301), waited(300)),
    "time.expires_soon": ("warning", leaf(not_after=pki.day(30) - timedelta(seconds=1)), leaf(not_after=pki.day(30))),
    "time.ca_expires_first": ("warning", leaf(not_after=pki.day(1801)), leaf(not_after=pki.day(1800))),
    # ---- the certificate
    "certificate.archived": (
        "blocking", Situation(my=[pki.stored(ISSUED, KEY, archived=True)]), Situation(my=[pki.stored(ISSUED, KEY, archived=False)])),
    "certificate.is_ca": ("blocking", ext(bc=pki.basic_constraints(True)), ext(bc=pki.basic_constraints(False))),
    "certificate.not_understood": (
        "open", ext(san=pki.extension("2.5.29.17", b"\x30\x03\x82\x05x")), ext(odd=pki.extension("1.2.3.4", b"\x30\x03\x82\x05x"))),
    "certificate.version": ("blocking", leaf(**V1), leaf(version=2)),
    "certificate.unknown_critical": ("blocking", ext(unknown=UNKNOWN), ext(unknown=HARMLESS)),
    "certificate.weak_hash": ("warning", leaf(scheme="sha1"), leaf(scheme="sha256")),
    "certificate.weak_key": ("warning", Situation(my=[pki.stored(SMALL)]), Situation()),
    "certificate.signature_scheme": ("blocking", leaf(scheme="pss-sha256"), leaf(scheme="sha256")),
    "certificate.sha512": (
        "warning", leaf(scheme="sha512"), replace(leaf(scheme="sha512"), host={"os_version": "Microsoft Windows NT 10.0.14393.0"})),
    # ---- purpose and revocation
    "purpose.eku_absent": ("blocking", ext(eku=None), Situation()),
    "purpose.eku_missing": (
        "blocking", ext(eku=pki.extended_key_usage(pki.ANY_EKU)), ext(eku=pki.extended_key_usage(pki.CLIENT_AUTH, pki.SERVER_AUTH))),
    "purpose.application_policy": (
        "blocking", ext(policies=pki.application_policies(pki.CLIENT_AUTH)), ext(policies=pki.application_policies(pki.SERVER_AUTH))),
    "purpose.key_usage": ("blocking", ext(ku=pki.key_usage("dataEncipherment")), ext(ku=pki.key_usage("keyEncipherment"))),
    "revocation.cdp_absent": ("blocking", ext(cdp=None), ext(cdp=pki.crl_distribution_points(pki.HTTP_CDP))),
    "revocation.cdp_unreadable": ("open", ext(cdp=pki.extension("2.5.29.31", b"\x30\x05garbage")), Situation()),
    "revocation.ldap_only": ("note", ext(cdp=pki.crl_distribution_points(pki.LDAP_CDP)), Situation()),
    "revocation.not_checked": ("note", Situation(), Situation(my=())),
    # ---- the private key
    "key.absent": ("blocking", Situation(my=[pki.stored(ISSUED, PrivateKey(present=False))]), Situation()),
    "key.other": ("blocking", key(public_key=OTHER_KEY), Situation()),
    "key.not_machine": ("blocking", key(machine_store=False), key(machine_store=True)),
    "key.not_opened": ("blocking", key(opened=False, error=GONE), Situation()),
    "key.unknown": ("open", key(present=None), Situation()),
    "key.signature_only": ("blocking", key(key_spec=2), key(key_spec=1)),
    "key.cng": ("blocking", key(storage="cng", provider="Microsoft Software Key Storage Provider"), key(storage="csp")),
    # ---- names
    "names.host_missing": ("blocking", named(pki.POOL, common="x.contoso.local"), named(pki.POOL, pki.FQDN.upper())),
    "names.pool_missing": ("blocking", named(pki.FQDN), named(pki.FQDN, pki.POOL)),
    "names.wanted_missing": (
        "blocking", Situation(requirement={"names": ["chat.contoso.local"]}), Situation(requirement={"names": [pki.POOL]})),
    "names.pool_unknown": ("warning", Situation(requirement={"pool": None}), Situation(requirement={"pool": pki.FQDN})),
    "names.cn_only": (
        "warning", replace(ext(san=None), requirement={"pool": pki.FQDN}), replace(named(pki.FQDN), requirement={"pool": pki.FQDN})),
    "names.cn_right_san_wrong": ("blocking", named(pki.POOL), named(pki.POOL, pki.FQDN)),
    "names.wildcard": ("blocking", named(*WILD, common="x"), named(pki.FQDN, pki.POOL, *WILD, common="x")),
    # ---- the host
    "host.store_unread": ("open", Situation(stores=[unread("My")]), Situation()),
    "host.name_differs": ("open", Situation(name="pchat02.contoso.local"), Situation(name="PCHAT01.contoso.local.")),
    "host.no_dns_suffix": ("open", facts(domain=""), Situation(name="pchat01")),
    "host.tls_1_0_disabled": ("warning", facts(tls_1_0_disabled=True), facts(tls_1_0_disabled=False)),
    "host.trusted_issuer_list": ("warning", facts(trusted_issuer_list=True), facts(trusted_issuer_list=None)),
    "store.root_not_self_signed": (
        "warning", Situation(roots=(ROOT, SISTER.build())), Situation(roots=(ROOT,), ca=(ISSUING, SISTER.build()))),
    "store.many_roots": ("warning", Situation(roots=(ROOT, *MANY[:100])), Situation(roots=(ROOT, *MANY[:99]))),
    "store.ca_twice": ("warning", Situation(ca=(ISSUING, RENEWED.build())), Situation(ca=(ISSUING, SISTER.build()))),
    "store.friendly_name_twice": (
        "warning", Situation(my=[pki.stored(ISSUED, KEY, **TWICE), pki.stored(pki.leaf(SISTER), **TWICE)]),
        Situation(my=[pki.stored(ISSUED, KEY, **TWICE), pki.stored(ISSUED, KEY, **TWICE)])),
    "store.request_pending": ("note", Situation(my=(), request=[pki.stored(GOOD)]), Situation(request=[pki.stored(GOOD)])),
}


@pytest.mark.parametrize("code", ROWS)
def test_row(code: str) -> None:
    severity, having, missing = ROWS[code]
    verdict = verdict_on(having)
    present = severities(verdict)
    assert present.get(code) == severity, present
    if severity == "blocking":
        assert verdict.outcome is Outcome.NOT_SATISFIED
    elif severity == "open":
        assert verdict.outcome is Outcome.UNDETERMINED
    elif code != "store.request_pending":
        assert verdict.outcome is Outcome.SATISFIED
    assert code not in severities(verdict_on(missing))


ELSE_REFUSED = ("trust.intermediate_missing", "revocation.not_checked")


@pytest.mark.parametrize("code", [code for code in ROWS if code not in ELSE_REFUSED])
def test_what_just_misses_it_satisfies(code: str) -> None:
    verdict = verdict_on(ROWS[code][2])
    assert verdict.outcome is Outcome.SATISFIED, severities(verdict)


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
