# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a simulated host does with a command line or a runspace pool; and what it is told about the command."""
from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Order:
    """A command that a client wants run.

    ``console`` means that it sends no standard input and wants a console there. ``emit(stream, data)`` may be called from any thread,
    ``finish(rc)`` once, at the end.
    """

    line: str
    console: bool
    emit: Callable[[str, bytes], None]
    finish: Callable[[int], None]
    environment: dict[str, str] = field(default_factory=dict)
    directory: str | None = None
    user: str = ""


class Process(Protocol):
    """A command that runs."""

    def write(self, data: bytes, end: bool) -> None:
        """Standard input, in pieces."""

    def kill(self) -> None:
        """Ends it, if it has not ended."""


class PoolProcess(Protocol):
    """A PSRP server, one for a runspace pool: it takes PSRP fragments and gives PSRP fragments (MS-PSRP 2.2.4).

    The pool itself is the empty ``pipeline``; others are upper-case GUIDs. ``emit(pipeline, fragments)`` is called with whole fragments,
    ``ended()`` when no more can come.
    """

    def open(self, emit: Callable[[str, bytes], None], ended: Callable[[], None]) -> None:
        """Starts it."""

    def create(self, pipeline: str) -> None:
        """A new pipeline; its first fragments follow by send."""

    def send(self, pipeline: str, fragments: bytes, prompt_response: bool = False) -> None:
        """Whole fragments from the client."""

    def stop(self, pipeline: str) -> None:
        """Ctrl-C."""

    def close(self, pipeline: str = "") -> None:
        """The end of a pipeline, or of all."""


class Executor(Protocol):
    """What a simulated host runs things with."""

    def start(self, order: Order) -> Process:
        """Runs a command line."""

    def pool(self) -> PoolProcess | None:
        """A PSRP server for a new runspace pool; None if this host has none."""


_ENCODED = re.compile(r"(?i)(\s-(?:encodedcommand|enc|ec|e)\s+)([A-Za-z0-9+/=]+)")


def encoded_script(line: str) -> str | None:
    """The script of a ``powershell ... -EncodedCommand X`` line, or None if the line has none (or it is no base64 of UTF-16)."""
    found = _ENCODED.search(line)
    if not found:
        return None
    try:
        return base64.b64decode(found[2], validate=True).decode("utf-16-le")
    except (binascii.Error, UnicodeDecodeError):
        return None


def with_script(line: str, script: str) -> str:
    """The same line with another script."""
    code = base64.b64encode(script.encode("utf-16-le")).decode()
    return _ENCODED.sub(lambda found: found[1] + code, line, count=1)
