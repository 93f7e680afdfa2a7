# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The materials that tests/data/verdict_examples.yaml names: certificates, keys' facts, given CAs and the host's pool."""
from __future__ import annotations

import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import asn1
import pki
import signing
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from pki import Spec, ca_name, day
from signing import key, key_identifier

from ansible_collections.lync.persistent_chat.plugins.plugin_utils._snapshot.snapshot import (
    HostError,
    KeyNumbers,
    PrivateKey,
    StoredCertificate,
)

ROOT, SUB = ca_name("contoso-DC01-CA"), ca_name("contoso-SUB01-CA")
LYNC01, LYNCPOOL = "lync01.contoso.local", "lyncpool.contoso.local"
SUBJECT = pki.name(("C", "DE"), ("ST", "Bayern"), ("L", "Muenchen"), ("O", "Contoso"), ("OU", "IT"), ("CN", LYNC01))
HAS_KEY = PrivateKey(present=True)
LDAP_AIA = "ldap:///CN=contoso-DC01-CA,CN=AIA,DC=contoso,DC=local?cACertificate"


@dataclass(frozen=True)
class Material:
    """``my`` lies in the host's store My, ``given`` is the reference CA, ``pool`` lies in the host's CA store."""

    my: tuple[StoredCertificate, ...]
    given: tuple[bytes, ...] = ()
    pool: tuple[bytes, ...] = ()


def root(label: str = "R", kind: str = "rsa2048", **changes: Any) -> Spec:
    return pki.root(label, kind=kind, **({"subject": ROOT} | changes))


def sub(label: str, by: str, **changes: Any) -> Spec:
    more = {"version": pki.ca_version(0, 0), "template": pki.template_v1("SubCA"), "aia": pki.authority_information_access(LDAP_AIA)}
    return pki.subordinate(label, root(by), "contoso-SUB01-CA", extensions=more).change(**changes)


def leaf(label: str = "L", by: str = "R", kind: str = "rsa2048", signer_kind: str = "rsa2048", **changes: Any) -> Spec:
    spec = pki.leaf(root(by, signer_kind), label, (LYNC01, LYNCPOOL), kind, subject=SUBJECT, not_before=day(-100), not_after=day(630))
    return spec.change(extensions={"aia": pki.authority_information_access(LDAP_AIA)}).change(**changes)


def names(*dns: str) -> bytes:
    return pki.subject_alternative_name(*(pki.dns(name) for name in dns))


def held(content: Spec | bytes, facts: PrivateKey = HAS_KEY) -> StoredCertificate:
    return StoredCertificate(content=content if isinstance(content, bytes) else content.build(), archived=False, private_key=facts)


def case(content: Spec | bytes, given: Sequence[Spec], pool: Sequence[Spec | bytes] = (), facts: PrivateKey = HAS_KEY) -> Material:
    built = tuple(item if isinstance(item, bytes) else item.build() for item in pool)
    return Material((held(content, facts),), tuple(item.build() for item in given), built)


def ours(**extensions: bytes | None) -> Material:
    return case(leaf(extensions=extensions), [root()])


def theirs(**changes: Any) -> Spec:
    return leaf("L", "S", issuer=SUB, **changes)


_MAKERS: dict[str, Callable[[], Material]] = {}


def made(maker: Callable[[], Material]) -> Callable[[], Material]:
    _MAKERS[maker.__name__] = maker
    return maker


@cache
def material(name: str) -> Material:
    """The material of that name, made once a run."""
    return _MAKERS[name]()


def _add(name: str, maker: Callable[[], Material]) -> None:
    _MAKERS[name] = maker


# ---- issuance

_add("direct", lambda: case(leaf(), [root()]))
_add("no_ca", lambda: case(leaf(), []))
_add("direct_sub", lambda: case(theirs(), [sub("S", "R")]))
_add("two_tier_issuing_given", lambda: case(theirs(), [sub("S", "R")], [root()]))
POL, ISS = ca_name("contoso-POL-CA"), ca_name("contoso-ISS-CA")


@made
def three_tier() -> Material:
    return case(leaf("L", "S2", issuer=ISS), [root()], [sub("S", "R", subject=POL), sub("S2", "S", subject=ISS, issuer=POL)])


@made
def three_tier_middle() -> Material:
    return case(leaf("L", "S2", issuer=ISS), [sub("S", "R", subject=POL)], [sub("S2", "S", subject=ISS, issuer=POL), root()])


_add("sibling_root", lambda: case(leaf("L", "S2", issuer=ISS), [root()], [sub("S2", "R", subject=ISS), sub("S", "R")]))
_add("pathlen_violation", lambda: case(theirs(), [root(extensions={"bc": pki.basic_constraints(True, 0)})], [sub("S", "R")]))

# ---- renewal

VERSION_10, VERSION_11 = {"version": pki.ca_version(1, 0)}, {"version": pki.ca_version(1, 1)}
_add("same_key_both", lambda: case(leaf(), [root(not_before=day(-3000), not_after=day(-5)), root(extensions=VERSION_10)]))
_add("new_key_new_only", lambda: case(leaf(), [root("RN", extensions=VERSION_11)]))


@made
def new_key_cross_new_signs_old() -> Material:
    return case(leaf(), [root("RN", extensions=VERSION_11)], [sub("R", "RN", subject=ROOT, issuer=ROOT)])


@made
def new_key_cross_bad() -> Material:
    cross = bytearray(sub("R", "RN", subject=ROOT, issuer=ROOT).build())
    cross[-5] ^= 0x01
    return case(leaf(), [root("RN", extensions=VERSION_11)], [bytes(cross)])


def _aki_with_serial(serial: int) -> Material:
    hint = pki.authority_key_identifier(key_identifier(key("R")), ROOT, serial)
    return case(leaf(extensions={"aki": hint}), [root(extensions=VERSION_10, serial=b"\x22\x22")])


_add("aki_old_serial", lambda: _aki_with_serial(0x1111))
_add("aki_right_serial", lambda: _aki_with_serial(0x2222))

# ---- identity and attack

R_AKI = {"aki": pki.authority_key_identifier(key_identifier(key("R")))}
_add("rogue_same_name_aki", lambda: case(leaf("L", "ROGUE", extensions=R_AKI), [root()]))


@made
def rogue_root_in_pool() -> Material:
    rogue = root("ROGUE", extensions={"ski": pki.subject_key_identifier(key_identifier(key("R")))})
    return case(leaf("L", "ROGUE", extensions=R_AKI), [root()], [rogue])


WEB = pki.name(("CN", "web01.contoso.local"))
_add("issued_by_a_leaf", lambda: case(leaf("L", "W", issuer=WEB), [root()], [leaf("W", "R", subject=WEB)]))
_add("issued_by_leaf_given_as_ca", lambda: case(leaf("L", "W", issuer=WEB), [leaf("W", "R", subject=WEB)]))


@made
def ca_itself_exact() -> Material:
    content = root().build()
    return Material((held(content),), (content,))


_add("ca_itself", lambda: case(root(), [root()]))
NEW_ROOT = pki.name(("CN", "New Root"))
_add("cross_old_under_new", lambda: case(leaf(), [root("S", subject=NEW_ROOT)], [sub("R", "S", subject=ROOT, issuer=NEW_ROOT)]))
CONTOSO = pki.name(("O", "Contoso"), ("CN", "Contoso CA"))
_add("name_case", lambda: case(leaf(issuer=pki.name(("O", "contoso"), ("CN", "CONTOSO  ca"))), [root(subject=CONTOSO)]))
_add("name_string_type", lambda: case(leaf(issuer=pki.name(("O", "Contoso"), ("CN", "Contoso CA"), tag=pki.UTF8)), [root(subject=CONTOSO)]))
_add("aki_keyid_wrong", lambda: ours(aki=pki.authority_key_identifier(b"\x99" * 20)))
_add("aki_absent", lambda: ours(aki=None))


@made
def sig_of_other_cert() -> Material:
    return case(leaf().build()[:-256] + leaf("L2").build()[-256:], [root()])


_add("inner_outer", lambda: case(leaf(outer_algorithm=signing.algorithm_identifier("sha384")), [root()]))

# ---- time

_add("expired", lambda: case(leaf(not_before=day(-800), not_after=day(-1)), [root()]))
_add("future", lambda: case(leaf(not_before=day(1)), [root()]))
_add("ends_in_10_days", lambda: case(leaf(not_after=day(10)), [root()]))
_add("ca_expired", lambda: case(leaf(), [root(not_before=day(-3000), not_after=day(-5))]))

# ---- purpose

_add("eku_absent", lambda: ours(eku=None))
_add("eku_critical", lambda: ours(eku=pki.extended_key_usage(pki.SERVER_AUTH, critical=True)))
_add("ku_none", lambda: ours(ku=None))
V2_TEMPLATE = pki.extension("1.3.6.1.4.1.311.21.7", asn1.sequence(asn1.oid("1.3.6.1.4.1.311.21.8.1.2"), asn1.integer(100), asn1.integer(4)))
_add("apppol_conflict", lambda: ours(template=V2_TEMPLATE, policies=pki.application_policies(pki.CLIENT_AUTH)))


@made
def root_eku_client_above_sub() -> Material:
    return case(theirs(), [root(extensions={"eku": pki.extended_key_usage(pki.CLIENT_AUTH)})], [sub("S", "R")])


_add("unknown_noncritical", lambda: ours(unknown=pki.extension("1.3.6.1.4.1.99999.1", asn1.null())))


@made
def ca_unknown_critical() -> Material:
    return case(leaf(), [root(extensions={"unknown": pki.extension("1.3.6.1.4.1.99999.1", asn1.null(), critical=True)})])


_add("cdp_absent", lambda: ours(cdp=None, aia=None, template=None))

# ---- names

_add("san_without_pool", lambda: ours(san=names(LYNC01)))
_add("san_wildcard", lambda: ours(san=names("*.contoso.local")))
_add("cn_right_san_wrong", lambda: ours(san=names("web.contoso.local")))
_add("cn_only", lambda: ours(san=None))
_add("empty_subject", lambda: case(leaf(subject=asn1.sequence()), [root()]))
_add("printable_star", lambda: case(leaf(subject=pki.name(("CN", "*.contoso.local"))), [root()]))


def _constrained(permitted: list[bytes], critical: bool, **extensions: bytes | None) -> Material:
    constraints = pki.name_constraints(permitted, critical=critical)
    return case(theirs(extensions=extensions), [sub("S", "R", extensions={"nc": constraints})])


_add("nc_noncritical_forbids", lambda: _constrained([pki.dns("fabrikam.local")], False))
_add("nc_dn_ok", lambda: _constrained([pki.dns("contoso.local"), pki.directory(pki.name(("C", "DE")))], True))
_add("nc_cn_only", lambda: _constrained([pki.dns("fabrikam.local")], True, san=None))

# ---- algorithms

_add("sha1", lambda: case(leaf(scheme="sha1"), [root()]))
_add("pss", lambda: case(leaf(scheme="pss-sha256"), [root(scheme="pss-sha256")]))
_add("pss_mgf_sha1", lambda: case(leaf(scheme="pss-sha256-mgf1-sha1"), [root()]))
_add("ec384", lambda: case(leaf(by="R384", signer_kind="p384", scheme="ecdsa-sha384"), [root("R384", "p384", scheme="ecdsa-sha384")]))
_add("ec521", lambda: case(leaf(by="R521", signer_kind="p521", scheme="ecdsa-sha512"), [root("R521", "p521", scheme="ecdsa-sha512")]))
_add("leaf_rsa1024", lambda: case(leaf("L1024", kind="rsa1024"), [root()]))


@made
def md5() -> Material:
    # The digest is made by hand: libraries that refuse to sign with MD5 must not make the test impossible.
    return case(leaf(inner_algorithm=signing.algorithm_identifier("md5"), scheme="sha256"), [root()])


@made
def pss_broken_params() -> Material:
    broken = asn1.sequence(asn1.oid(signing.PSS), asn1.sequence(asn1.tlv(0xA0, asn1.sequence(asn1.oid("1.2.3.4")))))
    return case(leaf(inner_algorithm=broken), [root()])


@made
def leaf_rsa512() -> Material:
    pem = subprocess.run(["openssl", "genrsa", "-traditional", "512"], capture_output=True, check=True).stdout
    private = load_pem_private_key(pem, None, unsafe_skip_rsa_key_validation=True)
    ski = pki.subject_key_identifier(key_identifier(private))
    return case(leaf(public_key=signing.spki(private), extensions={"ski": ski}), [root()])


# ---- private key

_add("key_mismatch", lambda: case(leaf(), [root()], facts=PrivateKey(present=True, public_key=KeyNumbers("RSA", (15, 3)))))


@made
def key_unusable() -> Material:
    return case(leaf(), [root()], facts=PrivateKey(present=True, opened=False, error=HostError("Keyset does not exist", 0x80090016)))


# ---- encoding

UMLAUTS = asn1.sequence(
    asn1.set_of(asn1.sequence(asn1.oid(pki.ATTRIBUTES["DC"]), asn1.tlv(pki.IA5, b"local"))),
    asn1.set_of(asn1.sequence(asn1.oid(pki.ATTRIBUTES["O"]), asn1.tlv(pki.TELETEX, "Müller & Söhne".encode("latin-1")))),
    asn1.set_of(asn1.sequence(asn1.oid(pki.ATTRIBUTES["CN"]), asn1.tlv(pki.TELETEX, "Größe CA".encode("latin-1")))))
BAD_SERIAL = bytes.fromhex("0000611b6e7b")
_add("name_t61", lambda: case(leaf(issuer=UMLAUTS), [root(subject=UMLAUTS)]))
_add("trailing", lambda: case(leaf().build() + b"\x00\x01", [root()]))
_add("truncated", lambda: case(leaf().build()[:-20], [root()]))
_add("unreadable_from_other_ca", lambda: case(theirs(serial=BAD_SERIAL), [root()]))

# ---- whole store


def store(*entries: StoredCertificate) -> Material:
    return Material(entries, (root().build(),))


def self_signed() -> StoredCertificate:
    return held(leaf("L", "L", issuer=SUBJECT))


_add("store_one_of_three", lambda: store(held(theirs()), held(leaf()), self_signed()))
_add("store_none", lambda: store(held(theirs()), self_signed()))


@made
def store_duplicate() -> Material:
    content = leaf().build()
    return store(held(content), held(content))


_add("store_unreadable_ours", lambda: store(held(leaf(serial=BAD_SERIAL)), held(theirs())))
_add("store_right_ca_no_key", lambda: store(held(leaf(), PrivateKey(present=False)), held(theirs())))
