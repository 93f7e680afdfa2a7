# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Expected servers against what was checked: one report in which every server has a verdict, its own or one that says why it has none."""
from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from . import form
from .instants import Instants
from .report import Change, Earlier, Report, Summary
from .verdict import Finding, Outcome, Severity, Verdict

ORDER = (Outcome.NOT_SATISFIED, Outcome.UNDETERMINED, Outcome.SATISFIED)
"""Bad ones first: what was found wanting, then what could not be told."""


@dataclass(frozen=True, slots=True)
class Play:
    """What Ansible says of the play that asks: all its hosts, those not lost yet, those of this batch, those that failed.

    ``limit`` is the pattern of ``--limit``, None without.
    """

    hosts: frozenset[str]
    alive: frozenset[str]
    batch: frozenset[str]
    failed: frozenset[str] = frozenset()
    limit: str | None = None

    def absence(self, host: str) -> str | None:
        """Why a record of this host can't be one of this play, as a sentence; None if it took part."""
        if host not in self.hosts:
            return f"It was left out by --limit {self.limit}." if self.limit else "It is not in the play that checks."
        if host not in self.alive:
            what = "failed" if host in self.failed else "failed or was unreachable"
            return (
                f"It was lost earlier in this run, before its check: it {what} in a task or play before. "
                "If it is the play of the gate that gathers facts, say gather_facts: false there."
            )
        if host not in self.batch:
            return "It is in a later batch of its play. Give the gate a play of its own, without serial."
        return None


def verdict_of(host: str, record: object, *, run_id: str, now: datetime) -> Verdict:
    """The verdict in a registered result of ``certificate_check``, if it is a literal, whole, own one of this run.

    Else one that says why it is none.
    """
    if not isinstance(record, Mapping):
        return not_checked(host, "No check ran on it in this run.", run_id=run_id, now=now)
    if record.get("unreachable"):
        message = f"It could not be reached: {_said(record)}"
        return undetermined(host, "host.unreachable", message, "Look at the connection variables of this host.", run_id=run_id, now=now)
    if record.get("skipped"):
        return not_checked(host, "A condition of the caller skipped its check.", run_id=run_id, now=now)
    if "verdict" not in record:
        message, remedy = f"Its check ended without a verdict: {_said(record)}", "Mend what the message says, and run the gate again."
        return undetermined(host, "coverage.not_checked", message, remedy, run_id=run_id, now=now)
    return own(host, record["verdict"], run_id=run_id, now=now)


def own(host: str, written: object, *, run_id: str, now: datetime) -> Verdict:
    """The written verdict, if it is whole, of this host and of this run; else an undetermined one that says what it is."""
    if not isinstance(written, Mapping):
        return not_checked(host, "Its check left no verdict.", run_id=run_id, now=now)
    if written.get("run_id") != run_id:
        return _other_run(host, written.get("run_id"), run_id=run_id, now=now)
    try:
        verdict = form.read(Verdict, written)
    except form.FormError as error:
        return not_checked(host, f"Its verdict is not whole ({error}).", run_id=run_id, now=now)
    if verdict.outcome is Outcome.SATISFIED and (verdict.certificate is None or verdict.fqdn is None):
        message = "Its verdict is not whole (satisfied, but without the certificate or the host's own name)."
        return not_checked(host, message, run_id=run_id, now=now)
    if verdict.host != host:
        return not_checked(host, f"The verdict found for it is that of {verdict.host[:255]}.", run_id=run_id, now=now)
    return verdict


def literal(written: Iterable[Mapping[str, object]], *, run_id: str, now: datetime) -> dict[str, Verdict]:
    """The written verdicts under the hosts that they name, each like ``own``; of several about one host the worst."""
    found: dict[str, Verdict] = {}
    for each in written:
        host = str(each.get("host"))
        verdict = own(host, each, run_id=run_id, now=now)
        found[host] = worse(found[host], verdict) if host in found else verdict
    return found


def worse(one: Verdict, other: Verdict) -> Verdict:
    """That of the two which is further from satisfied; the first if they are alike."""
    return min(one, other, key=lambda verdict: ORDER.index(verdict.outcome))


def undetermined(host: str, code: str, message: str, remedy: str | None, *, run_id: str, now: datetime) -> Verdict:
    """A verdict about a server that has none of its own."""
    finding = Finding(code=code, severity=Severity.OPEN, message=message, remedy=remedy)
    instants = Instants(controller=now)
    return Verdict(host=host, outcome=Outcome.UNDETERMINED, message=message, instants=instants, run_id=run_id, findings=(finding,))


def not_checked(host: str, message: str, *, run_id: str, now: datetime) -> Verdict:
    """``coverage.not_checked``: expected, but not checked in this run."""
    remedy = "Run the gate over all expected servers, without --limit, --start-at-task or conditions that leave one out."
    return undetermined(host, "coverage.not_checked", message, remedy, run_id=run_id, now=now)


def _other_run(host: str, found: object, *, run_id: str, now: datetime) -> Verdict:
    message = f"The verdict found for it is of another run ({str(found)[:64]}), not of this one ({run_id})."
    return undetermined(host, "coverage.other_run", message, "Check the server again, in this run.", run_id=run_id, now=now)


def _said(record: Mapping[object, object]) -> str:
    said = str(record.get("msg") or "no reason was given").strip()
    return said if len(said) <= 2000 else said[:2000] + " …"


def with_slices(hosts: Iterable[str], reports: Iterable[Report], *, run_id: str) -> list[str]:
    """``hosts`` and whom the reports of this run expected: what a slice found wanting can't be left out of the whole."""
    return list(dict.fromkeys([*hosts, *(host for report in reports if report.run_id == run_id for host in report.expected)]))


def from_reports(reports: Iterable[Report], hosts: Sequence[str], *, run_id: str, now: datetime) -> dict[str, Verdict]:
    """The verdicts in the reports of several job slices; ``hosts`` without one are absent.

    A report of another run counts for ``coverage.other_run`` only; of two verdicts about one host that differ, the worse one is taken.
    """
    found: dict[str, Verdict] = {}
    wanted = set(hosts)
    for report in reports:
        for verdict in report.verdicts:
            if verdict.host not in wanted:
                continue
            same_run = report.run_id == run_id == verdict.run_id
            candidate = verdict if same_run else _other_run(verdict.host, report.run_id, run_id=run_id, now=now)
            known = found.get(verdict.host)
            if known is None or _rank(candidate, known):
                found[verdict.host] = candidate
    return _of_one_reference(found)


def _of_one_reference(verdicts: dict[str, Verdict]) -> dict[str, Verdict]:
    """Each slice asked the internal servers that it has; if they told no CA certificate in common, nobody knows which CA counts."""
    by_servers = {host: verdict for host, verdict in verdicts.items() if verdict.internal_servers and verdict.authority}
    told = [{each.sha256 for each in verdict.authority} for verdict in by_servers.values()]
    if not told or set.intersection(*told):
        return verdicts
    message = (
        "The slices asked different internal servers, and these use different CAs. Name the CA's file in each slice "
        "(certificates_authority_files), with certificates_authority_group: ''."
    )
    finding = Finding(code="reference.unknown", severity=Severity.OPEN, message=message)
    return verdicts | {
        host: replace(verdict, outcome=Outcome.UNDETERMINED, message=message, findings=(finding, *verdict.findings))
        for host, verdict in by_servers.items() if verdict.outcome is Outcome.SATISFIED}


def _rank(new: Verdict, known: Verdict) -> bool:
    """Whether ``new`` says more: a slice says ``not_checked`` of the servers of the other slices."""
    if _absent(known) != _absent(new):
        return _absent(known)
    return ORDER.index(new.outcome) < ORDER.index(known.outcome)


def _absent(verdict: Verdict) -> bool:
    return any(finding.code in ("coverage.not_checked", "coverage.other_run") for finding in verdict.findings)


def cover(
    expected: Sequence[str],
    verdicts: Mapping[str, Verdict],
    *,
    run_id: str,
    now: datetime,
    versions: Mapping[str, str] | None = None,
) -> Report:
    """The report over ``expected``: bad ones first, otherwise in the order given. A server without a verdict gets one.

    Every verdict carries ``run_id`` afterwards, so that a later reader can tell which run it belongs to. ``now`` is aware UTC.
    Nothing expected is never satisfied.
    """
    hosts = tuple(dict.fromkeys(expected))
    one = {host: verdicts.get(host) or not_checked(host, "No check ran on it in this run.", run_id=run_id, now=now) for host in hosts}
    one = same_server({host: replace(verdict, run_id=run_id) for host, verdict in one.items()})
    shown = sorted(one.values(), key=lambda verdict: ORDER.index(verdict.outcome))
    counts = {outcome: sum(verdict.outcome is outcome for verdict in shown) for outcome in ORDER}
    summary = Summary(
        expected=len(hosts),
        checked=sum(is_checked(verdict) for verdict in shown),
        satisfied=counts[Outcome.SATISFIED],
        not_satisfied=counts[Outcome.NOT_SATISFIED],
        undetermined=counts[Outcome.UNDETERMINED],
    )
    outcome = next((outcome for outcome in ORDER if counts[outcome]), Outcome.UNDETERMINED)
    return Report(
        run_id=run_id,
        outcome=outcome,
        created_at=now,
        summary=summary,
        expected=hosts,
        verdicts=tuple(shown),
        versions=tuple((versions or {}).items()),
    )


def is_checked(verdict: Verdict) -> bool:
    """Whether the server was read and judged: only then does it have a name that it reports itself."""
    return verdict.fqdn is not None


def same_server(verdicts: Mapping[str, Verdict]) -> dict[str, Verdict]:
    """Marks verdicts of one machine under two names: one of two servers was then never looked at, and nobody knows which.

    A server may rightly be there twice for two uses: once for its store, once for its web services.
    """
    machines: dict[tuple[str, str | None], list[str]] = {}
    for host, verdict in verdicts.items():
        if verdict.fqdn is not None:
            machines.setdefault((verdict.fqdn.rstrip(".").lower(), verdict.use), []).append(host)
    result = dict(verdicts)
    for (machine, _use), hosts in machines.items():
        for host in hosts if len(hosts) > 1 else []:
            result[host] = _doubled(verdicts[host], machine, hosts)
    return result


def _doubled(verdict: Verdict, machine: str, hosts: Sequence[str]) -> Verdict:
    names = ", ".join(hosts[:10]) + (" …" if len(hosts) > 10 else "")
    message = f"{names} lead to one machine, {machine[:255]}: at least one expected server was not looked at."
    remedy = "Correct the addresses in the inventory, or remove the name that is there twice."
    finding = Finding(code="coverage.same_server", severity=Severity.OPEN, message=message, remedy=remedy)
    if verdict.outcome is Outcome.NOT_SATISFIED:  # it stays as bad as it is
        return replace(verdict, findings=(*verdict.findings, finding))
    return replace(verdict, outcome=Outcome.UNDETERMINED, message=message, findings=(finding, *verdict.findings))


def sentence(report: Report) -> str:
    """The report in a sentence: the counts, then who is bad with the codes of what can't be told."""
    parts = [f"{report.summary}."]
    bad = [verdict.host for verdict in report.verdicts if verdict.outcome is Outcome.NOT_SATISFIED]
    unknown = [_with_code(verdict) for verdict in report.verdicts if verdict.outcome is Outcome.UNDETERMINED]
    for label, items in (("Not satisfied", bad), ("Undetermined", unknown)):
        if items:
            more = f" and {len(items) - 20} more" if len(items) > 20 else ""
            parts.append(f"{label}: {', '.join(items[:20])}{more}.")
    return " ".join(parts)


def _with_code(verdict: Verdict) -> str:
    code = next((finding.code for finding in verdict.findings if finding.severity is Severity.OPEN), None)
    return f"{verdict.host} ({code})" if code else verdict.host


def no_server(group: str, groups: Collection[str]) -> str:
    """What to say if nothing is expected: the groups that look alike."""
    near = difflib.get_close_matches(group, [each for each in groups if each not in ("all", "ungrouped")], 3, 0.5)
    hint = f"; groups that look alike: {', '.join(near)}" if near else "; no group looks alike"
    if any(mark in group for mark in ":,*!&["):
        hint += ". Give the name of one group, not a pattern"
    return f"There is no Persistent Chat server in group '{group}'{hint}."


def compared(report: Report, previous: Report) -> Report:
    """The report with what differs from an earlier one, a sentence a server."""
    before = {verdict.host: verdict for verdict in previous.verdicts}
    now = {verdict.host: verdict for verdict in report.verdicts}
    found = [Change(host, f"{host} is no longer expected (was {before[host].outcome.value}).") for host in before if host not in now]
    for host, verdict in now.items():
        if host not in before:
            found.append(Change(host, f"{host} is new: {verdict.outcome.value}."))
        elif verdict.outcome is not before[host].outcome:
            found.append(Change(host, f"{host}: {before[host].outcome.value} became {verdict.outcome.value}."))
        elif _deciding(verdict) != _deciding(before[host]):
            message = f"{host}: another certificate decides, {_deciding(before[host])} became {_deciding(verdict)}."
            found.append(Change(host, message))
    return replace(report, previous=Earlier(previous.run_id, previous.created_at, tuple(found)))


def _deciding(verdict: Verdict) -> str:
    return verdict.certificate.thumbprint if verdict.certificate else "none"
