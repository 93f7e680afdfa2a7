# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Strict reading: each way in which bytes can be almost a certificate."""

from __future__ import annotations

import asn1
import pki
import pytest
import signing
from asn1 import bits, integer, octets, oid, sequence, tlv

from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge import der

SPEC = pki.leaf(pki.root())
GOOD = SPEC.build()
ALGORITHM = signing.algorithm_identifier("sha256")
NAME = pki.ca_name("X")
TIMES = sequence(asn1.instant(pki.NOW), asn1.instant(pki.day(1)))
KEY = signing.spki(signing.key("L"))


def tbs(*tail: bytes, serial: bytes = b"\x01", version: bytes = b"\xa0\x03\x02\x01\x02", times: bytes = TIMES) -> bytes:
    return sequence(version, tlv(0x02, serial), ALGORITHM, NAME, times, NAME, KEY, *tail)


def whole(body: bytes, signature: bytes = bits(b"x")) -> bytes:
    return sequence(body, ALGORITHM, signature)


EXTENSION = sequence(oid("1.2.3"), octets(b""))


def listed(*extensions: bytes) -> bytes:
    return tlv(0xA3, sequence(*extensions))


@pytest.mark.parametrize("content", [
    whole(tbs()), whole(tbs(listed(EXTENSION))), whole(tbs(version=b"")), whole(tbs(serial=b"\x00\x80")),
    whole(tbs(version=b"\xa0\x03\x02\x01\x01")), whole(tbs(tlv(0x81, b"\x00x"), version=b"\xa0\x03\x02\x01\x01"))])
def test_sound(content: bytes) -> None:
    structure = der.read(content)
    assert structure.issuer == structure.subject == NAME
    der.extensions(structure.extension_list)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x30",
        b"\x30\x80\x00\x00",
        b"\x30\x81\x05hello",
        b"\x1f\x81\x01\x00",
        GOOD + b"\x00",
        GOOD[:-1],
        whole(tbs(), bits(b"x", 1)),
        whole(tbs(), b"\x03\x00"),
        whole(tbs(), octets(b"x")),
        whole(tbs(serial=b"")),
        whole(tbs(serial=b"\x00\x01")),
        whole(tbs(serial=b"\xff\x80")),
        whole(tbs(version=b"\xa0\x03\x02\x01\x03")),
        whole(tbs(version=b"\xa0\x04\x02\x02\x00\x02")),
        whole(tbs(version=b"\xa0\x03\x02\x01\x00")),
        whole(tbs(version=b"\xa0\x06\x02\x01\x02\x02\x01\x02")),
        whole(tbs(tlv(0xA3, tlv(0x31, EXTENSION)))),
        whole(tbs(listed(EXTENSION), version=b"")),
        whole(tbs(listed(EXTENSION), version=b"\xa0\x03\x02\x01\x01")),
        whole(tbs(listed())),
        whole(tbs(listed(EXTENSION), listed(EXTENSION))),
        whole(tbs(integer(1))),
        whole(tbs(times=sequence(asn1.instant(pki.NOW)))),
        whole(tbs(times=sequence(integer(1), integer(2)))),
        sequence(tbs(), ALGORITHM),
        sequence(tbs(), ALGORITHM, bits(b""), bits(b"")),
    ],
)
def test_almost(content: bytes) -> None:
    with pytest.raises(der.DerError):
        der.read(content)


@pytest.mark.parametrize(
    "extensions",
    [
        (EXTENSION, EXTENSION),
        (octets(b""),),
        (sequence(oid("1.2.3")),),
        (sequence(oid("1.2.3"), b"\x01\x01\x01", octets(b"")),),
        (sequence(octets(b""), oid("1.2.3")),),
        (sequence(tlv(0x06, b"\x80\x01"), octets(b"")),),
    ],
)
def test_almost_extensions(extensions: tuple[bytes, ...]) -> None:
    structure = der.read(whole(tbs(listed(*extensions))))
    with pytest.raises(der.DerError):
        der.extensions(structure.extension_list)


@pytest.mark.parametrize("cut", [0, 1, 20, len(GOOD) // 2])
def test_the_issuer_is_seen_in_a_damaged_certificate(cut: int) -> None:
    assert der.peek_issuer(GOOD[: len(GOOD) - cut]) == SPEC.issuer


@pytest.mark.parametrize("content", [b"", b"\x30", b"\x30\x03abc", b"garbage", b"\x30\x82\xff\xff\x30\x82", GOOD[:30]])
def test_no_issuer_where_none_can_be_seen(content: bytes) -> None:
    assert der.peek_issuer(content) is None


@pytest.mark.parametrize("text", ["1.2.840.113549.1.1.11", "2.5.29.15", "2.999.3", "0.9.2342.19200300.100.1.25", "1.3.6.1.4.1.311.21.10"])
def test_object_identifiers(text: str) -> None:
    assert der.dotted(der.encode_oid(text)) == text


@pytest.mark.parametrize("content", [b"", b"\x80", b"\x2a\x80\x01", b"\x2a\x86", b"\x80\x01", b"\x2a" + b"\xff" * 254 + b"\x7f"])
def test_object_identifiers_that_are_none(content: bytes) -> None:
    with pytest.raises(der.DerError):
        der.dotted(content)


def test_object_identifiers_of_unusual_length() -> None:
    assert der.dotted(b"\x2a\x81\x80\x01") == "1.2.16385"
    assert len(der.dotted(b"\x2a" + b"\xff" * 253 + b"\x7f")) > 500


LONG = b"x" * 128


@pytest.mark.parametrize("data", [
    b"\x04\x00", b"\x04\x7f" + LONG[:127], b"\x04\x81\x80" + LONG, b"\x04\x82\x01\x00" + LONG * 2, b"\x04\x83\x01\x00\x00" + LONG * 512,
    b"\x1e\x00"])
def test_an_element(data: bytes) -> None:
    tag, start, end = der.element(data, 0, len(data))
    assert (tag, end) == (data[0], len(data))
    assert start == len(data) - (end - start)
    with pytest.raises(der.DerError):
        der.element(data, 0, len(data) - 1)
    assert der.element(data + b"more", 0, len(data) + 4) == (tag, start, end)


@pytest.mark.parametrize("data", [
    b"\x1f\x01x", b"\x3f\x01x", b"\x04\x80" + LONG, b"\x04\x81\x7f" + LONG[:127], b"\x04\x82\x00\x80" + LONG, b"\x04\x81",
    b"\x04\x82\x01", b"\x04\x85\x00\x00\x00\x00\x80" + LONG, b"\x04\x85\x01\x00\x00\x00\x00", b"\x04\xff" + LONG])
def test_an_element_that_is_none(data: bytes) -> None:
    with pytest.raises(der.DerError):
        der.element(data, 0, len(data))


def test_unique_identifiers_are_passed_over() -> None:
    structure = der.read(whole(tbs(tlv(0x81, b"\x00x"), tlv(0xA2, bits(b"x")), listed(EXTENSION))))
    assert structure.subject == NAME
    assert len(der.extensions(structure.extension_list)) == 1


@pytest.mark.parametrize(("field", "version"), [(b"", 1), (b"\xa0\x03\x02\x01\x01", 2), (b"\xa0\x03\x02\x01\x02", 3)])
def test_versions(field: bytes, version: int) -> None:
    assert der.read(whole(tbs(version=field))).version == version


def test_a_critical_flag_that_says_no_is_read() -> None:
    structure = der.read(whole(tbs(listed(sequence(oid("1.2.3"), asn1.boolean(False), octets(b""))))))
    assert [extension.critical for extension in der.extensions(structure.extension_list)] == [False]


def test_what_an_extension_says() -> None:
    critical = sequence(oid("1.2.4"), asn1.boolean(True), octets(b"value"))
    structure = der.read(whole(tbs(listed(EXTENSION, critical))))
    plain, marked = der.extensions(structure.extension_list)
    assert (plain.oid, plain.critical, plain.value) == (oid("1.2.3")[2:], False, b"")
    assert (plain.encoded, marked.encoded) == (EXTENSION, critical)
    assert (marked.oid, marked.critical, marked.value) == (oid("1.2.4")[2:], True, b"value")


@pytest.mark.parametrize("body", [sequence(), tbs(tlv(0xA3, sequence(EXTENSION), sequence(EXTENSION)))])
def test_neither_an_empty_body_nor_two_lists_of_extensions(body: bytes) -> None:
    with pytest.raises(der.DerError):
        der.read(whole(body))
