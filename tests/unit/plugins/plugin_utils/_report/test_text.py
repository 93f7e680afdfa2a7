# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a hostile name may still do to a terminal: nothing."""
from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from unit.plugins.plugin_utils._report import sample

from ansible_collections.lync.persistent_chat.plugins.plugin_utils._report import text


@pytest.mark.parametrize(
    ("given_text", "shown"),
    [
        ("pchat01.contoso.com", "pchat01.contoso.com"),
        ("\x1b[31mred", "<U+001B>[31mred"),
        ("a\nb\rc\td\x00", "a<U+000A>b<U+000D>c<U+0009>d<U+0000>"),
        ("\x9b2J", "<U+009B>2J"),
        ("\u202edlo", "<U+202E>dlo"),
        ("\u2066\u2069\u200b\ufeff", "<U+2066><U+2069><U+200B><U+FEFF>"),
        ("\ud800", "<U+D800>"),
        ("\u2028", "<U+2028>"),
        ("\U000e0041", "<U+E0041>"),
        ("a\u0301\u0301\u0301", "a\u0301\u0301<U+0301>"),
        ("a\u00a0\u3000b", "a  b"),
        ("M\u00fcller \u8b49\u660e", "M\u00fcller \u8b49\u660e"),
        ("", ""),
    ],
)
def test_clean(given_text: str, shown: str) -> None:
    assert text.clean(given_text) == shown


def test_clean_says_what_was_cut() -> None:
    assert text.clean("x" * 10000, 10) == "xxxxxxxxxx... (10000 characters)"
    assert text.clean("x" * 10, 10) == "x" * 10


@pytest.mark.parametrize("char", ["\x1b", "\u202e", "\U000e0041"])
def test_clean_bounds_what_it_writes_out(char: str) -> None:
    assert len(text.clean(char * 400)) < 2 * text.LONG + 40


@given(st.text(st.characters(codec=None, exclude_categories=()), max_size=60))
def test_clean_leaves_nothing_that_acts(given_text: str) -> None:
    for char in text.clean(given_text):
        assert unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


@given(st.text(max_size=80), st.integers(2, 30))
def test_wrap_keeps_the_breadth_and_every_character(given_text: str, width: int) -> None:
    cleaned = text.clean(given_text)
    lines = text.wrap(cleaned, width)
    assert all(text.columns(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(cleaned.split())


def test_wide_characters_take_two_columns() -> None:
    assert text.columns("\u8b49\u660e") == 4
    assert text.columns("e\u0301") == 1
    assert text.pad("\u8b49", 4) == "\u8b49  "
    assert text.wrap("\u8b49\u660e\u66f8", 4) == ["\u8b49\u660e", "\u66f8"]


def test_parts_of_a_remedy() -> None:
    assert text.parts(sample.REMEDY) == [
        (False, ["On pchat03.contoso.com, in an elevated prompt:"]),
        (True, sample.COMMANDS.split("\n")),
        (False, ["Then run the check again."]),
    ]
    assert text.parts("  a\n\n  b") == [(True, ["a", "", "b"])]
    assert text.parts("\x1b\n  \u202e") == [(False, ["<U+001B>"]), (True, ["<U+202E>"])]
