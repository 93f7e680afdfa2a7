# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report as JSON, for programs and for ``certificate_report`` over job slices. Its schema is docs/report.schema.json."""
from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from .._verdict.form import FormError, read, write
from .._verdict.report import FORMAT, Report
from .._verdict.verdict import Outcome
from .text import clean

_EXPECTED = "Expected: the JSON report that certificate_report wrote."


class ReportError(ValueError):
    """A report that can't be read or written; the message is a sentence that names the file and what to do."""


def render(report: Report) -> str:
    """JSON text, a line for each verdict, in pure ASCII, so that no character of a hostile name acts on whoever looks at it."""
    about = {"format": FORMAT, **write(replace(report, verdicts=()))}
    del about["verdicts"]
    lines = ",\n".join(_dump(write(verdict)) for verdict in report.verdicts)
    return f'{_dump(about)[:-1]}, "verdicts": [\n{lines}\n]}}\n'


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=True, allow_nan=False)  # not indented: that takes five times as long


def load(text: str, *, source: str) -> Report:
    """The report that ``render`` wrote; ``source`` names it in messages.

    Raises ReportError if the text is not a whole report of this format, or says something else in its summary than in its verdicts.
    """
    name = clean(source)
    try:
        data = json.loads(text, object_pairs_hook=_object, parse_constant=_constant)
    except RecursionError:
        raise ReportError(f"{name} is no report: it is nested too deeply. {_EXPECTED}") from None
    except ValueError as error:
        raise ReportError(f"{name} is not valid JSON ({clean(str(error))}). Was it cut off? {_EXPECTED}") from None
    if not isinstance(data, dict) or "format" not in data:
        raise ReportError(f"{name} is no report: it has no field 'format'. {_EXPECTED}")
    version = data.pop("format")
    if not isinstance(version, int) or isinstance(version, bool) or version != FORMAT:
        raise ReportError(
            f"{name} is a report of format {clean(str(version), 40)}, this version of the collection reads format {FORMAT}. "
            "Use the same version of the collection wherever the reports are written and read."
        )
    try:
        report = read(Report, data)
    except FormError as error:
        raise ReportError(f"{name} is no whole report: {clean(str(error))}. Write it again with certificate_report.") from None
    contradiction = _contradiction(report)
    if contradiction:
        raise ReportError(f"{name} contradicts itself: {contradiction}. It was changed after it was written; write it again.")
    return report


def _contradiction(report: Report) -> str | None:
    summary = report.summary
    said = {
        Outcome.SATISFIED: summary.satisfied,
        Outcome.NOT_SATISFIED: summary.not_satisfied,
        Outcome.UNDETERMINED: summary.undetermined,
    }
    for outcome, count in said.items():
        found = sum(verdict.outcome is outcome for verdict in report.verdicts)
        if found != count:
            return f"its summary counts {count} {outcome.value}, its verdicts {found}"
    passes = bool(report.verdicts) and summary.satisfied == len(report.verdicts)
    if (report.outcome is Outcome.SATISFIED) is not passes:
        return f"its outcome is {report.outcome.value}, {summary.satisfied} of its {len(report.verdicts)} verdicts are satisfied"
    return None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError("a key is there twice in one object")
    return result


def _constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")
