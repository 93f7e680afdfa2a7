# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a failed call to a host means, in the words of a Windows administrator, and whether trying again makes sense.

Connection plugins and their libraries tell causes in texts only, so texts are what this room recognises. What it does not recognise is
told as it came.
"""
from __future__ import annotations

import re
from dataclasses import dataclass

from .answer import excerpt


@dataclass(frozen=True, slots=True)
class Fault:
    """A finding code of the family ``host.``, what happened, what to do.

    ``transient``: the same call may succeed a moment later. ``plain``: what happened says all, the library's own text would add nothing.
    """

    code: str
    what: str
    remedy: str
    transient: bool = False
    plain: bool = False


_FOREIGN = "what answers on that port does not speak WinRM"
_FOREIGN_REMEDY = "Check address and port; a proxy or another web server may answer in its place."

# Order matters: a refusal must be seen before anything that is tried again, or accounts get locked.
_FAULTS: tuple[tuple[str, Fault], ...] = (
    (
        r"credentials were rejected|invalid.?credentials|failed to authenticate|authentication ?(error|fail)|auth failure|kinit"
        r"|permission denied \(|\b401\b|unauthorized|logon failure|incorrect password",
        Fault(
            "host.denied",
            "the host refused the credentials",
            "Check ansible_user, ansible_password and the authentication method (ansible_winrm_transport or ansible_psrp_auth). "
            "It was tried once and not again, so that no account gets locked.",
        ),
    ),
    (
        r"access is denied|access ?denied|0x80070005|2147942405|wsmanfault_code['\"]: ?['\"]?5\b|\b403\b|forbidden",
        Fault(
            "host.denied",
            "the host knows the account and denies it access",
            "Use an account that is an administrator of the host: WinRM lets only administrators in unless it was set up otherwise, "
            "and only they may open the computer's private keys.",
        ),
    ),
    (
        r"certificate.?verify|self.signed certificate|unable to get local issuer|hostname mismatch|doesn't match|not valid for '"
        r"|host key verification",
        Fault(
            "host.unreachable",
            "the controller does not trust the certificate or key that the host's remote management shows",
            "Let the controller trust the CA that issued it (ansible_winrm_ca_trust_path, ansible_psrp_ca_cert; for ssh the known_hosts "
            "file) and address the host by the name in it. No credentials were sent, and it was not tried again.",
        ),
    ),
    (
        r"wrong.version.number|unknown.protocol|http.request|record layer failure",
        Fault(
            "host.unreachable",
            "HTTP and HTTPS are mixed up",
            "Port 5985 is HTTP and 5986 is HTTPS: check ansible_port, ansible_winrm_scheme or ansible_psrp_protocol.",
        ),
    ),
    (
        r"is not installed|are not installed|no module named|unsupported transport|requires the .* library|couldn't be imported",
        Fault("host.unreachable", "the controller lacks what this connection needs", "Install the library that the message names."),
    ),
    (
        r"name or service not known|name resolution|nodename nor servname|getaddrinfo|no address associated|could not resolve"
        r"|failed to resolve",
        Fault(
            "host.unreachable",
            "the controller cannot resolve the host's name",
            "Check the name in the inventory and the controller's DNS, or set ansible_host.",
            plain=True,
        ),
    ),
    (
        r"connection refused|errno 111|actively refused",
        Fault(
            "host.unreachable",
            "nothing listens on that port of the host",
            "Check that the host is up, that its remote management runs (winrm quickconfig) and the port (5985 HTTP, 5986 HTTPS).",
            transient=True,
            plain=True,
        ),
    ),
    (
        r"no route to host|network is unreachable|host is down",
        Fault(
            "host.unreachable",
            "there is no way to the host's address",
            "Check the address, the network and the routes between.",
            transient=True,
            plain=True,
        ),
    ),
    (
        r"time(d|s)?.?out",
        Fault(
            "host.timeout",
            "the host did not answer in time",
            "Check that the host is up and not overloaded, and that no firewall drops the port; a slow host may need a longer timeout.",
            plain=True,
        ),
    ),
    (
        r"text/html|\b404\b|syntax error: line 1|envelope|^\w+: *[a-z]+: *$",
        Fault("host.unreachable", _FOREIGN, _FOREIGN_REMEDY),
    ),
    (
        # a web page, or an answer of WinRM that was cut on its way
        r"no element found|mismatched tag|not well-formed|unclosed token|undefined entity",
        Fault("host.unreachable", _FOREIGN, _FOREIGN_REMEDY, transient=True),
    ),
)

_OTHER = Fault(
    "host.unreachable",
    "the connection to the host failed",
    "Check that remote management works from this controller: ansible -m ansible.builtin.raw -a hostname HOST.",
    transient=True,
)

_LANGUAGE_MODE = Fault(
    "host.language_mode",
    "PowerShell on the host runs in a restricted language mode (AppLocker, App Control or __PSLockdownPolicy) and ran no script",
    "Read this host with an account or a session configuration that has the language mode FullLanguage.",
)
_UNIX = Fault(
    "host.no_powershell",
    "a Unix shell answered, so this is not a Windows host or not reached as one",
    "Take the host out of the group, or set ansible_connection to winrm or psrp (for ssh also ansible_shell_type: powershell).",
)
_NO_POWERSHELL = Fault(
    "host.no_powershell",
    "the host found no powershell",
    "Install Windows PowerShell 3.0 or later on the host, or put its folder into the system's PATH.",
)
_CMD = Fault(
    "host.no_powershell",
    "cmd.exe answered in place of PowerShell",
    "Set ansible_shell_type: powershell (or cmd) for this host, as Ansible's documentation for Windows over ssh says.",
)
_DENIED = next(fault for pattern, fault in _FAULTS if "0x80070005" in pattern)


def of_exception(text: str) -> Fault:
    """What a connection plugin's exception with this text means."""
    for pattern, fault in _FAULTS:
        if re.search(pattern, text, re.IGNORECASE):
            return fault
    return _OTHER


def of_output(rc: int, stdout: str, stderr: str) -> Fault | None:
    """What a command means that ran, but gave no answer; None if it is nothing known."""
    if re.search(r"syntax error.*unexpected|unexpected token|command not found|: not found|parse error near", stderr, re.IGNORECASE):
        return _UNIX
    if re.search(r"was unexpected at this time", stderr + stdout, re.IGNORECASE):
        return _CMD
    if rc == 9009 or re.search(r"'?powershell(\.exe)?'? is not recognized", stderr + stdout, re.IGNORECASE):
        return _NO_POWERSHELL
    # the identifier is the same in every language of Windows, the text is not
    if re.search(r"ConstrainedLanguage|RestrictedLanguage|NoLanguage|language ?mode", stderr, re.IGNORECASE):
        return _LANGUAGE_MODE
    if re.search(r"access is denied|0x80070005", stderr, re.IGNORECASE):
        return _DENIED
    return None


def output_excerpt(rc: int, stdout: str, stderr: str) -> str:
    """Exit code and first lines of both streams, for a message."""
    return f"exit code {rc}, output: {excerpt(stdout)}, errors: {excerpt(stderr)}"
