# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Hostile text of a host, carried through the whole judge: no sentence steers a terminal, no remedy has it in a command."""
from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pki
import pytest
import signing

from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.authority import load_authority
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.judgement import judge
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.requirement import requirement_for
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._snapshot.snapshot import HostError, PrivateKey, Store
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._verdict.form import write
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._verdict.instants import Instants
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._verdict.verdict import Outcome, Verdict

HOSTILE = (
    "\x1b[2J\x1b]0;owned\x07", "\u202egnp.exe\u202c", "a\r\nSATISFIED\r\n", "\x00", "\u2028\u2029\u200b\ufeff", "$(calc)`calc`",
    '"; calc; "', "%SystemRoot%", "A" * 5000, "{0}{code}{__class__}", "\x9b31m", "\U000e0041\U000e0042", "<script>alert(1)</script>")
ODD = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
INSTANTS = Instants(pki.NOW, host=pki.NOW + timedelta(minutes=7))
TOP = pki.root("TOP", "Contoso Root")
CA = pki.subordinate("R", TOP, pki.LYNC_CA)


def verdict_with(text: str) -> Verdict:
    subject = pki.name(("O", text), ("CN", text), tag=pki.UTF8)
    other = pki.root("ROGUE", subject=subject)
    error = HostError(text, 0x80090016)
    as_dns = text.encode("utf-8").decode("latin-1")[:60]
    entries = [
        pki.stored(pki.leaf(CA, subject=subject), PrivateKey(present=True, opened=False, error=error), friendly_name=text),
        pki.stored(pki.leaf(CA, names=(as_dns,), subject=subject), pki.private_key(signing.key("L"), storage="cng", provider=text),
                   friendly_name=text),
        pki.stored(pki.leaf(other, subject=subject, not_after=pki.day(-1)), archived=True),
        pki.stored(pki.leaf(CA, "ROGUE", subject=CA.subject)),
        pki.stored(b"0\x82" + text.encode("utf-8", "surrogatepass")[:100])]
    snapshot = pki.snapshot(
        entries, ca=[other.build()], roots=[pki.leaf(TOP, subject=subject).build()], request=[pki.stored(pki.leaf(other, subject=subject))],
        lync_version=text, os_version=text, name="pchat01.contoso.local")
    snapshot = replace(
        snapshot, host=replace(snapshot.host, name=text, domain=text),
        stores=tuple(Store("Disallowed", error=error) if store.name == "Disallowed" else store for store in snapshot.stores))
    authority = load_authority([(text, CA.build())])
    return judge(snapshot, authority, requirement_for("lync_2013", pool=pki.POOL), INSTANTS, run_id="run")


def _texts(value: object, place: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _texts(item, f"{place}.{key}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _texts(item, f"{place}[{index}]")
    elif isinstance(value, str):
        yield place, value


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_nothing_hostile_comes_through(text: str) -> None:
    verdict = verdict_with(text)
    assert verdict.outcome is not Outcome.SATISFIED
    assert len(verdict.findings) > 3
    assert sum(len(certificate.findings) for certificate in verdict.certificates) > 8
    for place, shown in _texts(write(verdict)):
        lines = shown.split("\n") if place.endswith("remedy") else [shown]
        odd = {character for line in lines for character in line if unicodedata.category(character) in ODD}
        assert not odd, f"{place}: {odd}"
        assert len(shown) < 6000, place
        if place.endswith("remedy"):
            assert text.strip() not in shown, place


def test_a_remedy_names_the_host_only_where_its_name_is_harmless() -> None:
    verdict = verdict_with('"; calc; "')
    assert verdict.nearest_miss is not None
    remedy = verdict.nearest_miss.remedy or ""
    assert "calc" not in remedy
    assert re.search(r"<this server's FQDN>|<thumbprint>|certutil", remedy)
