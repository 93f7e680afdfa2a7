# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The user's files: whatever is wrong with one, a sentence names it."""
from __future__ import annotations

import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pki
import pytest

from ansible_collections.lync.persistent_chat.plugins.plugin_utils import _inputs
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._snapshot.files import dump


def test_a_file_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_bytes(b"content")
    assert _inputs.authority_files([f"{tmp_path}/ca.pem"]) == [(f"{tmp_path}/ca.pem", b"content")]


def test_a_folder_gives_what_ends_like_a_certificate(tmp_path: Path) -> None:
    for name in ("b.CER", "a.pem", "notes.txt"):
        (tmp_path / name).write_bytes(b"content")
    assert [label for label, _content in _inputs.authority_files([str(tmp_path)])] == [f"{tmp_path}/a.pem", f"{tmp_path}/b.CER"]


def _fifo(path: Path) -> None:
    os.mkfifo(path)


def _loop(path: Path) -> None:
    path.symlink_to(path)


@pytest.mark.parametrize(("make", "words"), [
    (lambda path: None, "is missing"),
    (lambda path: path.write_bytes(b" \n"), "is empty"),
    (lambda path: path.write_bytes(b"x" * (_inputs.AUTHORITY_LIMIT + 1)), "larger than"),
    (Path.mkdir, "holds no file"),
    (_fifo, "not a regular file"),
    (_loop, "can't be read"),
])
def test_what_is_wrong_with_a_file_is_said(make: object, words: str, tmp_path: Path) -> None:
    make(tmp_path / "ca.cer")  # type: ignore[operator]
    with pytest.raises(_inputs.InputError) as caught:
        _inputs.authority_files([f"{tmp_path}/ca.cer"])
    assert words in str(caught.value)
    assert f"{tmp_path}/ca.cer" in str(caught.value)


def test_a_snapshot_by_file_and_by_folder(tmp_path: Path) -> None:
    taken = pki.snapshot(name="pchat1")
    (tmp_path / "pchat1.json").write_text(dump(taken))
    for path in (str(tmp_path), f"{tmp_path}/pchat1.json"):
        assert _inputs.snapshot(path, "pchat1", now=pki.NOW) == taken


def test_a_snapshot_of_another_host_is_none_of_this_one(tmp_path: Path) -> None:
    (tmp_path / "pchat1.json").write_text(dump(pki.snapshot(name="pchat2")))
    with pytest.raises(_inputs.NoSnapshotError, match=r"that of pchat2, not of pchat1"):
        _inputs.snapshot(str(tmp_path), "pchat1", now=pki.NOW)


def test_a_missing_snapshot_is_told_from_a_broken_one(tmp_path: Path) -> None:
    with pytest.raises(_inputs.NoSnapshotError, match=r"no snapshot of pchat1"):
        _inputs.snapshot(str(tmp_path), "pchat1", now=pki.NOW)
    (tmp_path / "pchat1.json").write_text(dump(pki.snapshot(name="pchat1"))[:-9])
    with pytest.raises(_inputs.InputError) as caught:
        _inputs.snapshot(str(tmp_path), "pchat1", now=pki.NOW)
    assert not isinstance(caught.value, _inputs.NoSnapshotError)


@pytest.mark.parametrize(("age", "hours", "words"), [
    (timedelta(hours=24), 24, None),
    (timedelta(hours=24, seconds=1), 24, "24 hours ago"),
    (timedelta(days=900), 0, None),
    (timedelta(minutes=-4), 24, None),
    (timedelta(minutes=-6), 24, "in the future"),
])
def test_the_age_of_a_snapshot(age: timedelta, hours: int, words: str | None, tmp_path: Path) -> None:
    taken = replace(pki.snapshot(name="pchat1"), recorded_at=pki.NOW - age)
    (tmp_path / "pchat1.json").write_text(dump(taken))
    if words is None:
        assert _inputs.snapshot(str(tmp_path), "pchat1", now=pki.NOW, max_age=hours) == taken
        return
    with pytest.raises(_inputs.StaleSnapshotError, match=words):
        _inputs.snapshot(str(tmp_path), "pchat1", now=pki.NOW, max_age=hours)


def test_variables_beside_the_users_playbook_that_an_imported_play_does_not_read(tmp_path: Path) -> None:
    for folder in ("collection", "site/group_vars", "site/host_vars", "inventory"):
        (tmp_path / folder).mkdir(parents=True)
    for name in ("site.yml", "group_vars/chat.yml", "group_vars/other.yml", "host_vars/pchat1"):
        (tmp_path / "site" / name).write_text("")

    def unread(playbook_dir: str, inventories: list[str]) -> list[str]:
        return list(_inputs.unread_variables(playbook_dir, [f"{tmp_path}/site/site.yml"], inventories, ["chat"], "pchat1"))

    found = [f"{tmp_path}/site/group_vars/chat.yml", f"{tmp_path}/site/host_vars/pchat1"]
    assert unread(f"{tmp_path}/collection", [f"{tmp_path}/inventory"]) == found
    assert unread(f"{tmp_path}/site", [f"{tmp_path}/inventory"]) == []
    assert unread(f"{tmp_path}/collection", [f"{tmp_path}/site"]) == []
