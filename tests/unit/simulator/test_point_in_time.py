# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Point-in-time restores: valid requests, the keys of the job, and the restored content."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mongodb_atlas.backup.tests.simulator.control import Control
from ansible_collections.mongodb_atlas.backup.tests.simulator.messages import Response
from ansible_collections.mongodb_atlas.backup.tests.unit.simulator.support import START, Atlas, code

DAY = 86400
AN_HOUR_AGO = int(START) - 3600
ALL = ["pointInTimeUTCSeconds", "oplogTs", "desiredTimestamp", "snapshotId", "timestamp"]
NOTHING = {"date": None, "increment": None, "time": None}


def test_point_in_time_replaces_the_snapshot_id() -> None:
    atlas = Atlas()
    job = _to_point(atlas, AN_HOUR_AGO)
    assert job.status == 200
    assert job.json()["deliveryType"] == "pointInTime"
    atlas.moment += 10
    assert "finishedAt" in atlas.get(atlas.jobs(rest=f"/{job.json()['id']}")).json()


@pytest.mark.parametrize("shown", [[], ALL, *[[each] for each in ALL]])
def test_keys_of_the_job_are_as_set(shown: list[str]) -> None:
    job = _to_point(Atlas(pit_job_shows=shown), AN_HOUR_AGO).json()
    assert ("pointInTimeUTCSeconds" in job) is ("pointInTimeUTCSeconds" in shown)
    assert ("snapshotId" in job) is ("snapshotId" in shown)
    assert ("timestamp" in job) is ("timestamp" in shown)
    assert (job["desiredTimestamp"] == NOTHING) is ("desiredTimestamp" not in shown)
    assert any("snapshots" in link["href"] for link in job["links"]) is ("snapshotId" in shown)


def test_operation_within_the_second_can_be_given() -> None:
    atlas = Atlas(pit_job_shows=ALL)
    job = _to_point(atlas, None, oplogTs=AN_HOUR_AGO, oplogInc=7).json()
    assert (job["oplogTs"], job["oplogInc"]) == (AN_HOUR_AGO, 7)
    assert job["desiredTimestamp"] == {"date": "2026-03-01T11:00:00Z", "increment": 7, "time": AN_HOUR_AGO}
    assert "pointInTimeUTCSeconds" not in job


@pytest.mark.parametrize(
    ("body", "refusal"),
    [
        ({}, "MISSING_ATTRIBUTE"),
        ({"oplogTs": AN_HOUR_AGO}, "MISSING_ATTRIBUTE"),
        ({"oplogInc": 1}, "MISSING_ATTRIBUTE"),
        ({"oplogTs": AN_HOUR_AGO, "oplogInc": 0}, "VALIDATION_ERROR"),
        ({"pointInTimeUTCSeconds": "yesterday"}, "VALIDATION_ERROR"),
        ({"pointInTimeUTCSeconds": 5}, "VALIDATION_ERROR"),
        ({"pointInTimeUTCSeconds": int(START) + 1}, "INVALID_PIT_RESTORE_TIME"),
        ({"pointInTimeUTCSeconds": int(START) * 1000}, "INVALID_PIT_RESTORE_TIME"),
        ({"pointInTimeUTCSeconds": int(START) - 8 * DAY}, "INVALID_PIT_RESTORE_TIME"),
    ],
)
def test_invalid_point_in_time_is_refused(body: dict[str, Any], refusal: str) -> None:
    assert code(_to_point(Atlas(), None, **body)) == (400, refusal)


def test_restore_window_can_be_set_for_one_cluster() -> None:
    atlas = Atlas(clusters={"demo-replica": {"restore_window_days": 2}})
    assert code(_to_point(atlas, int(START) - 3 * DAY)) == (400, "INVALID_PIT_RESTORE_TIME")
    assert _to_point(atlas, int(START) - DAY).status == 200


@pytest.mark.parametrize(
    ("setting", "status"), [("INVALID_PIT_RESTORE_TIME", 400), ("NO_CHECKPOINT_FOR_PIT_RESTORE", 409)]
)
def test_cluster_without_continuous_backup_is_refused(setting: str, status: int) -> None:
    atlas = Atlas(pit_off_code=setting)
    assert code(_to_point(atlas, AN_HOUR_AGO, "demo-geo")) == (status, setting)


def test_sharded_cluster_is_refused_if_set() -> None:
    for setting, expected in (("accepted", 200), ("refused", 400)):
        atlas = Atlas(pit_of_sharded=setting)
        atlas.service.world.find_cluster("demo-sharded").cluster.pit_enabled = True
        answer = _to_point(atlas, AN_HOUR_AGO, "demo-sharded")
        assert answer.status == expected
    assert code(answer)[1] == "PIT_RESTORE_ONLY_SUPPORTED_FOR_REPLICA_SETS"


def test_point_in_time_needs_an_earlier_snapshot() -> None:
    refused = _to_point(Atlas(history_days=0), AN_HOUR_AGO)
    assert code(refused) == (404, "UNABLE_T0_FIND_SNAPSHOT_PRIOR_TO_PIT_RESTORE_OPTIME")


def test_point_between_a_restore_and_the_next_snapshot_is_refused() -> None:
    atlas = Atlas()
    atlas.restore(atlas.finished())
    restored_at = int(atlas.moment)
    atlas.moment += 1000
    assert code(_to_point(atlas, restored_at + 500)) == (409, "NO_CHECKPOINT_FOR_PIT_RESTORE")
    assert _to_point(atlas, restored_at - 3600).status == 200
    atlas.finished()
    atlas.moment += 1000
    assert _to_point(atlas, int(atlas.moment) - 500).status == 200


def test_content_of_that_time_is_restored() -> None:
    atlas = Atlas()
    control = Control(lambda: atlas.moment)
    control.service = atlas.service
    for text in ("first", "second", "third"):
        control.restores.write({"cluster": "demo-replica", "text": text})
        atlas.moment += 60
    _to_point(atlas, int(START) + 60)
    atlas.moment += 10
    assert control.restores.contents()["demo-replica"]["text"] == "second"


def _to_point(atlas: Atlas, seconds: int | None, cluster: str = "demo-replica", **body: Any) -> Response:
    point = {"pointInTimeUTCSeconds": seconds} if seconds else {}
    body = {"deliveryType": "pointInTime", "snapshotId": None, **point, **body}
    return atlas.restore("", cluster, **body)
