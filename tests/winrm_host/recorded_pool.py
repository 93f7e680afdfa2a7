# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A PSRP server without PowerShell, just able enough to take a script with text input and to answer text (MS-PSRP 3.2)."""
from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from . import psrp
from .faults import Said
from .psrp import Assembler, Message

_NOBODY = bytes(16)
_OPENED, _COMPLETED, _STOPPED = 2, 4, 3
_CAPABILITY = ('<Obj RefId="0"><MS><Version N="protocolversion">2.3</Version><Version N="PSVersion">2.0</Version>'
               '<Version N="SerializationVersion">1.1.0.1</Version></MS></Obj>')
_PRIVATE_DATA = ('<Obj RefId="0"><MS><Obj N="ApplicationPrivateData" RefId="1"><TN RefId="0">'
                 "<T>System.Management.Automation.PSPrimitiveDictionary</T><T>System.Collections.Hashtable</T><T>System.Object</T></TN><DCT/></Obj></MS></Obj>")


@dataclass(slots=True)
class _Pipeline:
    script: str = ""
    ident: bytes = _NOBODY
    lines: list[str] = field(default_factory=list)
    assembler: Assembler = field(default_factory=Assembler)


class RecordedPool:
    """One pool; ``say(script, stdin)`` is what a pipeline with this script and input answers."""

    def __init__(self, say: Callable[[str, str], Said]) -> None:
        self._say = say
        self._pool = _NOBODY
        self._number = 0
        self._assembler = Assembler()
        self._pipelines: dict[str, _Pipeline] = {}
        self._lock = threading.Lock()

    def open(self, emit: Callable[[str, bytes], None], ended: Callable[[], None]) -> None:
        """Keeps whom to answer."""
        self._emit, self._ended = emit, ended

    def create(self, pipeline: str) -> None:
        """A new pipeline."""
        self._pipelines[pipeline] = _Pipeline()

    def send(self, pipeline: str, fragments: bytes, prompt_response: bool = False) -> None:
        """Takes messages in, and answers those that want an answer."""
        with self._lock:
            if not pipeline:
                for parcel in self._assembler.feed(fragments):
                    self._pool_message(parcel.message())
            elif pipeline in self._pipelines:
                running = self._pipelines[pipeline]
                for parcel in running.assembler.feed(fragments):
                    self._pipeline_message(pipeline, running, parcel.message())

    def stop(self, pipeline: str) -> None:
        """Ctrl-C: it is stopped at once."""
        running = self._pipelines.pop(pipeline, None)
        if running is not None:
            self._answer(pipeline, running.ident, psrp.PIPELINE_STATE, psrp.state("PipelineState", _STOPPED))

    def close(self, pipeline: str = "") -> None:
        """The end of a pipeline or of the pool."""
        if pipeline:
            self._pipelines.pop(pipeline, None)
        else:
            self._ended()

    def _pool_message(self, message: Message) -> None:
        if message.kind == psrp.SESSION_CAPABILITY:
            self._pool = message.pool
            self._answer("", _NOBODY, psrp.SESSION_CAPABILITY, _CAPABILITY)
        elif message.kind == psrp.INIT_RUNSPACEPOOL:
            self._answer("", _NOBODY, psrp.APPLICATION_PRIVATE_DATA, _PRIVATE_DATA)
            self._answer("", _NOBODY, psrp.RUNSPACEPOOL_STATE, psrp.state("RunspaceState", _OPENED))

    def _pipeline_message(self, name: str, running: _Pipeline, message: Message) -> None:
        if message.kind == psrp.CREATE_PIPELINE:
            running.script, running.ident = psrp.named(message.data, "Cmd"), message.pipeline
            if psrp.named(message.data, "NoInput") == "true":
                self._run(name, running)
        elif message.kind == psrp.PIPELINE_INPUT:
            running.lines.append(psrp.text_of(message.data) or "")
        elif message.kind == psrp.END_OF_PIPELINE_INPUT:
            self._run(name, running)

    def _run(self, name: str, running: _Pipeline) -> None:
        said = self._say(running.script, "\n".join(running.lines))
        for line in said.stdout.decode().splitlines():
            self._answer(name, running.ident, psrp.PIPELINE_OUTPUT, psrp.text_xml(line))
        if said.stderr:
            call = psrp.host_call(psrp.WRITE_ERROR_LINE, "WriteErrorLine", psrp.text_xml(said.stderr.decode().rstrip()))
            self._answer(name, running.ident, psrp.PIPELINE_HOST_CALL, call)
        if said.rc:
            call = psrp.host_call(psrp.SET_SHOULD_EXIT, "SetShouldExit", f"<I32>{said.rc}</I32>")
            self._answer(name, running.ident, psrp.PIPELINE_HOST_CALL, call)
        self._answer(name, running.ident, psrp.PIPELINE_STATE, psrp.state("PipelineState", _COMPLETED))

    def _answer(self, name: str, ident: bytes, kind: int, data: str) -> None:
        self._number += 1
        parcel = psrp.parcel(self._number, Message(1, kind, self._pool, ident, data))
        self._emit(name, b"".join(parcel.fragments()))
