# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Signature algorithms and keys: what an AlgorithmIdentifier says, whether a signature verifies, how strong a key is."""
from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key

from . import der
from .certificate import LARGEST_KEPT
from .understanding import NotUnderstood, guarded

PKCS1, PSS, ECDSA, EDDSA = "RSASSA-PKCS1-v1_5", "RSASSA-PSS", "ECDSA", "EdDSA"

_HASHES: dict[str, hashes.HashAlgorithm] = {
    "SHA-1": hashes.SHA1(), "SHA-224": hashes.SHA224(), "SHA-256": hashes.SHA256(), "SHA-384": hashes.SHA384(), "SHA-512": hashes.SHA512()}
BROKEN = frozenset(("MD2", "MD4", "MD5"))
"""Hashes whose signatures can be forged: never checked, whatever is asked."""

_SIGNATURES = {
    "1.2.840.113549.1.1.2": (PKCS1, "MD2"), "1.2.840.113549.1.1.3": (PKCS1, "MD4"), "1.2.840.113549.1.1.4": (PKCS1, "MD5"),
    "1.3.14.3.2.3": (PKCS1, "MD5"), "1.2.840.113549.1.1.5": (PKCS1, "SHA-1"), "1.3.14.3.2.29": (PKCS1, "SHA-1"),
    "1.2.840.113549.1.1.14": (PKCS1, "SHA-224"), "1.2.840.113549.1.1.11": (PKCS1, "SHA-256"),
    "1.2.840.113549.1.1.12": (PKCS1, "SHA-384"), "1.2.840.113549.1.1.13": (PKCS1, "SHA-512"),
    "1.2.840.10045.4.1": (ECDSA, "SHA-1"), "1.2.840.10045.4.3.1": (ECDSA, "SHA-224"), "1.2.840.10045.4.3.2": (ECDSA, "SHA-256"),
    "1.2.840.10045.4.3.3": (ECDSA, "SHA-384"), "1.2.840.10045.4.3.4": (ECDSA, "SHA-512")}
_DIGESTS = {"1.3.14.3.2.26": "SHA-1", "2.16.840.1.101.3.4.2.4": "SHA-224", "2.16.840.1.101.3.4.2.1": "SHA-256",
            "2.16.840.1.101.3.4.2.2": "SHA-384", "2.16.840.1.101.3.4.2.3": "SHA-512", "1.2.840.113549.2.5": "MD5"}
_OID_PSS, _OID_SPECIFIED, _OID_MGF1 = "1.2.840.113549.1.1.10", "1.2.840.10045.4.3", "1.2.840.113549.1.1.8"
_OID_EDDSA = {"1.3.101.112": "Ed25519", "1.3.101.113": "Ed448"}
_NULL = b"\x05\x00"


@dataclass(frozen=True, slots=True)
class Algorithm:
    """``hash`` as people write it (SHA-256); ``mask`` and ``salt`` (octets) only for PSS; ``label`` is the whole in words."""

    scheme: str
    hash: str
    label: str
    mask: str = ""
    salt: int = 0


@lru_cache(maxsize=512)
def read(identifier: bytes) -> Algorithm:
    """What an encoded AlgorithmIdentifier says. Raises NotUnderstood for one that is unknown or malformed."""
    return guarded("the signature algorithm", _read, identifier)


def _read(identifier: bytes) -> Algorithm:
    oid, parameters = _parts(identifier)
    if oid in _SIGNATURES:
        scheme, digest = _SIGNATURES[oid]
        if parameters not in ((b"", _NULL) if scheme == PKCS1 else (b"",)):
            raise der.DerError(f"unexpected parameters of {oid}")
        return Algorithm(scheme, digest, f"{scheme} with {digest}")
    if oid in _OID_EDDSA and not parameters:
        return Algorithm(EDDSA, _OID_EDDSA[oid], _OID_EDDSA[oid])
    if oid == _OID_SPECIFIED:
        # What a Windows CA with the alternate signature format writes for elliptic curves: the hash stands in the parameters.
        digest = _digest(parameters)
        return Algorithm(ECDSA, digest, f"{ECDSA} with {digest}")
    if oid == _OID_PSS:
        return _pss(parameters)
    raise der.DerError(f"{oid} is not known here")


def _parts(identifier: bytes) -> tuple[str, bytes]:
    fields = der.whole(identifier, der.SEQUENCE)
    if not 1 <= len(fields) <= 2 or fields[0][0] != der.OID:
        raise der.DerError("not an algorithm identifier")
    return der.dotted(identifier[fields[0][2]:fields[0][3]]), identifier[fields[0][3]:]


def _digest(identifier: bytes) -> str:
    oid, parameters = _parts(identifier)
    if oid not in _DIGESTS or parameters not in (b"", _NULL):
        raise der.DerError(f"hash {oid} is not known here")
    return _DIGESTS[oid]


def _pss(parameters: bytes) -> Algorithm:
    # RFC 4055 3.1: everything has a default, and that is SHA-1 with 20 octets of salt.
    digest, mask, salt, last = "SHA-1", "SHA-1", 20, 0
    for tag, _at, start, end in der.whole(parameters, der.SEQUENCE):
        content = parameters[start:end]
        if tag <= last or tag not in (0xA0, 0xA1, 0xA2, 0xA3):
            raise der.DerError("parameters of RSASSA-PSS that are not well formed")
        last = tag
        if tag == 0xA0:
            digest = _digest(content)
        elif tag == 0xA1:
            oid, inner = _parts(content)
            if oid != _OID_MGF1:
                raise der.DerError(f"mask function {oid} is not known here")
            mask = _digest(inner)
        elif tag == 0xA2:
            salt = _number(content)
        elif _number(content) != 1:
            raise der.DerError("an unknown trailer of RSASSA-PSS")
    return Algorithm(PSS, digest, f"{PSS} with {digest}", mask, salt)


def _number(content: bytes) -> int:
    tag, start, end = der.element(content, 0, len(content))
    value = int.from_bytes(content[start:end], "big", signed=True)
    if tag != der.INTEGER or end != len(content) or not 0 <= value <= 4096:
        raise der.DerError("a number that makes no sense")
    return value


def accepted(algorithm: Algorithm, schemes: tuple[str, ...]) -> bool:
    """Whether the scheme is one of these, named as in the requirement: pkcs1, pss, ecdsa, eddsa."""
    return _RULE_NAMES[algorithm.scheme] in schemes


_RULE_NAMES = {PKCS1: "pkcs1", PSS: "pss", ECDSA: "ecdsa", EDDSA: "eddsa"}


def kind(key: Any) -> str:
    """RSA, EC, DSA, Ed25519 or Ed448; the type's own name for another."""
    made: Any = type(key)
    return _kind(made)


# Kept: these classes are abstract, and isinstance takes as long for one as all that is then asked of the key.
@lru_cache(maxsize=64)
def _kind(made: Any) -> str:
    known = {"RSA": rsa.RSAPublicKey, "EC": ec.EllipticCurvePublicKey, "DSA": dsa.DSAPublicKey, "Ed25519": ed25519.Ed25519PublicKey,
             "Ed448": ed448.Ed448PublicKey}
    own = str(made.__name__).lstrip("_").removesuffix("PublicKey")
    return next((name for name, abstract in known.items() if issubclass(made, abstract)), own)


def fits(key: Any, algorithm: Algorithm) -> bool:
    """Whether a key of that kind can make such signatures."""
    return kind(key) == {PKCS1: "RSA", PSS: "RSA", ECDSA: "EC"}.get(algorithm.scheme, algorithm.hash)


def verifies(spki: bytes, algorithm: Algorithm, signature: bytes, data: bytes) -> bool:
    """Whether the signature over ``data`` is of that key. Raises NotUnderstood if the library can't tell."""
    return (_verified if len(data) <= LARGEST_KEPT else _verify)(spki, algorithm, signature, data)


def _verify(spki: bytes, algorithm: Algorithm, signature: bytes, data: bytes) -> bool:
    return guarded("the signature", lambda: _verifies(load_key(spki), algorithm, signature, data))


_verified = lru_cache(maxsize=1024)(_verify)


@lru_cache(maxsize=1024)
def load_key(spki: bytes) -> Any:
    """The key object; kept, since making one costs as much as a check."""
    return load_der_public_key(spki)


def _verifies(key: Any, algorithm: Algorithm, signature: bytes, data: bytes) -> bool:
    try:
        if algorithm.scheme == EDDSA:
            key.verify(signature, data)
        elif algorithm.scheme == ECDSA:
            key.verify(signature, data, ec.ECDSA(_HASHES[algorithm.hash]))
        elif algorithm.scheme == PSS:
            mask = padding.MGF1(_HASHES[algorithm.mask])
            key.verify(signature, data, padding.PSS(mask, algorithm.salt), _HASHES[algorithm.hash])
        else:
            key.verify(signature, data, padding.PKCS1v15(), _HASHES[algorithm.hash])
    except InvalidSignature:
        return False
    return True


# Ansible forks a worker for each task of each host, and in each of them the first check of a signature would set OpenSSL up: four times
# the cost of the check. A wrong signature, checked here, does it once for all.
with suppress(NotUnderstood):
    guarded("", lambda: _verifies(rsa.RSAPublicNumbers(65537, 2**2047 + 1).public_key(), Algorithm(PKCS1, "SHA-256", ""), b"", b""))


def describe(key: Any) -> str:
    """Kind and size of a key: ``RSA 2048``, ``EC P-256``."""
    name = kind(key)
    if name == "RSA" and not _usual_exponent(key):
        return f"RSA {key.key_size} with a public exponent of {key.public_numbers().e.bit_length()} bits"
    if name in ("RSA", "DSA"):
        return f"{name} {key.key_size}"
    return f"EC {key.curve.name}" if name == "EC" else name


def _usual_exponent(key: Any) -> bool:
    # To a signature that somebody else made anybody can make a key that verifies it, if its exponent may be as long as its modulus
    # (Blake-Wilson and Menezes, Unknown key-share attacks on the STS protocol, 1999). Windows' CSPs take 32 bits (RSAPUBKEY).
    return 3 <= key.public_numbers().e < 1 << 32  # type: ignore[no-any-return]


def strength(key: Any, floor: int) -> str:
    """``good``, ``weak`` (RSA below ``floor`` bits or with an unusual exponent, EC below 256 bits) or ``unknown`` (a kind not judged)."""
    name = kind(key)
    if name == "RSA":
        return "good" if key.key_size >= floor and _usual_exponent(key) else "weak"
    if name == "EC":
        return "good" if key.curve.key_size >= 256 else "weak"
    return "good" if name in ("Ed25519", "Ed448") else "unknown"


def same_key(key: Any, algorithm: str, values: tuple[int, int]) -> bool:
    """Whether these numbers (RSA modulus and exponent, EC x and y) are that public key."""
    name = kind(key)
    if name == "RSA":
        numbers = key.public_numbers()
        return algorithm == name and values == (numbers.n, numbers.e)
    if name == "EC":
        point = key.public_numbers()
        return algorithm == name and values == (point.x, point.y)
    raise NotUnderstood("the kind of public key")
