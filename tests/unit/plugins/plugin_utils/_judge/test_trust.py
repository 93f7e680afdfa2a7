# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether the host itself trusts a certificate: which of its paths counts, and what is open where a store was not read."""
from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pki
import pytest
from issuance_rows import crowded
from situations import CA, ISSUED, ISSUING, ROOT, TOP, Situation, severities, unread, verdict_on

from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.findings import NOT_DECIDED
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._verdict.verdict import Outcome, Severity

SECOND = timedelta(seconds=1)
EXPIRED_ROOT = TOP.change(not_after=pki.NOW - timedelta(seconds=1)).build()
WEAK_ISSUING = CA.change(scheme="pss-sha256").build()


@pytest.mark.parametrize(("code", "roots"), [("trust.chain_expired", (EXPIRED_ROOT, ISSUING)), ("trust.chain_weak", (ROOT, WEAK_ISSUING))])
def test_a_flaw_of_the_path_is_open_while_the_store_that_could_have_a_better_one_was_not_read(code: str, roots: tuple[bytes, ...]) -> None:
    seen = Situation(roots=roots, ca=())
    assert severities(verdict_on(seen))[code] == "blocking"
    found = {item.code: item for item in verdict_on(replace(seen, stores=[unread("CA")])).certificates[0].findings}
    assert found[code].severity is Severity.OPEN
    assert found[code].message.endswith(NOT_DECIDED)


def test_what_lies_in_disallowed_stays_refused_although_the_search_for_a_path_was_given_up() -> None:
    crowd = replace(crowded(199), requirement=None, given=(ISSUING,))
    assert verdict_on(crowd).outcome is Outcome.UNDETERMINED
    verdict = verdict_on(replace(crowd, disallowed=(ISSUED,)))
    assert severities(verdict)["trust.disallowed"] == "blocking"
    assert severities(verdict)["issuance.budget_exceeded"] == "open"
    assert verdict.outcome is Outcome.NOT_SATISFIED
