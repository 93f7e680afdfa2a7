# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The script that asks Lync's module, in a real PowerShell engine beside a stand-in module; and the reading of its answer."""
from __future__ import annotations

import base64
import gzip
import json
import re
from pathlib import Path

import lync_module
import pytest
from engine import BOOTSTRAP, ROOT, engine, run  # noqa: F401  # pylint: disable=unused-import

from ansible_collections.lync.persistent_chat.plugins.plugin_utils._read.answer import AnswerError
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._read.assigned import SCRIPT, parse_assigned, script_for
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._snapshot.assignments import Assignments

COMMANDS = {"Set-StrictMode", "Get-Module", "Import-Module", "Get-CsCertificate"}
NEWER = {"TypeDefinitionAst", "TernaryExpressionAst", "PipelineChainAst", "UsingStatementAst", "DynamicKeywordStatementAst"}


def ask(engine: Path, modules: Path, *, timeout: int = 60, before: str = "") -> Assignments:  # noqa: F811
    done = run(engine, before + BOOTSTRAP, stdin=script_for(timeout), home=modules, environment={"PSModulePath": str(modules)})
    assert done.stderr == ""
    return parse_assigned(done.stdout)


@pytest.mark.engine
def test_get_cscertificate_is_the_only_command_beside_powershells_core(engine: Path) -> None:  # noqa: F811
    done = run(engine, (ROOT / "tests" / "data" / "script_syntax.ps1").read_text("ascii"), stdin=SCRIPT)
    facts = [line.partition("\t") for line in done.stdout.splitlines()]
    assert not [value for kind, _tab, value in facts if kind == "error"]
    own = {value for kind, _tab, value in facts if kind == "function"}
    called = {value.split(" ", 1)[1] for kind, _tab, value in facts if kind == "command" and value.startswith("Unknown ")}
    assert called - own == COMMANDS
    assert not NEWER & {value for kind, _tab, value in facts if kind == "syntax"}
    assert "::new(" not in SCRIPT


def test_the_script_is_plain_text() -> None:
    assert re.fullmatch(r"[\n -~]*", SCRIPT)


@pytest.mark.engine
@pytest.mark.parametrize("name", ["Lync", "SkypeForBusiness"])
def test_what_is_assigned(engine: Path, tmp_path: Path, name: str) -> None:  # noqa: F811
    found = ask(engine, lync_module.install(tmp_path, {"Default": "ab" * 20, "OAuthTokenIssuer": "CD" * 20}, name=name))
    assert found.module == name
    assert [(each.use, each.thumbprint, each.issuer, each.serial) for each in found.assigned] == [
        ("Default", "AB" * 20, "CN=as Lync says", "6100"), ("OAuthTokenIssuer", "CD" * 20, "CN=as Lync says", "6100")]
    assert not found.errors


@pytest.mark.engine
def test_nothing_assigned_is_no_error(engine: Path, tmp_path: Path) -> None:  # noqa: F811
    assert ask(engine, lync_module.install(tmp_path)) == Assignments("Lync")


@pytest.mark.engine
def test_no_module(engine: Path, tmp_path: Path) -> None:  # noqa: F811
    found = ask(engine, tmp_path)
    assert found.module is None
    assert [error.kind for error in found.errors] == ["no_module"]


@pytest.mark.engine
def test_an_error_of_one_use_leaves_the_others(engine: Path, tmp_path: Path) -> None:  # noqa: F811
    found = ask(engine, lync_module.install(tmp_path, {"Default": "AB" * 20}, errors=["Assigned certificate not found or untrusted."]))
    assert [each.use for each in found.assigned] == ["Default"]
    error = found.errors[0]
    assert (error.kind, error.stage, error.exception) == ("untrusted", "call", "System.InvalidOperationException")
    assert (error.identifier or "").startswith("AssignedCertificate")


@pytest.mark.engine
def test_a_denied_call(engine: Path, tmp_path: Path) -> None:  # noqa: F811
    found = ask(engine, lync_module.install(tmp_path, denied=True))
    assert [(error.kind, error.stage, error.hresult) for error in found.errors] == [("denied", "call", 0x80070005)]


@pytest.mark.engine
def test_what_was_told_before_a_failure_is_kept(engine: Path, tmp_path: Path) -> None:  # noqa: F811
    found = ask(engine, lync_module.install(tmp_path, {"Default": "AB" * 20}, throws="Cannot open the Central Management Store."))
    assert [each.use for each in found.assigned] == ["Default"]
    assert [error.kind for error in found.errors] == ["central_store"]


@pytest.mark.engine
def test_a_module_that_does_not_load(engine: Path, tmp_path: Path) -> None:  # noqa: F811
    found = ask(engine, lync_module.install(tmp_path, fails_to_load="A component is missing."))
    assert found.module == "Lync"
    assert [(error.kind, error.stage, error.message) for error in found.errors] == [("failed", "import", "A component is missing.")]


@pytest.mark.engine
def test_a_module_that_hangs_is_left_behind(engine: Path, tmp_path: Path) -> None:  # noqa: F811
    """The engine ends although the module sleeps far longer than a test may take."""
    found = ask(engine, lync_module.install(tmp_path, {"Default": "AB" * 20}, sleeps=3600), timeout=3)
    assert not found.assigned
    assert [(error.kind, error.stage) for error in found.errors] == [("timeout", "call")]


@pytest.mark.engine
@pytest.mark.parametrize("culture", ["th-TH", "ar-SA", "tr-TR"])
def test_the_hosts_culture_makes_no_difference(engine: Path, tmp_path: Path, culture: str) -> None:  # noqa: F811
    before = f"[Threading.Thread]::CurrentThread.CurrentCulture = [Globalization.CultureInfo] '{culture}'; "
    found = ask(engine, lync_module.install(tmp_path, {"Default": "AB" * 20}, denied=True), before=before)
    assert [error.hresult for error in found.errors] == [0x80070005]


def framed(document: object, subject: str = "assignments") -> str:
    packed = base64.b64encode(gzip.compress(json.dumps(document).encode())).decode()
    return f"<<<lync.persistent_chat.{subject} 1 {packed} lync.persistent_chat.{subject}>>>"


GOOD = {"format": 1, "assignments": {"module": None, "assigned": [], "errors": []}}


def test_an_answer_among_noise() -> None:
    assert parse_assigned(f"motd\r\n{framed(GOOD)}\r\nbye") == Assignments(None)


@pytest.mark.parametrize(
    "text",
    [
        "", "noise", framed(GOOD)[:-5], framed(GOOD) * 2, framed({"format": 1, "host": {}, "stores": []}, "stores"),
        framed(GOOD | {"format": 2}), framed(GOOD | {"assignments": []}), framed(GOOD | {"more": 1}), framed(GOOD).replace(" 1 ", " 2 "),
    ],
)
def test_any_other_answer_is_refused(text: str) -> None:
    with pytest.raises(AnswerError):
        parse_assigned(text)


@pytest.mark.parametrize(("timeout", "patience"), [(60, 45), (8, 6), (2, 1), (1, 1)])
def test_the_module_has_three_fourths_of_the_time(timeout: int, patience: int) -> None:
    assert script_for(timeout).startswith(f"$patience = {patience}\n")
