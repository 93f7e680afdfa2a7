# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options in, plugin_utils, result out: which CA issued the certificate that this internal Lync server uses?"""
from __future__ import annotations

import base64
from dataclasses import replace
from datetime import datetime, timezone
from typing import Any

from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase

from ansible_collections.lync.persistent_chat.plugins.action.certificate_store_info import write
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._inputs import InputError
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._inputs import snapshot as snapshot_file
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.authority import Authority
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.evidence import (
    USES,
    EvidenceFormError,
    NoEvidence,
    evidence,
    read_evidence,
    write_evidence,
)
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.reference import Reference, reference
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._read.assigned import read_assigned
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._read.connection import (
    ReadFailure,
    host_name,
    read_host,
    timeout_problem,
)
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._snapshot.assignments import Assignments, write_assignments
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._snapshot.snapshot import Snapshot
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._verdict import form

STORES = ("My", "CA", "Root")
SPEC: dict[str, dict[str, Any]] = {
    "snapshot": {"type": "path"},
    "use": {"type": "str", "default": "Default", "choices": list(USES)},
    "thumbprint": {"type": "str"},
    "subject": {"type": "str"},
    "timeout": {"type": "int", "default": 60},
    "dest": {"type": "path"},
    "results": {"type": "list", "elements": "dict"},
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
        thumbprint, subject = args["thumbprint"] or None, args["subject"] or None
        if thumbprint and subject:
            raise AnsibleActionFail("Both thumbprint and subject are given. Give one of them.")
        problem = timeout_problem(args["timeout"])
        if problem:
            raise AnsibleActionFail(problem)
        now = datetime.now(timezone.utc).replace(microsecond=0)
        if args["results"] is not None:
            return {"changed": False, **compared(args["results"], now, args["match"], args["demand_all"])}
        try:
            snapshot, assignments = self._read(args, task_vars, named=bool(thumbprint or subject))
        except ReadFailure as failure:
            return failure.result()
        except InputError as error:
            return {"changed": False, "failed": True, "msg": str(error)}
        result: dict[str, Any] = {"changed": False, "assigned": _assigned(assignments)}
        if args["dest"]:
            result["dest"] = write(replace(snapshot, assignments=assignments), args["dest"])
        try:
            found = evidence(snapshot, assignments, now=now, use=args["use"], thumbprint=thumbprint, subject=subject)
        except NoEvidence as error:
            return result | {"failed": True, "msg": str(error)}
        return result | _described(reference([found], now=now, match=args["match"])) | {"evidence": write_evidence(found)}

    def _read(self, args: dict[str, Any], task_vars: dict[str, Any], *, named: bool) -> tuple[Snapshot, Assignments | None]:
        if args["snapshot"]:
            recorded = snapshot_file(args["snapshot"], host_name(self, task_vars))
            return recorded, recorded.assignments
        snapshot = read_host(self, task_vars, stores=STORES, timeout=args["timeout"]).snapshot
        # Where the user names the certificate, the server need not have Lync.
        return snapshot, None if named else read_assigned(self, task_vars, timeout=args["timeout"])


def compared(results: list[dict[str, Any]], now: datetime, match: str, demand_all: bool) -> dict[str, Any]:
    """The result of comparing the results of this module for several servers. Raises AnsibleActionFail for what is none."""
    evidences, silent = [], []
    for index, each in enumerate(results):
        if "evidence" not in each:
            silent.append(str(each.get("msg") or f"results[{index}] has neither evidence nor a message.")[:2000])
            continue
        try:
            evidences.append(read_evidence(each["evidence"]))
        except EvidenceFormError as error:
            raise AnsibleActionFail(
                f"results[{index}] is no result of certificate_authority_info: {error}. Give what a task with register recorded, unchanged."
            ) from None
    return _described(reference(evidences, now=now, match=match, silent=silent, demand_all=demand_all))


def _assigned(assignments: Assignments | None) -> dict[str, Any] | None:
    if assignments is None:
        return None
    written = write_assignments(assignments)
    for entry, error in zip(written["errors"], assignments.errors, strict=True):
        entry["kind"] = error.kind
    return written


def _described(found: Reference) -> dict[str, Any]:
    rows = [form.write(row) for row in found.rows]
    result: dict[str, Any] = {"failed": not found.certain, "msg": found.message, "notes": list(found.warnings), "servers": rows}
    if found.certain:
        result["authority"] = {
            "subject": found.authority.subject,
            "source": "; ".join(sorted({each.source for each in found.authority.describe()})),
            "certificates": _certificates(found.authority),
            "roots": _certificates(found.roots),
        }
    return result


def _certificates(authority: Authority) -> list[dict[str, Any]]:
    return [
        form.write(described) | {"content": base64.b64encode(given.certificate.content).decode("ascii")}
        for described, given in zip(authority.describe(), authority.given, strict=True)
    ]
