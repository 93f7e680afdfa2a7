# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is true of a host as a whole, where the rows of single findings leave edges."""
from __future__ import annotations

from dataclasses import replace
from typing import Any

import pki
import pytest
from asn1 import sequence
from situations import CLOCKS, GOOD, ISSUING, RENEWED, ROOT, SISTER, TOP, Situation, facts, severities, snapshot_of, unread, verdict_on

from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.authority import load_authority
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.judgement import judge
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.requirement import requirement_for
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._snapshot.snapshot import Store
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._verdict.verdict import Outcome, Verdict


def sentence(verdict: Verdict, code: str) -> str:
    return next(item.message for item in verdict.findings if item.code == code)


def without(store: str) -> Verdict:
    """The verdict on a host of which that store was never asked."""
    snapshot = snapshot_of(Situation())
    snapshot = replace(snapshot, stores=tuple(item for item in snapshot.stores if item.name != store))
    return judge(snapshot, load_authority([("ca.pem", ISSUING)]), requirement_for("lync_2013", pool=pki.POOL), CLOCKS, run_id="run")


@pytest.mark.parametrize(("asked", "profile"), [({"names": [pki.FQDN]}, "lync_2013"), ({"fqdn": pki.FQDN}, "lync_2013"), ({}, None)])
def test_a_missing_suffix_matters_only_where_the_hosts_own_name_is_wanted(asked: dict[str, Any], profile: str | None) -> None:
    assert verdict_on(replace(facts(domain=""), requirement=asked, profile=profile, name="pchat01")).outcome is Outcome.SATISFIED


@pytest.mark.parametrize(("name", "differs"), [
    ("pchat01.fabrikam.local", True), ("pchat01.contoso.local", False), ("10.0.0.1", False), ("::1.2.3.4", False), ("other", False),
    ("other.", False)])
def test_only_a_full_name_is_held_against_the_one_that_the_host_reports(name: str, differs: bool) -> None:
    assert ("host.name_differs" in severities(verdict_on(Situation(name=name)))) is differs


@pytest.mark.parametrize(("store", "severity", "error"), [
    (unread("My"), "open", "0x80070005 Access is denied"), (unread("CA"), "warning", "0x80070005 Access is denied"),
    (unread("Root"), "warning", "0x80070005 Access is denied"), (unread("Disallowed"), "warning", "0x80070005 Access is denied"),
    (unread("REQUEST"), "note", "0x80070005 Access is denied"), (Store("CA", missing=True), "warning", "it does not exist"),
    (Store("My", missing=True), "open", "it does not exist"), (Store("Disallowed", missing=True), "note", "it does not exist")])
def test_which_store_was_not_read_and_why_is_said(store: Store, severity: str, error: str) -> None:
    verdict = verdict_on(Situation(stores=[store]))
    assert severities(verdict)["host.store_unread"] == severity
    assert sentence(verdict, "host.store_unread") == (
        f"The store {store.name} of the local computer was not read: {error}. What lies in it is unknown.")


@pytest.mark.parametrize(("store", "severity"), [
    ("My", "open"), ("CA", "warning"), ("Root", "warning"), ("Disallowed", "note"), ("REQUEST", "note")])
def test_a_store_that_was_never_asked_for_counts_as_not_read(store: str, severity: str) -> None:
    verdict = without(store)
    assert severities(verdict)["host.store_unread"] == severity
    assert f"The store {store} of the local computer was not read: it was not asked for." in sentence(verdict, "host.store_unread")


def long_names(octets: int) -> Situation:
    """The names in its Root store make that many octets in Schannel's list."""
    left = octets - len(TOP.subject) - 2
    roots = []
    for size in [1000] * (left // 1000 - 1) + [left % 1000 + 1000]:
        subject = pki.name(("CN", "x" * (size - 2 - 21)))  # 21 octets of DER around a text of 256 to 65535
        assert len(subject) == size - 2
        roots.append(TOP.change(subject=subject, issuer=subject, signature=b"x").build())
    return Situation(roots=(ROOT, *roots))


@pytest.mark.parametrize(("octets", "many"), [(16384, False), (16385, True)])
def test_how_long_the_list_of_roots_may_be(octets: int, many: bool) -> None:
    verdict = verdict_on(long_names(octets))
    assert ("store.many_roots" in severities(verdict)) is many
    if many:
        assert f"their names {octets} octets" in sentence(verdict, "store.many_roots")


def test_an_unreadable_entry_in_root_hides_no_other() -> None:
    assert severities(verdict_on(Situation(roots=(b"garbage", SISTER.build(), ROOT))))["store.root_not_self_signed"] == "warning"


def test_two_cas_of_one_name_are_told_wherever_they_lie() -> None:
    assert severities(verdict_on(Situation(ca=(RENEWED.build(),), roots=(ROOT, ISSUING))))["store.ca_twice"] == "warning"


@pytest.mark.parametrize(("subject", "shown"), [(GOOD.subject, "CN=pchat01.contoso.local"), (sequence(sequence()), "(not readable)")])
def test_what_a_pending_request_is_for(subject: bytes, shown: str) -> None:
    verdict = verdict_on(Situation(my=(), request=[pki.stored(GOOD.change(subject=subject))]))
    assert f"A certificate request for {shown} made" in sentence(verdict, "store.request_pending")
