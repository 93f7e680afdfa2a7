# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Simulated hosts for the tests of this folder."""
from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import tls_files
from engine import engine  # noqa: F401  # pylint: disable=unused-import

from winrm_host import Farm, Host, Recorded

USERS = {"operator": "secret"}


@pytest.fixture(autouse=True)
def _direct(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")
    monkeypatch.setenv("no_proxy", "127.0.0.1,localhost")


@pytest.fixture(scope="session")
def tls(tmp_path_factory: pytest.TempPathFactory) -> tls_files.TlsFiles:
    return tls_files.make(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def farm() -> Iterator[Farm]:
    with Farm() as made:
        yield made


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """A snapshot file of a host chat1 with one store, My, which holds one certificate of three bytes."""
    certificate = {"content": "AQID", "archived": False, "friendly_name": None, "error": None, "private_key": {"present": False}}
    document = {"format": 1, "name": "chat1", "recorded_at": "2020-01-01T00:00:00Z",
                "host": {"name": "CHAT1", "domain": "contoso.local", "clock": "2020-01-01T00:00:00Z"},
                "stores": [{"name": "My", "missing": False, "error": None, "certificates": [certificate]}]}
    file = tmp_path / "chat1.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    return file


@pytest.fixture
def recorded(farm: Farm, recording: Path) -> Callable[..., tuple[Host, int]]:
    """Starts a host that plays the recording: the host, its port."""

    def start(tls: Any = None, **options: Any) -> tuple[Host, int]:
        host = Host("chat1", Recorded(recording), users=USERS, **options)
        return host, farm.listen(host, tls=tls)

    return start
