# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import base64
import gzip
import json
from datetime import datetime, timezone
from typing import Any

import pytest

from ansible_collections.lync.persistent_chat.plugins.plugin_utils._read import answer
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._read.answer import AnswerError, excerpt, marks, parse_answer

BEGIN, END = marks()
NOW = datetime(2026, 11, 23, 12, 0, 0, 999, tzinfo=timezone.utc)
HOST = {
    "name": "pchat1", "domain": "example.com", "clock": "2026-11-23T11:59:58Z", "os_version": "Microsoft Windows NT 6.3.9600.0",
    "powershell_version": "4.0", "elevated": True, "lync_version": None, "tls_1_0_disabled": False, "trusted_issuer_list": None,
}  # fmt: skip
STORE = {"name": "My", "missing": False, "error": None, "certificates": []}


def packed(document: Any) -> str:
    return base64.b64encode(gzip.compress(json.dumps(document).encode())).decode()


def said(document: Any, number: str = "1") -> str:
    return f"{BEGIN}{number} {packed(document)}{END}"


def document(**changes: Any) -> dict[str, Any]:
    return {"format": 1, "host": HOST, "stores": [STORE]} | changes


def parse(stdout: str) -> Any:
    return parse_answer(stdout, name="pchat1.example.com", recorded_at=NOW)


def test_an_answer_becomes_a_snapshot() -> None:
    snapshot = parse(said(document()))
    assert (snapshot.name, snapshot.host.fqdn, snapshot.host.elevated) == ("pchat1.example.com", "pchat1.example.com", True)
    assert snapshot.recorded_at == NOW.replace(microsecond=0)
    assert [(store.name, store.certificates, store.error, store.missing) for store in snapshot.stores] == [("My", (), None, False)]


@pytest.mark.parametrize("width", [7, 79, 80, 120])
def test_noise_around_and_broken_lines_do_not_matter(width: int) -> None:
    whole = said(document())
    lines = [whole[start:start + width] for start in range(0, len(whole), width)]
    assert parse("\ufeffHello from a profile\r\n{}\r\n" + "\r\n".join(lines) + "\r\nBye <<<") == parse(said(document()))


WHOLE = said(document())
BODY = packed(document())


@pytest.mark.parametrize(
    ("stdout", "words"),
    [
        ("", "wrote nothing"),
        (" \r\n", "wrote nothing"),
        ("Access is denied.", "holds no answer"),
        ("<html>\nportal</html>", "<html> | portal</html>"),
        (WHOLE[:60], "cut or garbled"),
        (WHOLE[: -len(END)], "cut or garbled"),
        (WHOLE[60:], "cut or garbled"),
        (f"{BEGIN}1 {BODY[:-40]}{END}", "cut or garbled"),
        (f"{BEGIN}1 {BODY[:-41]}{END}", "garbled"),
        (f"{BEGIN}1 {BODY[:40]}{BODY[44:]}{END}", "garbled"),
        (f"{BEGIN}1 {BODY[:40]}\u00e9{BODY[40:]}{END}", "cut or garbled"),
        (f"{BEGIN}1 {END}", "cut or garbled"),
        (WHOLE + "\n" + WHOLE, "more than once"),
        (WHOLE + BEGIN, "more than once"),
        (said(document(), "2"), "format 2, and format 1 was asked for"),
        (said(document(format=2)), "not a document of the agreed form"),
        (said([]), "not a document of the agreed form"),
        (said(document(more=1)), "not a document of the agreed form"),
        (said(document(stores={})), "stores: expected a list"),
        (said(document(stores=[STORE, STORE | {"name": "mY"}])), "a store twice"),
        (said(document(stores=[STORE | {"missing": None}])), "stores[0].missing"),
        (said(document(stores=[STORE | {"missing": True}])), "both that the store was read and that it was not"),
        (said(document(host=HOST | {"elevated": "yes"})), "host.elevated"),
        (said(document(host=HOST | {"name": ""})), "host.name is empty"),
        (said(document(host=HOST | {"clock": "2569-11-23T11:59:58"})), "host.clock"),
        (said({key: value for key, value in document().items() if key != "host"}), "not a document of the agreed form"),
        (f"{BEGIN}1 {base64.b64encode(gzip.compress(b'[' * 100_000)).decode()}{END}", "garbled"),
        (f"{BEGIN}1 {base64.b64encode(gzip.compress(b'{}') + gzip.compress(b'{}')).decode()}{END}", "cut or garbled"),
    ],
)
def test_an_answer_that_cannot_be_relied_on_is_refused_and_shown(stdout: str, words: str) -> None:
    with pytest.raises(AnswerError) as caught:
        parse(stdout)
    assert words in str(caught.value)
    assert len(str(caught.value)) < 1500


def test_every_cut_is_seen() -> None:
    for length in range(len(WHOLE)):
        with pytest.raises(AnswerError):
            parse(WHOLE[:length])


def test_every_flipped_byte_of_the_packed_document_is_seen() -> None:
    data = gzip.compress(json.dumps(document()).encode(), mtime=0)
    for index in range(10, len(data)):  # the header before says no more than a time and a system
        wrong = data[:index] + bytes([data[index] ^ 4]) + data[index + 1:]
        with pytest.raises(AnswerError):
            parse(f"{BEGIN}1 {base64.b64encode(wrong).decode()}{END}")


def test_a_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answer, "LARGEST_DOCUMENT", 1024 * 1024)
    bomb = base64.b64encode(gzip.compress(b" " * 1024 * 1024 + b"1")).decode()
    with pytest.raises(AnswerError, match="larger than 1 MiB"):
        parse(f"{BEGIN}1 {bomb}{END}")


def test_an_excerpt_is_short_and_plain() -> None:
    shown = excerpt("\x1b[31mred\r\n\n" + "y" * 500 + "\n3\n4\n5\n")
    assert shown == "\\u001b[31mred | " + "y" * 160 + "... | 3 | 4 | ..."
    assert excerpt("\n ") == "nothing"
