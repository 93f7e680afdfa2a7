# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The HTML report in a real browser: what is seen, filtered, sorted, copied, printed; and what a hostile name can't do."""
from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from browser.chromium import Chromium, Page, find
from unit.plugins.plugin_utils._report import sample

from ansible_collections.lync.persistent_chat.plugins.plugin_utils._report import html
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._verdict.report import Report

pytestmark = pytest.mark.skipif(find() is None, reason="no Chromium on PATH (Debian: apt install chromium)")

AXE = Path(__file__).resolve().parents[2] / ".cache" / "node_modules" / "axe-core" / "axe.min.js"
SHOWN = "[...document.querySelectorAll('details.host')].filter(e => !e.hidden).map(e => e.dataset.host)"

# The least contrast of all text with what lies behind it (WCAG 2.2, 1.4.3: 4.5 for text of this size).
CONTRAST = """(() => {
  const numbers = c => c.match(/[\\d.]+/g).map(Number);
  const light = c => { const [r, g, b] = numbers(c).map(v => { v /= 255; return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const behind = e => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor;
    if (numbers(c)[3] !== 0) { return c; } } return 'rgb(255, 255, 255)'; };
  let least = [99, ''];
  for (const e of document.body.querySelectorAll('*')) {
    const text = [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
    if (!text || e.tagName === 'SCRIPT' || e.tagName === 'OPTION') { continue; }
    const [a, b] = [light(getComputedStyle(e).color), light(behind(e))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < least[0]) { least = [ratio, e.outerHTML.slice(0, 100)]; }
  }
  return least;
})()"""


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    with Chromium(tmp_path_factory.mktemp("profile")) as started:
        yield started


def show(browser: Chromium, folder: Path, report: Report, **how: object) -> Page:
    path = folder / "report.html"
    path.write_text(html.render(report), encoding="utf-8")
    return browser.open(path, **how)  # type: ignore[arg-type]


@pytest.mark.parametrize("count", [0, 1, 50, 2000])
def test_opens_without_a_complaint_or_a_request(browser: Chromium, tmp_path: Path, count: int) -> None:
    page = show(browser, tmp_path, sample.many(count))
    assert page.value("document.querySelectorAll('details.host').length") == count
    assert page.value("document.getElementById('shown').textContent") == f"{count} of {count} servers shown"
    assert page.complaints() == []
    assert page.requests() == [(tmp_path / "report.html").as_uri()]


def test_bad_servers_are_open_and_good_ones_folded(browser: Chromium, tmp_path: Path) -> None:
    page = show(browser, tmp_path, sample.usual())
    assert page.value("[...document.querySelectorAll('details.host')].map(e => [e.dataset.outcome, e.open])") == [
        ["not_satisfied", True],
        ["undetermined", True],
        ["satisfied", False],
        ["satisfied", False],
    ]
    page.click("#unfold")
    assert page.value("[...document.querySelectorAll('details.host')].every(e => e.open)") is True
    page.click("#fold")
    assert page.value("[...document.querySelectorAll('details.host')].some(e => e.open)") is False


def test_filters_by_typed_text_and_by_outcome(browser: Chromium, tmp_path: Path) -> None:
    page = show(browser, tmp_path, sample.usual())
    page.click("#search")
    page.call("Input.insertText", text="SIBLING")
    assert page.value(SHOWN) == ["pchat03.contoso.com"]
    assert page.value("document.getElementById('shown').textContent") == "1 of 4 servers shown"
    page.value("document.getElementById('search').value = ''; document.getElementById('outcome').value = 'satisfied';"
               "document.getElementById('outcome').dispatchEvent(new Event('change'))")
    assert page.value(SHOWN) == ["pchat01.contoso.com", "pchat02.contoso.com"]
    assert page.complaints() == []


@pytest.mark.parametrize(
    ("way", "expected"),
    [
        ("host", ["pchat01", "pchat02", "pchat03", "pchat04"]),
        ("until", ["pchat02", "pchat01", "pchat03", "pchat04"]),
        ("outcome", ["pchat03", "pchat04", "pchat01", "pchat02"]),
    ],
)
def test_sorts(browser: Chromium, tmp_path: Path, way: str, expected: list[str]) -> None:
    page = show(browser, tmp_path, sample.usual())
    other = "until" if way != "until" else "host"
    for each in (other, way):
        page.value(f"document.getElementById('sort').value = '{each}'; document.getElementById('sort').dispatchEvent(new Event('change'))")
    assert page.value(SHOWN) == [f"{name}.contoso.com" for name in expected]


@pytest.mark.parametrize("allowed", [True, False])
def test_copies_the_commands_to_the_letter(browser: Chromium, tmp_path: Path, allowed: bool) -> None:
    page = show(browser, tmp_path, sample.usual())
    if not allowed:  # an older browser, or one that refuses a file the clipboard: the way around it is the selection
        page.value("Object.defineProperty(navigator, 'clipboard', {value: {writeText: () => Promise.reject(new Error('refused'))}})")
        page.value("document.addEventListener('copy', () => { window.copied = String(getSelection()); })")
    else:
        browser.call(
            "Browser.grantPermissions",
            permissions=["clipboardReadWrite", "clipboardSanitizedWrite"],
            browserContextId=page.context,
        )
    page.call("Page.bringToFront")
    page.click("button.copy")
    page.value("new Promise(done => { const look = () => said.textContent ? done() : setTimeout(look, 5); look(); })")
    assert page.value("said.textContent") == "Copied"
    assert page.value("navigator.clipboard.readText()" if allowed else "window.copied") == sample.COMMANDS


@pytest.mark.parametrize("width", [1200, 360])
def test_hostile_names_are_only_text(browser: Chromium, tmp_path: Path, width: int) -> None:
    page = show(browser, tmp_path, sample.hostile(), width=width)
    assert page.value("document.title") == "Certificates of the Persistent Chat servers: not satisfied"
    assert page.value("[document.scripts.length, document.images.length, document.querySelectorAll('[onerror]').length]") == [1, 0, 0]
    assert page.value("document.querySelectorAll('details.host').length") == len(sample.HOSTILE)
    assert page.value(r"/[\u0000-\u0008\u000b-\u001f\u007f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/.test(list.textContent)") is False
    assert page.value("list.textContent.includes('{{ 7 * 7 }}')") is True
    assert page.value("document.documentElement.scrollWidth <= window.innerWidth") is True
    assert page.value("document.body.textContent.length") < 200000
    assert page.complaints() == []
    assert len(page.requests()) == 1


def test_the_policy_lets_nothing_in(browser: Chromium, tmp_path: Path) -> None:
    """Even if a name got through as markup, the page's own policy would refuse what it brings."""
    path = tmp_path / "report.html"
    evil = "<script>document.title='owned'</script><img src='http://127.0.0.1:9/x'><p style='color:red'>x</p>"
    path.write_text(html.render(sample.usual()).replace("<footer>", evil + "<footer>"), encoding="utf-8")
    page = browser.open(path)
    assert page.value("document.title") != "owned"
    refused = [event["params"]["entry"]["text"] for event in page.complaints()]
    assert len(refused) == 3
    assert all("Content Security Policy" in text for text in refused)
    stopped = [event["params"] for event in browser.events if event.get("method") == "Network.loadingFailed"]
    assert [each.get("blockedReason") for each in stopped] == ["csp"] * (len(page.requests()) - 1)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("media", ["screen", "print"])
def test_contrast(browser: Chromium, tmp_path: Path, scheme: str, media: str) -> None:
    page = show(browser, tmp_path, sample.usual(), scheme=scheme)
    page.click("#unfold")
    page.media(scheme=scheme, media=media)
    ground = page.value("getComputedStyle(document.body).backgroundColor")
    assert (ground == "rgb(255, 255, 255)") is (scheme == "light" or media == "print")
    ratio, where = page.value(CONTRAST)
    assert ratio >= 4.5, where


def test_prints(browser: Chromium, tmp_path: Path) -> None:
    page = show(browser, tmp_path, sample.usual())
    document = base64.b64decode(page.call("Page.printToPDF", printBackground=False)["data"])
    assert document.startswith(b"%PDF-")
    page.media(media="print")
    assert page.value("[...document.querySelectorAll('.controls, .copy')].every(e => getComputedStyle(e).display === 'none')") is True


def test_without_its_script_all_is_readable_and_no_dead_button_shown(browser: Chromium, tmp_path: Path) -> None:
    page = show(browser, tmp_path, sample.usual(), script=False)
    names = [attribute for node in _nodes(page) if "host" in _attributes(node).get("class", "").split() for attribute in [node["nodeName"]]]
    assert names.count("DETAILS") == 4
    buttons = page.call("DOM.querySelectorAll", nodeId=page.call("DOM.getDocument")["root"]["nodeId"], selector=".scripted")["nodeIds"]
    assert buttons
    page.call("CSS.enable")
    for node in buttons:
        style = page.call("CSS.getComputedStyleForNode", nodeId=node)["computedStyle"]
        assert {"name": "display", "value": "none"} in style


def _nodes(page: Page) -> Iterator[dict[str, object]]:
    page.call("DOM.enable")
    waiting = [page.call("DOM.getDocument", depth=-1)["root"]]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(node.get("children", []))


def _attributes(node: dict[str, object]) -> dict[str, str]:
    values = node.get("attributes", [])
    assert isinstance(values, list)
    return dict(zip(values[::2], values[1::2], strict=True))


def test_landmarks_headings_labels_and_keyboard(browser: Chromium, tmp_path: Path) -> None:
    page = show(browser, tmp_path, sample.usual())
    assert page.value("['header', 'main', 'footer', 'h1'].map(n => document.querySelectorAll(n).length)") == [1, 1, 1, 1]
    levels = page.value("[...document.querySelectorAll('h1, h2, h3, h4')].map(e => Number(e.tagName[1]))")
    assert all(after <= before + 1 for before, after in pairwise(levels)), levels
    assert page.value("[...document.querySelectorAll('input, select')].every(e => e.labels.length === 1)") is True
    assert page.value("document.documentElement.lang") == "en"
    page.value("document.querySelector('details.host[data-outcome=satisfied] > summary').focus()")
    page.press("Enter", 13, "\r")
    assert page.value("document.querySelector('details.host[data-outcome=satisfied]').open") is True


@pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not there (npm install --prefix .cache --no-save axe-core)")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["usual", "told", "unknown"])
def test_axe_finds_nothing_serious(browser: Chromium, tmp_path: Path, scheme: str, name: str) -> None:
    page = show(browser, tmp_path, getattr(sample, name)(), scheme=scheme)
    page.click("#unfold")
    page.value(AXE.read_text(encoding="utf-8") + "; 0")
    found = json.loads(page.value("axe.run().then(r => JSON.stringify(r.violations.map(v => [v.impact, v.id, v.nodes.map(n => n.html)])))"))
    assert [each for each in found if each[0] in ("serious", "critical")] == []


def test_says_when_another_day_was_asked_for(browser: Chromium, tmp_path: Path) -> None:
    verdict = sample.satisfied(1)
    later = replace(verdict, instants=replace(verdict.instants, as_of=sample.NOW.replace(month=12)))
    page = show(browser, tmp_path, sample.report(later))
    assert page.value("document.querySelector('header .notice').innerText") == "Judged as of 2026-12-23, not as of today (2026-11-23)."
