# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""JSON reports: the same report back, its schema, and what is refused."""
from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from tools import report_schema
from unit.plugins.plugin_utils._report import sample

from ansible_collections.lync.persistent_chat.plugins.plugin_utils._report.json import ReportError, load, render


@pytest.mark.parametrize("name", ["usual", "hostile", "report", "told", "unknown"])
def test_gives_the_same_report_back(name: str) -> None:
    report = getattr(sample, name)()
    text = render(report)
    assert text.isascii()
    assert load(text, source="x.json") == report


def test_published_schema_is_the_present_one() -> None:
    assert report_schema.PAGE.read_text(encoding="utf-8") == report_schema.text(), "run python tests/tools/report_schema.py"


@pytest.mark.parametrize("name", ["usual", "hostile", "report", "told", "unknown"])
def test_reports_fit_the_published_schema(name: str) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    schema = json.loads(report_schema.PAGE.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    data = json.loads(render(getattr(sample, name)()))
    assert list(validator.iter_errors(data)) == []
    data["verdicts"].append({"host": "x"})
    assert list(validator.iter_errors(data))


def _changed(change: Callable[[dict[str, Any]], Any]) -> str:
    data = json.loads(render(sample.usual()))
    change(data)
    return json.dumps(data)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is not valid JSON"),
        (render(sample.usual())[:-40], "Was it cut off?"),
        ("[]", "it has no field 'format'"),
        ("{}", "it has no field 'format'"),
        ('{"a": 1, "a": 2}', "twice"),
        ('{"format": NaN}', "NaN"),
        ("[" * 200000, "nested too deeply"),
        (_changed(lambda data: data.update(format=2)), "of format 2, this version of the collection reads format 1"),
        (_changed(lambda data: data.update(format=True)), "of format True"),
        (_changed(lambda data: data.update(format="1")), "of format 1"),
        (_changed(lambda data: data.pop("summary")), "missing summary"),
        (_changed(lambda data: data.update(extra=1)), "unknown extra"),
        (_changed(lambda data: data.update(run_id=7)), "run_id: expected str, found int"),
        (_changed(lambda data: data["verdicts"][1].update(outcome="fine")), "verdicts[1].outcome: 'fine' is none of satisfied"),
        (_changed(lambda data: data["verdicts"][0].update(outcome="satisfied")), "its summary counts 2 satisfied, its verdicts 3"),
        (_changed(lambda data: data.update(outcome="satisfied")), "its outcome is satisfied, 2 of its 4 verdicts are satisfied"),
        (_changed(lambda data: data.update(created_at="yesterday")), "created_at"),
    ],
)
def test_refuses(text: str, said: str) -> None:
    with pytest.raises(ReportError) as caught:
        load(text, source="slice\x1b1.json")
    message = str(caught.value)
    assert message.startswith("slice<U+001B>1.json ")
    assert said in message


def test_an_empty_report_can_not_say_satisfied() -> None:
    data = json.loads(render(sample.report()))
    data["outcome"] = "satisfied"
    with pytest.raises(ReportError, match="contradicts itself"):
        load(json.dumps(data), source="x")
