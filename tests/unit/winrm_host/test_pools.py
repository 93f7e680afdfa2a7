# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A pool's output leaves in whole fragments, whatever an answer may hold."""
from __future__ import annotations

from winrm_host.pools import Outlet
from winrm_host.psrp import Parcel

PARCEL = Parcel(1, b"a" * 10 + b"b" * 10 + b"c" * 10, (10, 10, 10))
SIZE = 21 + 10


def test_whole_fragments() -> None:
    outlet, fragments = Outlet(), PARCEL.fragments()
    for fragment in fragments:
        outlet.put(fragment)
    assert outlet.take(0, SIZE * 2) == (fragments[:2], False)
    assert outlet.take(0, 1) == (fragments[2:], False), "at least one, or the client would never get it"
    assert outlet.take(0, 1) is None
    outlet.close()
    assert outlet.take(0, 1) == ([], True)


def test_nothing_of_an_object_that_is_not_whole() -> None:
    outlet = Outlet()
    outlet.put(PARCEL.fragments()[0])
    assert outlet.take(0, 100) is None
