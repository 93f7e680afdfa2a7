# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a constrained CA may issue for."""

from __future__ import annotations

import asn1
import pki
import pytest
from asn1 import tlv
from pki import dns, ip

from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge import name_constraints
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.certificate import parse
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.step import Budget, BudgetExceeded

EMAIL, URI = 0x81, 0x86


def network(address: str, mask: str) -> bytes:
    return tlv(0x87, ip(address)[2:] + ip(mask)[2:])


TEN = network("10.0.0.0", "255.0.0.0")
DE = pki.directory(pki.name(("C", "DE")))


def breaches(names: list[bytes], permitted: list[bytes], excluded: list[bytes], subject: bytes = asn1.sequence()) -> list[str]:
    ca = parse(pki.root(extensions={"nc": pki.name_constraints(permitted, excluded)}).build())
    leaf = parse(pki.leaf(pki.root(), extensions={"san": pki.subject_alternative_name(*names)}, subject=subject).build())
    assert ca.name_constraints is not None
    found = name_constraints.breaches(ca.name_constraints, name_constraints.names_of(leaf, ()), Budget())
    return ["open" if breach.open else "closed" for breach in found]


@pytest.mark.parametrize(
    ("names", "permitted", "excluded", "wanted"),
    [
        ([dns("a.contoso.local")], [dns("contoso.local")], [], []),
        ([dns("CONTOSO.local")], [dns("contoso.LOCAL")], [], []),
        ([dns("a.contoso.local")], [dns(".contoso.local")], [], []),
        ([dns("contoso.local")], [dns(".contoso.local")], [], ["closed"]),
        ([dns("xcontoso.local")], [dns("contoso.local")], [], ["closed"]),
        ([dns("a.contoso.local"), dns("a.fabrikam.local")], [dns("contoso.local")], [], ["closed"]),
        ([dns("a.contoso.local")], [dns("")], [], []),
        ([dns("a.contoso.local")], [], [dns("contoso.local")], ["closed"]),
        ([dns("a.contoso.local")], [], [dns("b.contoso.local")], []),
        ([dns("*.contoso.local")], [], [dns("b.contoso.local")], ["closed"]),
        ([dns("*.contoso.local")], [], [dns("b.c.contoso.local")], []),
        ([dns("a.contoso.local")], [dns("contoso.local")], [dns("a.contoso.local")], ["closed"]),
        ([dns("a b.contoso.local")], [dns("contoso.local")], [], ["closed"]),
        ([dns("a.contoso.local")], [TEN], [], []),
        ([ip("10.1.2.3")], [TEN], [], []),
        ([ip("11.1.2.3")], [TEN], [], ["closed"]),
        ([ip("::1")], [TEN], [], ["closed"]),
        ([tlv(EMAIL, b"a@contoso.local")], [tlv(EMAIL, b"contoso.local")], [], ["open"]),
        ([tlv(EMAIL, b"a@contoso.local")], [dns("contoso.local")], [], []),
        ([tlv(URI, b"https://a.contoso.local/")], [], [tlv(URI, b".contoso.local")], ["open"]),
    ],
)
def test_names(names: list[bytes], permitted: list[bytes], excluded: list[bytes], wanted: list[str]) -> None:
    assert breaches(names, permitted, excluded) == wanted


@pytest.mark.parametrize(
    ("subject", "wanted"),
    [
        (pki.name(("C", "DE"), ("CN", "x")), []),
        (pki.name(("C", "de"), ("CN", "x"), tag=pki.UTF8), []),
        (pki.name(("C", "FR"), ("CN", "x")), ["closed"]),
        (pki.name(("CN", "x"), ("C", "DE")), ["closed"]),
        (asn1.sequence(), []),
    ],
)
def test_subjects(subject: bytes, wanted: list[str]) -> None:
    assert breaches([dns("a")], [DE], [], subject) == wanted


def test_comparisons_are_bounded() -> None:
    budget = Budget(comparisons=3)
    ca = parse(pki.root(extensions={"nc": pki.name_constraints(excluded=[dns(f"{n}.x") for n in range(4)])}).build())
    assert ca.name_constraints is not None
    with pytest.raises(BudgetExceeded):
        list(name_constraints.breaches(ca.name_constraints, (("dns", "a.contoso.local"),), budget))
