# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Distinguished names: as Windows shows them, and which are equal by RFC 5280 7.1."""
from __future__ import annotations

import pki
import pytest
from asn1 import integer, octets, oid, sequence, set_of, tlv

from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge import names

CN = "2.5.4.3"
BMP, UNIVERSAL, NUMERIC, VISIBLE = 0x1E, 0x1C, 0x12, 0x1A


def attribute(dotted: str, content: bytes, tag: int = pki.UTF8) -> bytes:
    return sequence(oid(dotted), tlv(tag, content))


def one(dotted: str, content: bytes, tag: int = pki.UTF8) -> bytes:
    return sequence(set_of(attribute(dotted, content, tag)))


@pytest.mark.parametrize(("dotted", "label"), [
    ("2.5.4.3", "CN"), ("2.5.4.6", "C"), ("2.5.4.7", "L"), ("2.5.4.8", "S"), ("2.5.4.10", "O"), ("2.5.4.11", "OU"),
    ("2.5.4.5", "SERIALNUMBER"), ("2.5.4.9", "STREET"), ("0.9.2342.19200300.100.1.25", "DC"), ("1.2.840.113549.1.9.1", "E"),
    ("1.2.3", "OID.1.2.3")])
def test_attributes_are_called_as_windows_calls_them(dotted: str, label: str) -> None:
    assert names.text(one(dotted, b"x")) == f"{label}=x"


@pytest.mark.parametrize(("content", "tag", "shown"), [
    ("ä".encode(), pki.UTF8, "ä"), (b"x", pki.PRINTABLE, "x"), (b"12", NUMERIC, "12"), (b"x", VISIBLE, "x"), (b"x", pki.IA5, "x"),
    ("ä".encode("latin-1"), pki.TELETEX, "ä"), ("ä".encode("utf-16-be"), BMP, "ä"), ("ä".encode("utf-32-be"), UNIVERSAL, "ä"),
    (b"\xff", pki.UTF8, "#ff"), (b"\xe4", NUMERIC, "#e4"), (b"\xe4", VISIBLE, "#e4"), (b"\x00", BMP, "#00"), (b"\x01", 0x02, "#01")])
def test_each_type_of_string_is_read_as_what_it_is(content: bytes, tag: int, shown: str) -> None:
    assert names.text(one(CN, content, tag)) == f"CN={shown}"


@pytest.mark.parametrize(("value", "shown"), [
    ("a b", "a b"), ("a,b", '"a,b"'), ("a+b", '"a+b"'), ('a"b', '"a""b"'), ("a=b", '"a=b"'), ("a<b", '"a<b"'), ("a>b", '"a>b"'),
    ("a#b", '"a#b"'), ("a;b", '"a;b"'), (" a", '" a"'), ("a ", '"a "'), ("a\nb", "a\\x0Ab"), ("a'b", "a'b"), ("X:", "X:"),
    ("x" * 300, "x" * 256)])
def test_what_is_quoted(value: str, shown: str) -> None:
    assert names.text(one(CN, value.encode())) == f"CN={shown}"


def test_the_least_significant_part_comes_first_and_parts_of_one_set_belong_together() -> None:
    several = sequence(set_of(attribute("2.5.4.10", b"o")), set_of(attribute(CN, b"a"), attribute("2.5.4.11", b"u")))
    assert names.text(several) == "CN=a+OU=u, O=o"
    assert names.text(sequence()) == ""


@pytest.mark.parametrize("name", [
    b"", b"garbage", set_of(), sequence(sequence()), sequence(octets(b"")), sequence(set_of(octets(b""))), sequence(set_of(sequence())),
    sequence(set_of(sequence(oid(CN)))), sequence(set_of(sequence(oid(CN), octets(b"x"), octets(b"y")))),
    sequence(set_of(sequence(integer(1), octets(b"x")))), sequence(set_of(set_of(oid(CN), octets(b"x")))), one(CN, b"x") + b"\x00"])
def test_what_is_no_name_has_no_text_and_equals_nothing(name: bytes) -> None:
    assert names.text(name) is None
    assert names.common_names(name) == ()
    assert names.normalised(name) is None
    assert not names.same(name, one(CN, b"x"))
    assert not names.same(one(CN, b"x"), name)
    assert not names.same(name, sequence(sequence(sequence())))


@pytest.mark.parametrize(("first", "second", "equal"), [
    (one(CN, b"x"), one(CN, b"x"), True),
    (one(CN, b"Contoso  CA "), one(CN, b" contoso ca", pki.PRINTABLE), True),
    (one(CN, b"x"), one(CN, "x".encode("utf-16-be"), BMP), True),
    (one(CN, b"x"), one(CN, b"y"), False),
    (one(CN, b"x"), one("2.5.4.10", b"x"), False),
    (one(CN, b"x", pki.TELETEX), one(CN, b"x", pki.TELETEX), True),
    (one(CN, b"x", pki.TELETEX), one(CN, b"x"), False),
    (one(CN, b"x", pki.TELETEX), one(CN, b"X", pki.TELETEX), False),
    (one(CN, b"x", pki.TELETEX), one("2.5.4.10", b"x", pki.TELETEX), False),
    (one(CN, b"\xff"), one(CN, b"\xff"), True),
    (one(CN, b"\xff"), one(CN, b"\xff", pki.IA5), False),
    (one(CN, b"\xff"), one(CN, b"\xfe"), False),
    (one(CN, b"x"), sequence(set_of(attribute(CN, b"x")), set_of(attribute(CN, b"x"))), False),
    (sequence(set_of(attribute(CN, b"a"), attribute("2.5.4.11", b"u"))), sequence(set_of(attribute("2.5.4.11", b"U"), attribute(CN, b"A"))),
     True),
])
def test_which_names_are_equal(first: bytes, second: bytes, equal: bool) -> None:
    assert [names.same(*pair) for pair in ((first, second), (second, first))] == [equal, equal]


def test_all_common_names_and_addresses_are_found() -> None:
    name = sequence(set_of(attribute(CN, b"a")), set_of(attribute("1.2.840.113549.1.9.1", b"x@y", pki.IA5), attribute(CN, b"b")),
                    set_of(attribute(CN, b"\xff")))
    assert names.common_names(name) == ("a", "b")
    assert names.email_addresses(name) == ("x@y",)
