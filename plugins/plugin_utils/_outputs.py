# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Files that this collection writes on the controller: aside first, then renamed, so that whoever reads one finds it whole."""
from __future__ import annotations

import contextlib
import os
import uuid
from collections.abc import Mapping
from pathlib import Path


def write_whole(contents: Mapping[Path, bytes]) -> None:
    """Writes the files, all of them aside before the first is renamed; folders that are missing are made.

    Raises OSError; then no file has changed, unless the very renaming failed.
    """
    aside: dict[Path, Path] = {}
    try:
        for path, content in contents.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            aside[path] = path.with_name(f".{path.name[:100]}.{uuid.uuid4().hex}.part")
            _write(aside[path], content)
        for path in contents:
            aside[path].replace(path)
    finally:
        for each in aside.values():
            with contextlib.suppress(OSError):
                each.unlink(missing_ok=True)


def _write(path: Path, content: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
