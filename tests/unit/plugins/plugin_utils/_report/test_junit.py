# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""JUnit: red in every CI system whenever the gate is shut."""
from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree

import pytest
from unit.plugins.plugin_utils._report import sample

from ansible_collections.lync.persistent_chat.plugins.plugin_utils._report.junit import render
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._verdict.report import Report
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._verdict.verdict import Outcome


def parsed(report: Report) -> ElementTree.Element:
    return ElementTree.fromstring(render(report).encode("utf-8"))


def test_an_unread_host_is_a_failed_case() -> None:
    root = parsed(sample.usual())
    failed = {case.get("name"): case.find("failure") for case in root.iter("testcase")}
    types = {name: None if failure is None else failure.get("type") for name, failure in failed.items()}
    assert types == {
        "pchat03.contoso.com": "not_satisfied",
        "pchat04.contoso.com": "undetermined",
        "pchat01.contoso.com": None,
        "pchat02.contoso.com": None,
    }
    for element in (root, root[0]):
        assert [element.get(name) for name in ("tests", "failures", "errors", "skipped")] == ["4", "2", "0", "0"]


def test_nobody_expected_is_a_failed_case() -> None:
    root = parsed(sample.report())
    assert [root.get("tests"), root.get("failures"), len(list(root.iter("failure")))] == ["1", "1", 1]


def test_a_report_that_fails_for_another_reason_than_a_host_is_red() -> None:
    root = parsed(replace(sample.report(sample.satisfied(1)), outcome=Outcome.UNDETERMINED))
    assert [root.get("tests"), root.get("failures"), len(list(root.iter("failure")))] == ["2", "1", 1]


def test_all_satisfied_is_green() -> None:
    root = parsed(sample.report(sample.satisfied(1), sample.with_waiver(2)))
    assert [root.get("tests"), root.get("failures"), len(list(root.iter("failure")))] == ["2", "0", 0]


def test_hostile_names_stay_xml() -> None:
    names = [case.get("name") for case in parsed(sample.hostile()).iter("testcase")]
    assert len(names) == len(sample.HOSTILE)
    assert names[1] == sample.HOSTILE["markup"]


@pytest.mark.parametrize("code", [0x00, 0x0B, 0xFFFE, 0xFFFF, 0xD800, 0x1B])
def test_characters_that_xml_lacks(code: int) -> None:
    verdict = replace(sample.refused(1), host=f"a{chr(code)}b", message=chr(code))
    assert next(parsed(sample.report(verdict)).iter("testcase")).get("name") == f"a<U+{code:04X}>b"
