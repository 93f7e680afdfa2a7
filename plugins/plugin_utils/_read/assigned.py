# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Asks a host which certificates Lync calls assigned, once, over the connection that has just read its stores."""
from __future__ import annotations

from pathlib import Path
from typing import Any

from ansible.plugins.action import ActionBase

from .._snapshot.assignments import Assignments, AssignmentsFormError, read_assignments
from . import answer, connection
from .answer import AnswerError, excerpt
from .connection import ReadFailure
from .faults import of_exception, of_output, output_excerpt

SCRIPT = Path(__file__).with_name("assigned_certificates.ps1")
MARK = "lync.persistent_chat.assignments"
SLACK = 4
"""The part of the time that is left for starting PowerShell and for the answer: a fourth."""


def parse_assigned(stdout: str) -> Assignments:
    """What a host answered to the script. Raises AnswerError for an answer that is missing, cut, doubled or not of the agreed form."""
    # The frame is that of the stores' answer; what is in it tells the two apart.
    document = answer._document(stdout.replace(MARK, answer.BEGIN.strip(" <")))
    if not isinstance(document, dict) or set(document) != {"format", "assignments"} or document["format"] != 1:
        raise AnswerError(f"The answer of the host is not a document of the agreed form. It begins with: {excerpt(stdout)}")
    try:
        return read_assignments(document["assignments"])
    except AssignmentsFormError as error:
        what = f"The answer of the host does not have the agreed form ({error})"
        raise AnswerError(f"{what}. It begins with: {excerpt(stdout)}") from None


def script_for(timeout: int) -> str:
    """The text that a host gets: how many seconds Lync's module may take of ``timeout``, then the script."""
    return f"$patience = {max(1, timeout - max(1, timeout // SLACK))}\n{SCRIPT.read_text(encoding='ascii')}"


def read_assigned(action: ActionBase, task_vars: dict[str, Any], *, timeout: int) -> Assignments:
    """What is assigned on the host of ``action``, within ``timeout`` seconds.

    A module that is missing, denied or slow is an error in the Assignments. Raises ReadFailure if the host itself did not answer.
    """
    where = connection._where(action, str(action._task.delegate_to or task_vars["inventory_hostname"]))
    try:
        result = connection._within(timeout, lambda: connection._call(action, script_for(timeout)))
    except connection._Late:
        connection._drop(action._connection)
        late = of_exception("timed out")
        raise ReadFailure(late.code, f"{where} did not say within {timeout} s which certificates are assigned.", late.remedy, 1) from None
    except connection._failures() as error:
        fault = of_exception(f"{type(error).__name__}: {connection._text_of(error)}")
        connection._drop(action._connection)
        told = excerpt(connection._text_of(error))
        message = f"{where}: {fault.what}, when asked for the assigned certificates ({told})."
        raise ReadFailure(fault.code, message, fault.remedy, 1) from None
    rc, stdout, stderr = int(result["rc"]), str(result["stdout"]), str(result["stderr"])
    try:
        return parse_assigned(stdout)
    except AnswerError as error:
        known = of_output(rc, stdout, stderr)
        if known is not None:
            raise ReadFailure(known.code, f"{where}: {known.what} ({output_excerpt(rc, stdout, stderr)}).", known.remedy, 1) from None
        raise connection._invalid(f"{where}: {error} (exit code {rc}, errors: {excerpt(stderr)}).", 1) from None
