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

FILES = "(option authority_files, in the role certificates_authority_files)"
LEAVE_GROUP = "name the CA's file and leave the group of internal servers empty (certificates_authority_group: '')"
TOO_MANY = (
    "The stores of the internal servers offer more CA certificates of one name than could be tried. Remove those that nothing uses, or "
    f"{LEAVE_GROUP}.")
_LISTED = 4
"""CAs and servers that a sentence lists; the table beside it has all servers."""


def twins(evidences: Sequence[Evidence]) -> list[str]:
    """Names behind which the machine of an earlier one answered: one of the two servers was not asked."""
    first: dict[str, str] = {}
    told = []
    for each in evidences:
        other = first.setdefault(each.fqdn.lower(), each.host)
        if each.fqdn and other != each.host:
            told.append(f"{clean(each.host)}: is the same machine as {clean(other)} (both call themselves {each.fqdn}), so one of them was "
                        "not asked. Correct the addresses in the inventory (ansible_host), or remove the name that is there twice.")
    return told


def silent(servers_say: Sequence[str]) -> list[Finding]:
    """Internal servers that told nothing, a sentence each."""
    return [warning("reference.server_silent", each) for each in servers_say]


def incomplete(servers_say: Sequence[str], others: str, *, none: bool) -> str:
    """Servers told nothing, and that is not enough; ``others`` is what the rest tell together."""
    if none:
        return " ".join(("None of the internal servers tells its CA.", *servers_say, f"If none of them can be asked, {LEAVE_GROUP}."))
    wanted = "Not all of the internal servers tell their CA, and demand_all (in the role certificates_demand_all) asks for that."
    return " ".join((wanted, *servers_say, others))


def only_on_servers(found: list[InUse], problems: list[str]) -> list[Finding]:
    """CAs that servers use and the user did not name; ``problems`` are sentences about servers whose CA could not be proved."""
    others = [
        f"Used by {servers(each)}, but not named by the user: the CA {ca_name(each)} ({shown_key(each.certificates[0])}). "
        f"It does not count. If it should, name its file too (to get it: {_export(each.certificates[0], each.evidences)})."
        for each in found]
    return [warning("reference.differs", each) for each in (*others, *problems)]


def only_in_files(unused: list[Certificate]) -> list[Finding]:
    """CAs that the user named and that no server uses."""
    listed = sorted({f"{clean(named(each), 200)} ({shown_key(each)})" for each in unused})
    return [
        warning("reference.differs", f"Named by the user, but used by no internal server that was asked: the CA {each}. It counts. If it "
                "should not, take it out of the files.")
        for each in listed]


def nothing_common(given: Authority, found: list[InUse], problems: list[str], match: str) -> str:
    """What the user named and what the servers use are two things."""
    keys = {identity(each) for each in given.certificates}
    named_ones = "; ".join(sorted({f"{clean(named(each), 200)} ({shown_key(each)})" for each in given.certificates})[:_LISTED])
    used = f"They use {uses(found)}." if found else "What they use could not be proved."
    if match == "issuing_ca" and any(keys & each.above for each in found):
        cure = f"It is a CA above theirs: name the CA that issued their certificates (to get its file: {_exports(found)}), or set match to "
        cure += "chain (in the role certificates_match)."
    else:
        cure = "If that is the right CA, correct the group of internal servers; else name the CA that they use"
        cure += f" (to get its file: {_exports(found)})." if found else "."
    one_name = _one_name([*given.certificates, *(each.certificates[0] for each in found)])
    opening = f"The CA that was named is not one that the internal servers use. Named is {named_ones}."
    return " ".join((opening, used, *problems, *one_name, cure))


def namesake(other: Certificate, evidences: Sequence[Evidence]) -> Finding:
    """A CA certificate whose name is that of the reference, and no more."""
    return warning("reference.namesake", (
        f"There is another CA certificate of the name {clean(named(other), 200)}: {other.thumbprint}, {shown_key(other)}. Nothing "
        "proves that it is the same CA, and no internal server uses a certificate of it, so it does not count. Nothing is to be done, "
        "unless the CA was renewed with a new key and issues with that now: then name the files of both "
        f"{FILES}; to get this one: {_export(other, evidences)}."))


def unproved(each: Evidence, open_questions: list[str], *, namesakes: bool) -> str:
    """No CA certificate proves who issued the certificate in use; with ``namesakes`` there are some of the right name."""
    leaf, host = each.leaf, clean(each.host)
    issuer = clean(leaf.issuer_text or "(not readable)", 200)
    if open_questions:
        return f"{host}: whether a CA of its stores issued the certificate {leaf.thumbprint} could not be judged: {open_questions[0]}"
    if leaf.self_issued:
        return (
            f"{host}: the certificate {leaf.thumbprint} is self-signed, so it names no CA. "
            "Assign one that a CA issued (deployment wizard, step 3)."
        )
    why = (
        "the CA certificates of that name in the stores of the internal servers have another key: they are those of another CA, or of this "
        "one before or after a renewal" if namesakes else "no internal server has that CA's certificate in its stores CA or Root"
    )
    return (
        f"{host}: the certificate {leaf.thumbprint} says that {issuer} issued it, but {why}. Get the CA's certificate (on the CA: "
        f"certutil -ca.cert ca.cer) and name that file {FILES}, or import it on that server (certutil -addstore CA ca.cer; a root: "
        "certutil -addstore Root ca.cer)."
    )


def no_chain(found: InUse) -> str:
    return (
        f"Under match: chain the root counts, but none that each of these servers has in its store Root could be proved above the CA "
        f"{ca_name(found)}: CA certificates are missing in the stores of the internal servers. {_look(found)}, or name the root's file "
        f"{FILES}."
    )


def unrelated(found: list[InUse]) -> str:
    one_name = _one_name([each.certificates[0] for each in found])
    both = ", or both files if it is one CA, renewed" if one_name else ""
    return " ".join((
        f"The internal servers use {len(found)} CAs, and their stores prove no root above all of them that each of these servers trusts: "
        f"{uses(found)}.",
        *one_name,
        f"Which of them counts can't be told from that: name its file{both} {FILES}. To get the files: {_exports(found)}. Or assign "
        "certificates of one CA to all internal servers (deployment wizard, step 3).",
    ))


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
    return [warning("reference.several", " ".join((
        f"The internal servers use {len(found)} issuing CAs{root}, and each of them counts: {uses(found)}.",
        *_one_name([each.certificates[0] for each in found]),
        f"If only one of them should count, name its file {FILES}. To get the files: {_exports(found)}.")))]


def rootless(found: list[InUse]) -> list[Finding]:
    return [
        warning("reference.incomplete", f"No root that each of its servers has in its store Root was found above the CA {ca_name(each)}: "
                f"CA certificates are missing in the stores of the internal servers. {_look(each)}.")
        for each in found if not common_roots([each])
    ]


def expired(authority: Authority, now: datetime) -> list[Finding]:
    problem = authority.problem_at(now)
    return [] if problem is None else [warning("reference.expired", problem)]


def told(found: list[InUse], authority: Authority, match: str) -> str:
    """Which CA it is."""
    several_cas = f"{len(found)} CAs: " if len(found) > 1 else "the CA "
    above = f". As the chain is asked for, the CA above counts: {clean(authority.subject, 300)}" if match == "chain" else ""
    count = len(authority.certificates)
    return f"The internal servers use {several_cas}{uses(found)}{above} ({count} CA certificate{'s' if count != 1 else ''})."


def uses(found: Sequence[InUse]) -> str:
    """Each CA with its key and its servers."""
    listed = "; ".join(f"{ca_name(each)} ({shown_key(each.certificates[0])}) on {servers(each)}" for each in found[:_LISTED])
    return listed + (f"; and {len(found) - _LISTED} more" if len(found) > _LISTED else "")


def _one_name(certificates: Sequence[Certificate]) -> tuple[str, ...]:
    """Said of CAs that a person can't tell apart by their names."""
    keys = {identity(each) for each in certificates}
    if len(keys) == len({subject for subject, _key in keys}):
        return ()
    return ("They have one name and different keys: one CA that was renewed with a new key, or two CAs of that name.",)


def _exports(found: Sequence[InUse]) -> str:
    return ", ".join(_export(each.certificates[0], each.evidences) for each in found[:_LISTED])


def _export(certificate: Certificate, evidences: Sequence[Evidence]) -> str:
    """How to get the file of a CA certificate off a server that holds it (Microsoft, certutil: -store [store [certificate [file]]])."""
    for each in evidences:
        if certificate.content in each.offered:
            store = "Root" if certificate.content in each.roots else "CA"
            return f"certutil -store {store} {certificate.thumbprint} ca.cer on {clean(each.host)}"
    return "certutil -ca.cert ca.cer on the CA"


def _look(found: InUse) -> str:
    one = next((each for each in found.evidences if each.roots.isdisjoint(found.roots)), found.evidences[0])
    return (
        f"On {clean(one.host)}, certutil -verifystore My {one.leaf.thumbprint} shows which is missing; import it there (certutil -addstore "
        "CA <file>; a root: certutil -addstore Root <file>)"
    )


def ca_name(found: InUse) -> str:
    return clean(named(found.certificates[0]), 200)


def servers(found: InUse) -> str:
    shown = [clean(each.host) for each in found.evidences]
    return ", ".join(shown[:_LISTED]) + (f" and {len(shown) - _LISTED} more" if len(shown) > _LISTED else "")


def shown_key(certificate: Certificate) -> str:
    return f"key {key_identifier(certificate) or 'without identifier'}"
