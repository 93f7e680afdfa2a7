# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.findings import CATALOGUE
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.remedies import (
    AT_THE_CA,
    NEW_CERTIFICATE,
    RemedyContext,
    new_certificate,
    remedy,
    several,
    word,
)

BARE = RemedyContext(
    fqdn="pchat1.contoso.local", pool="pchatpool.contoso.local", thumbprint="0C4D" * 10, serial_number="61AB00CD",
    ca_name="contoso-ISS1-CA")
TOOLS = replace(BARE, lync_version="5.0.8308.0")
SHARED = replace(TOOLS, fqdn="se1.contoso.local", pool="se1.contoso.local")
EMPTY = RemedyContext()

FORBIDDEN = {
    "-Force": re.compile(r"[-/]force\b", re.I),
    "global identity": re.compile(r"-Identity\s+[\"']?global", re.I),
    "Remove-CsCertificate": re.compile(r"Remove-CsCertificate", re.I),
    "any other removing cmdlet": re.compile(r"\b(Remove|Clear|Move)-[A-Z]\w+", re.I),
    "-Clear without -RequestId": re.compile(r"-Clear\b(?![^\n]*-RequestId)", re.I),
    "a password on the line": re.compile(r"(^|\s)[-/](p|password|capassword)\b", re.I),
    "deletion of more than one thing": re.compile(r"-delstore (?!Root (<thumbprint>|[0-9A-Fa-f]{40})$)", re.M),
    "all of a store": re.compile(r"-(delstore|repairstore)\s+\w+\s*(\*|\"\")", re.I),
}
HOSTILE = (
    '"; Remove-Item C:\\ -Recurse -Force; "', "a`$(calc)", "a b", "a\nb", "-Force", "--", "<x>", "a'b", "x" * 300, "ä.example", "a&calc",
    "%PATH%", "$env:x", "a\u202eb", "", "a|b", "a;b", "{0}", "a\x00b")
ORDINARY = ("--",)
"""What stands in harmless places of remedies anyway."""


def _everything(context: RemedyContext) -> list[tuple[str, str]]:
    texts = [(code, text) for code in CATALOGUE if (text := remedy(code, context))]
    return [*texts, ("new", new_certificate(context)), ("several", several(2, context))]


def _hostile(value: str) -> list[RemedyContext]:
    names = [item.name for item in fields(RemedyContext) if item.name not in ("names", "lync_version")]
    one = [replace(base, **{name: value}) for name in names for base in (BARE, TOOLS)]  # type: ignore[arg-type]  # text fields only
    everything = replace(BARE, **dict.fromkeys(names, value), names=(value, "good.example"))  # type: ignore[arg-type]
    return [*one, everything, replace(everything, lync_version=value or "5")]


@pytest.mark.parametrize("context", [BARE, TOOLS, SHARED, EMPTY, replace(BARE, names=("a.example", "10.0.0.1"))])
def test_nothing_dangerous_is_ever_advised(context: RemedyContext) -> None:
    for code, text in _everything(context):
        for what, pattern in FORBIDDEN.items():
            assert not pattern.search(text), f"{code}: {what}: {text}"


@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_host_data_never_gets_into_a_command(value: str) -> None:
    for context in _hostile(value):
        for code, text in _everything(context):
            for what, pattern in FORBIDDEN.items():
                assert not pattern.search(text), f"{code}: {what}"
            assert not value.strip() or value in ORDINARY or value not in text, f"{code}: {text}"


@given(st.text(max_size=40))
def test_a_word_is_safe_or_the_placeholder(value: str) -> None:
    assert re.fullmatch(r"[A-Za-z0-9.][A-Za-z0-9.-]*|<p>", word(value, "<p>"))


def test_words() -> None:
    assert word("pchat1.contoso.local", "<p>") == "pchat1.contoso.local"
    assert word("a-b", "<p>") == "a-b"
    assert [word(value, "<p>") for value in ("-a", "a_b", "a b", "", None, "x" * 256, "a\n")] == ["<p>"] * 7


def test_a_bare_host_gets_a_whole_request_for_certreq() -> None:
    text = new_certificate(BARE)
    for line in (
            "MachineKeySet = TRUE", "KeySpec = 1", 'ProviderName = "Microsoft RSA SChannel Cryptographic Provider"', "ProviderType = 12",
            "KeyLength = 2048", "HashAlgorithm = sha256", 'Subject = "CN=pchatpool.contoso.local"', '2.5.29.17 = "{text}"',
            '_continue_ = "dns=pchatpool.contoso.local&"', '_continue_ = "dns=pchat1.contoso.local"', "OID = 1.3.6.1.5.5.7.3.1",
            "certreq -new request.inf request.req", r'certreq -submit -config "<ca-host>\contoso-ISS1-CA" request.req answer.cer',
            "certreq -accept answer.cer"):
        assert f"\n  {line}\n" in text, line
    assert "-Cs" not in text


def test_where_lyncs_tools_are_its_cmdlets_do_it_and_the_ca_is_named() -> None:
    text = new_certificate(TOOLS)
    cmdlets = re.findall(r"^  (\w+-Cs\w+)", text, re.M)
    assert cmdlets == ["Request-CsCertificate", "Set-CsCertificate", "Test-CsCertificateConfiguration", "Import-CsCertificate"]
    assert r'-CA "<ca-host>\contoso-ISS1-CA"' in text
    assert '-ComputerFqdn "pchat1.contoso.local"' in text
    assert "certreq" not in text


@pytest.mark.parametrize("context", [SHARED, replace(SHARED, pool="SE1.contoso.local")])
def test_a_standard_edition_gets_a_warning_and_no_line_to_paste(context: RemedyContext) -> None:
    for text in (new_certificate(context), several(2, context)):
        assert not re.search(r"^  ", text, re.M)
        assert "Set-CsCertificate" not in text
    assert "live Front End" in new_certificate(context)


def test_names_that_were_asked_for_replace_pool_and_host() -> None:
    text = new_certificate(replace(BARE, names=("chat.contoso.local", "10.0.0.1")))
    assert 'Subject = "CN=chat.contoso.local"' in text
    assert '"dns=chat.contoso.local&"' in text
    assert '"ipaddress=10.0.0.1"' in text
    assert "dns=pchat" not in text


def test_pool_and_host_of_one_name_are_named_once() -> None:
    assert new_certificate(replace(BARE, pool=BARE.fqdn)).count("dns=pchat1.contoso.local") == 1


def test_what_is_not_known_is_a_placeholder() -> None:
    text = new_certificate(EMPTY)
    for placeholder in ("<pool FQDN>", "<this server's FQDN>", r"<ca-host>\<ca-name>"):
        assert placeholder in text


@pytest.mark.parametrize(("code", "lines"), [
    ("key.absent", ["certutil -repairstore My 61AB00CD"]),
    ("key.other", ["certutil -repairstore My 61AB00CD"]),
    ("key.cng", [
        f"certutil -exportpfx My {'0C4D' * 10} <file.pfx>",
        'certutil -csp "Microsoft RSA SChannel Cryptographic Provider" -importpfx <file.pfx> AT_KEYEXCHANGE']),
    ("key.not_machine", ['certutil -csp "Microsoft RSA SChannel Cryptographic Provider" -importpfx <file.pfx> AT_KEYEXCHANGE']),
    ("trust.intermediate_missing", ["certutil -addstore CA <file.cer>"]),
    ("store.root_not_self_signed", [
        "certutil -store Root <thumbprint> misplaced.cer", "certutil -addstore CA misplaced.cer", "certutil -delstore Root <thumbprint>",
        "certutil -grouppolicy -store Root <thumbprint>"]),
    ("trust.disallowed", ["certutil -store Disallowed"]),
    ("store.request_pending", [
        r'certreq -retrieve -config "<ca-host>\contoso-ISS1-CA" <request-id> answer.cer', "certreq -accept answer.cer"]),
])
def test_the_commands_of_single_cures_in_their_order(code: str, lines: list[str]) -> None:
    text = remedy(code, BARE) or ""
    assert re.findall(r"^  (cert\w+ .*)$", text, re.M)[: len(lines)] == lines


def test_an_archived_certificate_is_cleared_by_its_thumbprint_alone() -> None:
    text = remedy("certificate.archived", BARE) or ""
    assert f"$_.Thumbprint -eq '{'0C4D' * 10}'" in text
    assert "IncludeArchived" in text


def test_repairing_is_tried_before_a_new_request() -> None:
    text = remedy("key.absent", BARE) or ""
    assert text.index("-repairstore") < text.index("certreq -new")


@pytest.mark.parametrize("code", sorted(NEW_CERTIFICATE))
def test_what_only_a_new_certificate_mends(code: str) -> None:
    assert code in CATALOGUE
    assert remedy(code, TOOLS) == new_certificate(TOOLS)


@pytest.mark.parametrize("code", sorted(AT_THE_CA))
def test_the_ca_is_mended_before_a_new_request(code: str) -> None:
    assert code in CATALOGUE
    assert remedy(code, BARE) == f"{AT_THE_CA[code]}\n{new_certificate(BARE)}"


def test_every_blocking_finding_has_a_cure() -> None:
    without = {code for code, kind in CATALOGUE.items() if kind.severities[0].value == "blocking" and not remedy(code, BARE)}
    assert without == {"issuance.issuer_unknown_critical"}, "a CA certificate that nobody may accept; its sentence says so"


def test_several_satisfying_certificates_are_told_apart() -> None:
    bare = several(2, BARE)
    assert bare == f"2 certificates satisfy. Assign {'0C4D' * 10}, which lasts longest; the deployment wizard may pick another."
    assert f"\n  Set-CsCertificate -Type Default -Thumbprint {'0C4D' * 10}\n  Test-CsCertificateConfiguration" in several(3, TOOLS)
