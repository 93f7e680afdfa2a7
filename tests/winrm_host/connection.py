# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One TCP connection to a simulated host: HTTP, who it is, and what a fault rule makes of each request.

NTLM's state lives with the connection, as it does in WinRM.
"""
from __future__ import annotations

import base64
import binascii
import contextlib
import socket
import ssl
import struct
import threading
from http.server import BaseHTTPRequestHandler
from typing import Any
from xml.etree.ElementTree import ParseError

from . import soap
from .authentication import CERTIFICATE_SCHEME, SEALED_TYPE, Negotiation, PasswordFile, Refused, basic, certificate
from .faults import Rule
from .host import Host
from .soap import CONTENT_TYPE, Malformed, SoapFault
from .tls import Tls

_NOTHING = Rule("none", "*")
_LARGEST_REQUEST = 64 * 1024 * 1024


class Drop(Exception):
    """The connection ends here, without an answer."""


class Connection(BaseHTTPRequestHandler):
    """What one listener does with a connection; the class attributes are set by a subclass for each listener."""

    protocol_version = "HTTP/1.1"
    rbufsize = 1 << 16
    host: Host
    tls: Tls | None
    passwords: PasswordFile
    stop: threading.Event

    def setup(self) -> None:
        super().setup()
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._user = ""
        self._negotiation = Negotiation(self.passwords, self.tls.end_point if self.tls else None)
        self._headers: list[tuple[str, str]] = []

    def version_string(self) -> str:
        return "Microsoft-HTTPAPI/2.0"

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the host counts."""

    def handle(self) -> None:
        with contextlib.suppress(OSError):  # the client may go at any time
            super().handle()

    def do_POST(self) -> None:
        """One WS-Management request."""
        self._headers = []
        length = self.headers.get("Content-Length", "0")
        if not length.isdecimal() or int(length) > _LARGEST_REQUEST:
            self.close_connection = True
            self._reply(413 if length.isdecimal() else 400)
            return
        content = self.rfile.read(int(length))
        anonymous = self.headers.get("Wsmanidentify", "").lower() == "unauthenticated"
        if not anonymous and not self._authenticated():
            return
        if not content:  # NTLM is set up before the first sealed message
            self._reply(200)
            return
        try:
            sealed = "encrypted" in self.headers.get("Content-Type", "")
            if not (sealed or self.tls or self.host.allow_unencrypted or anonymous):
                raise Malformed("not sealed")
            request = soap.parse(self._negotiation.unseal(content) if sealed else content)
            if anonymous and request.action != "Identify":
                raise Malformed("not an Identify")
            self._serve(request, len(content), sealed)
        except (ValueError, ParseError, Refused) as error:  # what a real host does with what it can't read
            self.host.note("http_400")
            self._reply(400, str(error).encode(), "text/plain")
        except Drop:
            self.close_connection = True

    def _serve(self, request: soap.Request, size: int, sealed: bool) -> None:
        rule = self.host.faults.of(request.action) or _NOTHING
        self.host.note(request.action)
        self.stop.wait(rule.delay)
        status = 200
        try:
            self._before(rule)
            if rule.do == "status":
                if rule.code == 401:
                    self._challenge()
                else:
                    self._reply(rule.code, rule.body.encode(), "text/html")
                return
            if size > self.host.max_envelope:
                raise SoapFault("EnvelopeTooBig")
            body = self.host.serve(request, self._user, str(self.client_address[0]))
            self._after(rule)
            message = soap.answer(request, body)
        except SoapFault as error:
            status, message = 500, soap.fault(request, error.name, self.host.name)
        if rule.do == "badxml":
            message = message[:len(message) // 2]
        answer, kind = (self._negotiation.seal(message), SEALED_TYPE) if sealed else (message, CONTENT_TYPE)
        self._reply(status, answer, kind, cut=400 if rule.do == "drop_mid" else None)
        if rule.do == "drop_mid":
            raise Drop

    def _before(self, rule: Rule) -> None:
        """What a rule does before the host hears of the request."""
        if rule.do == "drop":
            self._reset(rule)
            raise Drop
        if rule.do == "hang":
            self.stop.wait(rule.seconds)
            raise Drop
        if rule.do == "fault":
            raise SoapFault(rule.name)

    def _after(self, rule: Rule) -> None:
        """What a rule does once the host has done what was asked: the client hears nothing, or something else."""
        if rule.do == "drop_after":
            self._reset(rule)
            raise Drop
        if rule.do == "fault_after":
            raise SoapFault(rule.name)

    def _reset(self, rule: Rule) -> None:
        if rule.rst:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def _authenticated(self) -> bool:
        """Whether the client may go on; if not, it has been answered."""
        scheme, _space, token = self.headers.get("Authorization", "").partition(" ")
        allowed = self.host.authentications
        try:
            if scheme == "Basic" and scheme in allowed:
                self._user = basic(token, self.host.users)
                return True
            if scheme in ("Negotiate", "NTLM") and scheme in allowed:
                return self._negotiated(scheme, base64.b64decode(token))
            if scheme == CERTIFICATE_SCHEME and isinstance(self.connection, ssl.SSLSocket) and "Certificate" in allowed:
                self._user = certificate(self.connection.getpeercert(), self.host.certificates)
                return True
        except (Refused, binascii.Error):
            self.host.note("refused")
        if not scheme and self._negotiation.done:
            return True
        self._challenge()
        return False

    def _negotiated(self, scheme: str, token: bytes) -> bool:
        step = self._negotiation.step(token)
        headers = [("WWW-Authenticate", f"{scheme} {base64.b64encode(step.token).decode()}")] if step.token else []
        if not step.done:
            self.host.note("http_401")
            self._reply(401, headers=headers)
            return False
        self._user, self._headers = self._negotiation.user, headers
        return True

    def _challenge(self) -> None:
        self.host.note("http_401")
        self._reply(401, headers=[("WWW-Authenticate", 'Basic realm="WSMAN"' if name == "Basic" else name)
                                  for name in self.host.authentications if name != "Certificate"])

    def _reply(self, status: int, body: bytes = b"", kind: str = CONTENT_TYPE, *, headers: list[tuple[str, str]] | None = None,
               cut: int | None = None) -> None:
        lines = [f"HTTP/1.1 {status} {self.responses.get(status, ('',))[0]}", f"Server: {self.version_string()}"]
        if body:
            lines.append(f"Content-Type: {kind}")
        lines += [f"{name}: {value}" for name, value in (self._headers if headers is None else headers)]
        lines.append(f"Content-Length: {len(body)}")
        answer = "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body
        self.wfile.write(answer if cut is None else answer[:cut])
