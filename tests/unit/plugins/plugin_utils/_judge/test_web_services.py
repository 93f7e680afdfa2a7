# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The certificates of an internal server's web services: the internal one decides, the external one is a warning at most."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pki
import pytest

from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.authority import Authority, authority_of
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.certificate import thumbprint
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.requirement import requirement_for
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.web_services import judge_web_services, of_web_services
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._snapshot.assignments import Assignment, AssignmentError, Assignments
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._snapshot.snapshot import Snapshot
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._verdict.instants import Instants
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._verdict.verdict import Outcome, Severity, Verdict

ROOT = pki.root("R", serial=b"\x30")
PUBLIC = pki.root("Q", "Public Root", serial=b"\x31")
CA = authority_of([("ca.cer", ROOT.build())])
INTERNAL = pki.leaf(ROOT, serial=b"\x32")
OTHER = pki.leaf(ROOT, "L2", serial=b"\x33")
EXTERNAL = pki.leaf(PUBLIC, "L2", names=("web.contoso.com",), serial=b"\x34")
EXPIRED = pki.leaf(ROOT, "L2", serial=b"\x35", not_after=pki.day(-1))


HELD = (INTERNAL, OTHER, EXTERNAL, EXPIRED)


def server(*uses: tuple[str, pki.Spec], errors: tuple[AssignmentError, ...] = (), held: Sequence[pki.Spec] = HELD) -> Snapshot:
    assignments = Assignments("Lync", tuple(Assignment(use, thumbprint(spec.build())) for use, spec in uses), errors)
    found = pki.snapshot([pki.stored(spec) for spec in held], roots=[ROOT.build(), PUBLIC.build()], name=pki.FQDN)
    return replace(found, assignments=assignments)


def judged(snapshot: Snapshot, authority: Authority = CA) -> Verdict:
    reduced = of_web_services(snapshot)
    assert reduced is not None
    return judge_web_services(reduced, authority, requirement_for("lync_2013"), Instants(pki.NOW), run_id="run")


def codes(verdict: Verdict) -> list[str]:
    return [finding.code for finding in verdict.findings]


def test_the_internal_one_satisfies_under_a_name_of_its_own() -> None:
    verdict = judged(server(("Default", OTHER), ("WebServicesInternal", INTERNAL)))
    assert verdict.outcome is Outcome.SATISFIED
    assert verdict.certificate is not None
    assert verdict.certificate.thumbprint == thumbprint(INTERNAL.build())
    assert (verdict.host, verdict.use) == (f"{pki.FQDN} (web services)", "web services")


def test_another_certificate_of_the_store_is_no_help() -> None:
    verdict = judged(server(("Default", INTERNAL), ("WebServicesInternal", EXTERNAL)))
    assert verdict.outcome is Outcome.NOT_SATISFIED
    assert [each.thumbprint for each in verdict.certificates] == [thumbprint(EXTERNAL.build())]


def test_an_assigned_one_that_is_gone_does_not_satisfy() -> None:
    verdict = judged(server(("WebServicesInternal", INTERNAL), held=[OTHER]))
    assert verdict.outcome is Outcome.NOT_SATISFIED


GONE = pki.leaf(ROOT, "L3")


@pytest.mark.parametrize(("assigned", "said"), [(EXTERNAL, "was not issued by"), (EXPIRED, "Expired"), (GONE, "not in the store My")])
def test_the_cure_leaves_the_default_certificate_alone(assigned: pki.Spec, said: str) -> None:
    found = server(("Default", OTHER), ("WebServicesInternal", assigned))
    verdict = judged(replace(found, host=replace(found.host, lync_version="5.0.8308.0")))
    assert verdict.nearest_miss is not None
    cure = str(verdict.nearest_miss.remedy)
    assert said in verdict.nearest_miss.message
    assert "step 3" in cure
    assert "WebServicesInternal" in cure
    assert "-Type Default" not in cure
    assert "certreq" not in cure


@pytest.mark.parametrize(("external", "said"), [(EXTERNAL, "another CA"), (EXPIRED, "Expired"), (INTERNAL, ""), (OTHER, "")])
def test_the_external_one_is_a_warning_at_most(external: pki.Spec, said: str) -> None:
    verdict = judged(server(("WebServicesInternal", INTERNAL), ("WebServicesExternal", external)))
    assert verdict.outcome is Outcome.SATISFIED
    found = [finding for finding in verdict.findings if finding.code == "reference.web_services_external"]
    assert [finding.severity for finding in found] == [Severity.WARNING] * bool(said)
    assert all(said in finding.message and thumbprint(external.build()) in finding.message for finding in found)


def test_a_server_that_has_other_uses_only_has_no_web_services() -> None:
    assert of_web_services(server(("Default", INTERNAL))) is None


@pytest.mark.parametrize("snapshot", [
    server(), server(("OAuthTokenIssuer", OTHER)),
    server(("Default", INTERNAL), errors=(AssignmentError("call", "The central store is not available."),)),
    server(("WebServicesExternal", INTERNAL)),
    server(("WebServicesInternal", INTERNAL), ("WebServicesInternal", OTHER)),
    replace(server(), assignments=None),
])
def test_what_can_not_be_told_is_never_satisfied(snapshot: Snapshot) -> None:
    verdict = judged(snapshot)
    assert verdict.outcome is Outcome.UNDETERMINED
    assert "reference.web_services_unknown" in codes(verdict)
    assert (verdict.host, verdict.use) == (f"{pki.FQDN} (web services)", "web services")


def test_an_unknown_ca_is_never_satisfied() -> None:
    assert judged(server(("WebServicesInternal", INTERNAL)), Authority()).outcome is Outcome.UNDETERMINED


def test_only_the_certificates_of_web_services_are_handed_on() -> None:
    reduced = of_web_services(server(("Default", OTHER), ("WebServicesInternal", INTERNAL), ("WebServicesExternal", EXTERNAL)))
    assert reduced is not None
    my = reduced.store("My")
    assert my is not None
    assert {each.content for each in my.certificates} == {INTERNAL.build(), EXTERNAL.build()}
