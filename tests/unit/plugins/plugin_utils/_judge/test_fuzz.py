# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fuzzing of DER and of snapshots: damage by structure, not only by bit, half of it signed again by the CA.

A mutated certificate that the CA signs gets past the signature and reaches every decoder. Nothing may raise, and what satisfies must
also be right by this file's reading and ``cryptography``'s. The same few examples each run; ``FUZZ_EXAMPLES=20000`` looks for new ones
that long.
"""
from __future__ import annotations

import base64
import copy
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import asn1
import pki
import pytest
import signing
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.authority import AuthorityError, load_authority
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.judgement import judge
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.requirement import requirement_for
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._snapshot import files
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._snapshot.snapshot import Snapshot, StoredCertificate
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._verdict import form
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._verdict.instants import Instants
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._verdict.verdict import Outcome, Verdict

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "0"))
SOME = settings(max_examples=EXAMPLES or 150, derandomize=not EXAMPLES, database=None, deadline=None,
                suppress_health_check=list(HealthCheck))

TOP = pki.root("TOP", "Contoso Root")
CA = pki.subordinate("R", TOP, pki.LYNC_CA, extensions={"nc": pki.name_constraints([pki.dns(pki.DOMAIN)])})
LEAF = pki.leaf(CA)
ROOT, ISSUING, ISSUED = TOP.build(), CA.build(), LEAF.build()
LYNC = requirement_for("lync_2013", pool=pki.POOL)
CHAIN = requirement_for("lync_2013", pool=pki.POOL, match="chain")
AUTHORITY, TOPMOST = load_authority([("ca.cer", ISSUING)]), load_authority([("root.cer", ROOT)])


@dataclass
class Node:
    """An element of DER; ``parts`` where it is made of others, also inside an OCTET STRING, else ``body``."""

    tag: int
    parts: list[Node]
    body: bytes = b""

    def encode(self) -> bytes:
        return asn1.tlv(self.tag, *(part.encode() for part in self.parts)) if self.parts else asn1.tlv(self.tag, self.body)

    def inside(self) -> Iterator[tuple[Node, int]]:
        """Every place below: the element and the number of the part."""
        for number, part in enumerate(self.parts):
            yield self, number
            yield from part.inside()


def parsed(data: bytes) -> list[Node]:
    found = []
    while data:
        size, start = data[1], 2
        if size >= 0x80:
            start += size & 0x7F
            size = int.from_bytes(data[2:start], "big")
        tag, body, data = data[0], data[start:start + size], data[start + size:]
        if len(body) != size:
            raise ValueError("cut")
        parts: list[Node] = []
        if tag & 0x20 or tag == 0x04:
            try:
                parts = parsed(body)
            except (IndexError, ValueError):
                parts = []
            if b"".join(part.encode() for part in parts) != body:
                parts = []  # it only looks like elements
        found.append(Node(tag, parts, body))
    return found


BMP, UNIVERSAL = 0x1E, 0x1C
TAGS = st.sampled_from([0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x0C, 0x13, 0x14, 0x16, 0x17, 0x18, 0x1E, 0x30, 0x31, 0x80, 0x82, 0x86, 0x87,
                        0xA0, 0xA1, 0xA3, 0x1F, 0xFF])
CHANGES = st.lists(st.tuples(st.sampled_from(["remove", "twice", "swap", "tag", "body", "flip", "graft"]), st.integers(0, 10_000), TAGS,
                             st.binary(max_size=12)), min_size=1, max_size=4)
Changes = list[tuple[str, int, int, bytes]]


def mutated(data: bytes, changes: Changes) -> bytes:
    """The element ``data`` with parts removed, doubled, swapped, retagged, refilled or put elsewhere; all lengths are right again."""
    tree = parsed(data)[0]
    for kind, where, tag, body in changes:
        places = list(tree.inside())
        if not places:
            break
        holder, number = places[where % len(places)]
        part = holder.parts[number]
        if kind == "remove":
            del holder.parts[number]
        elif kind == "twice":
            holder.parts.insert(number, copy.deepcopy(part))
        elif kind == "swap":
            holder.parts.reverse()
        elif kind == "tag":
            part.tag = tag
        elif kind == "body":
            part.parts, part.body = [], body
        elif kind == "flip" and not part.parts and part.body:
            at = (where // 7) % len(part.body)
            part.body = part.body[:at] + bytes([part.body[at] ^ (1 << tag % 8)]) + part.body[at + 1:]
        elif kind == "graft":
            other, slot = places[(where * 31 + tag) % len(places)]
            holder.parts[number] = copy.deepcopy(other.parts[slot])
    return tree.encode()


def signed_again(content: bytes, changes: Changes, signer: Any) -> bytes:
    """The certificate with its to-be-signed part mutated and the CA's signature over that."""
    body, algorithm, _signature = parsed(content)[0].parts
    changed = mutated(body.encode(), changes)
    return asn1.sequence(changed, algorithm.encode(), asn1.bits(signing.sign(signer, "sha256", changed)))


def verdict_on(content: bytes, *, chain: bool = False, issuing: bytes = ISSUING) -> Verdict:
    snapshot = pki.snapshot([pki.stored(content, pki.private_key(LEAF.key))], ca=[issuing], roots=[ROOT])
    return judged(snapshot, chain)


def judged(snapshot: Snapshot, chain: bool = False) -> Verdict:
    verdict = judge(snapshot, TOPMOST if chain else AUTHORITY, CHAIN if chain else LYNC, Instants(pki.NOW, host=pki.NOW), run_id="run")
    json.dumps(form.write(verdict)).encode("ascii")  # what reaches Ansible and the report
    return verdict


def values(content: bytes, dotted: str, tag: int) -> list[bytes]:
    """What elements of that tag hold in the value of an extension, by this file's own reading."""
    optional = parsed(content)[0].parts[0].parts[-1]
    return [inner.parts[number].body for extension in optional.parts[0].parts if extension.parts[0].encode() == asn1.oid(dotted)
            for inner, number in extension.parts[-1].inside() if inner.parts[number].tag == tag]


def loaded(content: bytes) -> x509.Certificate:
    """As cryptography reads it, or it raises. Strings of a name and the serial number are made harmless first: AD CS issues odd ones."""
    tree = parsed(content)[0]
    _version, serial, _algorithm, issuer, _validity, subject = tree.parts[0].parts[:6]
    serial.body = b"\x01"
    for name in (issuer, subject):
        for holder, number in name.inside():
            if holder.parts[number].tag in (pki.PRINTABLE, BMP, UNIVERSAL):
                holder.parts[number].tag = pki.TELETEX
    return x509.load_der_x509_certificate(tree.encode())


def issued(content: bytes, issuer: bytes) -> x509.Certificate:
    """The certificate, if its bytes are signed by the key and name the subject of that CA; else raises."""
    body, algorithm, signature = parsed(content)[0].parts
    assert body.parts[2].encode() == algorithm.encode() == signing.algorithm_identifier("sha256")
    assert body.parts[3].encode() == parsed(issuer)[0].parts[0].parts[5].encode()
    key = loaded(issuer).public_key()
    assert isinstance(key, rsa.RSAPublicKey)
    key.verify(signature.body[1:], body.encode(), padding.PKCS1v15(), hashes.SHA256())
    return loaded(content)


def right(content: bytes) -> bool:
    """What ``lync_2013`` wants of the certificate itself, without the judge's reading."""
    certificate = issued(content, ISSUING)
    names = {name.decode("ascii").lower() for name in values(content, "2.5.29.17", 0x82)}
    return ({pki.FQDN, pki.POOL} <= names and asn1.oid(pki.SERVER_AUTH)[2:] in values(content, "2.5.29.37", 0x06)
            and certificate.not_valid_before_utc <= pki.NOW <= certificate.not_valid_after_utc
            and certificate.public_key() == LEAF.key.public_key() and b"\xff" not in values(content, "2.5.29.19", 0x01))


def test_the_mutator_keeps_what_it_does_not_change() -> None:
    assert parsed(ISSUED)[0].encode() == ISSUED
    assert signed_again(ISSUED, [], LEAF.signer) == ISSUED
    assert verdict_on(ISSUED).outcome is Outcome.SATISFIED
    assert verdict_on(ISSUED, chain=True).outcome is Outcome.SATISFIED
    assert right(ISSUED)
    assert values(ISSUING, "2.5.29.19", 0x01) == [b"\xff"]


@SOME
@given(changes=CHANGES, chain=st.booleans())
def test_no_certificate_with_other_parts_satisfies(changes: Changes, chain: bool) -> None:
    content = mutated(ISSUED, changes)
    satisfied = verdict_on(content, chain=chain).outcome is Outcome.SATISFIED
    assert satisfied == (content == ISSUED)


@SOME
@given(changes=CHANGES, chain=st.booleans())
def test_what_the_ca_signed_and_satisfies_is_right(changes: Changes, chain: bool) -> None:
    content = signed_again(ISSUED, changes, LEAF.signer)
    if verdict_on(content, chain=chain).outcome is Outcome.SATISFIED:
        assert right(content)


@pytest.mark.parametrize(("kind", "tag"), [("remove", 0), ("twice", 0), ("swap", 0), ("tag", 0x0C), ("tag", 0x30), ("body", 0)])
def test_every_single_part_changed_and_signed_by_the_ca(kind: str, tag: int) -> None:
    parts = len(list(parsed(ISSUED)[0].parts[0].inside()))
    for where in range(parts):
        content = signed_again(ISSUED, [(kind, where, tag, b"")], LEAF.signer)
        if verdict_on(content).outcome is Outcome.SATISFIED:
            assert right(content), (kind, where)


@SOME
@given(changes=CHANGES)
def test_a_ca_certificate_that_its_root_signed_is_used_only_if_sound(changes: Changes) -> None:
    content = signed_again(ISSUING, changes, CA.signer)
    if verdict_on(ISSUED, chain=True, issuing=content).outcome is Outcome.SATISFIED:
        issued(content, ROOT)
        issued(ISSUED, content)
        assert values(content, "2.5.29.19", 0x01) == [b"\xff"]


@SOME
@given(changes=CHANGES)
def test_a_reference_ca_of_any_shape_is_taken_or_refused_with_a_sentence(changes: Changes) -> None:
    content = signed_again(ISSUING, changes, CA.signer)
    refusal, authority = "", None
    try:
        authority = load_authority([("ca.cer", content)])
    except AuthorityError as error:
        refusal = str(error)
    if authority is None:
        assert refusal.startswith("ca.cer ")
    else:
        assert authority.describe()
        authority.problem_at(pki.NOW)


GOOD = json.loads(files.dump(pki.snapshot([pki.stored(ISSUED, pki.private_key(LEAF.key))], ca=[ISSUING], roots=[ROOT])))
VALUES = st.one_of(st.none(), st.booleans(), st.integers(-2, 2**33), st.text(max_size=8), st.sampled_from(
    ["csp", "cng", "My", "CA", "Root", "2026-11-23T12:00:00Z", "", [], {}, base64.b64encode(ISSUED).decode()]))
EDITS = st.lists(st.tuples(st.sampled_from(["set", "remove", "copy"]), st.integers(0, 10_000), VALUES), min_size=1, max_size=3)


def spots(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every place of a JSON document: the container and the key."""
    keys = list(value) if isinstance(value, dict) else list(range(len(value))) if isinstance(value, list) else []
    for key in keys:
        yield value, key
        yield from spots(value[key])


def edited(edits: list[tuple[str, int, Any]]) -> str:
    document = copy.deepcopy(GOOD)
    for kind, where, value in edits:
        places = list(spots(document))
        if not places:
            break
        holder, key = places[where % len(places)]
        if kind == "set":
            holder[key] = value
        elif kind == "remove":
            del holder[key]
        else:
            other, place = places[(where * 31) % len(places)]
            holder[key] = copy.deepcopy(other[place])
    return json.dumps(document)


def sound(entry: StoredCertificate) -> bool:
    key = entry.private_key
    return key.present is True and key.opened is True and key.public_key == pki.numbers(LEAF.key)


def load_and_judge(text: str) -> None:
    refusal, snapshot = "", None
    try:
        snapshot = files.load(text, source="x.json")
    except files.SnapshotError as error:
        refusal = str(error)
    if snapshot is None:
        assert "x.json" in refusal
        return
    verdict = judged(snapshot)
    if verdict.outcome is Outcome.SATISFIED:
        my = snapshot.store("My")
        assert my is not None
        assert any(entry.content == ISSUED and sound(entry) for entry in my.certificates)
        assert verdict.certificate is not None
        assert verdict.certificate.content == base64.b64encode(ISSUED).decode()


@SOME
@given(edits=EDITS)
def test_a_snapshot_with_other_values_is_refused_or_judged_by_what_it_says(edits: list[tuple[str, int, Any]]) -> None:
    load_and_judge(edited(edits))


@SOME
@given(at=st.integers(0, 1_000_000), cut=st.integers(0, 40), put=st.text(max_size=6))
def test_a_snapshot_damaged_as_text_is_refused_or_judged_by_what_it_says(at: int, cut: int, put: str) -> None:
    text = json.dumps(GOOD)
    at %= len(text)
    load_and_judge(text[:at] + put + text[at + cut:])
