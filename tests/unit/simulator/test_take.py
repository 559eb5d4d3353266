# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""When Atlas takes an on-demand snapshot, and when it refuses."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mongodb_atlas.backup.tests.unit.simulator.support import Atlas, code


@pytest.mark.parametrize("seconds", [0, 1.9, 2, 5.9])
def test_second_snapshot_is_refused_while_the_first_is_unfinished(seconds: float) -> None:
    atlas = Atlas()
    atlas.take()
    atlas.moment += seconds
    assert code(atlas.take()) == (400, "UNFINISHED_ON_DEMAND_SNAPSHOT")
    atlas.moment += 6
    assert atlas.take().status == 200


@pytest.mark.parametrize("outcome", ["completed", "failed"])
def test_finished_snapshot_does_not_block_the_next(outcome: str) -> None:
    atlas = Atlas(outcome=outcome)
    atlas.finished()
    assert atlas.take().status == 200


def test_snapshot_of_another_cluster_does_not_block() -> None:
    atlas = Atlas()
    assert {atlas.take(name).status for name in ("demo-replica", "demo-sharded", "demo-geo")} == {200}


def test_scheduled_snapshot_does_not_block() -> None:
    atlas = Atlas()
    cluster = next(each for each in atlas.service.world.all_clusters() if each.name == "demo-replica")
    atlas.service.world.take(cluster, atlas.settings, atlas.moment, snapshot_type="scheduled")
    assert atlas.take().status == 200


def test_snapshot_that_is_not_visible_yet_blocks_too() -> None:
    atlas = Atlas(list_lag_seconds=3, get_lag_seconds=3)
    atlas.take()
    assert code(atlas.take()) == (400, "UNFINISHED_ON_DEMAND_SNAPSHOT")


@pytest.mark.parametrize(
    ("cluster", "expected"),
    [
        ("demo-paused", (409, "CANNOT_UPDATE_PAUSED_CLUSTER")),
        ("demo-nobackup", (400, "BACKUP_JOB_NOT_FOUND")),
        ("demo-flex", (400, "CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API")),
        ("demo-m0", (400, "PROVIDER_BACKUP_NOT_SUPPORTED")),
        ("demo-m2", (400, "PROVIDER_BACKUP_NOT_SUPPORTED")),
        ("demo-m5", (400, "PROVIDER_BACKUP_NOT_SUPPORTED")),
        ("demo-deleted", (404, "CLUSTER_NOT_FOUND")),
        ("nosuch", (404, "CLUSTER_NOT_FOUND")),
    ],
)
def test_clusters_without_on_demand_snapshots_are_refused(cluster: str, expected: tuple[int, str]) -> None:
    assert code(Atlas().take(cluster)) == expected


@pytest.mark.parametrize(
    ("chosen", "status"),
    [
        ("INSUFFICIENT_INSTANCE_SIZE", 400),
        ("FEATURE_UNSUPPORTED", 403),
        ("UNSUPPORTED_FOR_CURRENT_PLAN", 403),
        ("UNSUPPORTED_FOR_CURRENT_CONFIG", 403),
    ],
)
def test_tier_code_is_as_set(chosen: str, status: int) -> None:
    assert code(Atlas(tenant_code=chosen).take("demo-m5")) == (status, chosen)


def test_code_for_disabled_backups_is_as_set() -> None:
    atlas = Atlas(backups_off_code="BACKUP_CONFIG_NOT_FOUND")
    assert code(atlas.take("demo-nobackup")) == (404, "BACKUP_CONFIG_NOT_FOUND")


@pytest.mark.parametrize("days", [0, -1, "7", 1.5, True])
def test_retention_below_one_day_is_refused_by_field(days: Any) -> None:
    refused = Atlas().take(retentionInDays=days)
    assert code(refused) == (400, "VALIDATION_ERROR")
    assert refused.json()["badRequestDetail"]["fields"][0]["field"] == "retentionInDays"


def test_excessive_retention_is_refused() -> None:
    assert code(Atlas().take(retentionInDays=10**6)) == (400, "BACKUP_SNAPSHOT_RETENTION_VALUE_INVALID")


def test_description_must_be_a_string() -> None:
    assert code(Atlas().take(description=5)) == (400, "VALIDATION_ERROR")


def test_unknown_attribute_is_refused() -> None:
    assert code(Atlas().take(retention_in_days=5)) == (400, "INVALID_ATTRIBUTE")


@pytest.mark.parametrize("body", [[], "x", 5])
def test_body_other_than_an_object_is_refused(body: Any) -> None:
    atlas = Atlas()
    assert code(atlas.ask("POST", atlas.snapshots("demo-replica"), body=body)) == (400, "INVALID_JSON")


def test_refused_request_takes_no_snapshot() -> None:
    atlas = Atlas(history_days=0)
    atlas.take(retentionInDays=0)
    assert atlas.get(atlas.snapshots("demo-replica")).json()["totalCount"] == 0


def test_v1_has_the_older_format() -> None:
    atlas = Atlas()
    path = f"{atlas.group_v1}/clusters/demo-replica/backup/snapshots"
    taken = atlas.ask("POST", path, version="", body={"description": "x"})
    assert taken.headers["Content-Type"] == "application/json"
    assert not set(taken.json()) & {"copyRegions", "frequencyType", "policyItems"}
    atlas.moment += 10
    got = atlas.get(f"{path}/{taken.json()['id']}", version="")
    assert got.json()["status"] == "completed"
    assert got.json() in atlas.get(path, version="").json()["results"]
    assert "/api/atlas/v1.0/" in got.json()["links"][0]["href"]
