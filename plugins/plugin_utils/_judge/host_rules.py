# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is true of the host as a whole: who answered, its clock, its stores and the few settings that were read."""
from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from .._snapshot.snapshot import Snapshot, Store
from .._verdict.instants import Instants
from .._verdict.verdict import Finding, Severity
from . import host_names, names
from .authority import Authority
from .certificate import Certificate, parse, thumbprint
from .findings import finding
from .path import Pool
from .requirement import Requirement
from .understanding import NotUnderstood

B, O, W, N = Severity.BLOCKING, Severity.OPEN, Severity.WARNING, Severity.NOTE  # noqa: E741
SKEW = timedelta(minutes=5)
"""What Kerberos allows by default."""
MOST_ROOTS, MOST_OCTETS = 100, 16384
"""Schannel's list of issuers: 16 KB, two octets of length before each name."""


def host_findings(snapshot: Snapshot, requirement: Requirement, instants: Instants, authority: Authority, pool: Pool) -> list[Finding]:
    """All findings about the host, apart from its certificates. ``pool`` has those of its stores CA and Root."""
    return [
        *_identity(snapshot, requirement), *_clock(instants), *_unread(snapshot), *_roots(snapshot), *_twins(authority, pool),
        *_friendly_names(snapshot, requirement), *_settings(snapshot, requirement)]


def _identity(snapshot: Snapshot, requirement: Requirement) -> Iterator[Finding]:
    host = snapshot.host
    if not host.domain and requirement.fqdn is None and requirement.rules.names_of_host and requirement.names is None:
        yield finding("host.no_dns_suffix", O, name=host.name)
    elif (asked := asked_another(snapshot, requirement.fqdn)) is not None:
        yield finding("host.name_differs", O, asked=asked, fqdn=host.fqdn)


def asked_another(snapshot: Snapshot, fqdn: str | None) -> str | None:
    """The name that was asked for (``fqdn``, else an inventory name with a dot), if the machine that answered is another one."""
    host = snapshot.host
    asked = fqdn or (snapshot.name if _is_fqdn(snapshot.name) else None)
    if asked is None or _plain(asked) == _plain(host.fqdn):
        return None
    return asked if host.domain or _plain(asked).partition(".")[0] != _plain(host.name) else None


def _plain(name: str) -> str:
    return name.rstrip(".").lower()


def _is_fqdn(name: str) -> bool:
    return "." in name.rstrip(".") and not host_names.is_address(name)


def _clock(instants: Instants) -> Iterator[Finding]:
    if instants.host is not None and abs(instants.host - instants.controller) > SKEW:
        yield finding("time.clock_skew", W, host_clock=instants.host, controller_clock=instants.controller,
                      skew=abs(instants.host - instants.controller))


def _unread(snapshot: Snapshot) -> Iterator[Finding]:
    severities = {"my": O, "ca": W, "root": W, "disallowed": W, "request": N}
    for name, severity in severities.items():
        store = snapshot.store(name)
        if not_read(store):
            missing = store is None or store.missing
            softened = N if missing and name == "disallowed" else severity
            yield finding("host.store_unread", softened, store=_SHOWN[name], error=_error(store))


_SHOWN = {"my": "My", "ca": "CA", "root": "Root", "disallowed": "Disallowed", "request": "REQUEST"}


def not_read(store: Store | None) -> bool:
    """Whether the emptiness of that store says nothing."""
    return store is None or store.missing or store.error is not None


def _error(store: Store | None) -> str:
    if store is None:
        return "it was not asked for"
    if store.error is not None:
        return f"{store.error.code} {store.error.message}".strip()
    return "it does not exist"


def _read(snapshot: Snapshot, name: str) -> Iterator[Certificate]:
    store = snapshot.store(name)
    for entry in store.certificates if store else ():
        try:
            yield parse(entry.content)
        except NotUnderstood:
            continue


def _roots(snapshot: Snapshot) -> Iterator[Finding]:
    roots = {certificate.content: certificate for certificate in _read(snapshot, "Root")}
    octets = sum(len(certificate.subject) + 2 for certificate in roots.values())
    if len(roots) > MOST_ROOTS or octets > MOST_OCTETS:
        yield finding("store.many_roots", W, count=len(roots), octets=octets)
    for content in sorted(roots):
        if not roots[content].self_issued:
            yield finding("store.root_not_self_signed", W, subject=roots[content].subject_text, thumbprint=thumbprint(content))


def _twins(authority: Authority, pool: Pool) -> Iterator[Finding]:
    # Only CAs that matter here: every Windows has public roots of one name.
    for subject in sorted(authority.subjects):
        found = pool.named(subject)
        if len(found) > 1:
            yield finding("store.ca_twice", W, count=len(found), subject=names.text(subject),
                          thumbprints=sorted(certificate.thumbprint for certificate in found))


def _friendly_names(snapshot: Snapshot, requirement: Requirement) -> Iterator[Finding]:
    store = snapshot.store("My")
    by_name: dict[str, set[bytes]] = {}
    for entry in store.certificates if store else ():
        if entry.friendly_name:
            by_name.setdefault(entry.friendly_name, set()).add(entry.content)
    for name in sorted(by_name):
        if len(by_name[name]) > 1:
            yield finding("store.friendly_name_twice", requirement.severity("store.friendly_name_twice", N), count=len(by_name[name]),
                          friendly_name=name, thumbprints=sorted(thumbprint(content) for content in by_name[name]))


def _settings(snapshot: Snapshot, requirement: Requirement) -> Iterator[Finding]:
    if snapshot.host.tls_1_0_disabled:
        yield finding("host.tls_1_0_disabled", requirement.severity("host.tls_1_0_disabled", N))
    if snapshot.host.trusted_issuer_list:
        yield finding("host.trusted_issuer_list", requirement.severity("host.trusted_issuer_list", N))


def pending_requests(snapshot: Snapshot) -> Iterator[Finding]:
    """Requests made on this host whose answers were not installed yet."""
    subjects = {certificate.subject_text or "(not readable)" for certificate in _read(snapshot, "REQUEST")}
    yield from (finding("store.request_pending", N, subject=subject) for subject in sorted(subjects))
