# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""NIST's Public Key Interoperability Test Suite (PKITS), all tests that need neither CRLs nor policy processing.

The trust anchor is the reference CA, and every other CA certificate of the suite lies in the host's CA store, so a path that must not
be is refused though nothing that could complete it is missing. No test may pass falsely; each refusal of a path that PKITS calls
valid is in ``REFUSED`` with its reason. What else a server certificate must be (names, purpose, a private key) is not asked.
"""
from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pki
import pytest

from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.authority import load_authority
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.judgement import judge
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.requirement import requirement_for
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._snapshot.snapshot import PrivateKey
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._verdict.instants import Instants
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._verdict.verdict import Outcome, Severity, Verdict

vectors = pytest.importorskip("cryptography_vectors", reason="PKITS comes with the package cryptography-vectors, which is not installed")
FOLDER = Path(vectors.__file__).parent / "x509" / "PKITS_data" / "certs"

SECTIONS = {
    "4.1 signatures": r"(CertificatePath|CASignature|EESignature|DSA\w*)Test",
    "4.2 validity": r"(CAnot|EEnot|pre2000UTC|GeneralizedTimenot)\w*Test",
    "4.3 names": r"(NameChaining\w*|NameUIDs|RFC3280\w+|Rollover\w+|UTF8String\w+)Test",
    "4.4 serial numbers (14, 16 and 17: the others need a CRL)": r"(?<=Valid)(NegativeSerialNumber|LongSerialNumber)Test",
    "4.5 self-issued (1, 3, 4 and 6: the others need a CRL)": r"(?<=Valid)BasicSelfIssued\w+Test",
    "4.6 basic constraints": r"(MissingbasicConstraints|cAFalse|basicConstraints\w+|(SelfIssued)?pathLenConstraint)Test",
    "4.7 key usage (1 to 3: the others need a CRL)": r"(keyUsageNotCritical|keyUsage\w+keyCertSignFalse)Test",
    "4.13 name constraints": r"\w+nameConstraintsTest",
    "4.16 private extensions": r"Unknown(Not)?CriticalCertificateExtensionTest",
}
_CASE = re.compile(rf"(Valid|Invalid)({'|'.join(SECTIONS.values())})\d+")
CASES = sorted(path.name[:-len("EE.crt")] for path in FOLDER.glob("*EE.crt") if _CASE.fullmatch(path.name[:-len("EE.crt")]))
COUNT, POLICY_COUNT = 92, 23
POLICIES = sorted(path.name[:-len("EE.crt")] for path in FOLDER.glob("Invalid*EE.crt")
                  if re.search(r"(ExplicitPolicy|PolicyMapping|AnyPolicy|anyPolicy)Test", path.name))
"""Tests of policies (4.9 to 4.12) that fail whatever policies the user accepts. The judge has none: it refuses what demands them."""

ISSUER_NAMES = ("exact", "rfc5280")
UNJUDGED_NAMES = "issuance.name_constraint_unsupported"
REFUSED = {
    # Constraints on e-mail addresses and URIs, which no server's certificate needs: not evaluated, so left open.
    "ValidRFC822nameConstraintsTest21": (Outcome.UNDETERMINED, UNJUDGED_NAMES),
    "ValidRFC822nameConstraintsTest23": (Outcome.UNDETERMINED, UNJUDGED_NAMES),
    "ValidRFC822nameConstraintsTest25": (Outcome.UNDETERMINED, UNJUDGED_NAMES),
    "ValidDNandRFC822nameConstraintsTest27": (Outcome.UNDETERMINED, UNJUDGED_NAMES),
    "ValidURInameConstraintsTest34": (Outcome.UNDETERMINED, UNJUDGED_NAMES),
    "ValidURInameConstraintsTest36": (Outcome.UNDETERMINED, UNJUDGED_NAMES),
    # DSA, which no Lync server uses: an algorithm outside the judge's list proves nothing.
    "ValidDSASignaturesTest4": (Outcome.UNDETERMINED, "issuance.algorithm_unsupported"),
    "ValidDSAParameterInheritanceTest5": (Outcome.UNDETERMINED, "issuance.algorithm_unsupported"),
    # The end of the path is a CA certificate: a path as good as any, but no server's certificate.
    "ValidpathLenConstraintTest8": (Outcome.NOT_SATISFIED, "certificate.is_ca"),
    "ValidpathLenConstraintTest14": (Outcome.NOT_SATISFIED, "certificate.is_ca"),
}
"""Valid by PKITS, refused by either comparison of names: the outcome, and the finding that says why."""
OTHER_SPELLING = ("ValidNameChainingWhitespaceTest3", "ValidNameChainingWhitespaceTest4", "ValidNameChainingCapitalizationTest5",
                  "ValidRolloverfromPrintableStringtoUTF8StringTest10", "ValidUTF8StringCaseInsensitiveMatchTest11")
"""Valid by PKITS; the issuer's name differs from the CA's in spelling or encoding, which ``issuer_name: exact`` refuses."""

REASONS = {
    "CASignature|NameChaining": "issuance.other_issuer",
    "EESignature": "issuance.signature_invalid",
    "DSASignature": "certificate.not_understood",
    "CAnotBefore": "issuance.issuer_not_yet_valid",
    "CAnotAfter": "issuance.issuer_expired",
    "EEnotBefore": "time.not_yet_valid",
    r"EEnotAfter|pre2000UTC": "time.expired",
    "MissingbasicConstraints|cAFalse": "issuance.issuer_not_ca",
    "(SelfIssued)?pathLenConstraint": "issuance.path_length",
    "keyUsage": "issuance.issuer_no_certsign",
    "DN(S)?nameConstraints": "issuance.name_constraint",
    "(DNand)?RFC822nameConstraints|URInameConstraints": UNJUDGED_NAMES,
    "UnknownCritical": "certificate.unknown_critical",
}
"""Beginning of an invalid test's name: the finding that must be among those that stop it, so that none is stopped by chance."""


@cache
def content(name: str) -> bytes:
    return (FOLDER / f"{name}.crt").read_bytes()


@cache
def host_cas() -> tuple[bytes, ...]:
    return tuple(path.read_bytes() for path in sorted(FOLDER.glob("*.crt"))
                 if not path.name.endswith("EE.crt") and path.stem != "TrustAnchorRootCertificate")


def verdict_on(case: str, issuer_name: str) -> Verdict:
    asked = requirement_for(None, match="chain", names=[], overrides={
        "issuer_name": issuer_name, "eku_absent_ok": True, "require_private_key": False})
    entry = pki.stored(content(f"{case}EE"), PrivateKey(present=False))
    anchor = content("TrustAnchorRootCertificate")
    return judge(pki.snapshot([entry], ca=host_cas(), roots=[anchor]), load_authority([("anchor", anchor)]), asked,
                 Instants(pki.NOW, host=pki.NOW), run_id="run")


def stopping(verdict: Verdict) -> set[str]:
    return {item.code for item in verdict.certificates[0].findings if item.severity in (Severity.BLOCKING, Severity.OPEN)}


def test_the_suite_is_whole() -> None:
    assert len(CASES) == COUNT
    assert set(REFUSED) | set(OTHER_SPELLING) <= set(CASES)
    assert len(POLICIES) == POLICY_COUNT


@pytest.mark.parametrize("issuer_name", ISSUER_NAMES)
@pytest.mark.parametrize("case", [case for case in CASES if case.startswith("Invalid")])
def test_no_invalid_path_passes_and_the_reason_is_the_right_one(case: str, issuer_name: str) -> None:
    verdict = verdict_on(case, issuer_name)
    assert verdict.outcome is not Outcome.SATISFIED
    wanted = [code for pattern, code in REASONS.items() if re.match(f"Invalid({pattern})", case)]
    assert len(wanted) == 1
    assert wanted[0] in stopping(verdict)


@pytest.mark.parametrize("issuer_name", ISSUER_NAMES)
@pytest.mark.parametrize("case", [case for case in CASES if case.startswith("Valid")])
def test_a_valid_path_passes_unless_the_table_says_why_not(case: str, issuer_name: str) -> None:
    verdict = verdict_on(case, issuer_name)
    if case in REFUSED:
        outcome, code = REFUSED[case]
        assert verdict.outcome is outcome
        assert code in stopping(verdict)
    elif case in OTHER_SPELLING and issuer_name == "exact":
        assert verdict.outcome is Outcome.NOT_SATISFIED
        assert stopping(verdict) == {"issuance.other_issuer"}
    else:
        assert (verdict.outcome, stopping(verdict)) == (Outcome.SATISFIED, set())


@pytest.mark.parametrize("case", POLICIES)
def test_no_path_that_its_policies_forbid_passes(case: str) -> None:
    assert verdict_on(case, "exact").outcome is not Outcome.SATISFIED
    assert verdict_on(case, "rfc5280").outcome is not Outcome.SATISFIED
