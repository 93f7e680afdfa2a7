# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a report over many servers costs, beside plain ``json.load`` of the same verdicts: ``python bench_report.py [--hosts 10000]``.

Each line is a process of its own: processor seconds and peak memory of one step, and both as multiples of the plain reading. At the end
how long Chromium takes to open the page for 2,000 servers (the aim: under 2 s).
"""
from __future__ import annotations

import argparse
import json as plain
import subprocess
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
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._verdict import coverage  # noqa: E402
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._verdict.report import Report  # noqa: E402


def _read(path: Path) -> Report:
    return json.load(path.read_text(encoding="utf-8"), source="bench")


def _plain(path: Path) -> Any:
    return plain.loads(path.read_text(encoding="utf-8"))


def _covered(path: Path) -> Report:
    """Two verdicts about each server, as two slices would have, put together."""
    report = _read(path)
    verdicts = coverage.from_reports([report, report], report.expected, run_id=report.run_id, now=report.created_at)
    return coverage.cover(report.expected, verdicts, run_id=report.run_id, now=report.created_at)


def _all(path: Path) -> list[Any]:
    report = _covered(path)
    return [each.render(report) for each in (terminal, html, json, junit, csv)]


STEPS: dict[str, Callable[[Path], Any]] = {
    "json.load": _plain,
    "read strictly": _read,
    "and put together": _covered,
    "and terminal": lambda path: terminal.render(_covered(path)),
    "and HTML": lambda path: html.render(_covered(path)),
    "and JSON": lambda path: json.render(_covered(path)),
    "and JUnit": lambda path: junit.render(_covered(path)),
    "and CSV": lambda path: csv.render(_covered(path)),
    "all of it": _all,
}


def measured(step: str, path: Path) -> tuple[float, float]:
    """Processor seconds and peak MB of a step (what the process had before it is left out)."""
    done = subprocess.run([sys.executable, __file__, "--step", step, str(path)], stdout=subprocess.PIPE, text=True, check=True)
    seconds, peak = done.stdout.split()
    return float(seconds), float(peak)


def peak_of(process: str) -> float:
    """Peak memory of a process in MB; getrusage's would be that of the process that started it, if that had more."""
    status = Path("/proc", process, "status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def one(step: str, path: Path) -> None:
    """Does the step; for the process that ``measured`` starts."""
    before = peak_of("self")
    start = time.process_time()
    kept = STEPS[step](path)
    seconds = time.process_time() - start
    assert kept
    print(seconds, peak_of("self") - before)


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
    parser.add_argument("--step", nargs=2, metavar=("STEP", "FILE"), help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.step:
        one(args.step[0], Path(args.step[1]))
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "certificates.json"
        path.write_text(json.render(sample.many(args.hosts)), encoding="utf-8")
        print(f"report over {args.hosts} verdicts, {path.stat().st_size / 1e6:.1f} MB of JSON")
        base = measured("json.load", path)
        for step in STEPS:
            seconds, peak = base if step == "json.load" else measured(step, path)
            print(f"{step:18} {seconds:6.2f} s {seconds / base[0]:6.1f} x   {peak:5.0f} MB {peak / base[1]:5.1f} x", flush=True)
    print(opened(2000))


if __name__ == "__main__":
    main()
