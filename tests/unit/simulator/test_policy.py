# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Schedules and compliance policies, and who may read them."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mongodb_atlas.backup.tests.simulator.messages import Response
from ansible_collections.mongodb_atlas.backup.tests.unit.simulator.support import CLUSTERS, Atlas, code


def test_schedule_shows_its_policies_and_the_restore_window() -> None:
    atlas = Atlas(clusters={"demo-geo": {"restore_window_days": 3}})
    schedule = _schedule(atlas, "demo-geo").json()
    assert (schedule["clusterName"], schedule["restoreWindowDays"]) == ("demo-geo", 3)
    frequencies = [item["frequencyType"] for item in schedule["policies"][0]["policyItems"]]
    assert frequencies == ["hourly", "daily", "weekly", "monthly", "yearly"]
    assert schedule["nextSnapshot"] == "2026-03-01T18:00:00Z"


def test_schedule_can_omit_next_snapshot() -> None:
    assert "nextSnapshot" not in _schedule(Atlas(schedule_has_next=False)).json()


def test_schedule_needs_a_reader_and_a_dedicated_cluster_with_backups() -> None:
    atlas = Atlas()
    assert _schedule(atlas, role="read_only").status == 200
    assert code(_schedule(atlas, "demo-nobackup")) == (400, "BACKUP_JOB_NOT_FOUND")
    assert code(_schedule(atlas, "demo-flex")) == (400, "CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API")
    assert code(_schedule(atlas, "demo-deleted")) == (404, "CLUSTER_NOT_FOUND")


def test_project_without_a_policy_returns_an_empty_object() -> None:
    answer = _policy(Atlas())
    assert (answer.status, answer.json()) == (200, {})


def test_policy_contains_personal_data() -> None:
    policy = _policy(Atlas(compliance={"Demo": {}})).json()
    persons = ("authorizedEmail", "authorizedUserFirstName", "authorizedUserLastName", "updatedUser")
    assert all("private" in policy[name].lower() for name in persons)
    assert (policy["state"], policy["onDemandPolicyItem"]) == ("ACTIVE", None)


@pytest.mark.parametrize(
    ("policy", "item", "days"),
    [
        ({"min_retention_days": 3}, ("days", 3), 3),
        ({"on_demand_unit": "weeks", "on_demand_value": 2}, ("weeks", 2), 14),
        ({"on_demand_unit": "months", "on_demand_value": 1}, ("months", 1), 30),
        ({"on_demand_unit": "years", "on_demand_value": 1}, ("years", 1), 365),
    ],
)
def test_minimum_retention_is_shown_and_enforced(policy: dict[str, Any], item: tuple[str, int], days: int) -> None:
    atlas = Atlas(compliance={"Demo": {**policy, "state": "UPDATING"}})
    shown = _policy(atlas).json()
    assert shown["state"] == "UPDATING"
    assert (shown["onDemandPolicyItem"]["retentionUnit"], shown["onDemandPolicyItem"]["retentionValue"]) == item
    refused = atlas.take(retentionInDays=days - 1)
    assert code(refused) == (400, "SNAPSHOT_RETENTION_LESS_THAN_BACKUP_COMPLIANCE_POLICY")
    assert atlas.take(retentionInDays=days).status == 200


def test_policy_without_minimum_retention_refuses_deletion_too() -> None:
    atlas = Atlas(compliance={"Demo": {}})
    snapshot_id = atlas.finished()
    refused = atlas.ask("DELETE", atlas.snapshots("demo-replica", f"/{snapshot_id}"))
    assert code(refused) == (400, "CANNOT_DELETE_SNAPSHOT_WITH_BACKUP_COMPLIANCE_POLICY")


@pytest.mark.parametrize("role", ["backup_manager", "read_only"])
def test_only_owners_read_the_policy(role: str) -> None:
    assert code(_policy(Atlas(), role=role)) == (401, "USER_UNAUTHORIZED")
    assert code(_policy(Atlas(read_only_code="ACCESS_FORBIDDEN"), role=role)) == (403, "ACCESS_FORBIDDEN")


def _schedule(atlas: Atlas, cluster: str = "demo-replica", **more: Any) -> Response:
    return atlas.get(f"{atlas.group}/clusters/{cluster}/backup/schedule", version=CLUSTERS, **more)


def _policy(atlas: Atlas, **more: Any) -> Response:
    return atlas.get(f"{atlas.group}/backupCompliancePolicy", version="2023-10-01", **more)
