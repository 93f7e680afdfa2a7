# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is written is read back as it was, and nothing else is read at all."""
from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from ansible_collections.lync.persistent_chat.plugins.plugin_utils._verdict.form import FormError, instant, read, write
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._verdict.instants import Instants
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._verdict.report import Report, Summary
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._verdict.verdict import (
    CertificateVerdict,
    Finding,
    NearestMiss,
    Outcome,
    Severity,
    Verdict,
    Waiver,
)

NOW = datetime(2026, 11, 23, 12, tzinfo=timezone.utc)
WAIVER = Waiver("key.cng", "pchat*", "PKI team", "tried on Windows", "2027-01-31")
VERDICT = Verdict(
    "pchat1",
    Outcome.NOT_SATISFIED,
    "none satisfies",
    Instants(NOW, host=NOW),
    "run",
    findings=(Finding("key.cng", Severity.WARNING, "a key storage provider", waived=WAIVER),),
    certificates=(CertificateVerdict("AA", Outcome.UNDETERMINED, (Finding("certificate.not_understood", Severity.OPEN, "?"),)),),
    nearest_miss=NearestMiss(None, "the store is empty"),
)
REPORT = Report("run", Outcome.NOT_SATISFIED, NOW, Summary(1, 1, 0, 1, 0), ("pchat1",), (VERDICT,), (("ansible-core", "2.21.5"),))


def written() -> dict[str, Any]:
    made: dict[str, Any] = json.loads(json.dumps(write(REPORT)))
    return made


def test_read_back_through_json() -> None:
    assert read(Report, written()) == REPORT


def test_an_instant_is_written_in_utc() -> None:
    assert instant(NOW.astimezone(timezone(timedelta(hours=5)))) == "2026-11-23T12:00:00Z"


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("outcome", "good", "outcome: 'good' is none of satisfied, not_satisfied, undetermined"),
        ("outcome", None, "outcome"),
        ("expected", "pchat1", "expected: expected a list, found str"),
        ("expected", [1], r"expected\[0\]: expected str, found int"),
        ("created_at", "yesterday", "created_at: 'yesterday' is no instant"),
        ("summary", [], "summary: expected a mapping, found list"),
        ("versions", [["a"]], r"versions\[0\]: expected 2 items, found 1"),
        ("more", 1, "unknown more"),
    ],
)
def test_another_shape_is_refused(key: str, value: object, says: str) -> None:
    with pytest.raises(FormError, match=says):
        read(Report, {**written(), key: value})


def test_a_missing_key_is_named() -> None:
    changed = written()
    del changed["run_id"]
    with pytest.raises(FormError, match="missing run_id"):
        read(Report, changed)


def test_a_number_is_no_boolean_nor_the_other_way_round() -> None:
    changed = written()
    changed["summary"]["checked"] = True
    with pytest.raises(FormError, match=r"summary\.checked: expected int, found bool"):
        read(Report, changed)


def test_the_place_of_a_fault_is_named_down_to_the_list_item() -> None:
    changed = written()
    changed["verdicts"][0]["certificates"][0]["findings"][0]["severity"] = "fatal"
    with pytest.raises(FormError, match=r"verdicts\[0\].certificates\[0\].findings\[0\].severity: 'fatal'"):
        read(Report, changed)


def test_both_clocks_count_unless_a_day_was_asked_for() -> None:
    later = NOW + timedelta(minutes=1)
    assert Instants(NOW, host=later).judged == (NOW, later)
    assert Instants(NOW, host=NOW).judged == (NOW,)
    assert Instants(NOW).judged == (NOW,)
    assert Instants(NOW, host=later, as_of=NOW - timedelta(days=1)).judged == (NOW - timedelta(days=1),)


def test_a_place_begins_with_what_was_asked_for() -> None:
    with pytest.raises(FormError) as error:
        read(Report, {**written(), "expected": [1]})
    assert str(error.value) == "expected[0]: expected str, found int"
    with pytest.raises(FormError) as error:
        read(Report, {**written(), "expected": [1]}, "slice.json")
    assert str(error.value) == "slice.json.expected[0]: expected str, found int"
    with pytest.raises(FormError) as error:
        read(Report, [])
    assert str(error.value) == "Report: expected a mapping, found list"
