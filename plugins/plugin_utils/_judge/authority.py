# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The reference CA: a set of certificates of one CA, or of several, given by the user."""
from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from .._verdict.form import instant as written
from .._verdict.verdict import AuthorityCertificate
from . import names
from .certificate import Certificate, parse
from .findings import clean
from .understanding import NotUnderstood

_BLOCK = re.compile(rb"-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \1-----", re.DOTALL)
_CERTIFICATE_LABELS = (b"CERTIFICATE", b"X509 CERTIFICATE", b"TRUSTED CERTIFICATE")
LARGEST = 16 * 1024 * 1024
"""Largest file that is looked at, in octets."""
_EXPECTED = "Expected the certificate of the CA that issued the internal Lync servers' certificates, as PEM or DER (.cer, .crt, .pem)"


class AuthorityError(ValueError):
    """A source without a usable CA certificate; the message says which, what it holds and what was expected."""


@dataclass(frozen=True, slots=True)
class Given:
    """One certificate of the reference CA; ``source`` says where it came from."""

    certificate: Certificate
    source: str


@dataclass(frozen=True, slots=True)
class Authority:
    """The certificates that count as the CA, each once. ``subject`` is the CAs' names in words, for a sentence."""

    given: tuple[Given, ...] = ()
    contents: frozenset[bytes] = frozenset()
    subjects: frozenset[bytes] = frozenset()
    by_subject: dict[bytes, tuple[Certificate, ...]] = field(default_factory=dict)
    subject: str = "no CA"

    @property
    def certificates(self) -> tuple[Certificate, ...]:
        """The certificates alone."""
        return tuple(item.certificate for item in self.given)

    def named(self, name: bytes, loosely: bool) -> tuple[Certificate, ...]:
        """Those of that subject: the same bytes, or ``loosely`` as RFC 5280 7.1 compares."""
        if not loosely:
            return self.by_subject.get(name, ())
        return tuple(item.certificate for item in self.given if names.same(item.certificate.subject, name))

    def describe(self) -> tuple[AuthorityCertificate, ...]:
        """As reports show it."""
        return tuple(_described(item) for item in self.given)

    def problem_at(self, instant: datetime) -> str | None:
        """A sentence if no certificate of the CA is valid at ``instant`` (UTC), else None."""
        if not self.given:
            return "No certificate of the reference CA was given."
        periods = []
        for item in self.given:
            try:
                begin, end = item.certificate.not_before, item.certificate.not_after
            except NotUnderstood:
                continue
            if begin <= instant <= end:
                return None
            periods.append(f"{item.certificate.subject_text or 'without a readable name'} from {written(begin)} to {written(end)}")
        listed = "; ".join(sorted(periods)) or "none with readable dates"
        return (f"No certificate of the reference CA is valid on {written(instant)}: {listed}. Give the CA's present certificate, or "
                "look at the controller's clock.")


def authority_of(items: Iterable[tuple[str, bytes]]) -> Authority:
    """The authority of these DER certificates, CAs or not, in an order that doesn't depend on theirs; unreadable ones are left out."""
    given: dict[bytes, Given] = {}
    for source, content in items:
        try:
            given.setdefault(content, Given(parse(content), source))
        except NotUnderstood:
            continue
    ordered = tuple(sorted(given.values(), key=lambda item: item.certificate.content))
    by_subject: dict[bytes, tuple[Certificate, ...]] = {}
    for item in ordered:
        subject = item.certificate.subject
        by_subject[subject] = (*by_subject.get(subject, ()), item.certificate)
    named = " or ".join(sorted({item.certificate.subject_text or "a CA without a readable name" for item in ordered}))
    return Authority(ordered, frozenset(given), frozenset(by_subject), by_subject, named or "no CA")


def load_authority(sources: Sequence[tuple[str, bytes]]) -> Authority:
    """The authority in these sources, each (label, PEM or DER, bundles too). Raises AuthorityError for a source without a CA."""
    if not sources:
        raise AuthorityError(f"No CA certificate was given. {_EXPECTED}.")
    items = []
    for label, content in sources:
        items += [(label, der) for der in _certificate_authorities(label, content)]
    return authority_of(items)


def _certificate_authorities(label: str, content: bytes) -> list[bytes]:
    shown = clean(label, 200)
    if not content.strip():
        raise AuthorityError(f"{shown} is empty. {_EXPECTED}.")
    if len(content) > LARGEST:
        raise AuthorityError(f"{shown} is larger than {LARGEST} bytes. {_EXPECTED}.")
    found, others = _blocks(shown, content)
    authorities: list[Certificate] = []
    leaves: list[Certificate] = []
    faults: list[str] = []
    for der in found:
        try:
            certificate = parse(der)
            _sound(certificate)
            (authorities if _is_authority(certificate) else leaves).append(certificate)
        except NotUnderstood as error:
            faults.append(str(error))
    if not authorities:
        raise AuthorityError(f"{shown} holds no CA certificate: {_held(leaves, others, faults)}. {_EXPECTED}.")
    if faults:
        raise AuthorityError(f"{shown} holds a certificate that could not be read: {clean(faults[0], 200)}. {_EXPECTED}.")
    return [certificate.content for certificate in authorities]


def _blocks(shown: str, content: bytes) -> tuple[list[bytes], list[str]]:
    if b"-----BEGIN " not in content:
        return ([content] if content[:1] == b"\x30" else _plain_base64(content)), []
    found, others = [], []
    for kind, body in _BLOCK.findall(content):
        if kind not in _CERTIFICATE_LABELS:
            others.append(kind.decode("ascii").lower())
            continue
        try:
            found.append(base64.b64decode(b"".join(body.split()), validate=True))
        except binascii.Error:
            raise AuthorityError(f"{shown} holds a certificate in PEM that is damaged. {_EXPECTED}.") from None
    if content.count(b"-----BEGIN ") != len(found) + len(others):
        raise AuthorityError(f"{shown} holds PEM that is cut: a BEGIN line without its END. {_EXPECTED}.")
    return found, others


def _plain_base64(content: bytes) -> list[bytes]:
    # certutil -encode and copies from web pages: base64 without the lines around it.
    try:
        decoded = base64.b64decode(b"".join(content.split()), validate=True)
    except binascii.Error:
        return []
    return [decoded] if decoded[:1] == b"\x30" else []


def _sound(certificate: Certificate) -> None:
    # Asked for their faults: a CA certificate that is malformed anywhere is refused when it is given, not later.
    _dummy = certificate.extensions, certificate.not_before, certificate.not_after, certificate.public_key


def _is_authority(certificate: Certificate) -> bool:
    constraints = certificate.basic_constraints
    return constraints is not None and constraints.ca


def _held(leaves: list[Certificate], others: list[str], faults: list[str]) -> str:
    if leaves:
        return f"it is the certificate of {clean(leaves[0].subject_text or 'somebody', 200)}, which is not a CA"
    if any("key" in kind for kind in others):
        return "it is a private or public key, not a certificate"
    if others:
        return f"it holds a {clean(others[0], 60)}"
    if faults:
        return f"it could not be read as a certificate ({clean(faults[0], 200)})"
    return "it is neither PEM nor DER"


@lru_cache(maxsize=256)
def _described(item: Given) -> AuthorityCertificate:
    certificate = item.certificate
    return AuthorityCertificate(
        subject=clean(certificate.subject_text or "(not readable)"), thumbprint=certificate.thumbprint,
        sha256=hashlib.sha256(certificate.content).hexdigest().upper(), key_identifier=key_identifier(certificate),
        not_before=_moment(certificate, "not_before"), not_after=_moment(certificate, "not_after"), source=clean(item.source))


def _moment(certificate: Certificate, which: str) -> str:
    try:
        return written(getattr(certificate, which))
    except NotUnderstood:
        return "(not readable)"


def key_identifier(certificate: Certificate) -> str | None:
    """The subject key identifier as hex in capitals, None if there is none or it is unreadable."""
    try:
        found = certificate.subject_key_identifier
    except NotUnderstood:
        return None
    return None if found is None else found.hex().upper()
