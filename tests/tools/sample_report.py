# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Makes the sample report of the documentation from the recorded servers in examples/, and its picture if there is a Chromium.

``python tests/tools/sample_report.py`` writes docs/sample-report.html, docs/sample-report.txt and docs/sample-report.png.
"""
from __future__ import annotations

import base64
import sys
import tempfile
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT / "tests"))
    import conftest  # noqa: F401  # pylint: disable=unused-import  # makes the collection importable

from browser.chromium import Chromium, find  # noqa: E402

from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.evidence import evidence  # noqa: E402
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.question import Question  # noqa: E402
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.reference import reference  # noqa: E402
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.requirement import requirement_for  # noqa: E402
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._read.faults import of_exception  # noqa: E402
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._report import html, terminal  # noqa: E402
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._snapshot import files  # noqa: E402
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._snapshot.snapshot import Snapshot  # noqa: E402
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._verdict.coverage import ORDER  # noqa: E402
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._verdict.report import Report, Summary  # noqa: E402
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._verdict.verdict import Outcome, Verdict  # noqa: E402

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=timezone.utc)
RUN = "5a3b7c0d9e1f4a6b8c2d0e4f6a8b0c1d"
OFF = "pchat6.contoso.local"
REFUSED = of_exception("Connection refused")


def recorded(pattern: str) -> list[Snapshot]:
    """The servers in examples/, as if read at NOW by a controller whose clock is a second behind theirs."""
    snapshots = [files.load(path.read_text(encoding="utf-8"), source=path.name) for path in (ROOT / "examples" / "recorded").glob(pattern)]
    return [replace(each, recorded_at=NOW, host=replace(each.host, clock=NOW + timedelta(seconds=1))) for each in snapshots]


def verdicts() -> list[Verdict]:
    """Of all Persistent Chat servers, by the CA that the Front Ends use; one of them is off."""
    front_ends = sorted(recorded("fe*.json"), key=lambda each: each.name)
    found = reference([evidence(each, each.assignments, now=NOW) for each in front_ends], now=NOW)
    question = Question(found, requirement_for("lync_2013", pool="pchatpool.contoso.local"), NOW, None, RUN)
    why = f"{OFF} (winrm to {OFF}:5986): {REFUSED.what}, tried 3 times."
    made = [
        question.unread(OFF, REFUSED.code, why, REFUSED.remedy) if each.name == OFF else question.judged(each, recorded=False)
        for each in recorded("pchat*.json")
    ]
    return sorted(made, key=lambda verdict: (ORDER.index(verdict.outcome), verdict.host))


def report() -> Report:
    """The report over ``verdicts``."""
    found = verdicts()
    count = {outcome: sum(verdict.outcome is outcome for verdict in found) for outcome in Outcome}
    summary = Summary(
        expected=len(found),
        checked=sum(verdict.snapshot_sha256 is not None for verdict in found),
        satisfied=count[Outcome.SATISFIED],
        not_satisfied=count[Outcome.NOT_SATISFIED],
        undetermined=count[Outcome.UNDETERMINED],
    )
    return Report(
        run_id=RUN,
        outcome=found[0].outcome,
        created_at=NOW,
        summary=summary,
        expected=tuple(sorted(verdict.host for verdict in found)),
        verdicts=tuple(found),
        versions=(("lync.persistent_chat", "0.1.0"), ("ansible-core", "2.21.5"), ("cryptography", "50.0.0"), ("Python", "3.12")),
    )


def picture(page: Path) -> bytes:
    """PNG of what a screen shows of the page."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile, Chromium(Path(profile)) as browser:
        shown = browser.open(page, width=1100, height=1250)
        return base64.b64decode(shown.call("Page.captureScreenshot")["data"])


def texts(made: Report) -> dict[str, str]:
    """The page and what a terminal shows, by their file names."""
    return {"sample-report.html": html.render(made), "sample-report.txt": "\n".join(terminal.render(made, width=100)) + "\n"}


def main() -> None:
    docs = ROOT / "docs"
    for name, text in texts(report()).items():
        (docs / name).write_text(text, encoding="utf-8")
    if find() is not None:
        (docs / "sample-report.png").write_bytes(picture(docs / "sample-report.html"))


if __name__ == "__main__":
    main()
