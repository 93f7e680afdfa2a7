# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""NIST's PKITS, as far as it needs neither CRLs nor policy processing: no false pass, and only known refusals."""

from __future__ import annotations

import re
from pathlib import Path

import pki
import pytest

from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.authority import load_authority
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.judgement import judge
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.requirement import requirement_for
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._snapshot.snapshot import PrivateKey, StoredCertificate
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._verdict.instants import Instants
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._verdict.verdict import Outcome, Verdict

vectors = pytest.importorskip("cryptography_vectors", reason="the package cryptography-vectors is not installed")
FOLDER = Path(vectors.__file__).parent / "x509" / "PKITS_data" / "certs"
FILES = {path.stem: path.read_bytes() for path in FOLDER.glob("*.crt")}
QUESTIONS = re.compile(
    "Signature(s?)Test|DSAParameterInheritance|notAfterDate|notBeforeDate|NameChaining|NameUIDs|RFC3280|Rollover|UTF8String|basicConstraints|cAFalse"
    "|pathLenConstraint|keyCertSign|keyUsageNotCriticalTest|nameConstraints|CertificateExtension|CertificatePathTest|BasicSelfIssuedNewWithOldTest[34]"
    "|BasicSelfIssuedOldWithNewTest1|ValidLongSerial|ValidNegativeSerial"
)
LEAVES = sorted(name for name in FILES if name.endswith("EE") and QUESTIONS.search(name) and "CRL" not in name)
AUTHORITIES = [content for name, content in FILES.items() if not name.endswith("EE")]
REFUSED = re.compile("RFC822nameConstraints|DNandRFC822|URInameConstraints|DSA")
"""Valid, but of kinds that are not evaluated: e-mail and URI constraints, DSA."""

AUTHORITY_AS_LEAF = ("ValidpathLenConstraintTest14EE", "ValidpathLenConstraintTest8EE")
"""Valid, but the certificate itself is a CA's, which never counts as a server's."""


def verdict_on(name: str) -> Verdict:
    requirement = requirement_for(
        None, match="chain", overrides={"issuer_name": "rfc5280", "require_eku": [], "require_private_key": False}
    )
    my = [StoredCertificate(FILES[name], archived=False, private_key=PrivateKey())]
    authority = load_authority([("TrustAnchorRootCertificate.crt", FILES["TrustAnchorRootCertificate"])])
    return judge(pki.snapshot(my, ca=AUTHORITIES), authority, requirement, Instants(pki.NOW), run_id="run")


def test_there_are_enough() -> None:
    assert len(LEAVES) == 91


@pytest.mark.parametrize("name", LEAVES)
def test_pkits(name: str) -> None:
    verdict = verdict_on(name)
    findings = [(finding.code, finding.severity.value) for finding in verdict.certificates[0].findings]
    if name.startswith("Invalid"):
        assert verdict.outcome is not Outcome.SATISFIED
    elif name in AUTHORITY_AS_LEAF:
        assert findings == [("certificate.is_ca", "blocking")]
    elif REFUSED.search(name):
        assert verdict.outcome is Outcome.UNDETERMINED, findings
    else:
        assert verdict.outcome is Outcome.SATISFIED, findings
