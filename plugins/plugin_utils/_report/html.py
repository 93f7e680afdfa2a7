# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report as one self-contained HTML file: works offline, printed, and without its script."""
from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from .._verdict.report import Report
from .._verdict.verdict import Finding, Outcome, Severity, Verdict, Waiver
from . import facts
from .reference import Reference, key, reference, use
from .text import SENTENCES, clean, parts

SOONEST = 12
"""Deciding certificates in the timeline; of more than these only the number is said."""

SCALE = 1000
"""Units of the timeline's breadth."""

_HERE = Path(__file__).parent


class _Block(str):
    """Text of several lines, cleaned already."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Expiry:
    """One bar of the timeline: ``days`` left from the report's day, ``share`` of the breadth (0 to SCALE)."""

    name: str
    until: str
    days: int
    share: int
    authority: bool


def render(report: Report) -> str:
    """HTML text. Every value is cleaned (``text.clean``) and escaped where the template puts it, by the environment itself."""
    style, script = _part("report.css"), _part("report.js")
    origin = reference(report)
    expiries, later = _timeline(report, origin)
    return _environment().from_string(_text("report.html.j2")).render(
        report=report,
        title=facts.TITLE,
        words={outcome.value: word for outcome, word in facts.WORDS.items()},
        notices=facts.other_days(report),
        waivers=_waivers(report),
        origin=origin,
        expiries=expiries,
        later=later,
        scale=SCALE,
        revocation=facts.REVOCATION,
        style=style,
        script=script,
        policy=_policy(style, script),
    )


def _environment() -> Environment:
    environment = Environment(autoescape=True, undefined=StrictUndefined, finalize=_harmless, trim_blocks=True, lstrip_blocks=True)
    environment.filters.update(block=_block, sentences=_sentences, parts=parts, moment=facts.moment, day=facts.day, base64=_base64)
    environment.globals.update(
        another_day=facts.another_day,
        of_host=facts.of_host,
        without_reference=facts.without_reference,
        waits_for_reference=facts.waits_for_reference,
        use=use,
        key=key,
        source_of=facts.source_of,
        miss_sentence=facts.miss_sentence,
        remarks=facts.remarks,
        waived=facts.waived,
        serious=_serious,
    )
    return environment


def _harmless(value: Any) -> Any:
    return clean(value) if isinstance(value, str) and not isinstance(value, (Markup, _Block)) else value


def _block(lines: str | list[str]) -> _Block:
    """What ``text.parts`` has cleaned, not shortened once more."""
    return _Block(lines if isinstance(lines, str) else "\n".join(lines))


def _sentences(text: str) -> _Block:
    return _Block(clean(text, SENTENCES))


def _base64(text: str) -> _Block:
    letters = re.sub(r"[^A-Za-z0-9+/=]", "", text)
    return _Block("\n".join(letters[start : start + 64] for start in range(0, len(letters), 64)))


def _serious(findings: Iterable[Finding]) -> list[Finding]:
    """The same findings, those that decide first."""
    order = list(Severity)
    return sorted(findings, key=lambda finding: order.index(finding.severity))


def _text(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


def _part(name: str) -> Markup:
    """The style or the script: our own text, put into the page as it is, without its licence."""
    return Markup(re.sub(r"\A/\*.*?\*/\s*", "", _text(name), flags=re.DOTALL))


def _policy(style: str, script: str) -> str:
    """Content Security Policy: this style and this script, nothing else, nothing from anywhere."""
    return (
        f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")


def _waivers(report: Report) -> list[tuple[Waiver, list[str]]]:
    """Each waiver that applied, with the hosts where it did."""
    found: dict[Waiver, dict[str, None]] = {}
    for verdict in report.verdicts:
        for _certificate, finding in facts.all_findings(verdict):
            if finding.waived:
                found.setdefault(finding.waived, {})[verdict.host] = None
    return [(waiver, list(hosts)) for waiver, hosts in found.items()]


def _timeline(report: Report, origin: Reference) -> tuple[list[Expiry], int]:
    """The CA's expiries and the soonest of the deciding certificates', soonest first; how many deciding ones are left out."""
    known = {(f"CA {authority.subject}", authority.not_after): True for authority in origin.certificates}
    hosts = sorted(_deciding(report.verdicts), key=lambda item: item[1])
    ends: Mapping[tuple[str, str], bool] = known | dict.fromkeys(hosts[:SOONEST], False)
    dated = [(name, until, moment, ca) for (name, until), ca in ends.items() if (moment := _instant(until)) is not None]
    last = max([(moment - report.created_at).total_seconds() for _name, _until, moment, _ca in dated], default=1.0)
    bars = []
    for name, until, moment, authority in sorted(dated, key=lambda item: item[2]):
        left = (moment - report.created_at).total_seconds()
        share = max(2, round(SCALE * left / last)) if left > 0 and last > 0 else 0
        bars.append(Expiry(name, until, int(left / 86400), share, authority))
    return bars, max(0, len(hosts) - SOONEST)


def _deciding(verdicts: Iterable[Verdict]) -> Iterable[tuple[str, str]]:
    for verdict in verdicts:
        if verdict.outcome is Outcome.SATISFIED and verdict.certificate is not None and verdict.certificate.not_after:
            yield verdict.host, verdict.certificate.not_after


def _instant(text: str) -> datetime | None:
    try:
        return datetime.strptime(text[:19], "%Y-%m-%dT%H:%M:%S").replace(tzinfo=timezone.utc)
    except ValueError:
        return None
