# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Makes docs/findings.md from the catalogue, the profiles and the remedies.

With the checkout importable as the collection: ``PYTHONPATH=.cache/collections python tests/tools/findings_page.py``.
"""
from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from pathlib import Path

from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.findings import CATALOGUE, Kind, finding
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.remedies import (
    AT_THE_CA,
    NEW_CERTIFICATE,
    RemedyContext,
    new_certificate,
    remedy,
)
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.requirement import PROFILES
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._verdict.verdict import Severity

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "findings.md"
CONTEXT = RemedyContext(fqdn="pchat1.contoso.local", pool="pchatpool.contoso.local")
TOOLS = RemedyContext(fqdn="pchat1.contoso.local", pool="pchatpool.contoso.local", lync_version="5.0.8308.0")
SHARED = RemedyContext(fqdn="se1.contoso.local", pool="se1.contoso.local", lync_version="5.0.8308.0")

GROUPS: Mapping[str, str] = {
    "reference": "Where the reference CA comes from",
    "issuance": "Who issued it",
    "trust": "Whether the host trusts it",
    "time": "Time and clocks",
    "certificate": "The certificate itself",
    "purpose": "What it may be used for",
    "revocation": "Revocation",
    "key": "Its private key",
    "names": "Its names",
    "host": "The host",
    "store": "Other things in its stores",
    "coverage": "Whether every expected server was checked",
}


def _day(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 12, tzinfo=timezone.utc)


FIGURES: Mapping[str, object] = {
    "ago": timedelta(days=2), "age": timedelta(days=3), "asked": "pchat1.contoso.local", "by": "key",
    "ca_key_identifier": "5F2C9A0E77D1434C8B60A1F2E3D4C5B6A7980911", "ca_not_after": _day(2027, 3, 1),
    "ca_thumbprint": "3B1E4F6A9C0D2E5F7081923A4B5C6D7E8F901234", "clock": "the host's clock", "cn": "pchat1.contoso.local",
    "controller_clock": _day(2026, 11, 23), "count": 2, "detail": "(what was tried, on which host, and what came back)",
    "error": "Keyset does not exist (0x80090016)", "expected_run": "20261123T120000Z-4f1c", "fqdn": "pchat2.contoso.local",
    "friendly_name": "Persistent Chat", "hash": "SHA-1", "host_clock": _day(2026, 11, 23) + timedelta(minutes=9),
    "instant": _day(2026, 11, 23),
    "issuer": "CN=contoso-ISS2-CA", "key": "RSA 1024", "kind": "constraints on names of the kind rfc822Name",
    "leaf_key_identifier": "91C27D34E5F60718293A4B5C6D7E8F9001122334", "left": timedelta(days=12), "limit": 30,
    "name": "pchat1.contoso.local", "names": ("web1.contoso.local",), "not_after": _day(2026, 11, 21), "not_before": _day(2026, 11, 25),
    "octets": 17310, "oid": "1.3.6.1.4.1.99999.1", "os_version": "Microsoft Windows NT 6.3.9600.0", "other": "pchat2",
    "parent": "CN=contoso-ROOT-CA",
    "provider": "Microsoft Software Key Storage Provider", "purposes": ("1.3.6.1.5.5.7.3.2",), "reason": "(what exactly is wrong)",
    "recorded_at": _day(2026, 11, 20), "root": "CN=contoso-ROOT-CA", "run_id": "20261120T080000Z-07aa", "scheme": "RSASSA-PSS",
    "skew": timedelta(minutes=9), "store": "Root", "subject": "CN=contoso-ISS1-CA",
    "thumbprint": "0C4D5E6F708192A3B4C5D6E7F8090A1B2C3D4E5F",
    "thumbprints": ("0C4D5E6F708192A3B4C5D6E7F8090A1B2C3D4E5F", "77D1434C8B60A1F2E3D4C5B6A79809115F2C9A0E"), "until": timedelta(days=2),
    "usages": ("keyCertSign", "cRLSign"), "wanted": "CN=contoso-ISS1-CA",
    "what": "whether the key opens", "why": "it is outside all permitted subtrees", "wildcard": "*.contoso.local",
    "algorithm": "its algorithm 1.2.840.10040.4.3 is not known here",
}
SPECIAL: Mapping[str, Mapping[str, object]] = {
    "reference.unknown": {"detail": "None of the internal servers tells its CA. (why, server by server)"},
    "reference.several": {
        "detail": "The internal servers use 2 issuing CAs under one root, and each of them counts: (which, on which servers)."},
    "reference.differs": {
        "detail": "Used by fe2, but not named by the user: the CA CN=contoso-ISS2-CA (key 91C27D34...). It does not count. If it "
        "should, name its file too (how to get it)."},
    "reference.server_silent": {"detail": "fe2: nothing listens on that port of the host. (what was tried)"},
    "reference.namesake": {
        "detail": "There is another CA certificate of the name CN=contoso-ISS1-CA: 0C4D5E6F..., key 91C27D34.... Nothing proves that it is "
        "the same CA, and no internal server uses a certificate of it, so it does not count. Nothing is to be done, unless the CA was "
        "renewed with a new key and issues with that now: then name the files of both (how to get this one)."},
    "reference.incomplete": {"detail": "fe2: the store CA was not read, so CA certificates may be missing from what was found."},
    "reference.expired": {
        "detail": "fe2: the Default certificate 77D1434C... expired on 2026-11-21T12:00:00Z. It still names its CA, but Lync's "
        "services need a valid one: renew it."},
    "reference.web_services_unknown": {"detail": "fe2: no certificate is assigned to WebServicesInternal. (what to do)"},
    "reference.web_services_unassigned": {
        "detail": "med1: no certificate is assigned to web services there, so none was checked. Right for a Mediation Server; on "
        "a Front End Server run step 3 of the deployment wizard."},
    "reference.web_services_external": {
        "detail": "The certificate assigned to WebServicesExternal (77D1434C...) does not meet the requirement: Issued by another "
        "CA. That is as it should be where it comes from a public CA."},
    "key.cng": {"key": "RSA"},
    "certificate.key_unsupported": {"key": "DSA"},
    "issuance.key_unsupported": {"key": "DSA"},
    "issuance.weak_key": {"key": "RSA 512"},
    "issuance.weak_hash": {"hash": "MD5"},
    "issuance.issuer_expired": {"not_after": _day(2026, 9, 30)},
    "issuance.name_constraint": {"name": "pchat1.fabrikam.local"},
    "issuance.not_understood": {"what": "the CA certificate's nameConstraints"},
    "trust.chain_expired": {"not_before": _day(2011, 9, 30), "not_after": _day(2026, 9, 30)},
    "time.expires_soon": {"not_after": _day(2026, 12, 5)},
    "time.ca_expires_first": {"not_after": _day(2027, 9, 1)},
    "certificate.is_ca": {"reason": "basicConstraints has the CA flag"},
    "certificate.not_understood": {"what": "subjectAltName", "reason": "it is cut off"},
    "coverage.not_checked": {"reason": "its play ended before the check"},
    "coverage.stale_snapshot": {"limit": timedelta(days=1)},
    "host.no_dns_suffix": {"name": "PCHAT1"},
    "host.store_unread": {"error": "Access is denied (0x80070005)"},
    "names.pool_missing": {"name": "pchatpool.contoso.local", "names": ("pchat1.contoso.local",)},
    "names.wanted_missing": {"name": "chat.contoso.local"},
    "names.cn_right_san_wrong": {"names": ("web.contoso.local",)},
    "store.many_roots": {"count": 131},
    "store.root_not_self_signed": {"subject": "CN=contoso-ISS1-CA"},
    "store.request_pending": {"subject": "CN=pchat1.contoso.local"},
    "trust.intermediate_missing": {"issuer": "CN=contoso-ISS1-CA", "subject": "CN=pchat1.contoso.local"},
    "issuance.signature_invalid": {"subject": "it", "issuer": "CN=contoso-ISS1-CA"},
    "issuance.other_generation": {"issuer": "CN=contoso-ISS1-CA"},
    "issuance.chains_to_ca": {"wanted": "CN=contoso-ROOT-CA"},
    "revocation.cdp_unreadable": {"reason": "a URI is cut off"},
    "trust.chain_weak": {"reason": "it is signed with MD5"},
}
VARIED: Mapping[tuple[str, Severity], Mapping[str, object]] = {
    ("certificate.weak_hash", Severity.BLOCKING): {"hash": "MD5"},
    ("certificate.weak_key", Severity.BLOCKING): {"key": "RSA 512"},
    ("key.not_opened", Severity.OPEN): {"error": "Access is denied (0x80070005)"},
    ("key.cng", Severity.NOTE): {"key": "EC P-256"},
}

HEAD = """\
<!-- Made by tests/tools/findings_page.py from the catalogue, the profiles and the remedies. Don't edit it. -->
# Findings

Everything that a check can say about a host, its stores and its certificates. The codes are stable: scripts may rely on them.

A certificate **satisfies** if nothing about it is blocking or open. A host is `satisfied` if one certificate satisfies and nothing
about the host is open; `undetermined` if that could not be told (something is open, or was not read); else `not_satisfied`. Only
`satisfied` passes.

| severity | what it means | does it pass? |
| --- | --- | --- |
| blocking | a rule is disproved | no |
| open | a rule could not be judged | no |
| warning | worth mending, or accepted by a waiver | yes |
| note | worth knowing | yes |

A host passes by one certificate that satisfies, whatever lies beside it: what is wrong with somebody else's certificate never fails it.

**Not looked at**, so no verdict says anything about it: revocation (no CRL is fetched), trust lists (CTLs) in Disallowed, purposes
switched off in the properties of a certificate, which certificate is assigned in Lync, the access rights of the private key. **Looked
past on purpose**: the store NTAuth, whether a key is exportable, client authentication; Lync needs none of them for this.

## Waivers

A waiver accepts one finding on some hosts: it becomes a warning that names its owner, and no longer fails the check. Only findings marked
*waivable* can be accepted. Owner, reason and end are required; after its end a waiver is an error, so nobody forgets it.

```yaml
waivers:
  - code: names.pool_missing
    hosts: pchat1.contoso.local    # a name or pattern (* ? [ab]) of the inventory
    owner: Jane Doe, messaging team
    reason: single server, the pool is renamed in December
    until: 2026-12-31              # inclusive, UTC
```
"""


def page() -> str:
    """The whole page, Markdown."""
    parts = [HEAD, _index()]
    for prefix, title in GROUPS.items():
        kinds = {code: kind for code, kind in CATALOGUE.items() if code.split(".")[0] == prefix}
        parts.append(f"## {title}\n")
        parts += [_entry(code, kind) for code, kind in kinds.items()]
    parts.append(_requesting())
    return "\n".join(parts)


def sentence(code: str, severity: Severity) -> str:
    """The finding's sentence with figures of an invented deployment."""
    figures = {**FIGURES, **SPECIAL.get(code, {})}
    if (code, severity) in VARIED:
        figures.update(VARIED[code, severity])
    return finding(code, severity, **{name: figures[name] for name in CATALOGUE[code].figures}).message


def _index() -> str:
    lines = ["## All codes\n", f"| code | what | {' | '.join(PROFILES)} | waivable |", f"| --- | --- |{' --- |' * len(PROFILES)} --- |"]
    for code, kind in CATALOGUE.items():
        severities = " | ".join(_severity(code, kind, profile) for profile in PROFILES)
        lines.append(f"| [{code}](#{code.replace('.', '')}) | {kind.title} | {severities} | {'yes' if kind.waivable else ''} |")
    return "\n".join(lines) + "\n"


def _severity(code: str, kind: Kind, profile: str) -> str:
    """The severities that it has under a profile, the usual one first; open by an unread store goes without saying."""
    own = PROFILES[profile].severities
    if code in own:
        return own[code].value + (f" (EC: {own[f'{code}/EC'].value})" if f"{code}/EC" in own else "")
    return " or ".join(severity.value for severity in kind.severities if not (kind.curable and severity is Severity.OPEN))


def _entry(code: str, kind: Kind) -> str:
    lines = [f"### {code}\n", f"**{kind.title}.** {_when(code, kind)}{' Waivable.' if kind.waivable else ''}\n"]
    shown: list[str] = []
    for severity in kind.severities:
        text = sentence(code, severity)
        if text not in shown and not (severity is Severity.OPEN and kind.curable):
            shown.append(text)
            lines.append(f"> {_escaped(text)}\n")
    lines += [_mended(code), f"Source: {kind.source}.\n"]
    return "\n".join(line for line in lines if line)


def _when(code: str, kind: Kind) -> str:
    by_profile = {profile: _severity(code, kind, profile) for profile in PROFILES}
    same = len(set(by_profile.values())) == 1
    apart = "; ".join(f"{profile}: {value}" for profile, value in by_profile.items())
    text = next(iter(by_profile.values())).capitalize() if same else apart
    return text + ("; open where a store that could hold what is missing was not read" if kind.curable else "") + "."


def _mended(code: str) -> str:
    if code in NEW_CERTIFICATE:
        return "Mended by [a new certificate](#requesting-a-new-certificate).\n"
    if code in AT_THE_CA:
        return f"{_block(AT_THE_CA[code])}\nThen [a new certificate](#requesting-a-new-certificate) is requested.\n"
    text = remedy(code, CONTEXT)
    if text is None:
        return ""
    new = new_certificate(CONTEXT)
    link = "\nHow to request one: [below](#requesting-a-new-certificate).\n" if new in text else ""
    return _block(text.replace("\n" + new, "")) + link


def _block(text: str) -> str:
    if "\n" not in text:
        return f"{_escaped(text)}\n"
    return f"```text\n{text}\n```\n"


def _requesting() -> str:
    return "\n".join((
        "## Requesting a new certificate\n",
        "On a server where step 2 of the deployment wizard has not run, Lync's cmdlets do not exist, and `certreq` does the work. Its own "
        "default is a key storage provider, so the provider is always named. The CA is always named too: with several CAs in the "
        "forest, whoever does not name it may get a certificate of a sister CA.\n",
        _block(new_certificate(CONTEXT)),
        "Where Lync's tools are installed:\n",
        _block(new_certificate(TOOLS)),
        "Where the machine may be a Standard Edition server:\n",
        _block(new_certificate(SHARED)),
    ))


def _escaped(text: str) -> str:
    return text.replace("*", "\\*").replace("<", "&lt;")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(PAGE.relative_to(ROOT))
