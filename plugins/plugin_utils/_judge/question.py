# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is asked of every host: by which CA, by which rules, as of when."""
from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from .._snapshot.files import sha256
from .._snapshot.snapshot import Snapshot
from .._verdict.instants import Instants
from .._verdict.verdict import Finding, Severity, Verdict
from .findings import finding
from .judgement import judge, unread
from .reference import Reference
from .requirement import Requirement
from .web_services import judge_web_services


@dataclass(frozen=True, slots=True)
class Question:
    """``now`` is the controller's clock; ``as_of`` another day that was asked for, None without. Both UTC."""

    reference: Reference
    requirement: Requirement
    now: datetime
    as_of: datetime | None
    run_id: str

    def judged(self, snapshot: Snapshot, *, recorded: bool, web_services: bool = False) -> Verdict:
        """The verdict on a host that was read just now, or whose snapshot was ``recorded`` before; it names the snapshot it rests on."""
        ask = judge_web_services if web_services else judge
        instants = self._recorded(snapshot) if recorded else self._live(snapshot)
        verdict = ask(snapshot, self.reference.authority, self.requirement, instants, run_id=self.run_id, about=self._about())
        return replace(verdict, snapshot_sha256=sha256(snapshot), internal_servers=self.reference.rows)

    def unread(self, host: str, code: str, message: str, remedy: str | None) -> Verdict:
        """The verdict on a host that was not read, for the reason ``code``."""
        instants = Instants(controller=self.now, as_of=self.as_of)
        verdict = unread(host, code, message, remedy, authority=self.reference.authority, requirement=self.requirement, instants=instants,
                         run_id=self.run_id)
        return replace(verdict, findings=(*verdict.findings, *self._about()), internal_servers=self.reference.rows)

    def _live(self, snapshot: Snapshot) -> Instants:
        # both clocks as they were when the answer came: a host that answers slowly is not a host whose clock is wrong
        read_at = snapshot.recorded_at
        return Instants(controller=read_at, host=snapshot.host.clock, as_of=self.as_of, recorded_at=read_at)

    def _recorded(self, snapshot: Snapshot) -> Instants:
        return Instants(controller=self.now, as_of=self.as_of, recorded_at=snapshot.recorded_at)

    def _about(self) -> tuple[Finding, ...]:
        """What is to be said of the reference CA on every host."""
        if self.reference.certain:
            return self.reference.findings
        return finding("reference.unknown", Severity.OPEN, detail=self.reference.message), *self.reference.findings
