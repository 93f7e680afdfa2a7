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
