# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A stand-in for Lync's management module: a script module whose Get-CsCertificate answers what a test says.

Its objects have the properties that Microsoft documents (Check Lync Server 2013 server certificates): Issuer, NotAfter, NotBefore,
SerialNumber, Subject, AlternativeNames, Thumbprint, Use.
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path


def install(
    folder: Path, assigned: Mapping[str, str] | None = None, *, name: str = "Lync", errors: Sequence[str] = (), throws: str = "",
    denied: bool = False, sleeps: int = 0, fails_to_load: str = "",
) -> Path:
    """Writes the module below ``folder`` and returns ``folder``, which belongs on PSModulePath.

    ``assigned`` is use: thumbprint. ``errors`` do not end the command, ``throws`` and ``denied`` do. ``sleeps`` are seconds before it
    answers.
    """
    answers = [_reference(use, thumbprint) for use, thumbprint in (assigned or {}).items()]
    complaints = [
        f"    $PSCmdlet.WriteError([Management.Automation.ErrorRecord]::new([InvalidOperationException]::new('{text}'), "
        "'AssignedCertificate', 'InvalidResult', $null))"
        for text in errors
    ]
    ends = [f"    throw '{throws}'"] if throws else []
    ends += ["    throw [UnauthorizedAccessException]::new('Access is denied.')"] if denied else []
    body = [f"    [Threading.Thread]::Sleep({sleeps * 1000})"] * bool(sleeps) + answers + complaints + ends
    lines = [f"throw '{fails_to_load}'"] * bool(fails_to_load)
    lines += ["function Get-CsCertificate {", "    [CmdletBinding()] param()", *body, "}"]
    module = folder / name
    module.mkdir(parents=True, exist_ok=True)
    (module / f"{name}.psm1").write_text("\n".join(lines) + "\n", encoding="ascii")
    return folder


def _reference(use: str, thumbprint: str) -> str:
    return (
        "    [pscustomobject] @{ Issuer = 'CN=as Lync says'; NotAfter = [DateTime]::UtcNow; NotBefore = [DateTime]::UtcNow; "
        "SerialNumber = '6100'; "
        f"Subject = 'CN=as Lync says'; AlternativeNames = @(); Thumbprint = '{thumbprint}'; Use = '{use}' }}"
    )
