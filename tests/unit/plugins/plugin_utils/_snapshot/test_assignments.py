# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is assigned on a host: its written form, strict, and what an error of Lync's module means."""
from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.lync.persistent_chat.plugins.plugin_utils._snapshot.assignments import (
    Assignment,
    AssignmentError,
    Assignments,
    AssignmentsFormError,
    plain_thumbprint,
    read_assignments,
    write_assignments,
)

FULL = Assignments(
    "Lync",
    (Assignment("Default", "AB" * 20, "CN=Contoso CA", "6100"), Assignment("OAuthTokenIssuer", "CD" * 20)),
    (AssignmentError("call", "Assigned certificate not found or untrusted", "System.Exception", "X,Y", 0x80131500),),
)


def test_what_is_written_reads_back_the_same() -> None:
    assert read_assignments(json.loads(json.dumps(write_assignments(FULL)))) == FULL


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"module": "Lync2010"}, "module"),
        ({"extra": 1}, "extra"),
        ({"assigned": {}}, "assigned"),
        ({"assigned": [{"use": "Default", "thumbprint": None, "issuer": None, "serial": None}]}, r"assigned\[0\].thumbprint"),
        ({"assigned": [{"use": "Default"}]}, r"assigned\[0\]"),
        ({"assigned": [None] * 201}, "assigned"),
        ({"errors": ["denied"]}, r"errors\[0\]"),
    ],
)
def test_another_form_is_refused_with_its_place(change: dict[str, Any], place: str) -> None:
    with pytest.raises(AssignmentsFormError, match=place):
        read_assignments(write_assignments(FULL) | change)


@pytest.mark.parametrize(
    ("key", "value"), [("stage", "ask"), ("hresult", -1), ("hresult", 1 << 32), ("hresult", True), ("timed_out", None)]
)
def test_an_error_of_another_form_is_refused(key: str, value: object) -> None:
    written = write_assignments(FULL)
    written["errors"][0][key] = value
    with pytest.raises(AssignmentsFormError, match=key):
        read_assignments(written)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (AssignmentError("module", "No module Lync or SkypeForBusiness is installed."), "no_module"),
        (AssignmentError("import", "It had not ended after 45 seconds.", timed_out=True), "timeout"),
        (AssignmentError("module", "It had not ended after 45 seconds.", timed_out=True), "timeout"),
        (AssignmentError("call", "Zugriff verweigert", hresult=0x80070005), "denied"),
        (AssignmentError("call", "Acc\u00e8s refus\u00e9", "System.UnauthorizedAccessException"), "denied"),
        (AssignmentError("call", "Access is denied."), "denied"),
        (AssignmentError("call", "Cannot connect to the Central Management Store."), "central_store"),
        (AssignmentError("call", "Assigned certificate not found or untrusted."), "untrusted"),
        (AssignmentError("call", "Something else."), "failed"),
    ],
)
def test_the_kind_of_an_error(error: AssignmentError, kind: str) -> None:
    assert error.kind == kind


def test_a_use_is_found_without_regard_to_case_and_each_certificate_once() -> None:
    twice = Assignments("Lync", (Assignment("default", "AB" * 20), Assignment("Default", "AB" * 20), Assignment("DefaultX", "EF" * 20)))
    assert [each.thumbprint for each in twice.of("Default")] == ["AB" * 20]


@pytest.mark.parametrize("text", ["ab" * 20, " AB" * 20, ":".join(["ab"] * 20), "\u200e" + "AB" * 20])
def test_thumbprints_as_people_paste_them(text: str) -> None:
    assert plain_thumbprint(text) == "AB" * 20


def test_what_is_no_thumbprint_stays_as_it_is() -> None:
    assert plain_thumbprint("ab cd") == "ab cd"
