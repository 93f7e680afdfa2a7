# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a report over many servers costs, beside plain ``json.loads`` of the same text: ``python bench_report.py [--hosts 10000]``.

Each line: seconds, as a multiple of the plain reading, size. At the end the process's peak memory, and how long Chromium takes to
open the page for 2,000 servers (the aim: under 2 s).
"""
from __future__ import annotations

import argparse
import json as plain
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests")]

import conftest  # noqa: E402, F401  # pylint: disable=unused-import  # makes the collection importable
from browser.chromium import Chromium, find  # noqa: E402
from unit.plugins.plugin_utils._report import sample  # noqa: E402

from ansible_collections.lync.persistent_chat.plugins.plugin_utils._report import csv, html, json, junit, terminal  # noqa: E402


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """The best of three, and what the last gave."""
    best = float("inf")
    result = None
    for _round in range(3):
        start = time.perf_counter()
        result = work()
        best = min(best, time.perf_counter() - start)
    return best, result


def opened(hosts: int) -> str:
    """How long Chromium takes from the address to the end of loading."""
    if find() is None:
        return "opening in Chromium: skipped, there is none (Debian: apt install chromium)"
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, Chromium(Path(folder) / "profile") as browser:
        path = Path(folder) / "report.html"
        path.write_text(html.render(sample.many(hosts)), encoding="utf-8")
        page = browser.open(path)
        milliseconds = page.value("performance.getEntriesByType('navigation')[0].loadEventEnd")
    return f"opening in Chromium, {hosts} servers: {milliseconds / 1000:.2f} s"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hosts", type=int, default=10000)
    hosts = parser.parse_args().hosts
    report = sample.many(hosts)
    text = json.render(report)
    base, _result = timed(lambda: plain.loads(text))
    print(f"{hosts} verdicts, {len(text) / 1e6:.1f} MB of JSON; json.loads alone: {base:.2f} s")
    steps: dict[str, Callable[[], Any]] = {
        "read JSON strictly": lambda: json.load(text, source="bench"),
        "write JSON": lambda: json.render(report),
        "write HTML": lambda: html.render(report),
        "write JUnit": lambda: junit.render(report),
        "write CSV": lambda: csv.render(report),
        "terminal": lambda: terminal.render(report),
    }
    for name, step in steps.items():
        seconds, _result = timed(step)
        print(f"{name:20} {seconds:6.2f} s  {seconds / base:5.1f} x")
    print(f"peak memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    print(opened(2000))


if __name__ == "__main__":
    main()
