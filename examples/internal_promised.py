# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the demo promises of the recorded internal servers, and what the product told of them."""
from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import Any

PROMISED = {
    "agree": (1, None, "both have certificates of one CA"),
    "renewed-same-key": (2, None, "the CA renewed its certificate and kept its key; one server has a certificate from before"),
    "root-renewed-cross-certified": (3, None, "a root CA renewed with a new key, which its old key certified"),
    "root-renewed-unproved": (0, None, "the same, but the servers lack the certificate that proves it"),
    "subordinate-renewed-new-key": (2, "reference.several", "a subordinate CA renewed with a new key"),
    "two-issuing-cas": (2, "reference.several", "two issuing CAs under one root"),
    "two-cas-of-one-name": (0, None, "two CAs that have only their name in common"),
    "oauth-from-another-ca": (1, None, "the certificate for OAuth comes from another CA, as it may"),
    "default-expired": (1, "reference.expired", "the certificate of one server has expired"),
    "assigned-certificate-gone": (1, "reference.server_silent", "the certificate assigned on one server is no longer in its store"),
    "lync-module-missing": (0, "reference.server_silent", "Lync is not installed on them yet"),
    "one-unreachable": (1, "reference.server_silent", "one was switched off, so there is nothing recorded of it"),
    "external-three-tier": (1, None, "an external CA, whose chain is whole only with what the other server holds"),
}
"""Case: how many certificates of the CA are proved (0: the CA can't be told), the code of a finding, what two Front Ends have."""
Told = Mapping[str, Mapping[str, Any]]
"""Case: the result of certificate_authority_info for its servers together."""
NOTHING: Mapping[str, Any] = {"msg": "Nothing was told.", "findings": []}


def compare(told: Told) -> list[str]:
    """What is not as promised."""
    wrong = [f"internal/{case}: nothing is promised of it" for case in told if case not in PROMISED]
    for case, (count, code, _story) in PROMISED.items():
        found = told.get(case, NOTHING)
        codes = {finding["code"] for finding in found["findings"]}
        if proved(found) != count:
            wrong.append(f"internal/{case}: {proved(found)} CA certificates are proved, promised was {count}")
        if codes != ({code} if code else set()):
            wrong.append(f"internal/{case}: it is said {', '.join(sorted(codes)) or 'nothing'}, promised was {code or 'nothing'}")
    return wrong


def proved(found: Mapping[str, Any]) -> int:
    """The number of certificates of the CA; 0: it can't be told."""
    return len(found["authority"]["certificates"]) if "authority" in found else 0


def rows(told: Told) -> list[str]:
    """One line a case, and the beginning of what was said where not all is well."""
    lines = []
    for case, (_count, _code, story) in PROMISED.items():
        found = told.get(case, NOTHING)
        sentences = [finding["message"] for finding in found["findings"]] if "authority" in found else [found["msg"]]
        outcome = {0: "the CA can't be told", 1: "1 CA certificate"}.get(proved(found), f"{proved(found)} CA certificates")
        lines.append(f"   {outcome:<20}  {story}")
        for sentence in sentences:
            wrapped = textwrap.wrap(sentence, 134, max_lines=2, placeholder=" ...", break_long_words=False)
            lines += [f"{'':6}{line}" for line in wrapped]
    return lines
