# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report as JUnit XML: one test case a host, and whatever is not satisfied is a failed one."""
from __future__ import annotations

from xml.etree import ElementTree

from .._verdict.report import Report
from .._verdict.verdict import Finding, Outcome, Verdict
from . import facts
from .reference import generation, reference, told
from .text import SENTENCES, clean, clean_lines


def render(report: Report) -> str:
    """XML 1.0 text. An undetermined host is a ``failure`` too: some CI systems show an ``error`` as less, or not at all.

    A report that fails without a failing host (none was expected) has one failed case that says so.
    """
    root = ElementTree.Element("testsuites", name="lync.persistent_chat")
    suite = ElementTree.SubElement(root, "testsuite", name=facts.TITLE, timestamp=report.created_at.strftime("%Y-%m-%dT%H:%M:%S"))
    _properties(suite, report)
    for verdict in report.verdicts:
        _case(suite, verdict)
    failed = sum(verdict.outcome is not Outcome.SATISFIED for verdict in report.verdicts)
    total = len(report.verdicts)
    if report.outcome is not Outcome.SATISFIED and not failed:
        case = ElementTree.SubElement(suite, "testcase", name="every expected server is satisfied", classname=facts.TITLE, time="0")
        _failure(case, report.outcome, str(report.summary), str(report.summary))
        total, failed = total + 1, 1
    remarks = _remarks(report)
    if remarks:
        ElementTree.SubElement(suite, "system-out").text = "\n".join(remarks)
    for element in (root, suite):
        for key, count in (("tests", total), ("failures", failed), ("errors", 0), ("skipped", 0)):
            element.set(key, str(count))
    ElementTree.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ElementTree.tostring(root, encoding="unicode")}\n'


def _properties(suite: ElementTree.Element, report: Report) -> None:
    parent = ElementTree.SubElement(suite, "properties")
    values = [("run_id", report.run_id), ("outcome", report.outcome.value), ("summary", str(report.summary)), ("note", facts.REVOCATION)]
    values += [("as_of", sentence) for sentence in facts.other_days(report)]
    origin = reference(report)
    values += [("reference CA", ", ".join(generation(certificate))) for certificate in origin.certificates]
    values += [("internal server", told(server)) for server in origin.servers]
    values += [(f"version of {name}", version) for name, version in report.versions]
    for name, value in values:
        ElementTree.SubElement(parent, "property", name=clean(name), value=clean(value, SENTENCES))


def _remarks(report: Report) -> list[str]:
    """About the run, not about one host: what was found about the reference CA, and what changed since an earlier report."""
    lines = []
    for finding in reference(report).findings:
        lines.append(_sentence(finding))
        lines += ["remedy:", *clean_lines(finding.remedy)] if finding.remedy else []
    if report.previous is not None:
        lines.append(f"changes since the report of {facts.moment(report.previous.created_at)}, run {clean(report.previous.run_id)}:")
        lines += [clean(each.message, SENTENCES) for each in report.previous.changes] or ["none"]
    return lines


def _sentence(finding: Finding, about: str = "") -> str:
    accepted = facts.waived(finding)
    lines = f"{finding.severity.value} {clean(finding.code)}{about}: {clean(finding.message, SENTENCES)}"
    return f"{lines}\n  {clean(accepted)}" if accepted else lines


def _case(suite: ElementTree.Element, verdict: Verdict) -> None:
    case = ElementTree.SubElement(suite, "testcase", name=clean(verdict.host), classname=facts.TITLE, time="0")
    if verdict.outcome is not Outcome.SATISFIED:
        _failure(case, verdict.outcome, verdict.message, "\n".join(_details(verdict)))
    else:
        ElementTree.SubElement(case, "system-out").text = "\n".join(_details(verdict))


def _failure(case: ElementTree.Element, outcome: Outcome, message: str, details: str) -> None:
    ElementTree.SubElement(case, "failure", type=outcome.value, message=clean(message)).text = details


def _details(verdict: Verdict) -> list[str]:
    lines = [clean(verdict.message, SENTENCES)]
    lines += [sentence for sentence in [facts.another_day(verdict.instants)] if sentence]
    if verdict.certificate is not None:
        chosen = verdict.certificate
        lines.append(f"certificate: {clean(chosen.subject or '')}, thumbprint {clean(chosen.thumbprint)}, until {chosen.not_after}")
    for certificate, finding in facts.all_findings(verdict):
        if not facts.about_reference(finding):
            lines.append(_sentence(finding, f" (certificate {clean(certificate.thumbprint, 64)})" if certificate else ""))
    if verdict.nearest_miss is not None:
        miss = verdict.nearest_miss
        lines += [clean(facts.miss_sentence(verdict), SENTENCES)]
        lines += ["remedy:", *clean_lines(miss.remedy)] if miss.remedy else []
    return [*lines, facts.REVOCATION]
