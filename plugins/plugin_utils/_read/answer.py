# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What came back from a host: one JSON document, gzipped, in base64, between two marks, with any noise around it.

What is between the marks is whole or refused: gzip carries a checksum and a length, so a cut answer can't pass as a short one.
"""
from __future__ import annotations

import base64
import binascii
import json
import zlib
from datetime import datetime

from .._snapshot.files import SnapshotError, read_host, read_stores
from .._snapshot.snapshot import Snapshot

LARGEST_DOCUMENT = 64 * 1024 * 1024
"""Bytes of the unpacked document: 5,000 certificates of 9 KiB each."""
_FORMAT = 1
_SHOWN_LINES = 4
_SHOWN_CHARACTERS = 160


class AnswerError(ValueError):
    """The host answered, but not (only) with what was asked; the message ends with the first lines of what came."""


def marks(subject: str = "stores") -> tuple[str, str]:
    """What stands before and behind the answer about ``subject``."""
    return f"<<<lync.persistent_chat.{subject} ", f" lync.persistent_chat.{subject}>>>"


def parse_answer(stdout: str, *, name: str, recorded_at: datetime) -> Snapshot:
    """The snapshot of the host that was asked under ``name`` and answered ``stdout`` at ``recorded_at`` (UTC).

    Raises AnswerError for an answer that is missing, cut, doubled, of another version, too large or not of the agreed form.
    """
    content = document(stdout)
    if not isinstance(content, dict) or set(content) != {"format", "host", "stores"} or content["format"] != _FORMAT:
        raise AnswerError(_told("The answer of the host is not a document of the agreed form", stdout))
    try:
        host, stores = read_host(content["host"]), read_stores(content["stores"])
    except SnapshotError as error:
        raise AnswerError(_told(f"The answer of the host does not have the agreed form ({error})", stdout)) from None
    return Snapshot(name=name, recorded_at=recorded_at.replace(microsecond=0), host=host, stores=stores)


def excerpt(text: str, width: int = _SHOWN_CHARACTERS) -> str:
    """The first lines of a host's output, in printable ASCII, for a message; "nothing" if there is none."""
    lines = [line.strip() for line in text[:20_000].splitlines() if line.strip()]
    if not lines:
        return "nothing"
    shown = [_printable(line[:width]) + "..." * (len(line) > width) for line in lines[:_SHOWN_LINES]]
    return " | ".join(shown) + " | ..." * (len(lines) > _SHOWN_LINES)


def document(stdout: str, *, subject: str = "stores") -> object:
    """The JSON document between the marks of ``subject``. Raises AnswerError unless there is exactly one, whole and of format 1."""
    begin, end = marks(subject)
    # a host without a console may break long lines at 80 characters
    text = stdout.replace("\r", "").replace("\n", "")
    if not text.strip():
        raise AnswerError("The host ran something and wrote nothing")
    begins, ends = text.count(begin), text.count(end)
    if begins == 0 and ends == 0:
        raise AnswerError(_told("The host ran something, but what it wrote holds no answer of the reading script", stdout))
    if begins > 1 or ends > 1:
        raise AnswerError(_told("The answer of the host came more than once, and it can't be told which is the right one", stdout))
    start, stop = text.find(begin) + len(begin), text.find(end)
    body = text[start:stop]
    form, _space, packed = body.partition(" ")
    if begins == 0 or stop < start or not body.isascii() or not form.isdigit():
        raise AnswerError(_told("The answer of the host is cut or garbled", stdout))
    if form != str(_FORMAT):
        raise AnswerError(_told(f"The answer of the host has format {form[:9]}, and format {_FORMAT} was asked for", stdout))
    try:
        return json.loads(_unpacked("".join(packed.split()), stdout).decode("ascii"))
    except (ValueError, RecursionError) as error:
        if isinstance(error, AnswerError):
            raise
        raise AnswerError(_told(f"The answer of the host is garbled ({str(error)[:120]})", stdout)) from None


def _unpacked(packed: str, stdout: str) -> bytes:
    """The gzip member as bytes; never more than LARGEST_DOCUMENT of them are made."""
    stream = zlib.decompressobj(wbits=31)
    try:
        data = stream.decompress(base64.b64decode(packed, validate=True), LARGEST_DOCUMENT + 1)
    except (binascii.Error, zlib.error) as error:
        raise AnswerError(_told(f"The answer of the host is garbled ({error})", stdout)) from None
    if len(data) > LARGEST_DOCUMENT:
        raise AnswerError(_told(f"The answer of the host is larger than {LARGEST_DOCUMENT // (1024 * 1024)} MiB", stdout))
    if not stream.eof or stream.unused_data:
        raise AnswerError(_told("The answer of the host is cut or garbled", stdout))
    return data


def _told(what: str, stdout: str) -> str:
    return f"{what}. It begins with: {excerpt(stdout)}"


def _printable(text: str) -> str:
    return "".join(character if " " <= character <= "~" else f"\\u{ord(character):04x}" for character in text)
