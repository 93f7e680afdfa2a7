# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""WS-Management messages as a remote shell host reads and writes them (DMTF DSP0226; MS-WSMV for the shell's own parts)."""
from __future__ import annotations

import re
import uuid
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from xml.sax.saxutils import escape

SOAP = "http://www.w3.org/2003/05/soap-envelope"
ADDRESSING = "http://schemas.xmlsoap.org/ws/2004/08/addressing"
WSMAN = "http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd"
TRANSFER = "http://schemas.xmlsoap.org/ws/2004/09/transfer"
MICROSOFT = "http://schemas.microsoft.com/wbem/wsman/1/wsman.xsd"
SHELL = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell"
CONFIG = "http://schemas.microsoft.com/wbem/wsman/1/config"
IDENTITY = "http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd"
FAULT = "http://schemas.microsoft.com/wbem/wsman/1/wsmanfault"
WMI = "http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/MSFT_WmiError"
POWERSHELL = "http://schemas.microsoft.com/powershell"
CMD_RESOURCE = SHELL + "/cmd"
STATE = SHELL + "/CommandState/"
CONTENT_TYPE = "application/soap+xml;charset=UTF-8"

_PREFIXES = f'xmlns:s="{SOAP}" xmlns:a="{ADDRESSING}" xmlns:x="{TRANSFER}" xmlns:w="{WSMAN}" xmlns:rsp="{SHELL}" xmlns:p="{MICROSOFT}"'
_QUOTA_EXCEEDED = 0x803381A6
_LONGEST_WAIT = 1800.0


@dataclass(frozen=True, slots=True)
class FaultKind:
    """One fault that Windows answers: SOAP code, subcode, WSManFault code, English reason."""

    code: str
    subcode: str
    number: int
    reason: str


FAULTS: dict[str, FaultKind] = {
    "TimedOut": FaultKind("Receiver", "w:TimedOut", 2150858793,
                          "The WS-Management service cannot complete the operation within the time specified in OperationTimeout."),
    "InvalidShell": FaultKind("Sender", "w:InvalidSelectors", 2150858843,
                              "The request for the Windows Remote Shell with the given ShellId failed because the shell was not "
                              "found on the server."),
    "InvalidCommand": FaultKind("Sender", "w:InvalidSelectors", 2150858843,
                                "The Windows Remote Shell received a request to perform an operation on a command identifier "
                                "that does not exist."),
    "InvalidResource": FaultKind("Sender", "a:DestinationUnreachable", 2150858752,
                                 "The WS-Management service cannot find the resource identified by the resource URI."),
    "ActionNotSupported": FaultKind("Sender", "a:ActionNotSupported", 2150858753, "The action is not supported."),
    "EnvelopeTooBig": FaultKind("Sender", "w:EncodingLimit", 2150858881, "The request exceeds the MaxEnvelopeSize of the service."),
    "Busy": FaultKind("Receiver", "w:InternalError", 170, "The requested resource is in use."),
    "AccessDenied": FaultKind("Sender", "w:AccessDenied", 5, "Access is denied."),
    "Quota": FaultKind("Receiver", "w:QuotaLimit", 2150859174,
                       "This user is allowed a maximum number of concurrent operations, which has been exceeded."),
}


class SoapFault(Exception):
    """The host answers with this fault, one of FAULTS."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class Malformed(ValueError):
    """The bytes are not a SOAP envelope; a real host answers 400 and nothing else."""


@dataclass(frozen=True, slots=True)
class Request:
    """One SOAP request. ``timeout`` is its OperationTimeout in seconds, ``action`` the last part of the action's URI."""

    uri: str
    resource: str
    message_id: str
    to: str
    timeout: float
    selectors: dict[str, str]
    options: dict[str, str]
    body: ET.Element

    @property
    def action(self) -> str:
        return self.uri.rsplit("/", 1)[-1]

    @property
    def shell_id(self) -> str:
        return self.selectors.get("ShellId", "").upper()

    def find(self, path: str) -> ET.Element:
        """The body's element at ``path`` (ElementTree's syntax). Raises Malformed if there is none."""
        node = self.body.find(path)
        if node is None:
            raise Malformed(f"{self.action}: no {path} in the body")
        return node


def parse(content: bytes) -> Request:
    """Reads a request. Raises Malformed."""
    try:
        root = ET.fromstring(content)
    except ET.ParseError as error:
        raise Malformed(f"not XML: {error}") from None
    body = root.find(f"{{{SOAP}}}Body")
    if body is None:
        raise Malformed("no SOAP body")
    head = root.find(f"{{{SOAP}}}Header")
    head = ET.Element("none") if head is None else head

    def text(tag: str) -> str:
        return (head.findtext(tag) or "").strip()

    uri = text(f"{{{ADDRESSING}}}Action")
    if body.find(f"{{{IDENTITY}}}Identify") is not None:
        uri = IDENTITY + "/Identify"
    return Request(
        uri=uri, resource=text(f"{{{WSMAN}}}ResourceURI"), message_id=text(f"{{{ADDRESSING}}}MessageID"), to=text(f"{{{ADDRESSING}}}To"),
        timeout=seconds(text(f"{{{WSMAN}}}OperationTimeout")), body=body,
        selectors={node.get("Name", ""): node.text or "" for node in head.iter(f"{{{WSMAN}}}Selector")},
        options={node.get("Name", ""): node.text or "" for node in head.iter(f"{{{WSMAN}}}Option")})


def seconds(duration: str) -> float:
    """An XML duration of minutes and seconds in seconds; a minute where none is given or it is another form."""
    found = re.fullmatch(r"PT(?:(\d+)M)?(?:(\d+(?:\.\d*)?)S)?", duration)
    if not found or not duration:
        return 60.0
    return min(float(found[1] or 0) * 60 + float(found[2] or 0), _LONGEST_WAIT)


def answer(request: Request, body: str, *, uri: str = "") -> bytes:
    """The envelope of an answer around ``body`` (XML text)."""
    return (f'<s:Envelope xml:lang="en-US" {_PREFIXES}><s:Header><a:Action>{escape(uri or request.uri + "Response")}</a:Action>'
            f"<a:MessageID>uuid:{str(uuid.uuid4()).upper()}</a:MessageID><a:To>{ADDRESSING}/role/anonymous</a:To>"
            f"<a:RelatesTo>{escape(request.message_id)}</a:RelatesTo></s:Header><s:Body>{body}</s:Body></s:Envelope>").encode()


def fault(request: Request, name: str, machine: str) -> bytes:
    """The envelope of a fault, one of FAULTS."""
    kind = FAULTS[name]
    wmi = (f'<p1:MSFT_WmiError xmlns:p1="{WMI}"><p1:error_Code>{_QUOTA_EXCEEDED}</p1:error_Code></p1:MSFT_WmiError>'
           if name == "Quota" else "")
    return answer(request, (
        f"<s:Fault><s:Code><s:Value>s:{kind.code}</s:Value><s:Subcode><s:Value>{kind.subcode}</s:Value></s:Subcode></s:Code>"
        f'<s:Reason><s:Text xml:lang="en-US">{escape(kind.reason)} </s:Text></s:Reason><s:Detail>'
        f'<f:WSManFault xmlns:f="{FAULT}" Code="{kind.number}" Machine="{escape(machine)}"><f:Message>{escape(kind.reason)} </f:Message>'
        f"</f:WSManFault>{wmi}</s:Detail></s:Fault>"), uri=WSMAN + "/fault")
