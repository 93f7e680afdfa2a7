# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All forms say the same of every host."""
from __future__ import annotations

import csv
import json
from collections.abc import Callable
from dataclasses import replace
from html import unescape
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
        words += [finding.code for finding in verdict.findings if finding != sample.SILENT]
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
    first, *rest = sample.told().verdicts
    return replace(sample.told(), verdicts=(replace(first, instants=replace(first.instants, as_of=sample.NOW.replace(month=12))), *rest))


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


ABOUT_THE_RUN = [
    sample.AUTHORITY.subject, sample.AUTHORITY.source, str(sample.RENEWED.key_identifier), sample.SILENT.code, sample.SILENT.message,
    *(server.host for server in sample.SERVERS), *(server.issuer for server in sample.SERVERS),
    *(change.message for change in sample.EARLIER.changes), sample.EARLIER.run_id, "2026-11-16",
]  # fmt: skip


@pytest.mark.parametrize("name", ["html", "json", "junit", "terminal"])
def test_where_the_ca_is_from_and_what_changed(name: str) -> None:
    report = report_of_all()
    text = "\n".join(terminal.render(report, width=1000)) if name == "terminal" else files.FILES[name][1](report)
    said = " ".join(unescape(text).split())
    assert [words for words in ABOUT_THE_RUN if words not in said] == []


def test_csv_has_of_that_what_is_about_its_host() -> None:
    rows = {row["host"]: row for row in csv.DictReader(StringIO(files.FILES["csv"][1](report_of_all()).lstrip("\ufeff"), newline=""))}
    assert rows["pchat03.contoso.com"]["change"] == "pchat03.contoso.com: satisfied became not_satisfied."
    assert rows["pchat01.contoso.com"]["change"] == ""
    web = rows["fe1.contoso.com (web services)"]
    assert web["use"] == "web services"
    assert web["internal_servers"] == f"fe1.contoso.com Default {'F1' * 20} / fe2.contoso.com named {'F2' * 20}"
    assert f"{sample.RENEWED.sha256} from issuing.pem" in web["authority"]


@pytest.mark.parametrize("name", ["html", "junit", "terminal"])
def test_what_was_found_about_the_ca_is_said_once(name: str) -> None:
    report = report_of_all()
    text = "\n".join(terminal.render(report, width=1000, verbose=True)) if name == "terminal" else files.FILES[name][1](report)
    assert text.count(sample.SILENT.message) == 1
