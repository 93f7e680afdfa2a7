# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report on a terminal: plain text, readable without colour."""
from __future__ import annotations

from .._verdict.report import Earlier, Report
from .._verdict.verdict import CertificateVerdict, Finding, Outcome, Severity, Verdict
from . import facts, table
from .reference import Reference, generation, key, reference, use
from .text import SENTENCES, clean, parts, wrap

NARROWEST = 80
"""Columns that are always used, however narrow the terminal says it is."""

_REASON = 160
"""Characters of a reason in the table; all of it stands below."""

_CODES = 6

_HOSTS = 8
"""Hosts that are named before a sentence that is true of several."""

_INDENT = "  "
_HEADS = ("HOST", "OUTCOME", "CERTIFICATE", "REASON")
_SERVERS = ("INTERNAL SERVER", "USE", "ISSUER", "KEY IDENTIFIER", "UNTIL")


def render(report: Report, *, width: int = 100, verbose: bool = False) -> list[str]:
    """Lines of at most ``width`` (or 80) columns, in which nothing of a host can move the cursor.

    Only a remedy's commands may be longer: they are never broken, because they are there to be copied. The last line is the
    count. ``verbose`` lists every certificate of every host with all its findings. Where the reference CA is from stands behind
    the hosts that are not satisfied, or before everything if it is what keeps them from being judged.
    """
    width = max(width, NARROWEST)
    lines = _head(report, width)
    origin = reference(report)
    told = [] if origin.empty else ["", *_reference(origin, width)]
    if origin.unknown:
        lines += told
    if report.verdicts:
        lines += ["", *_table(report.verdicts, width)]
    for verdict in report.verdicts:
        if verdict.outcome is not Outcome.SATISFIED and not facts.waits_for_reference(verdict):
            lines += ["", *_bad(verdict, width)]
    if not origin.unknown:
        lines += told
    remarks = _remarks(report, width)
    if remarks:
        lines += ["", "To know:", *remarks]
    if verbose:
        for verdict in report.verdicts:
            lines += ["", *_everything(verdict, width)]
    if report.previous:
        lines += ["", *_changes(report.previous, width)]
    outcome = facts.WORDS[report.outcome]
    return [*lines, "", *wrap(f"{facts.REVOCATION}; run {clean(report.run_id)}", width), f"{report.summary}: {outcome}"]


def _head(report: Report, width: int) -> list[str]:
    lines = wrap(f"{facts.TITLE}, {facts.moment(report.created_at)}", width)
    for sentence in facts.other_days(report):
        lines += wrap(sentence, width)
    return lines


def _reference(origin: Reference, width: int) -> list[str]:
    lines = ["Reference CA:" if origin.certificates else "Reference CA: not known"]
    for finding in origin.findings:
        if finding.severity is Severity.OPEN:
            lines += [*_finding(finding, width, _INDENT), *_remedy(finding.remedy, width, _INDENT)]
    for certificate in origin.certificates:
        for text, depth in zip(generation(certificate), (1, 2, 2), strict=True):
            lines += _indented(clean(text), width, _INDENT * depth)
    if origin.servers:
        lines += [_INDENT + line for line in _servers(origin, width - len(_INDENT))]
    for finding in origin.findings:
        if finding.severity is not Severity.OPEN:
            lines += _finding(finding, width, _INDENT)
    return lines


def _servers(origin: Reference, width: int) -> list[str]:
    rows = [
        tuple(clean(text, 200) for text in (each.host, use(each), each.issuer, key(each), facts.day(each.not_after)))
        for each in origin.servers
    ]
    return table.lines(_SERVERS, rows, table.fitted(_SERVERS, rows, width, halves=_SERVERS.index("KEY IDENTIFIER")))


def _changes(earlier: Earlier, width: int) -> list[str]:
    which = f"the report of {facts.moment(earlier.created_at)} (run {clean(earlier.run_id, 64)})"
    if not earlier.changes:
        return wrap(f"Nothing changed since {which}.", width)
    lines = wrap(f"Since {which}:", width)
    for change in earlier.changes:
        lines += _indented(clean(change.message), width, _INDENT)
    return lines


def _table(verdicts: tuple[Verdict, ...], width: int) -> list[str]:
    rows = [_row(verdict) for verdict in verdicts]
    free = width - 3 * len(table.GAP)
    host, outcome, certificate, _reason_size = table.natural(_HEADS, rows)
    host = min(host, free * 3 // 10)
    certificate = min(certificate, (free - host - outcome) * 55 // 100)
    return table.lines(_HEADS, rows, (host, outcome, certificate, free - host - outcome - certificate))


def _row(verdict: Verdict) -> tuple[str, str, str, str]:
    shown, prefix = (verdict.certificate, "") if verdict.certificate else (facts.nearest(verdict), "nearest: ")
    certificate = f"{prefix}{_subject(shown)} until {facts.day(shown.not_after)}" if shown else "-"
    return clean(verdict.host), facts.WORDS[verdict.outcome], certificate, _reason(verdict)


def _reason(verdict: Verdict) -> str:
    """A satisfied host's message would say again what stands beside it; a refused one's whole reason stands below the table."""
    if verdict.outcome is not Outcome.SATISFIED:
        found = facts.codes(verdict)[:1] if facts.waits_for_reference(verdict) else facts.codes(verdict)[:_CODES]
        codes = ", ".join(clean(code, 80) for code in found)
        return (f"{codes}: " if codes else "") + clean(facts.first_words(verdict), _REASON)
    count = len(facts.remarks(verdict))
    return facts.REVOCATION + (f"; {count} to know, below" if count else "")


def _bad(verdict: Verdict, width: int) -> list[str]:
    lines = wrap(f"{clean(verdict.host)}: {facts.WORDS[verdict.outcome]}", width)
    miss = verdict.nearest_miss
    own = facts.of_host(verdict)
    for finding in own:
        if finding.severity in (Severity.BLOCKING, Severity.OPEN):
            lines += _finding(finding, width, _INDENT)
            if not (miss and miss.remedy == finding.remedy):
                lines += _remedy(finding.remedy, width, _INDENT)
    if miss is not None:
        lines += _indented(clean(facts.miss_sentence(verdict), SENTENCES), width, _INDENT)
        if miss.codes:
            lines += _indented(f"findings: {', '.join(clean(code, 80) for code in miss.codes)}", width, _INDENT)
        lines += _remedy(miss.remedy, width, _INDENT)
    if miss is None and not own:
        lines += _indented(clean(verdict.message, SENTENCES), width, _INDENT)
    return lines


def _remarks(report: Report, width: int) -> list[str]:
    """What must be seen of satisfied hosts too; what is true of several in the same words is said once."""
    hosts: dict[str, list[str]] = {}
    for verdict in report.verdicts:
        for _certificate, finding in facts.remarks(verdict):
            hosts.setdefault(_sentence(finding), []).append(clean(verdict.host))
    lines = []
    for sentence, named in hosts.items():
        more = f" and {len(named) - _HOSTS} more" if len(named) > _HOSTS else ""
        lines += _indented(f"{', '.join(named[:_HOSTS])}{more}: {sentence}", width, _INDENT)
    return lines


def _everything(verdict: Verdict, width: int) -> list[str]:
    lines = wrap(f"{clean(verdict.host)}: everything that was found", width)
    about = [clean(verdict.message, SENTENCES)]
    about += [f"calls itself {clean(verdict.fqdn)}"] if verdict.fqdn else []
    about.append(facts.source_of(verdict.instants))
    about += [f"judged for its use as {clean(verdict.use)}"] if verdict.use else []
    about += [f"profile {clean(verdict.profile)}"] if verdict.profile else []
    about += [f"match {clean(verdict.match)}"] if verdict.match else []
    about += [f"snapshot SHA-256 {clean(verdict.snapshot_sha256)}"] if verdict.snapshot_sha256 else []
    for text in about:
        lines += _indented(text, width, _INDENT)
    for authority in verdict.authority:
        lines += _indented(f"CA {clean(authority.subject)}, SHA-256 {clean(authority.sha256)}", width, _INDENT)
    for finding in facts.of_host(verdict):
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
