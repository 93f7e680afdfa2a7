# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: satisfied
short_description: Name of a group whose servers all passed the certificate gate in this run
version_added: 1.0.0
author: lync.persistent_chat contributors (@lync-persistent-chat)
description:
  - Returns the name of the group if the gate of this very run found each of its servers satisfied, and fails otherwise.
  - Made for the C(hosts) of a play. ansible-playbook works that out in its own process, before any task, and whatever C(--tags),
    C(--skip-tags), C(--start-at-task), C(--limit) or C(when) say. A failure there ends the run.
  - Fact caches, inventories, extra variables and earlier runs can't satisfy it.
options:
  _terms:
    description: Name of the group. One name, not a pattern.
    type: str
    required: true
notes:
  - Lets go under C(--syntax-check), C(--list-hosts), C(--list-tasks) and C(--list-tags), where no gate runs and no task either.
seealso:
  - module: lync.persistent_chat.certificate_report
"""

EXAMPLES = r"""
- name: Persistent Chat is installed only where the gate has passed
  hosts: "{{ lookup('lync.persistent_chat.satisfied', 'persistent_chat') }}"
  gather_facts: false
  roles:
    - role: install_persistent_chat
"""

RETURN = r"""
_raw:
  description: The name of the group.
  type: list
  elements: str
"""

from collections.abc import Mapping
from typing import Any

from ansible import context
from ansible.errors import AnsibleLookupError
from ansible.plugins.lookup import LookupBase

from ansible_collections.lync.persistent_chat.plugins.plugin_utils._verdict.coverage import no_server
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._verdict.run import RUN_ID

LISTING = ("syntax", "listhosts", "listtasks", "listtags")
RESULT = "certificates_report"
"""Where the role registers what certificate_report returned."""


class LookupModule(LookupBase):
    def run(self, terms: list[Any], variables: dict[str, Any] | None = None, **kwargs: Any) -> list[str]:
        if len(terms) != 1 or not isinstance(terms[0], str) or not terms[0]:
            raise AnsibleLookupError("lync.persistent_chat.satisfied wants the name of one group.")
        group, variables = str(terms[0]), variables or {}
        if any(context.CLIARGS.get(flag) for flag in LISTING):
            return [group]
        groups = variables.get("groups") or {}
        servers = list(groups.get(group, []))
        if not servers:
            raise AnsibleLookupError(no_server(group, groups))
        missing = [server for server in servers if not _passed(server, variables.get("hostvars"))]
        if missing:
            raise AnsibleLookupError(_refusal(group, servers, missing))
        return [group]


def _passed(server: str, hostvars: Any) -> bool:
    variables = hostvars.raw_get(server) if hostvars is not None and server in hostvars else None
    result = variables.get(RESULT) if isinstance(variables, Mapping) else None
    if not isinstance(result, Mapping) or result.get("failed"):
        return False
    gate = result.get("gate")
    if not isinstance(gate, Mapping):
        return False
    return gate.get("run") == RUN_ID and gate.get("passed") is True and server in (gate.get("servers") or ())


def _refusal(group: str, servers: list[str], missing: list[str]) -> str:
    limit = context.CLIARGS.get("subset")
    names = ", ".join(missing[:20]) + (f" and {len(missing) - 20} more" if len(missing) > 20 else "")
    return (
        f"{len(servers) - len(missing)} of {len(servers)} servers of group '{group}' passed the certificate gate in this run; "
        f"without a verdict 'satisfied': {names}. The gate found a server wanting (see its report above), or it did not run on these "
        f"({f'--limit {limit}, ' if limit else ''}--start-at-task, --skip-tags, a condition)."
    )
