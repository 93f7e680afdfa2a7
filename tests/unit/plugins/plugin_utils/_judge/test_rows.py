# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each kind of finding under lync_2013: a host that has it, with its severity, and one that just misses it."""
from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pki
import pytest
import signing
from issuance_rows import HARMLESS, ISSUANCE, UNKNOWN, X25519
from situations import (
    CA,
    GOOD,
    ISSUED,
    ISSUING,
    KEY,
    RENEWED,
    ROOT,
    SISTER,
    Situation,
    ext,
    facts,
    key,
    leaf,
    named,
    severities,
    unread,
    verdict_on,
    waited,
)

from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.catalogue import CATALOGUE
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._snapshot.snapshot import HostError, KeyNumbers, PrivateKey
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._verdict.instants import Instants
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._verdict.verdict import Outcome

EC = pki.leaf(CA, "E", kind="p256")
EC_KEY = pki.private_key(EC.key)
SMALL = pki.leaf(CA, "L1024", kind="rsa1024")
TWICE: Any = {"friendly_name": "Persistent Chat"}
OTHER_KEY = KeyNumbers("RSA", (signing.key("L2").public_key().public_numbers().n, 65537))
MANY: Any = tuple(pki.root(f"many{n % 2}", f"Root {n}").build() for n in range(101))
GONE = HostError("Keyset does not exist", 0x80090016)
WILD = ("*.contoso.local",)
V1 = {"version": None, "extensions": dict.fromkeys(GOOD.extensions)}

ROWS: dict[str, tuple[str, Situation, Situation]] = {
    **ISSUANCE,
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
    "certificate.key_unsupported": ("open", leaf(public_key=X25519), Situation(my=[pki.stored(EC, EC_KEY)])),
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


NOT_THE_JUDGES = {
    "coverage.": "of several hosts: found where the report is made",
    "reference.": "of the CA that the internal servers use: found before any host is judged",
    "host.unreachable": "no snapshot", "host.denied": "no snapshot", "host.timeout": "no snapshot", "host.no_powershell": "no snapshot",
    "host.language_mode": "no snapshot", "host.answer_invalid": "no snapshot",
}
"""Beginnings of the codes that are not found in a snapshot, and why."""


def test_each_code_of_the_judge_has_its_row() -> None:
    wanted = {code for code in CATALOGUE if not code.startswith(tuple(NOT_THE_JUDGES))}
    assert set(ROWS) == wanted
    assert all(severity in {item.value for item in CATALOGUE[code].severities} for code, (severity, _having, _missing) in ROWS.items())


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
