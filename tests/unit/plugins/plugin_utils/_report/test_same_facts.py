# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All forms say the same of every host."""
from __future__ import annotations

import csv
import json
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from io import StringIO
from xml.etree import ElementTree

import pytest
from unit.plugins.plugin_utils._report import sample

from ansible_collections.lync.persistent_chat.plugins.plugin_utils._report import files, terminal
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._verdict.report import Report

Facts = dict[str, str]


def _html(text: str) -> Facts:
    """Each host's section as text, under its name."""
    found: Facts = {}

    class Sections(HTMLParser):
        host = None
        depth = 0

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            values = dict(attrs)
            if values.get("class") == "host" and tag == "details":
                self.host, self.depth = str(values["data-host"]), 0
                found[self.host] = f"{values['data-outcome']} "
            self.depth += tag == "details"

        def handle_endtag(self, tag: str) -> None:
            self.depth -= tag == "details"
            if self.depth == 0:
                self.host = None

        def handle_data(self, data: str) -> None:
            if self.host:
                found[self.host] += f"{data} "

    Sections().feed(text)
    return found


def _json(text: str) -> Facts:
    def words(value: object) -> str:
        if isinstance(value, dict):
            return " ".join(words(item) for item in value.values())
        return " ".join(words(item) for item in value) if isinstance(value, list) else str(value)

    return {verdict["host"]: words(verdict) for verdict in json.loads(text)["verdicts"]}


def _junit(text: str) -> Facts:
    cases = ElementTree.fromstring(text.encode("utf-8")).iter("testcase")
    found = {}
    for case in cases:
        failure = case.find("failure")
        outcome = "satisfied" if failure is None else failure.get("type")
        found[str(case.get("name"))] = f"{outcome} " + " ".join(case.itertext())
    return found


def _csv(text: str) -> Facts:
    return {row["host"]: " ".join(row.values()) for row in csv.DictReader(StringIO(text.lstrip("\ufeff"), newline=""))}


READERS: dict[str, Callable[[str], Facts]] = {"html": _html, "json": _json, "junit": _junit, "csv": _csv}


def expected(report: Report) -> dict[str, list[str]]:
    facts = {}
    for verdict in report.verdicts:
        words = [verdict.outcome.value, verdict.message]
        words += [finding.code for finding in verdict.findings]
        words += [finding.code for certificate in verdict.certificates for finding in certificate.findings]
        if verdict.certificate:
            words += [str(verdict.certificate.subject), verdict.certificate.thumbprint, str(verdict.certificate.not_after)[:10]]
        if verdict.nearest_miss:
            words += [str(verdict.nearest_miss.thumbprint), verdict.nearest_miss.message, *verdict.nearest_miss.codes]
            words += sample.COMMANDS.split("\n")
        words += ["waived until 2026-12-31 by Jane Doe"] if verdict.host.startswith("pchat02") else []
        facts[verdict.host] = words
    return facts


def report_of_all() -> Report:
    first, *rest = sample.usual().verdicts
    return replace(sample.usual(), verdicts=(replace(first, instants=replace(first.instants, as_of=sample.NOW.replace(month=12))), *rest))


@pytest.mark.parametrize("name", list(files.FILES))
def test_every_file_has_every_fact(name: str) -> None:
    report = report_of_all()
    found = READERS[name](files.FILES[name][1](report))
    assert list(found) == [verdict.host for verdict in report.verdicts]
    for host, words in expected(report).items():
        said = " ".join(found[host].split())
        for word in words:
            alone = word.removeprefix("waived until 2026-12-31 by ") if name == "json" else word
            assert " ".join(alone.split()) in said, (host, word)
    assert "2026-12-23" in found["pchat03.contoso.com"]


@pytest.mark.parametrize("name", list(files.FILES))
def test_every_file_has_the_run(name: str) -> None:
    assert sample.RUN in files.FILES[name][1](sample.usual())


def test_the_terminal_has_every_fact() -> None:
    report = report_of_all()
    text = " ".join(" ".join(terminal.render(report, width=1000, verbose=True)).split()).replace("not satisfied", "not_satisfied")
    for words in expected(report).values():
        for word in words:
            assert " ".join(word.split()) in text, word
    assert sample.RUN in text
    assert "2026-12-23" in text
