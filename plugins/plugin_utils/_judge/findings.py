# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Findings as sentences: figures of hosts, which may be hostile, made harmless and put into the catalogue's wording."""
from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from .._verdict.form import instant
from .._verdict.verdict import Finding, Severity
from .catalogue import CATALOGUE, FIGURES, Kind
from .kinds import PURPOSES

__all__ = ["CATALOGUE", "FIGURES", "Kind", "clean", "finding", "span", "undecided", "warning"]

TEXT_LIMIT = 256
"""Longest text figure in characters; a readable distinguished name is far shorter."""
DETAIL_LIMIT = 1000
"""Longest whole sentence handed over as ``detail``."""
ITEMS_LIMIT = 8
"""Most items of a list that are written out."""
NOT_DECIDED = " Not decided: a store of this host that could hold what is missing was not read."

_SIGHT = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def finding(code: str, severity: Severity, **figures: object) -> Finding:
    """The finding of that code, its sentence made of ``figures``; the remedy is filled in later.

    Figures: text is cleaned and bounded, None becomes "none", datetime ISO 8601 UTC, timedelta "2 days", a sequence a list "a, b"
    ("nothing" if empty). A figure the sentence does not use is dropped; one that it lacks reads "(not said)": a finding never gets lost for
    the sake of its wording. Raises KeyError for an unknown code.
    """
    kind = CATALOGUE[code]
    given = {name: figures.get(name, "(not said)") for name in kind.figures}
    written = {name: clean(value, DETAIL_LIMIT) if name == "detail" else _written(value) for name, value in given.items()}
    message = kind.wording(severity).format_map(written)
    if severity is Severity.OPEN and kind.curable:
        message += NOT_DECIDED
    return Finding(code=code, severity=severity, message=message, source=kind.source)


def warning(code: str, sentence: str) -> Finding:
    """A warning whose whole sentence is given."""
    return finding(code, Severity.WARNING, detail=sentence)


def undecided(refusal: Finding) -> Finding:
    """The same, open instead of blocking if a store that was not read could cure it."""
    if refusal.severity is not Severity.BLOCKING or not CATALOGUE[refusal.code].curable:
        return refusal
    return replace(refusal, severity=Severity.OPEN, message=refusal.message + NOT_DECIDED)


def clean(value: object, limit: int = TEXT_LIMIT) -> str:
    """Text that can't steer a terminal or hide anything: control, format (bidirectional too), unassigned characters as ``\\u202e``.

    ``limit`` counts characters of the result; what is cut ends in "...".
    """
    text = str(value)
    if len(text) <= limit and text.isprintable():  # nearly all text is, and this is asked for every name of every certificate
        return text
    out: list[str] = []
    length = 0
    for character in text[: limit + 1]:
        safe = _escaped(character) if unicodedata.category(character) in _SIGHT else character
        out.append(safe)
        length += len(safe)
    whole = "".join(out)
    return whole if length <= limit and len(text) <= limit else whole[: limit - 3] + "..."


def span(value: timedelta) -> str:
    """A duration as people say it: the largest fitting unit, whole numbers, cut: "2 days", "1 hour", "40 seconds"; its sign is dropped."""
    seconds = int(abs(value.total_seconds()))
    for size, unit in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= size:
            count = seconds // size
            return f"{count} {unit}" + "s" * (count != 1)
    return f"{seconds} second" + "s" * (seconds != 1)


def _written(value: object) -> str:
    if value is None:
        return "none"
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, timedelta):
        return span(value)
    if isinstance(value, Sequence) and not isinstance(value, (str, bytes)):
        return _listed(value)
    return clean(value) or "(empty)"


def _listed(values: Sequence[object]) -> str:
    if not values:
        return "nothing"
    shown = ", ".join(PURPOSES.get(str(value)) or clean(value) or "(empty)" for value in values[:ITEMS_LIMIT])
    return shown + (f" and {len(values) - ITEMS_LIMIT} more" if len(values) > ITEMS_LIMIT else "")


def _escaped(character: str) -> str:
    point = ord(character)
    return f"\\x{point:02x}" if point < 0x100 else f"\\u{point:04x}" if point < 0x10000 else f"\\U{point:08x}"
