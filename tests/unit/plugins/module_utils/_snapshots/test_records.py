# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.object_id import is_object_id
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.parsing import json_object
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._snapshots.records import (
    RECORD_KEYS,
    Filter,
    born_at,
    empty_record,
    holds_retention,
    is_ended,
    is_on_demand,
    is_young,
    newest_first,
    same_description,
    snapshot_record,
)
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._times import format_time
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.atlas import (
    DESCRIPTION,
    PROJECT,
    automatic,
    sharded,
    snapshot,
)
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.fuzz import documents, json_values, quick
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.times import iso, minted, moment


def record(document: dict[str, Any], cluster_type: str = "dedicated") -> dict[str, Any]:
    return snapshot_record(document, PROJECT, "prod", cluster_type)


def known(**values: Any) -> dict[str, Any]:
    return {**empty_record(PROJECT, "prod", "dedicated"), **values}


def test_answer_to_a_post_becomes_a_record() -> None:
    assert record(snapshot()) == {
        "id": "6a80e2502c88faeba5000001",
        "project_id": PROJECT,
        "cluster_name": "prod",
        "cluster_type": "dedicated",
        "type": "replicaSet",
        "status": "queued",
        "snapshot_type": "onDemand",
        "frequency_type": "ondemand",
        "description": DESCRIPTION,
        "created_at": None,
        "scheduled_at": None,
        "finished_at": None,
        "expires_at": "2026-08-22T22:04:00Z",
        "mongod_version": None,
        "storage_size_bytes": 0,
        "cloud_provider": None,
        "replica_set_name": "prod",
        "copy_regions": [],
        "policy_items": [],
        "master_key_uuid": None,
        "config_server_type": None,
        "members": None,
        "snapshot_ids": None,
    }


def test_completed_snapshot_has_the_keys_that_appear_late() -> None:
    completed = record(snapshot("completed", masterKeyUUID="key", configServerType="EMBEDDED"))

    assert {key: completed[key] for key in ("status", "created_at", "mongod_version", "cloud_provider")} == {
        "status": "completed",
        "created_at": "2026-08-15T22:05:26Z",
        "mongod_version": "8.0.29",
        "cloud_provider": "AWS",
    }
    assert completed["storage_size_bytes"] == 1582854144
    assert (completed["master_key_uuid"], completed["config_server_type"]) == ("key", "EMBEDDED")


def test_sharded_snapshot_has_its_members() -> None:
    found = record(sharded("completed"))

    assert found["type"] == "shardedCluster"
    assert found["snapshot_ids"] == [minted(number=1001)]
    assert found["members"] == [
        {"id": minted(number=1001), "cloud_provider": "AWS", "replica_set_name": "prod-shard-0"}
    ]
    assert (found["replica_set_name"], found["copy_regions"]) == (None, None)


@pytest.mark.parametrize("members", [[{}], [None, {}, "x"]])
def test_member_has_every_key_and_invalid_members_are_left_out(members: list[Any]) -> None:
    assert record(sharded(members=members))["members"] == [dict.fromkeys(("id", "cloud_provider", "replica_set_name"))]


@pytest.mark.parametrize("cluster_type", ["tenant", "flex"])
def test_automatic_snapshot_has_the_same_keys(cluster_type: str) -> None:
    expected = {
        **empty_record(PROJECT, "prod", cluster_type),
        "id": minted(),
        "status": "completed",
        "created_at": iso(27),
        "scheduled_at": iso(0),
        "finished_at": iso(106),
        "expires_at": iso(8 * 86400),
        "mongod_version": "8.0.29",
    }
    assert record(automatic(), cluster_type) == expected


@pytest.mark.parametrize("cluster_type", ["dedicated", "tenant", "flex"])
def test_every_key_is_always_there(cluster_type: str) -> None:
    assert record({}, cluster_type) == empty_record(PROJECT, "prod", cluster_type)
    assert set(empty_record(PROJECT, "prod", cluster_type)) == set(RECORD_KEYS)


@pytest.mark.parametrize(
    ("word", "ours"),
    [
        ("PENDING", "queued"),
        ("QUEUED", "queued"),
        ("RUNNING", "inProgress"),
        ("COMPLETED", "completed"),
        ("FAILED", "failed"),
        ("queued", "queued"),
        ("inProgress", "inProgress"),
        ("hibernating", "hibernating"),
        (None, None),
    ],
)
@pytest.mark.parametrize("cluster_type", ["dedicated", "flex"])
def test_status_words_are_the_same_for_every_kind_and_unknown_ones_are_kept(
    word: str | None, ours: str | None, cluster_type: str
) -> None:
    assert record({"status": word}, cluster_type)["status"] == ours


def test_other_unknown_words_are_kept() -> None:
    found = record(snapshot(type="thirdKind", snapshotType="lunar", frequencyType="hourly", cloudProvider="MARS"))

    assert (found["type"], found["snapshot_type"], found["frequency_type"], found["cloud_provider"]) == (
        "thirdKind",
        "lunar",
        "hourly",
        "MARS",
    )


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("2026-08-10T03:26:42Z", "2026-08-10T03:26:42Z"),
        ("2026-08-10T03:26:42.123Z", "2026-08-10T03:26:42Z"),
        ("2026-08-10T05:26:42+02:00", "2026-08-10T03:26:42Z"),
        ("2026-08-10T03:26:42", "2026-08-10T03:26:42Z"),
        ("0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00+14:00"),
        ("soon", "soon"),
        (None, None),
        (5, 5),
    ],
)
def test_times_are_utc_and_unknown_texts_are_kept(sent: Any, shown: Any) -> None:
    assert record(snapshot(createdAt=sent))["created_at"] == shown
    assert record(automatic(expiration=sent), "flex")["expires_at"] == shown


def test_creation_time_comes_from_atlas_or_from_the_id() -> None:
    assert born_at(record(snapshot(at=5))) == moment(5)
    assert born_at(record(snapshot("completed", at=5))) == moment(91)
    assert born_at(record(automatic(at=5), "flex")) == moment(32)
    assert born_at(known()) is None


@pytest.mark.parametrize(("age", "young"), [(0, True), (600, True), (601, False), (-60, True), (-61, False)])
def test_snapshot_is_young_from_60_s_ahead_of_the_clock_to_the_given_age(age: float, young: bool) -> None:
    assert is_young(known(created_at=iso(0)), 600, moment(age)) is young


def test_snapshot_without_a_time_is_not_young() -> None:
    assert not is_young(known(), 600, moment(0))
    assert not is_young(known(id=minted(), created_at="yesterday"), 600, moment(0))


def test_newest_comes_first_and_snapshots_without_a_time_last() -> None:
    old, new, unknown = known(created_at=iso(1), id="a"), known(id=minted(50)), known(id="?")
    twin = known(created_at=iso(1), id="b")

    assert newest_first([unknown, old, new, twin]) == [new, twin, old, unknown]


def found_by(records: list[dict[str, Any]], latest: bool = False, **wanted: Any) -> list[str]:
    return [each["id"] for each in Filter(**wanted).apply(records, moment(1000), latest=latest)]


MIXED = [
    known(id=minted(100), status="completed", snapshot_type="onDemand", description="x"),
    known(id=minted(200), status="completed", snapshot_type="scheduled", description=None),
    known(id=minted(300), status="failed", snapshot_type="onDemand", description="xy"),
]


@pytest.mark.parametrize(
    ("wanted", "seconds"),
    [
        ({}, [300, 200, 100]),
        ({"status": ["completed"]}, [200, 100]),
        ({"status": ["failed", "queued"]}, [300]),
        ({"status": []}, []),
        ({"snapshot_type": ["onDemand"]}, [300, 100]),
        ({"description": "x"}, [100]),
        ({"description": ""}, [200]),
        ({"max_age": 800}, [300, 200]),
        ({"max_age": 799}, [300]),
        ({"max_age": 0}, []),
        ({"status": ["completed"], "snapshot_type": ["onDemand"]}, [100]),
        ({"status": ["failed"], "description": "x"}, []),
        ({"snapshot_type": ["onDemand"], "max_age": 800}, [300]),
        ({"latest": True}, [300]),
        ({"latest": True, "status": ["completed"]}, [200]),
        ({"latest": True, "status": ["queued"]}, []),
    ],
    ids=str,
)
def test_all_filters_must_match(wanted: dict[str, Any], seconds: list[float]) -> None:
    assert found_by(MIXED, **wanted) == [minted(each) for each in seconds]


def test_no_snapshot_is_young_without_a_clock() -> None:
    assert Filter(max_age=10**9).apply(MIXED, None) == []
    assert len(Filter().apply(MIXED, None)) == 3


@pytest.mark.parametrize(
    ("snapshot_type", "frequency_type", "expected"),
    [
        ("onDemand", "ondemand", True),
        ("onDemand", None, True),
        (None, "ondemand", True),
        ("scheduled", "daily", False),
        ("scheduled", "ondemand", False),
        (None, None, False),
        ("fallback", None, False),
    ],
)
def test_on_demand_snapshot_is_recognized_by_its_type(
    snapshot_type: str | None, frequency_type: str | None, expected: bool
) -> None:
    assert is_on_demand(known(snapshot_type=snapshot_type, frequency_type=frequency_type)) is expected


@pytest.mark.parametrize(
    ("status", "ended"),
    [("completed", True), ("failed", True), ("queued", False), ("inProgress", False), ("odd", False), (None, False)],
)
def test_only_completed_and_failed_are_final(status: str | None, ended: bool) -> None:
    assert is_ended(known(status=status)) is ended


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [(None, None, True), (None, "", True), ("", None, True), ("a", "a", True), ("a", "A", False), ("a", None, False)],
)
def test_null_and_empty_descriptions_are_equal(one: str | None, other: str | None, same: bool) -> None:
    assert same_description(one, other) is same


DAY = 86400


@pytest.mark.parametrize(
    ("kept", "holds"),
    [
        (7 * DAY, True),
        (7 * DAY - 60, True),
        (7 * DAY - 61, False),
        (7 * DAY + 5 * 3600, True),
        (8 * DAY - 1, True),
        (8 * DAY, False),
        (DAY, False),
    ],
)
def test_retention_is_sufficient_from_its_days_to_one_day_more(kept: float, holds: bool) -> None:
    expires = format_time(moment(0) + timedelta(seconds=kept))
    assert holds_retention(known(created_at=iso(0), expires_at=expires), 7) is holds


@pytest.mark.parametrize("missing", ["created_at", "expires_at"])
def test_unknown_retention_is_not_sufficient(missing: str) -> None:
    assert not holds_retention(known(**{"created_at": iso(0), "expires_at": iso(7 * DAY), missing: None}), 7)


@quick
@given(
    document=documents(*snapshot("completed"), *sharded(), *automatic()),
    cluster_type=st.sampled_from(["dedicated", "tenant", "flex"]),
    other=json_values,
)
def test_record_of_any_json_is_valid_json_and_is_listed_once(
    document: dict[str, Any], cluster_type: str, other: Any
) -> None:
    parsed = json_object(json.dumps(document).encode())
    assert parsed is not None
    found = record(parsed, cluster_type)

    assert tuple(found) == RECORD_KEYS
    assert found["id"] is None or is_object_id(found["id"])
    json.dumps(found, allow_nan=False).encode()
    both = [found, record({"id": other})]
    assert sorted(map(id, Filter().apply(both, moment(0)))) == sorted(map(id, both))
    assert Filter(["a status of no document"]).apply(both, moment(0)) == []
    assert is_ended(found) is bool(Filter(["completed", "failed"]).apply([found], None))
    assert is_on_demand(found) or not Filter(snapshot_type=["onDemand"]).apply([found], None)
    assert born_at(found) or not holds_retention(found, 7)
