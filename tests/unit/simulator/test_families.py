# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Replica sets and sharded clusters on their own endpoints, and on each other's."""

from __future__ import annotations

import pytest

from ansible_collections.mongodb_atlas.backup.tests.unit.simulator.support import Atlas, code

SHARDED = ["demo-sharded", "demo-geo"]


@pytest.mark.parametrize("cluster", SHARDED)
def test_sharded_snapshot_has_members_and_their_ids(cluster: str) -> None:
    atlas = Atlas()
    taken = atlas.take(cluster).json()
    assert taken["type"] == "shardedCluster"
    assert taken["snapshotIds"] == [each["id"] for each in taken["members"]]
    assert {each["replicaSetName"] for each in taken["members"]} == {"config-0", "shard-0", "shard-1"}
    assert {each["cloudProvider"] for each in taken["members"]} == {"AWS"}
    assert not set(taken) & {"replicaSetName", "copyRegions", "cloudProvider"}


@pytest.mark.parametrize("cluster", SHARDED)
def test_sharded_endpoints_serve_sharded_clusters(cluster: str) -> None:
    atlas = Atlas()
    snapshot_id = atlas.finished(cluster)
    got = atlas.get(atlas.snapshots(cluster, f"/shardedCluster/{snapshot_id}")).json()
    assert got["status"] == "completed"
    assert got["createdAt"]
    listed = atlas.get(atlas.snapshots(cluster, "/shardedClusters")).json()
    assert got in listed["results"]
    assert listed["totalCount"] == 10
    assert atlas.ask("DELETE", atlas.snapshots(cluster, f"/shardedCluster/{snapshot_id}")).status == 204
    assert code(atlas.get(atlas.snapshots(cluster, f"/shardedCluster/{snapshot_id}"))) == (404, "SNAPSHOT_NOT_FOUND")


def test_v1_serves_sharded_clusters_too() -> None:
    atlas = Atlas()
    path = f"{atlas.group_v1}/clusters/demo-sharded/backup/snapshots"
    taken = atlas.ask("POST", path, version="", body={}).json()
    assert taken["type"] == "shardedCluster"
    assert atlas.get(f"{path}/shardedCluster/{taken['id']}", version="").json() == taken
    assert taken in atlas.get(f"{path}/shardedClusters", version="").json()["results"]


def test_answer_to_take_can_have_the_replica_set_type() -> None:
    atlas = Atlas(sharded_post_type="replicaSet")
    taken = atlas.take("demo-sharded").json()
    assert taken["type"] == "replicaSet"
    assert "members" not in taken
    own = atlas.get(atlas.snapshots("demo-sharded", f"/shardedCluster/{taken['id']}")).json()
    assert own["type"] == "shardedCluster"


@pytest.mark.parametrize(
    ("mode", "listed", "got", "deleted"),
    [
        ("answers", None, None, (404, "SNAPSHOT_NOT_FOUND")),
        ("empty", None, (404, "SNAPSHOT_NOT_FOUND"), (404, "SNAPSHOT_NOT_FOUND")),
        (
            "not_found",
            (404, "RESOURCE_NOT_FOUND"),
            (404, "SNAPSHOT_NOT_FOUND"),
            (404, "SNAPSHOT_NOT_FOUND"),
        ),
        (
            "incorrect_endpoint",
            (400, "INCORRECT_BACKUP_API_ENDPOINT"),
            (400, "INCORRECT_BACKUP_API_ENDPOINT"),
            (400, "INCORRECT_BACKUP_API_ENDPOINT"),
        ),
    ],
)
def test_sharded_cluster_on_replica_set_endpoints_answers_as_set(
    mode: str, listed: tuple[int, str] | None, got: tuple[int, str] | None, deleted: tuple[int, str]
) -> None:
    atlas = Atlas(sharded_on_replica_set_address=mode)
    snapshot_id = atlas.finished("demo-sharded")
    the_list = atlas.get(atlas.snapshots("demo-sharded"))
    one = atlas.poll("demo-sharded", snapshot_id)
    assert the_list.json()["results"] == [] if listed is None else code(the_list) == listed
    assert one.json()["id"] == snapshot_id if got is None else code(one) == got
    assert not set(one.json()) & {"members", "snapshotIds"}
    assert code(atlas.ask("DELETE", atlas.snapshots("demo-sharded", f"/{snapshot_id}"))) == deleted


@pytest.mark.parametrize(
    ("mode", "listed", "got"),
    [
        ("empty", None, (404, "SNAPSHOT_NOT_FOUND")),
        ("not_found", (404, "RESOURCE_NOT_FOUND"), (404, "SNAPSHOT_NOT_FOUND")),
        ("incorrect_endpoint", (400, "INCORRECT_BACKUP_API_ENDPOINT"), (400, "INCORRECT_BACKUP_API_ENDPOINT")),
    ],
)
def test_replica_set_on_sharded_endpoints_answers_as_set(
    mode: str, listed: tuple[int, str] | None, got: tuple[int, str]
) -> None:
    atlas = Atlas(replica_set_on_sharded_address=mode)
    one = atlas.snapshots("demo-replica", f"/shardedCluster/{atlas.finished()}")
    the_list = atlas.get(atlas.snapshots("demo-replica", "/shardedClusters"))
    assert the_list.json()["results"] == [] if listed is None else code(the_list) == listed
    assert code(atlas.get(one)) == got
    assert code(atlas.ask("DELETE", one)) == got


def test_wrong_endpoint_names_the_right_one() -> None:
    atlas = Atlas(sharded_on_replica_set_address="incorrect_endpoint")
    assert "/backup/snapshots/shardedClusters" in atlas.get(atlas.snapshots("demo-sharded")).json()["detail"]
    assert "use /backup/snapshots." in atlas.get(atlas.snapshots("demo-replica", "/shardedClusters")).json()["detail"]


def test_part_of_a_sharded_snapshot_cannot_be_deleted_or_changed() -> None:
    atlas = Atlas()
    taken = atlas.take("demo-sharded").json()
    atlas.moment += 10
    for part in taken["snapshotIds"]:
        for address in ("/", "/shardedCluster/"):
            deleted = atlas.ask("DELETE", atlas.snapshots("demo-sharded", f"{address}{part}"))
            assert code(deleted) == (403, "CANNOT_DELETE_FROM_CLUSTER_SNAPSHOT")
        body = {"retentionUnit": "DAYS", "retentionValue": 9}
        changed = atlas.ask("PATCH", atlas.snapshots("demo-sharded", f"/{part}"), body=body)
        assert code(changed) == (403, "CANNOT_MODIFY_CLUSTER_SNAPSHOT")
