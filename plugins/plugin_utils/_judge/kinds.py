# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a kind of finding is made of, the figures in its sentences, and the sources that many of them share."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from string import Formatter
from types import MappingProxyType

from .._verdict.verdict import Severity

LYNC_CA = "Microsoft, Lync Server 2013: Certificate infrastructure requirements"
LYNC_CHAT = "Microsoft, Lync Server 2013: Certificate requirements for Persistent Chat Server"
LYNC_NAMES = "Microsoft, Lync Server 2013: Certificate requirements for internal servers"
LYNC_WILDCARD = "Microsoft, Lync Server 2013: Wildcard certificate support"
LYNC_WIZARD = "Microsoft, Lync Server 2013: Configure certificates for servers"
CHAINING = "Microsoft TechNet cc700843, Troubleshooting certificate status and revocation"
PRACTICE = "field reports, not Microsoft's word"
OURS = "this collection's own rule"

BLOCKING, OPEN, WARNING, NOTE = Severity.BLOCKING, Severity.OPEN, Severity.WARNING, Severity.NOTE

FIGURES: Mapping[str, str] = MappingProxyType({
    "ago": "time passed (timedelta)",
    "age": "how old the snapshot is (timedelta)",
    "algorithm": "what could not be judged of the signature algorithm, as a clause",
    "asked": "the FQDN under which the host was asked",
    "by": "what is equal: 'bytes' or 'key'",
    "ca_key_identifier": "subject key identifier of the CA certificate, hex; None: it has none",
    "ca_not_after": "end of the CA certificate (datetime)",
    "ca_thumbprint": "SHA-1 thumbprint of the CA certificate",
    "clock": "whose time: \"the host's clock\", \"the controller's clock\" or 'the day asked for'",
    "cn": "common name of the subject",
    "controller_clock": "datetime",
    "count": "how many there are",
    "detail": "the whole sentence, made by whoever met the problem",
    "error": "what the host answered, with its code",
    "expected_run": "run that the report is about",
    "fqdn": "the FQDN that the host reports",
    "friendly_name": "friendly name of the certificates",
    "hash": "hash of the signature: SHA-1, MD5",
    "host_clock": "datetime",
    "instant": "when it was judged (datetime)",
    "issuer": "readable name of the issuer (of the CA whose certificate is meant)",
    "key": "kind and size of a key: RSA 1024",
    "kind": "what is not evaluated, as a clause",
    "left": "time left (timedelta)",
    "leaf_key_identifier": "key identifier in the certificate's authority key identifier, hex; None: it has none",
    "limit": "the limit that was passed; with 'warn days': a number of days; with snapshots: timedelta",
    "name": "the name that is wanted or meant",
    "names": "the DNS names that the certificate has (sequence, may be empty)",
    "not_after": "end of validity (datetime)",
    "not_before": "beginning of validity (datetime)",
    "octets": "size of the list of roots in octets",
    "oid": "object identifier",
    "os_version": "Windows version as the host tells it",
    "other": "name of the other inventory host",
    "parent": "subject of the CA that certified both",
    "provider": "name of the provider that keeps the private key",
    "purposes": "the purposes it has, names or OIDs (sequence)",
    "reason": "what exactly is wrong, as a clause without full stop",
    "recorded_at": "when the snapshot was taken (datetime)",
    "root": "subject of the root CA",
    "run_id": "run that the verdict is from",
    "scheme": "signature scheme: RSASSA-PSS, Ed25519",
    "skew": "difference of the clocks (timedelta)",
    "store": "name of a store of the local computer",
    "subject": "readable subject of the certificate that is meant",
    "thumbprint": "SHA-1 thumbprint of the certificate that is meant",
    "thumbprints": "SHA-1 thumbprints (sequence)",
    "until": "time until it begins (timedelta)",
    "usages": "key usages it has (sequence)",
    "what": "what could not be told: a field, a fact",
    "wanted": "subject of the reference CA; several: a sequence",
    "why": "what forbids it, as a clause",
    "wildcard": "the name with the asterisk",
})
"""What each figure of a template is; ``findings.finding`` says how each type is written."""


PURPOSES: Mapping[str, str] = MappingProxyType({
    "1.3.6.1.5.5.7.3.1": "server authentication",
    "1.3.6.1.5.5.7.3.2": "client authentication",
    "1.3.6.1.5.5.7.3.3": "code signing",
    "1.3.6.1.5.5.7.3.4": "secure e-mail",
    "1.3.6.1.5.5.7.3.8": "time stamping",
    "1.3.6.1.5.5.7.3.9": "OCSP signing",
    "1.3.6.1.4.1.311.10.3.4": "encrypting file system",
    "1.3.6.1.4.1.311.20.2.2": "smart card logon",
    "1.3.6.1.5.2.3.5": "KDC authentication",
    "2.5.29.37.0": "any extended key usage",
    "1.3.6.1.4.1.311.10.12.1": "any application policy",
})
"""Purposes as Windows calls them, for sentences; the rest shows as OID."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of finding.

    ``template`` has named figures (``FIGURES`` says what each is); ``variants`` holds other wordings for a severity, with the same
    figures or fewer. ``severities`` are those it can have, the usual one first. ``curable``: with severity OPEN a store that was not
    read could cure it, and the sentence says so.
    """

    title: str
    source: str
    template: str
    waivable: bool = False
    variants: Mapping[Severity, str] = field(default_factory=dict)
    curable: bool = False
    severities: tuple[Severity, ...] = (Severity.BLOCKING,)

    @property
    def figures(self) -> frozenset[str]:
        """Names of the figures that ``finding`` demands for this kind."""
        return _figures(self.template)

    def wording(self, severity: Severity) -> str:
        """The template for a finding of that severity."""
        return self.variants.get(severity, self.template)


@cache
def _figures(template: str) -> frozenset[str]:
    return frozenset(name for _text, name, _form, _conversion in Formatter().parse(template) if name)
