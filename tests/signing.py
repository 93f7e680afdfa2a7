# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keys by their label, and what they sign in each of the schemes that certificates name."""
from __future__ import annotations

import hashlib
from functools import cache
from typing import Any

from asn1 import integer, null, oid, sequence, tlv
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

PrivateKeyObject = Any


def key(label: str, kind: str = "rsa2048") -> PrivateKeyObject:
    """The key of that label, made once a run: rsa1024, rsa2048 ..., p256, p384, p521, ed25519."""
    return _key(label, kind)


@cache
def _key(label: str, kind: str) -> PrivateKeyObject:
    curves = {"p256": ec.SECP256R1(), "p384": ec.SECP384R1(), "p521": ec.SECP521R1()}
    if kind in curves:
        return ec.generate_private_key(curves[kind])
    if kind == "ed25519":
        return ed25519.Ed25519PrivateKey.generate()
    return rsa.generate_private_key(65537, int(kind[3:]))


def spki(private: PrivateKeyObject) -> bytes:
    public: bytes = private.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return public


def key_identifier(private: PrivateKeyObject) -> bytes:
    """SHA-1 of the subjectPublicKey bits (RFC 5280 4.2.1.2, method 1)."""
    encoded = spki(private)
    offset = 2 if encoded[1] < 0x80 else 2 + (encoded[1] & 0x7F)
    algorithm = encoded[offset:]
    rest = algorithm[2 + algorithm[1]:]
    header = 2 if rest[1] < 0x80 else 2 + (rest[1] & 0x7F)
    return hashlib.sha1(rest[header + 1:]).digest()


_RSA = {"md5": "1.2.840.113549.1.1.4", "sha1": "1.2.840.113549.1.1.5", "sha256": "1.2.840.113549.1.1.11",
        "sha384": "1.2.840.113549.1.1.12", "sha512": "1.2.840.113549.1.1.13"}
_ECDSA = {"sha1": "1.2.840.10045.4.1", "sha256": "1.2.840.10045.4.3.2", "sha384": "1.2.840.10045.4.3.3",
          "sha512": "1.2.840.10045.4.3.4"}
_HASH_OIDS = {"sha1": "1.3.14.3.2.26", "sha256": "2.16.840.1.101.3.4.2.1", "sha384": "2.16.840.1.101.3.4.2.2",
              "sha512": "2.16.840.1.101.3.4.2.3"}
_HASHES: dict[str, Any] = {"md5": hashes.MD5, "sha1": hashes.SHA1, "sha256": hashes.SHA256, "sha384": hashes.SHA384,
                           "sha512": hashes.SHA512}
PSS = "1.2.840.113549.1.1.10"


def pss_parameters(digest: str, mask: str | None, salt: int) -> bytes:
    algorithm = sequence(oid(_HASH_OIDS[digest]), null())
    parts = [tlv(0xA0, algorithm)]
    if mask is not None:
        parts.append(tlv(0xA1, sequence(oid("1.2.840.113549.1.1.8"), sequence(oid(_HASH_OIDS[mask]), null()))))
    return sequence(*parts, tlv(0xA2, integer(salt)))


def algorithm_identifier(scheme: str) -> bytes:
    """``sha256`` (PKCS#1 v1.5), ``pss-sha256``, ``pss-sha256-mgf1-sha1``, ``ecdsa-sha256``, ``ecdsa-specified-sha256``, ``ed25519``."""
    if scheme == "ed25519":
        return sequence(oid("1.3.101.112"))
    if scheme.startswith("pss-"):
        digest = scheme.split("-")[1]
        mask = None if scheme.endswith("mgf1-sha1") else digest
        return sequence(oid(PSS), pss_parameters(digest, mask, 32))
    if scheme.startswith("ecdsa-specified-"):
        return sequence(oid("1.2.840.10045.4.3"), sequence(oid(_HASH_OIDS[scheme.split("-")[2]])))
    if scheme.startswith("ecdsa-"):
        return sequence(oid(_ECDSA[scheme[6:]]))
    return sequence(oid(_RSA[scheme]), null())


def sign(private: PrivateKeyObject, scheme: str, data: bytes) -> bytes:
    result: bytes
    if scheme == "ed25519":
        result = private.sign(data)
    elif scheme.startswith("pss-"):
        digest = _HASHES[scheme.split("-")[1]]()
        mask = hashes.SHA1() if scheme.endswith("mgf1-sha1") else digest
        result = private.sign(data, padding.PSS(padding.MGF1(mask), 32), digest)
    elif scheme.startswith("ecdsa-"):
        result = private.sign(data, ec.ECDSA(_HASHES[scheme.rsplit("-", 1)[1]]()))
    else:
        result = private.sign(data, padding.PKCS1v15(), _HASHES[scheme]())
    return result
