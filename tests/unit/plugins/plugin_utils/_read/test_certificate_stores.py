# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The reading script, in a real PowerShell engine: what it is made of, and what it reads."""
from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from engine import BOOTSTRAP, ROOT, SCRIPT, engine, reading_script, run, store_folder

from ansible_collections.lync.persistent_chat.plugins.plugin_utils._read import connection
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._read.answer import parse_answer
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._snapshot.snapshot import Snapshot

__all__ = ["engine"]  # pytest takes a fixture by its name
pytestmark = pytest.mark.engine

DATA = ROOT / "tests" / "data"
NOW = datetime.now(timezone.utc).replace(microsecond=0)
CULTURES = ("de-DE", "tr-TR", "fi-FI", "th-TH", "ar-SA", "fa-IR")

# System.Management.Automation.Language of PowerShell 3.0, without what the script has no need of (pipelines of cmdlets, workflow, data ...)
SYNTAX = frozenset(
    re.findall(
        r"\w+",
        "ArrayExpressionAst ArrayLiteralAst AssignmentStatementAst BinaryExpressionAst BreakStatementAst CatchClauseAst "
        "CommandAst CommandExpressionAst CommandParameterAst ConstantExpressionAst ConvertExpressionAst "
        "ExpandableStringExpressionAst ForEachStatementAst ForStatementAst FunctionDefinitionAst HashtableAst IfStatementAst "
        "IndexExpressionAst InvokeMemberExpressionAst MemberExpressionAst NamedBlockAst ParamBlockAst ParameterAst "
        "ParenExpressionAst PipelineAst ReturnStatementAst ScriptBlockAst ScriptBlockExpressionAst StatementBlockAst "
        "StringConstantExpressionAst TryStatementAst TypeConstraintAst TypeExpressionAst UnaryExpressionAst "
        "VariableExpressionAst ",
    )
)
CORE_COMMANDS = frozenset({"Set-StrictMode"})
SHORT = {"byte": "System.Byte", "char": "System.Char", "int": "System.Int32", "long": "System.Int64", "string": "System.String",
         "regex": "System.Text.RegularExpressions.Regex"}  # fmt: skip
POWERSHELL_TYPES = frozenset({"scriptblock"})
# Fields of structures, which have no getter, and a property of PowerShell's own that is set when it is made.
PLAIN = frozenset({"$Record.Exception", "$public.Modulus", "$public.Exponent", "$public.Q", "$public.Q.X", "$public.Q.Y"})
# Reached through a class named as text, so that one missing in .NET 4.0 is only null.
LATER = frozenset({"$rsa::GetRSAPrivateKey", "$curve::GetECDsaPrivateKey"})


def facts(engine: Path, text: str) -> dict[str, set[str]]:
    done = run(engine, (DATA / "script_syntax.ps1").read_text("ascii"), stdin=text)
    assert done.returncode == 0, done.stderr
    found: dict[str, set[str]] = {}
    for line in done.stdout.splitlines():
        kind, _tab, value = line.partition("\t")
        found.setdefault(kind, set()).add(value)
    return found


@cache
def framework() -> dict[str, set[str]]:
    lines = [line for line in (DATA / "net40-api.txt").read_text("ascii").splitlines() if not line.startswith("#")]
    return {name: set(members.split()) for name, _colon, members in (line.partition(":") for line in lines)}


def full_name(name: str) -> str:
    name = name.removesuffix("[]")
    return SHORT.get(name) or (name if name in framework() else f"System.{name}")


def complaints(found: dict[str, set[str]]) -> list[str]:
    """What in these facts PowerShell 3.0 on .NET 4.0 might not have, or would not tell."""
    named = found.get("function", set()) | CORE_COMMANDS
    members = {member for each in framework().values() for member in each}
    members |= {f"get_{member}" for member in members}
    said = [f"error {each}" for each in found.get("error", ())]
    said += [f"syntax {each}" for each in found["syntax"] - SYNTAX]
    said += [f"command {each}" for each in found.get("command", ()) if each != "Ampersand " and each.removeprefix("Unknown ") not in named]
    said += [f"type {each}" for each in found.get("type", ()) if each not in POWERSHELL_TYPES and full_name(each) not in framework()]
    said += [f"method {each}" for each in found.get("method", ()) if each not in members]
    said += [f"property {each}" for each in found.get("property", set()) - PLAIN]
    for each in (found.get("static", set()) | found.get("field", set())) - LATER:
        kind, _colons, member = each.partition("::")
        if member.removeprefix("get_") not in framework().get(full_name(kind.strip("[]")), set()):
            said.append(f"static {each}")
    return sorted(said)


def test_uses_only_what_powershell_3_and_net_4_have(engine: Path) -> None:
    assert complaints(facts(engine, SCRIPT.read_text("ascii"))) == []


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("Get-ChildItem Cert:", "command Unknown Get-ChildItem"),
        ("[Guid]::NewGuid()", "static [Guid]::NewGuid"),
        ("$certificate.PrivateKey", "property $certificate.PrivateKey"),
        ("$store.Dispose()", "method Dispose"),
        ("class Modern { }", "syntax TypeDefinitionAst"),
        ("$a ? 1 : 2", "syntax TernaryExpressionAst"),
        ("[Array]::Empty()", "static [Array]::Empty"),
    ],
)
def test_the_rule_sees_what_is_newer(engine: Path, line: str, complaint: str) -> None:
    assert complaint in complaints(facts(engine, SCRIPT.read_text("ascii") + line + "\n"))


def test_the_script_is_plain_text() -> None:
    assert re.fullmatch(rb"[\n -~]*", SCRIPT.read_bytes())


def test_a_store_is_opened_to_read_and_never_made() -> None:
    assert re.findall(r"\.Open\((.*)\)", SCRIPT.read_text("ascii")) == ["'ReadOnly, OpenExistingOnly, IncludeArchived'"]


# ---- keys


@pytest.fixture(scope="module")
def stand_ins(engine: Path) -> dict[str, Any]:
    functions = SCRIPT.read_text("ascii").partition("\n$stores = ")[0]
    done = run(engine, BOOTSTRAP, stdin=f"{functions}\n{(DATA / 'stand_in_keys.ps1').read_text('ascii')}")
    assert done.stderr == ""
    return {name: json.loads(text) for name, text in (line.split("\t", 1) for line in done.stdout.splitlines() if line)}


def key(stand_ins: dict[str, Any], name: str) -> dict[str, Any]:
    facts: dict[str, Any] = stand_ins[name]["private_key"]
    if facts["error"]:
        facts = facts | {"error": f"0x{facts['error']['hresult']:08X}"}
    return {name: value for name, value in facts.items() if value is not None}


RSA_NUMBERS = {"algorithm": "RSA", "values": ["00C102", "010001"]}
KSP = "Microsoft Software Key Storage Provider"
CNG = {"storage": "cng", "provider": KSP, "container": "def_456", "key_spec": 0, "machine_store": False}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("csp", {"present": True, "opened": True, "storage": "csp", "provider": "Microsoft RSA SChannel Cryptographic Provider",
                 "container": "abc_123", "key_spec": 1, "machine_store": True, "public_key": RSA_NUMBERS}),
        ("mute", {"present": True, "opened": True, "storage": "csp", "provider": "Microsoft RSA SChannel Cryptographic Provider",
                  "key_spec": 1, "machine_store": True}),
        ("none", {"present": False}),
        ("null", {"present": True}),
        ("gone", {"present": True, "opened": False, "error": "0x80090016"}),
        ("denied", {"present": True, "opened": False, "error": "0x80070005"}),
        ("csp_denied_twice", {"present": True, "opened": False, "error": "0x80070005"}),
        ("cng_old", {"present": True, "storage": "cng", "error": "0x80090014"}),
        ("cng_gone", {"present": True, "opened": False, "storage": "cng", "error": "0x80090016"}),
        ("cng_rsa", {"present": True, "opened": True, **CNG, "public_key": RSA_NUMBERS}),
        ("cng_opened_at_once", {"present": True, "opened": True, **CNG, "public_key": RSA_NUMBERS}),
        ("cng_curve", {"present": True, "opened": True, **CNG, "public_key": {"algorithm": "EC", "values": ["0A0B", "0C0D"]}}),
        ("throws", {"error": "0x80070005"}),
    ],
)  # fmt: skip
def test_facts_of_a_key(stand_ins: dict[str, Any], name: str, expected: dict[str, Any]) -> None:
    assert key(stand_ins, name) == expected


def test_a_certificate_whose_every_getter_throws_is_an_entry_with_an_error(stand_ins: dict[str, Any]) -> None:
    entry = stand_ins["throws"]
    assert (entry["content"], entry["archived"], entry["friendly_name"]) == ("", None, None)
    assert entry["error"]["hresult"] == 0x80070005


def test_a_friendly_name_comes_as_it_is_and_bounded(stand_ins: dict[str, Any]) -> None:
    assert stand_ins["csp"]["friendly_name"] == 'Fr\u00fcnd "1":True, \\ \t\U0001f512' + "x" * (1000 - 21)


# ---- stores


def certificate(private: Any, size: int = 0) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "pchat1.example.com")])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(private.public_key())
    builder = builder.serial_number(x509.random_serial_number()).not_valid_before(NOW).not_valid_after(NOW + timedelta(days=9))
    if size:
        builder = builder.add_extension(x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), bytes(size)), critical=False)
    return builder.sign(private, hashes.SHA256())


def put(home: Path, store: str, one: x509.Certificate, private: Any = None) -> bytes:
    """Puts a certificate where .NET reads it; returns its bytes."""
    folder = store_folder(home, store)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = folder / f"{one.fingerprint(hashes.SHA1()).hex().upper()}.pfx"
    plain = serialization.NoEncryption()
    file.write_bytes(pkcs12.serialize_key_and_certificates(None, private, one, None, plain))
    file.chmod(0o600)
    return one.public_bytes(serialization.Encoding.DER)


def read(engine: Path, home: Path, stores: Sequence[str], before: str = "") -> Snapshot:
    done = run(engine, before + BOOTSTRAP, stdin=reading_script(stores), home=home)
    assert done.stderr == ""
    return parse_answer(done.stdout, name="pchat1", recorded_at=NOW)


@pytest.fixture(scope="module")
def keys() -> tuple[rsa.RSAPrivateKey, ec.EllipticCurvePrivateKey]:
    return rsa.generate_private_key(65537, 2048), ec.generate_private_key(ec.SECP256R1())


def test_stores_are_read_byte_for_byte(engine: Path, tmp_path: Path, keys: Any) -> None:
    first, second, third = certificate(keys[0]), certificate(keys[1]), certificate(keys[0])
    mine = {put(tmp_path, "My", first, keys[0]), put(tmp_path, "My", second, keys[1]), put(tmp_path, "My", third)}
    root = put(tmp_path, "Root", certificate(keys[0]))
    snapshot = read(engine, tmp_path, ["My", "Root", "CA"])
    my, roots, intermediate = snapshot.stores
    assert {entry.content for entry in my.certificates} == mine
    assert [entry.content for entry in roots.certificates] == [root]
    assert (my.error, my.missing) == (None, False)
    assert (intermediate.missing, intermediate.error is not None, intermediate.certificates) == (True, True, ())
    entries = {entry.content: entry for entry in my.certificates}
    one = entries[first.public_bytes(serialization.Encoding.DER)]
    numbers = keys[0].public_key().public_numbers()
    assert one.private_key.public_key is not None
    assert (one.private_key.present, one.private_key.opened, one.private_key.public_key.values) == (True, True, (numbers.n, numbers.e))
    two = entries[second.public_bytes(serialization.Encoding.DER)].private_key
    curve = keys[1].public_key().public_numbers()
    assert two.public_key is not None
    assert (two.public_key.algorithm, two.public_key.values) == ("EC", (curve.x, curve.y))
    assert entries[third.public_bytes(serialization.Encoding.DER)].private_key.present is False
    assert (snapshot.host.elevated, snapshot.host.tls_1_0_disabled, snapshot.host.lync_version) == (None, None, None)
    assert abs(snapshot.host.clock - datetime.now(timezone.utc)) < timedelta(hours=1)


def test_a_huge_certificate_is_an_entry_that_says_its_size(engine: Path, tmp_path: Path, keys: Any) -> None:
    size = len(put(tmp_path, "My", certificate(keys[1], 1_000_000)))
    small = put(tmp_path, "My", certificate(keys[1]))
    entries = read(engine, tmp_path, ["My"]).stores[0].certificates
    messages = [entry.error.message for entry in entries if entry.error]
    assert messages == [f"The certificate has {size} bytes, more than the 65536 that are read."]
    assert sorted(entry.content for entry in entries) == [b"", small]


@pytest.mark.slow
def test_five_thousand_certificates(engine: Path, tmp_path: Path, keys: Any) -> None:
    contents = sorted(put(tmp_path, "My", certificate(keys[1])) for _number in range(5_000))
    assert sorted(entry.content for entry in read(engine, tmp_path, ["My"]).stores[0].certificates) == contents


def test_the_answer_is_the_same_in_every_culture(engine: Path, tmp_path: Path, keys: Any) -> None:
    shown = run(engine, "([Globalization.CultureInfo] 'fi-FI').DateTimeFormat.TimeSeparator").stdout.strip()
    if shown != ".":
        pytest.skip("the engine has no cultures here (libicu is missing), so this would prove nothing")
    put(tmp_path, "My", certificate(keys[0]), keys[0])
    expected = None
    for culture in CULTURES:
        thread = "[Threading.Thread]::CurrentThread"
        line = f"{thread}.CurrentCulture = '{culture}'; {thread}.CurrentUICulture = '{culture}'\n"
        snapshot = read(engine, tmp_path, ["My", "REQUEST"], line)
        assert abs(snapshot.host.clock - datetime.now(timezone.utc)) < timedelta(hours=1)
        answer = (replace(snapshot.host, clock=NOW), snapshot.stores)
        expected = expected or answer
        assert answer == expected, culture


def test_constrained_language_mode_answers_nothing_and_zero(engine: Path) -> None:
    done = run(engine, f"$ExecutionContext.SessionState.LanguageMode = 'ConstrainedLanguage'\n{BOOTSTRAP}", stdin=reading_script(["My"]))
    assert done.stdout.strip() == ""
    fault = connection.of_output(done.returncode, done.stdout, done.stderr)
    assert fault is not None
    assert fault.code == "host.language_mode"


def test_what_the_product_sends_is_this_script() -> None:
    sent = connection.script_for(["My", "REQUEST"])
    assert sent == "$storeNames = @('My','REQUEST')\n" + SCRIPT.read_text("ascii")
    assert connection.BOOTSTRAP == BOOTSTRAP
