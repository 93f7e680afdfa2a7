# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""argument_specs validate but set nothing, so the defaults are written twice: here they are compared."""
from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

ROLE = Path(__file__).resolve().parents[3] / "roles" / "certificates"


def _load(name: str) -> Any:
    return yaml.safe_load((ROLE / name).read_text())


def test_each_entry_point_has_the_defaults_of_the_role() -> None:
    defaults = _load("defaults/main.yml")
    for entry, spec in _load("meta/argument_specs.yml")["argument_specs"].items():
        assert {name: option["default"] for name, option in spec["options"].items()} == defaults, entry


def test_each_file_of_tasks_that_users_may_name_has_a_specification() -> None:
    assert {path.stem for path in (ROLE / "tasks").glob("*.yml")} == set(_load("meta/argument_specs.yml")["argument_specs"])


def test_each_variable_of_the_role_is_used() -> None:
    tasks = "".join(path.read_text() for folder in ("tasks", "vars") for path in (ROLE / folder).glob("*.yml"))
    assert [name for name in _load("defaults/main.yml") if name not in tasks] == []


def test_no_option_of_a_module_is_left_to_module_defaults() -> None:
    modules = ROLE.parents[1] / "plugins" / "modules"
    for path in (ROLE / "tasks").glob("*.yml"):
        for task in yaml.safe_load(path.read_text()):
            for module in ("certificate_authority_info", "certificate_check", "certificate_report"):
                given = task.get(f"lync.persistent_chat.{module}")
                if given is not None:
                    options = yaml.safe_load((modules / f"{module}.yml").read_text())["DOCUMENTATION"]["options"]
                    assert set(given) == set(options), (path.name, task["name"])


FATAL = {"any_errors_fatal": True, "ignore_errors": False, "ignore_unreachable": False}
GOES_ON = {"any_errors_fatal": False, "ignore_errors": True, "ignore_unreachable": True, "failed_when": False}
ALWAYS = {"become": False, "vars": {"ansible_become": False}, "no_log": False, "tags": "always"}
ON_EACH, ONCE = {"run_once": False}, {"run_once": True}
KEYWORDS: dict[str, dict[str, Any]] = {
    "Internal servers are known": {**FATAL, **ON_EACH},
    "Requirement is understood": {**FATAL, **ON_EACH},
    "Internal servers tell their certificates": {**GOES_ON, **ONCE, "delegate_to": "{{ item }}"},
    "Internal servers are the same for each server": {**FATAL, **ON_EACH},
    "Internal servers use one CA": {**GOES_ON, **ON_EACH},
    "Server holds a usable certificate": {**GOES_ON, **ON_EACH},
    "Web services hold a usable certificate": {**GOES_ON, **ONCE},
    "Every expected server is satisfied": {**FATAL, **ONCE, "delegate_to": "localhost"},
    "Report over all expected servers": {**FATAL, **ONCE, "delegate_to": "localhost"},
}
"""What a play or a role of the caller could turn otherwise: each task says it, even where today's action would not mind."""


def test_no_keyword_is_left_to_the_caller() -> None:
    found = {task["name"]: task for path in (ROLE / "tasks").glob("*.yml") for task in yaml.safe_load(path.read_text())}
    for name, keywords in KEYWORDS.items():
        task = found.pop(name)
        assert {key: task.get(key) for key in {**ALWAYS, **keywords}} == {**ALWAYS, **keywords}, name
        assert set(task) & set(GOES_ON) == set(keywords) & set(GOES_ON), name
    assert [name for name, task in found.items() if "ansible.builtin.import_tasks" not in task] == []
