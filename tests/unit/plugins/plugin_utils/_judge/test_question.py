# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What was found out about the reference CA is in every verdict, and a CA that is not known passes nobody."""
from __future__ import annotations

from dataclasses import replace

import pki

from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.authority import authority_of
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.findings import warning
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.question import Question
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.reference import NOTHING, Reference
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.requirement import requirement_for
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._verdict.verdict import InternalServer, Outcome, Severity

ROOT = pki.root("R", serial=b"\x50")
ROW = InternalServer("fe1", "Default", "AB" * 20, "CN=Contoso CA", None, "2027-01-01T00:00:00Z")
SAID = warning("reference.server_silent", "fe2: nothing listens there.")
KNOWN = Reference(True, "That one.", authority_of([("fe1, Default", ROOT.build())]), NOTHING, (ROW,), (SAID,))
UNKNOWN = replace(KNOWN, certain=False, message="Two unrelated CAs.", authority=NOTHING)
GOOD = pki.snapshot([pki.stored(pki.leaf(ROOT, serial=b"\x51"))], roots=[ROOT.build()])


def question(reference: Reference) -> Question:
    return Question(reference, requirement_for("lync_2013", pool=pki.POOL), pki.NOW, None, "run")


def test_a_known_reference_is_the_authority_and_its_warnings_are_said() -> None:
    verdict = question(KNOWN).judged(GOOD, recorded=True)
    assert verdict.outcome is Outcome.SATISFIED
    assert [each.source for each in verdict.authority] == ["fe1, Default"]
    assert verdict.internal_servers == (ROW,)
    assert SAID.message in [each.message for each in verdict.findings]


def test_an_unknown_reference_is_open_on_every_host_that_is_looked_at_all_the_same() -> None:
    verdict = question(UNKNOWN).judged(GOOD, recorded=False)
    assert verdict.outcome is Outcome.UNDETERMINED
    assert [each.severity for each in verdict.findings if each.code == "reference.unknown"] == [Severity.OPEN]
    assert "Two unrelated CAs." in verdict.message
    assert (len(verdict.certificates), verdict.fqdn) == (1, pki.FQDN)
    assert verdict.internal_servers == (ROW,)


def test_a_host_that_was_not_read_says_first_why_and_then_what_is_known_of_the_reference() -> None:
    verdict = question(UNKNOWN).unread("pchat1", "host.timeout", "No answer.", None)
    assert [each.code for each in verdict.findings] == ["host.timeout", "reference.unknown", "reference.server_silent"]


def test_a_host_read_now_has_both_clocks_and_a_recorded_one_none() -> None:
    assert question(KNOWN).judged(GOOD, recorded=False).instants.host == GOOD.host.clock
    assert question(KNOWN).judged(GOOD, recorded=True).instants.host is None
