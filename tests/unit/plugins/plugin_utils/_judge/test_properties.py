# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What holds for any host: nothing damaged or moved satisfies, nothing raises, and order does not matter."""
from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pki
import pytest
import signing
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.authority import Authority, AuthorityError, load_authority
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.judgement import judge
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.requirement import Requirement, requirement_for
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._snapshot.snapshot import PrivateKey, Snapshot, StoredCertificate
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._verdict.instants import Instants
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._verdict.verdict import Outcome, Verdict

TOP = pki.root("TOP", "Contoso Root")
CA = pki.subordinate("R", TOP, pki.LYNC_CA)
SISTER = pki.subordinate("S", TOP, "Contoso Web CA")
ROGUE = pki.subordinate("ROGUE", pki.root("W", "Contoso Root"), pki.LYNC_CA)
ROOT, ISSUING, WEB = TOP.build(), CA.build(), SISTER.build()
GOOD = pki.leaf(CA)
ISSUED = GOOD.build()
KEY = pki.private_key(GOOD.key)
LYNC: Requirement = requirement_for("lync_2013", pool=pki.POOL)
CHAIN: Requirement = requirement_for("lync_2013", pool=pki.POOL, match="chain")
AUTHORITY: Authority = load_authority([("ca.pem", ISSUING)])
TOPMOST: Authority = load_authority([("root.pem", ROOT)])
SOME = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


def verdict_on(snapshot: Snapshot, authority: Authority = AUTHORITY, requirement: Requirement = LYNC,
               instants: Instants | None = None) -> Verdict:
    return judge(snapshot, authority, requirement, instants or Instants(pki.NOW, host=pki.NOW), run_id="run")


def host(*contents: bytes, ca: Any = (ISSUING,), roots: Any = (ROOT,)) -> Snapshot:
    return pki.snapshot([pki.stored(content, KEY) for content in contents], ca=ca, roots=roots)


def flipped(content: bytes, position: int, mask: int) -> bytes:
    changed = bytearray(content)
    changed[position % len(content)] ^= mask
    return bytes(changed)


@pytest.mark.parametrize(("authority", "requirement"), [(AUTHORITY, LYNC), (TOPMOST, CHAIN)])
def test_undamaged_it_satisfies(authority: Authority, requirement: Requirement) -> None:
    assert verdict_on(host(ISSUED), authority, requirement).outcome is Outcome.SATISFIED


@SOME
@given(position=st.integers(0, 4000), bit=st.integers(0, 7), chain=st.booleans())
def test_no_flipped_bit_of_the_certificate_satisfies(position: int, bit: int, chain: bool) -> None:
    verdict = verdict_on(host(flipped(ISSUED, position, 1 << bit)), TOPMOST if chain else AUTHORITY, CHAIN if chain else LYNC)
    assert verdict.outcome is not Outcome.SATISFIED


@SOME
@given(position=st.integers(0, 4000), bit=st.integers(0, 7))
def test_no_flipped_bit_of_a_ca_between_satisfies(position: int, bit: int) -> None:
    verdict = verdict_on(host(ISSUED, ca=(flipped(ISSUING, position, 1 << bit),)), TOPMOST, CHAIN)
    assert verdict.outcome is not Outcome.SATISFIED


@SOME
@given(cut=st.integers(0, len(ISSUED) - 1), tail=st.binary(max_size=4))
def test_nothing_cut_or_grown_satisfies(cut: int, tail: bytes) -> None:
    assert verdict_on(host(ISSUED[:cut] + tail)).outcome is not Outcome.SATISFIED
    if tail:
        assert verdict_on(host(ISSUED + tail)).outcome is Outcome.UNDETERMINED


@SOME
@given(content=st.one_of(st.binary(max_size=200), st.binary(max_size=60).map(lambda tail: ISSUED[:60] + tail)))
def test_bytes_of_any_kind_never_raise(content: bytes) -> None:
    my = [pki.stored(content, KEY)]
    snapshot = pki.snapshot(my, ca=(content,), roots=(content,), disallowed=(content,), request=[pki.stored(content)])
    assert verdict_on(snapshot).outcome is not Outcome.SATISFIED
    try:
        loaded = load_authority([("x", content)])
    except AuthorityError:
        return
    assert loaded.given


@pytest.mark.parametrize("signer", [ROGUE, SISTER, TOP, pki.root("W", pki.LYNC_CA)])
@pytest.mark.parametrize("requirement", [LYNC, CHAIN])
def test_another_ca_never_satisfies(signer: pki.Spec, requirement: Requirement) -> None:
    for issuer in (signer.subject, CA.subject):
        forged = pki.leaf(signer, issuer=issuer).build()
        everything = (ISSUING, WEB, ROGUE.build(), signer.build())
        snapshot = host(forged, ca=everything, roots=(ROOT, pki.root("W", "Contoso Root").build()))
        assert verdict_on(snapshot, AUTHORITY, requirement).outcome is not Outcome.SATISFIED


MOMENTS = st.integers(-4000 * 86400, 4000 * 86400).map(lambda seconds: pki.NOW + timedelta(seconds=seconds))


@SOME
@given(controller=MOMENTS, clock=MOMENTS, begin=MOMENTS, end=MOMENTS)
def test_satisfied_only_if_all_is_valid_at_both_clocks(controller: datetime, clock: datetime, begin: datetime, end: datetime) -> None:
    content = GOOD.change(not_before=begin, not_after=end).build()
    verdict = verdict_on(host(content), instants=Instants(controller, host=clock))
    valid = all(max(begin, CA.not_before, TOP.not_before) <= at <= min(end, CA.not_after, TOP.not_after) for at in (controller, clock))
    assert (verdict.outcome is Outcome.SATISFIED) == valid


ENTRIES = [
    pki.stored(ISSUED, KEY), pki.stored(ISSUED, PrivateKey(present=False)), pki.stored(pki.leaf(SISTER)), pki.stored(ROOT),
    pki.stored(GOOD.change(not_after=pki.day(400)), KEY), pki.stored(ISSUED[:-3], KEY), pki.stored(pki.leaf(CA, names=["x.contoso.local"])),
    pki.stored(GOOD.change(not_after=pki.day(-3))), StoredCertificate(b"", archived=False)]


@SOME
@given(data=st.data(), my=st.lists(st.sampled_from(ENTRIES), max_size=6))
def test_order_does_not_matter(data: st.DataObject, my: list[StoredCertificate]) -> None:
    ca, roots = [ISSUING, WEB, ROGUE.build()], [ROOT, pki.root("W", "Contoso Root").build()]
    first = pki.snapshot(my, ca=ca, roots=roots)
    second = pki.snapshot(data.draw(st.permutations(my)), ca=data.draw(st.permutations(ca)), roots=data.draw(st.permutations(roots)))
    second = replace(second, stores=tuple(data.draw(st.permutations(second.stores))))
    assert verdict_on(first) == verdict_on(second)


@SOME
@given(my=st.lists(st.sampled_from(ENTRIES), max_size=6))
def test_one_satisfying_certificate_is_enough_and_nothing_else_will_do(my: list[StoredCertificate]) -> None:
    good = {repr(ENTRIES[0]), repr(ENTRIES[4])}
    verdict = verdict_on(pki.snapshot(my, ca=[ISSUING], roots=[ROOT]))
    assert (verdict.outcome is Outcome.SATISFIED) == any(repr(entry) in good for entry in my)


FACTS = st.builds(
    PrivateKey, present=st.sampled_from([None, False, True]), opened=st.sampled_from([None, False, True]),
    storage=st.sampled_from([None, "csp", "cng"]), key_spec=st.sampled_from([None, 0, 1, 2]),
    machine_store=st.sampled_from([None, False, True]), public_key=st.sampled_from([None, KEY.public_key, pki.numbers(signing.key("L2"))]))


@SOME
@given(facts=FACTS)
def test_only_a_key_that_is_there_opens_and_fits_satisfies(facts: PrivateKey) -> None:
    verdict = verdict_on(pki.snapshot([pki.stored(ISSUED, facts)], ca=[ISSUING], roots=[ROOT]))
    wanted = (facts.present is True and facts.opened is True and facts.storage == "csp" and facts.key_spec != 2
              and facts.machine_store is not False and facts.public_key == KEY.public_key)
    assert (verdict.outcome is Outcome.SATISFIED) == wanted


def test_too_many_candidates_are_given_up_and_left_open() -> None:
    many = [pki.root("ROGUE").change(subject=CA.subject, issuer=CA.subject).build() for _dummy in range(201)]
    verdict = verdict_on(host(pki.leaf(ROGUE, signer=signing.key("W")).build(), ca=(*many, ISSUING)))
    assert verdict.outcome is Outcome.UNDETERMINED
    assert "issuance.budget_exceeded" in {finding.code for finding in verdict.certificates[0].findings}
    untrusting = requirement_for("lync_2013", pool=pki.POOL, overrides={"require_trust": False})
    assert verdict_on(host(ISSUED, ca=(*many, ISSUING)), requirement=untrusting).outcome is Outcome.SATISFIED


def test_a_graph_made_to_be_slow_is_given_up() -> None:
    # Fifty cross certificates of one name and key sequence: every path through them is another one.
    tangle = [pki.subordinate(f"T{n % 4}", TOP, "Tangle", signer=signing.key(f"T{(n // 4) % 4}"), issuer=pki.ca_name("Tangle")).build()
              for n in range(64)]
    stranger = pki.leaf(CA, issuer=pki.ca_name("Tangle"), signer=signing.key("T0"), extensions={"aki": None}).build()
    verdict = verdict_on(host(stranger, ca=(*tangle, ISSUING)), TOPMOST, CHAIN)
    assert verdict.outcome is not Outcome.SATISFIED
