# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timezone

import pytest

from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.findings import CATALOGUE
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.waivers import WaiverError, apply_waivers, read_waivers
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._verdict.verdict import Finding, Severity, Waiver

TODAY = date(2026, 11, 23)
ITEM = {
    "code": "names.pool_missing", "hosts": "pchat1.contoso.local", "owner": "Jane Doe", "reason": "single server", "until": "2026-12-31"}
WAIVER = Waiver(**ITEM)


def test_a_whole_waiver_is_read_as_it_stands() -> None:
    assert read_waivers([ITEM], today=TODAY) == (WAIVER,)
    assert read_waivers([], today=TODAY) == ()


@pytest.mark.parametrize("until", [date(2026, 12, 31), datetime(2026, 12, 31, 23, 59, tzinfo=timezone.utc)])
def test_a_date_as_yaml_makes_it_will_do(until: object) -> None:
    assert read_waivers([{**ITEM, "until": until}], today=TODAY) == (WAIVER,)


def test_the_last_day_still_counts_and_the_next_does_not() -> None:
    assert read_waivers([ITEM], today=date(2026, 12, 31)) == (WAIVER,)
    with pytest.raises(WaiverError, match=r"^Waiver 1 \(names\.pool_missing\): ended on 2026-12-31 \(today is 2027-01-01\): .*owner\.$"):
        read_waivers([ITEM], today=date(2027, 1, 1))


@pytest.mark.parametrize("key", ["code", "hosts", "owner", "reason", "until"])
@pytest.mark.parametrize("empty", [None, "", "  ", [], {}, True, "absent"])
def test_nothing_may_be_missing(key: str, empty: object) -> None:
    item = {name: value for name, value in ITEM.items() if name != key}
    if empty != "absent":
        item[key] = empty  # type: ignore[assignment]  # what a user may write
    with pytest.raises(WaiverError, match=rf"{key} is missing; say .*\.$"):
        read_waivers([item], today=TODAY)


@pytest.mark.parametrize(("changed", "said"), [
    ({"code": "names.invented"}, r"there is no finding names\.invented; docs/findings\.md lists them\."),
    ({"code": "time.expired"}, r"time\.expired can't be waived"),
    ({"code": "issuance.other_issuer"}, r"issuance\.other_issuer can't be waived"),
    ({"code": "names.*"}, r"there is no finding names\.\*"),
    ({"until": "31.12.2026"}, r"until: 31\.12\.2026 is no date like 2027-03-31\."),
    ({"until": "2026-02-30"}, r"until: 2026-02-30 is no date"),
    ({"until": "20261231"}, r"until: 20261231 is no date"),
    ({"until": "2026-W53-1"}, r"is no date"),
    ({"hosts": "pchat1, pchat2"}, r"hosts: pchat1, pchat2 is neither .* one waiver for each"),
    ({"hosts": ["pchat1"]}, r"hosts is missing"),
    ({"expires": "2026-12-31"}, r"expires: no such key; a waiver has code, hosts, owner, reason, until\."),
    ({"code": "x\x1b[2J"}, r"no finding x\\x1b\[2J"),
])
def test_what_is_wrong_is_said_in_a_sentence(changed: dict[str, object], said: str) -> None:
    with pytest.raises(WaiverError, match=said):
        read_waivers([{**ITEM, **changed}], today=TODAY)


@pytest.mark.parametrize("items", ["names.pool_missing", {"code": "x"}, None, 3])
def test_a_list_is_expected(items: object) -> None:
    with pytest.raises(WaiverError, match="expected a list of mappings, found"):
        read_waivers(items, today=TODAY)


def test_a_list_of_text_is_told_apart() -> None:
    with pytest.raises(WaiverError, match="Waiver 1: expected a mapping with code, hosts, owner, reason, until, found str"):
        read_waivers(["names.pool_missing"], today=TODAY)


def test_all_faults_of_all_waivers_are_said_at_once() -> None:
    with pytest.raises(WaiverError) as error:
        read_waivers([{**ITEM, "owner": ""}, ITEM, {**ITEM, "code": "time.expired", "until": "x"}], today=TODAY)
    said = str(error.value)
    assert "Waiver 2" not in said
    for text in ("Waiver 1 (names.pool_missing): owner is missing", "Waiver 3 (time.expired): time.expired can't", "until: x is no date"):
        assert text in said


@pytest.mark.parametrize("code", [code for code, kind in CATALOGUE.items() if not kind.waivable])
def test_what_can_not_be_waived_is_neither_read_nor_applied(code: str) -> None:
    with pytest.raises(WaiverError, match="can't be waived"):
        read_waivers([{**ITEM, "code": code}], today=TODAY)
    found = Finding(code, Severity.BLOCKING, "text")
    assert apply_waivers([found], [replace(WAIVER, code=code, hosts="*")], host="pchat1", on=TODAY) == (found,)


@pytest.mark.parametrize("severity", [Severity.BLOCKING, Severity.OPEN])
def test_a_waived_finding_is_a_warning_that_carries_its_waiver(severity: Severity) -> None:
    other = Finding("names.host_missing", Severity.BLOCKING, "other")
    found = Finding("names.pool_missing", severity, "text", remedy="r", source="s")
    waived, untouched = apply_waivers([found, other], [WAIVER], host="PChat1.contoso.local", on=TODAY)
    assert waived == Finding("names.pool_missing", Severity.WARNING, "text", "r", "s", WAIVER)
    assert untouched is other


@pytest.mark.parametrize("severity", [Severity.WARNING, Severity.NOTE])
def test_what_does_not_block_is_not_waived(severity: Severity) -> None:
    found = Finding("names.pool_missing", severity, "text")
    assert apply_waivers([found], [WAIVER], host="pchat1.contoso.local", on=TODAY) == (found,)


@pytest.mark.parametrize(("pattern", "host", "covered"), [
    ("pchat1.contoso.local", "pchat1.contoso.local", True), ("pchat1.contoso.local", "pchat10.contoso.local", False),
    ("pchat1", "pchat1.contoso.local", False), ("pchat*.contoso.local", "pchat2.contoso.local", True), ("*", "anything", True),
    ("pchat[12].*", "pchat2.a", True), ("pchat[12].*", "pchat3.a", False), ("PCHAT?", "pchat7", True), ("pchat.", "pchatx", False)])
def test_the_pattern_covers_the_whole_name(pattern: str, host: str, covered: bool) -> None:
    found = Finding("names.pool_missing", Severity.BLOCKING, "text")
    (result,) = apply_waivers([found], [replace(WAIVER, hosts=pattern)], host=host, on=TODAY)
    assert (result.waived is not None) is covered


def test_a_waiver_covers_nothing_on_a_day_after_its_end() -> None:
    found = Finding("names.pool_missing", Severity.BLOCKING, "text")
    (last,) = apply_waivers([found], [WAIVER], host="pchat1.contoso.local", on=date(2026, 12, 31))
    (after,) = apply_waivers([found], [WAIVER], host="pchat1.contoso.local", on=date(2027, 1, 1))
    assert (last.severity, after.severity) == (Severity.WARNING, Severity.BLOCKING)


def test_the_first_waiver_that_fits_is_shown() -> None:
    found = Finding("names.pool_missing", Severity.BLOCKING, "text")
    ended, fits = replace(WAIVER, until="2026-11-01"), replace(WAIVER, hosts="*", owner="B")
    (result,) = apply_waivers([found], [ended, fits, WAIVER], host="pchat1.contoso.local", on=TODAY)
    assert result.waived == fits
