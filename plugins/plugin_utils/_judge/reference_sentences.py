# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is said of the CAs that internal servers use, for an administrator who knows Lync but not X.509."""
from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from .._verdict.verdict import Finding, InternalServer
from .authority import Authority, key_identifier
from .certificate import Certificate
from .evidence import Evidence
from .findings import clean, warning
from .in_use import InUse, common_roots, identity
from .step import named


def silent(servers_say: Sequence[str]) -> list[Finding]:
    """Internal servers that told nothing, a sentence each."""
    return [warning("reference.server_silent", each) for each in servers_say]


def only_on_servers(found: list[InUse], problems: list[str]) -> list[Finding]:
    """CAs that servers use and the user did not name; ``problems`` are sentences about servers whose CA could not be proved."""
    others = [f"Used by {servers(each)}, but not named by the user: the CA {ca_name(each)} ({shown_key(each.certificates[0])}). "
              "It does not count." for each in found]
    return [warning("reference.differs", each) for each in (*others, *problems)]


def only_in_files(unused: list[Certificate]) -> list[Finding]:
    """CAs that the user named and that no server uses."""
    listed = sorted({f"{clean(named(each), 200)} ({shown_key(each)})" for each in unused})
    return [warning("reference.differs", f"Named by the user, but used by no internal server that was asked: the CA {each}. It counts.")
            for each in listed]


def nothing_common(given: Authority, found: list[InUse], problems: list[str], match: str) -> str:
    """What the user named and what the servers use are two things."""
    used = uses(found)
    facts = " ".join((f"they use {used}." if used else "what they use could not be proved.", *problems))
    keys = {identity(each) for each in given.certificates}
    above = match == "issuing_ca" and any(keys & each.above for each in found)
    cure = "It is a CA above theirs: name the issuing CA, or set match to chain." if above else (
        "Name the CA of the internal servers; if the named one is right, correct the group of internal servers.")
    return f"The CA that was named ({clean(given.subject, 300)}) is not the one that the internal servers use: {facts} {cure}"


def namesake(other: Certificate) -> Finding:
    """A CA certificate whose name is that of the reference, and no more."""
    return warning("reference.namesake", (
        f"The CA certificate {other.thumbprint} has the name {clean(named(other), 200)} too, but another key ({shown_key(other)}), and "
        "nothing proves that it is the same CA. It does not count. If it is the CA after a renewal, name its file as well."))


def unproved(each: Evidence, open_questions: list[str]) -> str:
    leaf, host = each.leaf, clean(each.host)
    issuer = clean(leaf.issuer_text or "(not readable)", 200)
    if open_questions:
        return f"{host}: whether a CA of its stores issued the certificate {leaf.thumbprint} could not be judged: {open_questions[0]}"
    if leaf.self_issued:
        return (
            f"{host}: the certificate {leaf.thumbprint} is self-signed, so it names no CA. "
            "Assign one that a CA issued (deployment wizard, step 3)."
        )
    return (
        f"{host}: the certificate {leaf.thumbprint} names the issuer {issuer}, but no CA certificate in the "
        "stores CA and Root of the internal servers is proved by its signature to be that issuer. Import the CA's certificate there "
        "(certutil -addstore CA <file>), or name the CA's file."
    )


def no_chain(found: InUse) -> str:
    return (
        f"No chain from the CA {ca_name(found)} to a self-signed certificate in the Root store of an internal server could be proved. "
        "Import the missing CA certificates there, or name the root's file."
    )


def unrelated(found: list[InUse]) -> str:
    return (
        f"The internal servers use {len(found)} CAs that are not proved to have one root: {uses(found)}. Which of them counts can't be "
        "told from the servers: "
        "name the CA's file, or give the servers certificates of one CA."
    )


def table(rows: Sequence[InternalServer]) -> str:
    """The servers, a line each, each line after a line break."""
    return "".join(
        f"\n  {row.host} | {row.use or 'named'} | {row.issuer} | key {row.key_identifier or 'unknown'} | until {row.not_after}"
        for row in rows
    )


def several(found: list[InUse]) -> list[Finding]:
    if len(found) < 2:
        return []
    root = " under one root" if common_roots(found) else ""
    message = f"The internal servers use {len(found)} issuing CAs{root}, and each of them counts: {uses(found)}."
    return [warning("reference.several", message)]


def rootless(found: list[InUse]) -> list[Finding]:
    return [
        warning("reference.incomplete", f"No root of the CA {ca_name(each)} was found in the Root stores of the internal servers: "
                 "its chain ends before one.")
        for each in found if not each.roots
    ]


def expired(authority: Authority, now: datetime) -> list[Finding]:
    problem = authority.problem_at(now)
    return [] if problem is None else [warning("reference.expired", problem)]


def told(found: list[InUse], authority: Authority, match: str) -> str:
    listed = "; ".join(f"{ca_name(each)} on {servers(each)}" for each in found)
    above = f", above which counts: {clean(authority.subject, 300)}" if match == "chain" else ""
    count = len(authority.certificates)
    return f"The internal servers use the CA {listed}{above} ({count} CA certificate{'s' if count != 1 else ''} proved by signature)."


def uses(found: Sequence[InUse]) -> str:
    return "; ".join(f"{ca_name(each)} ({shown_key(each.certificates[0])}) on {servers(each)}" for each in found)


def ca_name(found: InUse) -> str:
    return clean(named(found.certificates[0]), 200)


def servers(found: InUse) -> str:
    shown = [clean(each.host) for each in found.evidences]
    return ", ".join(shown[:8]) + (f" and {len(shown) - 8} more" if len(shown) > 8 else "")


def shown_key(certificate: Certificate) -> str:
    return f"key {key_identifier(certificate) or 'without identifier'}"
