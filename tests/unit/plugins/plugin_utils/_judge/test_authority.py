# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""CA files: what is taken, and what is refused with a sentence that helps."""

from __future__ import annotations

import base64
from datetime import datetime

import asn1
import pki
import pytest
import signing
from cryptography.hazmat.primitives import serialization

from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.authority import (
    LARGEST,
    AuthorityError,
    authority_of,
    load_authority,
)

CA = pki.root()
ROOT, LEAF = CA.build(), pki.leaf(CA).build()


def pem(content: bytes, label: str = "CERTIFICATE") -> bytes:
    text = base64.encodebytes(content).decode("ascii")
    return f"-----BEGIN {label}-----\n{text}-----END {label}-----\n".encode("ascii")


class Month13(datetime):
    """A date that no calendar has, once it is written."""

    def strftime(self, _form: str) -> str:
        return "261301000000Z"


ODD_DATES = CA.change(not_after=Month13(2026, 1, 1), serial=b"\x01" * 19).build()
KEY = CA.key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


@pytest.mark.parametrize(
    "content",
    [
        ROOT,
        pem(ROOT),
        b"Bag attributes\n" + pem(ROOT).replace(b"\n", b"\r\n"),
        base64.encodebytes(ROOT),
        pem(LEAF) + pem(ROOT),
        pem(ROOT) + pem(ROOT),
        KEY + pem(ROOT),
        pem(ROOT, "TRUSTED CERTIFICATE"),
        pem(ROOT, "TRUSTED CERTIFICATE").replace(b"TRUSTED CERTIFICATE", b"X509 CERTIFICATE"),
    ],
)
def test_what_is_taken(content: bytes) -> None:
    authority = load_authority([("ca.pem", content)])
    assert [certificate.content for certificate in authority.certificates] == [ROOT]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (LEAF, "which is not a CA"),
        (pem(LEAF), "which is not a CA"),
        (pki.leaf(CA, extensions={"bc": pki.basic_constraints(False)}).build(), "which is not a CA"),
        (ODD_DATES, "could not be read"),
        (b"x" * (LARGEST + 1), "is larger than 16777216 bytes"),
        (b"x" * LARGEST, "neither PEM nor DER"),
        (b"non*sense", "neither PEM nor DER"),
        (base64.encodebytes(ROOT).replace(b"MII", b"M*II", 1), "neither PEM nor DER"),
        (KEY, "key, not a certificate"),
        (b"", "is empty"),
        (b"  \n", "is empty"),
        (b"nonsense", "neither PEM nor DER"),
        (ROOT[:-1], "could not be read"),
        (ROOT + b"x", "could not be read"),
        (pem(ROOT)[:200], "cut"),
        (pem(ROOT).replace(b"MII", b"M*I", 1), "damaged"),
        (pem(ROOT).replace(b"MII", b"M*II", 1), "damaged"),
        (pem(ROOT) + pem(ROOT[:-1]), "could not be read"),
        (pem(b"\x30\x00", "X509 CRL"), "x509 crl"),
    ],
)
def test_what_is_refused(content: bytes, words: str) -> None:
    with pytest.raises(AuthorityError) as caught:
        load_authority([("good.pem", ROOT), ("files/ca.pem", content)])
    assert words in str(caught.value)
    assert "files/ca.pem" in str(caught.value)
    assert "Expected" in str(caught.value)


def test_nothing_given() -> None:
    with pytest.raises(AuthorityError, match="No CA certificate was given"):
        load_authority([])


def test_description() -> None:
    described = load_authority([("ca.pem", ROOT)]).describe()[0]
    assert described.subject == "CN=Contoso Lync CA, DC=contoso, DC=local"
    assert described.key_identifier == signing.key_identifier(CA.key).hex().upper()
    assert (described.not_before, described.not_after, described.source) == ("2022-10-15T12:00:00Z", "2036-11-20T12:00:00Z", "ca.pem")


def test_order_of_the_files_does_not_matter() -> None:
    other = pki.root("S", "Contoso Web CA").build()
    first, second = load_authority([("a", ROOT), ("b", other)]), load_authority([("b", other), ("a", ROOT)])
    assert first.describe() == second.describe()
    assert first.subject == "CN=Contoso Lync CA, DC=contoso, DC=local or CN=Contoso Web CA, DC=contoso, DC=local"


def test_problem_at() -> None:
    authority = load_authority([("ca.pem", ROOT)])
    assert authority.problem_at(pki.NOW) is None
    assert authority.problem_at(CA.not_after) is None
    assert authority.problem_at(CA.not_before) is None
    problem = authority.problem_at(pki.day(4000))
    assert problem is not None
    assert "2036-11-20" in problem
    assert authority_of([]).problem_at(pki.NOW) is not None


def test_what_cannot_be_read_of_certificates_that_were_found_elsewhere_is_left_out_or_said() -> None:
    nameless = CA.change(subject=asn1.sequence(asn1.sequence())).build()
    authority = authority_of([("a", b"garbage"), ("b", ROOT), ("c", ODD_DATES)])
    assert [item.content for item in authority.certificates] == [ODD_DATES, ROOT]
    assert authority.problem_at(pki.NOW) is None
    assert "2036-11-20" in (authority.problem_at(pki.day(4000)) or "")
    assert "none with readable dates" in (authority_of([("c", ODD_DATES)]).problem_at(pki.NOW) or "")
    assert authority_of([("c", ODD_DATES)]).describe()[0].not_after == "(not readable)"
    assert authority_of([("d", nameless)]).subject == "a CA without a readable name"
    assert authority_of([("d", nameless)]).describe()[0].subject == "(not readable)"
    assert authority_of([]).subject == "no CA"


def test_names_that_are_compared_loosely_still_are_compared() -> None:
    authority = load_authority([("ca.pem", ROOT)])
    assert [item.content for item in authority.named(pki.ca_name("CONTOSO  lync ca", tag=pki.UTF8), loosely=True)] == [ROOT]
    assert authority.named(pki.ca_name("Contoso Web CA"), loosely=True) == ()
    assert authority.named(pki.ca_name("CONTOSO  lync ca", tag=pki.UTF8), loosely=False) == ()
