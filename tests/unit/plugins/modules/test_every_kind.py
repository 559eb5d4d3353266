# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every kind of cluster, with every answer of its endpoints: snapshots from creation to deletion, and searches."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._snapshots.records import RECORD_KEYS
from ansible_collections.mongodb_atlas.backup.plugins.modules import atlas_snapshot, atlas_snapshot_info
from ansible_collections.mongodb_atlas.backup.tests.simulator.demo import DEMO_CLUSTERS
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.run_module import Call
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.simulated import SimulatedAtlas

TAKE, INFO = atlas_snapshot.main, atlas_snapshot_info.main

SHARDED = [
    {},
    {"sharded_post_type": "replicaSet"},
    {"sharded_on_replica_set_address": "incorrect_endpoint"},
    {"sharded_on_replica_set_address": "empty", "sharded_post_type": "replicaSet"},
    {"sharded_on_replica_set_address": "not_found", "sharded_post_type": "replicaSet"},
]
LIVES = [("demo-replica", "replicaSet", {})] + [
    (name, "shardedCluster", settings) for name in ("demo-sharded", "demo-geo") for settings in SHARDED
]


def demo(**settings: Any) -> SimulatedAtlas:
    """A cluster of each kind; those that can have snapshots have some."""
    atlas = SimulatedAtlas(DEMO_CLUSTERS, **settings)
    for name in DEMO_CLUSTERS:
        cluster = atlas.cluster(name)
        if cluster.kind == "dedicated" and cluster.backup_enabled:
            atlas.has_history(name)
    return atlas


@pytest.mark.parametrize("api_version", ["v2", "v1.0"])
@pytest.mark.parametrize(("name", "kind", "settings"), LIVES)
def test_snapshot_is_taken_reused_extended_and_deleted(
    call: Call, name: str, kind: str, settings: dict[str, Any], api_version: str
) -> None:
    atlas = demo(**settings)
    take = {"cluster_name": name, "description": "Life", "max_age": 600, "api_version": api_version, "diff_mode": True}

    foreseen = call(TAKE, atlas, check_mode=True, **take)
    taken = call(TAKE, atlas, **take)
    again = call(TAKE, atlas, **take)

    assert (foreseen["changed"], foreseen["snapshot"]["id"], foreseen["snapshot"]["type"]) == (True, None, kind)
    snapshot = taken["snapshot"]
    assert (snapshot["status"], snapshot["type"], snapshot["cluster_type"]) == ("completed", kind, "dedicated")
    members = snapshot["members"]
    assert (members is None) is (kind == "replicaSet")
    assert snapshot["snapshot_ids"] == (None if members is None else [each["id"] for each in members])
    assert [each.id for each in atlas.taken(name)] == [snapshot["id"]]
    assert (again["changed"], again["reused"], again["snapshot"]["id"]) == (False, True, snapshot["id"])
    assert again["diff"][0]["before"] == again["diff"][0]["after"]

    known = {"cluster_name": name, "snapshot_id": snapshot["id"], "api_version": api_version, "diff_mode": True}
    foreseen = call(TAKE, atlas, check_mode=True, retention_in_days=9, **known)
    held = call(TAKE, atlas, retention_in_days=9, **known)
    again = call(TAKE, atlas, retention_in_days=9, **known)

    assert (foreseen["changed"], held["changed"], again["changed"]) == (True, True, False)
    assert foreseen["snapshot"]["expires_at"] == held["snapshot"]["expires_at"] == again["snapshot"]["expires_at"]
    assert held["snapshot"]["expires_at"] > snapshot["expires_at"] == held["diff"][0]["before"]["expires_at"]

    delete = {**known, "state": "absent"}
    foreseen = call(TAKE, atlas, check_mode=True, **delete)
    assert [each.id for each in atlas.taken(name)] == [snapshot["id"]]
    deleted = call(TAKE, atlas, **delete)
    again = call(TAKE, atlas, **delete)
    foreseen_at_last = call(TAKE, atlas, check_mode=True, **delete)

    assert (foreseen["changed"], deleted["changed"]) == (True, True)
    assert (again["changed"], foreseen_at_last["changed"]) == (False, False)
    assert atlas.taken(name) == []
    # Deletion and retention always use v2; all else uses the given version.
    versions = {entry.step: entry.path.split("/")[3] for entry in atlas.service.journal.entries}
    assert {versions["patch"], versions["delete"]} == {"v2"}
    assert {versions["take"], versions["poll"], versions["list"]} == {api_version}


# cluster_type=auto: the number of requests, and of snapshots found: 7 scheduled and 2 on-demand ones, or one for each
# of 8 days.
LOOKS = [
    ("demo-replica", "dedicated", 1, 9, {}),
    ("demo-sharded", "dedicated", 2, 9, {}),
    ("demo-sharded", "dedicated", 2, 9, {"sharded_on_replica_set_address": "incorrect_endpoint"}),
    ("demo-sharded", "dedicated", 2, 9, {"sharded_on_replica_set_address": "not_found"}),
    ("demo-geo", "dedicated", 2, 9, {"sharded_on_replica_set_address": "empty"}),
    ("demo-flex", "flex", 2, 8, {}),
    ("demo-m2", "tenant", 3, 8, {}),
    ("demo-m5", "tenant", 3, 8, {"tenant_code": "FEATURE_UNSUPPORTED"}),
    ("demo-m0", "tenant", 2, 0, {}),
    ("demo-m0", "tenant", 2, 0, {"tenant_list": "empty"}),
    ("demo-nobackup", "dedicated", 2, 0, {}),
    ("demo-paused", "dedicated", 1, 9, {}),
    # Snapshots outlive their cluster.
    ("demo-deleted", "dedicated", 1, 9, {}),
]


@pytest.mark.parametrize(("name", "kind", "cost", "count", "settings"), LOOKS)
@pytest.mark.parametrize("api_version", ["v2", "v1.0"])
def test_search_finds_all_snapshots_with_the_documented_number_of_requests(
    call: Call, name: str, kind: str, cost: int, count: int, settings: dict[str, str], api_version: str
) -> None:
    atlas = demo(**settings)

    found = call(INFO, atlas, cluster_name=name, api_version=api_version)

    assert len(atlas.sent()) == cost
    assert (found["changed"], len(found["snapshots"])) == (False, count)
    created = [each["created_at"] for each in found["snapshots"]]
    assert created == sorted(created, reverse=True)
    assert all(set(each) == set(RECORD_KEYS) for each in found["snapshots"])
    assert {(each["cluster_type"], each["cluster_name"]) for each in found["snapshots"]} <= {(kind, name)}
    assert {each["status"] for each in found["snapshots"]} <= {"queued", "inProgress", "completed", "failed"}

    again = call(INFO, atlas, cluster_name=name, cluster_type=kind, api_version=api_version, check_mode=True)

    # An M0 is a tenant cluster without backups; cluster_type=tenant gives an error that says so.
    assert again["snapshots"] == found["snapshots"] or count == 0


def test_each_of_many_clusters_is_returned_once_in_the_given_order(call: Call) -> None:
    found = call(INFO, demo(), clusters="demo-m2,demo-sharded,demo-m0,demo-flex,demo-replica,demo-m2", latest=True)

    assert [(each["cluster_name"], each["cluster_type"]) for each in found["snapshots"]] == [
        ("demo-m2", "tenant"),
        ("demo-sharded", "dedicated"),
        ("demo-flex", "flex"),
        ("demo-replica", "dedicated"),
    ]


@pytest.mark.parametrize("name", ["demo-replica", "demo-sharded", "demo-flex", "demo-m2"])
def test_search_by_id_returns_the_listed_record_and_nothing_for_an_unknown_id(call: Call, name: str) -> None:
    atlas = demo(sharded_on_replica_set_address="not_found")
    newest = call(INFO, atlas, cluster_name=name, latest=True)["snapshots"]

    assert len(newest) == 1
    assert call(INFO, atlas, cluster_name=name, snapshot_id=newest[0]["id"].upper())["snapshots"] == newest
    assert call(INFO, atlas, cluster_name=name, snapshot_id="a" * 24)["snapshots"] == []


def test_every_page_is_requested_once(call: Call) -> None:
    atlas = SimulatedAtlas(history_days=1201)
    atlas.has_history()

    found = call(INFO, atlas, cluster_name="prod")

    assert len({each["id"] for each in found["snapshots"]}) == len(found["snapshots"]) == 1203
    assert [entry.query["pageNum"] for entry in atlas.service.journal.entries] == ["1", "2", "3"]


def test_status_words_of_records_are_filters_for_every_kind(call: Call) -> None:
    newest = {"demo-flex": {"automatic_newest_status": "FAILED"}, "demo-m2": {"automatic_newest_status": "PENDING"}}
    atlas = demo(clusters=newest)
    atlas.has("demo-replica", queued_seconds=0, in_progress_seconds=0, outcome="failed")
    atlas.has("demo-sharded", queued_seconds=0, in_progress_seconds=9999)
    names = ["demo-replica", "demo-sharded", "demo-flex", "demo-m2"]

    found = call(INFO, atlas, cluster_name=names, status=["queued", "inProgress", "failed"])

    assert [each["status"] for each in found["snapshots"]] == ["failed", "inProgress", "failed", "queued"]


FILTERS = [
    ({}, 9),
    ({"latest": True}, 1),
    ({"status": "completed"}, 9),
    ({"status": ["queued", "inProgress"]}, 0),
    ({"snapshot_type": "onDemand"}, 2),
    ({"snapshot_type": ["onDemand", "scheduled", "fallback"]}, 9),
    ({"snapshot_type": "scheduled", "latest": True}, 1),
    ({"description": "Before the release 2 days ago"}, 1),
    ({"description": "before the release"}, 0),
    ({"max_age": 3600}, 0),
    ({"max_age": 190000}, 3),
    ({"max_age": 190000, "snapshot_type": "onDemand"}, 1),
    ({"cluster_type": "dedicated", "latest": True}, 1),
]


@pytest.mark.parametrize(("options", "count"), FILTERS)
def test_filters_use_atlas_clock_in_any_order_of_the_list(call: Call, options: dict[str, Any], count: int) -> None:
    found = call(
        INFO, demo(clock_offset_seconds=99999999.0, list_order="oldest_first"), cluster="demo-replica", **options
    )

    assert len(found["snapshots"]) == count
    created = [each["created_at"] for each in found["snapshots"]]
    assert created == sorted(created, reverse=True)


# Another on-demand snapshot is queued or in progress: wait until it ends, reuse it, or fail.

BOTH = ["demo-replica", "demo-sharded"]


def with_others(**life: Any) -> tuple[SimulatedAtlas, list[str]]:
    """Running snapshots of another user on two clusters, one of them sharded; their ids."""
    atlas = demo(sharded_on_replica_set_address="empty")
    return atlas, [atlas.has(name, description="Somebody else's", **life).id for name in BOTH]


@pytest.mark.parametrize("check_mode", [True, False])
def test_fail_names_the_other_snapshot_in_progress(call: Call, check_mode: bool) -> None:
    atlas, others = with_others(queued_seconds=0, in_progress_seconds=9999)

    result = call(TAKE, atlas, cluster_name=BOTH, if_in_progress="fail", check_mode=check_mode)

    assert [each["error_code"] for each in result["errors"]] == ["UNFINISHED_ON_DEMAND_SNAPSHOT"] * 2
    assert [each["snapshot"]["id"] for each in result["errors"]] == others
    assert all(other in error["msg"] for other, error in zip(others, result["errors"], strict=True))
    assert result["changed"] is False


def test_reuse_returns_the_other_snapshot_after_its_end(call: Call) -> None:
    atlas, others = with_others(queued_seconds=4, in_progress_seconds=40)
    options = {"cluster_name": BOTH, "if_in_progress": "reuse", "description": "Another"}

    foreseen = call(TAKE, atlas, check_mode=True, **options)
    reused = call(TAKE, atlas, **options)

    assert [each["id"] for each in foreseen["snapshots"]] == others
    assert [(each["id"], each["status"]) for each in reused["snapshots"]] == [(other, "completed") for other in others]
    assert (foreseen["changed"], reused["changed"], reused["reused"]) == (False, False, True)
    assert [atlas.taken(name) for name in BOTH] == [[], []]


def test_other_snapshot_is_waited_for_without_wait_too(call: Call) -> None:
    atlas, others = with_others(queued_seconds=4, in_progress_seconds=40)

    started = call(TAKE, atlas, cluster_name=BOTH, wait=False)

    assert [[each.id for each in atlas.taken(name)] for name in BOTH] == [[each["id"]] for each in started["snapshots"]]
    assert {each["status"] for each in started["snapshots"]} <= {"queued", "inProgress"}
    assert (started["changed"], started["reused"]) == (True, False)
    assert not set(others) & {each["id"] for each in started["snapshots"]}
    assert call.seconds > 44


def test_match_within_max_age_is_reused_with_any_if_in_progress(call: Call) -> None:
    atlas = demo()
    running = atlas.has("demo-replica", description="Ours", queued_seconds=0, in_progress_seconds=40)

    result = call(TAKE, atlas, cluster_name="demo-replica", description="Ours", max_age=60, if_in_progress="fail")

    assert (result["snapshot"]["id"], result["snapshot"]["status"]) == (running.id, "completed")
    assert (result["reused"], result["changed"]) == (True, False)


def test_scheduled_snapshot_does_not_block(call: Call) -> None:
    atlas = demo()
    atlas.has("demo-sharded", snapshot_type="scheduled", queued_seconds=0, in_progress_seconds=9999)

    result = call(TAKE, atlas, cluster_name="demo-sharded", if_in_progress="fail")

    assert (result["changed"], result["snapshot"]["snapshot_type"]) == (True, "onDemand")


# The ends of a wait other than completion.


def test_each_end_of_a_wait_has_its_message_and_snapshot(call: Call) -> None:
    names = ["fails", "lasts", "goes", "unknown"]
    settings = {"fails": {"outcome": "failed"}, "lasts": {"in_progress_seconds": 9999.0}}
    atlas = SimulatedAtlas({name: {} for name in names}, clusters=settings, in_progress_seconds=30.0)
    atlas.fault("passing_404", "poll", match={"path": "goes"}, skip=2, times=None)
    atlas.fault("unknown_status", "poll", match={"path": "unknown"}, times=2, params={"word": "hibernating"})

    result = call(TAKE, atlas, cluster_name=names, wait_timeout=100)

    assert [(each["cluster_name"], each["status"]) for each in result["snapshots"]] == [("unknown", "completed")]
    says = {"fails": "failed: it is not a backup", "lasts": "within 100 s (wait_timeout)", "goes": "deleted meanwhile"}
    for error, (name, words) in zip(result["errors"], says.items(), strict=True):
        assert error["cluster_name"] == name
        assert words in error["msg"]
        assert error["snapshot"]["id"] == atlas.taken(name)[0].id
        assert error["snapshot"]["id"] in error["msg"]
    assert [each["snapshot"]["status"] for each in result["errors"]][:2] == ["failed", "inProgress"]
    assert result["changed"] is True


def test_description_and_age_decide_together_about_reuse(call: Call) -> None:
    atlas = SimulatedAtlas()

    taken = [
        call(TAKE, atlas, cluster_name="prod", **options)["changed"]
        for options in (
            {},
            {"description": "", "max_age": 600},
            {"description": "Another", "max_age": 600},
            {"description": "Another", "max_age": 600},
            {"description": "Another", "max_age": 0},
        )
    ]

    assert taken == [True, False, True, False, True]
