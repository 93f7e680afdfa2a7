# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report on a terminal: plain text, readable without colour."""
from __future__ import annotations

from collections.abc import Iterator

from .._verdict.report import Report
from .._verdict.verdict import CertificateVerdict, Finding, Outcome, Severity, Verdict
from . import facts
from .text import SENTENCES, clean, columns, pad, parts, wrap

NARROWEST = 80
"""Columns that are always used, however narrow the terminal says it is."""

_REASON = 160
"""Characters of a reason in the table; all of it stands below."""

_CODES = 6

_INDENT = "  "
_GAP = "  "
_HEADS = ("HOST", "OUTCOME", "CERTIFICATE", "REASON")


def render(report: Report, *, width: int = 100, verbose: bool = False) -> list[str]:
    """Lines of at most ``width`` (or 80) columns, in which nothing of a host can move the cursor.

    Only a remedy's commands may be longer: they are never broken, because they are there to be copied. The last line is the
    count. ``verbose`` lists every certificate of every host with all its findings.
    """
    width = max(width, NARROWEST)
    lines = _head(report, width)
    if report.verdicts:
        lines += ["", *_table(report.verdicts, width)]
    for verdict in report.verdicts:
        if verdict.outcome is not Outcome.SATISFIED:
            lines += ["", *_bad(verdict, width)]
    remarks = [line for verdict in report.verdicts for line in _remarks(verdict, width)]
    if remarks:
        lines += ["", "To know:", *remarks]
    if verbose:
        for verdict in report.verdicts:
            lines += ["", *_everything(verdict, width)]
    outcome = facts.WORDS[report.outcome]
    return [*lines, "", *wrap(f"{facts.REVOCATION}; run {clean(report.run_id)}", width), f"{report.summary}: {outcome}"]


def _head(report: Report, width: int) -> list[str]:
    lines = wrap(f"{facts.TITLE}, {facts.moment(report.created_at)}", width)
    for sentence in facts.other_days(report):
        lines += wrap(sentence, width)
    return lines


def _table(verdicts: tuple[Verdict, ...], width: int) -> list[str]:
    rows = [_row(verdict) for verdict in verdicts]
    free = width - 3 * len(_GAP)
    host = min(max(columns(row[0]) for row in [_HEADS, *rows]), free * 3 // 10)
    outcome = max(columns(row[1]) for row in [_HEADS, *rows])
    certificate = min(max(columns(row[2]) for row in [_HEADS, *rows]), (free - host - outcome) * 55 // 100)
    sizes = (host, outcome, certificate, free - host - outcome - certificate)
    lines = [*_cells(_HEADS, sizes), _GAP.join("-" * size for size in sizes)]
    for row in rows:
        lines += _cells(row, sizes)
    return lines


def _row(verdict: Verdict) -> tuple[str, str, str, str]:
    shown, prefix = (verdict.certificate, "") if verdict.certificate else (facts.nearest(verdict), "nearest: ")
    certificate = f"{prefix}{_subject(shown)} until {facts.day(shown.not_after)}" if shown else "-"
    return clean(verdict.host), facts.WORDS[verdict.outcome], certificate, _reason(verdict)


def _reason(verdict: Verdict) -> str:
    """A satisfied host's message would say again what stands beside it; a refused one's whole reason stands below the table."""
    if verdict.outcome is not Outcome.SATISFIED:
        codes = ", ".join(clean(code, 80) for code in facts.codes(verdict)[:_CODES])
        return (f"{codes}: " if codes else "") + clean(facts.first_words(verdict), _REASON)
    count = len(facts.remarks(verdict))
    return facts.REVOCATION + (f"; {count} to know, below" if count else "")


def _cells(row: tuple[str, str, str, str], sizes: tuple[int, int, int, int]) -> list[str]:
    cells = [wrap(text, size) for text, size in zip(row, sizes, strict=True)]
    height = max(len(cell) for cell in cells)
    lines = []
    for index in range(height):
        parts = [pad(cell[index] if index < len(cell) else "", size) for cell, size in zip(cells, sizes, strict=True)]
        lines.append(_GAP.join(parts).rstrip())
    return lines


def _bad(verdict: Verdict, width: int) -> list[str]:
    lines = wrap(f"{clean(verdict.host)}: {facts.WORDS[verdict.outcome]}", width)
    miss = verdict.nearest_miss
    for finding in verdict.findings:
        if finding.severity in (Severity.BLOCKING, Severity.OPEN):
            lines += _finding(finding, width, _INDENT)
            if not (miss and miss.remedy == finding.remedy):
                lines += _remedy(finding.remedy, width, _INDENT)
    if miss is not None:
        lines += _indented(clean(facts.miss_sentence(verdict), SENTENCES), width, _INDENT)
        if miss.codes:
            lines += _indented(f"findings: {', '.join(clean(code, 80) for code in miss.codes)}", width, _INDENT)
        lines += _remedy(miss.remedy, width, _INDENT)
    if miss is None and not verdict.findings:
        lines += _indented(clean(verdict.message, SENTENCES), width, _INDENT)
    return lines


def _remarks(verdict: Verdict, width: int) -> Iterator[str]:
    for _certificate, finding in facts.remarks(verdict):
        yield from _indented(f"{clean(verdict.host)}: {_sentence(finding)}", width, _INDENT)


def _everything(verdict: Verdict, width: int) -> list[str]:
    lines = wrap(f"{clean(verdict.host)}: everything that was found", width)
    about = [clean(verdict.message, SENTENCES)]
    about += [f"calls itself {clean(verdict.fqdn)}"] if verdict.fqdn else []
    about.append(facts.source_of(verdict.instants))
    about += [f"profile {clean(verdict.profile)}"] if verdict.profile else []
    about += [f"match {clean(verdict.match)}"] if verdict.match else []
    about += [f"snapshot SHA-256 {clean(verdict.snapshot_sha256)}"] if verdict.snapshot_sha256 else []
    for text in about:
        lines += _indented(text, width, _INDENT)
    for authority in verdict.authority:
        text = f"CA {clean(authority.subject)}, until {facts.day(authority.not_after)}, SHA-256 {clean(authority.sha256)}"
        lines += _indented(f"{text} (from {clean(authority.source)})", width, _INDENT)
    for finding in verdict.findings:
        lines += _finding(finding, width, _INDENT)
    for certificate in verdict.certificates:
        lines += _indented(f"{_named(certificate)}: {facts.WORDS[certificate.outcome]}", width, _INDENT)
        for finding in certificate.findings:
            lines += _finding(finding, width, _INDENT * 2)
    return lines


def _finding(finding: Finding, width: int, indent: str) -> list[str]:
    return _indented(_sentence(finding), width, indent)


def _sentence(finding: Finding) -> str:
    accepted = facts.waived(finding)
    note = f" ({clean(accepted)})" if accepted else ""
    return f"{finding.severity.value} {clean(finding.code, 80)}: {clean(finding.message, SENTENCES)}{note}"


def _named(certificate: CertificateVerdict) -> str:
    return f"{_subject(certificate)}, thumbprint {clean(certificate.thumbprint, 64)}, until {facts.day(certificate.not_after)}"


def _subject(certificate: CertificateVerdict) -> str:
    if certificate.subject is None:
        return f"certificate {clean(certificate.thumbprint, 64)}"
    return clean(certificate.subject, 200) or "(no subject)"


def _remedy(remedy: str | None, width: int, indent: str) -> list[str]:
    if not remedy:
        return []
    lines = [f"{indent}remedy:"]
    for paste, texts in parts(remedy):
        for text in texts:
            lines += [f"{indent * 3}{text}".rstrip()] if paste else [indent * 2 + piece for piece in wrap(text, width - 2 * len(indent))]
    return lines


def _indented(text: str, width: int, indent: str) -> list[str]:
    first, *rest = wrap(text, width - len(indent) - len(_INDENT))
    return [indent + first, *(indent + _INDENT + line for line in rest)]
