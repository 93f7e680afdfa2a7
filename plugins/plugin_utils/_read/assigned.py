# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Asks a host which certificates Lync calls assigned."""
from __future__ import annotations

from pathlib import Path
from typing import Any

from ansible.plugins.action import ActionBase

from .._snapshot.assignments import Assignments, AssignmentsFormError, read_assignments
from .answer import AnswerError, document, excerpt
from .connection import run_script

SCRIPT = Path(__file__).with_name("assigned_certificates.ps1").read_text(encoding="ascii")
SLACK = 4
"""The part of the time that is left for starting PowerShell and for the answer: a fourth."""


def parse_assigned(stdout: str) -> Assignments:
    """What a host answered to the script. Raises AnswerError for an answer that is missing, cut, doubled or not of the agreed form."""
    answer = document(stdout, subject="assignments")
    if not isinstance(answer, dict) or set(answer) != {"format", "assignments"} or answer["format"] != 1:
        raise AnswerError(f"The answer of the host is not a document of the agreed form. It begins with: {excerpt(stdout)}")
    try:
        return read_assignments(answer["assignments"])
    except AssignmentsFormError as error:
        what = f"The answer of the host does not have the agreed form ({error})"
        raise AnswerError(f"{what}. It begins with: {excerpt(stdout)}") from None


def script_for(timeout: int) -> str:
    """The text that a host gets: how many seconds Lync's module may take of ``timeout``, then the script."""
    return f"$patience = {max(1, timeout - max(1, timeout // SLACK))}\n{SCRIPT}"


def read_assigned(action: ActionBase, task_vars: dict[str, Any], *, timeout: int) -> Assignments:
    """What is assigned on the host of ``action``, within ``timeout`` seconds.

    A module that is missing, denied or slow is an error in the Assignments. Raises ReadFailure if the host itself did not answer.
    """
    return run_script(action, task_vars, script=script_for(timeout), timeout=timeout, parse=parse_assigned)[0]
