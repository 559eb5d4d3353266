# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The state of a restore job follows from the clock: dedicated jobs show it by flags, flex jobs by a word."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mongodb_atlas.backup.tests.simulator.demo import DRILL_PROJECT_ID as DRILL
from ansible_collections.mongodb_atlas.backup.tests.simulator.restores import OUTCOMES
from ansible_collections.mongodb_atlas.backup.tests.unit.simulator.support import FLEX, START, Atlas, code

ALWAYS = {
    "cancelled",
    "deliveryType",
    "deliveryUrl",
    "desiredTimestamp",
    "expired",
    "failed",
    "id",
    "links",
    "snapshotId",
    "targetClusterName",
    "targetDeploymentItemName",
    "targetGroupId",
    "timestamp",
}
FLAGS = ("failed", "cancelled", "expired")


def test_unfinished_job_has_no_status_and_no_finished_at() -> None:
    atlas = Atlas(restore_queued_seconds=1, restore_seconds=4)
    job = atlas.restore(atlas.finished())
    started = atlas.moment
    assert job.status == 200
    assert set(job.json()) == ALWAYS
    for seconds in (0, 0.9, 1, 4.9):
        atlas.moment = started + seconds
        assert atlas.get(atlas.jobs(rest=f"/{job.json()['id']}")).json() == job.json()
    atlas.moment = started + 5
    done = atlas.get(atlas.jobs(rest=f"/{job.json()['id']}")).json()
    assert done == {**job.json(), "finishedAt": "2026-03-01T12:00:15Z"}
    assert not any(done[flag] for flag in FLAGS)


def test_job_shows_the_time_of_its_snapshot_and_its_own_in_the_id() -> None:
    atlas = Atlas(job_clock_ahead_seconds=1)
    snapshot_id = atlas.finished()
    job = atlas.restore(snapshot_id).json()
    assert job["timestamp"] == atlas.poll("demo-replica", snapshot_id).json()["createdAt"]
    assert int(job["id"][:8], 16) == int(atlas.moment) + 1
    assert job["desiredTimestamp"] == {"date": None, "increment": None, "time": None}
    assert f"replicaSet={job['targetDeploymentItemName']}-shard-0" in atlas.cluster()["connectionStrings"]["standard"]


@pytest.mark.parametrize("finished", [True, False])
@pytest.mark.parametrize("outcome", FLAGS)
def test_job_without_success_has_a_flag(outcome: str, finished: bool) -> None:
    atlas = Atlas(restore_outcome=outcome, flags_have_finished_at=finished)
    job = _ended(atlas)
    assert {flag: job[flag] for flag in FLAGS} == {flag: flag == outcome for flag in FLAGS}
    assert ("finishedAt" in job) is finished


def test_durations_can_be_set_per_target() -> None:
    own = {"demo-geo": {"restore_outcome": "failed", "restore_seconds": 100, "restore_queued_seconds": 0}}
    atlas = Atlas(clusters=own)
    snapshot_id = atlas.finished("demo-sharded")
    job = atlas.restore(snapshot_id, "demo-sharded", targetClusterName="demo-geo").json()
    atlas.moment += 99
    assert atlas.get(atlas.jobs("demo-sharded", f"/{job['id']}")).json()["failed"] is False
    atlas.moment += 1
    assert atlas.get(atlas.jobs("demo-sharded", f"/{job['id']}")).json()["failed"] is True


def test_sharded_snapshot_can_omit_its_config_servers() -> None:
    atlas = Atlas(config_server_member=False, snapshot_config_server_type=False)
    snapshot_id = atlas.finished("demo-sharded")
    snapshot = atlas.get(atlas.snapshots("demo-sharded", f"/shardedCluster/{snapshot_id}")).json()
    assert [member["replicaSetName"] for member in snapshot["members"]] == ["shard-0", "shard-1"]
    assert "configServerType" not in snapshot
    assert atlas.restore(snapshot_id, "demo-sharded").status == 200
    refused = atlas.restore(snapshot_id, "demo-sharded", targetGroupId=DRILL, targetClusterName="drill-config-servers")
    assert code(refused) == (409, "RESTORE_INITIATION_FAILED")


def test_sharded_snapshot_shows_its_config_servers() -> None:
    atlas = Atlas()
    snapshot_id = atlas.finished("demo-sharded")
    snapshot = atlas.get(atlas.snapshots("demo-sharded", f"/shardedCluster/{snapshot_id}")).json()
    assert [member["replicaSetName"] for member in snapshot["members"]] == ["config-0", "shard-0", "shard-1"]
    assert snapshot["configServerType"] == atlas.cluster("demo-sharded")["configServerType"] == "EMBEDDED"


@pytest.mark.parametrize("shown", [True, False])
def test_sharded_job_lists_its_components_if_set(shown: bool) -> None:
    atlas = Atlas(sharded_job_components=shown)
    job = atlas.restore(atlas.finished("demo-sharded"), "demo-sharded").json()
    names = [{"replicaSetName": name} for name in ("config-0", "shard-0", "shard-1")]
    assert job.get("components") == (names if shown else None)
    assert any("/snapshots/shardedCluster/" in link["href"] for link in job["links"])


def test_flex_job_has_a_status_word_for_each_stage() -> None:
    atlas = Atlas(restore_queued_seconds=1, restore_seconds=4)
    job = atlas.flex_restore().json()
    words = []
    for seconds in (0, 1, 4.9, 5):
        atlas.moment = START + seconds
        seen = atlas.get(atlas.flex_jobs(f"/{job['id']}"), version=FLEX).json()
        words.append((seen["status"], seen.get("restoreFinishedDate")))
    assert words == [("PENDING", None), ("RUNNING", None), ("RUNNING", None), ("COMPLETED", "2026-03-01T12:00:05Z")]
    assert (job["instanceName"], job["deliveryType"]) == ("demo-flex", "RESTORE")
    assert job["restoreScheduledDate"] == "2026-03-01T12:00:00Z"


def test_flex_job_was_scheduled_at_the_time_in_its_id() -> None:
    job = Atlas(job_clock_ahead_seconds=1).flex_restore().json()
    assert job["restoreScheduledDate"] == "2026-03-01T12:00:01Z"
    assert int(job["id"][:8], 16) == START + 1


def test_moving_the_clock_moves_the_end_of_a_flex_snapshot_along() -> None:
    atlas = Atlas()
    job = atlas.flex_restore().json()
    atlas.service.configure({"clock_offset_seconds": 500})
    listed = atlas.get(f"{atlas.group}/flexClusters/demo-flex/backup/snapshots", version=FLEX).json()["results"]
    shown = atlas.get(atlas.flex_jobs(f"/{job['id']}"), version=FLEX).json()
    assert shown["snapshotFinishedDate"] == listed[0]["finishTime"]


def test_flex_job_can_fail() -> None:
    atlas = Atlas(restore_outcome="failed")
    job = atlas.flex_restore().json()
    atlas.moment += 10
    assert atlas.get(atlas.flex_jobs(f"/{job['id']}"), version=FLEX).json()["status"] == "FAILED"


def test_download_has_a_url_until_it_expires() -> None:
    atlas = Atlas(restore_queued_seconds=1, restore_seconds=4, download_seconds=60)
    job = atlas.restore(atlas.finished(), deliveryType="download", targetGroupId=None, targetClusterName=None).json()
    started = atlas.moment
    assert not {"targetClusterName", "targetGroupId", "targetDeploymentItemName"} & set(job)
    seen = []
    for seconds in (4.9, 5, 64.9, 65):
        atlas.moment = started + seconds
        now = atlas.get(atlas.jobs(rest=f"/{job['id']}")).json()
        seen.append((len(now["deliveryUrl"]), "finishedAt" in now, now["expired"]))
    assert seen == [(0, False, False), (1, False, False), (1, False, False), (0, True, True)]


def test_download_can_be_cancelled_but_a_restore_cannot() -> None:
    atlas = Atlas()
    snapshot_id = atlas.finished()
    job = atlas.restore(snapshot_id, deliveryType="download", targetGroupId=None, targetClusterName=None).json()
    assert atlas.ask("DELETE", atlas.jobs(rest=f"/{job['id']}")).status == 204
    assert atlas.get(atlas.jobs(rest=f"/{job['id']}")).json()["cancelled"] is True
    job = atlas.restore(snapshot_id).json()
    refused = atlas.ask("DELETE", atlas.jobs(rest=f"/{job['id']}"))
    assert code(refused) == (400, "CANNOT_CANCEL_AUTOMATED_RESTORE")


def test_sharded_download_has_a_url_for_each_component() -> None:
    atlas = Atlas()
    body = {"deliveryType": "download", "targetGroupId": None, "targetClusterName": None}
    job = atlas.restore(atlas.finished("demo-sharded"), "demo-sharded", **body).json()
    atlas.moment += 10
    job = atlas.get(atlas.jobs("demo-sharded", f"/{job['id']}")).json()
    assert job["deliveryUrl"] == [each["downloadUrl"] for each in job["components"]]


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_moving_the_clock_moves_a_job_along(outcome: str) -> None:
    atlas = Atlas(restore_outcome=outcome, restore_queued_seconds=1, restore_seconds=4)
    job = atlas.restore(atlas.finished()).json()
    atlas.moment += 4.9
    atlas.service.configure({"clock_offset_seconds": 500})
    before = atlas.get(atlas.jobs(rest=f"/{job['id']}")).json()
    atlas.moment += 0.1
    after = atlas.get(atlas.jobs(rest=f"/{job['id']}")).json()
    assert "finishedAt" not in before
    assert after["finishedAt"] == "2026-03-01T12:08:35Z"
    assert after["timestamp"] == atlas.poll("demo-replica", job["snapshotId"]).json()["createdAt"]


def _ended(atlas: Atlas, **body: Any) -> dict[str, Any]:
    job = atlas.restore(atlas.finished(), **body).json()
    atlas.moment += 10
    document: dict[str, Any] = atlas.get(atlas.jobs(rest=f"/{job['id']}")).json()
    return document
