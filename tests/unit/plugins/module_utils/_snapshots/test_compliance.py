# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._snapshots.compliance import least_retention
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.fuzz import documents, json_values, quick


def policy(unit: Any, value: Any) -> dict[str, Any]:
    return {"onDemandPolicyItem": {"retentionUnit": unit, "retentionValue": value}}


@pytest.mark.parametrize(
    ("unit", "value", "days"), [("days", 3, 3), ("weeks", 2, 14), ("months", 1, 28), ("years", 2, 730), ("DAYS", 5, 5)]
)
def test_minimum_retention_is_in_days(unit: str, value: int, days: int) -> None:
    assert least_retention(policy(unit, value)) == days


@pytest.mark.parametrize(
    "unclear",
    [
        {},
        {"onDemandPolicyItem": None},
        {"onDemandPolicyItem": []},
        policy("days", None),
        policy("days", True),
        policy("days", "3"),
        policy("days", 0),
        policy("days", -1),
        policy("days", 10**400),
        policy("eons", 3),
        policy(None, 3),
    ],
)
def test_unreadable_policy_requires_nothing(unclear: dict[str, Any]) -> None:
    assert least_retention(unclear) is None


@given(
    documents("onDemandPolicyItem"), st.dictionaries(st.sampled_from(["retentionUnit", "retentionValue"]), json_values)
)
@quick
def test_any_json_is_accepted_as_a_policy(some: dict[str, Any], item: dict[str, Any]) -> None:
    assert least_retention(some) is None
    assert (least_retention({"onDemandPolicyItem": item}) or 1) >= 1
