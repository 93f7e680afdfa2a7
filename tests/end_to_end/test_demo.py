# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The demo as a newcomer types it, in surroundings that could spoil it."""
from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
DEMO = ROOT / "examples" / "demo.py"
README = (ROOT / "README.md").read_text(encoding="utf-8")
HOSTS = [f"pchat{number}.contoso.local" for number in range(1, 7)]


def surroundings(more: dict[str, str]) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("ANSIBLE_") and key != "PYTHONDONTWRITEBYTECODE"}
    return kept | more


def start(more: dict[str, str], program: Path = DEMO) -> subprocess.Popen[str]:
    """The demo, run by the Python of this test; what it prints is text."""
    command = [sys.executable, str(program)]
    return subprocess.Popen(command, env=surroundings(more), text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def run(program: Path) -> tuple[int | None, str]:
    with start({}, program) as process:
        said = process.communicate(timeout=300)[0]
    return process.returncode, said


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of what the demo needs, to be spoilt."""
    for name in ("examples", "plugins", "roles", "playbooks", "meta", "tests/winrm_host"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("galaxy.yml",):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def quoted() -> list[str]:
    """The lines of the demo's output that README.md shows."""
    block = README.split("`make demo` ends like this (cut):\n\n```\n")[1].split("\n```")[0]
    return [line for line in block.splitlines() if line.strip() != "..."]


def left() -> set[Path]:
    return set((ROOT / ".cache").glob("demo-run-*"))


def test_two_at_a_time_show_what_they_promise_beside_a_proxy_and_settings_meant_for_something_else(tmp_path: Path) -> None:
    config = tmp_path / "ansible.cfg"
    config.write_text("[defaults]\nstrategy = free\nstdout_callback = minimal\n", encoding="utf-8")
    dead = "http://127.0.0.1:9"
    more = dict.fromkeys(("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY"), dead)
    more |= {"NO_PROXY": "", "ANSIBLE_CONFIG": str(config), "ANSIBLE_STRATEGY": "free"}
    before = left()
    with start(more) as one, start(more) as other:
        said = [process.communicate(timeout=300)[0] for process in (one, other)]
    assert [one.returncode, other.returncode] == [0, 0], "\n".join(said)
    for text in said:
        for host in HOSTS:
            assert host in text
        assert "5 of 6 checked, 2 satisfied" in text
        assert "from fe1.contoso.local, Default" in text, "the CA is told by the internal servers"
        assert text.count("the CA can't be told") == 3, "of recorded internal servers"
        assert "PLAY [Persistent Chat is installed]" not in text
        assert "What you saw" in text
        assert not [line for line in quoted() if line not in text.splitlines()], "README.md shows what the demo says"
    new = [path for folder in left() - before for path in folder.rglob("*") if path.is_file()]
    assert {path.name for path in new} == {"certificates.html", "certificates.json"}, "it leaves only its reports"


def test_fails_when_recorded_servers_are_not_as_promised(checkout: Path) -> None:
    recorded, internal = checkout / "examples" / "recorded", checkout / "examples" / "internal"
    good = (recorded / "pchat1.contoso.local.json").read_text(encoding="utf-8")
    spoilt = good.replace("pchat1", "pchat5")
    (recorded / "pchat5.contoso.local.json").write_text(spoilt, encoding="utf-8")
    shutil.copy(internal / "two-cas-of-one-name" / "fe2.contoso.local.json", internal / "agree")
    shutil.rmtree(internal / "two-issuing-cas")
    code, said = run(checkout / "examples" / "demo.py")
    assert code == 1
    otherwise = said.split("did NOT show")[1]
    for name in ("pchat5.contoso.local", "internal/agree", "internal/two-issuing-cas"):
        assert name in otherwise
    assert "internal/two-cas-of-one-name" not in otherwise


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_fails_when_the_gate_is_left_out_and_when_a_file_names_the_ca(checkout: Path) -> None:
    change(checkout / "examples" / "site.yml", "lync.persistent_chat.preinstall", "lync.persistent_chat.audit")
    named = "certificates_authority_group: ''\n    certificates_authority_files: ['{{ inventory_dir }}/authority/contoso-lync-ca.pem']"
    change(checkout / "examples" / "inventory.yml", "certificates_pool:", f"{named}\n    certificates_pool:")
    code, said = run(checkout / "examples" / "demo.py")
    assert code == 1
    assert "something was installed behind the gate" in said
    assert "pchat1.contoso.local was not judged by the CA that fe1.contoso.local and fe2.contoso.local use" in said
