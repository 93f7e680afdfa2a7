# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Messages of WS-Management, against the forms that the standard (DMTF DSP0226) and MS-WSMV give."""
from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from winrm_host import soap

CREATE = f"""<s:Envelope xmlns:s="{soap.SOAP}" xmlns:a="{soap.ADDRESSING}" xmlns:w="{soap.WSMAN}"><s:Header>
<a:Action s:mustUnderstand="true">http://schemas.xmlsoap.org/ws/2004/09/transfer/Create</a:Action><a:MessageID>uuid:1&amp;2</a:MessageID>
<a:To>http://127.0.0.1/wsman</a:To><w:ResourceURI>{soap.CMD_RESOURCE}</w:ResourceURI><w:OperationTimeout>PT1M2.5S</w:OperationTimeout>
<w:SelectorSet><w:Selector Name="ShellId">abc</w:Selector></w:SelectorSet>
<w:OptionSet><w:Option Name="WINRS_NOPROFILE">FALSE</w:Option></w:OptionSet></s:Header><s:Body><x>y</x></s:Body></s:Envelope>"""


def test_request() -> None:
    request = soap.parse(CREATE.encode())
    assert (request.action, request.resource, request.timeout, request.shell_id) == ("Create", soap.CMD_RESOURCE, 62.5, "ABC")
    assert request.options == {"WINRS_NOPROFILE": "FALSE"}
    assert request.find("x").text == "y"
    with pytest.raises(soap.Malformed, match="no z"):
        request.find("z")


@pytest.mark.parametrize("content", [b"", b"<a>", b"<a/>", f'<s:Envelope xmlns:s="{soap.SOAP}"/>'.encode()])
def test_not_a_request(content: bytes) -> None:
    with pytest.raises(soap.Malformed):
        soap.parse(content)


@pytest.mark.parametrize(("text", "wanted"), [("PT5S", 5), ("PT1M", 60), ("PT0.250S", 0.25), ("", 60), ("nonsense", 60), ("PT999M", 1800)])
def test_seconds(text: str, wanted: float) -> None:
    assert soap.seconds(text) == wanted


def test_answer_names_the_request() -> None:
    request = soap.parse(CREATE.encode())
    root = ET.fromstring(soap.answer(request, "<b/>"))
    assert root.findtext(f".//{{{soap.ADDRESSING}}}RelatesTo") == "uuid:1&2"
    assert root.findtext(f".//{{{soap.ADDRESSING}}}Action") == "http://schemas.xmlsoap.org/ws/2004/09/transfer/CreateResponse"
    assert root.find(f"{{{soap.SOAP}}}Body/b") is not None


@pytest.mark.parametrize("name", soap.FAULTS)
def test_fault(name: str) -> None:
    root = ET.fromstring(soap.fault(soap.parse(CREATE.encode()), name, "chat1<"))
    fault = root.find(f".//{{{soap.FAULT}}}WSManFault")
    assert fault is not None
    assert fault.get("Code") == str(soap.FAULTS[name].number)
    assert fault.get("Machine") == "chat1<"
    code, subcode = (node.text for node in root.iter(f"{{{soap.SOAP}}}Value"))
    assert (code, subcode) == (f"s:{soap.FAULTS[name].code}", soap.FAULTS[name].subcode)
