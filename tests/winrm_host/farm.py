# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Many simulated hosts in one process: listeners on loopback, a thread for each connection."""
from __future__ import annotations

import contextlib
import errno
import ipaddress
import shutil
import socket
import ssl
import tempfile
import threading
from pathlib import Path
from types import TracebackType

from .authentication import PasswordFile
from .connection import Connection
from .host import Host
from .tls import Tls

_IDLE = 7200
_HANDSHAKE = 60


class FarmError(Exception):
    """A listener can't be opened; the text is for a person."""


class Farm:
    """The listeners. A context manager: at its end nothing is left, neither sockets nor processes nor password files."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._sockets: list[socket.socket] = []
        self._hosts: list[Host] = []
        self._folder = Path(tempfile.mkdtemp(prefix="winrm-host-"))

    def __enter__(self) -> Farm:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def listen(self, host: Host, address: str = "127.0.0.1", port: int = 0, tls: Tls | None = None) -> int:
        """Opens a listener for ``host`` and returns its port (0: a free one). Raises FarmError, also for what is not loopback."""
        listener = self._bind(host.name, address, port)
        listener.listen(128)
        passwords = PasswordFile(self._folder / str(len(self._sockets)), host.users)
        kind = type("HostConnection", (Connection,), {"host": host, "tls": tls, "passwords": passwords, "stop": self._stop})
        if host not in self._hosts:
            self._hosts.append(host)
        threading.Thread(target=self._accept, args=(listener, kind), daemon=True).start()
        return int(listener.getsockname()[1])

    def reserve(self, name: str, address: str = "127.0.0.1", port: int = 0) -> int:
        """A port that refuses connections until the farm is closed: a host that is switched off. Raises FarmError."""
        return int(self._bind(name, address, port).getsockname()[1])

    def deaf(self, name: str, address: str = "127.0.0.1", port: int = 0) -> int:
        """A port that takes connections and never says a word. Raises FarmError."""
        listener = self._bind(name, address, port)
        listener.listen(128)
        return int(listener.getsockname()[1])

    def _bind(self, name: str, address: str, port: int) -> socket.socket:
        try:
            ip = ipaddress.ip_address(address)
        except ValueError:
            raise FarmError(f"{name}: {address!r} is not an IP address; give one in 127.0.0.0/8, or ::1") from None
        if not ip.is_loopback:
            raise FarmError(f"{name}: {address} is not a loopback address. This host runs what it is sent, so it listens on "
                            "127.0.0.0/8 and ::1 only.")
        listener = socket.socket(socket.AF_INET6 if ip.version == 6 else socket.AF_INET, socket.SOCK_STREAM)
        if port:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((address, port))
        except OSError as error:
            listener.close()
            if error.errno == errno.EADDRINUSE:
                raise FarmError(f"{name}: port {port} of {address} is in use by another program. Give another, or 0 for a free "
                                "one.") from None
            raise FarmError(f"{name}: can't listen on port {port} of {address}: {error.strerror or error}.") from None
        self._sockets.append(listener)
        return listener

    def _accept(self, listener: socket.socket, kind: type[Connection]) -> None:
        while not self._stop.is_set():
            try:
                peer, address = listener.accept()
            except OSError:
                return
            threading.Thread(target=_converse, args=(peer, address, kind), daemon=True).start()

    def close(self) -> None:
        """Ends everything; a second time does nothing."""
        self._stop.set()
        for listener in self._sockets:
            with contextlib.suppress(OSError):  # one that never listened
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()
        for host in self._hosts:
            host.close()
        shutil.rmtree(self._folder, ignore_errors=True)


def _converse(peer: socket.socket, address: tuple[str, int], kind: type[Connection]) -> None:
    try:
        if kind.tls is not None:
            peer.settimeout(_HANDSHAKE)
            peer = kind.tls.context.wrap_socket(peer, server_side=True)
        peer.settimeout(_IDLE)
        kind(peer, address, None)  # type: ignore[arg-type]
    except (OSError, ssl.SSLError):
        pass  # the client has gone, or will not have our certificate
    finally:
        peer.close()
