# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from ansible.errors import AnsibleActionFail

from ansible_collections.lync.persistent_chat.plugins.action import certificate_store_info as action
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._read.connection import ReadFailure, Reading
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._snapshot.files import load, sha256
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._snapshot.snapshot import (
    Host,
    HostError,
    PrivateKey,
    Snapshot,
    Store,
    StoredCertificate,
)

NOW = datetime(2026, 11, 23, 12, 0, 0, tzinfo=timezone.utc)
NAME = "pchat1.example.com"
HOST = Host("pchat1", "example.com", NOW - timedelta(seconds=90), "Microsoft Windows NT 6.3.9600.0", "4.0", elevated=True)
DENIED = HostError("Zugriff verweigert", 0x80070005)
MISSING = HostError("nicht gefunden", 0x80070002)


def snapshot(*stores: Store, name: str = NAME) -> Snapshot:
    return Snapshot(name, NOW, HOST, stores or (Store("My"), Store("REQUEST", error=MISSING, missing=True)))


def run(monkeypatch: pytest.MonkeyPatch, outcome: Snapshot | Exception, args: dict[str, Any]) -> tuple[dict[str, Any], list[Any]]:
    """The module's result where the host answers ``outcome``, and what was asked of it."""
    asked: list[Any] = []

    def read_host(_action: Any, _variables: Any, *, stores: Any, timeout: int) -> Reading:
        asked.append((list(stores), timeout))
        if isinstance(outcome, Exception):
            raise outcome
        return Reading(outcome, 2)

    monkeypatch.setattr(action, "read_host", read_host)
    task = SimpleNamespace(args=args, async_val=0, check_mode=True, diff=False, action="certificate_store_info", delegate_to=None)
    connection = SimpleNamespace(_shell=SimpleNamespace(tmpdir=None), become=None, transport="winrm")
    module = action.ActionModule(task, connection, SimpleNamespace(), None, None, None)
    module._load_name = "certificate_store_info"  # as the plugin loader does; ansible-core 2.16 names it in its refusal
    return module.run(task_vars={"inventory_hostname": NAME}), asked


def test_what_was_read_is_returned_and_nothing_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    result, asked = run(monkeypatch, snapshot(), {})
    assert asked == [(["My", "CA", "Root", "Disallowed", "REQUEST"], 60)]
    assert (result["changed"], result.get("failed", False), result["attempts"]) == (False, False, 2)
    assert result["host"] == {
        "name": NAME, "fqdn": NAME, "os_version": "Microsoft Windows NT 6.3.9600.0", "powershell_version": "4.0", "elevated": True,
        "lync_version": None, "clock": "2026-11-23T11:58:30Z", "clock_skew_seconds": -90,
    }  # fmt: skip
    assert result["snapshot_sha256"] == sha256(snapshot())
    error = {"message": "nicht gefunden", "hresult": 0x80070002}
    assert result["stores"][1] == {"name": "REQUEST", "missing": True, "error": error, "certificates": []}


def test_a_certificate_that_is_none_is_an_entry(monkeypatch: pytest.MonkeyPatch) -> None:
    entries = (StoredCertificate(b"\x01\x02", private_key=PrivateKey(present=False)), StoredCertificate(b"", error=DENIED))
    result, _asked = run(monkeypatch, snapshot(Store("My", entries)), {"return_content": True})
    garbage, unread = result["stores"][0]["certificates"]
    assert (garbage["subject"], garbage["content"], garbage["private_key"]["present"]) == (None, "AQI=", False)
    assert garbage["error"]["message"].startswith("Not understood")
    assert garbage["thumbprint"] == "0CA623E2855F2C75C842AD302FE820E41B4D197D"
    assert (unread["thumbprint"], unread["error"]) == (None, {"message": "Zugriff verweigert", "hresult": 0x80070005})


def test_the_bytes_come_only_when_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    result, _asked = run(monkeypatch, snapshot(Store("My", (StoredCertificate(b"0"),))), {})
    assert "content" not in result["stores"][0]["certificates"][0]


@pytest.mark.parametrize(
    ("store", "words"),
    [
        (Store("Mi", error=MISSING, missing=True), "has no certificate store Mi. Check the names"),
        (Store("My", error=DENIED), "store My of the local computer pchat1.example.com can't be read: Zugriff verweigert 0x80070005."),
    ],
)
def test_a_wanted_store_that_was_not_read_fails_and_records_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, store: Store, words: str
) -> None:
    result, _asked = run(monkeypatch, snapshot(store), {"stores": [store.name], "dest": str(tmp_path / "x.json")})
    assert result["failed"] is True
    assert words in result["msg"]
    assert list(tmp_path.iterdir()) == []


def test_a_host_that_could_not_be_read_is_a_failed_result(monkeypatch: pytest.MonkeyPatch) -> None:
    result, _asked = run(monkeypatch, ReadFailure("host.denied", "It refused.", "Check the password.", 1), {})
    assert result == {"changed": False, "failed": True, "msg": "It refused. Check the password.", "code": "host.denied", "attempts": 1}


def test_a_snapshot_is_recorded_whole_under_the_hosts_name(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / f"{NAME}.json").write_text("old")
    result, _asked = run(monkeypatch, snapshot(), {"dest": str(tmp_path)})
    written = tmp_path / f"{NAME}.json"
    assert result["dest"] == str(written)
    assert load(written.read_text("ascii"), source="x") == snapshot()
    assert [file.name for file in tmp_path.iterdir()] == [written.name]
    result, _asked = run(monkeypatch, snapshot(), {"dest": f"{tmp_path}/new/"})
    assert result["dest"] == str(tmp_path / "new" / f"{NAME}.json")
    result, _asked = run(monkeypatch, snapshot(), {"dest": str(tmp_path / "one.json")})
    assert load((tmp_path / "one.json").read_text("ascii"), source="x") == snapshot()


def test_a_place_that_cannot_be_written_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(AnsibleActionFail, match="can't be written to"):
        run(monkeypatch, snapshot(), {"dest": str(tmp_path / "file" / "x.json")})


def test_a_snapshot_takes_the_place_of_the_host(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    run(monkeypatch, snapshot(), {"dest": str(tmp_path)})
    result, asked = run(monkeypatch, snapshot(), {"snapshot": str(tmp_path), "stores": ["my", "REQUEST"]})
    assert asked == []
    assert (result["attempts"], result["snapshot_sha256"]) == (0, sha256(snapshot()))
    result, _asked = run(monkeypatch, snapshot(), {"snapshot": str(tmp_path), "stores": ["Root"]})
    assert "has the stores My, REQUEST, and Root were asked for" in result["msg"]
    (tmp_path / f"{NAME}.json").write_text('{"format": 1')
    result, _asked = run(monkeypatch, snapshot(), {"snapshot": str(tmp_path)})
    assert result["failed"] is True
    assert "not whole JSON" in result["msg"]


@pytest.mark.parametrize("args", [{"timeout": 0}, {"timeout": 3601}, {"store": "My"}, {"timeout": "soon"}])
def test_options_that_make_no_sense_are_refused(monkeypatch: pytest.MonkeyPatch, args: dict[str, Any]) -> None:
    with pytest.raises(AnsibleActionFail):
        run(monkeypatch, snapshot(), args)


def test_the_documentation_has_these_options() -> None:
    file = Path(action.__file__).parent.parent / "modules" / "certificate_store_info.yml"
    options = yaml.safe_load(file.read_text("utf-8"))["DOCUMENTATION"]["options"]
    keys = ("type", "elements", "default", "choices")
    assert {name: {key: option[key] for key in keys if key in option} for name, option in options.items()} == action.SPEC
