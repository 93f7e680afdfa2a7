# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A reference goes from one task to another as plain data, and comes back as the same."""
from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pki
import pytest

from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.authority import authority_of
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.findings import warning
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.reference import NOTHING, Reference
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.reference_form import (
    ReferenceFormError,
    read_reference,
    write_reference,
)
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._verdict.verdict import InternalServer

ROOT = pki.root("R", serial=b"\x40")
ROW = InternalServer("fe1", "Default", "AB" * 20, "CN=Contoso CA", "CD" * 20, "2027-01-01T00:00:00Z")
AUTHORITY = authority_of([("fe1, Default", ROOT.build())])
FOUND = Reference(True, "It is that one.", AUTHORITY, NOTHING, (ROW,), (warning("reference.expired", "Old."),))
UNKNOWN = replace(FOUND, certain=False, message="It can't be told.\nReally.", authority=NOTHING)


def written(found: Reference) -> dict[str, Any]:
    """As a task's result, that went through JSON and has Ansible's own keys."""
    value: dict[str, Any] = json.loads(json.dumps({"changed": False, "failed": False, **write_reference(found)}))
    return value


@pytest.mark.parametrize("found", [FOUND, UNKNOWN, replace(UNKNOWN, rows=(), findings=())])
def test_what_is_written_is_read_again(found: Reference) -> None:
    assert read_reference(written(found)) == found


def test_an_unknown_one_shows_the_servers_as_a_table() -> None:
    assert written(UNKNOWN)["msg"].splitlines()[-1] == f"  fe1 | Default | CN=Contoso CA | key {'CD' * 20} | until 2027-01-01T00:00:00Z"
    assert "|" not in written(FOUND)["msg"]


@pytest.mark.parametrize("change", [
    {"msg": None}, {"findings": None}, {"servers": "fe1"}, {"servers": [{}]}, {"findings": [1]}, {"authority": []},
    {"authority": {}}, {"authority": {"certificates": []}}, {"authority": {"certificates": [{"source": "x", "content": "?"}]}},
    {"authority": {"certificates": [{"source": "x", "content": "MAA="}]}}, {"authority": {"certificates": 7}},
])
def test_what_is_none_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ReferenceFormError):
        read_reference(written(FOUND) | change)
