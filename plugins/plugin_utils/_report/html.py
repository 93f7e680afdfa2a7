# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report as one self-contained HTML file."""
from __future__ import annotations

import html

from .._verdict.report import Report
from . import facts


def render(report: Report) -> str:
    """HTML text."""
    return f"<!DOCTYPE html><title>{html.escape(facts.TITLE)}</title><p>{html.escape(str(report.summary))}"
