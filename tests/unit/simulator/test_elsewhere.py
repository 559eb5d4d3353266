# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The fault wrong_document: answers about another snapshot, cluster or project than requested."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mongodb_atlas.backup.tests.simulator.demo import DEMO_PROJECT_ID
from ansible_collections.mongodb_atlas.backup.tests.simulator.messages import Response
from ansible_collections.mongodb_atlas.backup.tests.unit.simulator.support import CLUSTERS, FLEX, GROUPS, Atlas, code

OTHERS = ["older", "cluster", "project"]


@pytest.mark.parametrize("history_days", [0, 7])
@pytest.mark.parametrize("cluster", ["demo-replica", "demo-sharded"])
@pytest.mark.parametrize("of", OTHERS)
def test_poll_answers_another_completed_snapshot_while_the_requested_one_runs(
    cluster: str, of: str, history_days: int
) -> None:
    atlas = Atlas(history_days=history_days)
    ours = atlas.take(cluster, description="Before maintenance").json()["id"]
    right_path = atlas.snapshots(cluster, f"/shardedCluster/{ours}" if cluster == "demo-sharded" else f"/{ours}")
    right = atlas.get(right_path)
    struck = _struck(atlas, of, right_path)
    assert (struck.status, struck.headers["Content-Type"]) == (200, right.headers["Content-Type"])
    assert struck.json()["id"] != ours
    assert struck.json()["status"] == "completed"
    assert struck.json()["createdAt"] < "2026-03-01T12:00:00Z"
    assert set(struck.json()) >= set(right.json()) - {"description"}
    assert atlas.get(right_path).json() == right.json()


def test_other_snapshot_is_the_newest_one() -> None:
    atlas = Atlas()
    older = atlas.finished()
    ours = atlas.finished()
    assert _struck(atlas, "older", atlas.snapshots("demo-replica", f"/{ours}")).json()["id"] == older


def test_other_snapshot_is_invented_with_the_same_description_if_none_exists() -> None:
    atlas = Atlas(history_days=0)
    ours = atlas.take(description="Before maintenance").json()["id"]
    path = atlas.snapshots("demo-replica", f"/{ours}")
    struck = _struck(atlas, "older", path).json()
    assert struck["description"] == "Before maintenance"
    assert _struck(atlas, "older", path).json() == struck
    assert [each["id"] for each in atlas.get(atlas.snapshots("demo-replica")).json()["results"]] == [ours]


@pytest.mark.parametrize("of", OTHERS)
def test_automatic_snapshot_is_another_one(of: str) -> None:
    atlas = Atlas()
    path = f"{atlas.group}/flexClusters/demo-flex/backup/snapshots"
    newest = atlas.get(path, version=FLEX).json()["results"][-1]
    struck = _struck(atlas, of, f"{path}/{newest['id']}", FLEX).json()
    assert struck["id"] != newest["id"]
    assert struck["status"] == "COMPLETED"


@pytest.mark.parametrize(
    ("of", "name", "is_other_project"),
    [
        ("older", "demo-replica-other", False),
        ("cluster", "demo-replica-other", False),
        ("project", "demo-replica", True),
    ],
)
def test_cluster_is_another_one(of: str, name: str, is_other_project: bool) -> None:
    atlas = Atlas()
    path = f"{atlas.group}/clusters/demo-replica"
    right, struck = atlas.get(path, version=CLUSTERS).json(), _struck(atlas, of, path, CLUSTERS).json()
    assert (struck["name"], struck["groupId"] != DEMO_PROJECT_ID) == (name, is_other_project)
    assert struck["id"] != right["id"]
    assert struck["clusterType"] == right["clusterType"]


@pytest.mark.parametrize("of", OTHERS)
def test_list_of_clusters_is_that_of_another_project(of: str) -> None:
    atlas = Atlas()
    right = atlas.get(f"{atlas.group}/clusters", version=CLUSTERS).json()["results"]
    struck = _struck(atlas, of, f"{atlas.group}/clusters", CLUSTERS).json()["results"]
    assert [each["name"] for each in struck if each["name"] != "demo-deleted"] == [each["name"] for each in right]
    assert DEMO_PROJECT_ID not in {each["groupId"] for each in struck}


@pytest.mark.parametrize("of", OTHERS)
def test_list_of_snapshots_is_that_of_another_cluster(of: str) -> None:
    atlas = Atlas()
    right, struck = atlas.get(atlas.snapshots("demo-replica")), _struck(atlas, of, atlas.snapshots("demo-replica"))
    assert struck.json()["totalCount"] == 1
    assert not {each["id"] for each in struck.json()["results"]} & {each["id"] for each in right.json()["results"]}


def test_project_by_name_is_another_one() -> None:
    atlas = Atlas()
    struck = _struck(atlas, "project", "/api/atlas/v2/groups/byName/Demo", GROUPS).json()
    assert struck["name"] == "Demo-other"
    assert struck["id"] != DEMO_PROJECT_ID


@pytest.mark.parametrize("of", OTHERS)
def test_take_is_executed_and_another_snapshot_is_answered(of: str) -> None:
    atlas = Atlas(history_days=0)
    atlas.service.faults.add({"kind": "wrong_document", "params": {"of": of}})
    struck = atlas.take()
    listed = atlas.get(atlas.snapshots("demo-replica")).json()["results"]
    assert struck.status == 200
    assert len(listed) == 1
    assert struck.json()["id"] != listed[0]["id"]


@pytest.mark.parametrize("of", OTHERS)
def test_retention_is_changed_and_another_snapshot_is_answered(of: str) -> None:
    atlas = Atlas()
    ours = atlas.finished()
    atlas.service.faults.add({"kind": "wrong_document", "params": {"of": of}})
    path = atlas.snapshots("demo-replica", f"/{ours}")
    struck = atlas.ask("PATCH", path, body={"retentionUnit": "DAYS", "retentionValue": 99})
    assert struck.json()["id"] != ours
    assert atlas.get(path).json()["expiresAt"].startswith("2026-06-08")


@pytest.mark.parametrize("of", OTHERS)
@pytest.mark.parametrize("kind", ["dedicated", "flex"])
def test_restore_job_is_another_completed_one_while_the_requested_one_runs(kind: str, of: str) -> None:
    atlas = Atlas()
    if kind == "flex":
        right = atlas.flex_restore().json()
        struck = _struck(atlas, of, atlas.flex_jobs(f"/{right['id']}"), FLEX).json()
        assert (right["status"], struck["status"]) == ("PENDING", "COMPLETED")
    else:
        right = atlas.restore(atlas.finished()).json()
        struck = _struck(atlas, of, atlas.jobs(rest=f"/{right['id']}")).json()
        assert ("finishedAt" in right, "finishedAt" in struck) == (False, True)
    assert struck["id"] != right["id"]
    assert struck["snapshotId"] == right["snapshotId"]


@pytest.mark.parametrize("of", OTHERS)
def test_restore_is_started_and_another_job_is_answered(of: str) -> None:
    atlas = Atlas()
    snapshot_id = atlas.finished()
    atlas.service.faults.add({"kind": "wrong_document", "match": {"step": "restore"}, "params": {"of": of}})
    struck = atlas.restore(snapshot_id).json()
    listed = atlas.get(atlas.jobs()).json()["results"]
    assert len(listed) == 1
    assert struck["id"] != listed[0]["id"]


def test_request_without_another_document_is_answered_normally() -> None:
    atlas = Atlas()
    ours = atlas.finished()
    atlas.service.faults.add({"kind": "wrong_document", "times": None})
    assert atlas.ask("DELETE", atlas.snapshots("demo-replica", f"/{ours}")).status == 204
    assert atlas.get("/api/atlas/v2/groups", version=GROUPS).json()["totalCount"] == 3
    unknown = atlas.get(f"{atlas.group}/clusters/nosuch", version=CLUSTERS)
    assert code(unknown) == (404, "CLUSTER_NOT_FOUND")


def test_unknown_choice_is_refused() -> None:
    with pytest.raises(ValueError, match="of must be one of older, cluster, project"):
        Atlas().service.faults.add({"kind": "wrong_document", "params": {"of": "world"}})


def _struck(atlas: Atlas, of: str, path: str, version: str = "2023-01-01") -> Response:
    order: dict[str, Any] = {"kind": "wrong_document", "params": {"of": of}}
    atlas.service.faults.add(order)
    return atlas.get(path, version=version)
