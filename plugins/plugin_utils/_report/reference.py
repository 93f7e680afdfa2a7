# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where the reference CA came from. Each verdict carries it, and it is the same for all of a run: a report shows it once."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from .._verdict.report import Report
from .._verdict.verdict import AuthorityCertificate, Finding, InternalServer, Severity
from . import facts

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Reference:
    """The CA's certificates (all generations), the internal servers that told it, and what was found about both."""

    certificates: tuple[AuthorityCertificate, ...]
    servers: tuple[InternalServer, ...]
    findings: tuple[Finding, ...]

    @property
    def unknown(self) -> bool:
        """Whether no host could be judged because the CA can't be told."""
        return any(finding.severity in (Severity.OPEN, Severity.BLOCKING) for finding in self.findings)

    @property
    def empty(self) -> bool:
        return not (self.certificates or self.servers or self.findings)


def reference(report: Report) -> Reference:
    """What the verdicts say of it, each thing once, in their order."""
    return Reference(
        certificates=_once(each for verdict in report.verdicts for each in verdict.authority),
        servers=_once(each for verdict in report.verdicts for each in verdict.internal_servers),
        findings=_once(each for verdict in report.verdicts for each in verdict.findings if facts.about_reference(each)),
    )


def use(server: InternalServer) -> str:
    """``Default``, or ``named`` where the user named the certificate that is asked for its CA."""
    return server.use or "named"


def key(item: AuthorityCertificate | InternalServer) -> str:
    return item.key_identifier or "unknown"


def generation(certificate: AuthorityCertificate) -> tuple[str, str, str]:
    """One certificate of the CA: its subject, its key, from when to when and where it is from."""
    valid = f"{facts.day(certificate.not_before)} to {facts.day(certificate.not_after)}"
    return certificate.subject, f"key identifier {key(certificate)}", f"valid {valid}, from {certificate.source}"


def told(server: InternalServer) -> str:
    """What an internal server told, in a line."""
    until = facts.day(server.not_after)
    return f"{server.host}, {use(server)}, {server.thumbprint}, issued by {server.issuer}, key identifier {key(server)}, until {until}"


def _once(items: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(items))
