# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options in, plugin_utils, result out: one report over all expected servers, on the controller."""
from __future__ import annotations

import contextlib
import json
import platform
import shutil
from collections.abc import Iterable, Mapping
from datetime import datetime, timezone
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from ansible.plugins.action import ActionBase
from ansible.release import __version__ as core_version
from ansible.utils.display import Display

from ansible_collections.lync.persistent_chat.plugins.plugin_utils._inputs import InputError, OptionError, report_text
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._report import files, terminal
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._report.json import ReportError, load
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._verdict import coverage, form
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._verdict.report import Report
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._verdict.run import RUN_ID
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._verdict.verdict import Outcome, Verdict

SPEC: dict[str, dict[str, Any]] = {
    "expected": {"type": "list", "elements": "str", "required": True},
    "group": {"type": "str", "default": "persistent_chat"},
    "participants": {"type": "list", "elements": "str", "default": []},
    "record": {"type": "str"},
    "verdicts": {"type": "list", "elements": "dict", "default": []},
    "reports": {"type": "list", "elements": "path", "default": []},
    "dest": {"type": "path"},
    "formats": {"type": "list", "elements": "str", "default": ["html", "json"], "choices": list(files.FILES)},
    "previous": {"type": "path"},
    "run_id": {"type": "str"},
    "must_satisfy": {"type": "bool", "default": True},
    "return_verdicts": {"type": "bool", "default": True},
}
display = Display()


class ActionModule(ActionBase):
    BYPASS_HOST_LOOP = True  # once for all hosts; the strategy free refuses it
    _supports_check_mode = True
    _supports_async = False
    _requires_connection = False

    def run(self, tmp: None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        task_vars = task_vars or {}
        super().run(tmp, task_vars)
        _dummy, args = self.validate_argument_spec(argument_spec=SPEC)
        if not args["expected"]:
            message = coverage.no_server(args["group"], task_vars.get("groups") or {})
            return {"changed": False, "failed": True, "msg": message, "outcome": Outcome.UNDETERMINED.value}
        now = datetime.now(timezone.utc).replace(microsecond=0)
        try:
            report = self._report(args, task_vars, now)
            try:
                report = coverage.compared(report, _load(args["previous"])) if args["previous"] else report
            finally:  # seen whatever goes wrong with files
                _show(terminal.render(report, width=_width(), verbose=display.verbosity > 0))
            paths = files.write(report, args["dest"], args["formats"]) if args["dest"] else []
        except (OptionError, InputError, ReportError) as error:
            return {"changed": False, "failed": True, "msg": str(error)}
        _show(f"Report: {path}" for path in paths)
        return self._result(report, paths, args)

    def _report(self, args: dict[str, Any], task_vars: dict[str, Any], now: datetime) -> Report:
        if args["reports"] and (args["record"] or args["verdicts"]):
            raise OptionError("reports is given with record or verdicts. Give reports of other runs, or what this run found.")
        hosts = [str(host) for host in dict.fromkeys([*args["expected"], *args["participants"]])]
        run_id = args["run_id"] or RUN_ID
        if args["reports"]:
            if not args["run_id"]:
                raise OptionError("run_id is missing: reports of other runs count only if all carry the id that is given here.")
            reports = [_load(path) for path in args["reports"]]
            hosts = coverage.with_slices(hosts, reports, run_id=run_id)
            verdicts = coverage.from_reports(reports, hosts, run_id=run_id, now=now)
        else:
            verdicts = coverage.literal(args["verdicts"], run_id=RUN_ID, now=now)
            if args["record"]:
                verdicts = _with_records(verdicts, hosts, args["record"], task_vars, now)
        return coverage.cover(hosts, verdicts, run_id=run_id, now=now, versions=_versions())

    def _result(self, report: Report, paths: list[str], args: dict[str, Any]) -> dict[str, Any]:
        passed = report.outcome is Outcome.SATISFIED
        enough = passed or (not args["must_satisfy"] and report.summary.checked > 0)
        return {
            "changed": False,
            "failed": not enough,
            "msg": coverage.sentence(report),
            "outcome": report.outcome.value,
            "summary": form.write(report.summary),
            "run_id": report.run_id,
            "files": paths,
            "changes": [each.message for each in report.previous.changes] if report.previous else [],
            "gate": {"run": RUN_ID, "passed": passed, "servers": list(report.expected)},
            "verdicts": form.write(report.verdicts) if args["return_verdicts"] else [],
        }


def _show(lines: Iterable[str]) -> None:
    for line in lines:
        display.display(line)


def _width() -> int:
    return max(80, shutil.get_terminal_size(fallback=(display.columns + 1, 24)).columns)


def _load(path: str) -> Report:
    return load(report_text(path), source=path)


def _play(task_vars: dict[str, Any]) -> coverage.Play:
    return coverage.Play(
        hosts=frozenset(task_vars.get("ansible_play_hosts_all") or ()),
        alive=frozenset(task_vars.get("ansible_play_hosts") or ()),
        batch=frozenset(task_vars.get("ansible_play_batch") or ()),
        failed=frozenset(task_vars.get("ansible_failed_hosts") or ()),
        limit=task_vars.get("ansible_limit"),
    )


def _with_records(
    given: dict[str, Verdict], hosts: Iterable[str], name: str, task_vars: dict[str, Any], now: datetime
) -> dict[str, Verdict]:
    """What is recorded of each host; what is given beside it can only make it worse, and stands for who is in no play."""
    play = _play(task_vars)
    found = {}
    for host in hosts:
        recorded = _recorded(host, name, play, task_vars, now)
        if host not in given:
            found[host] = recorded
        else:
            found[host] = coverage.worse(recorded, given[host]) if host in play.hosts else given[host]
    return found


def _recorded(host: str, name: str, play: coverage.Play, task_vars: dict[str, Any], now: datetime) -> Verdict:
    absence = play.absence(host)
    if absence:
        return coverage.not_checked(host, absence, run_id=RUN_ID, now=now)
    # Raw: a registered result needs no templating, and one host's broken variables must not hide the others.
    variables = task_vars["hostvars"].raw_get(host)
    record = variables.get(name) if isinstance(variables, Mapping) else None
    return coverage.verdict_of(host, record, run_id=RUN_ID, now=now)


def _versions() -> dict[str, str]:
    found = {"collection": _collection_version(), "ansible-core": core_version, "python": platform.python_version()}
    try:
        found["cryptography"] = version("cryptography")
    except PackageNotFoundError:
        found["cryptography"] = "unknown"
    return found


def _collection_version() -> str:
    """Of an installed collection its manifest tells, of a checkout galaxy.yml."""
    root = Path(__file__).resolve().parents[2]
    with contextlib.suppress(OSError, ValueError, KeyError):
        return str(json.loads((root / "MANIFEST.json").read_text(encoding="utf-8"))["collection_info"]["version"])
    with contextlib.suppress(OSError):
        for line in (root / "galaxy.yml").read_text(encoding="utf-8").splitlines():
            if line.startswith("version:"):
                return line.partition(":")[2].strip()
    return "unknown"
