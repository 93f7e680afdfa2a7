# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""docs/gate.md: what its examples name is there."""
from __future__ import annotations

import re
import textwrap
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "gate.md").read_text(encoding="utf-8")
EXAMPLES = [textwrap.dedent(block) for block in re.findall(r"^ *```yaml\n(.*?)^ *```", PAGE, re.MULTILINE | re.DOTALL)]
DEFAULTS = yaml.safe_load((ROOT / "roles" / "certificates" / "defaults" / "main.yml").read_text(encoding="utf-8"))
REGISTERED = {"certificates_report"}


def options(module: str) -> set[str]:
    text = (ROOT / "plugins" / "modules" / f"{module}.yml").read_text(encoding="utf-8")
    return set(yaml.safe_load(text)["DOCUMENTATION"]["options"])


def tasks(example: str) -> list[dict[str, Any]]:
    plays = yaml.safe_load(example)
    return [task for play in plays for task in play.get("tasks", [])] if isinstance(plays, list) else []


def test_all_three_forms_and_the_slices_are_there() -> None:
    assert len([each for each in EXAMPLES if isinstance(yaml.safe_load(each), list)]) == 5


def test_each_variable_is_one_of_the_role() -> None:
    assert set(re.findall(r"\bcertificates_\w+", PAGE)) <= set(DEFAULTS) | REGISTERED


def test_each_playbook_module_and_plugin_exists() -> None:
    for name in set(re.findall(r"lync\.persistent_chat\.(\w+)", PAGE)) | set(re.findall(r"module `(\w+)`", PAGE)):
        places = [ROOT / "playbooks" / f"{name}.yml", ROOT / "roles" / name, ROOT / "plugins" / "modules" / f"{name}.yml",
                  ROOT / "plugins" / "lookup" / f"{name}.py"]
        assert any(place.exists() for place in places), name


@pytest.mark.parametrize("example", EXAMPLES, ids=[each.splitlines()[0] for each in EXAMPLES])
def test_each_option_is_one_of_the_module(example: str) -> None:
    for task in tasks(example):
        for name, given in task.items():
            if name.startswith("lync.persistent_chat."):
                assert set(given) <= options(name.rpartition(".")[2])


def test_each_section_that_is_linked_exists() -> None:
    heads = {re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in re.findall(r"^##+ (.+)$", PAGE, re.MULTILINE)}
    assert set(re.findall(r"\]\(#([\w-]+)\)", PAGE)) <= heads
    for path in re.findall(r"\]\(([\w./-]+\.md)\)", PAGE):
        assert (ROOT / "docs" / path).exists(), path
