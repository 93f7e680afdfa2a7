# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The HTML report as text; what a browser makes of it is tested in tests/browser."""
from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from unit.plugins.plugin_utils._report import sample

from ansible_collections.lync.persistent_chat.plugins.plugin_utils._report import html
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._report.reference import reference
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._verdict.report import Report


class Page(HTMLParser):
    """Tags, addresses and text of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in ("meta", "input", "rect"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("name", ["usual", "hostile", "report", "told", "unknown"])
def test_is_well_formed_and_names_no_other_place(name: str) -> None:
    page = Page(html.render(getattr(sample, name)()))
    assert page.open == []
    assert {key for key, _dummy in page.attributes} & {"src", "style", "srcset", "action", "onerror", "onclick"} == set()
    assert [value for key, value in page.attributes if key == "href"] == ["#hosts"] + ["#reference"] * (2 if name == "unknown" else 0)
    assert page.tags.count("script") == page.tags.count("style") == 1
    assert {"img", "iframe", "link", "object", "base", "form"} & set(page.tags) == set()


def test_evidence() -> None:
    report = sample.usual()
    page = Page(html.render(report))
    for verdict in report.verdicts:
        assert verdict.snapshot_sha256 is None or verdict.snapshot_sha256 in page.text
        assert verdict.certificate is None or str(verdict.certificate.content) in page.text
    for value in (sample.AUTHORITY.sha256, sample.AUTHORITY.thumbprint, sample.RUN, "2026-11-23 12:00:03 UTC", "ansible-core", "2.21.5"):
        assert value in page.text


def timeline(report: Report) -> tuple[list[html.Expiry], int]:
    return html._timeline(report, reference(report))


def test_timeline_is_in_order_with_the_ca_and_bounded() -> None:
    bars, later = timeline(sample.many(100))
    assert [mark.until for mark in bars] == sorted(mark.until for mark in bars)
    assert [mark.name for mark in bars if mark.authority] == [f"CA {sample.AUTHORITY.subject}"]
    assert len(bars) == html.SOONEST + 1
    assert later == sum(verdict.certificate is not None for verdict in sample.many(100).verdicts) - html.SOONEST
    assert max(mark.share for mark in bars) == html.SCALE


def test_timeline_of_what_has_expired_or_can_not_be_read() -> None:
    verdict = sample.satisfied(1)
    assert verdict.certificate is not None
    odd = [replace(verdict, certificate=replace(verdict.certificate, not_after=until)) for until in ("2020-01-01T00:00:00Z", "never", None)]
    bars, _dummy = timeline(sample.report(*(replace(each, authority=()) for each in odd)))
    assert [(mark.days, mark.share) for mark in bars] == [(-2518, 0)]


def test_the_policy_names_the_very_script_and_style() -> None:
    text = html.render(sample.usual())
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', text)
    assert policy
    for tag in ("script", "style"):
        inner = text.split(f"<{tag}>", 1)[1].split(f"</{tag}>", 1)[0]
        assert f"{tag}-src &#39;{html._digest(inner)}&#39;" in policy.group(1)
    assert "unsafe" not in policy.group(1)
    assert policy.group(1).startswith("default-src &#39;none&#39;;")


def test_the_reference_ca_is_shown_once_with_all_that_tells_where_it_is_from() -> None:
    page = Page(html.render(sample.told()))
    for certificate, times in ((sample.AUTHORITY, 2), (sample.RENEWED, 1)):  # an internal server names the first, too
        assert page.text.count(str(certificate.key_identifier)) == times
        assert certificate.sha256 in page.text
    for server in sample.SERVERS:
        assert server.thumbprint in page.text
    assert page.text.count(sample.SILENT.message) == 1
    assert "satisfied became not_satisfied" in page.text


def test_an_unknown_reference_ca_is_said_once_and_each_host_points_there() -> None:
    page = Page(html.render(sample.unknown()))
    assert page.text.count("-e certificates_authority_files=ca.cer") == 1
    assert page.text.count("The reference CA is not known.") == 2
