# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A recording answers the scripts of the collection as the collection takes the answers in."""
from __future__ import annotations

import json
from pathlib import Path

import pytest

from ansible_collections.lync.persistent_chat.plugins.plugin_utils._read.answer import AnswerError
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._read.assigned import parse_assigned, script_for
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._read.connection import command_for
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._snapshot.assignments import (
    Assignment,
    Assignments,
    write_assignments,
)
from winrm_host import Recorded

ASSIGNED = Assignments("SkypeForBusiness", (Assignment("Default", "AB" * 20, "CN=Contoso CA", "61"),))


def asked(recording: Path, script: str) -> Assignments:
    said = Recorded(recording).said(command_for("winrm"), script)
    return parse_assigned(said.stdout.decode())


def test_what_is_assigned(recording: Path) -> None:
    document = json.loads(recording.read_text(encoding="utf-8"))
    recording.write_text(json.dumps(document | {"assignments": write_assignments(ASSIGNED)}), encoding="utf-8")
    assert asked(recording, script_for(60)) == ASSIGNED


def test_a_recording_without_assignments_is_a_host_without_lync(recording: Path) -> None:
    found = asked(recording, script_for(60))
    assert (found.module, found.assigned, [error.kind for error in found.errors]) == (None, (), ["no_module"])


def test_another_script_gets_no_such_answer(recording: Path) -> None:
    with pytest.raises(AnswerError):
        asked(recording, "Get-Process")
