# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options in, plugin_utils, result out: reads one host (or takes its snapshot) and judges it."""
from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from typing import Any

from ansible import context
from ansible.plugins.action import ActionBase

from ansible_collections.lync.persistent_chat.plugins.plugin_utils._inputs import (
    WANTED_AUTHORITY,
    InputError,
    NoSnapshotError,
    authority_files,
    unread_variables,
)
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._inputs import (
    snapshot as snapshot_file,
)
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.authority import Authority, AuthorityError, load_authority
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.judgement import judge, unread
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.requirement import Requirement, RequirementError, requirement_for
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.waivers import WaiverError, read_waivers
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._read.connection import ReadFailure, read_host, timeout_problem
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._snapshot.files import sha256
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._snapshot.snapshot import Snapshot
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._verdict import form
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._verdict.instants import Instants
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._verdict.run import RUN_ID
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._verdict.verdict import Outcome, Verdict

STORES = ("My", "CA", "Root", "Disallowed", "REQUEST")
SPEC: dict[str, dict[str, Any]] = {
    "authority_files": {"type": "list", "elements": "path", "default": []},
    "authority_content": {"type": "list", "elements": "str", "default": []},
    "snapshot": {"type": "path"},
    "snapshot_max_age": {"type": "int", "default": 0},
    "profile": {"type": "str", "default": "lync_2013"},
    "match": {"type": "str", "default": "issuing_ca", "choices": ["issuing_ca", "chain"]},
    "pool": {"type": "str"},
    "fqdn": {"type": "str"},
    "names": {"type": "list", "elements": "str", "default": []},
    "requirement": {"type": "dict", "default": {}},
    "waivers": {"type": "list", "elements": "dict", "default": []},
    "as_of": {"type": "str"},
    "timeout": {"type": "int", "default": 60},
    "contact": {"type": "bool", "default": True},
}


class OptionError(ValueError):
    """An option that can't be understood, as a sentence."""


@dataclass(frozen=True, slots=True)
class Question:
    """The options, understood."""

    authority: Authority
    requirement: Requirement
    now: datetime
    as_of: datetime | None

    def judged(self, snapshot: Snapshot, instants: Instants) -> Verdict:
        """The verdict on a host that was read; it names the snapshot that it rests on."""
        verdict = judge(snapshot, self.authority, self.requirement, instants, run_id=RUN_ID)
        return replace(verdict, snapshot_sha256=sha256(snapshot))

    def unread(self, host: str, code: str, message: str, remedy: str | None) -> Verdict:
        instants = Instants(controller=self.now, as_of=self.as_of)
        return unread(
            host, code, message, remedy, authority=self.authority, requirement=self.requirement, instants=instants, run_id=RUN_ID
        )


def understand(args: dict[str, Any], now: datetime) -> Question:
    """Raises OptionError, InputError, AuthorityError, RequirementError or WaiverError, each with a sentence; contacts nobody."""
    if not args["authority_files"] and not args["authority_content"]:
        raise OptionError(f"No CA is given: authority_files and authority_content are both empty. {WANTED_AUTHORITY}")
    if args["authority_files"] and args["authority_content"]:
        raise OptionError("Both authority_files and authority_content are given. Give one of them.")
    problem = timeout_problem(args["timeout"])
    if problem:
        raise OptionError(problem)
    if args["snapshot_max_age"] < 0:
        raise OptionError(f"snapshot_max_age is {args['snapshot_max_age']}. Expected: hours, or 0 for any age.")
    as_of = _as_of(args["as_of"])
    contents = [(f"authority_content[{i}]", text.encode()) for i, text in enumerate(args["authority_content"])]
    authority = load_authority(authority_files(args["authority_files"]) or contents)
    problem = authority.problem_at(as_of or now)
    if problem:
        raise OptionError(problem)
    waivers = read_waivers(args["waivers"], today=now.date())  # a question about another day neither ends nor revives a waiver
    requirement = requirement_for(
        args["profile"] or None,
        match=args["match"],
        pool=args["pool"] or None,
        fqdn=args["fqdn"] or None,
        names=tuple(args["names"]) or None,
        overrides=args["requirement"],
        waivers=waivers,
    )
    return Question(authority, requirement, now, as_of)


def _as_of(text: str | None) -> datetime | None:
    if not text:
        return None
    for shape in ("%Y-%m-%d", "%Y-%m-%dT%H:%M:%SZ"):
        try:
            return datetime.strptime(text, shape).replace(tzinfo=timezone.utc)
        except ValueError:
            continue
    raise OptionError(f"as_of is {text[:40]!r}. Expected: a UTC date like 2026-11-23, or an instant like 2026-11-23T12:00:00Z.")


class ActionModule(ActionBase):
    _supports_check_mode = True
    _supports_async = False

    def run(self, tmp: None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        task_vars = task_vars or {}
        super().run(tmp, task_vars)
        _dummy, args = self.validate_argument_spec(argument_spec=SPEC)
        refusal = self._refusal(task_vars)
        if refusal:
            return {"failed": True, "msg": refusal}
        now = datetime.now(timezone.utc).replace(microsecond=0)
        try:
            question = understand(args, now)
        except (OptionError, InputError, AuthorityError, RequirementError, WaiverError) as error:
            return {"failed": True, "msg": str(error)}
        if not args["contact"]:
            return {"changed": False, "msg": "The options are understood; no host was contacted."}
        verdict = self._verdict(question, args, task_vars)
        failed = verdict.outcome is not Outcome.SATISFIED
        return {"changed": False, "failed": failed, "msg": verdict.message, "verdict": form.write(verdict)}

    def _refusal(self, task_vars: dict[str, Any]) -> str | None:
        """Why this task can't be run as it is written, as a sentence."""
        host = task_vars["inventory_hostname"]
        if self._task.delegate_to and self._task.delegate_to != host:
            return (
                f"certificate_check refuses delegate_to {self._task.delegate_to}: "
                f"it would read the store of another server under the name {host}. "
                "Run it on the server itself; for a recorded server use the option snapshot."
            )
        if self._task.become or getattr(self._connection, "become", None) is not None:
            return "certificate_check refuses become: connect as an administrator of the host instead."
        unread = unread_variables(
            task_vars["playbook_dir"],
            context.CLIARGS.get("args") or (),
            task_vars.get("ansible_inventory_sources") or (),
            task_vars.get("group_names") or (),
            host,
        )
        paths = ", ".join(unread)
        if paths:
            return (
                f"The variables in {paths} would not count: an imported playbook does not read them. "
                "Move them beside the inventory, or use the role lync.persistent_chat.certificates in a play of your own."
            )
        return None

    def _verdict(self, question: Question, args: dict[str, Any], task_vars: dict[str, Any]) -> Verdict:
        host = str(task_vars["inventory_hostname"])
        if args["snapshot"]:
            return self._recorded(question, args, host)
        try:
            snapshot = read_host(self, task_vars, stores=STORES, timeout=args["timeout"]).snapshot
        except ReadFailure as failure:
            return question.unread(host, failure.code, failure.message, failure.remedy)
        # both clocks as they were when the answer came: a host that answers slowly is not a host whose clock is wrong
        read_at = snapshot.recorded_at
        instants = Instants(controller=read_at, host=snapshot.host.clock, as_of=question.as_of, recorded_at=read_at)
        return question.judged(snapshot, instants)

    def _recorded(self, question: Question, args: dict[str, Any], host: str) -> Verdict:
        record = "Record it with the playbook lync.persistent_chat.collect."
        try:
            snapshot = snapshot_file(args["snapshot"], host)
        except NoSnapshotError as error:
            return question.unread(host, "coverage.not_checked", str(error), record)
        except InputError as error:
            return question.unread(host, "host.answer_invalid", str(error), record)
        stale = _stale(snapshot, question.now, args["snapshot_max_age"])
        if stale:
            return question.unread(host, "coverage.stale_snapshot", stale, record)
        instants = Instants(controller=question.now, as_of=question.as_of, recorded_at=snapshot.recorded_at)
        return question.judged(snapshot, instants)


def _stale(snapshot: Snapshot, now: datetime, hours: int) -> str | None:
    """Why the snapshot is too old (or from the future), as a sentence; ``hours`` 0: any age will do."""
    if not hours:
        return None
    age = now - snapshot.recorded_at
    recorded = form.instant(snapshot.recorded_at)
    if age > timedelta(hours=hours):
        return f"The snapshot was recorded at {recorded}, {int(age.total_seconds() // 3600)} hours ago; snapshot_max_age is {hours} hours."
    if age < timedelta(minutes=-5):
        return f"The snapshot was recorded at {recorded}, which is in the future of this controller's clock ({form.instant(now)})."
    return None
