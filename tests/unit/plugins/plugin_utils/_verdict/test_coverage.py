# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who is expected against what was found: only a literal, whole, own verdict of this run counts."""
from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timezone
from typing import Any

import pytest

from ansible_collections.lync.persistent_chat.plugins.plugin_utils._verdict import coverage, form
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._verdict.instants import Instants
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._verdict.report import Report
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._verdict.verdict import (
    AuthorityCertificate,
    CertificateVerdict,
    InternalServer,
    Outcome,
    Verdict,
)

RUN, NOW = "run", datetime(2026, 11, 23, 12, tzinfo=timezone.utc)
CERTIFICATE = CertificateVerdict(thumbprint="AB12", outcome=Outcome.SATISFIED)
PLAY = coverage.Play(hosts=frozenset("abc"), alive=frozenset("abc"), batch=frozenset("abc"))


def good(host: str, **changes: Any) -> Verdict:
    verdict = Verdict(host=host, outcome=Outcome.SATISFIED, message="fine", instants=Instants(NOW), run_id=RUN,
                      fqdn=f"{host}.contoso.local", certificate=CERTIFICATE)
    return replace(verdict, **changes)


def bad(host: str, **changes: Any) -> Verdict:
    return good(host, outcome=Outcome.NOT_SATISFIED, certificate=None, **changes)


def read(record: object) -> Verdict:
    return coverage.verdict_of("a", record, run_id=RUN, now=NOW)


def cover(expected: list[str], *verdicts: Verdict) -> Report:
    return coverage.cover(expected, {verdict.host: verdict for verdict in verdicts}, run_id=RUN, now=NOW)


def codes(verdict: Verdict) -> list[str]:
    return [finding.code for finding in verdict.findings]


def test_a_whole_own_verdict_of_this_run_is_taken_as_it_is() -> None:
    assert read({"failed": False, "verdict": form.write(good("a"))}) == good("a")


@pytest.mark.parametrize(("record", "code", "words"), [
    (None, "coverage.not_checked", "No check ran"),
    ("satisfied", "coverage.not_checked", "No check ran"),
    ({}, "coverage.not_checked", "without a verdict"),
    ({"msg": "bug", "failed": True}, "coverage.not_checked", "bug"),
    ({"skipped": True, "verdict": form.write(good("a"))}, "coverage.not_checked", "condition"),
    ({"unreachable": True, "msg": "no route", "verdict": form.write(good("a"))}, "host.unreachable", "no route"),
    ({"verdict": "satisfied"}, "coverage.not_checked", "no verdict"),
    ({"verdict": {"outcome": "satisfied", "host": "a", "run_id": RUN}}, "coverage.not_checked", "not whole"),
    ({"verdict": {**form.write(good("a")), "more": 1}}, "coverage.not_checked", "not whole"),
    ({"verdict": form.write(good("a", run_id="earlier"))}, "coverage.other_run", "earlier"),
    ({"verdict": {**form.write(good("a")), "run_id": None}}, "coverage.other_run", "another run"),
    ({"verdict": form.write(good("b"))}, "coverage.not_checked", "that of b"),
    ({"verdict": form.write(good("a", certificate=None))}, "coverage.not_checked", "not whole"),
    ({"verdict": form.write(good("a", fqdn=None))}, "coverage.not_checked", "not whole"),
])
def test_anything_else_is_undetermined_and_says_why(record: object, code: str, words: str) -> None:
    verdict = read(record)
    assert (verdict.outcome, verdict.host, codes(verdict)) == (Outcome.UNDETERMINED, "a", [code])
    assert words in verdict.message


@pytest.mark.parametrize(("play", "words"), [
    (replace(PLAY, hosts=frozenset("bc")), "not in the play"),
    (replace(PLAY, hosts=frozenset("bc"), limit="b*"), "--limit b*"),
    (replace(PLAY, alive=frozenset("bc")), "lost earlier in this run"),
    (replace(PLAY, alive=frozenset("bc"), failed=frozenset("a")), "it failed in a task"),
    (replace(PLAY, batch=frozenset("bc")), "without serial"),
])
def test_a_host_that_took_no_part_says_why(play: coverage.Play, words: str) -> None:
    assert words in str(play.absence("a"))


def test_a_host_that_took_part_is_not_absent() -> None:
    assert PLAY.absence("a") is None


def test_all_satisfied() -> None:
    report = cover(["a", "b"], good("a"), good("b"))
    assert (report.outcome, str(report.summary)) == (Outcome.SATISFIED, "2 of 2 checked, 2 satisfied")


def test_a_server_without_a_verdict_is_not_checked() -> None:
    report = cover(["a", "b"], good("a"))
    assert (report.outcome, str(report.summary)) == (Outcome.UNDETERMINED, "1 of 2 checked, 1 satisfied")
    assert codes(report.verdicts[0]) == ["coverage.not_checked"]
    assert coverage.sentence(report) == "1 of 2 checked, 1 satisfied. Undetermined: b (coverage.not_checked)."


def test_nothing_expected_is_never_satisfied() -> None:
    assert cover([]).outcome is Outcome.UNDETERMINED


def test_bad_ones_come_first_and_a_name_counts_once() -> None:
    report = cover(["a", "b", "c", "a"], good("a"), bad("c"))
    assert [verdict.host for verdict in report.verdicts] == ["c", "b", "a"]
    assert report.expected == ("a", "b", "c")
    assert (report.outcome, report.summary.not_satisfied) == (Outcome.NOT_SATISFIED, 1)


def test_a_verdict_of_a_server_that_nobody_expects_is_left_out() -> None:
    assert [verdict.host for verdict in cover(["a"], good("a"), bad("x")).verdicts] == ["a"]


def test_two_names_of_one_machine() -> None:
    report = cover(["a", "b", "c"], good("a"), good("b", fqdn="A.contoso.local."), good("c"))
    assert [(verdict.host, verdict.outcome) for verdict in report.verdicts] == [
        ("a", Outcome.UNDETERMINED), ("b", Outcome.UNDETERMINED), ("c", Outcome.SATISFIED)]
    assert codes(report.verdicts[0]) == ["coverage.same_server"]


def test_a_server_may_be_there_once_for_each_use() -> None:
    report = cover(["a", "a (web services)"], good("a"), good("a (web services)", fqdn="a.contoso.local", use="web services"))
    assert report.outcome is Outcome.SATISFIED


def test_two_names_of_one_machine_with_the_same_use() -> None:
    report = cover(["a", "b"], good("a", use="web services"), good("b", fqdn="a.contoso.local", use="web services"))
    assert {tuple(codes(verdict)) for verdict in report.verdicts} == {("coverage.same_server",)}


@pytest.mark.parametrize("turn", [1, -1])
def test_of_several_literal_verdicts_the_worst_counts(turn: int) -> None:
    written = [form.write(good("a")), form.write(bad("a"))][::turn]
    assert coverage.literal(written, run_id=RUN, now=NOW)["a"].outcome is Outcome.NOT_SATISFIED


def test_a_literal_verdict_of_another_run_does_not_count() -> None:
    found = coverage.literal([form.write(good("a", run_id="earlier"))], run_id=RUN, now=NOW)
    assert codes(found["a"]) == ["coverage.other_run"]


def test_what_is_bad_stays_bad_under_two_names() -> None:
    report = cover(["a", "b"], good("a"), bad("b", fqdn="a.contoso.local"))
    assert [verdict.outcome for verdict in report.verdicts] == [Outcome.NOT_SATISFIED, Outcome.UNDETERMINED]
    assert codes(report.verdicts[0]) == ["coverage.same_server"]


def test_slices_together() -> None:
    slices = [cover(["a", "b"], good("a")), cover(["a", "b"], good("b"))]
    verdicts = coverage.from_reports(slices, ["a", "b"], run_id=RUN, now=NOW)
    assert coverage.cover(["a", "b"], verdicts, run_id=RUN, now=NOW).outcome is Outcome.SATISFIED


SERVER = InternalServer("fe1", "Default", "AB12", "CN=CA", None, "2027-01-01T00:00:00Z")


def told(*prints: str) -> dict[str, Any]:
    """What a slice found on its internal servers: the CA certificates of these hashes."""
    return {"internal_servers": (SERVER,), "authority": tuple(
        AuthorityCertificate("CN=CA", each, each, None, "2020-01-01T00:00:00Z", "2030-01-01T00:00:00Z", "fe1") for each in prints)}


def test_slices_whose_internal_servers_use_different_cas_pass_nobody() -> None:
    slices = [cover(["a", "b"], good("a", **told("1"))), cover(["a", "b"], good("b", **told("2")))]
    verdicts = coverage.from_reports(slices, ["a", "b"], run_id=RUN, now=NOW)
    assert {verdict.outcome for verdict in verdicts.values()} == {Outcome.UNDETERMINED}
    assert codes(verdicts["a"]) == ["reference.unknown"]


@pytest.mark.parametrize("other", [told("1", "2"), {}])
def test_slices_with_a_ca_in_common_or_one_that_was_named_pass(other: dict[str, Any]) -> None:
    slices = [cover(["a"], good("a", **told("1"))), cover(["b"], good("b", **other))]
    verdicts = coverage.from_reports(slices, ["a", "b"], run_id=RUN, now=NOW)
    assert {verdict.outcome for verdict in verdicts.values()} == {Outcome.SATISFIED}


def test_what_a_slice_found_wanting_stays_as_bad_as_it_is() -> None:
    slices = [cover(["a"], bad("a", **told("1"))), cover(["b"], good("b", **told("2")))]
    verdicts = coverage.from_reports(slices, ["a", "b"], run_id=RUN, now=NOW)
    assert [verdicts[host].outcome for host in "ab"] == [Outcome.NOT_SATISFIED, Outcome.UNDETERMINED]


def test_whom_a_slice_expected_is_expected_of_all() -> None:
    slices = [cover(["a", "a (web services)"], good("a")), replace(cover(["z"]), run_id="yesterday")]
    assert coverage.with_slices(["a", "b"], slices, run_id=RUN) == ["a", "b", "a (web services)"]


def test_a_missing_slice_is_not_checked() -> None:
    verdicts = coverage.from_reports([cover(["a"], good("a"))], ["a", "b"], run_id=RUN, now=NOW)
    report = coverage.cover(["a", "b"], verdicts, run_id=RUN, now=NOW)
    assert codes(report.verdicts[0]) == ["coverage.not_checked"]


@pytest.mark.parametrize("stranger", [{"run_id": "other"}, {"verdicts": (good("a", run_id="other"),)}])
def test_a_report_of_another_run_does_not_count(stranger: dict[str, Any]) -> None:
    verdicts = coverage.from_reports([replace(cover(["a"], good("a")), **stranger)], ["a"], run_id=RUN, now=NOW)
    assert codes(verdicts["a"]) == ["coverage.other_run"]


@pytest.mark.parametrize("turn", [1, -1])
def test_of_two_verdicts_the_worse_one_counts(turn: int) -> None:
    slices = [cover(["a"], good("a")), cover(["a"], bad("a"))][::turn]
    assert coverage.from_reports(slices, ["a"], run_id=RUN, now=NOW)["a"].outcome is Outcome.NOT_SATISFIED


def test_the_report_stamps_its_run_on_each_verdict() -> None:
    report = coverage.cover(["a"], {"a": good("a")}, run_id="job 7", now=NOW)
    assert {report.run_id, report.verdicts[0].run_id} == {"job 7"}


def test_no_server_names_the_groups_that_look_alike() -> None:
    said = coverage.no_server("persistant_chat", {"all": [], "persistent_chat": [], "sql": []})
    assert said == "There is no Persistent Chat server in group 'persistant_chat'; groups that look alike: persistent_chat."


def test_a_pattern_is_no_group() -> None:
    assert "not a pattern" in coverage.no_server("a:!b", ["a", "b"])


def test_changes_since_an_earlier_report() -> None:
    earlier, later = cover(["a", "b", "d"], good("a"), good("b"), good("d")), cover(
        ["a", "b", "c"], bad("a"), good("b", certificate=replace(CERTIFICATE, thumbprint="CD34")), good("c"))
    found = coverage.compared(later, replace(earlier, run_id="week 1")).previous
    assert found is not None
    assert (found.run_id, found.created_at) == ("week 1", NOW)
    assert [change.host for change in found.changes] == ["d", "a", "b", "c"]
    assert [change.message for change in found.changes] == [
        "d is no longer expected (was satisfied).", "a: satisfied became not_satisfied.",
        "b: another certificate decides, AB12 became CD34.", "c is new: satisfied."]
