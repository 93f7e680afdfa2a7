# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What mends a finding on this very host, down to the commands, for an administrator who pastes them.

Data of the host gets into a command only if it consists of letters, digits, dot and hyphen; else a placeholder in angle brackets stands
there. No command deletes more than one thing, removes a certificate that may be in use, or has a password in it.
"""
from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from .requests import CSP, request

SAFE = re.compile(r"[A-Za-z0-9.-]{1,255}")


@dataclass(frozen=True, slots=True)
class RemedyContext:
    """What is known of the host and of the certificate that is to be mended; None and empty: not known.

    ``fqdn`` and ``pool`` are the names that are wanted in the certificate; ``names``, where given, are wanted instead of both.
    ``lync_version`` is set where Lync's tools are installed. ``thumbprint`` and ``serial_number`` (hex) are those of the certificate that
    the finding is about, ``ca_name`` is the common name of the issuing CA that is wanted. No text of the certificate itself gets into a
    remedy. ``use`` is set where the certificate assigned to that use is asked for.
    """

    fqdn: str | None = None
    pool: str | None = None
    names: tuple[str, ...] = ()
    lync_version: str | None = None
    thumbprint: str | None = None
    serial_number: str | None = None
    ca_name: str | None = None
    use: str | None = None


NEW_CERTIFICATE = frozenset({
    "time.expired", "time.expires_soon", "certificate.is_ca", "certificate.weak_hash", "certificate.weak_key",
    "certificate.unknown_critical", "certificate.version", "certificate.not_understood", "certificate.key_unsupported",
    "purpose.eku_absent", "purpose.eku_missing", "purpose.application_policy", "purpose.key_usage", "key.signature_only",
    "names.host_missing", "names.pool_missing", "names.wanted_missing", "names.cn_only", "names.cn_right_san_wrong",
    "names.wildcard", "issuance.other_issuer", "issuance.signature_invalid", "issuance.sibling_ca", "issuance.key_type_mismatch",
    "issuance.algorithm_mismatch", "issuance.issuer_name_empty", "issuance.issuer_no_certsign",
    "issuance.issuer_purpose", "issuance.path_length", "issuance.name_constraint", "issuance.weak_hash", "issuance.weak_key",
    "issuance.key_identifier_differs",
})
"""Findings that only another certificate mends."""


AT_THE_CA: Mapping[str, str] = {
    code: text for codes, text in (
        (("revocation.cdp_absent", "revocation.cdp_unreadable"),
         "The CA writes the CRL distribution point into what it issues. Its administrator mends that first; this shows it, on the CA:\n"
         "  certutil -getreg CA\\CRLPublicationURLs"),
        (("certificate.signature_scheme", "issuance.signature_scheme"),
         "The CA signs in a format that Lync does not support. Its administrator mends that first (0 is right, or no such value; CA\n"
         "certificates signed that way are renewed too); this shows it, on the CA:\n"
         "  certutil -getreg CA\\CSP\\AlternateSignatureAlgorithm"),
    ) for code in codes
}
"""Findings that a new certificate mends only after the CA was mended, and what is to be done there."""


def remedy(code: str, context: RemedyContext) -> str | None:
    """What to do about that finding, several lines with commands where there are such; None where the finding's sentence says it all."""
    made = _REMEDIES.get(code)
    if made is not None:
        return made(context)
    if code in AT_THE_CA:
        return f"{AT_THE_CA[code]}\n{new_certificate(context)}"
    return new_certificate(context) if code in NEW_CERTIFICATE else None


def new_certificate(context: RemedyContext) -> str:
    """How to request a new certificate on this host: Lync's cmdlets where they are, else certreq.

    For web services the wizard alone: it knows their names, and what is assigned to other uses stays as it is.
    """
    if context.use:
        fqdn, ca = word(context.fqdn, "that server"), word(context.ca_name, "the CA of the internal servers")
        return (
            f"Run the deployment wizard on {fqdn}, step 3 (Request, Install or Assign Certificates): request a certificate from {ca} for\n"
            f"{word(context.use, '<use>')} alone, and assign it. The wizard fills in the names of the pool and of the web services."
        )
    return request(
        fqdn=word(context.fqdn, "<this server's FQDN>"),
        names=_wanted(context),
        ca=rf"<ca-host>\{word(context.ca_name, '<ca-name>')}",
        tools=bool(context.lync_version),
        shared=_shared(context),
    )


def several(count: int, context: RemedyContext) -> str:
    """Which of several satisfying certificates to assign: the one whose thumbprint the context has."""
    thumbprint = _thumbprint(context)
    line = f"{count} certificates satisfy. Assign {thumbprint}, which lasts longest; the deployment wizard may pick another"
    if context.lync_version and not _shared(context):
        return f"{line}:\n  Set-CsCertificate -Type Default -Thumbprint {thumbprint}\n  Test-CsCertificateConfiguration"
    return f"{line}."


def word(value: str | None, placeholder: str) -> str:
    """The value, if it may stand in a command, else the placeholder."""
    return value if value and SAFE.fullmatch(value) and not value.startswith("-") else placeholder


def _wanted(context: RemedyContext) -> tuple[str, ...]:
    if context.names:
        return tuple(word(name, "<name>") for name in context.names)
    return word(context.pool, "<pool FQDN>"), word(context.fqdn, "<this server's FQDN>")


def _shared(context: RemedyContext) -> bool:
    """Whether assigning a certificate here may replace a Front End's: a Standard Edition server is a pool of its own name."""
    return bool(context.pool and context.fqdn and context.pool.lower() == context.fqdn.lower())


def _serial(context: RemedyContext) -> str:
    return word(context.serial_number, "<serial>")


def _thumbprint(context: RemedyContext) -> str:
    return word(context.thumbprint, "<thumbprint>")


def _key_absent(context: RemedyContext) -> str:
    return (
        "If its request was made on this server, link the key again, in an elevated prompt:\n"
        f"  certutil -repairstore My {_serial(context)}\n"
        "If that finds no key, the key is on the machine where the request was made: move the certificate from there as .pfx, or "
        "request a new one here.\n" + new_certificate(context))


def _key_other(context: RemedyContext) -> str:
    return (
        "Link the certificate to its own key, in an elevated prompt:\n"
        f"  certutil -repairstore My {_serial(context)}\n"
        "If that finds no fitting key, request a new certificate.\n" + new_certificate(context))


def _key_not_opened(context: RemedyContext) -> str:
    return (
        "Read again with an elevated account of the local Administrators group. If the key still does not open:\n"
        f"  certutil -repairstore My {_serial(context)}\n"
        "If that fails too, the key is gone: import the .pfx again or request a new certificate.")


def _key_not_machine(context: RemedyContext) -> str:
    return (
        "Export it with its key from the user's store (certmgr.msc, .pfx), then import it into the computer's, in an elevated prompt "
        "(certutil asks for the password):\n"
        f'  certutil -csp "{CSP}" -importpfx <file.pfx> AT_KEYEXCHANGE')


def _key_cng(context: RemedyContext) -> str:
    return (
        "An EC key can lie nowhere else: leave it. An RSA key is moved into a CryptoAPI provider, in an elevated prompt (certutil asks "
        "for the passwords; it works if the key is exportable):\n"
        f"  certutil -exportpfx My {_thumbprint(context)} <file.pfx>\n"
        f'  certutil -csp "{CSP}" -importpfx <file.pfx> AT_KEYEXCHANGE\n'
        "If the key is not exportable, request a new certificate with that provider.\n" + new_certificate(context))


def _archived(context: RemedyContext) -> str:
    return (
        "If it was not archived on purpose, clear the flag on this one certificate, in an elevated PowerShell:\n"
        "  $store = New-Object Security.Cryptography.X509Certificates.X509Store 'My', 'LocalMachine'\n"
        "  $store.Open('ReadWrite, IncludeArchived')\n"
        f"  $store.Certificates | Where-Object {{ $_.Thumbprint -eq '{_thumbprint(context)}' }} |"
        " ForEach-Object { $_.Archived = $false }\n"
        "  $store.Close()")


def _intermediate(context: RemedyContext) -> str:
    return (
        "Add the certificate of the CA that the finding names to the computer's store CA, in an elevated prompt:\n"
        "  certutil -addstore CA <file.cer>")


def _root(context: RemedyContext) -> str:
    return (
        "A domain delivers its root by Group Policy: run gpupdate and read again. Otherwise compare the root's thumbprint with what its "
        "operator says, and only then trust it, in an elevated prompt:\n"
        "  certutil -addstore Root <file.cer>\n"
        "A public root may be fetched by Windows when it is first used, if the server may reach the internet.")


def _root_misplaced(context: RemedyContext) -> str:
    # The context has the thumbprint of the server's certificate, and this is about a CA's.
    return (
        "Add it to the store CA first, then delete this one certificate, whose thumbprint the finding names, from Root, in an elevated "
        "prompt:\n"
        "  certutil -store Root <thumbprint> misplaced.cer\n"
        "  certutil -addstore CA misplaced.cer\n"
        "  certutil -delstore Root <thumbprint>\n"
        "Then look whether Group Policy brings it back (if this lists it, mend the policy):\n"
        "  certutil -grouppolicy -store Root <thumbprint>")


def _disallowed(context: RemedyContext) -> str:
    return (
        "Somebody, or Windows Update, distrusted it on purpose. Find out who and why before anything else; if it was right, request a new "
        "certificate from a CA that is trusted. This lists what is distrusted:\n"
        "  certutil -store Disallowed")


def _chain(context: RemedyContext) -> str:
    return (
        "Get the current certificate of that CA from its operator and add it to the computer's store CA (a root: Root, after comparing its "
        "thumbprint), in an elevated prompt:\n"
        "  certutil -addstore CA <file.cer>")


def _clock(context: RemedyContext) -> str:
    return "See which clock is wrong, on the host and on the controller, and set it right:\n  w32tm /query /status\n  w32tm /resync"


def _pending(context: RemedyContext) -> str:
    return (
        "When the CA has issued it, install the answer here, where the key is, in an elevated prompt:\n"
        f"  certreq -retrieve -config \"<ca-host>\\{word(context.ca_name, '<ca-name>')}\" <request-id> answer.cer\n"
        "  certreq -accept answer.cer")


def _unread(context: RemedyContext) -> str:
    return "Read again with an elevated account of the local Administrators group; certlm.msc on the server shows what its stores hold."


def _revocation(context: RemedyContext) -> str:
    return (
        "To check it, on the server, in an elevated prompt:\n"
        f"  certutil -store My {_thumbprint(context)} check.cer\n"
        "  certutil -verify -urlfetch check.cer")


def _not_a_ca(context: RemedyContext) -> str:
    return (
        "See whether the file given as reference CA holds the CA's certificate and not a server's. If it does, the certificate was "
        "issued by something that is no CA, and a new one is requested.\n" + new_certificate(context))


def _text(text: str) -> Callable[[RemedyContext], str]:
    return lambda _context: text


_REMEDIES: Mapping[str, Callable[[RemedyContext], str]] = {
    "key.absent": _key_absent,
    "key.other": _key_other,
    "key.not_opened": _key_not_opened,
    "key.not_machine": _key_not_machine,
    "key.cng": _key_cng,
    "key.unknown": _unread,
    "certificate.archived": _archived,
    "certificate.sha512": _text("Install the update of KB 2973337 (or a later rollup that has it), or request a certificate with SHA-256."),
    "revocation.not_checked": _revocation,
    "issuance.issuer_not_ca": _not_a_ca,
    "trust.intermediate_missing": _intermediate,
    "trust.root_missing": _root,
    "trust.chain_expired": _chain,
    "trust.chain_weak": _chain,
    "trust.disallowed": _disallowed,
    "time.clocks_disagree": _clock,
    "time.clock_skew": _clock,
    "time.not_yet_valid": _clock,
    "issuance.other_generation": _text(
        "Give the certificate of that generation of the CA as reference CA as well; nothing need be done on the host."),
    "issuance.chains_to_ca": _text(
        "Give the certificate of the issuing CA as reference CA, or set match: chain; nothing need be done on the host."),
    "issuance.serial_differs": _text("Give the CA's earlier certificate as reference CA as well; nothing need be done on the host."),
    "issuance.issuer_expired": _text(
        "Give the CA's current certificate as reference CA as well; if the CA was never renewed, its operator must do so."),
    "issuance.issuer_not_yet_valid": _text("Give the CA's earlier certificate as reference CA as well, and see whether a clock is wrong."),
    "issuance.no_authority": _text(
        "Export the certificate of the CA that issued the internal servers' Default certificates, as .cer, and give that."),
    "names.pool_unknown": _text("Set the option pool to the pool's FQDN; where the pool is this one server, to the server's."),
    "host.store_unread": _unread,
    "host.name_differs": _text(
        "See in DNS and in the inventory which machine that name leads to. If it is the right one, set the option fqdn to the name it "
        "reports."),
    "host.no_dns_suffix": _text("Set the primary DNS suffix (System Properties, Computer Name, Change, More), or the option fqdn."),
    "host.tls_1_0_disabled": _text(
        "Its switch is in the registry, Enabled and DisabledByDefault in\n"
        r"  HKLM\SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL\Protocols\TLS 1.0\Server"),
    "store.root_not_self_signed": _root_misplaced,
    "store.many_roots": _text(
        "Let Group Policy or the root program deliver only the roots that are needed; retire the others one by one, by thumbprint."),
    "store.ca_twice": _text(
        "Compare serial number and beginning of validity with the chain that current certificates use, and retire the other one."),
    "store.friendly_name_twice": _text("Give each certificate in My a friendly name of its own (certlm.msc, Properties)."),
    "store.request_pending": _pending,
}
