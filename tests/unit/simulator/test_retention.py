# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Deletion and retention, and what a compliance policy does not allow."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mongodb_atlas.backup.tests.simulator.messages import Response
from ansible_collections.mongodb_atlas.backup.tests.unit.simulator.support import Atlas, code

POLICY = {"Demo": {"min_retention_days": 5}}


@pytest.mark.parametrize("seconds", [0, 3])
def test_unfinished_snapshot_can_be_neither_deleted_nor_changed(seconds: float) -> None:
    atlas = Atlas()
    snapshot_id = atlas.take().json()["id"]
    atlas.moment += seconds
    assert code(_delete(atlas, snapshot_id)) == (400, "CANNOT_DELETE_IN_PROGRESS_SNAPSHOT")
    assert code(_patch(atlas, snapshot_id, 9)) == (400, "CANNOT_MODIFY_IN_PROGRESS_SNAPSHOT_RETENTION")


def test_deleted_snapshot_is_gone() -> None:
    atlas = Atlas()
    snapshot_id = atlas.finished()
    deleted = _delete(atlas, snapshot_id)
    assert (deleted.status, deleted.body) == (204, b"")
    assert code(atlas.poll("demo-replica", snapshot_id)) == (404, "SNAPSHOT_NOT_FOUND")
    assert code(_delete(atlas, snapshot_id)) == (404, "SNAPSHOT_NOT_FOUND")


@pytest.mark.parametrize(
    ("unit", "value", "expires"),
    [
        ("DAYS", 9, "2026-03-10T12:00:04Z"),
        ("WEEKS", 1, "2026-03-08T12:00:04Z"),
        ("MONTHS", 1, "2026-03-31T12:00:04Z"),
        ("YEARS", 1, "2027-03-01T12:00:04Z"),
    ],
)
def test_changed_retention_counts_from_created_at(unit: str, value: int, expires: str) -> None:
    atlas = Atlas()
    snapshot_id = atlas.finished(retentionInDays=3)
    changed = _patch(atlas, snapshot_id, value, unit)
    assert changed.status == 200
    assert changed.json()["expiresAt"] == expires
    assert atlas.poll("demo-replica", snapshot_id).json() == changed.json()


def test_sharded_snapshot_is_changed_at_the_replica_set_endpoint() -> None:
    atlas = Atlas(sharded_on_replica_set_address="not_found")
    snapshot_id = atlas.finished("demo-sharded")
    body = {"retentionUnit": "DAYS", "retentionValue": 9}
    changed = atlas.ask("PATCH", atlas.snapshots("demo-sharded", f"/{snapshot_id}"), body=body)
    assert changed.json()["expiresAt"] == "2026-03-10T12:00:04Z"
    assert changed.json()["type"] == "shardedCluster"


@pytest.mark.parametrize(
    ("body", "expected", "field"),
    [
        ({"retentionUnit": "HOURS", "retentionValue": 9}, "VALIDATION_ERROR", "retentionUnit"),
        ({"retentionValue": 9}, "VALIDATION_ERROR", "retentionUnit"),
        ({"retentionUnit": "DAYS"}, "VALIDATION_ERROR", "retentionValue"),
        ({"retentionUnit": "DAYS", "retentionValue": "9"}, "VALIDATION_ERROR", "retentionValue"),
        ({"retentionUnit": "DAYS", "retentionValue": True}, "VALIDATION_ERROR", "retentionValue"),
        ({"retentionUnit": "DAYS", "retentionValue": 0}, "BACKUP_SNAPSHOT_RETENTION_VALUE_INVALID", None),
        ({"retentionUnit": "YEARS", "retentionValue": 101}, "BACKUP_SNAPSHOT_RETENTION_VALUE_INVALID", None),
    ],
)
def test_invalid_retention_is_refused(body: dict[str, Any], expected: str, field: str | None) -> None:
    atlas = Atlas()
    refused = atlas.ask("PATCH", atlas.snapshots("demo-replica", f"/{atlas.finished()}"), body=body)
    assert code(refused) == (400, expected)
    fields = refused.json().get("badRequestDetail", {}).get("fields", [])
    assert [each["field"] for each in fields] == ([field] if field else [])


def test_policy_has_a_minimum_retention() -> None:
    atlas = Atlas(compliance=POLICY)
    refusal = (400, "SNAPSHOT_RETENTION_LESS_THAN_BACKUP_COMPLIANCE_POLICY")
    assert code(atlas.take(retentionInDays=4)) == refusal
    snapshot_id = atlas.finished(retentionInDays=5)
    assert code(_patch(atlas, snapshot_id, 4)) == refusal


def test_default_retention_follows_the_policy() -> None:
    atlas = Atlas(compliance={"Demo": {"min_retention_days": 20}})
    assert atlas.take().json()["expiresAt"] == "2026-03-21T12:00:00Z"
    assert Atlas(default_retention_days=2).take().json()["expiresAt"] == "2026-03-03T12:00:00Z"


def test_policy_refuses_shorter_retention_and_deletion() -> None:
    atlas = Atlas(compliance=POLICY)
    snapshot_id = atlas.finished(retentionInDays=9)
    refused = _patch(atlas, snapshot_id, 8)
    assert code(refused) == (400, "CANNOT_DECREASE_SNAPSHOT_RETENTION_WITH_BACKUP_COMPLIANCE_POLICY")
    assert code(_delete(atlas, snapshot_id)) == (400, "CANNOT_DELETE_SNAPSHOT_WITH_BACKUP_COMPLIANCE_POLICY")
    assert _patch(atlas, snapshot_id, 10).status == 200


def test_policy_can_allow_shorter_retention_and_deletion() -> None:
    atlas = Atlas(compliance={"Demo": {"min_retention_days": 5, "allow_delete": True, "allow_decrease": True}})
    snapshot_id = atlas.finished(retentionInDays=9)
    assert _patch(atlas, snapshot_id, 8).status == 200
    assert _delete(atlas, snapshot_id).status == 204


def test_copied_snapshot_is_refused_with_its_own_code() -> None:
    atlas = Atlas(compliance=POLICY)
    cluster = next(each for each in atlas.service.world.all_clusters() if each.name == "demo-replica")
    copied = atlas.service.world.take(cluster, atlas.settings, atlas.moment - 60, copy_regions=("EU_WEST_1",))
    refused = _delete(atlas, copied.id)
    assert code(refused) == (400, "CANNOT_DELETE_COPY_SNAPSHOT_WITH_BACKUP_COMPLIANCE_POLICY_ENABLED")


def test_policy_applies_to_its_own_project_only() -> None:
    atlas = Atlas(compliance={"Other": {"min_retention_days": 5}})
    assert atlas.take(retentionInDays=1).status == 200


def _delete(atlas: Atlas, snapshot_id: str) -> Response:
    return atlas.ask("DELETE", atlas.snapshots("demo-replica", f"/{snapshot_id}"))


def _patch(atlas: Atlas, snapshot_id: str, value: int, unit: str = "DAYS") -> Response:
    body = {"retentionUnit": unit, "retentionValue": value}
    return atlas.ask("PATCH", atlas.snapshots("demo-replica", f"/{snapshot_id}"), body=body)
