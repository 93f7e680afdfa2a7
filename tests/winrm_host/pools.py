# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runspace pools: PSRP over WS-Management (MS-PSRP 3.1.5.3), seen from the host; the PSRP itself is an executor's."""
from __future__ import annotations

import base64
import threading
import time
import uuid
import xml.etree.ElementTree as ET

from .executor import PoolProcess
from .faults import Rule
from .psrp import Assembler, Message, ended, spoiled
from .soap import POWERSHELL


class Outlet:
    """What a pool or a pipeline has to say, in whole fragments: a client takes an answer's bytes as such."""

    def __init__(self, rule: Rule | None = None) -> None:
        self._rule = rule
        self._held: list[Message] = []
        self._assembler = Assembler()
        self._fragments: list[bytes] = []
        self._closed = False
        self._changed = threading.Condition()

    def put(self, fragments: bytes) -> None:
        with self._changed:
            for parcel in self._assembler.feed(fragments):
                if self._rule is None:
                    self._fragments += parcel.fragments()
                    continue
                self._held.append(parcel.message())
                if ended(self._held[-1]):
                    for changed in spoiled(self._rule, self._held):
                        self._fragments += changed.fragments()
                    self._held.clear()
            self._changed.notify_all()

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def take(self, wait: float, limit: int) -> tuple[list[bytes], bool] | None:
        """Fragments of ``limit`` bytes together at most (one at least), and whether that is the end; None if none came in time."""
        with self._changed:
            if not self._changed.wait_for(lambda: bool(self._fragments) or self._closed, wait):
                return None
            taken: list[bytes] = []
            while self._fragments and (not taken or sum(map(len, taken)) + len(self._fragments[0]) <= limit):
                taken.append(self._fragments.pop(0))
            return taken, self._closed and not self._fragments


class Pool:
    """A shell whose commands are pipelines."""

    def __init__(self, user: str, client: str, resource: str, ident: str | None, process: PoolProcess) -> None:
        self.id = (ident or str(uuid.uuid4())).upper()
        self.user, self.client, self.resource = user, client, resource
        self.started = time.time()
        self.ended = False
        self._process = process
        self._own = Outlet()
        self._pipelines: dict[str, Outlet] = {}
        process.open(self._emit, self._end)

    def _emit(self, pipeline: str, fragments: bytes) -> None:
        outlet = self.outlet(pipeline)
        if outlet is not None:  # else the client has closed it already
            outlet.put(fragments)

    def _end(self) -> None:
        self.ended = True
        for outlet in (self._own, *list(self._pipelines.values())):
            outlet.close()

    def outlet(self, pipeline: str) -> Outlet | None:
        """Where the pool's (empty id) or a pipeline's output waits."""
        return self._pipelines.get(pipeline) if pipeline else self._own

    def create(self, shell: ET.Element) -> None:
        """The first fragments, out of the Create request's body."""
        self._process.send("", base64.b64decode(shell.findtext(f"{{{POWERSHELL}}}creationXml") or ""))

    def command(self, line: ET.Element, rule: Rule | None) -> str:
        """A new pipeline, out of the Command request's CommandLine; its id."""
        ident = (line.get("CommandId") or str(uuid.uuid4())).upper()
        self._pipelines[ident] = Outlet(rule)
        self._process.create(ident)
        self._process.send(ident, base64.b64decode("".join(node.text or "" for node in line if node.tag.endswith("}Arguments"))))
        return ident

    def send(self, pipeline: str, fragments: bytes, stream: str) -> None:
        """Fragments out of a Send request; the stream ``pr`` carries answers to host calls."""
        self._process.send(pipeline, fragments, stream == "pr")

    def signal(self, pipeline: str, code: str) -> None:
        """Ctrl-C or the end of a pipeline."""
        if code.endswith("ctrl_c"):
            self._process.stop(pipeline)
        else:
            self._process.close(pipeline)
        outlet = self._pipelines.pop(pipeline, None)
        if outlet is not None:
            outlet.close()

    def close(self) -> None:
        """The end of the pool; pipelines first, for a server waits for each and clients leave them open."""
        for pipeline in list(self._pipelines):
            self._process.close(pipeline)
        self._process.close()
