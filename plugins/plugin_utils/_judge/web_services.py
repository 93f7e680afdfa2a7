# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The certificates that Lync assigned to the web services of an internal server, on which File Upload/Download of Persistent Chat runs.

In Lync Server 2013 that web service is a web component of the Front End (Microsoft, Components and topologies for Persistent Chat Server).
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from .._snapshot.assignments import Assignment, Assignments
from .._snapshot.snapshot import Snapshot
from .._verdict.instants import Instants
from .._verdict.verdict import Finding, Outcome, Verdict
from .authority import Authority
from .catalogue import CATALOGUE
from .certificate import thumbprint
from .findings import clean, warning
from .judgement import judge, unread
from .requirement import Requirement

USE = "web services"
INTERNAL, EXTERNAL = "WebServicesInternal", "WebServicesExternal"


def as_web_services(verdict: Verdict, server: str) -> Verdict:
    """The verdict under a name of its own, since a report may have one on the store of the same server beside it."""
    return replace(verdict, host=f"{server} ({USE})", use=USE)


def of_web_services(snapshot: Snapshot) -> Snapshot | None:
    """The snapshot with only these certificates in My; None if the server certainly has no web services (a Mediation Server)."""
    told = snapshot.assignments
    if told is None:
        return _reduced(snapshot, ())
    wanted = (*told.of(INTERNAL), *told.of(EXTERNAL))
    if not wanted and told.of("Default") and not told.errors:
        return None
    return _reduced(snapshot, wanted)


def unassigned(server: str) -> Finding:
    """Said of a server without web services."""
    return warning(
        "reference.web_services_unassigned",
        f"{clean(server)}: no certificate is assigned to web services there, so none was checked. Right for a Mediation Server; on a "
        "Front End Server run step 3 of the deployment wizard.")


def judge_web_services(
    snapshot: Snapshot, authority: Authority, requirement: Requirement, instants: Instants, *, run_id: str, about: Sequence[Finding] = (),
) -> Verdict:
    """What is true of the certificates of web services in ``snapshot``: the internal one decides, the external one is a warning at most."""
    told = snapshot.assignments
    internal = told.of(INTERNAL) if told else ()
    if told is None or len(internal) != 1:
        message = _unknown(snapshot.name, told, internal)
        verdict = unread(snapshot.name, "reference.web_services_unknown", message, None, authority=authority, requirement=requirement,
                         instants=instants, run_id=run_id)
        return as_web_services(verdict, snapshot.name)
    # The names of the pool and of the web services are nowhere to be read; the server's own stands in the certificate, too (Microsoft,
    # Certificate requirements for internal servers).
    own = replace(requirement, names=requirement.names or (snapshot.host.fqdn,))

    def judged(assigned: Assignment) -> Verdict:
        return judge(_reduced(snapshot, [assigned]), authority, replace(own, use=assigned.use), instants, run_id=run_id, about=about)

    verdict = judged(internal[0])
    external = [each for each in told.of(EXTERNAL) if each.thumbprint != internal[0].thumbprint]
    warnings = [_external(each, other) for each in external if (other := judged(each)).outcome is not Outcome.SATISFIED]
    return as_web_services(replace(verdict, findings=(*verdict.findings, *warnings)), snapshot.name)


def _reduced(snapshot: Snapshot, wanted: Sequence[Assignment]) -> Snapshot:
    prints = {each.thumbprint for each in wanted}
    stores = tuple(
        replace(store, certificates=tuple(each for each in store.certificates if each.content and thumbprint(each.content) in prints))
        if store.name == "My" else store
        for store in snapshot.stores
    )
    return replace(snapshot, stores=stores)


def _unknown(server: str, told: Assignments | None, internal: Sequence[Assignment]) -> str:
    host = clean(server)
    if told is None:
        return f"{host}: which certificates are assigned to web services is not known: Lync was not asked on that server."
    if internal:
        prints = ", ".join(clean(each.thumbprint, 60) for each in internal)
        return f"{host}: Lync calls {len(internal)} certificates assigned to {INTERNAL}: {prints}. Remove one of them."
    answered = f" Lync answered: {clean(told.errors[0].message, 300)}" if told.errors else ""
    return (
        f"{host}: no certificate is assigned to {INTERNAL}. Assign one (deployment wizard, step 3), or take the server out of the group "
        f"of internal servers.{answered}"
    )


def _external(assigned: Assignment, verdict: Verdict) -> Finding:
    miss = verdict.nearest_miss
    why = "; ".join(CATALOGUE[code].title for code in miss.codes) if miss and miss.codes else verdict.message
    return warning(
        "reference.web_services_external",
        f"The certificate assigned to {EXTERNAL} ({clean(assigned.thumbprint, 60)}) does not meet the requirement: {why}. That is as it "
        "should be where it comes from a public CA.")
