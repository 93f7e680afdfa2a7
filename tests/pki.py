# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Certificates and snapshots for tests, written field by field.

The DER writer here shares no code with the judge: from ``cryptography`` come only keys, signing and the encoding of
public keys, so a fault in the judge's reading can't hide behind the same fault in the making.
"""
from __future__ import annotations

import hashlib
import ipaddress
import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from functools import cache
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

from ansible_collections.lync.persistent_chat.plugins.plugin_utils._snapshot.snapshot import (
    Host,
    KeyNumbers,
    PrivateKey,
    Snapshot,
    Store,
    StoredCertificate,
)

NOW = datetime(2026, 11, 23, 12, 0, 0, tzinfo=timezone.utc)
"""The instant at which tests judge."""

_serials = itertools.count(1)


def day(days: float) -> datetime:
    """NOW and so many days."""
    return NOW + timedelta(days=days)


# ---- DER

def tlv(tag: int, *parts: bytes) -> bytes:
    body = b"".join(parts)
    if len(body) < 0x80:
        return bytes([tag, len(body)]) + body
    size = len(body).to_bytes((len(body).bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(size)]) + size + body


def sequence(*parts: bytes) -> bytes:
    return tlv(0x30, *parts)


def set_of(*parts: bytes) -> bytes:
    return tlv(0x31, *sorted(parts))


def integer(value: int) -> bytes:
    return tlv(0x02, value.to_bytes(value.bit_length() // 8 + 1, "big", signed=True))


def boolean(value: bool) -> bytes:
    return tlv(0x01, b"\xff" if value else b"\x00")


def octets(value: bytes) -> bytes:
    return tlv(0x04, value)


def bits(value: bytes, unused: int = 0) -> bytes:
    return tlv(0x03, bytes([unused]) + value)


def oid(dotted: str) -> bytes:
    arcs = [int(arc) for arc in dotted.split(".")]
    body = bytearray()
    for arc in [arcs[0] * 40 + arcs[1], *arcs[2:]]:
        chunk = [arc & 0x7F]
        while arc := arc >> 7:
            chunk.append(0x80 | arc & 0x7F)
        body += bytes(reversed(chunk))
    return tlv(0x06, bytes(body))


def null() -> bytes:
    return b"\x05\x00"


def instant(value: datetime) -> bytes:
    if value.year < 2050:
        return tlv(0x17, value.strftime("%y%m%d%H%M%SZ").encode())
    return tlv(0x18, value.strftime("%Y%m%d%H%M%SZ").encode())


# ---- names

ATTRIBUTES = {"C": "2.5.4.6", "ST": "2.5.4.8", "L": "2.5.4.7", "O": "2.5.4.10", "OU": "2.5.4.11", "CN": "2.5.4.3",
              "DC": "0.9.2342.19200300.100.1.25", "E": "1.2.840.113549.1.9.1"}
PRINTABLE, UTF8, IA5, TELETEX = 0x13, 0x0C, 0x16, 0x14


def name(*parts: tuple[str, str], tag: int = PRINTABLE) -> bytes:
    """A distinguished name, most significant part first; DC and E are IA5String, the rest ``tag``."""
    rdns = []
    for key, value in parts:
        kind = IA5 if key in ("DC", "E") else tag
        text = value.encode("latin-1" if kind == TELETEX else "utf-8")
        rdns.append(set_of(sequence(oid(ATTRIBUTES[key]), tlv(kind, text))))
    return sequence(*rdns)


def ca_name(common_name: str, *, tag: int = PRINTABLE) -> bytes:
    """DC=local, DC=contoso, CN=..., as an enterprise CA of Windows is named."""
    return name(("DC", "local"), ("DC", "contoso"), ("CN", common_name), tag=tag)


# ---- keys

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


# ---- signatures

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


# ---- extensions

def extension(dotted: str, value: bytes, critical: bool = False) -> bytes:
    return sequence(oid(dotted), *([boolean(True)] if critical else []), octets(value))


def basic_constraints(ca: bool, path_length: int | None = None, critical: bool = True) -> bytes:
    parts = ([boolean(True)] if ca else []) + ([integer(path_length)] if path_length is not None else [])
    return extension("2.5.29.19", sequence(*parts), critical)


USAGES = ("digitalSignature", "nonRepudiation", "keyEncipherment", "dataEncipherment", "keyAgreement", "keyCertSign", "cRLSign")


def key_usage(*usages: str, critical: bool = True) -> bytes:
    value = 0
    for usage in usages:
        value |= 0x80 >> USAGES.index(usage)
    unused = (value & -value).bit_length() - 1 if value else 0
    return extension("2.5.29.15", bits(bytes([value]) if value else b"", unused), critical)


SERVER_AUTH, CLIENT_AUTH, ANY_EKU = "1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2", "2.5.29.37.0"


def extended_key_usage(*purposes: str, critical: bool = False) -> bytes:
    return extension("2.5.29.37", sequence(*(oid(purpose) for purpose in purposes)), critical)


def application_policies(*purposes: str) -> bytes:
    return extension("1.3.6.1.4.1.311.21.10", sequence(*(sequence(oid(purpose)) for purpose in purposes)))


def dns(value: str) -> bytes:
    return tlv(0x82, value.encode("latin-1"))


def ip(value: str) -> bytes:
    return tlv(0x87, ipaddress.ip_address(value).packed)


def directory(distinguished_name: bytes) -> bytes:
    return tlv(0xA4, distinguished_name)


def subject_alternative_name(*general_names: bytes, critical: bool = False) -> bytes:
    return extension("2.5.29.17", sequence(*general_names), critical)


def subject_key_identifier(value: bytes) -> bytes:
    return extension("2.5.29.14", octets(value))


def authority_key_identifier(value: bytes | None, issuer: bytes | None = None, serial: int | None = None) -> bytes:
    parts = []
    if value is not None:
        parts.append(tlv(0x80, value))
    if issuer is not None:
        parts.append(tlv(0xA1, directory(issuer)))
    if serial is not None:
        parts.append(tlv(0x82, integer(serial)[2:]))
    return extension("2.5.29.35", sequence(*parts))


LDAP_CDP = "ldap:///CN=Contoso%20Lync%20CA,CN=CDP,DC=contoso,DC=local?certificateRevocationList"
HTTP_CDP = "http://pki.contoso.local/cdp/lync.crl"


def crl_distribution_points(*uris: str) -> bytes:
    names = b"".join(tlv(0x86, uri.encode()) for uri in uris)
    return extension("2.5.29.31", sequence(sequence(tlv(0xA0, tlv(0xA0, names)))))


def authority_information_access(uri: str) -> bytes:
    return extension("1.3.6.1.5.5.7.1.1", sequence(sequence(oid("1.3.6.1.5.5.7.48.2"), tlv(0x86, uri.encode()))))


def template_v1(text: str) -> bytes:
    return extension("1.3.6.1.4.1.311.20.2", tlv(0x1E, text.encode("utf-16-be")))


def ca_version(certificate: int, key_index: int) -> bytes:
    return extension("1.3.6.1.4.1.311.21.1", integer(key_index << 16 | certificate))


def name_constraints(permitted: Sequence[bytes] = (), excluded: Sequence[bytes] = (), critical: bool = True) -> bytes:
    parts = []
    if permitted:
        parts.append(tlv(0xA0, *(sequence(base) for base in permitted)))
    if excluded:
        parts.append(tlv(0xA1, *(sequence(base) for base in excluded)))
    return extension("2.5.29.30", sequence(*parts), critical)


# ---- certificates

@dataclass
class Spec:
    """What a certificate says, in the bytes in which it says it. ``build`` makes the certificate."""

    subject: bytes
    issuer: bytes
    key: PrivateKeyObject
    signer: PrivateKeyObject
    extensions: dict[str, bytes] = field(default_factory=dict)
    not_before: datetime = NOW - timedelta(days=30)
    not_after: datetime = NOW + timedelta(days=335)
    serial: bytes | None = None
    scheme: str = "sha256"
    version: int | None = 2
    inner_algorithm: bytes | None = None
    outer_algorithm: bytes | None = None
    public_key: bytes | None = None
    signature: bytes | None = None

    def change(self, **fields: Any) -> Spec:
        """The same with other fields; ``extensions`` replaces single ones, None removes one."""
        extensions = dict(self.extensions)
        for label, value in fields.pop("extensions", {}).items():
            extensions.pop(label, None)
            if value is not None:
                extensions[label] = value
        return replace(self, extensions=extensions, **fields)

    def build(self) -> bytes:
        inner = self.inner_algorithm or algorithm_identifier(self.scheme)
        serial = self.serial if self.serial is not None else b"\x61" + next(_serials).to_bytes(18, "big")
        parts = [] if self.version is None else [tlv(0xA0, integer(self.version))]
        parts += [tlv(0x02, serial), inner, self.issuer, sequence(instant(self.not_before), instant(self.not_after)), self.subject,
                  self.public_key or spki(self.key)]
        if self.extensions:
            parts.append(tlv(0xA3, sequence(*self.extensions.values())))
        tbs = sequence(*parts)
        signature = self.signature if self.signature is not None else sign(self.signer, self.scheme, tbs)
        return sequence(tbs, self.outer_algorithm or inner, bits(signature))


LYNC_CA = "Contoso Lync CA"
HOST, DOMAIN, POOL = "pchat01", "contoso.local", "pchatpool.contoso.local"
FQDN = f"{HOST}.{DOMAIN}"


def root(label: str = "R", common_name: str = LYNC_CA, kind: str = "rsa2048", **changes: Any) -> Spec:
    """A self-signed CA as AD CS makes it."""
    private = key(label, kind)
    subject = changes.pop("subject", None) or ca_name(common_name)
    spec = Spec(subject, subject, private, private, {
        "ku": key_usage("digitalSignature", "keyCertSign", "cRLSign", critical=False), "bc": basic_constraints(True),
        "ski": subject_key_identifier(key_identifier(private)), "version": ca_version(0, 0)}, day(-1500), day(3650))
    return spec.change(**changes)


def subordinate(label: str, by: Spec, common_name: str, **changes: Any) -> Spec:
    """A CA certified by another one."""
    private = key(label)
    spec = Spec(ca_name(common_name), by.subject, private, by.key, {
        "ku": key_usage("digitalSignature", "keyCertSign", "cRLSign", critical=False), "bc": basic_constraints(True),
        "ski": subject_key_identifier(key_identifier(private)), "aki": authority_key_identifier(key_identifier(by.key)),
        "cdp": crl_distribution_points(LDAP_CDP, HTTP_CDP)}, day(-1000), day(1800))
    return spec.change(**changes)


def leaf(by: Spec, label: str = "L", names: Sequence[str] = (FQDN, POOL), kind: str = "rsa2048", **changes: Any) -> Spec:
    """A server certificate that satisfies ``lync_2013`` in every respect on ``snapshot()``'s host, issued by ``by``."""
    private = key(label, kind)
    spec = Spec(name(("CN", names[0] if names else FQDN)), by.subject, private, by.key, {
        "ski": subject_key_identifier(key_identifier(private)), "san": subject_alternative_name(*(dns(n) for n in names)),
        "aki": authority_key_identifier(key_identifier(by.key)), "cdp": crl_distribution_points(LDAP_CDP, HTTP_CDP),
        "template": template_v1("WebServer"), "ku": key_usage("digitalSignature", "keyEncipherment"),
        "eku": extended_key_usage(SERVER_AUTH)})
    return spec.change(**changes)


# ---- snapshots

SCHANNEL_CSP = "Microsoft RSA SChannel Cryptographic Provider"


def numbers(private: PrivateKeyObject) -> KeyNumbers:
    public = private.public_key().public_numbers()
    if hasattr(public, "n"):
        return KeyNumbers("RSA", (public.n, public.e))
    return KeyNumbers("EC", (public.x, public.y))


def private_key(private: PrivateKeyObject, **changes: Any) -> PrivateKey:
    """Facts of a key as a well-behaved host tells them: opened, CSP for RSA and KSP for EC, machine store."""
    is_rsa = hasattr(private.public_key().public_numbers(), "n")
    facts = PrivateKey(present=True, opened=True, storage="csp" if is_rsa else "cng",
                       provider=SCHANNEL_CSP if is_rsa else "Microsoft Software Key Storage Provider", container="container",
                       key_spec=1 if is_rsa else None, machine_store=True, public_key=numbers(private))
    return replace(facts, **changes)


def stored(spec: Spec | bytes, key_facts: PrivateKey | None = None, **changes: Any) -> StoredCertificate:
    """An entry of My: the certificate with its key's facts (of a Spec: the fitting key), not archived."""
    content = spec if isinstance(spec, bytes) else spec.build()
    if key_facts is None:
        key_facts = PrivateKey(present=False) if isinstance(spec, bytes) else private_key(spec.key)
    return replace(StoredCertificate(content=content, archived=False, private_key=key_facts), **changes)


def snapshot(my: Sequence[StoredCertificate] = (), *, ca: Sequence[bytes] = (), roots: Sequence[bytes] = (),
             disallowed: Sequence[bytes] = (), request: Sequence[StoredCertificate] = (), name: str = FQDN,
             **host: Any) -> Snapshot:
    """A host with these stores; ``host`` changes facts of pchat01.contoso.local on Windows Server 2012 R2."""
    facts = replace(Host(HOST, DOMAIN, NOW, "6.3.9600.0", "4.0", elevated=True), **host)

    def plain(contents: Sequence[bytes]) -> tuple[StoredCertificate, ...]:
        return tuple(StoredCertificate(content=content, archived=False) for content in contents)

    return Snapshot(name, NOW, facts, (
        Store("My", tuple(my)), Store("CA", plain(ca)), Store("Root", plain(roots)), Store("Disallowed", plain(disallowed)),
        Store("REQUEST", tuple(request))))
