# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every finding there is, as data: what it is called, what it says, on whose word, and whether a waiver may accept it."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
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

FIGURES: Mapping[str, str] = MappingProxyType({
    "ago": "time passed (timedelta)",
    "age": "how old the snapshot is (timedelta)",
    "algorithm": "signature algorithm as text (md5WithRSAEncryption) or its OID",
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
    "kind": "kind of name: rfc822Name",
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


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of finding.

    ``template`` has named figures (``FIGURES`` says what each is); ``variants`` holds other wordings for a severity, with the same
    figures or fewer. ``curable``: with severity OPEN a store that was not read could cure it, and the sentence says so.
    """

    title: str
    source: str
    template: str
    waivable: bool = False
    variants: Mapping[Severity, str] = field(default_factory=dict)
    curable: bool = False

    @property
    def figures(self) -> frozenset[str]:
        """Names of the figures that ``finding`` demands for this kind."""
        return frozenset(name for _text, name, _form, _conversion in Formatter().parse(self.template) if name)

    def wording(self, severity: Severity) -> str:
        """The template for a finding of that severity."""
        return self.variants.get(severity, self.template)


_ISSUANCE = {
    "issuance.other_issuer": Kind(
        "From another CA", LYNC_CHAT,
        "Issued by {issuer}, not by the reference CA {wanted}.", curable=True),
    "issuance.signature_invalid": Kind(
        "Signature is not the CA's", "RFC 5280, 6.1.3 (a)(1)",
        "Bears the issuer name {issuer}, but is from another key under that name: the signature does not verify with the CA's key (SKI "
        "{ca_key_identifier} against {leaf_key_identifier} in the certificate). Another CA or generation of that name, or a forgery.",
        curable=True),
    "issuance.sibling_ca": Kind(
        "From a sister CA", LYNC_CHAT,
        "Issued by {issuer}, not by {wanted}; both are certified by {parent} (proved). Three ways out: request a new certificate from "
        "{wanted}; or, if internal servers use {issuer} too, give its certificate as reference CA as well; or, if anything below {parent} "
        "will do, give {parent} with match: chain.", curable=True),
    "issuance.other_generation": Kind(
        "From another generation of the CA", "MS-WCCE 3.2.1.4.3.2.39; Microsoft, Certification Authority Renewal",
        "Issued by {issuer}, but with another key than that of the CA certificate given (SKI {leaf_key_identifier} against "
        "{ca_key_identifier}); {parent} certified both (proved). It looks like a renewal with a new key: if so, give the CA certificate "
        "with that key as well.", curable=True),
    "issuance.chains_to_ca": Kind(
        "Issued below the reference CA, not by it", LYNC_CHAT,
        "Issued by {issuer}, which chains to the given CA {wanted} (proved), not by {wanted} itself. Give {issuer} as reference CA if the "
        "internal servers use it, or set match: chain if anything below {wanted} will do; external CAs change their issuing CAs.",
        curable=True),
    "issuance.key_identifier_differs": Kind(
        "Names another CA key", "RFC 5280, 4.2.1.1; " + CHAINING,
        "Its authority key identifier is {leaf_key_identifier}, but the CA's subject key identifier is {ca_key_identifier}: Windows "
        "picks the issuer by it and would leave the chain incomplete.", curable=True),
    "issuance.serial_differs": Kind(
        "Names another certificate of the CA", "RFC 5280, 4.2.1.1; " + CHAINING,
        "Its authority key identifier names another certificate of the CA by serial number, perhaps the one before a renewal: give that "
        "one as well.", curable=True),
    "issuance.issuer_not_ca": Kind(
        "Issuer is no CA", "RFC 5280, 4.2.1.9",
        "The issuer's certificate {issuer} is no CA certificate (version 3, basicConstraints with the CA flag): it may not issue.",
        curable=True),
    "issuance.issuer_no_certsign": Kind(
        "Issuer may not sign certificates", "RFC 5280, 4.2.1.3",
        "The key usage of the CA certificate {issuer} lacks keyCertSign: it may not issue certificates.", curable=True),
    "issuance.issuer_expired": Kind(
        "CA certificate expired", "RFC 5280, 6.1.3 (a)(2)",
        "The CA certificate {issuer} expired on {not_after}. If the CA was renewed, give its newer certificate as well.", curable=True),
    "issuance.issuer_not_yet_valid": Kind(
        "CA certificate not valid yet", "RFC 5280, 6.1.3 (a)(2)",
        "The CA certificate {issuer} is not valid before {not_before}. If the CA was renewed, give its older certificate as well.",
        curable=True),
    "issuance.issuer_purpose": Kind(
        "CA restricted to other purposes", "RFC 5280, 4.2.1.12; Windows nests purposes along the chain",
        "The CA {issuer} may not certify servers: its extended key usage or its application policies lack server authentication.",
        curable=True),
    "issuance.issuer_unknown_critical": Kind(
        "Critical extension in the CA certificate", "RFC 5280, 4.2",
        "The CA certificate {issuer} has the critical extension {oid}, which is not processed here: whoever does not process it must "
        "refuse.",
        curable=True),
    "issuance.path_length": Kind(
        "Path too long", "RFC 5280, 4.2.1.9 and 6.1.4 (l)",
        "The CA {issuer} allows fewer CAs below it (path length constraint) than there are on the way to this certificate.", curable=True),
    "issuance.name_constraint": Kind(
        "Outside the CA's name constraints", "RFC 5280, 4.2.1.10",
        "The CA {issuer} may not issue for {name}: {why}.", curable=True),
    "issuance.name_constraint_unsupported": Kind(
        "Name constraint that could not be judged", "RFC 5280, 4.2.1.10",
        "The CA {issuer} is constrained in names of the kind {kind}, which are not evaluated here. Not proved, so it doesn't pass."),
    "issuance.signature_scheme": Kind(
        "Signature scheme not accepted", LYNC_CA,
        "A signature on the way to the reference CA is {scheme}, which is not accepted.", curable=True),
    "issuance.weak_hash": Kind(
        "Signature proves nothing", LYNC_CA + "; RFC 6151",
        "A signature on the way to the reference CA uses {hash}, which can be forged: it proves no issuer.", curable=True),
    "issuance.weak_key": Kind(
        "CA key too weak", "Microsoft KB 2661254; " + OURS,
        "A CA on the way to the reference CA signs with a key of {key}, which can be broken: its signature proves no "
        "issuer.", curable=True),
    "issuance.key_type_mismatch": Kind(
        "Signature is not of the CA's kind of key", "RFC 5280, 4.1.1.2",
        "Its signature algorithm does not fit the kind of key that the CA has: that CA did not sign it.", curable=True),
    "issuance.algorithm_mismatch": Kind(
        "Contradictory signature algorithm", "RFC 5280, 4.1.1.2",
        "Names one signature algorithm inside its signed part and another outside; both must be the same."),
    "issuance.algorithm_unsupported": Kind(
        "Signature algorithm not known", OURS,
        "Signed with {algorithm}, which is not known here: who issued it could not be judged, so it doesn't pass."),
    "issuance.key_unsupported": Kind(
        "Kind of CA key not known", OURS,
        "A CA of the issuer's name has a key of a kind not known here ({key}): its signature could not be checked, so it doesn't pass."),
    "issuance.issuer_name_empty": Kind(
        "No issuer name", "RFC 5280, 4.1.2.4",
        "Names no issuer at all."),
    "issuance.name_encoding_differs": Kind(
        "CA name written differently", "RFC 5280, 7.1",
        "Its issuer is the CA's subject in other spelling (case, spaces or string type); a Windows CA copies it to the byte."),
    "issuance.not_understood": Kind(
        "Not understood", OURS,
        "Who issued it could not be judged, because this was not understood: {what}. Not proved, so it doesn't pass."),
    "issuance.budget_exceeded": Kind(
        "Too many CA certificates to try", OURS,
        "Gave up searching for its issuer: the host's stores offer more CA certificates of these names than any real PKI has. Not "
        "proved, so it doesn't pass."),
    "issuance.no_authority": Kind(
        "No usable reference CA", OURS,
        "There is no usable CA certificate to prove the issue against. Give the certificate of the CA that the internal servers use."),
}

_TRUST = {
    "trust.intermediate_missing": Kind(
        "Intermediate CA missing on the host", LYNC_WIZARD,
        "The host cannot build the chain: the certificate of {issuer}, which issued {subject}, is in neither its CA nor its Root store. "
        "Clients and the deployment wizard would refuse the certificate.", waivable=True, curable=True),
    "trust.root_missing": Kind(
        "Root CA not trusted on the host", LYNC_WIZARD,
        "The host does not trust the root {root}: it is not in its Root store. If it is a public root, Windows may fetch it on first "
        "use; it was not there when the host was read.", waivable=True, curable=True),
    "trust.chain_expired": Kind(
        "CA of the chain not valid", "RFC 5280, 6.1.3 (a)(2)",
        "The host's chain runs through {subject} ({ca_thumbprint}), valid from {not_before} to {not_after}, so not on {instant}.",
        waivable=True, curable=True),
    "trust.chain_weak": Kind(
        "CA of the chain too weak for Windows", LYNC_CA + "; Microsoft KB 2661254",
        "The host's chain runs through {subject} ({ca_thumbprint}): {reason}.", waivable=True, curable=True),
    "trust.disallowed": Kind(
        "Explicitly distrusted on the host", "Microsoft, certificate store Disallowed (Untrusted Certificates)",
        "{subject} ({thumbprint}) lies in the host's Disallowed store (the same {by}): Windows refuses it whatever else is right."),
}

_TIME = {
    "time.expired": Kind(
        "Expired", "RFC 5280, 4.1.2.5; Microsoft, Lync Server certificate expiration",
        "Expired {ago} ago, on {not_after}, by {clock}."),
    "time.not_yet_valid": Kind(
        "Not valid yet", "RFC 5280, 4.1.2.5",
        "Not valid before {not_before}, in {until}, by {clock}."),
    "time.clocks_disagree": Kind(
        "Outcome depends on whose clock is right", OURS,
        "The outcome differs between the host's clock ({host_clock}) and the controller's ({controller_clock}). Set the wrong one right "
        "and check again."),
    "time.clock_skew": Kind(
        "Clocks apart", "Kerberos allows 5 minutes (Microsoft, Maximum tolerance for computer clock synchronization)",
        "The host's clock ({host_clock}) and the controller's ({controller_clock}) are {skew} apart."),
    "time.expires_soon": Kind(
        "Expires soon", PRACTICE,
        "Expires in {left}, on {not_after}: fewer than {limit} days left."),
    "time.ca_expires_first": Kind(
        "CA expires before the certificate", OURS,
        "The CA {issuer} ends on {ca_not_after}, before this certificate ({not_after}); from then on the chain is not valid."),
}

_CERTIFICATE = {
    "certificate.archived": Kind(
        "Archived", "Microsoft, CERT_ARCHIVED_PROP_ID",
        "Is archived: hidden from whoever opens the store the usual way, the deployment wizard among them.", waivable=True),
    "certificate.is_ca": Kind(
        "A CA certificate", "RFC 5280, 4.2.1.9",
        "Is a CA's certificate ({reason}), not a server's."),
    "certificate.not_understood": Kind(
        "Not understood", OURS,
        "Could not be understood where it matters ({what}): {reason}. Not judged, so it doesn't pass."),
    "certificate.unknown_critical": Kind(
        "Critical extension that is not processed", "RFC 5280, 4.2",
        "Has the critical extension {oid}, which is not processed here: whoever does not process it must refuse."),
    "certificate.version": Kind(
        "Not X.509 version 3", "RFC 5280, 4.1.2.1",
        "Is not an X.509 version 3 certificate: it can say neither names nor purposes."),
    "certificate.key_unsupported": Kind(
        "Kind of key not known", OURS,
        "Its key is of a kind not known here ({key}). Not judged, so it doesn't pass."),
    "certificate.weak_hash": Kind(
        "Weak signature hash", LYNC_CA,
        "Signed with {hash}: supported, but Microsoft advises SHA-256 or better.",
        variants={Severity.BLOCKING: "Signed with {hash}, which can be forged."}),
    "certificate.weak_key": Kind(
        "Weak key", LYNC_CA + "; Microsoft KB 2661254",
        "Its key is {key}: supported, but Microsoft recommends 2048 bits or more.",
        variants={Severity.BLOCKING: "Its key is {key}: too weak to be accepted."}),
    "certificate.signature_scheme": Kind(
        "Signature scheme that Lync does not support", LYNC_CA,
        "Signed with {scheme}, which Lync does not support: sign-in and call forwarding fail. A Windows CA writes RSASSA-PSS where its "
        "AlternateSignatureAlgorithm is 1.", waivable=True),
    "certificate.sha512": Kind(
        "SHA-512 on older Windows", "Microsoft field engineering: SHA512 certificates preventing RTCSRV from starting",
        "Signed with SHA-512; Windows {os_version} needs update KB 2973337 for that in TLS 1.2, or the Front End service does not start."),
}

_PURPOSE = {
    "purpose.eku_absent": Kind(
        "No extended key usage", LYNC_CA,
        "Has no extended key usage. Windows takes that as any purpose, but Lync wants server authentication (1.3.6.1.5.5.7.3.1) in "
        "every server certificate.", waivable=True),
    "purpose.eku_missing": Kind(
        "Not for server authentication", LYNC_CA,
        "Its extended key usage has {purposes}, not server authentication (1.3.6.1.5.5.7.3.1).", waivable=True),
    "purpose.application_policy": Kind(
        "Application policies forbid it", "MS-WCCE 2.2.2.7.7.2",
        "Its application policies (1.3.6.1.4.1.311.21.10) have {purposes}, not server authentication, and Windows heeds them."),
    "purpose.key_usage": Kind(
        "Key usage forbids it", "RFC 5280, 4.2.1.3",
        "Its key usage has {usages}; a TLS server needs digitalSignature, keyEncipherment or keyAgreement."),
    "revocation.cdp_absent": Kind(
        "No CRL distribution point", LYNC_CA,
        "Names no CRL distribution point; Lync wants one in every server certificate.", waivable=True),
    "revocation.cdp_unreadable": Kind(
        "CRL distribution point unreadable", OURS,
        "Its CRL distribution points could not be decoded: {reason}.", waivable=True),
    "revocation.ldap_only": Kind(
        "CRL by LDAP only", PRACTICE,
        "Its CRL is published by LDAP only: whoever is outside the domain cannot fetch it."),
    "revocation.not_checked": Kind(
        "Revocation not checked", OURS,
        "Whether it was revoked was not checked: no CRL is fetched."),
}

_KEY = {
    "key.absent": Kind(
        "No private key", LYNC_WIZARD,
        "Has no private key on this host: it was imported as .cer, or its request was made on another machine."),
    "key.other": Kind(
        "Private key of another certificate", OURS,
        "The private key that Windows links to it is not its own: the key's public half differs from the certificate's."),
    "key.not_machine": Kind(
        "Private key in a user's profile", OURS,
        "Its private key lies in a user's profile, not in the computer's key store: the Lync services cannot open it."),
    "key.not_opened": Kind(
        "Private key does not open", OURS,
        "Its private key did not open: {error}. The account that read was not elevated or has no right to it; read again as administrator.",
        variants={Severity.BLOCKING: "Its private key is gone: Windows still links one, but opening it answers {error}."}),
    "key.unknown": Kind(
        "Private key not told", OURS,
        "The host did not say {what}. Not proved, so it doesn't pass."),
    "key.signature_only": Kind(
        "Key for signatures only", "inferred from CryptoAPI: AT_SIGNATURE keys cannot do RSA key exchange",
        "Its key was made for signatures only (KeySpec 2, AT_SIGNATURE): RSA key exchange in TLS fails.", waivable=True),
    "key.cng": Kind(
        "Key in a key storage provider", PRACTICE + " (Lync 2010 and 2013)",
        "Its {key} key is kept by {provider}, a CNG key storage provider. Assigning such a certificate in Lync 2010 and 2013 was "
        "reported to fail; the key belongs in a CryptoAPI provider such as Microsoft RSA SChannel Cryptographic Provider.", waivable=True,
        variants={
            Severity.WARNING: "Its {key} key is kept by {provider}, a CNG key storage provider: supported on paper, but failures were "
            "reported.",
            Severity.NOTE: "Its {key} key is kept by {provider}, a CNG key storage provider."}),
}

_NAMES = {
    "names.host_missing": Kind(
        "Host name missing", LYNC_NAMES,
        "Does not name this server, {name}; it names {names}.", waivable=True),
    "names.pool_missing": Kind(
        "Pool name missing", LYNC_NAMES,
        "Does not name the pool, {name}; it names {names}.", waivable=True),
    "names.wanted_missing": Kind(
        "Demanded name missing", "option names",
        "Does not name {name}, which was asked for; it names {names}.", waivable=True),
    "names.pool_unknown": Kind(
        "Pool not said", LYNC_NAMES,
        "The pool's name was not said, so it was not looked for: in a pool of several servers the certificate must name the pool too."),
    "names.cn_only": Kind(
        "Name only as common name", "RFC 6125, 6.4.4",
        "Names {cn} as common name only and has no DNS name as subject alternative name: older Windows takes that, others don't."),
    "names.cn_right_san_wrong": Kind(
        "Right common name, wrong alternative names", "RFC 6125, 6.4.4",
        "Its common name is {cn}, but its alternative names are {names}, and where there are such, the common name does not count.",
        waivable=True),
    "names.wildcard": Kind(
        "Wildcard", LYNC_WILDCARD,
        "Covers {name} by the wildcard {wildcard} only; Lync supports none on this role.", waivable=True),
}

_HOST = {
    "host.unreachable": Kind("Host not reached", OURS, "{detail}"),
    "host.denied": Kind("Host refused the account", OURS, "{detail}"),
    "host.timeout": Kind("Host did not answer in time", OURS, "{detail}"),
    "host.no_powershell": Kind("No usable PowerShell", OURS, "{detail}"),
    "host.language_mode": Kind("PowerShell restricted", "Microsoft, about_Language_Modes", "{detail}"),
    "host.answer_invalid": Kind("Answer not valid", OURS, "{detail}"),
    "host.store_unread": Kind(
        "Store not read", OURS,
        "The store {store} of the local computer was not read: {error}. What lies in it is unknown."),
    "host.name_differs": Kind(
        "Another machine answered", OURS,
        "Asked as {asked}, but the machine that answered calls itself {fqdn}: which server was read is not certain. If both are right, "
        "set the option fqdn."),
    "host.no_dns_suffix": Kind(
        "No primary DNS suffix", ".NET IPGlobalProperties; Lync wants FQDNs (" + LYNC_NAMES + ")",
        "The host calls itself {name}, without a primary DNS suffix, so its FQDN is not known. Set the suffix, or the option fqdn."),
    "host.tls_1_0_disabled": Kind(
        "TLS 1.0 switched off", PRACTICE,
        "TLS 1.0 is switched off on this host.",
        variants={Severity.WARNING: "TLS 1.0 is switched off on this host, and Lync Server 2013 does not work without it."}),
    "host.trusted_issuer_list": Kind(
        "Sends its list of trusted issuers", "Microsoft KB 2464556 and KB 2880390",
        "SendTrustedIssuerList is set: Schannel sends its list of roots to clients and cuts it at 16 KB."),
    "coverage.not_checked": Kind(
        "Expected, not checked", OURS,
        "Expected, but there is no verdict of this run on it: {reason}."),
    "coverage.same_server": Kind(
        "Two names, one server", OURS,
        "Is the same machine as {other} (both answered as {fqdn}): one of the expected servers was not read."),
    "coverage.stale_snapshot": Kind(
        "Snapshot too old", OURS,
        "Its snapshot was taken {age} ago, on {recorded_at}; at most {limit} is accepted."),
    "coverage.other_run": Kind(
        "Verdict of another run", OURS,
        "Its verdict is from run {run_id}, not from this one ({expected_run})."),
}

_STORE = {
    "store.root_not_self_signed": Kind(
        "Not self-signed in Root", "Microsoft KB 2802568; KB 2795828",
        "{subject} ({thumbprint}) lies in the host's Root store but is not self-signed: Schannel then refuses client certificates "
        "(0x800B0109) and the Front End service does not start. It belongs in the CA store.", waivable=True),
    "store.many_roots": Kind(
        "Too many roots", "Microsoft KB 2464556 and KB 2880390",
        "The Root store has {count} certificates, their names {octets} octets: above 100, or above Schannel's 16,384 octets, TLS with "
        "clients and other servers fails at random."),
    "store.ca_twice": Kind(
        "Two CA certificates of one name", "Microsoft, Authentication fails for phone PIN sign-in (event 47067)",
        "{count} CA certificates of the name {subject} lie in the host's stores ({thumbprints}): keep those that real chains use."),
    "store.friendly_name_twice": Kind(
        "Friendly name not unique", LYNC_NAMES,
        "{count} certificates in My have the friendly name {friendly_name} ({thumbprints}); it must be unique."),
    "store.request_pending": Kind(
        "Request pending", PRACTICE,
        "A certificate request for {subject} made on this host is still open (store REQUEST): its answer was not installed yet."),
}

CATALOGUE: Mapping[str, Kind] = MappingProxyType(
    {**_ISSUANCE, **_TRUST, **_TIME, **_CERTIFICATE, **_PURPOSE, **_KEY, **_NAMES, **_HOST, **_STORE})
"""Code -> kind. Codes are public interface: they are never renamed, and a code that goes is never used again."""
