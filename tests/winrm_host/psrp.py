# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PowerShell remoting messages and the fragments they travel in (MS-PSRP 2.2.1, 2.2.4), as far as a host here has to look into them."""
from __future__ import annotations

import re
import struct
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from xml.sax.saxutils import escape

from .faults import Rule, Said, spoil

SESSION_CAPABILITY = 0x00010002
INIT_RUNSPACEPOOL = 0x00010004
RUNSPACEPOOL_STATE = 0x00021005
CREATE_PIPELINE = 0x00021006
APPLICATION_PRIVATE_DATA = 0x00021009
PIPELINE_INPUT = 0x00041002
END_OF_PIPELINE_INPUT = 0x00041003
PIPELINE_OUTPUT = 0x00041004
PIPELINE_STATE = 0x00041006
PIPELINE_HOST_CALL = 0x00041100

SET_SHOULD_EXIT = 6
WRITE_ERROR_LINE = 18

_HEADER = struct.Struct(">QQBI")
_LARGEST_BLOB = 30000
_TO_CLIENT = 1
_NEW_OBJECTS = 1 << 40


@dataclass(frozen=True, slots=True)
class Message:
    """One message: destination (1 client, 2 server), type, ids of pool and pipeline (16 bytes each), CLIXML."""

    destination: int
    kind: int
    pool: bytes
    pipeline: bytes
    data: str


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message's bytes as one object of the fragment layer, with the sizes of the fragments it came in."""

    number: int
    content: bytes
    sizes: tuple[int, ...]

    def fragments(self) -> list[bytes]:
        """The object in fragments again, of the same sizes."""
        parts, at = [], 0
        for index, size in enumerate(self.sizes):
            flags = (1 if index == 0 else 0) | (2 if index == len(self.sizes) - 1 else 0)
            parts.append(_HEADER.pack(self.number, index, flags, size) + self.content[at:at + size])
            at += size
        return parts

    def message(self) -> Message:
        """What is in it."""
        destination, kind = struct.unpack("<II", self.content[:8])
        return Message(destination, kind, self.content[8:24], self.content[24:40], self.content[40:].decode("utf-8-sig"))


def parcel(number: int, message: Message) -> Parcel:
    """A message made ready to travel."""
    content = struct.pack("<II", message.destination, message.kind) + message.pool + message.pipeline + message.data.encode()
    whole, rest = divmod(len(content), _LARGEST_BLOB)
    return Parcel(number, content, (_LARGEST_BLOB,) * whole + ((rest,) if rest else ()))


class Assembler:
    """Takes fragments, gives objects once they are whole."""

    def __init__(self) -> None:
        self._open: dict[int, list[bytes]] = {}

    def feed(self, fragments: bytes) -> list[Parcel]:
        """The objects that these fragments complete. Raises ValueError for a fragment that is cut."""
        done, at = [], 0
        while at < len(fragments):
            if len(fragments) - at < _HEADER.size:
                raise ValueError("a PSRP fragment's header is cut")
            number, _index, flags, size = _HEADER.unpack_from(fragments, at)
            at += _HEADER.size
            if len(fragments) - at < size:
                raise ValueError("a PSRP fragment is cut")
            self._open.setdefault(number, []).append(fragments[at:at + size])
            at += size
            if flags & 2:
                blobs = self._open.pop(number)
                done.append(Parcel(number, b"".join(blobs), tuple(len(blob) for blob in blobs)))
        return done


# ---- CLIXML, as much as is needed (MS-PSRP 2.2.5)

def text_of(data: str) -> str | None:
    """The value of a message that is one string; None if it is anything else."""
    node = ET.fromstring(data)
    return _decoded(node.text or "") if node.tag.rpartition("}")[2] == "S" else None


def text_xml(value: str) -> str:
    """A string as CLIXML; control characters and what looks like their escape are escaped (MS-PSRP 2.2.5.3.2)."""
    return f"<S>{_encoded(value)}</S>"


def named(data: str, name: str) -> str:
    """The text of the first property of that name; empty if there is none."""
    for node in ET.fromstring(data).iter():
        if node.get("N") == name:
            return _decoded(node.text or "")
    return ""


def host_call(method: int, name: str, argument: str) -> str:
    """A call of a method of the client's host that answers nothing (MS-PSRP 2.2.2.27); ``argument`` is CLIXML."""
    return (f'<Obj RefId="0"><MS><I64 N="ci">-100</I64><Obj N="mi" RefId="1"><TN RefId="0">'
            "<T>System.Management.Automation.Remoting.RemoteHostMethodId</T><T>System.Enum</T><T>System.ValueType</T><T>System.Object</T></TN>"
            f'<ToString>{name}</ToString><I32>{method}</I32></Obj><Obj N="mp" RefId="2"><TN RefId="1"><T>System.Collections.ArrayList</T>'
            f"<T>System.Object</T></TN><LST>{argument}</LST></Obj></MS></Obj>")


def state(name: str, value: int) -> str:
    """The CLIXML of RUNSPACEPOOL_STATE and PIPELINE_STATE."""
    return f'<Obj RefId="0"><MS><I32 N="{name}">{value}</I32></MS></Obj>'


def _decoded(value: str) -> str:
    units = re.sub(r"_x([0-9A-Fa-f]{4})_", lambda found: chr(int(found[1], 16)), value)
    return units.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _encoded(value: str) -> str:
    value = re.sub(r"_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", value)
    return escape(re.sub(r"[\x00-\x1f\x7f-\x9f]", lambda found: f"_x{ord(found[0]):04X}_", value))


# ---- output rules

def ended(message: Message) -> bool:
    """Whether this is a pipeline's last word: stopped, completed or failed (MS-PSRP 2.2.3.4: 3, 4, 5)."""
    return message.kind == PIPELINE_STATE and named(message.data, "PipelineState") in ("3", "4", "5")


def spoiled(rule: Rule, messages: Sequence[Message]) -> list[Parcel]:
    """A pipeline's messages under an output rule: its strings are one text, as stdout is for WinRS."""
    last = messages[-1]
    strings = [text_of(message.data) if message.kind == PIPELINE_OUTPUT else None for message in messages]
    stdout = "".join(f"{text}\r\n" for text in strings if text is not None)
    exits = [message for message in messages if _is_exit(message)]
    rc = int(ET.fromstring(exits[-1].data).findtext(".//LST/I32") or 0) if exits else 0
    said = spoil(rule, Said(stdout.encode(), b"", rc))
    new: list[Message] = [message for message, text in zip(messages[:-1], strings, strict=False) if text is None and message not in exits]
    if said.stdout:
        text = said.stdout.decode("utf-8", "replace")
        new.append(_output(last, PIPELINE_OUTPUT, text_xml(text[:-2] if text.endswith("\r\n") else text)))
    if said.stderr:
        call = host_call(WRITE_ERROR_LINE, "WriteErrorLine", text_xml(said.stderr.decode("utf-8", "replace")))
        new.append(_output(last, PIPELINE_HOST_CALL, call))
    if said.rc:
        new.append(_output(last, PIPELINE_HOST_CALL, host_call(SET_SHOULD_EXIT, "SetShouldExit", f"<I32>{said.rc}</I32>")))
    return parcels([*new, last])


def parcels(messages: Iterable[Message], first: int = _NEW_OBJECTS) -> list[Parcel]:
    """Messages made ready to travel, numbered from ``first``."""
    return [parcel(first + index, message) for index, message in enumerate(messages)]


def _output(like: Message, kind: int, data: str) -> Message:
    return replace(like, destination=_TO_CLIENT, kind=kind, data=data)


def _is_exit(message: Message) -> bool:
    return message.kind == PIPELINE_HOST_CALL and "<ToString>SetShouldExit</ToString>" in message.data
