# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lists: their content, order, pages and delay."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mongodb_atlas.backup.tests.unit.simulator.support import CLUSTERS, FLEX, Atlas, code


def test_history_has_scheduled_and_on_demand_snapshots() -> None:
    results = _page(Atlas())["results"]
    assert [each["snapshotType"] for each in results].count("scheduled") == 7
    assert [each["snapshotType"] for each in results].count("onDemand") == 2
    assert {each["status"] for each in results} == {"completed"}
    assert {each["frequencyType"] for each in results} == {"daily", "ondemand"}


@pytest.mark.parametrize(("order", "reverse"), [("newest_first", True), ("oldest_first", False)])
def test_list_order_is_as_set(order: str, reverse: bool) -> None:
    ids = [each["id"] for each in _page(Atlas(list_order=order))["results"]]
    assert ids == sorted(ids, reverse=reverse)


def test_pages_are_linked_and_contain_every_item_once() -> None:
    atlas = Atlas()
    everything = [each["id"] for each in _page(atlas)["results"]]
    seen: list[str] = []
    target: str | None = f"{atlas.snapshots('demo-replica')}?itemsPerPage=4"
    relations = []
    while target:
        document = atlas.get(target).json()
        seen += [each["id"] for each in document["results"]]
        links = {each["rel"]: each["href"] for each in document["links"]}
        relations.append(set(links))
        target = links["next"].partition("atlas.test")[2] if "next" in links else None
    assert seen == everything
    assert relations == [{"self", "next"}, {"self", "previous", "next"}, {"self", "previous"}]


def test_self_link_is_as_recorded() -> None:
    link = _page(Atlas())["links"][0]["href"]
    assert link.endswith("/clusters/demo-replica/backup/snapshots?includeCount=true&pageNum=1&itemsPerPage=100")


def test_total_count_can_be_omitted() -> None:
    atlas = Atlas()
    assert _page(atlas)["totalCount"] == 9
    assert "totalCount" not in _page(atlas, "?includeCount=false")


def test_page_beyond_the_end_is_empty() -> None:
    assert _page(Atlas(), "?pageNum=9")["results"] == []


def test_full_last_page_has_no_next_link() -> None:
    links = _page(Atlas(), "?itemsPerPage=3&pageNum=3")["links"]
    assert [each["rel"] for each in links] == ["self", "previous"]


@pytest.mark.parametrize(
    "query",
    [
        "pageNum=%C2%B2",
        "pageNum=0",
        "pageNum=x",
        "itemsPerPage=0",
        "itemsPerPage=501",
        "itemsPerPage=-1",
        "includeCount=perhaps",
    ],
)
def test_page_parameters_out_of_range_are_refused(query: str) -> None:
    atlas = Atlas()
    assert code(atlas.get(f"{atlas.snapshots('demo-replica')}?{query}")) == (400, "INVALID_QUERY_PARAMETER")


def test_page_has_500_items_at_most() -> None:
    assert _page(Atlas(), "?itemsPerPage=500")["totalCount"] == 9


def test_new_snapshot_appears_late_in_the_list() -> None:
    atlas = Atlas(list_lag_seconds=3)
    snapshot_id = atlas.take().json()["id"]
    atlas.moment += 2.9
    assert snapshot_id not in [each["id"] for each in _page(atlas)["results"]]
    assert atlas.poll("demo-replica", snapshot_id).status == 200
    atlas.moment += 0.1
    assert snapshot_id in [each["id"] for each in _page(atlas)["results"]]


def test_new_snapshot_appears_late_by_its_id() -> None:
    atlas = Atlas(get_lag_seconds=3)
    snapshot_id = atlas.take().json()["id"]
    atlas.moment += 2.9
    assert code(atlas.poll("demo-replica", snapshot_id)) == (404, "SNAPSHOT_NOT_FOUND")
    assert snapshot_id in [each["id"] for each in _page(atlas)["results"]]
    atlas.moment += 0.1
    assert atlas.poll("demo-replica", snapshot_id).status == 200


def test_snapshots_of_a_deleted_cluster_can_be_read() -> None:
    atlas = Atlas()
    first = atlas.get(atlas.snapshots("demo-deleted")).json()["results"][0]
    assert atlas.poll("demo-deleted", first["id"]).json() == first
    gone = atlas.get(f"{atlas.group}/clusters/demo-deleted", version=CLUSTERS)
    assert code(gone) == (404, "CLUSTER_NOT_FOUND")


def test_snapshots_of_paused_and_backup_disabled_clusters_can_be_listed() -> None:
    atlas = Atlas()
    assert atlas.get(atlas.snapshots("demo-paused")).json()["totalCount"] == 9
    assert atlas.get(atlas.snapshots("demo-nobackup")).json()["results"] == []


@pytest.mark.parametrize(("setting", "expected"), [("BACKUP_JOB_NOT_FOUND", 400), ("BACKUP_CONFIG_NOT_FOUND", 404)])
def test_list_of_a_cluster_with_backups_disabled_can_be_refused(setting: str, expected: int) -> None:
    atlas = Atlas(backups_off_list="code", backups_off_code=setting)
    assert code(atlas.get(atlas.snapshots("demo-nobackup"))) == (expected, setting)
    assert atlas.get(atlas.snapshots("demo-paused")).json()["totalCount"] == 9
    sharded = next(each for each in atlas.service.world.all_clusters() if each.name == "demo-sharded")
    sharded.backup_enabled = False
    assert code(atlas.get(atlas.snapshots("demo-sharded", "/shardedClusters"))) == (expected, setting)


@pytest.mark.parametrize(
    ("snapshot_id", "expected"),
    [("0" * 24, "SNAPSHOT_NOT_FOUND"), ("nonsense", "INVALID_SNAPSHOT_ID"), ("A" * 24, "INVALID_SNAPSHOT_ID")],
)
@pytest.mark.parametrize("method", ["GET", "DELETE", "PATCH"])
def test_unknown_and_invalid_ids_are_refused(method: str, snapshot_id: str, expected: str) -> None:
    atlas = Atlas()
    body = {"retentionUnit": "DAYS", "retentionValue": 9} if method == "PATCH" else None
    answer = atlas.ask(method, atlas.snapshots("demo-replica", f"/{snapshot_id}"), body=body)
    assert code(answer) == (404, expected)


def test_snapshot_is_not_found_under_another_cluster() -> None:
    atlas = Atlas()
    assert code(atlas.poll("demo-paused", atlas.finished())) == (404, "SNAPSHOT_NOT_FOUND")


@pytest.mark.parametrize("path", ["/flexClusters", "/flexClusters/demo-flex/backup/snapshots"])
def test_flex_lists_have_pages_too(path: str) -> None:
    atlas = Atlas()
    document = atlas.get(f"{atlas.group}{path}?itemsPerPage=1&pageNum=1", version=FLEX).json()
    assert len(document["results"]) == 1


def _page(atlas: Atlas, query: str = "") -> dict[str, Any]:
    document: dict[str, Any] = atlas.get(atlas.snapshots("demo-replica") + query).json()
    return document
