# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""CSV: one line a host, and no cell that a spreadsheet would run."""
from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest
from unit.plugins.plugin_utils._report import sample

from ansible_collections.lync.persistent_chat.plugins.plugin_utils._report.csv import COLUMNS, render
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._verdict.report import Report


def rows(report: Report, delimiter: str = ",") -> list[list[str]]:
    text = render(report)
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:], newline=""), delimiter=delimiter))


def test_one_line_a_host() -> None:
    head, *lines = rows(sample.usual())
    assert tuple(head) == COLUMNS
    assert [line[:2] for line in lines] == [[verdict.host, verdict.outcome.value] for verdict in sample.usual().verdicts]
    assert len(render(sample.hostile()).split("\r\n")) == len(sample.HOSTILE) + 2
    assert "\n" not in render(sample.hostile()).replace("\r\n", "")


def test_every_column_has_what_its_head_says() -> None:
    table = rows(sample.usual())
    refused, unread, _dummy, waived = (dict(zip(table[0], line, strict=True)) for line in table[1:])
    assert refused["remedy"].startswith("On pchat03.contoso.com, in an elevated prompt: //   certreq -new")
    assert refused["nearest_miss_codes"] == "issuance.sibling_ca"
    assert refused["findings"] == "blocking:issuance.sibling_ca note:revocation.not_checked blocking:time.expired"
    assert unread["findings"] == "open:host.unreachable"
    assert waived["waivers"] == "certificate.archived waived until 2026-12-31 by Jane Doe for pchat0*: replaced on Monday"
    assert waived["run_id"] == sample.RUN
    assert waived["revocation"] == "not checked"


EVIL = ["=1+1", "+1", "-1", "@SUM(A1)", "|calc", "%0A", " =1", '"=1', "'=1", "\t=1", "\r=1", "\uff1d1", "\u3000=1"]


@pytest.mark.parametrize("evil", EVIL)
def test_no_cell_begins_as_a_formula(evil: str) -> None:
    verdict = replace(sample.refused(1), host=evil, fqdn=evil, message=f"x; {evil}")
    _dummy, line = rows(sample.report(verdict))
    for cell in line:
        assert not cell.strip(" \"").startswith(("=", "+", "-", "@", "|", "%", "\uff1d", "\t", "\r")), cell


@pytest.mark.parametrize("evil", ["=1+1", "a;=1+1", 'a";=1+1', "a; @SUM(A1)", "a;\uff1d1"])
def test_nor_in_a_country_whose_separator_is_the_semicolon(evil: str) -> None:
    verdict = replace(sample.refused(1), host=evil, message=evil)
    for line in rows(sample.report(verdict), delimiter=";"):
        for cell in line:
            assert not cell.strip(" \"").startswith(("=", "+", "-", "@", "\uff1d")), cell
