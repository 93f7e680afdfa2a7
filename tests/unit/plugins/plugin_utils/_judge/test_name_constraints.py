# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a constrained CA may issue for."""

from __future__ import annotations

import asn1
import pki
import pytest
from asn1 import tlv
from cryptography import x509
from pki import dns, ip

from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge import name_constraints
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.certificate import parse
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.step import Budget, BudgetExceeded
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.understanding import NotUnderstood

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
        ([tlv(EMAIL, b"a@contoso.local"), dns("a.fabrikam.local")], [tlv(EMAIL, b"contoso.local"), dns("contoso.local")], [],
         ["open", "closed"]),
        ([dns("a.contoso.local")], [], [TEN], []),
        ([ip("10.1.2.3")], [], [dns("contoso.local")], []),
        ([dns("*.contoso.local")], [], [dns(".b.contoso.local")], ["closed"]),
        ([dns("a-b_c.contoso.local")], [dns("contoso.local")], [], []),
        ([dns(f"{'a' * 63}.contoso.local")], [dns("contoso.local")], [], []),
        ([dns(f"{'a' * 64}.contoso.local")], [dns("contoso.local")], [], ["closed"]),
        ([dns("a..contoso.local")], [dns("contoso.local")], [], ["closed"]),
        ([dns("a." * 120 + "contoso.local")], [dns("contoso.local")], [], []),
        ([dns("a." * 120 + "xcontoso.local")], [dns("xcontoso.local")], [], ["closed"]),
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


def constraints_of(permitted: list[bytes], excluded: list[bytes]) -> x509.NameConstraints:
    found = parse(pki.root(extensions={"nc": pki.name_constraints(permitted, excluded)}).build()).name_constraints
    assert found is not None
    return found


@pytest.mark.parametrize("excluded", [True, False])
def test_comparisons_are_bounded(excluded: bool) -> None:
    bases = [dns(f"{n}.x") for n in range(4)]
    constraints = constraints_of([], bases) if excluded else constraints_of(bases, [])
    with pytest.raises(BudgetExceeded):
        list(name_constraints.breaches(constraints, (("dns", "a.contoso.local"),), Budget(comparisons=3)))
    assert len(list(name_constraints.breaches(constraints, (("dns", "a.contoso.local"),), Budget(comparisons=4)))) == (not excluded)


@pytest.mark.parametrize(("entry", "base", "name", "words"), [
    (("dns", "b.x"), dns("a.x"), "b.x", "permits other names only"),
    (("dns", "ä.x"), dns("x"), "ä.x", "malformed"),
    (("ip", "10.0.0.1"), TEN, "10.0.0.1", "permits other names only"),
    (("directory", pki.name(("C", "FR"))), DE, "C=FR", "permits other names only"),
    (("directory", asn1.sequence()), DE, "?", "permits other names only"),
    (("e-mail", "a@x"), tlv(EMAIL, b"x"), "a@x", "names of the kind e-mail are not evaluated"),
    (("URI", "https://x/"), tlv(URI, b"x"), "https://x/", "names of the kind URI are not evaluated"),
])
def test_which_name_is_refused_and_why(entry: tuple[str, object], base: bytes, name: str, words: str) -> None:
    found = list(name_constraints.breaches(constraints_of([base], []), (entry,), Budget()))
    assert [item.name for item in found] == [name]
    assert words in found[0].reason


@pytest.mark.parametrize("content", [b"garbage", "text"])
def test_a_directory_name_that_cannot_be_compared_is_not_understood(content: object) -> None:
    with pytest.raises(NotUnderstood):
        list(name_constraints.breaches(constraints_of([DE], []), (("directory", content),), Budget()))
