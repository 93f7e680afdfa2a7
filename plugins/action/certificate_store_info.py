# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options in, plugin_utils, result out: reads one host's stores (or takes its snapshot), judges nothing."""
from __future__ import annotations

import os
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase

from ansible_collections.lync.persistent_chat.plugins.plugin_utils._inputs import InputError
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._inputs import snapshot as recorded
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.certificate import parse, thumbprint
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.understanding import NotUnderstood
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._outputs import write_whole
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._read.assigned import read_assigned
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._read.connection import (
    ReadFailure,
    Reading,
    host_name,
    read_host,
    timeout_problem,
)
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._snapshot.assignments import describe_assignments
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._snapshot.files import dump, file_name, sha256, write_certificate
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._snapshot.snapshot import STORES, Snapshot, StoredCertificate
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._verdict import form

MAY_BE_UNREAD = frozenset({"disallowed", "request"})
"""Stores that a healthy host may lack."""
SPEC: dict[str, dict[str, Any]] = {
    "stores": {"type": "list", "elements": "str", "default": list(STORES)},
    "snapshot": {"type": "path"},
    "assignments": {"type": "bool", "default": False},
    "dest": {"type": "path"},
    "return_content": {"type": "bool", "default": False},
    "timeout": {"type": "int", "default": 60},
}


class ActionModule(ActionBase):
    _supports_check_mode = True
    _supports_async = False

    def run(self, tmp: None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        task_vars = task_vars or {}
        super().run(tmp, task_vars)
        _dummy, args = self.validate_argument_spec(argument_spec=SPEC)
        problem = timeout_problem(args["timeout"])
        if problem:
            raise AnsibleActionFail(problem)
        try:
            reading = self._reading(args, task_vars)
        except ReadFailure as failure:
            return failure.result()
        except InputError as error:
            return {"changed": False, "failed": True, "msg": str(error)}
        result = describe(reading.snapshot, content=args["return_content"]) | {"changed": False, "attempts": reading.attempts}
        unread = told(reading.snapshot)
        if unread:
            return result | {"failed": True, "msg": unread}
        if args["dest"]:
            result["dest"] = _recorded(reading.snapshot, args["dest"])
        return result

    def _reading(self, args: dict[str, Any], task_vars: dict[str, Any]) -> Reading:
        if not args["snapshot"]:
            reading = read_host(self, task_vars, stores=args["stores"], timeout=args["timeout"])
            if not args["assignments"]:
                return reading
            assigned = read_assigned(self, task_vars, timeout=args["timeout"])
            return replace(reading, snapshot=replace(reading.snapshot, assignments=assigned))
        snapshot = recorded(args["snapshot"], host_name(self, task_vars), now=datetime.now(timezone.utc))
        wanted = tuple(store for name in args["stores"] if (store := snapshot.store(name)) is not None)
        if len(wanted) != len(args["stores"]):
            have = ", ".join(store.name for store in snapshot.stores)
            asked = ", ".join(args["stores"])
            raise InputError(f"The snapshot {args['snapshot']} has the stores {have}, and {asked} were asked for. Record it again.")
        return Reading(snapshot, 0)


def describe(snapshot: Snapshot, *, content: bool) -> dict[str, Any]:
    """The module's result for a snapshot; certificates carry their bytes (base64) only if ``content``."""
    host = snapshot.host
    return {
        "host": {
            "name": snapshot.name,
            "fqdn": host.fqdn,
            "os_version": host.os_version,
            "powershell_version": host.powershell_version,
            "elevated": host.elevated,
            "lync_version": host.lync_version,
            "clock": form.instant(host.clock),
            "clock_skew_seconds": round((host.clock - snapshot.recorded_at).total_seconds()),
        },
        "stores": [
            {
                "name": store.name,
                "missing": store.missing,
                "error": form.write(store.error),
                "certificates": [_certificate(certificate, content) for certificate in store.certificates],
            }
            for store in snapshot.stores
        ],
        "assigned": describe_assignments(snapshot.assignments),
        "snapshot_sha256": sha256(snapshot),
    }


def _certificate(stored: StoredCertificate, content: bool) -> dict[str, Any]:
    facts = write_certificate(stored)
    if not content:
        del facts["content"]
    decoded: dict[str, Any] = dict.fromkeys(("subject", "issuer", "serial_number", "not_before", "not_after"))
    try:
        certificate = parse(stored.content)
        decoded |= {"subject": certificate.subject_text, "issuer": certificate.issuer_text, "serial_number": certificate.serial}
        decoded |= {"not_before": form.instant(certificate.not_before), "not_after": form.instant(certificate.not_after)}
    except NotUnderstood as error:
        facts["error"] = facts["error"] or {"message": f"Not understood: {error}", "hresult": None}
    return {"thumbprint": thumbprint(stored.content) if stored.content else None} | decoded | facts


def told(snapshot: Snapshot) -> str | None:
    """Which wanted stores were not read and why, as sentences; None if all were."""
    wanted = [store for store in snapshot.stores if store.error is not None and store.name.lower() not in MAY_BE_UNREAD]
    missing = ", ".join(store.name for store in wanted if store.missing)
    sentences = [
        f"The local computer {snapshot.name} has no certificate store {missing}. "
        f"Check the names (usual ones: {', '.join(STORES)}; Personal in the console is My)."
    ] * bool(missing)
    sentences += [
        f"The certificate store {store.name} of the local computer {snapshot.name} can't be read: "
        f"{store.error.message[:300]} {store.error.code}. Connect as an administrator."
        for store in wanted
        if store.error is not None and not store.missing
    ]
    return " ".join(sentences) or None


def _recorded(snapshot: Snapshot, dest: str) -> str:
    """Writes the snapshot to the file ``dest``, or below the folder ``dest`` as ``<host>.json``; returns the path."""
    path = Path(dest)
    if path.is_dir() or dest.endswith(os.sep):
        path = path / file_name(snapshot.name)
    try:
        write_whole({path: dump(snapshot).encode("ascii")})
    except OSError as error:
        raise AnsibleActionFail(f"The snapshot of {snapshot.name} can't be written to {path}: {error.strerror}.") from error
    return str(path)
