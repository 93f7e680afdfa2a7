# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A host that satisfies lync_2013 with one certificate of an issuing CA below a root, and whatever differs from it."""
from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pki

from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.authority import authority_of, load_authority
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.judgement import judge
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.requirement import requirement_for
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._snapshot.snapshot import HostError, Snapshot, Store
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._verdict.instants import Instants
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._verdict.verdict import Verdict

TOP = pki.root("TOP", "Contoso Root")
CA = pki.subordinate("R", TOP, pki.LYNC_CA)
SISTER = pki.subordinate("S", TOP, "Contoso Web CA")
BELOW = pki.subordinate("S2", CA, "Contoso Issuing CA 7")
RENEWED = pki.subordinate("RN", TOP, pki.LYNC_CA)
ROOT, ISSUING = TOP.build(), CA.build()
GOOD = pki.leaf(CA)
KEY = pki.private_key(GOOD.key)
ISSUED = GOOD.build()


CLOCKS = Instants(pki.NOW, host=pki.NOW)


@dataclass(frozen=True)
class Situation:
    """What differs from a host that satisfies; ``given`` is the reference CA."""

    my: Any = None
    ca: Any = (ISSUING,)
    roots: Any = (ROOT,)
    given: Any = (ISSUING,)
    disallowed: Any = ()
    request: Any = ()
    host: Any = None
    name: str = pki.FQDN
    requirement: Any = None
    profile: str | None = "lync_2013"
    instants: Instants = CLOCKS
    stores: Any = None


def snapshot_of(situation: Situation) -> Snapshot:
    my = [pki.stored(ISSUED, KEY)] if situation.my is None else situation.my
    snapshot = pki.snapshot(my, ca=situation.ca, roots=situation.roots, disallowed=situation.disallowed, request=situation.request,
                            name=situation.name, **(situation.host or {}))
    for store in situation.stores or ():
        snapshot = replace(snapshot, stores=tuple(store if old.name == store.name else old for old in snapshot.stores))
    return snapshot


def verdict_on(situation: Situation) -> Verdict:
    options: dict[str, Any] = {"pool": pki.POOL, **(situation.requirement or {})}
    authority = load_authority([("ca.pem", content) for content in situation.given]) if situation.given else authority_of(())
    return judge(snapshot_of(situation), authority, requirement_for(situation.profile, **options), situation.instants, run_id="run")


def severities(verdict: Verdict) -> dict[str, str]:
    everything = [*verdict.findings, *(finding for certificate in verdict.certificates for finding in certificate.findings)]
    return {finding.code: finding.severity.value for finding in everything}


def leaf(**changes: Any) -> Situation:
    return Situation(my=[pki.stored(GOOD.change(**changes))])


def ext(**extensions: bytes | None) -> Situation:
    return leaf(extensions=extensions)


def key(**changes: Any) -> Situation:
    return Situation(my=[pki.stored(ISSUED, replace(KEY, **changes))])


def facts(**host: Any) -> Situation:
    return Situation(host=host)


def waited(seconds: int) -> Situation:
    return Situation(instants=Instants(pki.NOW, host=pki.NOW + timedelta(seconds=seconds)))


def named(*names: str, common: str = pki.FQDN) -> Situation:
    return leaf(subject=pki.name(("CN", common)), extensions={"san": pki.subject_alternative_name(*(pki.dns(name) for name in names))})


def under(authority: pki.Spec, **situation: Any) -> Situation:
    """The reference CA is another one than usual, certified by TOP."""
    return Situation(my=[pki.stored(pki.leaf(authority))], ca=(authority.build(),), given=(authority.build(),), **situation)


def unread(name: str, code: int = 0x80070005) -> Store:
    return Store(name, error=HostError("Access is denied", code))


def limited(below: int) -> bytes:
    return CA.change(extensions={"bc": pki.basic_constraints(True, below)}).build()
