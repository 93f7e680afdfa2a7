# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All expected servers together."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from .verdict import Outcome, Verdict

FORMAT = 1
"""Version of the written form of a report."""


@dataclass(frozen=True, slots=True)
class Summary:
    """Counts over the expected servers. ``checked`` were read and judged, whatever came out."""

    expected: int
    checked: int
    satisfied: int
    not_satisfied: int
    undetermined: int

    def __str__(self) -> str:
        return f"{self.checked} of {self.expected} checked, {self.satisfied} satisfied"


@dataclass(frozen=True, slots=True)
class Change:
    """What is other than in an earlier report about one server, in a sentence that names it."""

    host: str
    message: str


@dataclass(frozen=True, slots=True)
class Earlier:
    """The report that this one was compared with: its run, when it was made, and what changed since."""

    run_id: str
    created_at: datetime
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """One verdict a server, in the order shown: bad ones first. A server without a verdict of its own has one that says why.

    ``outcome`` is ``satisfied`` only if every server is. ``created_at`` is the controller's UTC clock. ``versions`` names
    what judged: collection, ansible-core, cryptography, Python. ``previous`` is None if it was compared with no earlier report.
    """

    run_id: str
    outcome: Outcome
    created_at: datetime
    summary: Summary
    expected: tuple[str, ...]
    verdicts: tuple[Verdict, ...]
    versions: tuple[tuple[str, str], ...] = ()
    previous: Earlier | None = None
