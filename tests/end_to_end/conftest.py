# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What whole runs of ansible-playbook share: the engine, and results that are made once."""
from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from end_to_end.playing import Results
from engine import engine  # noqa: F401  # pylint: disable=unused-import


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, Callable[[Path], Results]], Results]:
    """``once(name, make)``: what ``make(folder)`` returned; it must be JSON.

    One run serves many tests. With pytest-xdist it is made once all the same: the worker that comes first makes it, the others read it.
    """
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base

    def get(name: str, make: Callable[[Path], Results]) -> Results:
        folder, kept = shared / f"once-{name}", shared / f"once-{name}.json"
        with (shared / f"once-{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not kept.exists():
                folder.mkdir()
                kept.write_text(json.dumps(make(folder)), encoding="utf-8")
        found: Results = json.loads(kept.read_text(encoding="utf-8"))
        return found

    return get
