# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The points in time at which a host is judged."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Instants:
    """All are timezone-aware UTC, in whole seconds.

    ``controller`` is the controller's clock. ``host`` is the host's own, known only when it was read just now.
    ``as_of`` is the day the user asked for instead of today. ``recorded_at`` is when the snapshot was taken.
    """

    controller: datetime
    host: datetime | None = None
    as_of: datetime | None = None
    recorded_at: datetime | None = None

    @property
    def judged(self) -> tuple[datetime, ...]:
        """Where a certificate must be valid: at ``as_of`` if given, else at both clocks, so that one wrong clock can't revive it."""
        if self.as_of is not None:
            return (self.as_of,)
        if self.host is not None and self.host != self.controller:
            return (self.controller, self.host)
        return (self.controller,)
