# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The shapes on which hand-written checks pass falsely or fail falsely, under the profile of the product."""
from __future__ import annotations

from collections.abc import Sequence

import pki
import pytest

from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.authority import load_authority
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.judgement import judge
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.requirement import requirement_for
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._snapshot.snapshot import PrivateKey, StoredCertificate
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._verdict.instants import Instants
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._verdict.verdict import Verdict

CA = pki.root()
ROOT = CA.build()
OTHER = pki.root("W", "Contoso Web CA")
SECOND = pki.root("W2", "Contoso Lync CA 2")
REBUILT = pki.root("ROGUE")
NO_KEY = PrivateKey(present=False)
GOOD = pki.leaf(CA)


def verdict_on(my: Sequence[StoredCertificate]) -> Verdict:
    roots = [ROOT, OTHER.build(), SECOND.build(), REBUILT.build()]
    return judge(pki.snapshot(my, roots=roots), load_authority([("ca.pem", ROOT)]), requirement_for("lync_2013", pool=pki.POOL),
                 Instants(pki.NOW, host=pki.NOW), run_id="run")


def altered(content: bytes) -> bytes:
    return content[:-20] + bytes([content[-20] ^ 0xFF]) + content[-19:]


OLD_NAME = ["oldname.contoso.local"]
CASES: dict[str, tuple[list[StoredCertificate], str]] = {
    "right CA, valid, key, EKU, SAN": ([pki.stored(GOOD)], ""),
    "one expired and one good": ([pki.stored(GOOD.change(not_before=pki.day(-400), not_after=pki.day(-2))), pki.stored(GOOD)], ""),
    "friendly name in German": ([pki.stored(GOOD, friendly_name="Persönlicher Chat, Zertifikat für Übertragung")], ""),
    "empty store": ([], "-"),
    "other CA": ([pki.stored(pki.leaf(OTHER))], "issuance.other_issuer"),
    "same CA name, other key": ([pki.stored(pki.leaf(REBUILT))], "issuance.signature_invalid"),
    "signature altered": ([pki.stored(altered(GOOD.build()), pki.private_key(GOOD.key))], "issuance.signature_invalid"),
    "RSASSA-PSS": ([pki.stored(GOOD.change(scheme="pss-sha256"))], "certificate.signature_scheme"),
    "no CRL distribution point": ([pki.stored(GOOD.change(extensions={"cdp": None}))], "revocation.cdp_absent"),
    "expired": ([pki.stored(GOOD.change(not_before=pki.day(-400), not_after=pki.day(-2)))], "time.expired"),
    "not yet valid": ([pki.stored(GOOD.change(not_before=pki.day(2), not_after=pki.day(300)))], "time.not_yet_valid"),
    "no private key": ([pki.stored(GOOD, NO_KEY)], "key.absent"),
    "client EKU only": ([pki.stored(GOOD.change(extensions={"eku": pki.extended_key_usage(pki.CLIENT_AUTH)}))], "purpose.eku_missing"),
    "other host's name": ([pki.stored(pki.leaf(CA, names=OLD_NAME))], "names.host_missing"),
    "CA root copied into My": ([pki.stored(ROOT, NO_KEY)], "certificate.is_ca"),
    "CA root with its key in My": ([pki.stored(ROOT, pki.private_key(CA.key))], "certificate.is_ca"),
    "CA named ... 2": ([pki.stored(pki.leaf(SECOND))], "issuance.other_issuer"),
    "no single certificate meets all": (
        [pki.stored(GOOD, NO_KEY), pki.stored(pki.leaf(OTHER)), pki.stored(pki.leaf(CA, names=OLD_NAME))], "key.absent"),
}


@pytest.mark.parametrize("case", CASES)
def test_case(case: str) -> None:
    my, code = CASES[case]
    verdict = verdict_on(my)
    assert verdict.outcome.value == ("not_satisfied" if code else "satisfied"), verdict
    codes = {finding.code for certificate in verdict.certificates for finding in certificate.findings}
    assert code in ("", "-") or code in codes
    assert (verdict.certificate is None) == bool(code)
    assert (verdict.nearest_miss is not None) == bool(code)


def test_ten_days_left_is_a_warning() -> None:
    verdict = verdict_on([pki.stored(GOOD.change(not_after=pki.day(10)))])
    assert verdict.outcome.value == "satisfied"
    assert verdict.certificate is not None
    assert [(finding.code, finding.severity.value) for finding in verdict.certificate.findings] == [
        ("time.expires_soon", "warning"), ("revocation.not_checked", "note")]
