# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which name in a certificate covers which host."""

from __future__ import annotations

import pytest

from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.host_names import exact, wildcard


@pytest.mark.parametrize(
    ("wanted", "found", "covers"),
    [
        ("a.contoso.local", "A.Contoso.LOCAL", True),
        ("a.contoso.local", "a.contoso.local.", False),
        ("a.contoso.local", "b.contoso.local", False),
        ("a.contoso.local", "a.contoso.local\x00.evil.example", False),
        ("a.contoso.local", " a.contoso.local", False),
        ("a_b.contoso.local", "a_b.contoso.local", True),
        ("a.contoso.local", "", False),
        ("kelvin.local", "\u212aelvin.local", False),
        ("a.contoso.local", "*.contoso.local", False),
        ("a b.local", "a b.local", False),
    ],
)
def test_exact(wanted: str, found: str, covers: bool) -> None:
    assert exact(wanted, found) is covers


@pytest.mark.parametrize(
    ("wanted", "found", "covers"),
    [
        ("a.contoso.local", "*.contoso.local", True),
        ("A.contoso.local", "*.CONTOSO.local", True),
        ("a.b.contoso.local", "*.contoso.local", False),
        ("contoso.local", "*.contoso.local", False),
        ("a.local", "*.local", False),
        ("lync1.contoso.local", "lync*.contoso.local", False),
        ("a.contoso.local", "*", False),
        ("a.contoso.local", "*.*.local", False),
        ("a.contoso.local", "*.contoso.local\x00", False),
        ("a.contoso.local", "aacontoso.local", False),
        ("a.b c.local", "*.b c.local", False),
        (".contoso.local", "*.contoso.local", False),
    ],
)
def test_wildcard(wanted: str, found: str, covers: bool) -> None:
    assert wildcard(wanted, found) is covers
