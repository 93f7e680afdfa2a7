# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Profiles and single rules: what may be asked, and how nonsense is refused."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.requirement import (
    PROFILES,
    QUESTIONS,
    RULE_NAMES,
    RequirementError,
    requirement_for,
)
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._verdict.verdict import Severity


def test_every_question_is_about_a_rule() -> None:
    assert set(QUESTIONS) <= set(RULE_NAMES)
    assert all(question.endswith("?") or "warn" in question for question in QUESTIONS.values())


@pytest.mark.parametrize("profile", PROFILES)
def test_profiles_demand_what_the_generic_question_does_not(profile: str) -> None:
    rules = requirement_for(profile).rules
    assert rules.require_cdp
    assert rules.require_trust
    assert not rules.archived_ok
    assert "pss" not in rules.schemes
    assert not requirement_for(None).rules.require_trust


@pytest.mark.parametrize(
    ("name", "value", "wanted"),
    [
        ("min_remaining_days", "14", 14),
        ("min_rsa_bits", 3072, 3072),
        ("allow_cn", "no", False),
        ("renewals", False, False),
        ("aki", "ignore", "ignore"),
        ("schemes", ["ecdsa"], ("ecdsa",)),
        ("require_eku", [], ()),
        ("require_eku", ["1.3.6.1.5.5.7.3.2", "2.5.29.37.0"], ("1.3.6.1.5.5.7.3.2", "2.5.29.37.0")),
        ("issuer_name", "exact", "exact"),
        ("issuer_name", "rfc5280", "rfc5280"),
        ("aki", "strict", "strict"),
        ("schemes", ["pkcs1", "pss", "ecdsa", "eddsa"], ("pkcs1", "pss", "ecdsa", "eddsa")),
        ("allow_cn", "TRUE", True),
        ("allow_cn", "yes", True),
        ("allow_cn", "False", False),
        ("min_rsa_bits", 1024, 1024),
        ("min_rsa_bits", 16384, 16384),
        ("min_remaining_days", 0, 0),
        ("min_remaining_days", 36500, 36500),
        ("warn_remaining_days", 0, 0),
        ("warn_remaining_days", "36500", 36500),
    ],
)
def test_single_rules(name: str, value: object, wanted: object) -> None:
    assert getattr(requirement_for("lync_2013", overrides={name: value}).rules, name) == wanted


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"profile": "lync_2031"}, "lync_2013"),
        ({"match": "root"}, "neither issuing_ca nor chain"),
        ({"overrides": {"min_rsa_bit": 2048}}, "there is no rule min_rsa_bit"),
        ({"overrides": {"min_rsa_bits": 512}}, "from 1024"),
        ({"overrides": {"min_remaining_days": -1}}, "number"),
        ({"overrides": {"min_remaining_days": True}}, "number"),
        ({"overrides": {"aki": "lax"}}, "one of strict, ignore"),
        ({"overrides": {"schemes": "pkcs1"}}, "list"),
        ({"overrides": {"schemes": ["md5"]}}, "pkcs1"),
        ({"overrides": {"require_eku": ["serverAuth"]}}, "object identifier"),
        ({"overrides": {"allow_cn": "perhaps"}}, "true or false"),
        ({"overrides": {"require_key_facts": False}}, "there is no rule"),
        ({"overrides": {"min_rsa_bits": 16385}}, "to 16384"),
        ({"overrides": {"min_rsa_bits": "2048.0"}}, "number"),
        ({"overrides": {"min_remaining_days": 36501}}, "to 36500"),
        ({"overrides": {"warn_remaining_days": 36501}}, "to 36500"),
        ({"overrides": {"warn_remaining_days": -1}}, "from 0"),
        ({"overrides": {"warn_remaining_days": True}}, "number"),
        ({"overrides": {"allow_cn": 1}}, "true or false"),
        ({"overrides": {"require_eku": ["1.2.3", "1.3.6.1.5.5.7.3.2x"]}}, "1.3.6.1.5.5.7.3.2x is not an object identifier"),
        ({"pool": f"{'a' * 63}.{'b' * 63}.{'c' * 63}.{'d' * 62}"}, "pool: aaa"),
        ({"pool": "not a name"}, "pool:"),
        ({"fqdn": "-x.local"}, "fqdn:"),
        ({"names": ["a..b"]}, "names:"),
    ],
)
def test_nonsense_is_refused(options: dict[str, Any], words: str) -> None:
    with pytest.raises(RequirementError) as caught:
        requirement_for(**{"profile": "lync_2013", **options})
    assert words in str(caught.value)
    assert str(caught.value).partition(":")[0] in ("profile", "match", "requirement", *options)


def test_a_name_may_be_as_long_as_dns_allows() -> None:
    longest = f"{'a' * 63}.{'b' * 63}.{'c' * 63}.{'d' * 61}"
    assert len(longest) == 253
    assert requirement_for("lync_2013", pool=longest).pool == longest
    assert requirement_for("lync_2013", pool="", names=["", "a"]).names == ("a",)
    assert requirement_for("lync_2013", pool="").pool is None


def test_what_is_usual() -> None:
    assert requirement_for(None).match == "issuing_ca"
    assert requirement_for("skype_for_business_2015", overrides={"cng_key_ok": False}).severities["key.cng"] is Severity.BLOCKING
    assert requirement_for("skype_for_business_2015").severities["key.cng"] is Severity.WARNING


def test_names_are_compared_without_case_and_final_dot() -> None:
    requirement = requirement_for("lync_2013", pool="PchatPool.contoso.local.", names=["A.contoso.local"])
    assert (requirement.pool, requirement.names) == ("pchatpool.contoso.local", ("a.contoso.local",))
