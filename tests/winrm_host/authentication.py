# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who a client is: Basic, NTLM and Negotiate (NTLM inside SPNEGO), client certificates; and sealed messages (MS-WSMV 2.2.9.1)."""
from __future__ import annotations

import base64
import binascii
import os
import struct
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import spnego
from spnego.channel_bindings import GssChannelBindings
from spnego.exceptions import SpnegoError

from .soap import CONTENT_TYPE

CERTIFICATE_SCHEME = "http://schemas.dmtf.org/wbem/wsman/1/wsman/secprofile/https/mutual"
SEALED_TYPE = 'multipart/encrypted;protocol="application/HTTP-SPNEGO-session-encrypted";boundary="Encrypted Boundary"'
_BOUNDARY = b"--Encrypted Boundary"
_ENVIRONMENT = threading.Lock()


class Refused(Exception):
    """The credentials are wrong."""


class PasswordFile:
    """The users of a host as the file that an NTLM acceptor wants; in a folder that its maker removes."""

    def __init__(self, path: Path, users: Mapping[str, str]) -> None:
        self.path = path
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.writelines(f":{name}:{password}\n" for name, password in users.items())


def basic(token: str, users: Mapping[str, str]) -> str:
    """The user. Raises Refused."""
    try:
        user, _colon, password = base64.b64decode(token, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise Refused("no base64") from None
    if users.get(user.lower()) != password:
        raise Refused(user)
    return user


def certificate(peer: Mapping[str, Any] | None, users: Mapping[str, str]) -> str:
    """The user of a client certificate that TLS has verified, found by its common name. Raises Refused."""
    names = [value for entry in (peer or {}).get("subject", ()) for key, value in entry if key == "commonName"]
    for name in names:
        if name in users:
            return users[name]
    raise Refused(", ".join(names) or "no client certificate")


@dataclass(frozen=True, slots=True)
class Step:
    """Where an NTLM handshake stands: the token to answer, whether it is through."""

    token: bytes
    done: bool


class Negotiation:
    """NTLM of one connection. ``end_point`` is the hash of the server certificate for channel binding, None without TLS."""

    def __init__(self, passwords: PasswordFile, end_point: bytes | None) -> None:
        self._passwords, self._end_point = passwords, end_point
        self._context: Any = None
        self.user = ""

    @property
    def done(self) -> bool:
        return self._context is not None and bool(self._context.complete)

    def step(self, token: bytes) -> Step:
        """The next token of the client. Raises Refused."""
        with _ENVIRONMENT:  # pyspnego takes the file's name from the environment, which all hosts of the process share
            before = os.environ.get("NTLM_USER_FILE")
            os.environ["NTLM_USER_FILE"] = str(self._passwords.path)
            try:
                return self._step(token)
            except (SpnegoError, ValueError, struct.error) as error:
                self._context = None
                raise Refused(str(error)) from None
            finally:
                if before is None:
                    del os.environ["NTLM_USER_FILE"]
                else:
                    os.environ["NTLM_USER_FILE"] = before

    def _step(self, token: bytes) -> Step:
        if self._context is None or self._context.complete:
            bindings = None
            if self._end_point is not None:
                bindings = GssChannelBindings(application_data=b"tls-server-end-point:" + self._end_point)
            protocol = "ntlm" if token.startswith(b"NTLMSSP\0") else "negotiate"
            self._context = spnego.server(protocol=protocol, channel_bindings=bindings)
        answer = self._context.step(token) or b""
        if self._context.complete:
            self.user = str(self._context.client_principal)
        return Step(answer, bool(self._context.complete))

    def unseal(self, content: bytes) -> bytes:
        """The message in a sealed body. Raises Refused if it can't be opened, as after a lost connection."""
        try:
            part = content.split(_BOUNDARY + b"\r\n", 2)[2]
            data = part.split(b"Content-Type: application/octet-stream\r\n", 1)[1]
            data = data[:data.rindex(_BOUNDARY + b"--")]
            size = struct.unpack("<i", data[:4])[0]
            return bytes(self._context.unwrap_winrm(data[4:4 + size], data[4 + size:]))
        except (AttributeError, IndexError, ValueError, struct.error, SpnegoError) as error:
            raise Refused(f"a sealed message that can't be opened: {error}") from None

    def seal(self, message: bytes) -> bytes:
        """A message as a sealed body."""
        header, data, padding = self._context.wrap_winrm(message)
        lines = ("--Encrypted Boundary", "\tContent-Type: application/HTTP-SPNEGO-session-encrypted",
                 f"\tOriginalContent: type={CONTENT_TYPE};Length={len(message) + padding}",
                 "--Encrypted Boundary", "\tContent-Type: application/octet-stream", "")
        body: bytes = struct.pack("<i", len(header)) + header + data
        return "\r\n".join(lines).encode() + body + b"--Encrypted Boundary--\r\n"
