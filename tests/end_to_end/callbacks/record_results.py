# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes each task's result as a line of JSON to the file that the environment's RECORD_RESULTS names."""
from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: record_results
type: notification
short_description: Writes results as lines of JSON
description: For tests.
"""


class CallbackModule(CallbackBase):  # type: ignore[misc, unused-ignore]
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "record_results"
    CALLBACK_NEEDS_ENABLED = True

    def _record(self, kind: str, result: Any) -> None:
        host = getattr(result, "host", None) or result._host
        values = getattr(result, "result", None) or result._result
        with Path(os.environ["RECORD_RESULTS"]).open("a", encoding="utf-8") as file:
            file.write(json.dumps({"host": host.get_name(), "kind": kind, "result": values}, default=str) + "\n")

    def v2_runner_on_ok(self, result: Any) -> None:
        self._record("ok", result)

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        self._record("failed", result)

    def v2_runner_on_unreachable(self, result: Any) -> None:
        self._record("unreachable", result)
