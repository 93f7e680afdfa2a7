# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Certificates and snapshots for tests, written field by field.

Nothing here shares code with the judge: from ``cryptography`` come only keys, signing and the encoding of public keys, so a fault in
the judge's reading can't hide behind the same fault in the making.
"""
from __future__ import annotations

import ipaddress
import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from typing import Any

from asn1 import bits, boolean, instant, integer, octets, oid, sequence, set_of, tlv
from signing import PrivateKeyObject, algorithm_identifier, key, key_identifier, sign, spki

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


# ---- names

ATTRIBUTES = {"C": "2.5.4.6", "ST": "2.5.4.8", "L": "2.5.4.7", "O": "2.5.4.10", "OU": "2.5.4.11", "CN": "2.5.4.3",
              "DC": "0.9.2342.19200300.100.1.25", "E": "1.2.840.113549.1.9.1"}
PRINTABLE, UTF8, IA5, TELETEX = 0x13, 0x0C, 0x16, 0x14


def name(*parts: tuple[str, str], tag: int = PRINTABLE) -> bytes:
    """A distinguished name, most significant part first; DC and E are IA5String, the rest ``tag``."""
    rdns = []
    for label, value in parts:
        kind = IA5 if label in ("DC", "E") else tag
        text = value.encode("latin-1" if kind == TELETEX else "utf-8")
        rdns.append(set_of(sequence(oid(ATTRIBUTES[label]), tlv(kind, text))))
    return sequence(*rdns)


def ca_name(common_name: str, *, tag: int = PRINTABLE) -> bytes:
    """DC=local, DC=contoso, CN=..., as an enterprise CA of Windows is named."""
    return name(("DC", "local"), ("DC", "contoso"), ("CN", common_name), tag=tag)


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
