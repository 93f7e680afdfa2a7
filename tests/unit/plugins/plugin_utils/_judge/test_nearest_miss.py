# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.findings import finding
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.nearest_miss import nearest_miss
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.remedies import AT_THE_CA, RemedyContext, new_certificate, remedy
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._verdict.verdict import (
    CertificateVerdict,
    Finding,
    NearestMiss,
    Outcome,
    Severity,
)

AUTHORITY = "CN=contoso-ISS1-CA"
CONTEXT = RemedyContext(fqdn="pchat1.contoso.local", pool="pool.contoso.local", ca_name="contoso-ISS1-CA")
ENDED = datetime(2026, 11, 21, 12, tzinfo=timezone.utc)


def blocking(code: str, **figures: object) -> Finding:
    return finding(code, Severity.BLOCKING, **figures)


EXPIRED = blocking("time.expired", ago=timedelta(days=2), not_after=ENDED, clock="the host's clock")
NO_KEY = blocking("key.absent")
NO_POOL = blocking("names.pool_missing", name="pool.contoso.local", names=("pchat1.contoso.local",))
NO_CDP = blocking("revocation.cdp_absent")
NO_ROOT = blocking("trust.root_missing", root="CN=contoso-ROOT-CA")
FOREIGN = blocking("issuance.other_issuer", issuer="CN=other", wanted=AUTHORITY)
OTHER_KEY = blocking("issuance.signature_invalid", subject="it", issuer=AUTHORITY, ca_key_identifier="5F2C", leaf_key_identifier="91C2")
SIBLING = blocking("issuance.sibling_ca", issuer="CN=contoso-ISS2-CA", wanted=AUTHORITY, parent="CN=contoso-ROOT-CA")
PENDING = finding("store.request_pending", Severity.NOTE, subject="CN=pchat1.contoso.local")


def certificate(mark: str, *findings: Finding, not_after: str = "2026-11-21T12:00:00Z", issuer: str = AUTHORITY) -> CertificateVerdict:
    return CertificateVerdict(
        thumbprint=mark * 40, outcome=Outcome.NOT_SATISFIED, findings=findings, subject="CN=pchat1.contoso.local", issuer=issuer,
        serial_number="61AB", not_after=not_after)


def miss(*certificates: CertificateVerdict, held: int | None = -1, pending: bool = False) -> NearestMiss:
    count = len(certificates) if held == -1 else held
    return nearest_miss(certificates, held=count, authority=AUTHORITY, host_findings=[PENDING] * pending, context=CONTEXT)


def test_right_ca_right_name_expired_two_days_ago() -> None:
    found = miss(certificate("A", EXPIRED))
    assert found.thumbprint == "A" * 40
    assert found.message == (
        f"Nearest: {'A' * 40} (CN=pchat1.contoso.local), right CA, right name, but: Expired 2 days ago, on 2026-11-21T12:00:00Z, by the "
        "host's clock.")
    assert found.codes == ("time.expired",)
    assert found.remedy == new_certificate(CONTEXT)


def test_for_this_host_but_from_another_key_under_the_name_of_the_ca() -> None:
    found = miss(certificate("A", OTHER_KEY))
    assert "right CA" not in found.message
    assert "right name, but: From another key under the name of the CA: it says that CN=contoso-ISS1-CA issued it" in found.message
    assert "(SKI 5F2C against 91C2 in the certificate)" in found.message


def test_from_a_sister_ca() -> None:
    found = miss(certificate("A", SIBLING))
    assert "Issued by CN=contoso-ISS2-CA, not by CN=contoso-ISS1-CA; both are certified by CN=contoso-ROOT-CA (proved)" in found.message
    assert "right CA" not in found.message


def test_key_elsewhere_and_a_request_pending_here() -> None:
    found = miss(certificate("A", NO_KEY), pending=True)
    assert "A request is pending on this host" in found.message
    text = found.remedy or ""
    assert text.index("certreq -retrieve") < text.index("-repairstore") < text.index("certreq -new")
    assert "pending" not in miss(certificate("A", NO_KEY)).message


@pytest.mark.parametrize(("findings", "ending"), [
    ([NO_POOL], " It would pass with a waiver for names.pool_missing."),
    ([NO_POOL, NO_CDP], " It would pass with waivers for names.pool_missing and revocation.cdp_absent.")])
def test_what_a_waiver_could_do(findings: list[Finding], ending: str) -> None:
    assert miss(certificate("A", *findings)).message.endswith(ending)


def test_no_waiver_is_offered_where_one_finding_can_not_be_waived() -> None:
    assert "waiver" not in miss(certificate("A", NO_POOL, EXPIRED)).message


def test_the_fewest_blocking_findings_win_whatever_the_order() -> None:
    three, two, one = certificate("A", EXPIRED, NO_KEY, NO_POOL), certificate("B", NO_KEY, NO_POOL), certificate("C", SIBLING)
    for order in itertools.permutations((three, two, one)):
        assert miss(*order).thumbprint == "C" * 40
    assert miss(three, two).thumbprint == "B" * 40


def test_of_equally_near_ones_that_of_the_right_ca_then_the_longest_then_by_thumbprint() -> None:
    sibling = certificate("1", SIBLING, not_after="2030-01-01T00:00:00Z")
    short, long, twin = certificate("2", NO_KEY), certificate("4", NO_KEY, not_after="2027-01-01T00:00:00Z"), certificate(
        "3", NO_KEY, not_after="2027-01-01T00:00:00Z")
    for order in itertools.permutations((sibling, short, long, twin)):
        assert miss(*order).thumbprint == "3" * 40
    assert miss(sibling, short).thumbprint == "2" * 40


def test_warnings_and_notes_do_not_count_and_open_ones_do() -> None:
    warned = certificate("A", EXPIRED, *[finding("names.pool_unknown", Severity.WARNING)] * 3)
    unknown = certificate("B", EXPIRED, finding("key.unknown", Severity.OPEN, what="whether the key opens"))
    found = miss(unknown, warned)
    assert found.thumbprint == "A" * 40
    assert found.codes == ("time.expired",)
    assert miss(unknown).codes == ("time.expired", "key.unknown")


def test_an_empty_store() -> None:
    found = miss(held=0)
    assert (found.thumbprint, found.message) == (None, "No candidate: the store My of the local computer is empty.")
    assert found.remedy == new_certificate(CONTEXT)


def test_a_store_that_was_not_read() -> None:
    found = miss(held=None)
    assert (found.thumbprint, found.message) == (None, "No candidate is known: the store My was not read.")
    assert found.remedy == remedy("host.store_unread", CONTEXT)


def test_a_store_with_certificates_of_others_only() -> None:
    issuers = {"A": "CN=x", "B": "CN=y", "C": "CN=x", "D": "CN=z", "E": "CN=\x1b[2J"}
    others = [certificate(mark, FOREIGN, issuer=issuer) for mark, issuer in issuers.items()]
    found = miss(*others)
    assert found.thumbprint is None
    assert found.message == (
        "No candidate: the store My of the local computer holds 5 certificates, none issued by CN=contoso-ISS1-CA "
        "(issuers: CN=x, 2; CN=\\x1b[2J, 1; CN=y, 1 and 1 more).")
    assert found.codes == ("issuance.other_issuer",)
    assert miss(others[0]).message.startswith("No candidate: the store My of the local computer holds 1 certificate, none issued by")


def test_three_issuers_are_all_told() -> None:
    others = [certificate(mark, FOREIGN, issuer=f"CN={mark}") for mark in "ABC"]
    assert miss(*others).message.endswith("(issuers: CN=A, 1; CN=B, 1; CN=C, 1).")


def test_an_open_request_is_finished_before_another_is_made() -> None:
    found = miss(held=0, pending=True)
    assert found.message.endswith(PENDING.message)
    text = found.remedy or ""
    assert text.index("certreq -retrieve") < text.index("If that request was refused") < text.index("certreq -new")


def test_one_cure_for_all_that_is_wrong_with_the_certificate() -> None:
    text = miss(certificate("A", EXPIRED, NO_KEY, NO_POOL, NO_CDP, NO_ROOT)).remedy or ""
    assert text.count("certreq -new") == 1
    assert text.index("-addstore Root") < text.index(AT_THE_CA["revocation.cdp_absent"]) < text.index("certreq -new")
    assert "-repairstore" not in text


def test_the_cure_names_serial_and_thumbprint_of_the_candidate() -> None:
    assert "certutil -repairstore My 61AB" in (miss(certificate("A", NO_KEY)).remedy or "")
    archived = miss(certificate("A", blocking("certificate.archived"))).remedy or ""
    assert f"'{'A' * 40}'" in archived


def test_a_satisfying_certificate_on_a_doubtful_host_is_not_called_absent() -> None:
    good = replace(certificate("A"), outcome=Outcome.SATISFIED)
    doubt = replace(
        finding("host.name_differs", Severity.OPEN, asked="pchat1.contoso.local", fqdn="pchat2.contoso.local"), remedy="See in DNS.")
    found = nearest_miss([good, certificate("B", EXPIRED)], held=2, authority=AUTHORITY, host_findings=[PENDING, doubt], context=CONTEXT)
    assert found.message == f"{'A' * 40} (CN=pchat1.contoso.local) satisfies; what is open is about the host: {doubt.message}"
    assert (found.thumbprint, found.codes, found.remedy) == ("A" * 40, ("host.name_differs",), "See in DNS.")


def test_reasons_of_several_ca_certificates_of_one_name_are_told_once() -> None:
    second = blocking("issuance.signature_invalid", subject="it", issuer=AUTHORITY, ca_key_identifier=None, leaf_key_identifier="91C2")
    assert miss(certificate("A", OTHER_KEY, second)).message.count("From another key under the name") == 1
    other = blocking("names.host_missing", name="x.example", names=())
    assert "x.example" in miss(certificate("A", OTHER_KEY, NO_POOL, other)).message
