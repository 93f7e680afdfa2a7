# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options in, plugin_utils, result out: reads one host (or takes its snapshot) and judges it."""
from __future__ import annotations

import gc
from datetime import datetime, timezone
from typing import Any

from ansible import context
from ansible.plugins.action import ActionBase

from ansible_collections.lync.persistent_chat.plugins.plugin_utils._inputs import (
    WANTED_AUTHORITY,
    InputError,
    NoSnapshotError,
    OptionError,
    StaleSnapshotError,
    age_problem,
    asked_instant,
    unread_variables,
)
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._inputs import authority as authority_named
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._inputs import snapshot as snapshot_file
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.authority import AuthorityError
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.catalogue import CATALOGUE
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.question import Question
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.reference import Reference
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.reference_form import (
    ReferenceFormError,
    no_result,
    read_reference,
)
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.requirement import RequirementError, requirement_for
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.waivers import WaiverError, read_waivers
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.web_services import as_web_services
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._read.connection import ReadFailure, read_host, timeout_problem
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._snapshot.files import SnapshotError, load
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._snapshot.snapshot import STORES
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._verdict import form
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._verdict.run import RUN_ID
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._verdict.verdict import Outcome, Verdict

SPEC: dict[str, dict[str, Any]] = {
    "authority_files": {"type": "list", "elements": "path", "default": []},
    "authority_content": {"type": "list", "elements": "str", "default": []},
    "authority_info": {"type": "dict", "default": {}},
    "web_services_of": {"type": "dict", "default": {}},
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

# Ansible imports this before it forks a worker for each host. Without this the garbage collection of every worker walks all that the parent
# has loaded, and so copies its pages (Python documentation, gc.freeze).
gc.freeze()


def understand(args: dict[str, Any], now: datetime) -> Question:
    """Raises OptionError, InputError, AuthorityError, RequirementError or WaiverError, each with a sentence; contacts nobody."""
    problem = timeout_problem(args["timeout"]) or age_problem(args["snapshot_max_age"])
    if problem:
        raise OptionError(problem)
    as_of = asked_instant(args["as_of"])
    reference = _reference(args, as_of or now)
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
    return Question(reference, requirement, now, as_of, RUN_ID)


def _reference(args: dict[str, Any], instant: datetime) -> Reference:
    named = authority_named(args["authority_files"], args["authority_content"])
    if named is not None:
        problem = named.problem_at(instant)
        if problem:
            raise OptionError(problem)
    if not args["authority_info"]:
        if named is None:
            given = "authority_files, authority_content and authority_info are all empty"
            group = "Or let the internal servers tell it: the role asks those of the group lync_internal (certificates_authority_group)."
            raise OptionError(f"No CA is given: {given}. {WANTED_AUTHORITY} {group}")
        return Reference(True, "", named)
    if not args["contact"]:  # the internal servers tell it later
        return Reference(False, "")
    if named is not None:
        raise OptionError(
            "Both a CA and authority_info are given. "
            "Give the CA to certificate_authority_info, which holds it against what the internal servers use."
        )
    try:
        return read_reference(args["authority_info"])
    except ReferenceFormError as error:
        raise OptionError(no_result("authority_info", error)) from None


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
            if not args["contact"]:
                return {"changed": False, "msg": "The options are understood; no host was contacted."}
            verdict = _web_services(question, args) if args["web_services_of"] else self._verdict(question, args, task_vars)
        except (OptionError, InputError, AuthorityError, RequirementError, WaiverError) as error:
            return {"failed": True, "msg": str(error)}
        if verdict is None:
            return {"changed": False, "msg": "No certificate is assigned to web services there.", "not_applicable": True}
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
            return _recorded(question, args, host)
        try:
            snapshot = read_host(self, task_vars, stores=STORES, timeout=args["timeout"]).snapshot
        except ReadFailure as failure:
            return question.unread(host, failure.code, failure.message, failure.remedy)
        return question.judged(snapshot, recorded=False)


def _recorded(question: Question, args: dict[str, Any], host: str) -> Verdict:
    record = "Record it with the playbook lync.persistent_chat.collect."
    try:
        snapshot = snapshot_file(args["snapshot"], host, now=question.now, max_age=args["snapshot_max_age"])
    except NoSnapshotError as error:
        return question.unread(host, "coverage.not_checked", str(error), record)
    except StaleSnapshotError as error:
        return question.unread(host, "coverage.stale_snapshot", str(error), record)
    except InputError as error:
        return question.unread(host, "host.answer_invalid", str(error), record)
    return question.judged(snapshot, recorded=True)


def _web_services(question: Question, args: dict[str, Any]) -> Verdict | None:
    """The verdict on the web services of one internal server, None if it has none. Raises OptionError."""
    told = args["web_services_of"]
    server = told.get("item")
    if not isinstance(server, str):
        raise OptionError("web_services_of is no result of a loop over internal servers with certificate_authority_info: it has no item.")
    if "web_services" not in told:
        message = str(told.get("msg") or "It did not say which certificates are assigned to web services.")[:2000]
        code = told.get("code")
        verdict = question.unread(server, code if code in CATALOGUE else "coverage.not_checked", message, None)
        return as_web_services(verdict, server)
    if told["web_services"] is None:
        return None
    try:
        snapshot = load(str(told["web_services"]), source=f"the web services of {server}")
    except SnapshotError as error:
        raise OptionError(str(error)) from None
    return question.judged(snapshot, recorded=bool(args["snapshot"]), web_services=True)
