# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What every form of the report says beside the fields of the verdicts, so that all say the same."""
from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from .._verdict.instants import Instants
from .._verdict.report import Report
from .._verdict.verdict import CertificateVerdict, Finding, Outcome, Severity, Verdict

TITLE = "Certificates of the Persistent Chat servers"

REVOCATION = "revocation: not checked"

_NO_REFERENCE = ("reference.unknown", "issuance.no_authority")
"""The host's finding, and what it comes to at each certificate."""

WORDS = {
    Outcome.SATISFIED: "satisfied",
    Outcome.NOT_SATISFIED: "not satisfied",
    Outcome.UNDETERMINED: "undetermined",
}


def moment(value: datetime) -> str:
    """``2026-11-23 12:00:00 UTC``"""
    return value.strftime("%Y-%m-%d %H:%M:%S UTC")


def day(value: str | None) -> str:
    """The date of an ISO 8601 instant, ``unknown`` if there is none."""
    return value[:10] if value else "unknown"


def another_day(instants: Instants) -> str | None:
    """A sentence if the host was judged as of another day than the controller's, else None."""
    if instants.as_of is None or instants.as_of.date() == instants.controller.date():
        return None
    return f"Judged as of {instants.as_of:%Y-%m-%d}, not as of today ({instants.controller:%Y-%m-%d})."


def other_days(report: Report) -> list[str]:
    """The sentences of ``another_day``, each once, with the number of hosts where it is not all of them."""
    counts: dict[str, int] = {}
    for verdict in report.verdicts:
        sentence = another_day(verdict.instants)
        if sentence:
            counts[sentence] = counts.get(sentence, 0) + 1
    total = len(report.verdicts)
    return [sentence if count == total else f"{count} of {total} hosts: {sentence}" for sentence, count in counts.items()]


def source_of(instants: Instants) -> str:
    """Where the verdict's data is from."""
    if instants.recorded_at is None:
        return "not read"
    if instants.host is not None:
        return f"read from the host at {moment(instants.recorded_at)}"
    hours = (instants.controller - instants.recorded_at).total_seconds() / 3600
    return f"from a snapshot recorded at {moment(instants.recorded_at)}, {hours:.1f} hours before the verdict"


def about_reference(finding: Finding) -> bool:
    """Whether it is about the reference CA: every host of a run has it then, and a report shows it once."""
    return finding.code.startswith("reference.")


def without_reference(verdict: Verdict) -> bool:
    """Whether it could not be judged because the reference CA is not known."""
    return any(about_reference(finding) and finding.severity is Severity.OPEN for finding in verdict.findings)


def waits_for_reference(verdict: Verdict) -> bool:
    """Whether nothing else is to be said of the host than that the reference CA is not known."""
    return without_reference(verdict) and all(code in _NO_REFERENCE for code in codes(verdict))


def of_host(verdict: Verdict) -> list[Finding]:
    """The findings about the host itself."""
    return [finding for finding in verdict.findings if not about_reference(finding)]


def all_findings(verdict: Verdict) -> Iterator[tuple[CertificateVerdict | None, Finding]]:
    """The host's findings (with None), then those of each certificate with it."""
    for finding in verdict.findings:
        yield None, finding
    for certificate in verdict.certificates:
        for finding in certificate.findings:
            yield certificate, finding


def nearest(verdict: Verdict) -> CertificateVerdict | None:
    """The certificate that the nearest miss names."""
    if verdict.nearest_miss is None or verdict.nearest_miss.thumbprint is None:
        return None
    return next((each for each in verdict.certificates if each.thumbprint == verdict.nearest_miss.thumbprint), None)


def first_words(verdict: Verdict) -> str:
    """The beginning of the first reason of a refused host: up to its first full stop or colon, as a table has room for.

    Not the host's own name, with which a sentence about its connection begins.
    """
    if without_reference(verdict):
        return "the reference CA is not known"
    near = nearest(verdict)
    findings = (*verdict.findings, *(near.findings if near else ()))
    refusing = [finding.message for finding in findings if finding.severity in (Severity.BLOCKING, Severity.OPEN)]
    text = refusing[0] if refusing else reason(verdict)
    text = re.sub(rf"\A{re.escape(verdict.host)}(?: \([^()]*\))?: ", "", text)
    return re.split(r"[.:] ", f"{text} ", maxsplit=1)[0].strip()


def miss_sentence(verdict: Verdict) -> str:
    """The nearest miss in one sentence that names the certificate, if there is one."""
    miss = verdict.nearest_miss
    if miss is None:
        return ""
    near = nearest(verdict)
    if near is None or near.thumbprint in miss.message:
        return miss.message
    return f"Nearest: {near.thumbprint} ({(near.subject or 'no subject')[:200]}), until {day(near.not_after)}: {miss.message}"


def codes(verdict: Verdict) -> tuple[str, ...]:
    """What keeps the host from being satisfied: codes about itself, then those of its nearest miss."""
    own = [finding.code for finding in verdict.findings if finding.severity in (Severity.BLOCKING, Severity.OPEN)]
    near = verdict.nearest_miss.codes if verdict.nearest_miss else ()
    return () if verdict.outcome is Outcome.SATISFIED else tuple(dict.fromkeys([*own, *near]))


def reason(verdict: Verdict) -> str:
    """The message without the outcome, where that stands beside it."""
    head = f"{WORDS[verdict.outcome]}: "
    return verdict.message[len(head) :] if verdict.message.lower().startswith(head) else verdict.message


def remarks(verdict: Verdict) -> list[tuple[CertificateVerdict | None, Finding]]:
    """What must be seen of a satisfied host too: warnings about it and its deciding certificate, and what is waived there."""
    chosen = verdict.certificate.thumbprint if verdict.certificate else None
    return [
        (certificate, finding)
        for certificate, finding in all_findings(verdict)
        if (finding.waived or finding.severity is Severity.WARNING)
        and not about_reference(finding)
        and (certificate is None or certificate.thumbprint == chosen)
    ]


def waived(finding: Finding) -> str | None:
    """``waived until 2026-12-31 by Jane Doe for pchat0*: reason``"""
    if finding.waived is None:
        return None
    waiver = finding.waived
    return f"waived until {waiver.until} by {waiver.owner} for {waiver.hosts}: {waiver.reason}"
