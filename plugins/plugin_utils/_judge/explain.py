# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Why a certificate is not of the reference CA, where more can be proved than that: a sister CA, another generation, a CA between."""
from __future__ import annotations

from dataclasses import replace

from .._verdict.verdict import Finding, Severity
from .authority import Authority, key_identifier
from .certificate import Certificate
from .findings import finding
from .path import Pool, Search
from .requirement import Rules
from .step import BudgetExceeded, Step, named, refusals

B, O = Severity.BLOCKING, Severity.OPEN  # noqa: E741
_REPLACED = frozenset(("issuance.other_issuer", "issuance.signature_invalid"))


def explained(
        leaf: Certificate, refused: tuple[Finding, ...], authority: Authority, pool: Pool, rules: Rules, match: str) -> tuple[Finding, ...]:
    """The same refusals, or in their place the one that says more. Only blocking ones are explained; nothing becomes a pass here."""
    if {item.code for item in refused} - _REPLACED or any(item.severity is O for item in refused):
        return refused
    # Who certified whom is a fact that doesn't expire, and it is asked regardless of purposes.
    step = Step(replace(rules, aki="ignore"), None, purposes=False)
    try:
        found = (_chains(leaf, authority, pool, step) if match == "issuing_ca" else None) or _related(leaf, authority, pool, step)
    except BudgetExceeded:
        return refused
    return refused if found is None else (found,)


def _chains(leaf: Certificate, authority: Authority, pool: Pool, step: Step) -> Finding | None:
    for path, _warnings in Search(leaf, authority, pool, step, "chain").paths():
        return finding("issuance.chains_to_ca", B, issuer=named(path[0]), wanted=named(path[-1]))
    return None


def _issued(child: Certificate, candidate: Certificate, step: Step) -> bool:
    step.budget.step()
    return not any(item.severity in (B, O) for item in refusals(child, candidate, step))


def _related(leaf: Certificate, authority: Authority, pool: Pool, step: Step) -> Finding | None:
    everything = (*authority.certificates, *pool.certificates)
    for issuer in pool.named(leaf.issuer):
        if issuer.content in authority.contents or issuer.self_issued or not _issued(leaf, issuer, step):
            continue
        for parent in (item for item in everything if item.subject == issuer.issuer and _issued(issuer, item, step)):
            for given in authority.certificates:
                if given.issuer == parent.subject and not given.self_issued and _issued(given, parent, step):
                    return _kinship(leaf, issuer, given, parent)
    return None


def _kinship(leaf: Certificate, issuer: Certificate, given: Certificate, parent: Certificate) -> Finding:
    if issuer.subject == given.subject:
        return finding("issuance.other_generation", B, issuer=named(issuer), parent=named(parent),
                       leaf_key_identifier=key_identifier(issuer), ca_key_identifier=key_identifier(given))
    return finding("issuance.sibling_ca", B, issuer=named(issuer), wanted=named(given), parent=named(parent))
