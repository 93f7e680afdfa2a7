# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""docs/failure-modes.md names only tests that exist, and has all 27 failure modes."""
from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "failure-modes.md").read_text(encoding="utf-8")
TESTS = sorted(set(re.findall(r"`(tests/[^`\n]+)`", PAGE)))
NAMED = re.compile(r"(tests/[\w/]+\.py)::(test_\w+)(?:\[(.+)\])?")
DATA = {
    "tests/end_to_end/test_gate.py": "tests/end_to_end/gate_rows.py",
    "tests/unit/plugins/plugin_utils/_judge/test_verdict_examples.py": "tests/data/verdict_examples.yaml",
}
"""Where the cases of a test are listed, if not in its own file."""


@cache
def functions(path: str) -> frozenset[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


@cache
def cases(path: str) -> frozenset[str]:
    """What could be the name of a case: every text in the list of cases."""
    text = (ROOT / path).read_text(encoding="utf-8")
    if path.endswith(".yaml"):
        return frozenset(re.findall(r"\bid: ([\w.-]+)", text))
    return frozenset(node.value for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant) and isinstance(node.value, str))


@pytest.mark.parametrize("name", TESTS)
def test_each_test_exists(name: str) -> None:
    found = NAMED.fullmatch(name)
    assert found, "named otherwise than pytest does"
    path, function, case = found.groups()
    assert function in functions(path)
    if case is None:
        return
    if path == "tests/end_to_end/test_gate.py":
        case = re.sub(r"-[PRH]$", "", case)
    assert case in cases(DATA.get(path, path))


def test_all_27_are_there_in_order_each_with_a_test() -> None:
    sections = re.split(r"^### ", PAGE, flags=re.MULTILINE)[1:]
    assert [int(section.partition(".")[0]) for section in sections] == list(range(1, 28))
    without = [section.splitlines()[0] for section in sections if "`tests/" not in section]
    assert without == []


def test_no_other_collection_is_needed() -> None:
    galaxy = yaml.safe_load((ROOT / "galaxy.yml").read_text(encoding="utf-8"))
    assert galaxy["dependencies"] == {}
    for folder in ("roles", "playbooks"):
        for path in sorted((ROOT / folder).rglob("*.yml")):
            called = set(re.findall(r"^ +(?:- )?(\w+\.\w+)\.\w+:", path.read_text(encoding="utf-8"), re.MULTILINE))
            assert called <= {"ansible.builtin", "lync.persistent_chat"}, path
    for path in sorted((ROOT / "plugins").rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        assert "_execute_module" not in text, path
        foreign = {name for name in re.findall(r"\bansible_collections\.(\w+\.\w+)", text) if name != "lync.persistent_chat"}
        assert foreign == set(), path
