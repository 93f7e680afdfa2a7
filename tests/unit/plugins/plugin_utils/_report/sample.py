# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reports for the tests of the report's forms: a usual one, a hostile one, long ones."""
from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone

from ansible_collections.lync.persistent_chat.plugins.plugin_utils._verdict.instants import Instants
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._verdict.report import Change, Earlier, Report, Summary
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._verdict.verdict import (
    AuthorityCertificate,
    CertificateVerdict,
    Finding,
    InternalServer,
    NearestMiss,
    Outcome,
    Severity,
    Verdict,
    Waiver,
)

NOW = datetime(2026, 11, 23, 12, 0, 0, tzinfo=timezone.utc)
RUN = "0123456789abcdef0123456789abcdef"
AUTHORITY = AuthorityCertificate(
    subject="CN=Contoso Issuing CA 1,DC=contoso,DC=com",
    thumbprint="A0" * 20,
    sha256="AB" * 32,
    key_identifier="CD" * 20,
    not_before="2020-01-01T00:00:00Z",
    not_after="2030-01-01T00:00:00Z",
    source="issuing.pem",
)
RENEWED = replace(AUTHORITY, thumbprint="A1" * 20, sha256="AC" * 32, key_identifier="CE" * 20, not_after="2035-01-01T00:00:00Z")
SERVERS = (
    InternalServer("fe1.contoso.com", "Default", "F1" * 20, AUTHORITY.subject, AUTHORITY.key_identifier, "2027-10-24T12:00:00Z"),
    InternalServer("fe2.contoso.com", None, "F2" * 20, "CN=Fabrikam CA,DC=contoso,DC=com", None, "2028-10-24T12:00:00Z"),
)
SILENT = Finding("reference.server_silent", Severity.WARNING, "fe3.contoso.com tells no CA: nothing listens on port 5986.")
UNKNOWN = Finding(
    "reference.unknown", Severity.OPEN, "The internal servers use 2 CAs that are not proved to have one root.",
    remedy="Name the CA's file:\n  -e certificates_authority_files=ca.cer", source="this collection",
)  # fmt: skip
EARLIER = Earlier(
    "fedcba98765432100123456789abcdef", NOW - timedelta(days=7),
    (Change("pchat09.contoso.com", "pchat09.contoso.com is no longer expected (was satisfied)."),
     Change("pchat03.contoso.com", "pchat03.contoso.com: satisfied became not_satisfied.")),
)  # fmt: skip
WAIVER = Waiver("certificate.archived", "pchat0*", "Jane Doe", "replaced on Monday", "2026-12-31")
COMMANDS = r"""certreq -new -machine pchat03.inf pchat03.req
certreq -submit -config "ca01.contoso.com\Contoso Issuing CA 1" -attrib "CertificateTemplate:WebServer" pchat03.req pchat03.cer
certreq -accept -machine pchat03.cer"""
REMEDY = "On pchat03.contoso.com, in an elevated prompt:\n  " + COMMANDS.replace("\n", "\n  ") + "\nThen run the check again."
REVOCATION = Finding("revocation.not_checked", Severity.NOTE, "Revocation was not checked.", source="RFC 5280, 6.3")
HOSTILE = {
    "ansi": "CN=\x1b[2J\x1b[31mgreen\x07\r\nsatisfied",
    "markup": "CN=</script><script>document.title='owned'</script><img src=//evil.example/x onerror=alert(1)>",
    "template": "CN={{ 7 * 7 }}{% raw %}",
    "right to left": "CN=\u202ereversed\u202c\u2066x\u200b\u200f\ufeff",
    "long": "CN=" + "W" * 10000,
    "wide": "CN=" + "\u8b49\u660e\u66f8" * 40,
    "marks": "CN=a" + "\u0301" * 500,
    "formula": "=cmd|' /C calc'!A0;=1+1",
    "surrogate": "CN=\ud800x",
    "quotes": "CN=\"';--><!--]]>&amp;",
}


def certificate(number: int, outcome: Outcome = Outcome.SATISFIED, **values: object) -> CertificateVerdict:
    made = CertificateVerdict(
        thumbprint=f"{number:040X}",
        outcome=outcome,
        findings=(REVOCATION,),
        subject=f"CN=pchat{number:02}.contoso.com",
        issuer=AUTHORITY.subject,
        serial_number=f"{number:x}f",
        not_before="2026-01-01T00:00:00Z",
        not_after=f"202{7 + number % 2}-0{1 + number % 9}-15T08:30:00Z",
        friendly_name="Lync internal",
    )
    return replace(made, **values)  # type: ignore[arg-type]


def satisfied(number: int) -> Verdict:
    chosen = certificate(number, content="MIIBszCCAVmgAwIBAgIUNOT=")
    return Verdict(
        host=f"pchat{number:02}.contoso.com",
        outcome=Outcome.SATISFIED,
        message=f"Satisfied by {chosen.subject}, valid until {chosen.not_after}; revocation: not checked.",
        instants=Instants(NOW, host=NOW + timedelta(seconds=3), recorded_at=NOW),
        run_id=RUN,
        fqdn=f"pchat{number:02}.contoso.com",
        certificates=(replace(chosen, content=None),),
        certificate=chosen,
        authority=(AUTHORITY,),
        profile="lync_2013",
        match="issuing_ca",
        snapshot_sha256=f"{number:064x}",
    )


def refused(number: int) -> Verdict:
    sibling = Finding(
        "issuance.sibling_ca",
        Severity.BLOCKING,
        "The certificate was issued by CN=Contoso Issuing CA 2, not by CN=Contoso Issuing CA 1; CN=Contoso Root certifies both.",
        remedy=REMEDY,
        source="RFC 5280, 6.1.3",
    )
    expired = Finding("time.expired", Severity.BLOCKING, "It expired on 2025-03-01, 632 days ago.", source="RFC 5280, 4.1.2.5")
    near = certificate(number, Outcome.NOT_SATISFIED, findings=(sibling, REVOCATION))
    far = certificate(number + 1000, Outcome.NOT_SATISFIED, findings=(sibling, expired), not_after="2025-03-01T00:00:00Z")
    return replace(
        satisfied(number),
        outcome=Outcome.NOT_SATISFIED,
        message="None of 2 certificates satisfies; the nearest was issued by a sibling of the wanted CA.",
        certificate=None,
        certificates=(near, far),
        nearest_miss=NearestMiss(near.thumbprint, "Only its issuer is wrong.", ("issuance.sibling_ca",), REMEDY),
    )


def unread(number: int) -> Verdict:
    finding = Finding(
        "host.unreachable",
        Severity.OPEN,
        "WinRM on port 5986 did not answer within 60 seconds (3 attempts).",
        remedy=f"Try the port:\n  Test-NetConnection pchat{number:02}.contoso.com -Port 5986",
        source="Microsoft Learn, Installation and configuration for Windows Remote Management",
    )
    return Verdict(
        host=f"pchat{number:02}.contoso.com",
        outcome=Outcome.UNDETERMINED,
        message="The host was not read: WinRM on port 5986 did not answer.",
        instants=Instants(NOW),
        run_id=RUN,
        findings=(finding,),
        authority=(AUTHORITY,),
        profile="lync_2013",
        match="issuing_ca",
    )


def with_waiver(number: int) -> Verdict:
    archived = Finding("certificate.archived", Severity.WARNING, "The certificate is archived.", waived=WAIVER)
    made = satisfied(number)
    assert made.certificate is not None
    chosen = replace(made.certificate, findings=(archived, REVOCATION))
    return replace(made, certificate=chosen, certificates=(replace(chosen, content=None),))


def report(*verdicts: Verdict) -> Report:
    count = {outcome: sum(verdict.outcome is outcome for verdict in verdicts) for outcome in Outcome}
    passed = bool(verdicts) and count[Outcome.SATISFIED] == len(verdicts)
    failed = Outcome.NOT_SATISFIED if count[Outcome.NOT_SATISFIED] else Outcome.UNDETERMINED
    checked = sum(bool(verdict.snapshot_sha256) for verdict in verdicts)
    return Report(
        run_id=RUN,
        outcome=Outcome.SATISFIED if passed else failed,
        created_at=NOW,
        summary=Summary(len(verdicts), checked, count[Outcome.SATISFIED], count[Outcome.NOT_SATISFIED], count[Outcome.UNDETERMINED]),
        expected=tuple(verdict.host for verdict in verdicts),
        verdicts=verdicts,
        versions=(("lync.persistent_chat", "1.0.0"), ("ansible-core", "2.21.5"), ("cryptography", "50.0.0"), ("python", "3.12.3")),
    )


def usual() -> Report:
    """3 of 4 checked, 2 satisfied."""
    return report(refused(3), unread(4), satisfied(1), with_waiver(2))


def told() -> Report:
    """The usual one with two generations of the CA, told by internal servers of which one is silent, after an earlier report."""
    origin = {"authority": (AUTHORITY, RENEWED), "internal_servers": SERVERS}
    made = [replace(verdict, findings=(*verdict.findings, SILENT), **origin) for verdict in usual().verdicts]  # type: ignore[arg-type]
    web = replace(satisfied(5), host="fe1.contoso.com (web services)", fqdn="fe1.contoso.com", use="web services", **origin)  # type: ignore[arg-type]
    return replace(report(*made, web), previous=EARLIER)


def unknown() -> Report:
    """The internal servers use unrelated CAs: nobody could be judged. The second server's certificate has expired, too."""
    waiting = {"outcome": Outcome.UNDETERMINED, "message": f"Undetermined: {UNKNOWN.message}", "certificate": None}
    nobody = {"authority": (), "internal_servers": SERVERS, "findings": (UNKNOWN, SILENT)}
    verdicts = []
    for number, codes in ((1, ("issuance.no_authority",)), (2, ("time.expired", "issuance.no_authority"))):
        findings = tuple(Finding(code, Severity.OPEN, f"About {code}.") for code in codes)
        near = certificate(number, Outcome.UNDETERMINED, findings=findings)
        miss = NearestMiss(near.thumbprint, f"right name, but: {codes[0]}.", codes, "Export the certificate of the CA.")
        verdicts.append(replace(satisfied(number), **waiting, **nobody, certificates=(near,), nearest_miss=miss))  # type: ignore[arg-type]
    return report(*verdicts)


def many(count: int) -> Report:
    """One in ten is refused, one in fifty unread."""
    return report(*(unread(n) if n % 50 == 7 else refused(n) if n % 10 == 3 else satisfied(n) for n in range(1, count + 1)))


def hostile() -> Report:
    """A host for each of HOSTILE, which is in every text that a host can choose."""
    verdicts, changes = [], []
    for number, text in enumerate(HOSTILE.values()):
        made = refused(number)
        cure = f"Look at it:\n  certutil -dump {text}"
        finding = Finding("issuance.name", Severity.BLOCKING, f"Issued by {text}.", remedy=cure, source=text)
        near = replace(made.certificates[0], subject=text, issuer=text, friendly_name=text, serial_number=text, findings=(finding,))
        miss = NearestMiss(near.thumbprint, text, ("issuance.name",), f"Look at it:\n  certutil -dump\n  {text}\n{text}")
        server = InternalServer(text, text, text, text, text, "2027-01-01T00:00:00Z")
        authority = replace(AUTHORITY, subject=text, source=text, key_identifier=text)
        told_by = {"internal_servers": (server,), "authority": (authority,), "findings": (replace(SILENT, message=text),)}
        changes.append(Change(text, text))
        made = replace(made, host=text, fqdn=text, message=text, certificates=(near,), nearest_miss=miss, use=text, **told_by)  # type: ignore[arg-type]
        verdicts.append(made)
    return replace(report(*verdicts), previous=replace(EARLIER, run_id=HOSTILE["ansi"], changes=tuple(changes)))
