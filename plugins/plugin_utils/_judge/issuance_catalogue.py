# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The findings on who issued a certificate, and on whether its host trusts it."""
from __future__ import annotations

from collections.abc import Mapping

from .kinds import BLOCKING, CHAINING, LYNC_CA, LYNC_CHAT, LYNC_WIZARD, OPEN, OURS, WARNING, Kind

ISSUANCE: Mapping[str, Kind] = {
    "issuance.other_issuer": Kind(
        "From another CA", LYNC_CHAT,
        "Issued by {issuer}, not by the reference CA {wanted}.", curable=True,
        severities=(BLOCKING, OPEN)),
    "issuance.signature_invalid": Kind(
        "Signature is not the CA's", "RFC 5280, 6.1.3 (a)(1)",
        "From another key under the name of the CA: {subject} says that {issuer} issued it, but the signature does not verify with that "
        "CA's key (SKI {ca_key_identifier} against {leaf_key_identifier} in the certificate). Another CA or generation of that name, or a "
        "forgery.",
        curable=True,
        severities=(BLOCKING, OPEN)),
    "issuance.sibling_ca": Kind(
        "From a sister CA", LYNC_CHAT,
        "Issued by {issuer}, not by {wanted}; both are certified by {parent} (proved). Three ways out: request a new certificate from "
        "{wanted}; or, if internal servers use {issuer} too, give its certificate as reference CA as well; or, if anything below {parent} "
        "will do, give {parent} with match: chain.", curable=True,
        severities=(BLOCKING, OPEN)),
    "issuance.other_generation": Kind(
        "From another generation of the CA", "MS-WCCE 3.2.1.4.3.2.39; Microsoft, Certification Authority Renewal",
        "Issued by {issuer}, but with another key than that of the CA certificate given (SKI {leaf_key_identifier} against "
        "{ca_key_identifier}); {parent} certified both (proved). It looks like a renewal with a new key: if so, give the CA certificate "
        "with that key as well.", curable=True,
        severities=(BLOCKING, OPEN)),
    "issuance.chains_to_ca": Kind(
        "Issued below the reference CA, not by it", LYNC_CHAT,
        "Issued by {issuer}, which chains to the given CA {wanted} (proved), not by {wanted} itself. Give {issuer} as reference CA if the "
        "internal servers use it, or set match: chain if anything below {wanted} will do; external CAs change their issuing CAs.",
        curable=True,
        severities=(BLOCKING, OPEN)),
    "issuance.key_identifier_differs": Kind(
        "Names another CA key", "RFC 5280, 4.2.1.1; " + CHAINING,
        "Its authority key identifier is {leaf_key_identifier}, but the CA's subject key identifier is {ca_key_identifier}: Windows "
        "picks the issuer by it and would leave the chain incomplete.", curable=True,
        severities=(BLOCKING, OPEN, WARNING)),
    "issuance.serial_differs": Kind(
        "Names another certificate of the CA", "RFC 5280, 4.2.1.1; " + CHAINING,
        "Its authority key identifier names another certificate of the CA by serial number, perhaps the one before a renewal: give that "
        "one as well.", curable=True,
        severities=(BLOCKING, OPEN, WARNING)),
    "issuance.issuer_not_ca": Kind(
        "Issuer is no CA", "RFC 5280, 4.2.1.9",
        "The issuer's certificate {issuer} is no CA certificate (version 3, basicConstraints with the CA flag): it may not issue.",
        curable=True,
        severities=(BLOCKING, OPEN)),
    "issuance.issuer_no_certsign": Kind(
        "Issuer may not sign certificates", "RFC 5280, 4.2.1.3",
        "The key usage of the CA certificate {issuer} lacks keyCertSign: it may not issue certificates.", curable=True,
        severities=(BLOCKING, OPEN)),
    "issuance.issuer_expired": Kind(
        "CA certificate expired", "RFC 5280, 6.1.3 (a)(2)",
        "The CA certificate {issuer} expired on {not_after}. If the CA was renewed, give its newer certificate as well.", curable=True,
        severities=(BLOCKING, OPEN)),
    "issuance.issuer_not_yet_valid": Kind(
        "CA certificate not valid yet", "RFC 5280, 6.1.3 (a)(2)",
        "The CA certificate {issuer} is not valid before {not_before}. If the CA was renewed, give its older certificate as well.",
        curable=True,
        severities=(BLOCKING, OPEN)),
    "issuance.issuer_purpose": Kind(
        "CA restricted to other purposes", "RFC 5280, 4.2.1.12; Windows nests purposes along the chain",
        "The CA {issuer} may not certify servers: its extended key usage or its application policies lack server authentication.",
        curable=True,
        severities=(BLOCKING, OPEN)),
    "issuance.issuer_unknown_critical": Kind(
        "Critical extension in the CA certificate", "RFC 5280, 4.2",
        "The CA certificate {issuer} has the critical extension {oid}, which is not processed here: whoever does not process it must "
        "refuse.",
        curable=True,
        severities=(BLOCKING, OPEN)),
    "issuance.path_length": Kind(
        "Path too long", "RFC 5280, 4.2.1.9 and 6.1.4 (l)",
        "The CA {issuer} allows fewer CAs below it (path length constraint) than there are on the way to this certificate.", curable=True,
        severities=(BLOCKING, OPEN)),
    "issuance.name_constraint": Kind(
        "Outside the CA's name constraints", "RFC 5280, 4.2.1.10",
        "The CA {issuer} may not issue for {name}: {why}.", curable=True,
        severities=(BLOCKING, OPEN)),
    "issuance.name_constraint_unsupported": Kind(
        "Name constraint that could not be judged", "RFC 5280, 4.2.1.10",
        "Whether the CA {issuer} may issue for these names could not be judged: {kind}. Not proved, so it doesn't pass.",
        severities=(OPEN,)),
    "issuance.signature_scheme": Kind(
        "Signature scheme not accepted", LYNC_CA,
        "A signature on the way to the reference CA is {scheme}, which is not accepted.", curable=True,
        severities=(BLOCKING, OPEN)),
    "issuance.weak_hash": Kind(
        "Signature proves nothing", LYNC_CA + "; RFC 6151",
        "A signature on the way to the reference CA uses {hash}, which can be forged: it proves no issuer.", curable=True,
        severities=(BLOCKING, OPEN)),
    "issuance.weak_key": Kind(
        "CA key too weak", "Microsoft KB 2661254; " + OURS,
        "A CA on the way to the reference CA signs with a key of {key}, which can be broken: its signature proves no "
        "issuer.", curable=True,
        severities=(BLOCKING, OPEN)),
    "issuance.key_type_mismatch": Kind(
        "Signature is not of the CA's kind of key", "RFC 5280, 4.1.1.2",
        "Its signature algorithm does not fit the kind of key that the CA has: that CA did not sign it.", curable=True,
        severities=(BLOCKING, OPEN)),
    "issuance.algorithm_mismatch": Kind(
        "Contradictory signature algorithm", "RFC 5280, 4.1.1.2",
        "Names one signature algorithm inside its signed part and another outside; both must be the same."),
    "issuance.algorithm_unsupported": Kind(
        "Signature algorithm not known", OURS,
        "Its signature could not be judged ({algorithm}), so who issued it is not proved, and it doesn't pass.",
        severities=(OPEN,)),
    "issuance.key_unsupported": Kind(
        "Kind of CA key not known", OURS,
        "A CA of the issuer's name has a key of a kind not known here ({key}): its signature could not be checked, so it doesn't pass.",
        severities=(OPEN,)),
    "issuance.issuer_name_empty": Kind(
        "No issuer name", "RFC 5280, 4.1.2.4",
        "Names no issuer at all."),
    "issuance.name_encoding_differs": Kind(
        "CA name written differently", "RFC 5280, 7.1",
        "Its issuer is the CA's subject in other spelling (case, spaces or string type); a Windows CA copies it to the byte.",
        severities=(WARNING,)),
    "issuance.not_understood": Kind(
        "Not understood", OURS,
        "Who issued it could not be judged, because this was not understood: {what}. Not proved, so it doesn't pass.",
        severities=(OPEN,)),
    "issuance.budget_exceeded": Kind(
        "Too many CA certificates to try", OURS,
        "Gave up searching for its issuer: the host's stores offer more CA certificates of these names than any real PKI has. Not "
        "proved, so it doesn't pass.",
        severities=(OPEN,)),
    "issuance.no_authority": Kind(
        "No usable reference CA", OURS,
        "There is no usable CA certificate to prove the issue against. Give the certificate of the CA that the internal servers use.",
        severities=(OPEN,)),
}

TRUST: Mapping[str, Kind] = {
    "trust.intermediate_missing": Kind(
        "Intermediate CA missing on the host", LYNC_WIZARD,
        "The host cannot build the chain: the certificate of {issuer}, which issued {subject}, is in neither its CA nor its Root store. "
        "Clients and the deployment wizard would refuse the certificate.", waivable=True, curable=True,
        severities=(BLOCKING, OPEN)),
    "trust.root_missing": Kind(
        "Root CA not trusted on the host", LYNC_WIZARD,
        "The host does not trust the root {root}: it is not in its Root store. If it is a public root, Windows may fetch it on first "
        "use; it was not there when the host was read.", waivable=True, curable=True,
        severities=(BLOCKING, OPEN)),
    "trust.chain_expired": Kind(
        "CA of the chain not valid", "RFC 5280, 6.1.3 (a)(2)",
        "The host's chain runs through {subject} ({ca_thumbprint}), valid from {not_before} to {not_after}, so not on {instant}.",
        waivable=True, curable=True,
        severities=(BLOCKING, OPEN)),
    "trust.chain_weak": Kind(
        "CA of the chain too weak for Windows", LYNC_CA + "; Microsoft KB 2661254",
        "The host's chain runs through {subject} ({ca_thumbprint}): {reason}.", waivable=True, curable=True,
        severities=(BLOCKING, OPEN)),
    "trust.disallowed": Kind(
        "Explicitly distrusted on the host", "Microsoft, certificate store Disallowed (Untrusted Certificates)",
        "{subject} ({thumbprint}) lies in the host's Disallowed store (the same {by}): Windows refuses it whatever else is right."),
}
