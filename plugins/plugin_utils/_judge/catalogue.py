# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every finding there is, as data: what it is called, what it says, on whose word, and whether a waiver may accept it."""
from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from .issuance_catalogue import ISSUANCE, TRUST
from .kinds import BLOCKING, FIGURES, LYNC_CA, LYNC_NAMES, LYNC_WILDCARD, LYNC_WIZARD, NOTE, OPEN, OURS, PRACTICE, WARNING, Kind
from .reference_catalogue import REFERENCE

__all__ = ["CATALOGUE", "FIGURES", "Kind"]

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
        "and check again.",
        severities=(OPEN,)),
    "time.clock_skew": Kind(
        "Clocks apart", "Kerberos allows 5 minutes (Microsoft, Maximum tolerance for computer clock synchronization)",
        "The host's clock ({host_clock}) and the controller's ({controller_clock}) are {skew} apart.",
        severities=(WARNING,)),
    "time.expires_soon": Kind(
        "Expires soon", PRACTICE,
        "Expires in {left}, on {not_after}: fewer than {limit} days left.",
        severities=(WARNING, BLOCKING)),
    "time.ca_expires_first": Kind(
        "CA expires before the certificate", OURS,
        "The CA {issuer} ends on {ca_not_after}, before this certificate ({not_after}); from then on the chain is not valid, unless the "
        "CA is renewed before.",
        severities=(WARNING,)),
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
        "Could not be understood where it matters ({what}): {reason}. Not judged, so it doesn't pass.",
        severities=(OPEN,)),
    "certificate.unknown_critical": Kind(
        "Critical extension that is not processed", "RFC 5280, 4.2",
        "Has the critical extension {oid}, which is not processed here: whoever does not process it must refuse."),
    "certificate.version": Kind(
        "Not X.509 version 3", "RFC 5280, 4.1.2.1",
        "Is not an X.509 version 3 certificate: it can say neither names nor purposes."),
    "certificate.key_unsupported": Kind(
        "Kind of key not known", OURS,
        "Its key is of a kind not known here ({key}). Not judged, so it doesn't pass.",
        severities=(OPEN,)),
    "certificate.weak_hash": Kind(
        "Weak signature hash", LYNC_CA,
        "Signed with {hash}: supported, but Microsoft advises SHA-256 or better.",
        variants={BLOCKING: "Signed with {hash}, which can be forged."},
        severities=(WARNING, BLOCKING)),
    "certificate.weak_key": Kind(
        "Weak key", LYNC_CA + "; Microsoft KB 2661254",
        "Its key is {key}: supported, but Microsoft recommends 2048 bits or more.",
        variants={BLOCKING: "Its key is {key}: too weak to be accepted."},
        severities=(WARNING, BLOCKING)),
    "certificate.signature_scheme": Kind(
        "Signature scheme that Lync does not support", LYNC_CA,
        "Signed with {scheme}, which Lync does not support: sign-in and call forwarding fail. A Windows CA writes RSASSA-PSS where its "
        "AlternateSignatureAlgorithm is 1.", waivable=True),
    "certificate.sha512": Kind(
        "SHA-512 on older Windows", "Microsoft field engineering: SHA512 certificates preventing RTCSRV from starting",
        "Signed with SHA-512; this host ({os_version}) needs update KB 2973337 for that in TLS 1.2, or the Front End service does not "
        "start.",
        severities=(WARNING, NOTE)),
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
        "Its CRL distribution points could not be decoded: {reason}.", waivable=True,
        severities=(OPEN,)),
    "revocation.ldap_only": Kind(
        "CRL by LDAP only", PRACTICE,
        "Its CRL is published by LDAP only: whoever is outside the domain cannot fetch it.",
        severities=(NOTE,)),
    "revocation.not_checked": Kind(
        "Revocation not checked", OURS,
        "Whether it was revoked was not checked: no CRL is fetched.",
        severities=(NOTE,)),
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
        variants={BLOCKING: "Its private key is gone: Windows still links one, but opening it answers {error}."},
        severities=(BLOCKING, OPEN)),
    "key.unknown": Kind(
        "Private key not told", OURS,
        "The host did not say {what}. Not proved, so it doesn't pass.",
        severities=(OPEN,)),
    "key.signature_only": Kind(
        "Key for signatures only", "inferred from CryptoAPI: AT_SIGNATURE keys cannot do RSA key exchange",
        "Its key was made for signatures only (KeySpec 2, AT_SIGNATURE): RSA key exchange in TLS fails.", waivable=True),
    "key.cng": Kind(
        "Key in a key storage provider", PRACTICE + " (Lync 2010 and 2013)",
        "Its {key} key is kept by {provider}, a CNG key storage provider. Assigning such a certificate in Lync 2010 and 2013 was "
        "reported to fail; the key belongs in a CryptoAPI provider such as Microsoft RSA SChannel Cryptographic Provider.", waivable=True,
        variants={
            WARNING: "Its {key} key is kept by {provider}, a CNG key storage provider: supported on paper, but failures were "
            "reported.",
            NOTE: "Its {key} key is kept by {provider}, a CNG key storage provider."},
        severities=(BLOCKING, WARNING, NOTE)),
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
        "The pool's name was not said, so it was not looked for: in a pool of several servers the certificate must name the pool too.",
        severities=(WARNING,)),
    "names.cn_only": Kind(
        "Name only as common name", "RFC 6125, 6.4.4",
        "Names {cn} as common name only and has no DNS name as subject alternative name: older Windows takes that, others don't.",
        severities=(WARNING,)),
    "names.cn_right_san_wrong": Kind(
        "Right common name, wrong alternative names", "RFC 6125, 6.4.4",
        "Its common name is {cn}, but its alternative names are {names}, and where there are such, the common name does not count.",
        waivable=True),
    "names.wildcard": Kind(
        "Wildcard", LYNC_WILDCARD,
        "Has the wildcard {wildcard} for {name}; Lync supports none on this role.", waivable=True),
}

_HOST = {
    "host.unreachable": Kind("Host not reached", OURS, "{detail}", severities=(OPEN,)),
    "host.denied": Kind("Host refused the account", OURS, "{detail}", severities=(OPEN,)),
    "host.timeout": Kind("Host did not answer in time", OURS, "{detail}", severities=(OPEN,)),
    "host.no_powershell": Kind("No usable PowerShell", OURS, "{detail}", severities=(OPEN,)),
    "host.language_mode": Kind("PowerShell restricted", "Microsoft, about_Language_Modes", "{detail}", severities=(OPEN,)),
    "host.answer_invalid": Kind("Answer not valid", OURS, "{detail}", severities=(OPEN,)),
    "host.store_unread": Kind(
        "Store not read", OURS,
        "The store {store} of the local computer was not read: {error}. What lies in it is unknown.",
        severities=(OPEN, WARNING, NOTE)),
    "host.name_differs": Kind(
        "Another machine answered", OURS,
        "Asked as {asked}, but the machine that answered calls itself {fqdn}: which server was read is not certain. If it is the right "
        "one, set the option fqdn to that name.",
        severities=(OPEN,)),
    "host.no_dns_suffix": Kind(
        "No primary DNS suffix", ".NET IPGlobalProperties; Lync wants FQDNs (" + LYNC_NAMES + ")",
        "The host calls itself {name}, without a primary DNS suffix, so its FQDN is not known. Set the suffix, or the option fqdn.",
        severities=(OPEN,)),
    "host.tls_1_0_disabled": Kind(
        "TLS 1.0 switched off", PRACTICE,
        "TLS 1.0 is switched off on this host.",
        variants={WARNING: "TLS 1.0 is switched off on this host, and Lync Server 2013 does not work without it."},
        severities=(WARNING, NOTE)),
    "host.trusted_issuer_list": Kind(
        "Sends its list of trusted issuers", "Microsoft KB 2464556 and KB 2880390",
        "SendTrustedIssuerList is set: Schannel sends its list of roots to clients and cuts it at 16 KB.",
        severities=(WARNING, NOTE)),
    "coverage.not_checked": Kind(
        "Expected, not checked", OURS,
        "Expected, but there is no verdict of this run on it: {reason}.",
        severities=(OPEN,)),
    "coverage.same_server": Kind(
        "Two names, one server", OURS,
        "Is the same machine as {other} (both answered as {fqdn}): one of the expected servers was not read.",
        severities=(OPEN,)),
    "coverage.stale_snapshot": Kind(
        "Snapshot too old", OURS,
        "Its snapshot was taken {age} ago, on {recorded_at}; at most {limit} is accepted.",
        severities=(OPEN,)),
    "coverage.other_run": Kind(
        "Verdict of another run", OURS,
        "Its verdict is from run {run_id}, not from this one ({expected_run}).",
        severities=(OPEN,)),
}

_STORE = {
    "store.root_not_self_signed": Kind(
        "Not self-signed in Root", "Microsoft KB 2802568; KB 2795828",
        "{subject} ({thumbprint}) lies in the host's Root store but is not self-signed: Schannel then refuses client certificates "
        "(0x800B0109) and the Front End service does not start. It belongs in the CA store.", waivable=True,
        severities=(BLOCKING, WARNING)),
    "store.many_roots": Kind(
        "Too many roots", "Microsoft KB 2464556 and KB 2880390",
        "The Root store has {count} certificates, their names {octets} octets: above 100, or above Schannel's 16,384 octets, TLS with "
        "clients and other servers fails at random.",
        severities=(WARNING,)),
    "store.ca_twice": Kind(
        "Two CA certificates of one name", "Microsoft, Authentication fails for phone PIN sign-in (event 47067)",
        "{count} CA certificates of the name {subject} lie in the host's stores ({thumbprints}): keep those that real chains use.",
        severities=(WARNING,)),
    "store.friendly_name_twice": Kind(
        "Friendly name not unique", LYNC_NAMES,
        "{count} certificates in My have the friendly name {friendly_name} ({thumbprints}); it must be unique.",
        severities=(WARNING, NOTE)),
    "store.request_pending": Kind(
        "Request pending", PRACTICE,
        "A certificate request for {subject} made on this host is still open (store REQUEST): its answer was not installed yet.",
        severities=(NOTE,)),
}

CATALOGUE: Mapping[str, Kind] = MappingProxyType(
    {**REFERENCE, **ISSUANCE, **TRUST, **_TIME, **_CERTIFICATE, **_PURPOSE, **_KEY, **_NAMES, **_HOST, **_STORE})
"""Code -> kind. Codes are public interface: they are never renamed, and a code that goes is never used again."""
