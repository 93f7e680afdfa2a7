# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Parts of a certificate that are decoded here: times, curves, critical policies; and what is no certificate at all."""
from __future__ import annotations

import base64
from datetime import datetime, timezone
from typing import Any

import pki
import pytest
import signing
from asn1 import bits, boolean, integer, null, octets, oid, sequence, tlv
from situations import CA, GOOD, ISSUED, Situation, ext, severities, verdict_on

from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.certificate import Certificate, met_before, parse, parse_once
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.understanding import NotUnderstood
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._verdict.verdict import Outcome

UTC, GENERALIZED = 0x17, 0x18
SECOND_OF_MARCH = datetime(2031, 3, 2, 4, 5, 6, tzinfo=timezone.utc)


class Written(datetime):
    """A date that is written as ``text``, whatever it is."""

    text: str

    def strftime(self, _form: str) -> str:
        return self.text


def ending(text: str, tag: int) -> Certificate:
    """A certificate with these octets as its end."""
    end = Written(2026 if tag == UTC else 2060, 1, 1)
    end.text = text
    return parse(GOOD.change(not_after=end, signature=b"x").build())


@pytest.mark.parametrize(("text", "tag", "moment"), [
    ("310302040506Z", UTC, SECOND_OF_MARCH), ("20310302040506Z", GENERALIZED, SECOND_OF_MARCH),
    ("491231235959Z", UTC, datetime(2049, 12, 31, 23, 59, 59, tzinfo=timezone.utc)),
    ("500101000000Z", UTC, datetime(1950, 1, 1, tzinfo=timezone.utc)), ("991231000000Z", UTC, datetime(1999, 12, 31, tzinfo=timezone.utc)),
    ("99991231235959Z", GENERALIZED, datetime(9999, 12, 31, 23, 59, 59, tzinfo=timezone.utc))])
def test_times(text: str, tag: int, moment: datetime) -> None:
    assert ending(text, tag).not_after == moment


@pytest.mark.parametrize(("text", "tag"), [
    ("3103020405Z", UTC), ("310302040506", UTC), ("310302040506+0100", UTC), ("310302040506z", UTC), ("31030204050 Z", UTC),
    ("3103020405 6Z", UTC),
    ("-10302040506Z", UTC), ("20310302040506Z", UTC), ("310302040506Z", GENERALIZED), ("20310302040506.5Z", GENERALIZED),
    ("311302040506Z", UTC), ("310300040506Z", UTC), ("310302240506Z", UTC), ("310302046006Z", UTC), ("310302040560Z", UTC),
    ("00000302040506Z", GENERALIZED), ("", UTC), ("Z", UTC), ("3103020405061", UTC)])
def test_times_that_are_none(text: str, tag: int) -> None:
    with pytest.raises(NotUnderstood, match=r"^notAfter: "):
        _dummy = ending(text, tag).not_after


@pytest.mark.parametrize(("parameters", "words"), [
    ([sequence(integer(1), sequence(oid("1.2.840.10045.1.1"), integer(23)))], "written out"), ([], "written out"),
    ([null()], "written out"), ([oid("1.2.3")], "could not be decoded"),
    ([oid("1.2.840.10045.3.1.7"), null()], "written out")])
def test_a_curve_counts_by_its_name_only(parameters: list[bytes], words: str) -> None:
    point = signing.spki(signing.key("E", "p256"))[-65:]
    key = sequence(sequence(oid("1.2.840.10045.2.1"), *parameters), bits(point))
    with pytest.raises(NotUnderstood, match=words):
        _dummy = parse(GOOD.change(public_key=key, signature=b"x").build()).public_key


def policies(*qualifiers: bytes, critical: bool = True) -> bytes:
    """certificatePolicies with one policy and these qualifiers."""
    rest = [sequence(*qualifiers)] if qualifiers else []
    return pki.extension("2.5.29.32", sequence(sequence(oid("1.2.3.4"), *rest)), critical)


STATEMENT = sequence(oid("1.3.6.1.5.5.7.2.1"), tlv(0x16, b"http://pki.contoso.local/cps"))
NOTICE = sequence(oid("1.3.6.1.5.5.7.2.2"), sequence(tlv(0x0C, b"Contoso")))
OTHER = sequence(oid("1.2.3.5"), null())


@pytest.mark.parametrize(("extension", "fine"), [
    (policies(), True), (policies(STATEMENT, NOTICE), True), (policies(OTHER, critical=False), True), (policies(OTHER), False),
    (pki.extension("2.5.29.36", sequence(), critical=True), False), (pki.extension("2.5.29.36", sequence()), True)])
def test_critical_policies_are_processed_if_their_qualifiers_are_known(extension: bytes, fine: bool) -> None:
    assert (verdict_on(ext(more=extension)).outcome is Outcome.SATISFIED) is fine


@pytest.mark.parametrize(("content", "words"), [
    (b"", "no bytes"), (b"-----BEGIN CERTIFICATE-----\n" + base64.b64encode(ISSUED), "PEM text"), (b" \n-----BEGIN", "PEM text"),
    (b"garbage", "structure"), (ISSUED + b"\x00" * 20000, "structure")])
def test_what_is_no_certificate_says_what_it_is(content: bytes, words: str) -> None:
    with pytest.raises(NotUnderstood, match=words):
        parse(content)


@pytest.mark.parametrize("padding", [0, 20_000])
def test_a_certificate_of_any_size_is_read(padding: int) -> None:
    content = GOOD.change(extensions={"more": pki.extension("1.2.3", bytes(padding))}).build()
    assert verdict_on(Situation(my=[pki.stored(content, pki.private_key(GOOD.key))])).outcome is Outcome.SATISFIED


def test_one_extension_at_fault_hides_no_other() -> None:
    garbled: dict[str, Any] = {"san": pki.extension("2.5.29.17", b"\x30\x03\x82\x05x"), "eku": pki.extended_key_usage(pki.CLIENT_AUTH)}
    found = severities(verdict_on(Situation(my=[pki.stored(pki.leaf(CA, extensions=garbled))])))
    assert (found["certificate.not_understood"], found["purpose.eku_missing"]) == ("open", "blocking")


def test_a_critical_flag_that_is_written_out_as_false_changes_nothing() -> None:
    written = sequence(oid("2.5.29.37"), boolean(False), octets(sequence(oid(pki.SERVER_AUTH))))
    assert verdict_on(ext(eku=written)).outcome is Outcome.SATISFIED


def test_a_list_of_purposes_without_any_is_not_understood_by_any_version_of_the_library() -> None:
    assert severities(verdict_on(ext(eku=pki.extended_key_usage()))) == {"certificate.not_understood": "open"}


def test_the_same_certificate_met_again_is_not_decoded_again() -> None:
    first = met_before(parse_once(ISSUED))
    assert met_before(parse_once(ISSUED)) is first
    assert parse_once(ISSUED) == first
    assert parse_once(ISSUED) is not first
    assert met_before(parse_once(CA.build())) != first
