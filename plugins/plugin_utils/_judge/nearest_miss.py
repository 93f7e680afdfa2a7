# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Of a host without a satisfying certificate: how near it is, and what mends it."""
from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

from .._verdict.verdict import CertificateVerdict, Finding, NearestMiss, Outcome, Severity
from .catalogue import CATALOGUE
from .findings import clean
from .remedies import AT_THE_CA, NEW_CERTIFICATE, RemedyContext, new_certificate, remedy

NOT_OURS = frozenset({"issuance.other_issuer", "issuance.issuer_name_empty", "certificate.is_ca"})
"""A certificate with one of these was never meant for this; it is no candidate."""


def nearest_miss(
    certificates: Sequence[CertificateVerdict], *, held: int | None, authority: str, host_findings: Sequence[Finding] = (),
    context: RemedyContext,
) -> NearestMiss:
    """The candidate with the fewest blocking and open findings, what separates it from satisfying, and the cure.

    ``certificates`` are those of the store My; ``held`` is how many lie there, None if it was not read. Where one satisfies, something
    about the host keeps it from passing, and that is told.
    ``authority`` is the readable name of the reference CA. ``context`` is the host's; thumbprint and serial are put in here.
    Of equally near ones the one that lasts longest, then by thumbprint: the order in the store does not matter.
    """
    pending = [finding for finding in host_findings if finding.code == "store.request_pending"]
    satisfying = [certificate for certificate in certificates if certificate.outcome is Outcome.SATISFIED]
    if satisfying:
        return _host_itself(_nearest(satisfying), host_findings)
    candidates = [certificate for certificate in certificates if NOT_OURS.isdisjoint(_codes(certificate))]
    if not candidates:
        return _none(certificates, held, authority, pending, context)
    nearest = _nearest(candidates)
    own = replace(context, thumbprint=nearest.thumbprint, serial_number=nearest.serial_number)
    return NearestMiss(
        thumbprint=nearest.thumbprint,
        message=_message(nearest, bool(pending)),
        codes=tuple(dict.fromkeys(finding.code for finding in _against(nearest))),
        remedy=_cure(_against(nearest), pending, own),
    )


def _against(certificate: CertificateVerdict) -> tuple[Finding, ...]:
    """What keeps it from satisfying: blocking first, then open."""
    wanted = (Severity.BLOCKING, Severity.OPEN)
    return tuple(finding for severity in wanted for finding in certificate.findings if finding.severity is severity)


def _codes(certificate: CertificateVerdict) -> set[str]:
    return {finding.code for finding in _against(certificate)}


def _nearest(candidates: Sequence[CertificateVerdict]) -> CertificateVerdict:
    order = sorted(candidates, key=lambda certificate: certificate.thumbprint)
    order.sort(key=lambda certificate: certificate.not_after or "", reverse=True)
    return min(order, key=_distance)


def _distance(certificate: CertificateVerdict) -> tuple[int, int]:
    against = _against(certificate)
    return len(against), sum(finding.code.startswith("issuance.") for finding in against)


def _message(certificate: CertificateVerdict, pending: bool) -> str:
    against = _against(certificate)
    codes = _codes(certificate)
    good = [words for words, holds in _GOOD if holds(codes)]
    subject = clean(certificate.subject or "subject not readable", 120)
    head = f"Nearest: {certificate.thumbprint} ({subject})"
    text = f"{head}, {', '.join(good)}, but: " if good else f"{head}: "
    text += " ".join(finding.message for finding in _told_once(against))
    if pending and "key.absent" in codes:
        text += " A request is pending on this host: its own answer may be what is missing here."
    if codes and all(CATALOGUE[code].waivable for code in codes):
        text += f" It would pass with {'a waiver' if len(codes) == 1 else 'waivers'} for {' and '.join(sorted(codes))}."
    return text


def _told_once(findings: Sequence[Finding]) -> list[Finding]:
    """Of the reasons why several CA certificates did not issue it, one of each kind: the first is that of the CA given."""
    seen: dict[str, Finding] = {}
    for finding in findings:
        seen.setdefault(finding.code if finding.code.startswith("issuance.") else finding.message, finding)
    return list(seen.values())


def _issued(codes: set[str]) -> bool:
    return not any(code.startswith(("issuance.", "certificate.not_understood")) for code in codes)


def _named(codes: set[str]) -> bool:
    return not any(code.startswith(("names.", "certificate.not_understood", "issuance.not_understood")) for code in codes)


_GOOD: tuple[tuple[str, Callable[[set[str]], bool]], ...] = (("right CA", _issued), ("right name", _named))


def _host_itself(certificate: CertificateVerdict, host_findings: Sequence[Finding]) -> NearestMiss:
    doubts = [finding for finding in host_findings if finding.severity in (Severity.BLOCKING, Severity.OPEN)]
    subject = clean(certificate.subject or "subject not readable", 120)
    text = f"{certificate.thumbprint} ({subject}) satisfies; what is open is about the host: "
    return NearestMiss(
        thumbprint=certificate.thumbprint,
        message=text + (" ".join(finding.message for finding in doubts) or "see its findings."),
        codes=tuple(dict.fromkeys(finding.code for finding in doubts)),
        remedy="\n".join(dict.fromkeys(finding.remedy for finding in doubts if finding.remedy)) or None,
    )


def _none(
    certificates: Sequence[CertificateVerdict], held: int | None, authority: str, pending: Sequence[Finding], context: RemedyContext,
) -> NearestMiss:
    name = clean(authority)
    if held is None:
        return NearestMiss(None, "No candidate is known: the store My was not read.", remedy=remedy("host.store_unread", context))
    if context.use:
        text = f"The certificate assigned to {context.use} "
        text += f"was not issued by {name}{_issuers(certificates)}." if held else "is not in the store My of the local computer any more."
    else:
        text = "No candidate: the store My of the local computer "
        text += f"holds {_certificates(held)}, none issued by {name}{_issuers(certificates)}." if held else "is empty."
    for finding in pending:
        text += f" {finding.message}"
    codes = tuple(sorted({code for certificate in certificates for code in _codes(certificate)} & NOT_OURS))
    return NearestMiss(None, text, codes, _cure((), pending, context))


def _certificates(count: int) -> str:
    return "1 certificate" if count == 1 else f"{count} certificates"


def _issuers(certificates: Sequence[CertificateVerdict]) -> str:
    counted = Counter(clean(certificate.issuer or "an issuer that could not be read", 120) for certificate in certificates)
    if not counted:
        return ""
    shown = sorted(counted.items(), key=lambda item: (-item[1], item[0]))[:3]
    more = f" and {len(counted) - len(shown)} more" if len(counted) > len(shown) else ""
    return " (issuers: " + "; ".join(f"{issuer}, {count}" for issuer, count in shown) + f"{more})"


def _cure(against: Sequence[Finding], pending: Sequence[Finding], context: RemedyContext) -> str | None:
    """One cure for all: an open request is finished before another is made, a new certificate mends all of the certificate at once."""
    codes = list(dict.fromkeys(finding.code for finding in against))
    new = [code for code in codes if code in NEW_CERTIFICATE or code in AT_THE_CA]
    steps: list[str | None] = []
    if pending and (new or not codes or "key.absent" in codes):
        steps += [remedy("store.request_pending", context), "If that request was refused, or was for something else:"]
    if new or not codes:
        steps += [remedy(code, context) for code in codes if code.startswith("trust.")]
        steps += [AT_THE_CA.get(code) for code in new] + [new_certificate(context)]
    else:
        steps += [remedy(code, context) for code in codes]
    return "\n".join(dict.fromkeys(step for step in steps if step)) or None
