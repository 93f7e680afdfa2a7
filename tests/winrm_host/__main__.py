# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Simulated hosts from the command line: one for each snapshot file of a folder, each on a free port of 127.0.0.1, until SIGTERM.

    python -m winrm_host --recorded DIR --ports-file FILE [--off NAME]...

FILE is written as JSON, ``{name: port}``, once all of them listen.
"""
from __future__ import annotations

import argparse
import json
import os
import signal
import ssl
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from .farm import Farm, FarmError
from .faults import RuleError, per_host
from .host import Host
from .powershell import PowerShell, find_engine
from .recorded import Recorded, RecordingError
from .tls import Tls

PASSWORD_VARIABLE = "WINRM_HOST_PASSWORD"


def options(arguments: Sequence[str] | None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="winrm_host", description="Simulated Windows hosts on loopback, for tests and demos.")
    parser.add_argument("--recorded", type=Path, metavar="DIR", help="a host for each snapshot file (*.json) in DIR")
    parser.add_argument("--homes", type=Path, metavar="DIR", help="a host with a real PowerShell engine for each folder in DIR, its HOME")
    parser.add_argument("--engine", type=Path, metavar="PWSH", help="the engine for --homes (default: pwsh on PATH)")
    parser.add_argument("--ports-file", type=Path, required=True, metavar="FILE", help="where to write {name: port} when all listen")
    parser.add_argument("--off", action="append", default=[], metavar="NAME", help="a host that is switched off: its port refuses")
    parser.add_argument("--user", default="demo")
    parser.add_argument("--password", help=f"default: the environment's {PASSWORD_VARIABLE}")
    parser.add_argument("--address", default="127.0.0.1", help="a loopback address")
    parser.add_argument("--port", type=int, default=0, help="the same port for all, each on an address of its own from --address on")
    parser.add_argument("--faults", type=Path, metavar="JSON", help="a file with fault rules: a list for all, or {name: list}")
    parser.add_argument("--tls", nargs=2, type=Path, metavar=("CERT", "KEY"), help="HTTPS with this certificate and key (PEM)")
    parser.add_argument("--client-ca", type=Path, metavar="CA", help="take client certificates of this CA; their common name is the user")
    parser.add_argument("--sealed-only", action="store_true", help="refuse messages that neither TLS nor NTLM protects")
    chosen = parser.parse_args(arguments)
    if chosen.recorded is None and chosen.homes is None:
        parser.error("give --recorded DIR or --homes DIR")
    if chosen.client_ca and not chosen.tls:
        parser.error("--client-ca needs --tls")
    return chosen


class Refusal(Exception):
    """Why it does not start, for a person."""


def executors(chosen: argparse.Namespace) -> dict[str, Recorded | PowerShell]:
    """Name of each host and what it runs things with. Raises Refusal, RecordingError, OSError."""
    found: dict[str, Recorded | PowerShell] = {}
    for file in sorted(chosen.recorded.glob("*.json")) if chosen.recorded else ():
        recorded = Recorded(file)
        found[recorded.name] = recorded
    folders = sorted(path for path in chosen.homes.iterdir() if path.is_dir()) if chosen.homes else []
    if folders:
        engine = chosen.engine or find_engine()
        if engine is None:
            raise Refusal("--homes needs a PowerShell engine: there is no pwsh on PATH; name one with --engine.")
        for folder in folders:
            name, _dot, domain = folder.name.partition(".")
            found[folder.name] = PowerShell(engine, folder.resolve(), name=name, domain=domain)
    if not found:
        raise Refusal(f"{chosen.recorded or chosen.homes} holds no host: expected snapshot files (*.json), or folders for --homes.")
    unknown = sorted(set(chosen.off) - set(found))
    if unknown:
        raise Refusal(f"--off {', '.join(unknown)}: there is no such host; there are {', '.join(found)}.")
    return found


def listen(farm: Farm, chosen: argparse.Namespace) -> dict[str, int]:
    """Opens all listeners; the port of each host. Raises Refusal, FarmError and what executors() raises."""
    password = chosen.password or os.environ.get(PASSWORD_VARIABLE)
    if not password:
        raise Refusal(f"No password: give --password, or set {PASSWORD_VARIABLE}.")
    tls = Tls(chosen.tls[0], chosen.tls[1], chosen.client_ca) if chosen.tls else None
    rules = json.loads(chosen.faults.read_text(encoding="utf-8")) if chosen.faults else []
    ports = {}
    for index, (name, executor) in enumerate(executors(chosen).items()):
        address = chosen.address if chosen.port == 0 else _address(chosen.address, index)
        if name in chosen.off:
            ports[name] = farm.reserve(name, address, chosen.port)
            continue
        accepted = ("Negotiate", "NTLM", "Basic", *(("Certificate",) if chosen.client_ca else ()))
        host = Host(name, executor, users={chosen.user: password}, authentications=accepted, certificates={chosen.user: chosen.user},
                    faults=per_host(rules, name), allow_unencrypted=not chosen.sealed_only)
        ports[name] = farm.listen(host, address, chosen.port, tls)
    return ports


def _address(first: str, index: int) -> str:
    head, _dot, last = first.rpartition(".")
    if not last.isdigit() or int(last) + index > 254:
        raise Refusal(f"{first} has not enough addresses behind it for all hosts; begin with 127.0.1.1.")
    return f"{head}.{int(last) + index}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs until SIGTERM or SIGINT. 0 in the end, 1 if it could not start."""
    chosen = options(arguments)
    end = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_dummy: end.set())
    with Farm() as farm:
        try:
            ports = listen(farm, chosen)
            part = chosen.ports_file.with_name(chosen.ports_file.name + ".part")
            part.write_text(json.dumps(ports, indent=1) + "\n", encoding="utf-8")
            part.replace(chosen.ports_file)
        except (Refusal, FarmError, RuleError, RecordingError, OSError, ssl.SSLError, ValueError) as error:
            print(f"winrm_host: {error}", file=sys.stderr)
            return 1
        while not end.wait(1):
            pass
    return 0


if __name__ == "__main__":
    sys.exit(main())
