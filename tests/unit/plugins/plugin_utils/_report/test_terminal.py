# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The terminal's table and what follows it, in every breadth."""
from __future__ import annotations

import unicodedata
from dataclasses import replace

import pytest
from unit.plugins.plugin_utils._report import sample

from ansible_collections.lync.persistent_chat.plugins.plugin_utils._report.terminal import render
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._report.text import columns


def test_80_columns_to_the_letter() -> None:
    assert render(sample.report(sample.unread(4), sample.satisfied(1)), width=80) == [
        "Certificates of the Persistent Chat servers, 2026-11-23 12:00:00 UTC",
        "",
        "HOST                 OUTCOME       CERTIFICATE              REASON",
        "-------------------  ------------  -----------------------  --------------------",
        "pchat04.contoso.com  undetermined  -                        host.unreachable:",
        "                                                            WinRM on port 5986",
        "                                                            did not answer",
        "                                                            within 60 seconds (3",
        "                                                            attempts)",
        "pchat01.contoso.com  satisfied     CN=pchat01.contoso.com   revocation: not",
        "                                   until 2028-02-15         checked",
        "",
        "pchat04.contoso.com: undetermined",
        "  open host.unreachable: WinRM on port 5986 did not answer within 60 seconds",
        "    (3 attempts).",
        "  remedy:",
        "    Try the port:",
        "      Test-NetConnection pchat04.contoso.com -Port 5986",
        "",
        "revocation: not checked; run 0123456789abcdef0123456789abcdef",
        "1 of 2 checked, 1 satisfied: undetermined",
    ]


@pytest.mark.parametrize("width", [20, 80, 120, 200])
@pytest.mark.parametrize("verbose", [False, True])
@pytest.mark.parametrize("name", ["usual", "hostile"])
def test_no_line_is_broader_and_none_acts(name: str, verbose: bool, width: int) -> None:
    report = getattr(sample, name)()
    lines = render(report, width=width, verbose=verbose)
    limit = max(width, 80)
    broad = [line for line in lines if columns(line) > limit]
    assert all(line.startswith("      ") for line in broad), broad
    assert not any("\n" in line for line in lines)
    assert not [char for line in lines for char in line if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")]


def test_a_command_is_never_broken() -> None:
    lines = render(sample.usual(), width=80)
    for command in sample.COMMANDS.split("\n"):
        assert f"      {command}" in lines


def test_hostile_names_are_bounded() -> None:
    lines = render(sample.hostile(), width=80, verbose=True)
    assert sum(len(line) for line in lines) < 120000
    assert any("(10003 characters)" in line for line in lines)


def test_ends_with_the_count_and_says_what_was_not_checked() -> None:
    lines = render(sample.usual())
    assert lines[-1] == "3 of 4 checked, 2 satisfied: not satisfied"
    assert lines[-2] == f"revocation: not checked; run {sample.RUN}"


def test_a_waiver_and_a_warning_show_for_satisfied_hosts() -> None:
    text = " ".join(" ".join(render(sample.usual())).split())
    assert "waived until 2026-12-31 by Jane Doe for pchat0*: replaced on Monday" in text


def test_verbose_lists_every_certificate_with_all_findings() -> None:
    assert "blocking time.expired" not in "\n".join(render(sample.usual()))
    text = "\n".join(render(sample.usual(), verbose=True, width=200))
    for verdict in sample.usual().verdicts:
        for certificate in verdict.certificates:
            assert f"{certificate.subject}, thumbprint {certificate.thumbprint}" in text
            assert all(f"{each.severity.value} {each.code}: {each.message}" in text for each in certificate.findings)


def test_another_day() -> None:
    verdict = sample.satisfied(1)
    today = replace(verdict, instants=replace(verdict.instants, as_of=sample.NOW))
    later = replace(verdict, instants=replace(verdict.instants, as_of=sample.NOW.replace(month=12)))
    sentence = "Judged as of 2026-12-23, not as of today (2026-11-23)."
    assert render(sample.report(later))[1] == sentence
    assert render(sample.report(later, verdict))[1] == f"1 of 2 hosts: {sentence}"
    assert "Judged" not in "\n".join(render(sample.report(today)))


def test_nobody_expected() -> None:
    assert render(sample.report())[-1] == "0 of 0 checked, 0 satisfied: undetermined"
