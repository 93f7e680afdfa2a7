# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is true of one host: the one object that task result, terminal, HTML, JSON, JUnit, CSV and exit code derive from."""
from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from .instants import Instants

FORMAT = 1
"""Version of the written form of a verdict."""


class Outcome(str, Enum):
    """Only ``SATISFIED`` passes."""

    SATISFIED = "satisfied"
    NOT_SATISFIED = "not_satisfied"
    UNDETERMINED = "undetermined"


class Severity(str, Enum):
    """``BLOCKING``: a rule is disproved. ``OPEN``: it could not be judged. The other two never change an outcome."""

    BLOCKING = "blocking"
    OPEN = "open"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Waiver:
    """Who accepted a finding, why, and until which day (ISO 8601 date, inclusive, UTC)."""

    code: str
    hosts: str
    owner: str
    reason: str
    until: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is true, in a sentence with figures. ``code`` is public and stable; ``waived`` set: it no longer blocks."""

    code: str
    severity: Severity
    message: str
    remedy: str | None = None
    source: str | None = None
    waived: Waiver | None = None


@dataclass(frozen=True, slots=True)
class CertificateVerdict:
    """One certificate of the store My with everything that is true of it.

    Times are ISO 8601 UTC. Fields that could not be decoded are None; ``thumbprint`` is the SHA-1 of the bytes as Windows
    writes it (upper-case hex), and always there. ``content`` (base64 DER) is set for the deciding certificate only.
    """

    thumbprint: str
    outcome: Outcome
    findings: tuple[Finding, ...] = ()
    subject: str | None = None
    issuer: str | None = None
    serial_number: str | None = None
    not_before: str | None = None
    not_after: str | None = None
    friendly_name: str | None = None
    content: str | None = None


@dataclass(frozen=True, slots=True)
class NearestMiss:
    """The candidate with the fewest blocking findings: which it is, what separates it from satisfying, the exact cure."""

    thumbprint: str | None
    message: str
    codes: tuple[str, ...] = ()
    remedy: str | None = None


@dataclass(frozen=True, slots=True)
class AuthorityCertificate:
    """One certificate of the reference CA, as the report shows it. ``source`` says where it came from."""

    subject: str
    thumbprint: str
    sha256: str
    key_identifier: str | None
    not_before: str
    not_after: str
    source: str


@dataclass(frozen=True, slots=True)
class InternalServer:
    """An internal Lync server that told which CA is the reference: ``use`` is None where the user named its certificate.

    ``key_identifier`` is that of its CA, None if it is unknown; ``not_after`` (ISO 8601 UTC) that of its certificate.
    """

    host: str
    use: str | None
    thumbprint: str
    issuer: str
    key_identifier: str | None
    not_after: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """``host`` is the name it was asked under, ``fqdn`` the name it reports itself (None if it was not read).

    ``findings`` are about the host; those of a certificate lie with it in ``certificates``. ``certificate`` is the one that
    satisfies (of several the one that lasts longest), ``nearest_miss`` is there whenever no certificate satisfies.
    ``internal_servers`` told the reference CA ``authority``; none where files name it. ``use`` is set where not the store was
    judged, but what Lync assigned to the web services of an internal server.
    """

    host: str
    outcome: Outcome
    message: str
    instants: Instants
    run_id: str
    fqdn: str | None = None
    findings: tuple[Finding, ...] = ()
    certificates: tuple[CertificateVerdict, ...] = ()
    certificate: CertificateVerdict | None = None
    nearest_miss: NearestMiss | None = None
    authority: tuple[AuthorityCertificate, ...] = ()
    internal_servers: tuple[InternalServer, ...] = ()
    use: str | None = None
    profile: str | None = None
    match: str | None = None
    snapshot_sha256: str | None = None
