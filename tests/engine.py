# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where tests find a PowerShell engine, and a way to run the reading script in it as a connection would.

A test module takes the fixture with ``from engine import engine`` and ``__all__ = ["engine"]``; without an engine its tests are skipped.
"""
from __future__ import annotations

import base64
import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SCRIPT = ROOT / "plugins" / "plugin_utils" / "_read" / "certificate_stores.ps1"
BOOTSTRAP = '& ([ScriptBlock]::Create(@($input) -join "`n"))'


@cache
def find_engine() -> Path | None:
    """The program pwsh: the one on PATH, else the engine that lies beside the checkout; None if there is neither."""
    found = shutil.which("pwsh")
    if found:
        return Path(found)
    unpack = ROOT.parent / "shared" / "powershell" / "unpack"
    if not unpack.is_file():
        return None
    run = subprocess.run([str(unpack)], capture_output=True, text=True, check=False)
    program = Path(run.stdout.strip()) / "pwsh"
    return program if run.returncode == 0 and program.is_file() else None


@pytest.fixture(scope="session")
def engine() -> Path:
    """The program pwsh, or the test is skipped."""
    found = find_engine()
    if found is None:
        pytest.skip("no PowerShell engine: no pwsh on PATH")
    return found


def encoded(command: str) -> str:
    """A command as ``-EncodedCommand`` wants it: base64 of UTF-16LE."""
    return base64.b64encode(command.encode("utf-16-le")).decode("ascii")


def run(
    engine: Path, command: str, *, stdin: str = "", home: Path | None = None, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Runs one command in the engine; ``home`` is the simulated host: its CurrentUser stores are read from there."""
    surroundings = dict(os.environ, **(environment or {}))
    if home is not None:
        surroundings["HOME"] = str(home)
    arguments = [str(engine), "-NoProfile", "-NonInteractive", "-EncodedCommand", encoded(command)]
    return subprocess.run(arguments, input=stdin, capture_output=True, text=True, env=surroundings, check=False, timeout=300)


def reading_script(stores: Sequence[str]) -> str:
    """What the product sends, with CurrentUser for LocalMachine: .NET has no LocalMachine\\My off Windows."""
    names = ",".join(f"'{name}'" for name in stores)
    return f"$storeNames = @({names})\n" + SCRIPT.read_text("ascii").replace("LocalMachine", "CurrentUser ")


def store_folder(home: Path, store: str) -> Path:
    """Where .NET off Windows keeps a CurrentUser store: a PKCS #12 file a certificate, without a password."""
    return home / ".dotnet" / "corefx" / "cryptography" / "x509stores" / store.lower()
