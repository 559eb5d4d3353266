# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._restores.records import (
    RECORD_KEYS,
    RestoreFilter,
    is_ended,
    is_running,
    overwrites,
    restore_record,
)
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._snapshots.records import newest_first
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.atlas import PROJECT
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.fuzz import documents, quick
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.restores import (
    SECRET_URL,
    SNAPSHOT,
    flex_job,
    job,
)
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.times import iso, minted, moment

POINT = int(moment(-600).timestamp())


def dedicated(**more: Any) -> dict[str, Any]:
    return restore_record(job(**more), PROJECT, "prod", "dedicated")


def flex(*given: Any, **more: Any) -> dict[str, Any]:
    return restore_record(flex_job(*given, **more), PROJECT, "prod", "flex")


def test_running_job_has_every_key_and_no_end() -> None:
    assert dedicated() == {
        "id": minted(),
        "project_id": PROJECT,
        "cluster_name": "prod",
        "cluster_type": "dedicated",
        "snapshot_id": SNAPSHOT,
        "snapshot_created_at": iso(-3540),
        "point_in_time": None,
        "delivery_type": "automated",
        "status": "inProgress",
        "created_at": iso(0),
        "finished_at": None,
        "expires_at": None,
        "target_project_id": PROJECT,
        "target_cluster_name": "staging",
        "target_state": None,
        "reused": None,
    }


def test_flex_job_has_the_same_keys_and_status_words() -> None:
    record = flex("COMPLETED")

    assert tuple(record) == RECORD_KEYS
    assert record["status"] == "completed"
    assert record["delivery_type"] == "automated"
    assert (record["created_at"], record["finished_at"]) == (iso(0), iso(63))
    assert record["target_cluster_name"] == "staging"
    # Atlas sends an expirationDate, which has no meaning for a restore.
    assert record["expires_at"] is None


@pytest.mark.parametrize("flag", ["failed", "cancelled", "expired"])
@pytest.mark.parametrize("finished", [{}, {"finishedAt": iso(232)}])
def test_flag_takes_precedence_over_finished_at(flag: str, finished: dict[str, str]) -> None:
    assert dedicated(**{flag: True}, **finished)["status"] == flag


@pytest.mark.parametrize("flag", [False, None, 0, "false"])
def test_only_true_sets_a_flag(flag: Any) -> None:
    assert dedicated(failed=flag, finishedAt=iso(232))["status"] == "completed"


@pytest.mark.parametrize(
    ("atlas", "ours"),
    [
        ("PENDING", "queued"),
        ("QUEUED", "queued"),
        ("RUNNING", "inProgress"),
        ("COMPLETED", "completed"),
        ("FAILED", "failed"),
        ("HIBERNATING", "HIBERNATING"),
    ],
)
def test_status_of_a_flex_job_is_translated(atlas: str, ours: str) -> None:
    assert flex(atlas)["status"] == ours


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({}, "inProgress"),
        ({"deliveryUrl": [SECRET_URL]}, "completed"),
        ({"deliveryUrl": [SECRET_URL], "expired": True, "finishedAt": iso(3700)}, "expired"),
    ],
)
def test_download_is_completed_once_it_has_a_url(more: dict[str, Any], status: str) -> None:
    record = dedicated(deliveryType="download", targetClusterName=None, expiresAt=iso(3700), **more)

    assert record["status"] == status
    assert record["expires_at"] == iso(3700)


def test_delivery_url_does_not_complete_a_restore() -> None:
    assert dedicated(deliveryUrl=[SECRET_URL])["status"] == "inProgress"


def test_url_of_a_download_is_never_shown() -> None:
    parts = [{"replicaSetName": "shard-0", "downloadUrl": SECRET_URL}]
    shown = dedicated(deliveryType="download", deliveryUrl=[SECRET_URL], components=parts), flex(snapshotUrl=SECRET_URL)

    assert "secret" not in json.dumps(shown)


@pytest.mark.parametrize(
    "shows",
    [
        {"pointInTimeUTCSeconds": POINT},
        {"oplogTs": POINT, "oplogInc": 1},
        {"desiredTimestamp": {"time": POINT, "increment": 0, "date": None}},
        {"desiredTimestamp": {"time": None, "increment": None, "date": iso(-600)}},
    ],
)
def test_point_in_time_is_found_in_every_key(shows: dict[str, Any]) -> None:
    assert dedicated(deliveryType="pointInTime", **shows)["point_in_time"] == iso(-600)


@pytest.mark.parametrize("shown", [None, 0, -5, True, 1.5, "soon", 10**15])
def test_invalid_point_in_time_is_null(shown: Any) -> None:
    assert dedicated(deliveryType="pointInTime", pointInTimeUTCSeconds=shown)["point_in_time"] is None


@pytest.mark.parametrize("shown", [None, "soon", []])
def test_desired_timestamp_of_another_shape_is_no_point_in_time(shown: Any) -> None:
    assert dedicated(deliveryType="pointInTime", desiredTimestamp=shown)["point_in_time"] is None


def test_snapshot_restore_has_no_point_in_time() -> None:
    assert dedicated(pointInTimeUTCSeconds=POINT)["point_in_time"] is None


@pytest.mark.parametrize(
    ("record", "ended", "running"),
    [
        (dedicated(), False, True),
        (dedicated(finishedAt=iso(5)), True, False),
        (dedicated(failed=True), True, False),
        (dedicated(cancelled=True), True, False),
        (dedicated(expired=True), True, False),
        (flex("RUNNING"), False, True),
        (flex("HIBERNATING"), False, True),
        # An unknown status is not an end, but its finishedAt is.
        (flex("CLOSED", restoreFinishedDate=iso(63)), False, False),
    ],
)
def test_record_shows_whether_a_job_has_ended_and_may_still_write(
    record: dict[str, Any], ended: bool, running: bool
) -> None:
    assert (is_ended(record), is_running(record)) == (ended, running)


def test_jobs_are_sorted_newest_first_by_start() -> None:
    records = [flex(at=0, number=1), dedicated(at=50, number=2), flex(at=100, number=3)]

    assert [record["id"] for record in newest_first(records)] == [minted(100, 3), minted(50, 2), minted(0, 1)]


@pytest.mark.parametrize(
    ("more", "into"),
    [
        ({}, True),
        ({"failed": True}, True),
        ({"targetClusterName": "elsewhere"}, False),
        ({"targetGroupId": "f" * 24}, False),
        ({"deliveryType": "download"}, False),
    ],
)
def test_jobs_that_overwrite_a_cluster_are_found(more: dict[str, Any], into: bool) -> None:
    assert overwrites(dedicated(**more), PROJECT, "staging") is into


JOBS = [
    dedicated(at=-100, number=1, finishedAt=iso(-50)),
    dedicated(at=-200, number=2, targetClusterName="other"),
    dedicated(at=-300, number=3, failed=True),
]


@pytest.mark.parametrize(
    ("asked", "latest", "numbers"),
    [
        (RestoreFilter(), False, [1, 2, 3]),
        (RestoreFilter(), True, [1]),
        (RestoreFilter(status=["failed", "inProgress"]), False, [2, 3]),
        (RestoreFilter(target_cluster_name="staging"), False, [1, 3]),
        (RestoreFilter(max_age=250), False, [1, 2]),
        (RestoreFilter(status=["failed"], max_age=250), True, []),
    ],
)
def test_filters_select_jobs(asked: RestoreFilter, latest: bool, numbers: list[int]) -> None:
    found = asked.apply(reversed(JOBS), moment(0), latest=latest)

    assert [int(record["id"][-6:], 16) for record in found] == numbers


@quick
@given(documents(*job(), *flex_job(), "finishedAt", "pointInTimeUTCSeconds"), st.sampled_from(["dedicated", "flex"]))
def test_any_document_makes_a_record(document: dict[str, Any], kind: str) -> None:
    record = restore_record(document, PROJECT, "prod", kind)

    assert tuple(record) == RECORD_KEYS
    assert is_running(record) in (True, False)
    assert overwrites(record, PROJECT, "staging") in (True, False)
    assert len(RestoreFilter(max_age=60, status=["completed"]).apply([record], moment(0))) <= 1
