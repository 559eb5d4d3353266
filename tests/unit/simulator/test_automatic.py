# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The daily snapshots of flex, M2 and M5 clusters, and an M0 without any."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mongodb_atlas.backup.tests.simulator.automatic import automatic_snapshots
from ansible_collections.mongodb_atlas.backup.tests.simulator.demo import demo_world
from ansible_collections.mongodb_atlas.backup.tests.simulator.settings import Settings
from ansible_collections.mongodb_atlas.backup.tests.unit.simulator.support import FLEX, START, Atlas, code

TENANTS = ["demo-m2", "demo-m5"]


def test_flex_snapshots_are_listed_oldest_first_as_recorded() -> None:
    results = _flex(Atlas())
    assert len(results) == 8
    assert results[0] == {
        "expiration": "2026-03-02T06:00:00Z",
        "finishTime": "2026-02-22T06:01:47Z",
        "id": results[0]["id"],
        "mongoDBVersion": "8.0.29",
        "scheduledTime": "2026-02-22T06:00:00Z",
        "startTime": "2026-02-22T06:00:27Z",
        "status": "COMPLETED",
    }
    assert [each["scheduledTime"] for each in results] == sorted(each["scheduledTime"] for each in results)


@pytest.mark.parametrize("hours", range(0, 24, 3))
def test_newest_daily_snapshot_is_completed_at_any_start_time(hours: int) -> None:
    now = START + hours * 3600
    world = demo_world(Settings(), now)
    flex = next(cluster for cluster in world.all_clusters() if cluster.kind == "flex")
    newest = automatic_snapshots(flex.id, flex.created_at, now)[-1]
    assert (newest.status(now), now - newest.scheduled_at) == ("COMPLETED", 6 * 3600)


def test_daily_snapshot_is_found_by_its_id() -> None:
    atlas = Atlas()
    for each in _flex(atlas):
        assert atlas.get(_flex_path(atlas, each["id"]), version=FLEX).json() == each
    assert code(atlas.get(_flex_path(atlas, "0" * 24), version=FLEX)) == (404, "SNAPSHOT_NOT_FOUND")
    assert code(atlas.get(_flex_path(atlas, "nonsense"), version=FLEX)) == (404, "INVALID_SNAPSHOT_ID")


def test_daily_snapshot_goes_from_queued_to_completed() -> None:
    atlas = Atlas()
    atlas.moment += 18 * 3600
    seen = []
    for _unused in range(3):
        newest = _flex(atlas)[-1]
        seen.append((newest["status"], "startTime" in newest, "finishTime" in newest))
        atlas.moment += 60
    assert seen == [("QUEUED", False, False), ("RUNNING", True, False), ("COMPLETED", True, True)]
    assert len(_flex(atlas)) == 8


def test_daily_snapshot_keeps_its_id() -> None:
    atlas = Atlas()
    before = _flex(atlas)
    atlas.moment += 86400
    assert _flex(atlas)[:-1] == before[1:]


def test_settings_remove_the_newest_days_and_set_the_newest_status() -> None:
    atlas = Atlas(clusters={"demo-flex": {"automatic_missing_days": 3, "automatic_newest_status": "FAILED"}})
    results = _flex(atlas)
    assert len(results) == 5
    assert results[-1]["scheduledTime"] == "2026-02-26T06:00:00Z"
    assert [each["status"] for each in results] == ["COMPLETED"] * 4 + ["FAILED"]
    assert _flex(Atlas(clusters={"demo-flex": {"automatic_missing_days": 20}})) == []


def test_newest_daily_snapshot_keeps_running_for_automatic_running_seconds() -> None:
    atlas = Atlas(clusters={"demo-flex": {"automatic_running_seconds": 60}})
    before = _flex(atlas)
    assert [each["status"] for each in before] == ["COMPLETED"] * 7 + ["RUNNING"]
    assert "finishTime" not in before[-1]
    atlas.moment += 59
    assert _flex(atlas)[-1]["status"] == "RUNNING"
    atlas.moment += 1
    assert _flex(atlas)[-1] == {**before[-1], "status": "COMPLETED", "finishTime": "2026-03-01T12:01:00Z"}
    atlas.moment += 86400
    assert [each["status"] for each in _flex(atlas)] == ["COMPLETED"] * 8


def test_newest_daily_snapshot_fails_after_automatic_running_seconds() -> None:
    atlas = Atlas(clusters={"demo-m2": {"automatic_running_seconds": 60, "automatic_newest_status": "FAILED"}})
    path = _tenant_path(atlas, "demo-m2")
    assert atlas.get(path, version="").json()["results"][-1]["status"] == "RUNNING"
    atlas.moment += 60
    assert atlas.get(path, version="").json()["results"][-1]["status"] == "FAILED"


@pytest.mark.parametrize("cluster", TENANTS)
def test_v1_serves_m2_and_m5(cluster: str) -> None:
    atlas = Atlas()
    answer = atlas.get(_tenant_path(atlas, cluster), version="")
    assert answer.headers["Content-Type"] == "application/json"
    results = answer.json()["results"]
    assert len(results) == 8
    assert atlas.get(_tenant_path(atlas, cluster, results[0]["id"]), version="").json() == results[0]
    missing = atlas.get(_tenant_path(atlas, cluster, "0" * 24), version="")
    assert code(missing) == (404, "TENANT_SNAPSHOT_NOT_FOUND")


def test_retired_tenant_endpoint_answers_410() -> None:
    atlas = Atlas(retired=["tenant"])
    assert code(atlas.get(_tenant_path(atlas, "demo-m2"), version="")) == (410, "VERSION_GONE")
    assert atlas.get(atlas.snapshots("demo-replica")).status == 200


def test_m0_has_no_backups() -> None:
    atlas = Atlas()
    refusal = (400, "PROVIDER_BACKUP_NOT_SUPPORTED")
    assert code(atlas.get(_tenant_path(atlas, "demo-m0"), version="")) == refusal
    assert code(atlas.get(atlas.snapshots("demo-m0"))) == refusal
    assert code(atlas.get(atlas.snapshots("demo-m0", "/shardedClusters"))) == refusal


def test_m0_has_empty_lists_if_set() -> None:
    atlas = Atlas(tenant_list="empty")
    assert atlas.get(_tenant_path(atlas, "demo-m0"), version="").json()["results"] == []
    assert atlas.get(atlas.snapshots("demo-m0")).json()["results"] == []
    assert atlas.get(atlas.snapshots("demo-m0", "/shardedClusters")).json()["results"] == []
    assert code(atlas.take("demo-m0")) == (400, "PROVIDER_BACKUP_NOT_SUPPORTED")
    assert code(atlas.poll("demo-m0", "0" * 24)) == (400, "PROVIDER_BACKUP_NOT_SUPPORTED")
    one = atlas.get(_tenant_path(atlas, "demo-m0", "0" * 24), version="")
    assert code(one) == (400, "PROVIDER_BACKUP_NOT_SUPPORTED")


@pytest.mark.parametrize("cluster", TENANTS)
def test_dedicated_endpoints_refuse_tenants(cluster: str) -> None:
    assert code(Atlas().get(Atlas().snapshots(cluster))) == (400, "PROVIDER_BACKUP_NOT_SUPPORTED")


@pytest.mark.parametrize("cluster", ["demo-m0", "demo-m2", "demo-m5"])
@pytest.mark.parametrize("rest", ["", "/shardedClusters", f"/{'0' * 24}", f"/shardedCluster/{'0' * 24}"])
def test_each_family_refers_a_tenant_to_the_other_if_set(cluster: str, rest: str) -> None:
    atlas = Atlas(tenant_code="INCORRECT_BACKUP_API_ENDPOINT")
    answer = atlas.get(atlas.snapshots(cluster, rest))
    assert code(answer) == (400, "INCORRECT_BACKUP_API_ENDPOINT")
    assert answer.json()["detail"].endswith("use /backup/tenant/snapshots.")
    assert code(atlas.take(cluster)) == (400, "INCORRECT_BACKUP_API_ENDPOINT")


def test_every_endpoint_refers_an_m0_elsewhere_if_set() -> None:
    atlas = Atlas(tenant_code="INCORRECT_BACKUP_API_ENDPOINT")
    answer = atlas.get(_tenant_path(atlas, "demo-m0"), version="")
    assert code(answer) == (400, "INCORRECT_BACKUP_API_ENDPOINT")
    assert answer.json()["detail"].endswith("use /backup/snapshots.")


@pytest.mark.parametrize("cluster", ["demo-replica", "demo-sharded", "demo-m0", "demo-m2"])
def test_flex_endpoints_refuse_other_clusters(cluster: str) -> None:
    atlas = Atlas()
    for rest in ("", "/backup/snapshots", f"/backup/snapshots/{'0' * 24}"):
        answer = atlas.get(f"{atlas.group}/flexClusters/{cluster}{rest}", version=FLEX)
        assert code(answer) == (400, "CANNOT_USE_NON_FLEX_CLUSTER_IN_FLEX_API")
        assert answer.json()["detail"] == f"Cannot use non-flex cluster {cluster} in the flex API."


@pytest.mark.parametrize("rest", ["", "/shardedClusters", f"/{'0' * 24}", f"/shardedCluster/{'0' * 24}"])
def test_cluster_endpoints_refuse_flex_clusters(rest: str) -> None:
    answer = Atlas().get(Atlas().snapshots("demo-flex", rest))
    assert code(answer) == (400, "CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API")


@pytest.mark.parametrize(
    ("cluster", "expected"),
    [
        ("demo-replica", (400, "INCORRECT_BACKUP_API_ENDPOINT")),
        ("demo-flex", (400, "CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API")),
        ("nosuch", (404, "CLUSTER_NOT_FOUND")),
    ],
)
def test_tenant_endpoint_refuses_other_clusters(cluster: str, expected: tuple[int, str]) -> None:
    assert code(Atlas().get(_tenant_path(Atlas(), cluster), version="")) == expected


def _flex_path(atlas: Atlas, snapshot_id: str = "") -> str:
    return f"{atlas.group}/flexClusters/demo-flex/backup/snapshots" + (f"/{snapshot_id}" if snapshot_id else "")


def _tenant_path(atlas: Atlas, cluster: str, snapshot_id: str = "") -> str:
    path = f"{atlas.group_v1}/clusters/{cluster}/backup/tenant/snapshots"
    return path + (f"/{snapshot_id}" if snapshot_id else "")


def _flex(atlas: Atlas) -> list[dict[str, Any]]:
    results: list[dict[str, Any]] = atlas.get(_flex_path(atlas), version=FLEX).json()["results"]
    return results
