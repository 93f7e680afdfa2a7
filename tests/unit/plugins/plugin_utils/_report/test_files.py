# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Files of a report: whole ones or none."""
from __future__ import annotations

from pathlib import Path

import pytest
from unit.plugins.plugin_utils._report import sample

from ansible_collections.lync.persistent_chat.plugins.plugin_utils._report import files, html
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._report.json import ReportError, load

ALL = ("html", "json", "junit", "csv")


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_writes_all_formats_into_a_new_folder(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "report"
    paths = files.write(sample.usual(), str(folder), ALL)
    assert [Path(path).name for path in paths] == ["certificates.html", "certificates.json", "certificates.junit.xml", "certificates.csv"]
    assert names(folder) == sorted(Path(path).name for path in paths)
    assert load((folder / "certificates.json").read_text(encoding="utf-8"), source="x") == sample.usual()


def test_hostile_names_can_be_written(tmp_path: Path) -> None:
    assert len(files.write(sample.hostile(), str(tmp_path), ALL)) == 4


def test_takes_the_place_of_an_earlier_report_by_renaming(tmp_path: Path) -> None:
    files.write(sample.usual(), str(tmp_path), ["json"])
    with (tmp_path / "certificates.json").open(encoding="utf-8") as reader:
        files.write(sample.many(1), str(tmp_path), ["json"])
        assert load(reader.read(), source="the one that was open") == sample.usual()
    assert load((tmp_path / "certificates.json").read_text(encoding="utf-8"), source="x") == sample.many(1)


def test_unknown_format(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match=r"There is no report format pdf\. Choose from html, json, junit, csv\."):
        files.write(sample.usual(), str(tmp_path / "no"), ["html", "pdf"])
    assert not (tmp_path / "no").exists()


def test_a_file_where_the_folder_should_be(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("x", encoding="utf-8")
    with pytest.raises(ReportError, match=r"could not be written into the folder .*taken: File exists"):
        files.write(sample.usual(), str(tmp_path / "taken"), ["html"])


def test_a_failure_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "certificates.json").mkdir()  # can't be replaced by a file
    with pytest.raises(ReportError, match=r"Is a directory"):
        files.write(sample.usual(), str(tmp_path), ["json", "csv"])
    assert names(tmp_path) == ["certificates.json"]


def test_nothing_is_written_when_one_form_can_not_be_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files.write(sample.usual(), str(tmp_path), ["json"])
    before = (tmp_path / "certificates.json").read_bytes()
    monkeypatch.setattr(html, "_text", lambda name: "{{ missing }}")
    with pytest.raises(Exception, match="missing"):
        files.write(sample.many(1), str(tmp_path), ["json", "html"])
    assert names(tmp_path) == ["certificates.json"]
    assert (tmp_path / "certificates.json").read_bytes() == before
