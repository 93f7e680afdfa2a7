# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import ast
import re
import unicodedata
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tools import findings_page

from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.findings import (
    CATALOGUE,
    DETAIL_LIMIT,
    FIGURES,
    NOT_DECIDED,
    TEXT_LIMIT,
    clean,
    finding,
    span,
)
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._verdict.verdict import Severity

PLUGINS = Path(__file__).resolve().parents[5] / "plugins"
GROUPS = {code.split(".")[0] for code in CATALOGUE}
CODE = re.compile(rf"({'|'.join(sorted(GROUPS))})\.[a-z0-9_]+")
WAIVABLE = {
    "trust.intermediate_missing", "trust.root_missing", "trust.chain_expired", "trust.chain_weak", "certificate.archived",
    "certificate.signature_scheme", "purpose.eku_absent", "purpose.eku_missing", "revocation.cdp_absent", "revocation.cdp_unreadable",
    "key.signature_only", "key.cng", "names.host_missing", "names.pool_missing", "names.wanted_missing", "names.cn_right_san_wrong",
    "names.wildcard", "store.root_not_self_signed",
}


def test_only_what_is_decided_can_be_waived() -> None:
    assert {code for code, kind in CATALOGUE.items() if kind.waivable} == WAIVABLE


@pytest.mark.parametrize("code", CATALOGUE)
def test_each_kind_speaks_in_every_severity_with_all_its_figures(code: str) -> None:
    kind = CATALOGUE[code]
    figures = {name: f"<{name}>" for name in kind.figures}
    for severity in kind.severities:
        found = finding(code, severity, **figures)
        assert (found.code, found.severity, found.source) == (code, severity, kind.source)
        assert found.message == found.message.strip()
        assert "(not said)" not in found.message
    if not kind.variants:
        assert all(f"<{name}>" in finding(code, kind.severities[0], **figures).message for name in kind.figures)


@pytest.mark.parametrize("code", CATALOGUE)
def test_each_kind_is_a_sentence_with_title_and_source(code: str) -> None:
    kind = CATALOGUE[code]
    assert kind.title
    assert kind.source
    assert set(kind.figures) <= set(FIGURES)
    for wording in (kind.template, *kind.variants.values()):
        assert wording[0].isupper() or wording[0] == "{", wording
        assert wording.endswith((".", "{detail}")), wording
        assert set(re.findall(r"\{(\w+)\}", wording)) <= kind.figures


def test_every_described_figure_is_used() -> None:
    assert {name for kind in CATALOGUE.values() for name in kind.figures} == set(FIGURES)


def test_figures_become_what_an_administrator_reads() -> None:
    at = datetime(2026, 11, 21, 12, 0, 0, 999999, tzinfo=timezone.utc)
    found = finding("time.expired", Severity.BLOCKING, ago=timedelta(days=2, hours=3), not_after=at, clock="the host's clock")
    assert found.message == "Expired 2 days ago, on 2026-11-21T12:00:00Z, by the host's clock."
    found = finding("names.host_missing", Severity.BLOCKING, name="a.example", names=())
    assert found.message == "Does not name this server, a.example; it names nothing."
    found = finding("names.host_missing", Severity.BLOCKING, name="a.example", names=[f"n{number}" for number in range(10)])
    assert found.message.endswith("n0, n1, n2, n3, n4, n5, n6, n7 and 2 more.")
    found = finding(
        "issuance.signature_invalid", Severity.BLOCKING, subject="it", issuer="", ca_key_identifier=None, leaf_key_identifier="AB")
    assert "says that (empty) issued it" in found.message
    assert "SKI none against AB" in found.message


def test_purposes_are_called_as_windows_calls_them() -> None:
    found = finding("purpose.eku_missing", Severity.BLOCKING, purposes=["1.3.6.1.5.5.7.3.2", "2.5.29.37.0", "1.2.3"])
    assert "has client authentication, any extended key usage, 1.2.3, not server authentication" in found.message


def test_a_missing_figure_never_loses_the_finding_and_an_extra_one_never_shows() -> None:
    message = finding("key.unknown", Severity.OPEN, more="x" * 50).message
    assert message == "The host did not say (not said). Not proved, so it doesn't pass."


def test_an_unknown_code_is_refused() -> None:
    with pytest.raises(KeyError):
        finding("key.invented", Severity.OPEN)


def test_open_says_that_an_unread_store_could_cure_it() -> None:
    assert finding("trust.root_missing", Severity.OPEN, root="CN=R").message.endswith(NOT_DECIDED)
    assert not finding("trust.root_missing", Severity.BLOCKING, root="CN=R").message.endswith(NOT_DECIDED)
    assert not finding("issuance.not_understood", Severity.OPEN, what="x").message.endswith(NOT_DECIDED)


@pytest.mark.parametrize(("seconds", "text"), [
    (0, "0 seconds"), (1, "1 second"), (59, "59 seconds"), (60, "1 minute"), (3599, "59 minutes"), (3600, "1 hour"), (86399, "23 hours"),
    (86400, "1 day"), (172800, "2 days"), (-172800, "2 days"), (0.9, "0 seconds")])
def test_spans(seconds: float, text: str) -> None:
    assert span(timedelta(seconds=seconds)) == text


@pytest.mark.parametrize(("hostile", "harmless"), [
    ("a\x1b[31mb", "a\\x1b[31mb"), ("a\u202eb", "a\\u202eb"), ("a\u2066b", "a\\u2066b"), ("a\nb\tc\r", "a\\x0ab\\x09c\\x0d"),
    ("\x9b", "\\x9b"),
    ("\u200b", "\\u200b"), ("\u2028", "\\u2028"), ("\ud800", "\\ud800"), ("\U000e0041", "\\U000e0041"), ("Größe CA", "Größe CA"),
    ("{0}{code}%s", "{0}{code}%s"), ("x" * TEXT_LIMIT, "x" * TEXT_LIMIT), ("x" * (TEXT_LIMIT + 1), "x" * (TEXT_LIMIT - 3) + "...")])
def test_clean(hostile: str, harmless: str) -> None:
    assert clean(hostile) == harmless


@given(st.sampled_from(sorted(CATALOGUE)), st.text(max_size=2000))
def test_no_figure_steers_a_terminal_or_floods_it(code: str, hostile: str) -> None:
    kind = CATALOGUE[code]
    message = finding(code, kind.severities[0], **dict.fromkeys(kind.figures, hostile)).message
    assert {unicodedata.category(character) for character in message}.isdisjoint({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
    assert len(message) <= max(DETAIL_LIMIT, len(kind.template) + TEXT_LIMIT * kind.template.count("{"))


def _literals(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and CODE.fullmatch(node.value):
            yield node.value


def test_no_plugin_uses_a_code_that_is_not_in_the_catalogue() -> None:
    used = {
        (path.name, code) for path in sorted(PLUGINS.rglob("*.py"))
        for code in _literals(ast.parse(path.read_text(encoding="utf-8")))}
    assert len(used) > len(CATALOGUE)
    assert {(name, code) for name, code in used if code not in CATALOGUE and not code.endswith((".py", ".yml", ".json", ".ps1"))} == set()


def test_every_call_gives_its_finding_the_figures_it_needs() -> None:
    """Calls whose code is a literal and whose figures are not handed on with ``**``."""
    faults = []
    for path in sorted(PLUGINS.rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "finding" and call.args):
                continue
            code = call.args[0].value if isinstance(call.args[0], ast.Constant) else None
            given_figures = {keyword.arg for keyword in call.keywords}
            if isinstance(code, str) and code in CATALOGUE and None not in given_figures and not CATALOGUE[code].figures <= given_figures:
                faults.append(f"{path.name}:{call.lineno} {code} lacks {sorted(CATALOGUE[code].figures - given_figures)}")
    assert faults == []


def test_the_page_of_findings_is_what_the_generator_makes() -> None:
    assert findings_page.PAGE.read_text(encoding="utf-8") == findings_page.page(), "stale: run tests/tools/findings_page.py"


def test_the_page_tells_every_code_and_names_its_generator() -> None:
    page = findings_page.page()
    assert "tests/tools/findings_page.py" in page.splitlines()[0]
    assert [code for code in CATALOGUE if f"\n### {code}\n" not in page or f"[{code}](#" not in page] == []
