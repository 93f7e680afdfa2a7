# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Python imports this by itself if the folder is on its path: a disk that hangs, or breaks, while a report is written."""
from __future__ import annotations

import os
import time
from pathlib import Path


def _fsync(_handle: object) -> None:
    Path(os.environ["PROBE_DIR"], "fsync").write_text("begun\n")
    if os.environ["PROBE_FSYNC"] == "crash":
        raise ZeroDivisionError("bug while the report is written")
    time.sleep(60)


if os.environ.get("PROBE_FSYNC"):
    os.fsync = _fsync  # type: ignore[assignment]
