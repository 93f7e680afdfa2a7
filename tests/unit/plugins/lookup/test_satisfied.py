# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The lookup gives the group's name only for the literal proof of this run."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from ansible import context
from ansible.errors import AnsibleLookupError
from ansible.module_utils.common.collections import ImmutableDict

from ansible_collections.lync.persistent_chat.plugins.lookup.satisfied import LookupModule
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._verdict.run import RUN_ID

PROOF: dict[str, Any] = {"failed": False, "gate": {"run": RUN_ID, "passed": True, "servers": ["a", "b"]}}


class HostVars(dict[str, Any]):
    """As Ansible's: the raw variables of a host by its name."""

    def raw_get(self, host: str) -> Any:
        return self[host]


def ask(proof: object, group: Any = "chat", groups: Mapping[str, list[str]] | None = None) -> list[str]:
    hosts = HostVars({host: {"certificates_report": proof} for host in ("a", "b")})
    return LookupModule().run([group], {"groups": groups or {"chat": ["a", "b"]}, "hostvars": hosts})


@pytest.fixture(autouse=True)
def _command_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(context, "CLIARGS", ImmutableDict({"subset": "a*"}))


def test_the_proof_of_this_run_opens() -> None:
    assert ask(PROOF) == ["chat"]


@pytest.mark.parametrize("proof", [
    None,
    "{{ satisfied }}",
    {},
    {**PROOF, "failed": True},
    {**PROOF, "gate": None},
    {**PROOF, "gate": {**PROOF["gate"], "run": "earlier"}},
    {**PROOF, "gate": {**PROOF["gate"], "passed": "True"}},
    {**PROOF, "gate": {**PROOF["gate"], "passed": 1}},
    {**PROOF, "gate": {**PROOF["gate"], "servers": ["a"]}},
    {**PROOF, "gate": {"passed": True, "servers": ["a", "b"]}},
])
def test_nothing_else_does(proof: object) -> None:
    with pytest.raises(AnsibleLookupError, match=r"without a verdict 'satisfied': .*b.*--limit a\*"):
        ask(proof)


@pytest.mark.parametrize("groups", [{"chat": []}, {"caht": ["a"]}])
def test_a_group_without_servers_is_refused(groups: Mapping[str, list[str]]) -> None:
    with pytest.raises(AnsibleLookupError, match="no Persistent Chat server in group 'chat'"):
        ask(PROOF, groups=groups)


@pytest.mark.parametrize("group", ["", None, ["chat"]])
def test_it_wants_one_name(group: Any) -> None:
    with pytest.raises(AnsibleLookupError, match="name of one group"):
        ask(PROOF, group)


@pytest.mark.parametrize("flag", ["syntax", "listhosts", "listtasks", "listtags"])
def test_listings_are_let_go(flag: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(context, "CLIARGS", ImmutableDict({flag: True}))
    assert ask(None) == ["chat"]
