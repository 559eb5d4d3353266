# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The life of a snapshot is as recorded, and follows from the clock only."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mongodb_atlas.backup.tests.unit.simulator.support import START, Atlas, code

# Seconds after the request (2 s queued, 4 s in progress), with the status and the keys recorded at that stage.
STAGES = [
    (0, "queued", set()),
    (1.9, "queued", set()),
    (2, "inProgress", set()),
    (2.3, "inProgress", {"mongodVersion"}),
    (4.2, "inProgress", {"mongodVersion", "cloudProvider"}),
    (5.9, "inProgress", {"mongodVersion", "cloudProvider"}),
    (6, "completed", {"mongodVersion", "cloudProvider", "createdAt"}),
]
LATE = {"mongodVersion", "cloudProvider", "createdAt"}
ALWAYS = {
    "copyRegions",
    "description",
    "expiresAt",
    "frequencyType",
    "id",
    "links",
    "policyItems",
    "replicaSetName",
    "snapshotType",
    "status",
    "storageSizeBytes",
    "type",
}


@pytest.mark.parametrize(("seconds", "status", "fields"), STAGES)
def test_keys_appear_as_recorded(seconds: float, status: str, fields: set[str]) -> None:
    atlas = Atlas()
    snapshot_id = atlas.take(description="x").json()["id"]
    atlas.moment = START + seconds
    document = atlas.poll("demo-replica", snapshot_id).json()
    assert document["status"] == status
    assert set(document) & LATE == fields
    assert set(document) - LATE == ALWAYS


def test_answer_to_take_equals_the_snapshot() -> None:
    atlas = Atlas()
    taken = atlas.take(description="x", retentionInDays=3)
    assert taken.status == 200
    assert taken.json() == atlas.poll("demo-replica", taken.json()["id"]).json()
    assert taken.json()["frequencyType"] == "ondemand"
    assert taken.json()["snapshotType"] == "onDemand"
    assert taken.json()["description"] == "x"


def test_snapshot_without_a_description_has_no_such_key() -> None:
    assert "description" not in Atlas().take().json()
    assert "description" not in Atlas().take(description=None).json()
    assert Atlas().take(description="").json()["description"] == ""


def test_expiry_counts_from_completion_once_completed() -> None:
    atlas = Atlas()
    taken = atlas.take(retentionInDays=1).json()
    assert taken["expiresAt"] == "2026-03-02T12:00:00Z"
    atlas.moment += 5.9
    assert atlas.poll("demo-replica", taken["id"]).json()["expiresAt"] == "2026-03-02T12:00:00Z"
    atlas.moment += 5
    done = atlas.poll("demo-replica", taken["id"]).json()
    assert done["expiresAt"] == "2026-03-02T12:00:06Z"
    assert done["createdAt"] == "2026-03-01T12:00:04Z"


def test_size_appears_at_completion_only() -> None:
    atlas = Atlas()
    taken = atlas.take().json()
    assert taken["storageSizeBytes"] == 0
    atlas.moment += 6
    assert atlas.poll("demo-replica", taken["id"]).json()["storageSizeBytes"] > 0


def test_snapshot_can_be_set_to_fail() -> None:
    atlas = Atlas(outcome="failed")
    document = atlas.poll("demo-replica", atlas.finished()).json()
    assert document["status"] == "failed"
    assert "createdAt" not in document
    assert document["storageSizeBytes"] == 0


def test_durations_apply_to_one_cluster_or_to_all() -> None:
    atlas = Atlas(clusters={"demo-replica": {"queued_seconds": 100}})
    slow, fast = atlas.take().json()["id"], atlas.take("demo-geo").json()["id"]
    atlas.moment += 50
    assert atlas.poll("demo-replica", slow).json()["status"] == "queued"
    assert atlas.poll("demo-geo", fast).json()["status"] == "completed"


def test_id_holds_the_time_of_the_request() -> None:
    atlas = Atlas()
    taken = atlas.take()
    assert int(taken.json()["id"][:8], 16) == START
    assert taken.headers["Date"] == "Sun, 01 Mar 2026 12:00:00 GMT"


@pytest.mark.parametrize("hours", [-5, 7])
def test_clock_can_be_off_by_hours(hours: int) -> None:
    atlas = Atlas(clock_offset_seconds=hours * 3600)
    taken = atlas.take()
    assert int(taken.json()["id"][:8], 16) == START + hours * 3600
    assert taken.headers["Date"] == f"Sun, 01 Mar 2026 {12 + hours:02d}:00:00 GMT"


def test_unfinished_snapshot_moves_with_the_clock() -> None:
    atlas = Atlas()
    taken = atlas.take(retentionInDays=1).json()
    atlas.moment += 3
    atlas.service.configure({"clock_offset_seconds": 7200})
    document = atlas.poll("demo-replica", taken["id"]).json()
    assert document["status"] == "inProgress"
    assert document["expiresAt"] == "2026-03-02T14:00:00Z"


def test_changed_expiry_moves_with_the_clock() -> None:
    atlas = Atlas()
    path = atlas.snapshots("demo-replica", f"/{atlas.finished()}")
    atlas.ask("PATCH", path, body={"retentionUnit": "DAYS", "retentionValue": 1})
    atlas.service.configure({"clock_offset_seconds": 7200})
    assert atlas.get(path).json()["expiresAt"] == "2026-03-02T14:00:04Z"


def test_expired_snapshot_is_gone() -> None:
    atlas = Atlas()
    snapshot_id = atlas.finished(retentionInDays=1)
    atlas.moment = START + 86400 + 5
    assert atlas.poll("demo-replica", snapshot_id).status == 200
    atlas.moment += 1
    assert code(atlas.poll("demo-replica", snapshot_id)) == (404, "SNAPSHOT_NOT_FOUND")
    assert snapshot_id not in _ids(atlas)


def test_unfinished_snapshot_does_not_expire() -> None:
    atlas = Atlas(in_progress_seconds=10 * 86400)
    snapshot_id = atlas.take(retentionInDays=1).json()["id"]
    atlas.moment += 5 * 86400
    assert atlas.poll("demo-replica", snapshot_id).json()["status"] == "inProgress"


def test_same_seed_gives_the_same_ids() -> None:
    first, second, other = Atlas(), Atlas(), Atlas(seed=1)
    assert first.take().json() == second.take().json()
    assert first.take("demo-geo").json()["id"] != other.take("demo-geo").json()["id"]


def _ids(atlas: Atlas) -> list[Any]:
    return [each["id"] for each in atlas.get(atlas.snapshots("demo-replica")).json()["results"]]
