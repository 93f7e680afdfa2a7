# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Text of hosts and users made harmless: names in a certificate are chosen by whoever asked for it."""
from __future__ import annotations

import unicodedata

LONG = 400
"""Characters of one value that are shown; what is longer is cut, and the cut is said."""

SENTENCES = 2000
"""Characters of a message that are shown."""

BLOCK = 20000
"""Characters of a text of several lines that are shown."""

COMMAND = "  "
"""What stands before a line of a remedy that is to be pasted."""

_FORBIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_BREAKS = "._-,/\\"
_MARKS = frozenset({"Mn", "Me"})
_MARKS_IN_A_ROW = 2


def clean(text: str, limit: int = LONG) -> str:
    """One line in which every character can be seen and moves nothing but the cursor to the right.

    Control characters (ANSI escapes begin with one), direction marks, zero-width and unassigned characters are written as
    ``<U+202E>``; so are combining marks after the second in a row. No more than ``limit`` characters of ``text`` are kept.
    """
    shown = "".join(_visible(text[:limit]))
    return shown if len(text) <= limit and len(shown) <= 2 * limit else f"{shown[:limit]}... ({len(text)} characters)"


def clean_lines(text: str, limit: int = BLOCK) -> list[str]:
    """Like ``clean``, for text of several lines (a remedy); a tab becomes four spaces."""
    lines = [clean(line, limit) for line in text[:limit].replace("\r\n", "\n").expandtabs(4).split("\n")]
    return lines if len(text) <= limit else [*lines, f"... ({len(text)} characters)"]


def parts(remedy: str) -> list[tuple[bool, list[str]]]:
    """A remedy in turns of prose (False) and of what is to be pasted (True): lines with two spaces before them, here without these."""
    found: list[tuple[bool, list[str]]] = []
    for line in clean_lines(remedy.strip("\n")):
        paste = line.startswith(COMMAND)
        if not found or (found[-1][0] is not paste and line.strip()):
            found.append((paste, []))
        found[-1][1].append(line[len(COMMAND) :] if paste else line)
    return found


def _visible(text: str) -> list[str]:
    if text.isascii() and text.isprintable():
        return [text]
    parts: list[str] = []
    marks = 0
    for char in text:
        category = unicodedata.category(char)
        marks = marks + 1 if category in _MARKS else 0
        if category in _FORBIDDEN or marks > _MARKS_IN_A_ROW or 0xFE00 <= ord(char) <= 0xFE0F:
            parts.append(f"<U+{ord(char):04X}>")
        else:
            parts.append(" " if category == "Zs" else char)
    return parts


def columns(text: str) -> int:
    """How many columns of a terminal the (cleaned) text takes: two for wide East Asian characters, none for combining marks."""
    return len(text) if text.isascii() else sum(_columns(char) for char in text)


def _columns(char: str) -> int:
    if unicodedata.category(char) in _MARKS:
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def pad(text: str, width: int) -> str:
    return text + " " * max(0, width - columns(text))


def wrap(text: str, width: int) -> list[str]:
    """The (cleaned) text in lines of at most ``width`` columns, broken at spaces, and within a word only if it is longer."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        if line and columns(line) + 1 + columns(word) <= width:
            line = f"{line} {word}"
            continue
        if line:
            lines.append(line)
        *whole, line = _pieces(word, width)
        lines.extend(whole)
    return [*lines, line] if line or not lines else lines


def _pieces(word: str, width: int) -> list[str]:
    """A long word in pieces, broken behind a dot or the like where there is one in a piece's second half."""
    pieces = []
    while columns(word) > width:
        end = taken = 0
        while taken + _columns(word[end]) <= width or end == 0:
            taken += _columns(word[end])
            end += 1
        soft = max(word.rfind(mark, 0, end) for mark in _BREAKS) + 1
        end = soft if soft > end // 2 else end
        pieces.append(word[:end])
        word = word[end:]
    return [*pieces, word]
