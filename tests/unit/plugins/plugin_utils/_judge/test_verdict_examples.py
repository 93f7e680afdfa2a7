# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every row of tests/data/verdict_examples.yaml through the judge, with its reasons."""
from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import materials
import pki
import pytest
import yaml

from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.authority import authority_of
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.judgement import judge
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.requirement import Requirement, requirement_for
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._verdict.instants import Instants
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._verdict.verdict import Outcome, Severity, Verdict

ROWS = yaml.safe_load((Path(__file__).parents[4] / "data" / "verdict_examples.yaml").read_text(encoding="utf-8"))["rows"]
OUTCOMES = {"match": Outcome.SATISFIED, "present": Outcome.SATISFIED, "no_match": Outcome.NOT_SATISFIED, "absent": Outcome.NOT_SATISFIED,
            "undetermined": Outcome.UNDETERMINED}
ANY_ISSUANCE = ("issuance.",)
CODES: dict[str, tuple[str, ...]] = {
    "not_issued_by_ca": ANY_ISSUANCE,
    "not_issued_by_ca:path_length": ("issuance.path_length",),
    "not_issued_by_ca:signature_invalid": ("issuance.signature_invalid",),
    "not_issued_by_ca:issuer_not_ca": ("issuance.issuer_not_ca",),
    "not_issued_by_ca:chains_to_ca_but_not_direct": ("issuance.chains_to_ca",),
    "not_issued_by_ca:sig_alg_mismatch": ("issuance.algorithm_mismatch",),
    "not_issued_by_ca:sig_alg_unsupported": ("issuance.algorithm_unsupported",),
    "not_issued_by_ca:issuer_expired": ("issuance.issuer_expired",),
    "not_issued_by_ca:issuer_eku": ("issuance.issuer_purpose",),
    "not_issued_by_ca:issuer_unknown_critical": ("issuance.issuer_unknown_critical",),
    "not_issued_by_ca:name_constraint_not_permitted": ("issuance.name_constraint",),
    "not_issued_by_ca:weak_signature_hash:sha1": ("certificate.weak_hash",),
    "not_issued_by_ca:weak_signature_hash:md5": ("issuance.weak_hash",),
    "no_usable_ca_certificate": ("issuance.no_authority",),
    "leaf_is_ca": ("certificate.is_ca",),
    "expired": ("time.expired",),
    "not_yet_valid": ("time.not_yet_valid",),
    "expires_soon": ("time.expires_soon",),
    "eku_absent": ("purpose.eku_absent",),
    "application_policy_missing": ("purpose.application_policy",),
    "cdp_absent": ("revocation.cdp_absent",),
    "name_missing": ("names.",),
    "name_missing:lyncpool.contoso.local": ("names.wanted_missing", "names.pool_missing"),
    "weak_key:leaf_rsa1024": ("certificate.weak_key",),
    "weak_key:leaf_rsa512": ("certificate.weak_key",),
    "private_key_mismatch": ("key.other",),
    "private_key_unusable": ("key.not_opened",),
    "private_key_unknown:provider": ("key.unknown",),
    "parse_error": ("certificate.not_understood",),
    "issuer_name_encoding_differs": ("issuance.name_encoding_differs",),
    "aki_keyid_differs": ("issuance.key_identifier_differs",),
}
"""The examples' code -> the judge's, one of which must be there; one that ends in a dot stands for its whole family."""


def judged(row: dict[str, Any], **changes: Any) -> Verdict:
    options = dict(row.get("options", {}))
    match = options.pop("match", "issuing_ca")
    names = options.pop("names", [materials.LYNC01])
    return verdict(row["material"], requirement_for(None, match=match, names=names, overrides=options, **changes))


def verdict(material: str, requirement: Requirement) -> Verdict:
    made = materials.material(material)
    snapshot = pki.snapshot(made.my, ca=made.pool, name="lync01.contoso.local")
    snapshot = replace(snapshot, host=replace(snapshot.host, name="lync01"))
    authority = authority_of(("given", content) for content in made.given)
    return judge(snapshot, authority, requirement, Instants(pki.NOW), run_id="run")


def codes(verdict: Verdict, *severities: Severity) -> set[str]:
    return {finding.code for certificate in verdict.certificates for finding in certificate.findings if finding.severity in severities}


def found(wanted: str, present: set[str]) -> bool:
    return any(code == mine or (mine.endswith(".") and code.startswith(mine)) for mine in CODES[wanted] for code in present)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_row(row: dict[str, Any]) -> None:
    verdict = judged(row)
    assert verdict.outcome is OUTCOMES[row["expect"]], verdict
    if "reason" in row:
        assert found(row["reason"], codes(verdict, Severity.BLOCKING, Severity.OPEN)), verdict
    if "warning" in row:
        assert found(row["warning"], codes(verdict, Severity.WARNING)), verdict


def test_the_gap_is_named() -> None:
    row = next(row for row in ROWS if row["id"] == "names-02")
    messages = [finding.message for certificate in judged(row).certificates for finding in certificate.findings]
    assert any("lyncpool.contoso.local" in message for message in messages)


def test_every_row_and_every_code_is_used() -> None:
    assert len(ROWS) == 77
    wanted = {row[kind] for row in ROWS for kind in ("reason", "warning") if kind in row}
    assert wanted <= set(CODES)
    assert set(CODES) <= wanted


@pytest.mark.parametrize(("material", "code"), [
    ("pss", "certificate.signature_scheme"), ("pss_mgf_sha1", "certificate.signature_scheme"), ("cdp_absent", "revocation.cdp_absent")])
def test_lync_2013_refuses(material: str, code: str) -> None:
    result = verdict(material, requirement_for("lync_2013", names=[materials.LYNC01]))
    assert result.outcome is Outcome.NOT_SATISFIED
    assert code in codes(result, Severity.BLOCKING)


def test_lync_2013_does_not_pass_what_it_was_not_told() -> None:
    result = verdict("direct", requirement_for("lync_2013", names=[materials.LYNC01], overrides={"require_trust": False}))
    assert result.outcome is Outcome.UNDETERMINED
    assert codes(result, Severity.OPEN) == {"key.unknown"}


def test_a_renewal_with_a_new_key_is_the_same_ca_where_its_own_cross_certificate_proves_it() -> None:
    result = verdict("new_key_cross_new_signs_old", requirement_for(None, names=[materials.LYNC01]))
    assert result.outcome is Outcome.SATISFIED
    assert codes(result, Severity.BLOCKING, Severity.OPEN) == set()


@pytest.mark.parametrize(("end", "passes"), [(pki.NOW, True), (pki.day(-1), False)])
def test_a_cross_certificate_must_be_valid_itself(end: Any, passes: bool) -> None:
    cross = materials.sub("R", "RN", subject=materials.ROOT, issuer=materials.ROOT, not_after=end).build()
    authority = authority_of([("given", materials.root("RN").build())])
    snapshot = pki.snapshot([materials.held(materials.leaf())], ca=[cross])
    result = judge(snapshot, authority, requirement_for(None), Instants(pki.NOW), run_id="run")
    assert (result.outcome is Outcome.SATISFIED) == passes
    assert passes or codes(result, Severity.BLOCKING) == {"issuance.issuer_expired"}
