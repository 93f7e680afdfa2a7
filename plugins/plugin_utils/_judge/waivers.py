# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Waivers: somebody with a name accepts one finding on some hosts, for a reason, until a day."""
from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from fnmatch import fnmatchcase

from .._verdict.verdict import Finding, Severity, Waiver
from .catalogue import CATALOGUE
from .findings import clean

KEYS = ("code", "hosts", "owner", "reason", "until")
_PATTERN = re.compile(r"[A-Za-z0-9._*?\[\]-]+")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class WaiverError(ValueError):
    """A waiver that can't be accepted; the message has one sentence for each fault of each waiver."""


def read_waivers(items: object, *, today: date) -> tuple[Waiver, ...]:
    """Waivers from the user's list of mappings, each with all of ``KEYS``.

    ``hosts`` is one name or pattern (``*``, ``?``, ``[ab]``; case does not count). ``until`` is an ISO 8601 date, inclusive, UTC; a date as
    YAML makes it will do. Raises WaiverError: missing or unknown key, empty text, unknown code, code that can't be waived, past its end.
    """
    if isinstance(items, (str, bytes)) or not isinstance(items, Sequence):
        raise WaiverError(f"waivers: expected a list of mappings, found {type(items).__name__}.")
    faults: list[str] = []
    waivers: list[Waiver] = []
    for number, item in enumerate(items, start=1):
        found, waiver = _read(item, today)
        faults += [f"Waiver {number}{_label(item)}: {fault}" for fault in found]
        if waiver is not None:
            waivers.append(waiver)
    if faults:
        raise WaiverError(" ".join(faults))
    return tuple(waivers)


def apply_waivers(findings: Sequence[Finding], waivers: Sequence[Waiver], *, host: str, on: date) -> tuple[Finding, ...]:
    """The findings, those that a waiver covers turned into warnings that carry it.

    ``host`` is the name the user knows it by (inventory), never what the machine says of itself. ``on`` is the day of judgement (UTC): a
    waiver that has ended by then covers nothing. Warnings and notes stay as they are.
    """
    return tuple(_applied(finding, waivers, host.lower(), on) for finding in findings)


def _applied(finding: Finding, waivers: Sequence[Waiver], host: str, on: date) -> Finding:
    if finding.severity not in (Severity.BLOCKING, Severity.OPEN) or not CATALOGUE[finding.code].waivable:
        return finding
    for waiver in waivers:
        if waiver.code == finding.code and fnmatchcase(host, waiver.hosts.lower()) and on <= date.fromisoformat(waiver.until):
            return replace(finding, severity=Severity.WARNING, waived=waiver)
    return finding


def _read(item: object, today: date) -> tuple[list[str], Waiver | None]:
    if not isinstance(item, Mapping):
        return [f"expected a mapping with {', '.join(KEYS)}, found {type(item).__name__}."], None
    unknown = sorted(clean(key, 40) for key in item if key not in KEYS)
    faults = [f"{', '.join(unknown)}: no such key; a waiver has {', '.join(KEYS)}."] if unknown else []
    values = {key: _text(item.get(key)) for key in KEYS}
    faults += [f"{key} is missing; {_WHY[key]}." for key in KEYS if not values[key]]
    faults += _code_faults(values["code"]) + _hosts_faults(values["hosts"]) + _until_faults(values["until"], today)
    return faults, None if faults else Waiver(**values)


_WHY = {
    "code": "say which finding is accepted, for example names.pool_missing",
    "hosts": "say on which hosts, by name or pattern",
    "owner": "say who answers for it",
    "reason": "say why the finding is acceptable",
    "until": "say until which day, for example 2027-03-31",
}


def _text(value: object) -> str:
    if value is None or isinstance(value, (bool, Mapping, list, tuple)):
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value).strip()


def _code_faults(code: str) -> list[str]:
    if not code:
        return []
    if code not in CATALOGUE:
        return [f"there is no finding {clean(code, 60)}; docs/findings.md lists them."]
    if not CATALOGUE[code].waivable:
        return [f"{code} can't be waived: it is mended, or the server does not pass."]
    return []


def _hosts_faults(hosts: str) -> list[str]:
    if not hosts or _PATTERN.fullmatch(hosts):
        return []
    return [f"hosts: {clean(hosts, 60)} is neither a host name nor a pattern of letters, digits, . - _ * ? [ ]; write one waiver for each."]


def _until_faults(until: str, today: date) -> list[str]:
    if not until:
        return []
    try:
        end = date.fromisoformat(until) if _DAY.fullmatch(until) else None
    except ValueError:
        end = None
    if end is None:
        return [f"until: {clean(until, 40)} is no date like 2027-03-31."]
    if end < today:
        return [f"ended on {until} (today is {today.isoformat()}): mend the finding, or have the waiver renewed by its owner."]
    return []


def _label(item: object) -> str:
    code = _text(item.get("code")) if isinstance(item, Mapping) else ""
    return f" ({clean(code, 60)})" if code else ""
