# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The gate, row by row: the real ansible-playbook, the product itself, recorded snapshots.

Always: the first rows in all their forms, every other row in one form. GATE_ALL=1: every row in every form.
"""
from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from end_to_end.gate_rows import FIRST, OTHERS
from end_to_end.gate_run import Outcome, Row, carry_out

ALL = bool(os.environ.get("GATE_ALL"))


def _cells() -> list[object]:
    cells: list[object] = [pytest.param(row, form, id=f"{key}-{form}") for key, row in FIRST.items() for form in row.forms]
    for index, (key, row) in enumerate(OTHERS.items()):
        common = row.forms[index % min(len(row.forms), 2)]
        for form in row.forms:
            marks = [] if form == common else [pytest.mark.slow, pytest.mark.skipif(not ALL, reason="GATE_ALL=1 runs it")]
            cells.append(pytest.param(row, form, id=f"{key}-{form}", marks=marks))
    return cells


@pytest.mark.parametrize(("row", "form"), _cells())
def test_gate(row: Row, form: str, tmp_path: Path) -> None:
    outcome = carry_out(row, form, tmp_path)
    faults = _faults(row, outcome)
    if faults:
        pytest.fail(f"{row.what}, form {form}: {'; '.join(faults)}\n{outcome.text}", pytrace=False)


def _faults(row: Row, outcome: Outcome) -> list[str]:
    faults = []
    if (outcome.code == 0) is not row.passes:
        faults.append(f"exit code {outcome.code}")
    if sorted(outcome.installed) != sorted(row.installs or ()):
        faults.append(f"installed on {outcome.installed}")
    for host, word in row.shows.items():
        if not re.search(rf"^\s*{re.escape(host)}\s+{word}\b", outcome.text, re.MULTILINE):
            faults.append(f"the report does not show {host} as {word}")
    faults += [f"the text lacks {words!r}" for words in row.says if words not in outcome.flat]
    if row.contacted is not None and sorted(set(outcome.contacted)) != sorted(row.contacted):
        faults.append(f"contacted {sorted(set(outcome.contacted))}")
    return faults
