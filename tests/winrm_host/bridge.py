# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A runspace pool in a child that speaks PSRP over standard input and output, as ``pwsh -s`` does.

PSRP's messages pass as they are; only their wrapping differs: Create, Command, Send, Receive, Signal and Delete over WS-Management,
``<Data/>``, ``<Command/>``, ``<Signal/>``, ``<Close/>`` and their Acks over the pipe (PowerShell's OutOfProcTransportManager).
"""
from __future__ import annotations

import base64
import contextlib
import subprocess
import threading
import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping, Sequence

from .child import kill_group
from .psrp import Assembler, Parcel

_POOL = "00000000-0000-0000-0000-000000000000"
_ACK_WAIT = 60.0
_CLOSE_WAIT = 5.0


class Bridge:
    """The child of one pool. ``change`` may write other bytes of the same number into what is sent to it."""

    def __init__(self, arguments: Sequence[str], environment: Mapping[str, str], change: Callable[[bytes], bytes]) -> None:
        self._arguments, self._environment, self._change = list(arguments), dict(environment), change
        self._assemblers: dict[tuple[str, bool], Assembler] = {}
        self._acks: set[tuple[str, str]] = set()
        self._acked = threading.Condition()
        self._writing = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None

    def open(self, emit: Callable[[str, bytes], None], ended: Callable[[], None]) -> None:
        """Starts the child."""
        self._child = subprocess.Popen(self._arguments, env=self._environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                       stderr=subprocess.DEVNULL, start_new_session=True)
        threading.Thread(target=self._read, args=(self._child, emit, ended), daemon=True).start()

    def create(self, pipeline: str) -> None:
        """A new pipeline."""
        self._tell("Command", pipeline)

    def send(self, pipeline: str, fragments: bytes, prompt_response: bool = False) -> None:
        """Passes on what is whole, changed; a fragment whose object is not whole waits, for what is to be changed may lie across."""
        assembler = self._assemblers.setdefault((pipeline, prompt_response), Assembler())
        whole = [Parcel(parcel.number, self._change(parcel.content), parcel.sizes) for parcel in assembler.feed(fragments)]
        if whole:
            self._tell("Data", pipeline, b"".join(part for parcel in whole for part in parcel.fragments()),
                       "PromptResponse" if prompt_response else "Default")

    def stop(self, pipeline: str) -> None:
        """Ctrl-C."""
        self._tell("Signal", pipeline, wait=2 * _CLOSE_WAIT)

    def close(self, pipeline: str = "") -> None:
        """The end of a pipeline or, without one, of the child."""
        if self._child is None or self._child.poll() is not None:
            return
        self._tell("Close", pipeline, wait=_CLOSE_WAIT)
        if pipeline or self._child.stdin is None:
            return
        with contextlib.suppress(OSError):  # it may have ended
            self._child.stdin.close()
        try:
            self._child.wait(2)
        except subprocess.TimeoutExpired:
            kill_group(self._child)
            self._child.wait()

    def _read(self, child: subprocess.Popen[bytes], emit: Callable[[str, bytes], None], ended: Callable[[], None]) -> None:
        for line in child.stdout or ():
            try:
                node = ET.fromstring(line)
            except ET.ParseError:
                continue  # chatter of the child, not the protocol
            guid = node.get("PSGuid", _POOL).lower()
            if node.tag == "Data":
                emit("" if guid == _POOL else guid.upper(), base64.b64decode(node.text or ""))
            else:
                with self._acked:
                    self._acks.add((node.tag, guid))
                    self._acked.notify_all()
        child.wait()
        ended()
        with self._acked:
            self._acked.notify_all()

    def _tell(self, tag: str, pipeline: str, data: bytes | None = None, stream: str = "Default", wait: float = _ACK_WAIT) -> None:
        child, guid = self._child, (pipeline or _POOL).lower()
        if child is None or child.stdin is None:
            return
        line = (f"<{tag} PSGuid='{guid}' />" if data is None
                else f"<{tag} Stream='{stream}' PSGuid='{guid}'>{base64.b64encode(data).decode()}</{tag}>")
        key = (tag + "Ack", guid)
        with self._writing:
            try:
                child.stdin.write(line.encode() + b"\n")
                child.stdin.flush()
            except (OSError, ValueError):
                return  # it has ended, which Receive tells the client
            with self._acked:
                self._acked.wait_for(lambda: key in self._acks or child.poll() is not None, wait)
                self._acks.discard(key)
