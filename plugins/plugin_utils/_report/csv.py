# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report as CSV, one line a host, safe to open in a spreadsheet."""
from __future__ import annotations

import csv
import io
import re

from .._verdict.form import instant
from .._verdict.report import Report
from .._verdict.verdict import Verdict
from . import facts
from .reference import use
from .text import BLOCK, clean, clean_lines

COLUMNS = (
    "host", "outcome", "message", "fqdn", "subject", "issuer", "serial_number", "thumbprint", "not_before", "not_after",
    "nearest_miss", "nearest_miss_thumbprint", "nearest_miss_codes", "remedy", "findings", "waivers", "as_of", "controller_clock",
    "host_clock", "recorded_at", "snapshot_sha256", "authority", "internal_servers", "use", "profile", "match", "change",
    "revocation", "run_id", "created_at",
)  # fmt: skip

BYTE_ORDER_MARK = "\ufeff"  # without it a spreadsheet reads UTF-8 as the code page of its country

# What makes a spreadsheet run a cell, at its beginning or, where a country's list separator is the semicolon, behind one:
# such a spreadsheet doesn't see the quotes of a field that a comma precedes. Full-width forms count as well.
_FORMULA = re.compile(r"""(^|;)([\s"']*)(?=[=+\-@|%\uff1d\uff0b\uff0d\uff20])""")


def render(report: Report) -> str:
    """CSV text (RFC 4180: commas, CRLF, every field quoted) that begins with a byte order mark.

    A field that a spreadsheet would take for a formula has an apostrophe before it. A remedy's lines are joined by `` // ``.
    """
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, COLUMNS, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writeheader()
    changes = {change.host: change.message for change in report.previous.changes} if report.previous else {}
    for verdict in report.verdicts:
        row = _row(verdict) | {"run_id": report.run_id, "created_at": instant(report.created_at), "change": changes.get(verdict.host)}
        writer.writerow({key: _cell(value) for key, value in row.items()})
    return BYTE_ORDER_MARK + out.getvalue()


def _cell(value: str | None) -> str:
    return _FORMULA.sub(r"\1'\2", clean(value or "", BLOCK))


def _row(verdict: Verdict) -> dict[str, str | None]:
    instants = verdict.instants
    chosen = verdict.certificate
    miss = verdict.nearest_miss
    found = list(facts.all_findings(verdict))
    row = {"host": verdict.host, "outcome": verdict.outcome.value, "message": verdict.message, "fqdn": verdict.fqdn}
    for name in ("subject", "issuer", "serial_number", "thumbprint", "not_before", "not_after"):
        row[name] = getattr(chosen, name) if chosen else None
    row |= {
        "nearest_miss": miss.message if miss else None,
        "nearest_miss_thumbprint": miss.thumbprint if miss else None,
        "nearest_miss_codes": " ".join(miss.codes) if miss else None,
        "remedy": " // ".join(clean_lines(miss.remedy)) if miss and miss.remedy else None,
        "findings": " ".join(dict.fromkeys(f"{finding.severity.value}:{finding.code}" for _certificate, finding in found)),
        "waivers": " / ".join(f"{finding.code} {facts.waived(finding)}" for _certificate, finding in found if finding.waived),
        "authority": " / ".join(f"{authority.subject} {authority.sha256} from {authority.source}" for authority in verdict.authority),
        "internal_servers": " / ".join(f"{server.host} {use(server)} {server.thumbprint}" for server in verdict.internal_servers),
        "revocation": "not checked",
    }
    clocks = {"as_of": instants.as_of, "controller_clock": instants.controller, "host_clock": instants.host}
    clocks["recorded_at"] = instants.recorded_at
    row |= {name: instant(value) if value else None for name, value in clocks.items()}
    return row | {"snapshot_sha256": verdict.snapshot_sha256, "use": verdict.use, "profile": verdict.profile, "match": verdict.match}
