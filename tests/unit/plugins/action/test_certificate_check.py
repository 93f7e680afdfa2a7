# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options are understood, or refused in a sentence, before any host is contacted."""
from __future__ import annotations

import re
from datetime import datetime, timezone
from pathlib import Path
from types import ModuleType
from typing import Any

import pki
import pytest
import yaml

from ansible_collections.lync.persistent_chat.plugins.action import certificate_authority_info as authority_info
from ansible_collections.lync.persistent_chat.plugins.action import certificate_check as check
from ansible_collections.lync.persistent_chat.plugins.action import certificate_report as report
from ansible_collections.lync.persistent_chat.plugins.action import certificate_store_info as store_info
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._snapshot.files import sha256
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._verdict import form
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._verdict.verdict import Verdict

MODULES = Path(__file__).resolve().parents[4] / "plugins" / "modules"
WAIVER = {"code": "revocation.cdp_absent", "hosts": "*", "owner": "Jane Doe", "reason": "soon", "until": "2027-01-31"}


def understand(folder: Path, **options: Any) -> check.Question:
    (folder / "ca.cer").write_bytes(pki.root().build())
    given = {name: spec.get("default") for name, spec in check.SPEC.items()} | {"authority_files": [f"{folder}/ca.cer"]} | options
    return check.understand(given, pki.NOW)


def test_what_is_understood(tmp_path: Path) -> None:
    question = understand(tmp_path, pool="pchatpool.contoso.local", as_of="2026-12-01", waivers=[WAIVER], match="chain")
    assert question.as_of == datetime(2026, 12, 1, tzinfo=timezone.utc)
    assert (question.requirement.pool, question.requirement.match) == ("pchatpool.contoso.local", "chain")
    assert [waiver.owner for waiver in question.requirement.waivers] == ["Jane Doe"]


def test_a_waiver_in_force_may_end_before_the_day_asked_about(tmp_path: Path) -> None:
    assert len(understand(tmp_path, as_of="2027-02-15", waivers=[WAIVER]).requirement.waivers) == 1


@pytest.mark.parametrize(("options", "words"), [
    ({"authority_files": []}, "No CA is given"),
    ({"authority_content": ["x"]}, "Give one of them"),
    ({"authority_files": [], "authority_content": ["x"]}, "authority_content[0]"),
    ({"authority_files": ["/nowhere.cer"]}, "/nowhere.cer is missing"),
    ({"as_of": "2040-01-01"}, "valid"),
    ({"as_of": "tomorrow"}, "'tomorrow'"),
    ({"timeout": 0}, "1 to 3600"),
    ({"timeout": -3}, "-3"),
    ({"snapshot_max_age": -1}, "snapshot_max_age is -1"),
    ({"profile": "lync_2027"}, "lync_2027"),
    ({"requirement": {"nonsense": 1}}, "nonsense"),
    ({"waivers": [{**WAIVER, "owner": ""}]}, "owner"),
    ({"waivers": [{**WAIVER, "until": "2026-01-01"}]}, "2026-01-01"),
    ({"waivers": [{**WAIVER, "until": "2026-01-01"}], "as_of": "2025-12-01"}, "2026-01-01"),
    ({"waivers": [{**WAIVER, "code": "time.expired"}]}, "time.expired"),
])
def test_what_is_not_understood_is_said(options: dict[str, Any], words: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=re.escape(words)):
        understand(tmp_path, **options)


def test_a_server_that_was_not_read_has_a_verdict_that_can_be_written(tmp_path: Path) -> None:
    verdict = understand(tmp_path).unread("pchat1", "host.timeout", "No answer.", "Start it.")
    assert form.read(Verdict, form.write(verdict)) == verdict
    assert (verdict.host, verdict.outcome.value, verdict.fqdn) == ("pchat1", "undetermined", None)


def test_a_verdict_names_the_snapshot_that_it_rests_on(tmp_path: Path) -> None:
    snapshot = pki.snapshot()
    verdict = understand(tmp_path).judged(snapshot, recorded=True)
    assert verdict.snapshot_sha256 == sha256(snapshot)
    assert form.read(Verdict, form.write(verdict)) == verdict


@pytest.mark.parametrize("module", [authority_info, check, report, store_info], ids=lambda module: module.__name__.rpartition(".")[2])
def test_the_documentation_has_the_options_that_the_code_takes(module: ModuleType) -> None:
    name, spec = module.__name__.rpartition(".")[2], module.SPEC
    options = yaml.safe_load((MODULES / f"{name}.yml").read_text())["DOCUMENTATION"]["options"]
    keys = ("type", "elements", "default", "required")
    written = {option: {key: value[key] for key in keys if key in value} for option, value in options.items()}
    assert written == {option: {key: value[key] for key in keys if key in value} for option, value in spec.items()}
    assert {option: set(value.get("choices", ())) for option, value in options.items()} == {
        option: set(value.get("choices", ())) for option, value in spec.items()}
