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
        "Reference CA:",
        "  CN=Contoso Issuing CA 1,DC=contoso,DC=com",
        "    key identifier CDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCD",
        "    valid 2020-01-01 to 2030-01-01, from issuing.pem",
        "",
        "revocation: not checked; run 0123456789abcdef0123456789abcdef",
        "1 of 2 checked, 1 satisfied: undetermined",
    ]


@pytest.mark.parametrize("width", [20, 80, 120, 200])
@pytest.mark.parametrize("verbose", [False, True])
@pytest.mark.parametrize("name", ["usual", "hostile", "told", "unknown"])
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


def test_what_is_true_of_several_hosts_is_said_once() -> None:
    lines = render(sample.report(*(sample.with_waiver(number) for number in range(1, 11))), width=400)
    to_know = lines[lines.index("To know:") + 1 :]
    assert to_know[0].startswith("  pchat01.contoso.com, pchat02.contoso.com, ")
    assert "pchat08.contoso.com and 2 more: warning certificate.archived: " in to_know[0]
    assert to_know[1] == ""


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


def test_the_reason_in_the_table_is_not_the_hosts_own_name() -> None:
    refusal = replace(sample.unread(4).findings[0], message="pchat04.contoso.com (winrm to 10.0.0.4:5986): nothing listens on that port.")
    lines = render(sample.report(replace(sample.unread(4), findings=(refusal,))), width=120)
    assert lines[4].endswith("host.unreachable: nothing listens on that port")


def test_nobody_expected() -> None:
    assert render(sample.report())[-1] == "0 of 0 checked, 0 satisfied: undetermined"


def test_the_internal_servers_are_a_table_and_each_thing_is_said_once() -> None:
    lines = render(sample.told(), width=80)
    start = lines.index("Reference CA:")
    assert start > lines.index("pchat04.contoso.com: undetermined")
    block = lines[start : lines.index("", start)]
    assert block[7:] == [
        "  INTERNAL SERVER  USE      ISSUER              KEY IDENTIFIER        UNTIL",
        "  ---------------  -------  ------------------  --------------------  ----------",
        "  fe1.contoso.com  Default  CN=Contoso Issuing  CDCDCDCDCDCDCDCDCDCD  2027-10-24",
        "                            CA                  CDCDCDCDCDCDCDCDCDCD",
        "                            1,DC=contoso,",
        "                            DC=com",
        "  fe2.contoso.com  named    CN=Fabrikam         unknown               2028-10-24",
        "                            CA,DC=contoso,",
        "                            DC=com",
        "  warning reference.server_silent: fe3.contoso.com tells no CA: nothing",
        "    listens on port 5986.",
    ]
    assert "\n".join(lines).count(sample.SILENT.code) == 1


def test_the_issuer_gives_way_before_the_servers_name() -> None:
    server = replace(sample.SERVERS[0], host="frontend-01.europe.contoso.com", issuer="CN=Contoso Issuing CA 1, DC=contoso, DC=com")
    lines = render(sample.report(replace(sample.satisfied(1), internal_servers=(server,))), width=90)
    assert [line for line in lines if "frontend-01.europe.contoso.com  Default  CN=Contoso" in line]


def test_an_unknown_reference_ca_comes_first_with_its_cure() -> None:
    lines = render(sample.unknown(), width=80)
    assert lines[2] == "Reference CA: not known"
    assert lines.index("      -e certificates_authority_files=ca.cer") < next(i for i, line in enumerate(lines) if line.startswith("HOST"))
    assert "pchat01.contoso.com: undetermined" not in lines  # the table says it
    assert "pchat02.contoso.com: undetermined" in lines  # its certificate has expired, too
    rows = [line for line in render(sample.unknown(), width=200) if line.startswith("pchat0") and "  undetermined  " in line]
    assert rows[0].endswith("  reference.unknown: the reference CA is not known")
    assert rows[1].endswith("  reference.unknown, time.expired, issuance.no_authority: the reference CA is not known")
    assert [line for line in lines if "open reference.unknown" in line] == [lines[3]]


def test_changes_stand_before_the_count() -> None:
    assert not [line for line in render(sample.usual()) if "ince the report" in line]
    lines = render(sample.told(), width=120)
    assert lines[-7:-3] == [
        "",
        f"Since the report of 2026-11-16 12:00:00 UTC (run {sample.EARLIER.run_id}):",
        "  pchat09.contoso.com is no longer expected (was satisfied).",
        "  pchat03.contoso.com: satisfied became not_satisfied.",
    ]
    same = replace(sample.told(), previous=replace(sample.EARLIER, changes=()))
    assert f"Nothing changed since the report of 2026-11-16 12:00:00 UTC (run {sample.EARLIER.run_id})." in render(same, width=120)
