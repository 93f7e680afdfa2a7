# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The executor that has no PowerShell: it answers the collection's two scripts from a snapshot file, as of now."""
from __future__ import annotations

import base64
import gzip
import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from .executor import Order, PoolProcess, Process, encoded_script
from .faults import Said
from .recorded_pool import RecordedPool

_BOOTSTRAP = "[ScriptBlock]::Create(@($input)"
_STORE_NAMES = re.compile(r"\$storeNames\s*=\s*@\(([^)]*)\)")
_PATIENCE = re.compile(r"\$patience\s*=\s*\d+")
_NO_MODULE = {"stage": "module", "message": "No module Lync or SkypeForBusiness is installed.", "exception": None, "identifier": None,
              "hresult": None, "timed_out": False}
_NO_LYNC: Mapping[str, Any] = {"module": None, "assigned": [], "errors": [_NO_MODULE]}
_NOT_FOUND = {"message": "The system cannot find the file specified.", "hresult": 0x80070002}


class RecordingError(ValueError):
    """A file that is no snapshot."""


class Recorded:
    """A host that says what its snapshot says. Reads ``file`` at once; raises RecordingError, OSError."""

    def __init__(self, file: Path) -> None:
        try:
            document = json.loads(file.read_text(encoding="utf-8"))
            self._host: Mapping[str, Any] = document["host"]
            self._stores: Sequence[Mapping[str, Any]] = document["stores"]
            self._assignments: Mapping[str, Any] = document.get("assignments", _NO_LYNC)
            self.name = str(document["name"])
            self._host_name = str(self._host["name"])
        except (ValueError, KeyError, TypeError) as error:
            raise RecordingError(f"{file} is no snapshot of a host ({type(error).__name__}: {error})") from None

    def start(self, order: Order) -> Process:
        """Takes in all of standard input, then answers."""
        return _Answering(order, self)

    def pool(self) -> PoolProcess | None:
        """A small PSRP server that answers the same."""
        return RecordedPool(self.said)

    def said(self, script: str, stdin: str) -> Said:
        """What the host says to a script with this on its standard input."""
        if _BOOTSTRAP in script:
            names = _STORE_NAMES.search(stdin)
            if names:
                return Said(self.stores(re.findall(r"'([^']*)'", names[1])).encode() + b"\r\n", b"", 0)
            if _PATIENCE.search(stdin):
                return Said(_marked("assignments", {"format": 1, "assignments": self._assignments}).encode() + b"\r\n", b"", 0)
        if re.match(r"\s*hostname\b", script, re.I):
            return Said(self._host_name.encode() + b"\r\n", b"", 0)
        return Said(b"", b"This simulated host is a recording: it answers the scripts of lync.persistent_chat, nothing else.\r\n", 1)

    def stores(self, names: Sequence[str]) -> str:
        """The line that the reading script answers when it is asked for the stores of these names."""
        recorded = {str(store["name"]).lower(): store for store in self._stores}
        stores = [recorded.get(name.lower(), {"name": name, "missing": True, "error": _NOT_FOUND, "certificates": []}) for name in names]
        clock = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        return _marked("stores", {"format": 1, "host": {**self._host, "clock": clock}, "stores": stores})


def _marked(subject: str, document: Mapping[str, Any]) -> str:
    packed = gzip.compress(json.dumps(document, separators=(",", ":")).encode("ascii"), compresslevel=6, mtime=0)
    return f"<<<lync.persistent_chat.{subject} 1 {base64.b64encode(packed).decode()} lync.persistent_chat.{subject}>>>"


class _Answering:
    """A command that a recording plays."""

    def __init__(self, order: Order, host: Recorded) -> None:
        self._order, self._host = order, host
        self._stdin = bytearray()
        self._done = False
        if order.console:
            self._finish()

    def write(self, data: bytes, end: bool) -> None:
        """Standard input; the answer comes at its end."""
        self._stdin += data
        if end:
            self._finish()

    def kill(self) -> None:
        """Nothing runs."""
        self._done = True

    def _finish(self) -> None:
        if self._done:
            return
        self._done = True
        said = self._host.said(encoded_script(self._order.line) or self._order.line, self._stdin.decode("utf-8", "replace"))
        for stream, data in (("stdout", said.stdout), ("stderr", said.stderr)):
            if data:
                self._order.emit(stream, data)
        self._order.finish(said.rc)
