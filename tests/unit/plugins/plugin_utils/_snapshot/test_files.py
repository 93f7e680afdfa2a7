# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.lync.persistent_chat.plugins.plugin_utils._snapshot.assignments import Assignment, Assignments
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._snapshot.files import SnapshotError, dump, file_name, load, sha256
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._snapshot.snapshot import (
    Host,
    HostError,
    KeyNumbers,
    PrivateKey,
    Snapshot,
    Store,
    StoredCertificate,
)

NOW = datetime(2026, 11, 23, 12, 0, 0, tzinfo=timezone.utc)
HOST = Host("pchat1", "example.com", NOW, "Microsoft Windows NT 6.3.9600.0", "4.0", True, "5.0.8308.0", False, None)
GONE = HostError("Schl\u00fcsselsatz nicht vorhanden", 0x80090016)
KEY = PrivateKey(True, False, GONE, "csp", "P", "c", 1, True, KeyNumbers("RSA", (193, 65537)))
SNAPSHOT = Snapshot(
    "pchat1.example.com",
    NOW,
    HOST,
    (
        Store("My", (StoredCertificate(b"0\x00", False, "\U0001f512", KEY), StoredCertificate(b"", error=HostError("gone")))),
        Store("REQUEST", error=HostError("not found", 0x80070002), missing=True),
    ),
)

truth = st.none() | st.booleans()
error = st.none() | st.builds(HostError, st.text(), st.none() | st.integers(0, 0xFFFFFFFF))
numbers = st.none() | st.builds(KeyNumbers, st.sampled_from(["RSA", "EC"]), st.tuples(st.integers(0, 2**4096), st.integers(0, 2**64)))
name = st.none() | st.text()
keys = st.builds(
    PrivateKey, truth, truth, error, st.sampled_from([None, "csp", "cng"]), name, name, st.none() | st.integers(0, 2**32), truth, numbers
)
entries = st.builds(StoredCertificate, st.binary(max_size=300), truth, name, keys, error)
hosts = st.builds(Host, st.text(min_size=1), st.text(), st.just(NOW), st.text(), st.text(), truth, name, truth, truth)


@settings(deadline=None)
@given(hosts, st.lists(entries, max_size=3), st.text())
def test_what_is_written_is_read_back(host: Host, found: list[StoredCertificate], asked: str) -> None:
    snapshot = Snapshot(asked, NOW, host, (Store("My", tuple(found)), Store("CA", error=HostError("no"))))
    assert load(dump(snapshot), source="x") == snapshot


def test_the_text_is_canonical() -> None:
    text = dump(SNAPSHOT)
    assert text == dump(load(text, source="x"))
    assert text.isascii()
    assert text.endswith("}\n")
    assert sha256(SNAPSHOT) == hashlib.sha256(text.encode()).hexdigest()
    elsewhere = replace(SNAPSHOT, recorded_at=NOW.astimezone(timezone(timedelta(hours=5))))
    assert dump(elsewhere) == text


def test_the_written_form() -> None:
    document = json.loads(dump(SNAPSHOT))
    assert list(document) == ["format", "name", "recorded_at", "host", "stores"]
    assert document["recorded_at"] == "2026-11-23T12:00:00Z"
    first = document["stores"][0]["certificates"][0]
    assert base64.b64decode(first["content"]) == b"0\x00"
    assert first["private_key"]["public_key"] == {"algorithm": "RSA", "values": ["C1", "10001"]}
    assert document["stores"][1]["error"] == {"message": "not found", "hresult": 0x80070002}


def test_assignments_are_written_only_where_lync_was_asked() -> None:
    assert "assignments" not in json.loads(dump(SNAPSHOT))
    asked = replace(SNAPSHOT, assignments=Assignments("Lync", (Assignment("Default", "AB" * 20),)))
    assert load(dump(asked), source="x") == asked
    with pytest.raises(SnapshotError, match="x is no valid snapshot: assignments: expected a mapping"):
        load(changed("assignments", None), source="x")


def changed(path: str, value: Any) -> str:
    document = json.loads(dump(SNAPSHOT))
    *way, last = path.split(".")
    place: Any = document
    for step in way:
        place = place[int(step)] if step.isdigit() else place[step]
    place[last] = value
    return json.dumps(document)


CERTIFICATE = "stores.0.certificates.0"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (dump(SNAPSHOT)[:200], "not whole JSON"),
        ("", "not whole JSON"),
        ("[" * 100_000, "not whole JSON"),
        ("[]", "no snapshot of certificate stores"),
        ('{"verdicts": []}', "no snapshot of certificate stores"),
        (changed("format", 2), "format '2', and this version of the collection reads format 1 only"),
        (changed("format", True), "format 'True'"),
        (changed("more", 1), "unknown keys ['more']"),
        (changed("name", 5), "snapshot.name: expected text, found int"),
        (changed("recorded_at", "yesterday"), "snapshot.recorded_at"),
        (changed("recorded_at", "2026-11-23T12:00:00"), "snapshot.recorded_at"),
        (changed("recorded_at", "2026-11-23 12:00:00Z"), "snapshot.recorded_at"),
        (changed("recorded_at", "2026-1-2T3:4:5Z"), "snapshot.recorded_at"),
        (changed("recorded_at", "2026-W48-1T12:00:00Z"), "snapshot.recorded_at"),
        (changed("recorded_at", "2026-11-23T12:00:00.000001Z"), "snapshot.recorded_at"),
        (changed("recorded_at", "2026-11-23T12:00:00+00:00Z"), "snapshot.recorded_at"),
        (changed("host.more", 1), "host: unknown keys"),
        (changed("stores", None), "stores: expected a list"),
        (changed(f"{CERTIFICATE}.content", "MA=A"), "content is no base64"),
        (changed(f"{CERTIFICATE}.content", "*MAA="), "content is no base64"),
        (changed(f"{CERTIFICATE}.content", "\u00e9"), "content is no base64"),
        (changed(f"{CERTIFICATE}.content", base64.b64encode(bytes(65537)).decode()), "has 65537 bytes"),
        (changed(f"{CERTIFICATE}.archived", 1), "archived: expected true, false or null"),
        (changed(f"{CERTIFICATE}.private_key", {}), "private_key: unknown keys [], missing keys"),
        (changed(f"{CERTIFICATE}.private_key.storage", "tpm"), "neither csp nor cng"),
        (changed(f"{CERTIFICATE}.private_key.key_spec", "1"), "key_spec"),
        (changed(f"{CERTIFICATE}.private_key.key_spec", True), "key_spec"),
        (changed(f"{CERTIFICATE}.private_key.error.hresult", 2**32), "32 bits"),
        (changed(f"{CERTIFICATE}.private_key.public_key.values", ["C1"]), "two hexadecimal numbers"),
        (changed(f"{CERTIFICATE}.private_key.public_key.values", ["C1", "0x1"]), "two hexadecimal numbers"),
        (changed(f"{CERTIFICATE}.private_key.public_key.algorithm", "DSA"), "neither RSA nor EC"),
        (changed("stores.1.error", None), "both that the store was read and that it was not"),
        (changed("stores.0.error", {"message": "m", "hresult": None}), "both that the store was read and that it was not"),
        (changed("stores.1.name", "mY"), "a store twice"),
    ],
)
def test_what_cannot_be_relied_on_is_refused(text: str, words: str) -> None:
    with pytest.raises(SnapshotError) as caught:
        load(text, source="snapshots/pchat1.json")
    assert words in str(caught.value)
    assert "snapshots/pchat1.json" in str(caught.value)
    assert len(str(caught.value)) < 900


def test_half_a_character_of_a_host_can_be_written() -> None:
    snapshot = load(changed(f"{CERTIFICATE}.friendly_name", "a\ud83d"), source="x")
    assert snapshot.stores[0].certificates[0].friendly_name == "a\ufffd"
    dump(snapshot).encode("utf-8")


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("pchat1.example.com", "pchat1.example.com.json"),
        ("../../etc/passwd", "%2E.%2F..%2Fetc%2Fpasswd.json"),
        ("..", "%2E..json"),
        ("", "%2E.json"),
        ("a:b\\c d", "a%3Ab%5Cc%20d.json"),
        ("a%2Fb", "a%252Fb.json"),
        ("\u00fc", "%C3%BC.json"),
    ],
)
def test_file_names_are_safe(host: str, expected: str) -> None:
    assert file_name(host) == expected


def test_long_names_stay_different() -> None:
    first, second = file_name("a" * 300 + "1"), file_name("a" * 300 + "2")
    assert first != second
    assert max(len(first), len(second)) <= 205
