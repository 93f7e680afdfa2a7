# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options in, plugin_utils, result out: which CA issued the certificate that this internal Lync server uses?"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timezone
from typing import Any

from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase

from ansible_collections.lync.persistent_chat.plugins.plugin_utils._inputs import InputError, age_problem, asked_instant
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._inputs import authority as authority_named
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._inputs import snapshot as snapshot_file
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.authority import AuthorityError
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.evidence import (
    USES,
    Evidence,
    EvidenceFormError,
    NoEvidence,
    evidence,
    read_evidence,
    write_evidence,
)
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.reference import Reference, reference
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.reference_form import no_result, write_reference
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.web_services import of_web_services, unassigned
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._read.assigned import read_assigned
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._read.connection import (
    ReadFailure,
    host_name,
    read_host,
    timeout_problem,
)
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._snapshot.assignments import describe_assignments
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._snapshot.files import dump
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._snapshot.snapshot import STORES, Snapshot

SPEC: dict[str, dict[str, Any]] = {
    "snapshot": {"type": "path"},
    "snapshot_max_age": {"type": "int", "default": 0},
    "use": {"type": "str", "default": "Default", "choices": list(USES)},
    "thumbprint": {"type": "str"},
    "subject": {"type": "str"},
    "fqdn": {"type": "str"},
    "web_services": {"type": "bool", "default": False},
    "as_of": {"type": "str"},
    "timeout": {"type": "int", "default": 60},
    "results": {"type": "list", "elements": "dict"},
    "authority_files": {"type": "list", "elements": "path", "default": []},
    "authority_content": {"type": "list", "elements": "str", "default": []},
    "match": {"type": "str", "default": "issuing_ca", "choices": ["issuing_ca", "chain"]},
    "demand_all": {"type": "bool", "default": False},
}


class ActionModule(ActionBase):
    _supports_check_mode = True
    _supports_async = False

    def run(self, tmp: None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        task_vars = task_vars or {}
        super().run(tmp, task_vars)
        _dummy, args = self.validate_argument_spec(argument_spec=SPEC)
        if args["thumbprint"] and args["subject"]:
            raise AnsibleActionFail("Both thumbprint and subject are given. Give one of them.")
        problem = timeout_problem(args["timeout"]) or age_problem(args["snapshot_max_age"])
        if problem:
            raise AnsibleActionFail(problem)
        now = datetime.now(timezone.utc).replace(microsecond=0)
        try:
            asked = asked_instant(args["as_of"]) or now
            if args["results"] is not None:
                return _compared(args["results"], args, asked)
            return self._asked(args, task_vars, now, asked)
        except ReadFailure as failure:
            return failure.result()
        except (InputError, AuthorityError) as error:
            return {"changed": False, "failed": True, "msg": str(error)}

    def _asked(self, args: dict[str, Any], task_vars: dict[str, Any], now: datetime, asked: datetime) -> dict[str, Any]:
        """The result for one server, judged as of ``asked``."""
        thumbprint, subject, fqdn = args["thumbprint"] or None, args["subject"] or None, args["fqdn"] or None
        snapshot = self._read(args, task_vars, now, named=bool(thumbprint or subject))
        result: dict[str, Any] = {"changed": False, "assigned": describe_assignments(snapshot.assignments)}
        web = of_web_services(snapshot) if args["web_services"] else None
        result["web_services"] = dump(web) if web else None
        try:
            found = evidence(
                snapshot, snapshot.assignments, now=asked, use=args["use"], thumbprint=thumbprint, subject=subject, fqdn=fqdn
            )
        except NoEvidence as error:
            return result | {"failed": True, "msg": str(error)}
        if args["web_services"] and web is None:
            found = replace(found, findings=(*found.findings, unassigned(snapshot.name)))
        return result | _told([found], args, asked) | {"evidence": write_evidence(found)}

    def _read(self, args: dict[str, Any], task_vars: dict[str, Any], now: datetime, *, named: bool) -> Snapshot:
        if args["snapshot"]:
            return snapshot_file(args["snapshot"], host_name(self, task_vars), now=now, max_age=args["snapshot_max_age"])
        snapshot = read_host(self, task_vars, stores=STORES, timeout=args["timeout"]).snapshot
        if named:  # the server need not have Lync then
            return snapshot
        return replace(snapshot, assignments=read_assigned(self, task_vars, timeout=args["timeout"]))


def _compared(results: list[dict[str, Any]], args: dict[str, Any], now: datetime) -> dict[str, Any]:
    """The result of comparing the results of this module for several servers. Raises AnsibleActionFail for what is none."""
    evidences, silent = [], []
    for index, each in enumerate(results):
        if "evidence" not in each:
            silent.append(str(each.get("msg") or f"results[{index}] has neither evidence nor a message.")[:2000])
            continue
        try:
            evidences.append(read_evidence(each["evidence"]))
        except EvidenceFormError as error:
            raise AnsibleActionFail(no_result(f"results[{index}]", error)) from None
    return {"changed": False} | _told(evidences, args, now, silent)


def _told(evidences: list[Evidence], args: dict[str, Any], now: datetime, silent: Sequence[str] = ()) -> dict[str, Any]:
    """Raises InputError or AuthorityError for the CA that the user names."""
    found: Reference = reference(
        evidences,
        now=now,
        match=args["match"],
        named_by_user=authority_named(args["authority_files"], args["authority_content"]),
        silent=silent,
        demand_all=args["demand_all"],
    )
    return {"failed": not found.certain} | write_reference(found)
