# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The two messages that docs/internal-servers.md shows are the ones that are said."""
from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pki
import pytest

from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.certificate import thumbprint
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.evidence import Evidence, NoEvidence, evidence
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.reference import reference
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._snapshot.assignments import Assignment, AssignmentError, Assignments

PAGE = Path(__file__).resolve().parents[3] / "docs" / "internal-servers.md"
IDENTIFIER = re.compile(r"\b[0-9A-F]{8}(?:[0-9A-F]{32}|\.\.\.)")


def compact(text: str) -> str:
    """One line, with X for thumbprints and key identifiers."""
    return IDENTIFIER.sub("X", " ".join(text.split()))


def server(host: str, by: pki.Spec, *, ca: tuple[pki.Spec, ...] = (), root: tuple[pki.Spec, ...] = ()) -> Evidence:
    leaf = pki.leaf(by).build()
    snapshot = pki.snapshot([pki.stored(leaf)], ca=[each.build() for each in ca], roots=[each.build() for each in root], name=host)
    snapshot = replace(snapshot, host=replace(snapshot.host, name=host.partition(".")[0]))
    return evidence(snapshot, Assignments("Lync", (Assignment("Default", thumbprint(leaf)),)), now=pki.NOW)


def test_unrelated_cas() -> None:
    root, other = pki.root("R", "Contoso Root CA", serial=b"\x01"), pki.root("Q", "Fabrikam CA", serial=b"\x02")
    issuing = pki.subordinate("S", root, "Contoso Issuing CA", serial=b"\x03")
    servers = [server("fe1.contoso.local", issuing, ca=(issuing,), root=(root,)), server("fe2.contoso.local", other, root=(other,))]
    assert compact(reference(servers, now=pki.NOW).message) in compact(PAGE.read_text(encoding="utf-8"))


def test_a_refused_account() -> None:
    refused = Assignments("Lync", (), (AssignmentError("call", "Access is denied.", hresult=0x80070005),))
    with pytest.raises(NoEvidence) as caught:
        evidence(pki.snapshot(name="fe1.contoso.local"), refused, now=pki.NOW, fqdn=pki.FQDN)
    assert compact(str(caught.value)) in compact(PAGE.read_text(encoding="utf-8"))
