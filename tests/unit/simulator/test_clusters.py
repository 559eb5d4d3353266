# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Clusters and projects: the keys that show which kind a cluster is."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mongodb_atlas.backup.tests.simulator.demo import DEMO_PROJECT_ID
from ansible_collections.mongodb_atlas.backup.tests.unit.simulator.support import (
    CLUSTERS,
    FLEX,
    GROUPS,
    START,
    Atlas,
    code,
)


def test_answers_show_the_kind_of_each_cluster() -> None:
    shown = {each["name"]: _kind(each) for each in _list(Atlas(), "/clusters", CLUSTERS)}
    assert shown == {
        "demo-replica": ("REPLICASET", "AWS", "M10"),
        "demo-sharded": ("SHARDED", "AWS", "M30"),
        "demo-geo": ("GEOSHARDED", "AWS", "M30"),
        "demo-m0": ("REPLICASET", "TENANT", "M0"),
        "demo-m2": ("REPLICASET", "TENANT", "M2"),
        "demo-m5": ("REPLICASET", "TENANT", "M5"),
        "demo-paused": ("REPLICASET", "AWS", "M10"),
        "demo-nobackup": ("REPLICASET", "AWS", "M10"),
    }
    flex = _list(Atlas(), "/flexClusters", FLEX)
    assert [(each["name"], each["providerSettings"]["providerName"]) for each in flex] == [("demo-flex", "FLEX")]


def test_deleted_cluster_is_in_no_list() -> None:
    atlas = Atlas()
    for cluster in atlas.service.world.all_clusters():
        cluster.deleted = True
    assert _list(atlas, "/clusters", CLUSTERS) == []
    assert _list(atlas, "/flexClusters", FLEX) == []


def test_cluster_shows_what_matters_to_a_backup() -> None:
    clusters = {each["name"]: each for each in _list(Atlas(), "/clusters", CLUSTERS)}
    assert [name for name, each in clusters.items() if each["paused"]] == ["demo-paused"]
    assert [name for name, each in clusters.items() if not each["backupEnabled"]] == ["demo-m0", "demo-nobackup"]
    assert [name for name, each in clusters.items() if each["pitEnabled"]] == ["demo-replica"]
    assert {"key": "environment", "value": "production"} in clusters["demo-replica"]["tags"]
    assert {each["stateName"] for each in clusters.values()} == {"IDLE"}


def test_single_cluster_equals_its_list_item() -> None:
    atlas = Atlas()
    for each in _list(atlas, "/clusters", CLUSTERS):
        assert atlas.get(f"{atlas.group}/clusters/{each['name']}", version=CLUSTERS).json() == each
    for each in _list(atlas, "/flexClusters", FLEX):
        assert atlas.get(f"{atlas.group}/flexClusters/{each['name']}", version=FLEX).json() == each


def test_global_cluster_has_one_zone_per_shard() -> None:
    clusters = {each["name"]: each for each in _list(Atlas(), "/clusters", CLUSTERS)}
    zones = {
        name: len({spec["zoneId"] for spec in clusters[name]["replicationSpecs"]})
        for name in ("demo-geo", "demo-sharded")
    }
    assert zones == {"demo-geo": 2, "demo-sharded": 1}


@pytest.mark.parametrize(
    ("path", "version", "expected"),
    [
        ("/clusters/demo-flex", CLUSTERS, (400, "CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API")),
        ("/clusters/nosuch", CLUSTERS, (404, "CLUSTER_NOT_FOUND")),
        ("/flexClusters/nosuch", FLEX, (404, "CLUSTER_NOT_FOUND")),
    ],
)
def test_cluster_name_at_the_wrong_endpoint_is_refused(path: str, version: str, expected: tuple[int, str]) -> None:
    assert code(Atlas().get(Atlas.group + path, version=version)) == expected


@pytest.mark.parametrize(
    ("group", "expected"), [("1" * 24, (404, "GROUP_NOT_FOUND")), ("nonsense", (400, "INVALID_GROUP_ID"))]
)
def test_unknown_project_is_refused(group: str, expected: tuple[int, str]) -> None:
    answer = Atlas().get(f"/api/atlas/v2/groups/{group}/clusters", version=CLUSTERS)
    assert code(answer) == expected
    assert "RateLimit-Limit" not in answer.headers


def test_project_is_found_by_name() -> None:
    atlas = Atlas()
    document = atlas.get("/api/atlas/v2/groups/byName/Demo", version=GROUPS).json()
    assert document["id"] == DEMO_PROJECT_ID
    assert document["clusterCount"] == 9
    missing = atlas.get("/api/atlas/v2/groups/byName/No%20such", version=GROUPS)
    assert code(missing) == (404, "GROUP_NAME_NOT_FOUND")
    assert missing.json()["parameters"] == ["No such"]


def test_two_projects_of_the_same_name_are_a_conflict() -> None:
    atlas = Atlas()
    atlas.service.world.add_project("Demo", START)
    assert code(atlas.get("/api/atlas/v2/groups/byName/Demo", version=GROUPS)) == (409, "MULTIPLE_GROUPS")


def test_projects_are_listed_in_pages() -> None:
    atlas = Atlas()
    assert [each["name"] for each in _projects(atlas)] == ["Demo", "Other", "Drill"]
    assert [each["name"] for each in _projects(atlas, "?itemsPerPage=1&pageNum=2")] == ["Other"]
    assert [each["name"] for each in _projects(atlas, role="outsider")] == ["Other"]


def test_unknown_paths_and_methods_are_refused() -> None:
    atlas = Atlas()
    assert code(atlas.get("/api/atlas/v2/nothing")) == (404, "RESOURCE_NOT_FOUND")
    assert code(atlas.ask("PUT", atlas.snapshots("demo-replica"))) == (405, "METHOD_NOT_ALLOWED")


def _list(atlas: Atlas, path: str, version: str) -> list[dict[str, Any]]:
    results: list[dict[str, Any]] = atlas.get(atlas.group + path, version=version).json()["results"]
    return results


def _projects(atlas: Atlas, query: str = "", role: str = "owner") -> list[dict[str, Any]]:
    answer = atlas.get(f"/api/atlas/v2/groups{query}", version=GROUPS, role=role)
    results: list[dict[str, Any]] = answer.json()["results"]
    return results


def _kind(document: dict[str, Any]) -> tuple[str, str, str]:
    region = document["replicationSpecs"][0]["regionConfigs"][0]
    return document["clusterType"], region["providerName"], region["electableSpecs"]["instanceSize"]
