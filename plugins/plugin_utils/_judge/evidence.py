# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which certificate of an internal Lync server tells the CA: the one assigned to a use, found in the server's store by its bytes.

Never the one of OAuthTokenIssuer, which may come from any CA, and never just any certificate of the store My.
"""
from __future__ import annotations

import binascii
import re
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from .._snapshot.assignments import Assignments, plain_thumbprint
from .._snapshot.snapshot import Snapshot
from .._verdict import form
from .._verdict.form import instant as written
from .._verdict.verdict import Finding
from . import names
from .certificate import Certificate, parse
from .certificate import thumbprint as print_of
from .findings import clean, warning
from .host_rules import asked_another
from .path import Pool
from .understanding import NotUnderstood

USES = ("Default", "WebServicesInternal", "WebServicesExternal")
"""Uses whose certificates clients and servers see. Get-CsCertificate knows more, OAuthTokenIssuer among them."""
NAME_IT = (
    "Or name this server's certificate (option thumbprint or subject, in the role its variable certificates_authority_thumbprint or "
    "certificates_authority_subject)."
)

_CAUSES = {
    "no_module": (
        "Lync's management module is not installed there. Install Lync's core components on it (deployment wizard, steps 1 and 2), "
        "or ask a server that runs Lync."
    ),
    "timeout": (
        "Lync's management module did not answer in time. Look whether Get-CsCertificate answers in the Lync Server Management Shell "
        "of that server; if it is only slow, raise timeout (in the role "
        "certificates_timeout)."
    ),
    "denied": (
        "Lync's management module refused the account. Connect with one that is a member of RTCUniversalServerAdmins and an administrator "
        "of the server (ansible_user)."
    ),
    "central_store": (
        "Lync's management module could not reach the Central Management store. Look whether Get-CsManagementStoreReplicationStatus "
        "answers in the Lync Server Management Shell of that server. If it does there, but not here, Windows did not let the account go on "
        "from that server to the next: connect with an account of the domain and ansible_winrm_transport: credssp, or with Kerberos and "
        "ansible_winrm_kerberos_delegation: true."
    ),
    "untrusted": (
        "Lync says that an assigned certificate is not found or not trusted. Look at it with Get-CsCertificate on that server and "
        "assign a good one (deployment wizard, step 3)."
    ),
    "failed": "Lync's management module failed. Run Get-CsCertificate in the Lync Server Management Shell of that server.",
}


class EvidenceFormError(ValueError):
    """Not the written form of evidence; the message says why."""


class NoEvidence(Exception):
    """The server does not tell its CA; the message says what was seen there and what to do."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One internal server: the certificate that it uses, and the CA certificates that it holds.

    ``fqdn`` is what the machine reports of itself.
    ``use`` is None where the user named the certificate. ``offered`` are the certificates of its stores CA and Root,
    ``roots`` those of Root.
    """

    host: str
    use: str | None
    leaf: Certificate
    offered: tuple[bytes, ...]
    roots: frozenset[bytes]
    findings: tuple[Finding, ...] = ()
    fqdn: str = ""

    @property
    def source(self) -> str:
        """Server, use and thumbprint, for reports."""
        return f"{clean(self.host)}, {self.use or 'named by the user'}, {self.leaf.thumbprint}"


def write_evidence(found: Evidence) -> dict[str, Any]:
    """What another task needs to compare servers: base64 of the certificate and of the CA certificates that can matter to it."""
    relevant = _relevant(found)
    roots = [content for content in relevant if content in found.roots]
    others = [content for content in relevant if content not in found.roots]
    return {
        "host": found.host, "use": found.use, "leaf": _text(found.leaf.content), "offered": [_text(each) for each in others],
        "roots": [_text(each) for each in roots], "findings": form.write(found.findings),
        "fqdn": found.fqdn,
    }


def read_evidence(value: object) -> Evidence:
    """What write_evidence wrote. Raises EvidenceFormError."""
    fields = ("host", "use", "leaf", "offered", "roots", "findings", "fqdn")
    if not isinstance(value, Mapping) or set(value) != set(fields):
        raise EvidenceFormError("it has other keys than the evidence of an internal server")
    lists = [value[key] for key in ("offered", "roots", "findings")]
    if not all(isinstance(each, list) for each in lists):
        raise EvidenceFormError("its values are not lists")
    texts = [value["host"], value["fqdn"], value["leaf"], value["use"] or "", *value["offered"], *value["roots"]]
    if not all(isinstance(each, str) for each in texts):
        raise EvidenceFormError("its values are not texts and lists of texts")
    try:
        leaf = parse(b64decode(value["leaf"], validate=True))
        offered, roots = ([b64decode(each, validate=True) for each in value[key]] for key in ("offered", "roots"))
        findings = tuple(form.read(Finding, each) for each in value["findings"])
    except (binascii.Error, NotUnderstood) as error:
        raise EvidenceFormError(f"a certificate in it can't be read ({clean(str(error), 200)})") from None
    except form.FormError as error:
        raise EvidenceFormError(f"its findings can't be read ({clean(str(error), 200)})") from None
    return Evidence(str(value["host"]), value["use"], leaf, (*offered, *roots), frozenset(roots), findings, value["fqdn"])


def _text(content: bytes) -> str:
    return b64encode(content).decode("ascii")


def _relevant(found: Evidence) -> list[bytes]:
    """The CA certificates that another server's chain may lack: all of the store CA, what is above them and above the certificate in use,
    and all of Root where that chain ends before a root, since nobody can say yet which of them it leads to.
    """
    pool = Pool(found.offered)
    if not any(each.self_issued and each.content in found.roots for each in _above(pool, [found.leaf])):
        return [each.content for each in pool.certificates]
    between = [each for each in pool.certificates if each.content not in found.roots]
    wanted = {each.content for each in (*between, *_above(pool, [found.leaf, *between]))}
    return [each.content for each in pool.certificates if each.content in wanted]


def _above(pool: Pool, below: Iterable[Certificate]) -> list[Certificate]:
    """What a chain of names reaches, namesakes among them."""
    wanted, seen, reached = [each.issuer for each in below], set[bytes](), list[Certificate]()
    while wanted:
        name = wanted.pop()
        if name not in seen:
            seen.add(name)
            reached += pool.named(name)
            wanted += [each.issuer for each in pool.named(name)]
    return reached


def evidence(
    snapshot: Snapshot, assignments: Assignments | None, *, now: datetime, use: str = "Default", thumbprint: str | None = None,
    subject: str | None = None, fqdn: str | None = None,
) -> Evidence:
    """What ``snapshot`` and ``assignments`` (None: never asked) tell at ``now`` (UTC). Raises NoEvidence.

    ``thumbprint`` or ``subject`` (a whole distinguished name, or its CN alone) names the certificate instead of the assignments.
    ``fqdn`` is what the server must report of itself; an inventory name with a dot counts without being given.
    """
    host = clean(snapshot.name)
    if asked_another(snapshot, fqdn) is not None:
        raise NoEvidence(
            f"{host}: the machine that answered calls itself {clean(snapshot.host.fqdn)}. Correct the address in the inventory "
            "(ansible_host), or say the name that the server has with the option fqdn (in the role its variable certificates_fqdn).")
    store = snapshot.store("My")
    if store is None or store.error is not None:
        why = "was not asked for" if store is None or store.error is None else f"could not be read ({clean(store.error.message, 200)})"
        raise NoEvidence(f"{host}: the store My {why}, so the certificate that the server uses can't be looked at.")
    held = {print_of(each.content): each.content for each in store.certificates if each.content}
    warnings: list[Finding] = []
    named = thumbprint is not None or subject is not None
    if thumbprint is not None:
        found = _by_thumbprint(host, held, thumbprint)
    elif subject is not None:
        found = _by_subject(host, held, subject)
    else:
        found = _assigned(host, held, assignments, use, warnings)
    try:
        leaf = parse(found)
        expired = leaf.not_after < now
    except NotUnderstood as error:
        raise NoEvidence(f"{host}: the certificate {print_of(found)} could not be read: {clean(str(error), 200)}.") from None
    if expired:
        warnings.append(warning(
            "reference.expired",
            f"{host}: the {'named' if named else use} certificate {leaf.thumbprint} expired on {written(leaf.not_after)}. It still "
            "names its CA, but Lync's services need a valid one: renew it."))
    roots = _contents(snapshot, "Root", warnings)
    offered = (*_contents(snapshot, "CA", warnings), *roots)
    return Evidence(snapshot.name, None if named else use, leaf, offered, frozenset(roots), tuple(warnings), clean(snapshot.host.fqdn))


def _contents(snapshot: Snapshot, name: str, warnings: list[Finding]) -> tuple[bytes, ...]:
    store = snapshot.store(name)
    if store is None or store.error is not None:
        warnings.append(warning(
            "reference.incomplete",
            f"{clean(snapshot.name)}: the store {name} was not read, so CA certificates may be missing from what was found."))
        return ()
    return tuple(each.content for each in store.certificates if each.content)


def _by_thumbprint(host: str, held: dict[str, bytes], wanted: str) -> bytes:
    plain = plain_thumbprint(wanted)
    if plain not in held:
        raise NoEvidence(f"{host}: no certificate of the store My has the thumbprint {clean(plain, 60)}. It holds {_listed(held)}.")
    return held[plain]


def _by_subject(host: str, held: dict[str, bytes], wanted: str) -> bytes:
    found = {}
    for key, content in held.items():
        try:
            subject = parse(content).subject
        except NotUnderstood:
            continue
        common = names.common_names(subject)
        spellings = (names.text(subject) or "", *common, *(f"CN={each}" for each in common))
        if _folded(wanted) in map(_folded, spellings):
            found[key] = content
    if not found:
        raise NoEvidence(f"{host}: no certificate of the store My has the subject {clean(wanted, 200)}. It holds {_listed(held)}.")
    if len(found) > 1:
        raise NoEvidence(
            f"{host}: {len(found)} certificates of the store My have the subject {clean(wanted, 200)}: {', '.join(sorted(found))}. "
            "Name one of them with the option thumbprint."
        )
    return next(iter(found.values()))


def _folded(name: str) -> str:
    return re.sub(r"\s*,\s*", ",", name.strip()).casefold()


def _assigned(host: str, held: dict[str, bytes], assignments: Assignments | None, use: str, warnings: list[Finding]) -> bytes:
    if assignments is None:
        raise NoEvidence(f"{host}: the snapshot does not say which certificates are assigned. Record it again. {NAME_IT}")
    found = assignments.of(use)
    if not found:
        raise NoEvidence(_nothing(host, assignments, use))
    if len(found) > 1:
        prints = ", ".join(clean(each.thumbprint, 60) for each in found)
        raise NoEvidence(f"{host}: Lync calls {len(found)} certificates assigned to {use}: {prints}. Remove one of them. {NAME_IT}")
    if found[0].thumbprint not in held:
        shown, issuer = clean(found[0].thumbprint, 60), clean(found[0].issuer or "not said", 200)
        raise NoEvidence(
            f"{host}: Lync says that the certificate {shown} (issuer {issuer}) is assigned "
            f"to {use}, but it is not in the store My (Personal) of the computer any more, and a name alone proves no CA. Assign one that "
            f"is there (deployment wizard, step 3). {NAME_IT}"
        )
    warnings += [warning("reference.incomplete", f"{host}: {_told(error.kind, error.message)}") for error in assignments.errors[:5]]
    return held[found[0].thumbprint]


def _nothing(host: str, assignments: Assignments, use: str) -> str:
    if assignments.errors:
        return f"{host}: {_told(assignments.errors[0].kind, assignments.errors[0].message)} {NAME_IT}"
    uses = ", ".join(sorted({clean(each.use, 60) for each in assignments.assigned})) or "nothing"
    return (
        f"{host}: no certificate is assigned to {use}; assigned is {uses}. Assign one (deployment wizard, step 3), or ask a server "
        f"that is in use. {NAME_IT}"
    )


def _told(kind: str, message: str) -> str:
    return f"{_CAUSES[kind]} It answered: {clean(message, 300)}"


def _listed(held: dict[str, bytes]) -> str:
    return ", ".join(sorted(held)[:10]) + (f" and {len(held) - 10} more" if len(held) > 10 else "") if held else "no certificate"
