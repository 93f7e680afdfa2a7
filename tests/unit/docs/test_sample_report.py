# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""docs/sample-report.html and .txt are what the product makes of the servers in examples/ today."""
from __future__ import annotations

from pathlib import Path

import pytest
from tools import sample_report

from ansible_collections.lync.persistent_chat.plugins.plugin_utils._verdict.report import Report

DOCS = Path(__file__).resolve().parents[3] / "docs"


@pytest.fixture(scope="module")
def report() -> Report:
    return sample_report.report()


def test_the_ca_is_that_of_the_front_ends(report: Report) -> None:
    assert {server.host for verdict in report.verdicts for server in verdict.internal_servers} == {"fe1.contoso.local", "fe2.contoso.local"}


@pytest.mark.parametrize("name", ["sample-report.html", "sample-report.txt"])
def test_it_is_made_anew_by_tests_tools_sample_report(report: Report, name: str) -> None:
    assert (DOCS / name).read_text(encoding="utf-8") == sample_report.texts(report)[name]
