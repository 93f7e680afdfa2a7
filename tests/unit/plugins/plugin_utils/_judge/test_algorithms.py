# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Signature algorithms as Windows CAs write them."""

from __future__ import annotations

import asn1
import pytest
import signing
from asn1 import null, oid, sequence, tlv

from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge import algorithms
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.certificate import NotUnderstood

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
