# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A table of plain text, fitted to the width of a terminal."""
from __future__ import annotations

from collections.abc import Sequence

from .text import columns, pad, wrap

GAP = "  "

Row = Sequence[str]


def lines(heads: Row, rows: Sequence[Row], sizes: Sequence[int]) -> list[str]:
    """Heads, a rule and the rows of (cleaned) texts, each column as wide as ``sizes`` says; a text takes the lines that it needs."""
    table = [*_cells(heads, sizes), GAP.join("-" * size for size in sizes)]
    for row in rows:
        table += _cells(row, sizes)
    return table


def natural(heads: Row, rows: Sequence[Row]) -> list[int]:
    """The columns that each column's longest text takes."""
    return [max(columns(row[index]) for row in (heads, *rows)) for index in range(len(heads))]


def fitted(heads: Row, rows: Sequence[Row], width: int, *, halves: int) -> list[int]:
    """Sizes with which the table is at most ``width`` wide.

    The column ``halves`` gives half of it, then what is broadest of the others, and within a word only if all have given between words.
    """
    sizes = natural(heads, rows)
    spare = width - len(GAP) * (len(sizes) - 1)
    if sum(sizes) > spare:
        sizes[halves] = max(columns(heads[halves]), (min(sizes[halves], spare) + 1) // 2)
    others = [index for index in range(len(sizes)) if index != halves]
    whole = [max(columns(word) for row in (heads, *rows) for word in row[index].split() or [""]) for index in range(len(sizes))]
    while sum(sizes) > spare:
        sizes[max([index for index in others if sizes[index] > whole[index]] or others, key=sizes.__getitem__)] -= 1
    return sizes


def _cells(row: Row, sizes: Sequence[int]) -> list[str]:
    cells = [wrap(text, size) for text, size in zip(row, sizes, strict=True)]
    height = max(len(cell) for cell in cells)
    found = []
    for index in range(height):
        parts = [pad(cell[index] if index < len(cell) else "", size) for cell, size in zip(cells, sizes, strict=True)]
        found.append(GAP.join(parts).rstrip())
    return found
