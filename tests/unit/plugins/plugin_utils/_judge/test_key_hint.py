# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an authority key identifier says."""
from __future__ import annotations

import pki
import pytest
from asn1 import octets, sequence, tlv

from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge import key_hint
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.der import DerError

KEY, SERIAL = tlv(0x80, b"key"), tlv(0x82, b"\x07")
ISSUER = tlv(0xA1, pki.directory(pki.ca_name("X")))


@pytest.mark.parametrize(("value", "said"), [
    (sequence(), (None, None)), (sequence(KEY), (b"key", None)), (sequence(ISSUER, SERIAL), (None, b"\x07")),
    (sequence(KEY, ISSUER, SERIAL), (b"key", b"\x07")), (sequence(ISSUER, tlv(0x82, b"\x81\x01")), (None, b"\x81\x01"))])
def test_what_is_said(value: bytes, said: tuple[bytes | None, bytes | None]) -> None:
    assert key_hint.read(value) == said


@pytest.mark.parametrize("value", [
    b"", octets(b"key"), sequence(KEY) + b"\x00", sequence(ISSUER), sequence(SERIAL), sequence(KEY, SERIAL), sequence(KEY, KEY),
    sequence(ISSUER, SERIAL, KEY), sequence(SERIAL, ISSUER), sequence(ISSUER, tlv(0x82)), sequence(ISSUER, tlv(0x82, b"\x00\x07")),
    sequence(octets(b"key")), sequence(tlv(0x83, b"x")), sequence(tlv(0xA0, b"")), sequence(KEY, tlv(0x9F, b"x"))])
def test_what_is_none(value: bytes) -> None:
    with pytest.raises(DerError):
        key_hint.read(value)
