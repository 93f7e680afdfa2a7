# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A loopback WS-Management host for tests and the demo: the real clients (pywinrm, pypsrp, Ansible's winrm and psrp) talk to it unchanged.

It listens on loopback only, for it runs what it is sent, as the user that started it.

    with Farm() as farm:
        host = Host("chat1", Recorded(file), users={"demo": "secret"})
        port = farm.listen(host)
"""
from __future__ import annotations

from .farm import Farm, FarmError
from .faults import Rule, RuleError
from .host import Host
from .powershell import PowerShell, find_engine
from .recorded import Recorded, RecordingError
from .tls import Tls

__all__ = ["Farm", "FarmError", "Host", "PowerShell", "Recorded", "RecordingError", "Rule", "RuleError", "Tls", "find_engine"]
