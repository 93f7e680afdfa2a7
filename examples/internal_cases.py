# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the internal servers of a deployment may have: cases in which their common CA can be told, and cases in which it can't."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import contoso
import pki
import signing
from contoso import BEFORE_RENEWAL, EARLIER, LYNC_CA, ROOT, TWO_YEARS, certificate, date, held, subordinate

from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.certificate import parse
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._snapshot.assignments import Assignment, AssignmentError, Assignments
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._snapshot.snapshot import Snapshot

POOL = f"lyncpool.{pki.DOMAIN}"
OVER = (date(2024, 11, 20), date(2026, 11, 20))
NO_MODULE = AssignmentError("module", "No module Lync or SkypeForBusiness is installed.")

CA_YEARS = (date(2025, 6, 2), date(2035, 6, 2))
NEW_KEY = subordinate("lync 2", ROOT, pki.LYNC_CA, 0x6100_0007, *CA_YEARS)
SECOND_CA = subordinate("second", ROOT, "Contoso Lync CA 2", 0x6100_0008, *CA_YEARS)
OTHER_ROOT = contoso.root("other root", "Fabrikam Root CA", 0x41, date(2020, 3, 2), date(2040, 3, 2))
NAMESAKE = subordinate("namesake", OTHER_ROOT, pki.LYNC_CA, 0x6200_0002, *CA_YEARS)

SINGLE = contoso.root("single", "Contoso CA", 0x51, date(2012, 5, 7), date(2027, 5, 7))
"""A root that issues by itself, as small deployments have it; it renews its certificate with a new key."""
SINGLE_NEW = contoso.root("single 2", "Contoso CA", 0x52, date(2026, 5, 4), date(2041, 5, 4))
CROSS = SINGLE.change(
    key=SINGLE_NEW.key, serial=contoso.serial(0x53), **contoso.lasting(date(2026, 5, 4), date(2027, 5, 7)), extensions={
        "ski": pki.subject_key_identifier(signing.key_identifier(SINGLE_NEW.key)),
        "aki": pki.authority_key_identifier(signing.key_identifier(SINGLE.key))})
"""The new key, certified by the old one: AD CS makes this itself when a root CA is renewed with a new key."""


def public(name: str) -> bytes:
    return pki.name(("O", "Public Trust"), ("CN", name))


PUBLIC_ROOT = contoso.root("public root", "", 0x61, date(2010, 1, 4), date(2040, 1, 4), subject=public("Public Trust Root"))
PUBLIC_POLICY = subordinate("policy", PUBLIC_ROOT, "", 0x62, date(2016, 1, 4), date(2036, 1, 4), subject=public("Public Trust Policy CA"))
PUBLIC_ISSUING = subordinate("issuing", PUBLIC_POLICY, "", 0x63, date(2020, 1, 6), date(2030, 1, 6), subject=public("Public Trust TLS CA"))
Servers = list[Snapshot]
USES = ("Default", "WebServicesInternal", "WebServicesExternal")
"""The deployment wizard assigns one certificate to all three."""


def used(by: pki.Spec, number: int, days: tuple[datetime, datetime] = TWO_YEARS) -> pki.Spec:
    """The certificate of Front End ``number``."""
    return certificate(by, (POOL, f"fe{number}.{pki.DOMAIN}"), 0x3000 + number, *days)


def front_end(number: int, default: pki.Spec, cas: Sequence[pki.Spec], roots: Sequence[pki.Spec], **told: Any) -> Snapshot:
    """A Front End; Lync calls ``default`` assigned there, unless ``told`` says otherwise."""
    assignments = replace(Assignments("Lync", assigned(default, *USES)), **told)
    return replace(contoso.server(f"fe{number}", [held(default, "Lync Default")], cas, roots), assignments=assignments)


def assigned(spec: pki.Spec, *uses: str) -> tuple[Assignment, ...]:
    found = parse(spec.build())
    return tuple(Assignment(use, found.thumbprint, found.issuer_text, found.serial.upper()) for use in uses)


def pair(first: pki.Spec, second: pki.Spec, root: pki.Spec = ROOT, other_root: pki.Spec = ROOT) -> Servers:
    """Two Front Ends, each with a certificate of its own CA, which it holds with that CA's root."""
    return [front_end(1, used(first, 1), [first], [root]), front_end(2, used(second, 2), [second], [other_root])]


def renewed() -> Servers:
    """fe1 has a certificate from before the renewal of the CA, fe2 from after it."""
    return [front_end(1, used(BEFORE_RENEWAL, 1, EARLIER), [BEFORE_RENEWAL], [ROOT]), front_end(2, used(LYNC_CA, 2), [LYNC_CA], [ROOT])]


def root_renewed(*found_by_fe2: pki.Spec) -> Servers:
    return [front_end(1, used(SINGLE, 1, EARLIER), [], [SINGLE]), front_end(2, used(SINGLE_NEW, 2), found_by_fe2, [SINGLE_NEW])]


def oauth() -> Servers:
    """The certificate of server-to-server authentication comes from another CA, as it may."""
    token = certificate(NAMESAKE, (pki.DOMAIN,), 0x3010, *TWO_YEARS)
    servers = [front_end(1, used(LYNC_CA, 1), [LYNC_CA], [ROOT]), front_end(2, used(LYNC_CA, 2), [LYNC_CA], [ROOT])]
    return [with_certificate(server, token, "OAuthTokenIssuer") for server in servers]


def with_certificate(server: Snapshot, spec: pki.Spec, use: str) -> Snapshot:
    my, *others = server.stores
    more = replace(my, certificates=(*my.certificates, held(spec, f"Lync {use}")))
    told = server.assignments or Assignments(None)
    return replace(server, stores=(more, *others), assignments=replace(told, assigned=(*told.assigned, *assigned(spec, use))))


def external() -> Servers:
    """The CAs between the external root and the certificates lie on fe1 only."""
    return [front_end(1, used(PUBLIC_ISSUING, 1), [PUBLIC_POLICY, PUBLIC_ISSUING], [PUBLIC_ROOT]),
            front_end(2, used(PUBLIC_ISSUING, 2), [], [PUBLIC_ROOT])]


def bare(number: int) -> Snapshot:
    """Lync isn't installed yet."""
    return front_end(number, used(LYNC_CA, number), [LYNC_CA], [ROOT], module=None, assigned=(), errors=(NO_MODULE,))


def cases() -> dict[str, Servers]:
    """The recorded servers of each case, by its name. Where there is one only, the other was unreachable."""
    good = front_end(2, used(LYNC_CA, 2), [LYNC_CA], [ROOT])
    return {
        "agree": pair(LYNC_CA, LYNC_CA),
        "renewed-same-key": renewed(),
        "root-renewed-cross-certified": root_renewed(CROSS),
        "root-renewed-unproved": root_renewed(),
        "subordinate-renewed-new-key": pair(LYNC_CA, NEW_KEY),
        "two-issuing-cas": pair(LYNC_CA, SECOND_CA),
        "two-cas-of-one-name": pair(LYNC_CA, NAMESAKE, ROOT, OTHER_ROOT),
        "oauth-from-another-ca": oauth(),
        "default-expired": [front_end(1, used(LYNC_CA, 1, OVER), [LYNC_CA], [ROOT]), good],
        "assigned-certificate-gone": [front_end(1, used(LYNC_CA, 1), [LYNC_CA], [ROOT], assigned=assigned(used(LYNC_CA, 9), *USES)), good],
        "lync-module-missing": [bare(1), bare(2)],
        "one-unreachable": [good],
        "external-three-tier": external(),
    }
