# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Signature algorithms as Windows CAs write them."""

from __future__ import annotations

from typing import Any

import asn1
import pytest
import signing
from asn1 import null, oid, sequence, tlv
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, rsa, x25519

from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge import algorithms
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.understanding import NotUnderstood

KEYS = {"sha": "rsa2048", "pss": "rsa2048", "ecd": "p256", "ed2": "ed25519"}


@pytest.mark.parametrize(
    ("scheme", "label"),
    [
        ("sha256", "RSASSA-PKCS1-v1_5 with SHA-256"),
        ("sha1", "RSASSA-PKCS1-v1_5 with SHA-1"),
        ("pss-sha256", "RSASSA-PSS with SHA-256"),
        ("pss-sha384-mgf1-sha1", "RSASSA-PSS with SHA-384"),
        ("ecdsa-sha384", "ECDSA with SHA-384"),
        ("ecdsa-specified-sha256", "ECDSA with SHA-256"),
        ("ed25519", "Ed25519"),
    ],
)
def test_signatures_verify_and_altered_ones_do_not(scheme: str, label: str) -> None:
    private = signing.key("A", KEYS[scheme[:3]])
    algorithm = algorithms.read(signing.algorithm_identifier(scheme))
    assert algorithm.label == label
    signature = signing.sign(private, scheme, b"data")
    spki = signing.spki(private)
    assert algorithms.fits(algorithms.load_key(spki), algorithm)
    assert algorithms.verifies(spki, algorithm, signature, b"data")
    assert not algorithms.verifies(spki, algorithm, signature, b"other data")
    assert not algorithms.verifies(spki, algorithm, signature[:-1] + bytes([signature[-1] ^ 1]), b"data")


def test_rsa_without_null_parameters_is_taken() -> None:
    assert algorithms.read(sequence(oid("1.2.840.113549.1.1.11"))) == algorithms.read(signing.algorithm_identifier("sha256"))


def test_pss_without_parameters_is_sha_1() -> None:
    algorithm = algorithms.read(sequence(oid(signing.PSS), sequence()))
    assert (algorithm.hash, algorithm.mask, algorithm.salt) == ("SHA-1", "SHA-1", 20)


@pytest.mark.parametrize(
    "identifier",
    [
        b"",
        null(),
        sequence(),
        sequence(oid("1.2.3")),
        sequence(oid("1.2.840.10045.4.3.2"), null()),
        sequence(oid("1.2.840.113549.1.1.11"), sequence()),
        sequence(oid(signing.PSS)),
        sequence(oid(signing.PSS), sequence(tlv(0xA3, asn1.integer(2)))),
        sequence(oid(signing.PSS), sequence(tlv(0xA2, asn1.integer(-1)))),
        sequence(oid(signing.PSS), sequence(tlv(0xA2, asn1.integer(32)), tlv(0xA0, sequence(oid("1.3.14.3.2.26"))))),
        sequence(oid("1.2.840.10045.4.3"), sequence(oid("1.2.3"))),
        sequence(oid("1.3.101.112"), null()),
        sequence(oid("1.2.3"), null(), null()),
    ],
)
def test_what_is_not_known_is_not_understood(identifier: bytes) -> None:
    with pytest.raises(NotUnderstood):
        algorithms.read(identifier)


@pytest.mark.parametrize(
    ("kind", "floor", "strength"),
    [("rsa2048", 2048, "good"), ("rsa1024", 2048, "weak"), ("rsa1024", 1024, "good"), ("p256", 2048, "good"), ("ed25519", 2048, "good")],
)
def test_strength(kind: str, floor: int, strength: str) -> None:
    assert algorithms.strength(signing.key("A", kind).public_key(), floor) == strength


PKCS1, ECDSA = "RSASSA-PKCS1-v1_5", "ECDSA"


@pytest.mark.parametrize(("identifier", "parameters", "label"), [
    ("1.2.840.113549.1.1.2", null(), f"{PKCS1} with MD2"), ("1.2.840.113549.1.1.3", null(), f"{PKCS1} with MD4"),
    ("1.2.840.113549.1.1.4", null(), f"{PKCS1} with MD5"), ("1.3.14.3.2.3", null(), f"{PKCS1} with MD5"),
    ("1.2.840.113549.1.1.5", null(), f"{PKCS1} with SHA-1"), ("1.3.14.3.2.29", null(), f"{PKCS1} with SHA-1"),
    ("1.2.840.113549.1.1.14", null(), f"{PKCS1} with SHA-224"), ("1.2.840.113549.1.1.11", null(), f"{PKCS1} with SHA-256"),
    ("1.2.840.113549.1.1.12", null(), f"{PKCS1} with SHA-384"), ("1.2.840.113549.1.1.13", null(), f"{PKCS1} with SHA-512"),
    ("1.2.840.10045.4.1", b"", f"{ECDSA} with SHA-1"), ("1.2.840.10045.4.3.1", b"", f"{ECDSA} with SHA-224"),
    ("1.2.840.10045.4.3.2", b"", f"{ECDSA} with SHA-256"), ("1.2.840.10045.4.3.3", b"", f"{ECDSA} with SHA-384"),
    ("1.2.840.10045.4.3.4", b"", f"{ECDSA} with SHA-512"), ("1.3.101.112", b"", "Ed25519"), ("1.3.101.113", b"", "Ed448"),
    ("1.2.840.10045.4.3", sequence(oid("2.16.840.1.101.3.4.2.4")), f"{ECDSA} with SHA-224"),
    ("1.2.840.10045.4.3", sequence(oid("1.3.14.3.2.26"), null()), f"{ECDSA} with SHA-1"),
    ("1.2.840.10045.4.3", sequence(oid("1.2.840.113549.2.5"), null()), f"{ECDSA} with MD5"),
])
def test_every_identifier(identifier: str, parameters: bytes, label: str) -> None:
    assert algorithms.read(sequence(oid(identifier), parameters)).label == label


SHA256 = sequence(oid("2.16.840.1.101.3.4.2.1"), null())
MGF1 = "1.2.840.113549.1.1.8"


def pss(*parts: bytes) -> bytes:
    return sequence(oid(signing.PSS), sequence(*parts))


@pytest.mark.parametrize(("salt", "trailer"), [(0, None), (32, 1), (4096, None)])
def test_parameters_of_pss(salt: int, trailer: int | None) -> None:
    last = [] if trailer is None else [tlv(0xA3, asn1.integer(trailer))]
    algorithm = algorithms.read(pss(tlv(0xA0, SHA256), tlv(0xA1, sequence(oid(MGF1), SHA256)), tlv(0xA2, asn1.integer(salt)), *last))
    assert (algorithm.hash, algorithm.mask, algorithm.salt) == ("SHA-256", "SHA-256", salt)


@pytest.mark.parametrize("identifier", [
    pss(tlv(0xA0, SHA256), tlv(0xA0, SHA256)),
    pss(tlv(0xA4, SHA256)),
    pss(tlv(0xA4, asn1.integer(1))),
    pss(tlv(0x30, SHA256)),
    pss(tlv(0xA0, sequence(oid("2.16.840.1.101.3.4.2.1"), sequence()))),
    pss(tlv(0xA1, sequence(oid("1.2.3"), SHA256))),
    pss(tlv(0xA2, asn1.integer(4097))),
    pss(tlv(0xA2, tlv(0x04, b"\x20"))),
    pss(tlv(0xA2, asn1.integer(32), asn1.integer(32))),
    sequence(oid("1.2.840.113549.1.1.11"), null(), null()),
])
def test_parameters_of_pss_that_make_no_sense(identifier: bytes) -> None:
    with pytest.raises(NotUnderstood):
        algorithms.read(identifier)


def test_what_is_not_known_is_named() -> None:
    with pytest.raises(NotUnderstood, match=r"^the signature algorithm: 1\.2\.3 is not known here"):
        algorithms.read(sequence(oid("1.2.3")))
    with pytest.raises(NotUnderstood, match=r"hash 1\.2\.3 is not known here"):
        algorithms.read(sequence(oid("1.2.840.10045.4.3"), sequence(oid("1.2.3"))))


@pytest.mark.parametrize(("private", "shown", "strength"), [
    (signing.key("A"), "RSA 2048", "good"), (rsa.generate_private_key(3, 2048), "RSA 2048", "good"),
    (signing.key("A", "p256"), "EC secp256r1", "good"), (ec.generate_private_key(ec.SECP224R1()), "EC secp224r1", "weak"),
    (signing.key("A", "ed25519"), "Ed25519", "good"), (ed448.Ed448PrivateKey.generate(), "Ed448", "good"),
    (x25519.X25519PrivateKey.generate(), "X25519", "unknown"), (dsa.generate_private_key(1024), "DSA 1024", "unknown")])
def test_keys_in_words(private: Any, shown: str, strength: str) -> None:
    public = algorithms.load_key(signing.spki(private))
    assert (algorithms.describe(public), algorithms.strength(public, 2048)) == (shown, strength)


@pytest.mark.parametrize(("bits", "shown", "strength"), [
    (32, "RSA 2048", "good"), (33, "RSA 2048 with a public exponent of 33 bits", "weak"),
    (2047, "RSA 2048 with a public exponent of 2047 bits", "weak")])
def test_an_exponent_that_lets_a_key_be_made_to_a_signature(bits: int, shown: str, strength: str) -> None:
    public = rsa.RSAPublicNumbers((1 << bits) - 1, signing.key("A").public_key().public_numbers().n).public_key()
    assert (algorithms.describe(public), algorithms.strength(public, 2048)) == (shown, strength)


@pytest.mark.parametrize("kind", ["rsa2048", "p256"])
def test_the_same_key_by_its_numbers(kind: str) -> None:
    numbers = signing.key("A", kind).public_key().public_numbers()
    name, values = ("RSA", (numbers.n, numbers.e)) if kind == "rsa2048" else ("EC", (numbers.x, numbers.y))
    public = algorithms.load_key(signing.spki(signing.key("A", kind)))
    assert algorithms.same_key(public, name, values)
    assert not algorithms.same_key(public, name, (values[0], values[1] + 1))
    assert not algorithms.same_key(public, name, (values[0] + 1, values[1]))
    assert not algorithms.same_key(public, "DSA", values)
    with pytest.raises(NotUnderstood):
        algorithms.same_key(algorithms.load_key(signing.spki(signing.key("A", "ed25519"))), name, values)
