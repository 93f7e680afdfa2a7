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
HOSTS = [f"pchat{number}.contoso.local" for number in range(1, 7)]


def surroundings(more: dict[str, str] | None = None) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("ANSIBLE_") and key != "PYTHONDONTWRITEBYTECODE"}
    return kept | (more or {})


def run(program: Path = DEMO, more: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """The demo with this test's own environment; what it prints is text."""
    command = [sys.executable, str(program)]
    return subprocess.run(command, env=surroundings(more), capture_output=True, text=True, check=False, timeout=300)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of what the demo needs, to be spoilt."""
    for name in ("examples", "plugins", "roles", "playbooks", "meta", "tests/winrm_host"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("galaxy.yml",):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def test_shows_what_it_promises_beside_a_proxy_and_settings_meant_for_something_else(tmp_path: Path) -> None:
    config = tmp_path / "ansible.cfg"
    config.write_text("[defaults]\nstrategy = free\ngather_timeout = 1\nstdout_callback = minimal\n", encoding="utf-8")
    dead = "http://127.0.0.1:9"
    proxies = dict.fromkeys(("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY"), dead)
    done = run(more=proxies | {"NO_PROXY": "", "ANSIBLE_CONFIG": str(config), "ANSIBLE_STRATEGY": "free"})
    assert done.returncode == 0, done.stdout + done.stderr
    for host in HOSTS:
        assert host in done.stdout
    assert "5 of 6 checked, 2 satisfied" in done.stdout
    assert "PLAY [Persistent Chat is installed]" not in done.stdout
    assert "What you saw" in done.stdout


def test_two_at_a_time_do_not_meet() -> None:
    command = [sys.executable, str(DEMO)]
    def start() -> subprocess.Popen[str]:
        return subprocess.Popen(command, env=surroundings(), text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    both = [start(), start()]
    said = [process.communicate(timeout=300)[0] for process in both]
    assert [process.returncode for process in both] == [0, 0], "\n".join(said)


def test_leaves_only_its_reports() -> None:
    def left() -> set[Path]:
        return set((ROOT / ".cache").glob("demo-run-*"))

    before = left()
    assert run().returncode == 0
    new = [path for folder in left() - before for path in folder.rglob("*") if path.is_file()]
    assert {path.name for path in new} == {"certificates.html", "certificates.json"}


def test_fails_when_a_server_is_not_as_promised(checkout: Path) -> None:
    recorded = checkout / "examples" / "recorded"
    good = (recorded / "pchat1.contoso.local.json").read_text(encoding="utf-8")
    spoilt = good.replace("pchat1", "pchat5")
    (recorded / "pchat5.contoso.local.json").write_text(spoilt, encoding="utf-8")
    done = run(checkout / "examples" / "demo.py")
    assert done.returncode == 1
    assert "did NOT show" in done.stdout
    assert "pchat5.contoso.local" in done.stdout.split("did NOT show")[1]


def test_fails_when_the_gate_is_left_out(checkout: Path) -> None:
    site = checkout / "examples" / "site.yml"
    text = site.read_text(encoding="utf-8")
    site.write_text(text.replace("lync.persistent_chat.preinstall", "lync.persistent_chat.audit"), encoding="utf-8")
    done = run(checkout / "examples" / "demo.py")
    assert done.returncode == 1
    assert "something was installed behind the gate" in done.stdout
