# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Refused restores: the reasons, and that no job is started."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.mongodb_atlas.backup.tests.simulator.demo import OTHER_PROJECT_ID
from ansible_collections.mongodb_atlas.backup.tests.simulator.messages import Response
from ansible_collections.mongodb_atlas.backup.tests.simulator.world import remove_snapshot
from ansible_collections.mongodb_atlas.backup.tests.unit.simulator.support import START, Atlas, code

BUSY = ["CLUSTER_RESTORE_IN_PROGRESS_CANNOT_UPDATE", "ATLAS_CLUSTER_RESTORE_IN_PROGRESS"]
STATUS = {BUSY[0]: 400, BUSY[1]: 409}


def restore_dedicated(atlas: Atlas, **body: Any) -> Response:
    return atlas.restore(atlas.finished(), **body)


DEDICATED, FLEX = restore_dedicated, Atlas.flex_restore


@pytest.mark.parametrize(
    ("restore", "body", "refusal"),
    [
        (DEDICATED, {"deliveryType": None}, (400, "MISSING_ATTRIBUTE")),
        (DEDICATED, {"deliveryType": "carrier pigeon"}, (400, "VALIDATION_ERROR")),
        (DEDICATED, {"snapshotId": None}, (400, "MISSING_ATTRIBUTE")),
        (DEDICATED, {"targetGroupId": None}, (400, "MISSING_ATTRIBUTE")),
        (DEDICATED, {"targetClusterName": None}, (400, "MISSING_ATTRIBUTE")),
        (DEDICATED, {"targetClusterName": 5}, (400, "VALIDATION_ERROR")),
        (DEDICATED, {"speed": 1}, (400, "INVALID_ATTRIBUTE")),
        (DEDICATED, {"snapshotId": "0" * 24}, (404, "SNAPSHOT_NOT_FOUND")),
        (DEDICATED, {"snapshotId": "nonsense"}, (404, "INVALID_SNAPSHOT_ID")),
        (DEDICATED, {"targetClusterName": "nosuch"}, (404, "CLUSTER_NOT_FOUND")),
        (DEDICATED, {"targetClusterName": "demo-deleted"}, (404, "CLUSTER_NOT_FOUND")),
        (DEDICATED, {"targetGroupId": "1" * 24}, (404, "GROUP_NOT_FOUND")),
        (DEDICATED, {"targetGroupId": "x"}, (400, "INVALID_GROUP_ID")),
        (DEDICATED, {"targetClusterName": "demo-paused"}, (400, "CLUSTER_PAUSED_CANNOT_RESTORE")),
        (DEDICATED, {"targetClusterName": "demo-flex"}, (400, "CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API")),
        (DEDICATED, {"targetClusterName": "demo-m2"}, (400, "PROVIDER_BACKUP_NOT_SUPPORTED")),
        (DEDICATED, {"targetClusterName": "demo-sharded"}, (409, "RESTORE_INITIATION_FAILED")),
        (FLEX, {"snapshotId": None}, (400, "MISSING_ATTRIBUTE")),
        (FLEX, {"targetProjectId": None}, (400, "MISSING_ATTRIBUTE")),
        (FLEX, {"targetDeploymentItemName": None}, (400, "MISSING_ATTRIBUTE")),
        (FLEX, {"deliveryType": "RESTORE"}, (400, "INVALID_ATTRIBUTE")),
        (FLEX, {"snapshotId": "0" * 24}, (404, "SNAPSHOT_NOT_FOUND")),
        (FLEX, {"snapshotId": "x"}, (404, "INVALID_SNAPSHOT_ID")),
        (FLEX, {"targetDeploymentItemName": "nosuch"}, (404, "CLUSTER_NOT_FOUND")),
        (FLEX, {"targetProjectId": "1" * 24}, (404, "GROUP_NOT_FOUND")),
        (FLEX, {"targetDeploymentItemName": "demo-m5"}, (400, "TENANT_RESTORE_INCOMPATIBLE_TOPOLOGY")),
        (FLEX, {"targetDeploymentItemName": "demo-sharded"}, (400, "TENANT_RESTORE_INCOMPATIBLE_TOPOLOGY")),
        (FLEX, {"targetDeploymentItemName": "demo-paused"}, (400, "CLUSTER_PAUSED_CANNOT_RESTORE")),
    ],
)
def test_invalid_body_is_refused(
    restore: Callable[..., Response], body: dict[str, Any], refusal: tuple[int, str]
) -> None:
    atlas = Atlas()
    assert code(restore(atlas, **body)) == refusal
    assert _jobs(atlas) == []


@pytest.mark.parametrize("busy_code", BUSY)
def test_second_restore_into_a_target_is_refused_until_the_first_ends(busy_code: str) -> None:
    atlas = Atlas(busy_target_code=busy_code, restore_queued_seconds=1, restore_seconds=4)
    snapshot_id = atlas.finished()
    atlas.restore(snapshot_id)
    atlas.moment += 4.9
    assert code(atlas.restore(snapshot_id)) == (STATUS[busy_code], busy_code)
    atlas.moment += 0.1
    assert atlas.restore(snapshot_id).status == 200


def test_snapshot_that_is_not_completed_is_refused() -> None:
    atlas = Atlas()
    refusal = (400, "CANNOT_START_RESTORE_JOB_FOR_INCOMPLETE_CLUSTER_SNAPSHOT")
    assert code(atlas.restore(atlas.take().json()["id"])) == refusal
    atlas = Atlas(outcome="failed")
    assert code(atlas.restore(atlas.finished())) == refusal


@pytest.mark.parametrize(
    ("setting", "status"), [("SNAPSHOT_NOT_FOUND", 404), ("CANNOT_START_RESTORE_JOB_FOR_DELETED_SNAPSHOT", 409)]
)
def test_deleted_and_expired_snapshots_are_refused_as_set(setting: str, status: int) -> None:
    atlas = Atlas(deleted_snapshot_code=setting)
    deleted, expired = atlas.finished(), atlas.finished(retentionInDays=1)
    remove_snapshot(_kept(atlas, "demo-replica"), deleted)
    atlas.moment += 86400
    assert code(atlas.restore(deleted)) == (status, setting)
    assert code(atlas.restore(expired)) == (status, setting)


def test_part_of_a_sharded_snapshot_is_refused() -> None:
    atlas = Atlas()
    atlas.finished("demo-sharded")
    member = _kept(atlas, "demo-sharded").snapshots[-1].members[0]
    refused = atlas.restore(member.id, "demo-sharded")
    assert code(refused) == (400, "AUTOMATED_RESTORE_OF_SHARD_NOT_ALLOWED")


def test_job_posted_under_another_cluster_is_accepted_but_not_listed_there() -> None:
    atlas = Atlas()
    snapshot_id = atlas.finished()
    job = atlas.restore(snapshot_id, "demo-geo", targetClusterName="demo-replica")
    assert job.status == 200
    assert code(atlas.get(atlas.jobs("demo-geo", f"/{job.json()['id']}"))) == (404, "RESTORE_JOB_NOT_FOUND")
    assert _jobs(atlas, "demo-geo") == []
    assert _jobs(atlas) == [job.json()["id"]]


def test_job_posted_under_another_cluster_is_refused_if_set() -> None:
    atlas = Atlas(foreign_snapshot="refused")
    refused = atlas.restore(atlas.finished(), "demo-geo", targetClusterName="demo-replica")
    assert code(refused) == (404, "SNAPSHOT_NOT_FOUND")


def test_caller_needs_a_role_in_the_target_project() -> None:
    atlas = Atlas()
    other = f"/api/atlas/v2/groups/{OTHER_PROJECT_ID}/clusters/other-replica/backup"
    taken = atlas.ask("POST", f"{other}/snapshots", body={}, role="outsider").json()["id"]
    atlas.moment += 10
    body = {"deliveryType": "automated", "snapshotId": taken, "targetClusterName": "demo-replica"}
    body["targetGroupId"] = atlas.group.rpartition("/")[2]
    refused = atlas.ask("POST", f"{other}/restoreJobs", body=body, role="outsider")
    assert code(refused) == (403, "CANNOT_RESTORE_TO_TARGET")
    assert atlas.ask("POST", f"{other}/restoreJobs", body=body).status == 200
    body.update(targetGroupId=OTHER_PROJECT_ID, targetClusterName="other-replica")
    assert atlas.ask("POST", f"{other}/restoreJobs", body=body, role="outsider").status == 200


def test_closed_project_refuses_every_restore() -> None:
    atlas = Atlas(closed_targets=["Other"])
    body = {"targetGroupId": OTHER_PROJECT_ID, "targetClusterName": "other-replica"}
    assert code(atlas.restore(atlas.finished(), **body)) == (403, "CANNOT_RESTORE_TO_TARGET")


@pytest.mark.parametrize("role", ["backup_manager", "owner"])
def test_backup_manager_and_owner_may_restore(role: str) -> None:
    atlas = Atlas()
    assert atlas.restore(atlas.finished(), role=role).status == 200


def test_reader_may_not_restore() -> None:
    atlas = Atlas()
    assert code(atlas.restore(atlas.finished(), role="read_only")) == (401, "USER_UNAUTHORIZED")


# Properties of a target that do not fit the snapshot of each source.
MISFITS = [
    ("demo-replica", {"topology": "SHARDED", "instance_size": "M30"}),
    ("demo-replica", {"mongodb_version": "7.0.14"}),
    ("demo-sharded", {}),
    ("demo-sharded", {"topology": "SHARDED", "instance_size": "M30", "shards": 3}),
    ("demo-sharded", {"topology": "SHARDED", "instance_size": "M30", "config_server_type": "DEDICATED"}),
    ("demo-sharded", {"topology": "SHARDED", "instance_size": "M30", "mongodb_version": "7.0.14"}),
]
FITS = [
    ("demo-replica", {"mongodb_version": "8.0.1"}),
    ("demo-replica", {"mongodb_version": "10.0.1"}),
    ("demo-sharded", {"topology": "GEOSHARDED", "instance_size": "M30"}),
]


@pytest.mark.parametrize(("source", "traits"), MISFITS)
def test_mismatched_target_is_refused(source: str, traits: dict[str, Any]) -> None:
    atlas = _with_target(**traits)
    refused = atlas.restore(atlas.finished(source), source, targetClusterName="target")
    assert code(refused) == (409, "RESTORE_INITIATION_FAILED")
    assert _jobs(atlas, source) == []


@pytest.mark.parametrize(("source", "traits"), MISFITS)
def test_mismatched_target_makes_the_job_fail_if_set(source: str, traits: dict[str, Any]) -> None:
    atlas = _with_target(**traits)
    atlas.service.configure({"restore_mismatch": "job_fails"})
    job = atlas.restore(atlas.finished(source), source, targetClusterName="target").json()
    atlas.moment += 10
    assert atlas.get(atlas.jobs(source, f"/{job['id']}")).json()["failed"] is True


@pytest.mark.parametrize(("source", "traits"), FITS)
def test_matching_target_is_restored(source: str, traits: dict[str, Any]) -> None:
    atlas = _with_target(**traits)
    job = atlas.restore(atlas.finished(source), source, targetClusterName="target").json()
    atlas.moment += 10
    assert atlas.get(atlas.jobs(source, f"/{job['id']}")).json()["failed"] is False


def test_snapshot_keeps_the_version_of_its_cluster() -> None:
    atlas = Atlas()
    snapshot_id = atlas.finished()
    _kept(atlas, "demo-replica").mongodb_version = "9.0.1"
    assert atlas.poll("demo-replica", snapshot_id).json()["mongodVersion"] == "8.0.29"
    newer = atlas.finished()
    _kept(atlas, "demo-replica").mongodb_version = "8.0.29"
    assert atlas.restore(snapshot_id).status == 200
    atlas.moment += 10
    assert code(atlas.restore(newer)) == (409, "RESTORE_INITIATION_FAILED")


@pytest.mark.parametrize("state", ["CREATING", "DELETING"])
def test_target_being_created_or_deleted_is_refused(state: str) -> None:
    atlas = _with_target(state=state)
    refused = atlas.restore(atlas.finished(), targetClusterName="target")
    assert code(refused) == (409, "RESTORE_INITIATION_FAILED")
    assert code(atlas.flex_restore(targetDeploymentItemName="target")) == (
        400,
        "TENANT_RESTORE_DESTINATION_UNAVAILABLE",
    )


def test_flex_snapshot_needs_a_replica_set_of_the_same_or_a_newer_version() -> None:
    assert Atlas().flex_restore(targetDeploymentItemName="demo-replica").status == 200
    atlas = _with_target(mongodb_version="7.0.1")
    refused = atlas.flex_restore(targetDeploymentItemName="target")
    assert code(refused) == (400, "TENANT_RESTORE_VERSION_MISMATCH")


def test_flex_target_refuses_a_second_restore() -> None:
    atlas = Atlas()
    assert atlas.flex_restore().status == 200
    assert code(atlas.flex_restore()) == (400, BUSY[0])


def test_running_flex_snapshot_is_refused() -> None:
    atlas = Atlas(clusters={"demo-flex": {"automatic_newest_status": "RUNNING"}})
    listed = atlas.get(f"{atlas.group}/flexClusters/demo-flex/backup/snapshots", version="2024-11-13").json()
    refused = atlas.flex_restore(snapshotId=listed["results"][-1]["id"])
    assert code(refused) == (400, "CANNOT_START_RESTORE_JOB_FOR_INCOMPLETE_CLUSTER_SNAPSHOT")


def _with_target(**traits: Any) -> Atlas:
    atlas = Atlas()
    project = atlas.service.world.find_project("Demo")
    atlas.service.world.add_cluster(project, "target", START, **traits)
    return atlas


def _kept(atlas: Atlas, name: str) -> Any:
    return atlas.service.world.find_cluster(name).cluster


def _jobs(atlas: Atlas, cluster: str = "demo-replica") -> list[str]:
    return [each["id"] for each in atlas.get(atlas.jobs(cluster)).json()["results"]]
