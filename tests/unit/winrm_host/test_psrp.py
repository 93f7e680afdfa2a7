# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PSRP's fragments and the little CLIXML that the host has to understand."""
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypsrp.serializer import Serializer

from winrm_host import psrp
from winrm_host.psrp import Assembler, Message, Parcel

TEXT = st.text(st.characters(exclude_categories=["Cs"]))


@given(st.lists(st.binary(min_size=1, max_size=50), min_size=1, max_size=5))
def test_fragments_again(blobs: list[bytes]) -> None:
    parcel = Parcel(7, b"".join(blobs), tuple(map(len, blobs)))
    assembler = Assembler()
    *first, last = parcel.fragments()
    assert [assembler.feed(fragment) for fragment in first] == [[]] * len(first)
    assert assembler.feed(last) == [parcel]


def test_objects_mixed() -> None:
    one, two = Parcel(1, b"abcd", (2, 2)), Parcel(2, b"xy", (1, 1))
    order = [one.fragments()[0], two.fragments()[0], two.fragments()[1], one.fragments()[1]]
    assert Assembler().feed(b"".join(order)) == [two, one]


@pytest.mark.parametrize("cut", [1, 20, 22])
def test_a_cut_fragment_is_refused(cut: int) -> None:
    with pytest.raises(ValueError, match="cut"):
        Assembler().feed(Parcel(1, b"abcd", (4,)).fragments()[0][:cut])


def test_message() -> None:
    message = Message(1, psrp.PIPELINE_OUTPUT, b"p" * 16, b"q" * 16, "<S>" + "x" * 100_000 + "</S>")
    parcel = psrp.parcel(3, message)
    assert len(parcel.sizes) == 4
    assert parcel.message() == message


@given(TEXT)
def test_text_as_a_client_reads_it(text: str) -> None:
    assert Serializer().deserialize(psrp.text_xml(text)) == text


@given(TEXT)
def test_text_as_a_client_writes_it(text: str) -> None:
    from xml.etree.ElementTree import tostring

    assert psrp.text_of(tostring(Serializer().serialize(text), encoding="unicode")) == text


def test_ended() -> None:
    def state(value: int) -> Message:
        return Message(1, psrp.PIPELINE_STATE, b"", b"", psrp.state("PipelineState", value))

    assert [psrp.ended(state(value)) for value in range(7)] == [False, False, False, True, True, True, False]
