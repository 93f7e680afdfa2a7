# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fault rules: which one applies, and that none is silently without effect."""
from __future__ import annotations

import pytest

from winrm_host.faults import OUTPUT, Faults, Rule, RuleError, Said, per_host, spoil


@pytest.mark.parametrize("item", [
    {}, {"do": "explode"}, {"do": "drop", "on": "Nowhere"}, {"do": "drop", "of": "Create"}, {"do": "fault", "name": "No"},
    {"do": "truncate", "on": "Receive"}, {"do": "drop", "on": "Output"}])
def test_unknown_rules_are_refused(item: dict[str, object]) -> None:
    with pytest.raises(RuleError, match="fault rule"):
        Rule.read(item)


def test_nth_and_times() -> None:
    faults = Faults([{"do": "drop", "on": "Receive", "nth": 2, "times": 2}, {"do": "hang", "on": "*", "nth": 4}])
    assert [rule.do if (rule := faults.of("Receive")) else None for _dummy in range(6)] == [None, "drop", "drop", None, None, "hang"]


def test_output_is_no_request() -> None:
    faults = Faults([{"do": "drop"}, {"do": "truncate"}])
    assert [faults.of(event) for event in (OUTPUT, "Create")] == [Rule("truncate"), Rule("drop")]


def test_clear() -> None:
    faults = Faults([Rule("drop")])
    faults.clear()
    assert faults.of("Create") is None


@pytest.mark.parametrize(("rule", "wanted"), [
    (Rule("truncate", bytes=2), Said(b"ab", b"e", 0)), (Rule("prefix", text="x"), Said(b"xabcd", b"e", 0)),
    (Rule("suffix", text="x"), Said(b"abcdx", b"e", 0)), (Rule("replace", text="x"), Said(b"x", b"e", 0)),
    (Rule("double"), Said(b"abcdabcd", b"e", 0)), (Rule("garble", bytes=1), Said(b"abCd", b"e", 0)),
    (Rule("stderr", text="x"), Said(b"abcd", b"xe", 0)), (Rule("none", "Output", rc=3), Said(b"abcd", b"e", 3)),
    (Rule("truncate", bytes=0, rc=9), Said(b"", b"e", 9))], ids=lambda value: value.do if isinstance(value, Rule) else "")
def test_spoil(rule: Rule, wanted: Said) -> None:
    assert spoil(rule, Said(b"abcd", b"e", 0)) == wanted


def test_per_host() -> None:
    rules = [{"do": "drop"}]
    assert per_host(rules, "a") == [Rule("drop")]
    assert per_host({"a": rules}, "a") == [Rule("drop")]
    assert per_host({"a": rules}, "b") == []
