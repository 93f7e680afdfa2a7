# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The gate with the CA told by internal servers: the real ansible-playbook, all servers behind WinRM.

Where a case says so, the internal servers have the real engine and a stand-in for Lync's module; all others answer from a recording.
"""
from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from end_to_end.gate_run import PLAYBOOK, Mapped, Outcome, Row, carry_out, environment, plain
from end_to_end.internal_scene import CHAT, Scene, live_scene, recorded_scene
from end_to_end.playing import variables

PAGE = Path(__file__).resolve().parents[2] / "docs" / "internal-servers.md"


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with recorded_scene(tmp_path_factory.mktemp("scene")) as made:
        yield made


@pytest.fixture(scope="module")
def live(scene: Scene, engine: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with live_scene(scene, engine, tmp_path_factory.mktemp("live")) as made:
        yield made


# ---- cases

@dataclass(frozen=True)
class Case:
    """``shows`` is each line of the report's table, ``says`` what the text must contain. Installs run everywhere if it ``passes``.

    ``files`` are those of all servers, ``own_files`` those of one, ``own`` its variables.
    """

    what: str
    internal: Sequence[str] = ("fe1", "fe2")
    chat: Sequence[str] = CHAT
    files: Sequence[str] = ()
    options: Mapping[str, Any] = field(default_factory=dict)
    passes: bool = True
    shows: Mapping[str, str] = field(default_factory=lambda: dict.fromkeys(CHAT, "satisfied"))
    says: Sequence[str] = ()
    args: Sequence[str] = ()
    own: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    own_files: Mapping[str, Sequence[str]] = field(default_factory=dict)
    form: str = "P"


SATISFIED = dict.fromkeys(CHAT, "satisfied")
UNDETERMINED = dict.fromkeys(CHAT, "undetermined")
WEB = {"certificates_include_web_services": True}
LIVE = {
    "agree": Case(
        "the internal servers use one CA", internal=("live1", "live2"), says=["live1 Default CN=Contoso Issuing CA", "live2 Default"]),
    "agree-role": Case("the same in the form of a role", internal=("live1", "live2"), form="R"),
    "unrelated": Case(
        "two internal servers use unrelated CAs", internal=("live1", "live-other"), passes=False, shows=UNDETERMINED,
        says=["live1 Default CN=Contoso Issuing CA", "live-other Default CN=Fabrikam CA", "certificates_authority_files"]),
}
CASES = {
    "two-cas": Case(
        "two issuing CAs under one root", internal=("fe1", "fe-second"), says=["reference.several"]),
    "unreachable": Case(
        "one of two internal servers is off", internal=("fe1", "fe-off"), says=["reference.server_silent", "fe-off", "nothing listens"]),
    "unreachable-demanded": Case(
        "the same, and all must answer", internal=("fe1", "fe-off"), options={"certificates_demand_all": True}, passes=False,
        shows=UNDETERMINED, says=["fe-off", "nothing listens", "certificates_demand_all"]),
    "all-unreachable": Case(
        "no internal server answers", internal=("fe-off",), passes=False, shows=UNDETERMINED,
        says=["None of the internal servers tells its CA", "nothing listens"]),
    "named-thumbprint": Case(
        "an internal server without Lync, its certificate named", internal=("fe-bare",), says=["fe-bare named CN=Contoso Issuing CA"]),
    "overlap": Case(
        "a file of one of two CAs in use", internal=("fe1", "fe-other"), files=["ISSUING"], says=["reference.differs", "Used by fe-other"]),
    "file-of-another": Case(
        "a file of a CA that no server uses, beside theirs", files=["ISSUING", "OTHER"],
        says=["reference.differs", "Named by the user, but used by no internal server"]),
    "disagree": Case(
        "a file of a CA that no server uses", files=["OTHER"], passes=False, shows=UNDETERMINED,
        says=["CN=Fabrikam CA", "fe1 Default CN=Contoso Issuing CA"]),
    "no-group-no-file": Case(
        "neither internal servers nor a file", internal=(), passes=False, shows={}, says=["No CA is given"]),
    "mistyped": Case(
        "the group of internal servers is mistyped", options={"certificates_authority_group": "lync_interna"}, passes=False, shows={},
        says=["No server is in the group 'lync_interna'"]),
    "mistyped-with-file": Case(
        "the same with a file of the CA", files=["ISSUING"], options={"certificates_authority_group": "lync_interna"}, passes=False,
        shows={}, says=["No server is in the group 'lync_interna'"]),
    "named-beforehand": Case(
        "a reference under the registered one's name in the inventory is not believed", internal=("fe-other",),
        options={"certificates_reference": {"msg": "", "findings": [], "servers": [], "authority": {"certificates": []}}}, passes=False,
        shows=dict.fromkeys(CHAT, "not satisfied"), says=["none was issued by CN=Fabrikam CA"]),
    "behind-the-question": Case(
        "--start-at-task leaves the internal servers out", args=["--start-at-task", "Server holds a usable certificate"], passes=False,
        shows=UNDETERMINED, says=["certificates_reference"]),
    "files-of-its-own": Case(
        "one Persistent Chat server has to have a certificate of the other CA in use", internal=("fe1", "fe-other"), files=["ISSUING"],
        own_files={"pchat2": ["OTHER"]}, passes=False, shows={"pchat1": "satisfied", "pchat2": "not satisfied"},
        says=["none was issued by CN=Fabrikam CA"]),
    "group-of-its-own": Case(
        "one Persistent Chat server has other internal servers", own={"pchat2": {"certificates_authority_group": "sql"}}, passes=False,
        shows={}, says=["The internal servers of pchat2 are sql1", "certificates_authority_group is not the same"]),
    "left-out": Case(
        "--limit to one Persistent Chat server: the CA is found all the same", args=["--limit", "pchat1"], passes=False,
        shows={"pchat1": "satisfied", "pchat2": "undetermined"}, says=["fe2 Default CN=Contoso Issuing CA", "coverage.not_checked"]),
    "web-internal": Case(
        "internal web services of another CA", internal=("fe1", "fe-web"), options=WEB, passes=False,
        shows={**SATISFIED, "fe1 (web services)": "satisfied", "fe-web (web services)": "not satisfied"},
        says=["the certificate assigned to WebServicesInternal does not meet", "step 3 (Request, Install or Assign Certificates)"]),
    "web-external": Case(
        "external web services of another CA", internal=("fe1", "fe-public"), options=WEB,
        shows={**SATISFIED, "fe-public (web services)": "satisfied"}, says=["reference.web_services_external"]),
    "web-unreachable": Case(
        "web services of a server that is off", internal=("fe1", "fe-off"), options=WEB, passes=False,
        shows={**SATISFIED, "fe-off (web services)": "undetermined"}, says=["nothing listens"]),
    "web-none": Case(
        "a server without web services", internal=("fe1", "fe-mediation"), options=WEB,
        shows={**SATISFIED, "fe1 (web services)": "satisfied"}, says=["reference.web_services_unassigned"]),
    "web-pool": Case(
        "the pool of the Persistent Chat servers is not asked of web services", options={**WEB, "certificates_pool": "fe1.contoso.local"},
        passes=False, shows={"pchat1": "not satisfied", "fe2 (web services)": "satisfied"}),
    "in-both-groups": Case(
        "a Standard Edition server with Persistent Chat on it", internal=("fe1", "pchat2-standard"), chat=("pchat1", "pchat2-standard"),
        shows={"pchat1": "satisfied", "pchat2-standard": "satisfied"}, says=["fe1 Default CN=Contoso Issuing CA"]),
    "only-in-both-groups": Case(
        "no internal server but such a one", internal=("pchat2-standard",), chat=("pchat1", "pchat2-standard"),
        shows={"pchat1": "satisfied", "pchat2-standard": "satisfied"}, says=["pchat2-standard Default CN=Contoso Issuing CA"]),
    "own-witness": Case(
        "the internal server is off, and the judged ones are in its group", internal=("fe-off", "pchat2-standard"),
        chat=("pchat1", "pchat2-standard"), passes=False, shows={"pchat1": "undetermined", "pchat2-standard": "undetermined"},
        says=["None of the internal servers tells its CA", "nothing listens"]),
}


def built(case: Case, scene: Scene) -> Mapped:
    """The inventory: everything by its connection, nothing from files."""
    local = {"ansible_connection": "local", "ansible_python_interpreter": "{{ ansible_playbook_python }}"}
    own = {host: {"certificates_authority_files": [scene.files[name] for name in names]} for host, names in case.own_files.items()}
    chat = {host: {**scene.hosts[host], **case.own.get(host, {}), **own.get(host, {})} for host in case.chat}
    children: Mapped = {"persistent_chat": {"hosts": chat}, "sql": {"hosts": {"sql1": local}}}
    if case.internal:
        children["lync_internal"] = {"hosts": {host: scene.hosts[host] for host in case.internal}}
    files = {"certificates_authority_files": [scene.files[name] for name in case.files]} if case.files else {}
    return {"all": {"vars": {**files, **case.options}, "hosts": {"localhost": local}, "children": children}}


def run(case: Case, scene: Scene, folder: Path) -> Outcome:
    def inventory(found: Mapped) -> None:
        found.clear()
        found.update(built(case, scene))

    return carry_out(Row(case.what, inventory=inventory, args=case.args), case.form, folder)


def check(case: Case, scene: Scene, folder: Path) -> None:
    outcome = run(case, scene, folder)
    faults = [] if (outcome.code == 0) is case.passes else [f"exit code {outcome.code}"]
    if sorted(outcome.installed) != sorted((*case.chat, "sql1", "localhost") if case.passes else ()):
        faults.append(f"installed on {outcome.installed}")
    for host, word in case.shows.items():
        if not re.search(rf"^\s*{re.escape(host)}\s+{word}\b", outcome.text, re.MULTILINE):
            faults.append(f"the report does not show {host} as {word}")
    faults += [f"the text lacks {words!r}" for words in case.says if words not in outcome.flat]
    if faults:
        pytest.fail(f"{case.what}: {'; '.join(faults)}\n{outcome.text}", pytrace=False)


@pytest.mark.engine
@pytest.mark.parametrize("name", LIVE)
def test_internal_servers_with_the_engine(live: Scene, name: str, tmp_path: Path) -> None:
    check(LIVE[name], live, tmp_path)


@pytest.mark.parametrize("name", CASES)
def test_internal_servers(scene: Scene, name: str, tmp_path: Path) -> None:
    check(CASES[name], scene, tmp_path)


# ---- recorded, and judged where no host can be reached

def offline(case: Case, folder: Path) -> Mapped:
    """The inventory of a machine that can't reach any server, whatever it is asked."""
    groups = {"persistent_chat": case.chat, "lync_internal": case.internal}
    nowhere = variables(9, "winrm")
    children = {group: {"hosts": dict.fromkeys(hosts, nowhere)} for group, hosts in groups.items()}
    return {"all": {"vars": {"certificates_snapshot_directory": str(folder / "recorded"), **case.options}, "children": children}}


def command(folder: Path, playbook: str, inventory: Mapped) -> tuple[int, str]:
    (folder / "inventory.yml").write_text(json.dumps(inventory), encoding="utf-8")
    (folder / "ansible.cfg").write_text("[defaults]\n", encoding="utf-8")
    words = [str(PLAYBOOK), "-i", str(folder / "inventory.yml"), playbook]
    return plain(folder, words, environment(folder))


def collect(case: Case, scene: Scene, folder: Path) -> None:
    inventory = built(case, scene)
    inventory["all"]["vars"]["certificates_snapshot_directory"] = str(folder / "recorded")
    code, text = command(folder, "lync.persistent_chat.collect", inventory)
    assert code == 0, text
    assert {each.stem for each in (folder / "recorded").iterdir()} == {*case.chat, *case.internal}


@pytest.mark.parametrize("playbook", ["audit", "preinstall"])
def test_what_was_collected_is_judged_without_any_host(scene: Scene, playbook: str, tmp_path: Path) -> None:
    case = Case("", options=WEB)
    collect(case, scene, tmp_path)
    code, text = command(tmp_path, f"lync.persistent_chat.{playbook}", offline(case, tmp_path))
    flat = " ".join(text.split())
    assert code == 0, text
    for words in ("pchat2 satisfied", "fe2 (web services) satisfied", "fe1 Default CN=Contoso Issuing CA", "4 of 4 checked, 4 satisfied"):
        assert words in flat, text


def test_collected_servers_of_unrelated_cas_are_told_apart_without_any_host(scene: Scene, tmp_path: Path) -> None:
    case = Case("", internal=("fe1", "fe-other"))
    collect(case, scene, tmp_path)
    code, text = command(tmp_path, "lync.persistent_chat.audit", offline(case, tmp_path))
    flat = " ".join(text.split())
    assert code == 0, text
    for words in ("pchat1 undetermined", "fe-other Default CN=Fabrikam CA", "0 satisfied"):
        assert words in flat, text


def test_an_internal_server_that_was_not_recorded_is_said(scene: Scene, tmp_path: Path) -> None:
    case = Case("")
    collect(case, scene, tmp_path)
    (tmp_path / "recorded" / "fe2.json").unlink()
    code, text = command(tmp_path, "lync.persistent_chat.preinstall", offline(case, tmp_path))
    assert code == 0, text
    assert re.search(r"reference.server_silent.*fe2", " ".join(text.split())), text


# ---- a play of one's own

@pytest.mark.parametrize(("internal", "code", "said"), [
    (("fe1", "fe-off"), 0, "[pchat2]"),
    (("fe1", "fe-other"), 2, "prove no root above all of them"),
])
def test_the_play_of_the_page(scene: Scene, internal: Sequence[str], code: int, said: str, tmp_path: Path) -> None:
    play = PAGE.read_text(encoding="utf-8").split("## In a play of your own")[1].split("```")[1].removeprefix("yaml")
    (tmp_path / "site.yml").write_text(play, encoding="utf-8")
    found, text = command(tmp_path, str(tmp_path / "site.yml"), built(Case("", internal=internal), scene))
    assert (found, said in text) == (code, True), text
