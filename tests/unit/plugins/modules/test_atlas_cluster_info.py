# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mongodb_atlas.backup.plugins.modules.atlas_cluster_info import main
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.answers import page, refused
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.atlas import (
    CLUSTERS_TYPE,
    FIRST_PAGE,
    FLEX_TYPE,
    V2,
    cluster,
)
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.run_module import Call
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.script import GET, Script
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.simulated import SimulatedAtlas

CLUSTERS: dict[str, dict[str, Any]] = {
    "b-sharded": {"topology": "SHARDED", "tags": {"team": "shop", "stage": "prod"}},
    "a-replica": {"tags": {"team": "shop"}},
    "c-m0": {"instance_size": "M0"},
    "d-flex": {"instance_size": "FLEX", "tags": {"team": "shop"}},
}


@pytest.mark.parametrize(
    ("options", "names"),
    [
        ({}, ["a-replica", "b-sharded", "c-m0", "d-flex"]),
        ({"cluster_name": ["d-flex", "a-replica", "nosuch"]}, ["a-replica", "d-flex"]),
        ({"tags": {"team": "shop"}}, ["a-replica", "b-sharded", "d-flex"]),
        ({"tags": {"team": "shop", "stage": "prod"}}, ["b-sharded"]),
        ({"tags": {"team": "other"}}, []),
        ({"tags": {"team": "shop"}, "cluster_name": "d-flex"}, ["d-flex"]),
    ],
)
@pytest.mark.parametrize("check_mode", [True, False])
def test_clusters_of_a_project_are_returned(
    call: Call, options: dict[str, Any], names: list[str], check_mode: bool
) -> None:
    result = call(main, SimulatedAtlas(CLUSTERS), check_mode=check_mode, **options)

    assert [each["name"] for each in result["clusters"]] == names
    assert result["changed"] is False
    assert result["atlas_time"]


def test_unknown_names_are_reported_with_the_nearest_names(call: Call) -> None:
    result = call(main, SimulatedAtlas(CLUSTERS), cluster_name=["d-flex", "A-repica"], tags={"team": "other"})

    assert {name: nearest[0] for name, nearest in result["missing"].items()} == {"A-repica": "a-replica"}
    assert call(main, SimulatedAtlas(CLUSTERS))["missing"] == {}


def test_cluster_without_a_name_is_ignored(call: Call) -> None:
    script = Script(
        GET(f"{V2}/clusters{FIRST_PAGE}", page(cluster(name=None), cluster(name=None), cluster())),
        GET(f"{V2}/flexClusters{FIRST_PAGE}", page()),
    )

    assert call(main, script, cluster_name="prdo")["missing"] == {"prdo": ["prod"]}


def test_both_lists_are_requested_with_their_media_types(call: Call) -> None:
    script = Script(
        GET(f"{V2}/clusters{FIRST_PAGE}", page(cluster()), headers={"Accept": CLUSTERS_TYPE}),
        GET(f"{V2}/flexClusters{FIRST_PAGE}", page(), headers={"Accept": FLEX_TYPE}),
    )

    assert [each["cluster_type"] for each in call(main, script)["clusters"]] == ["dedicated"]


def test_flex_cluster_in_both_lists_is_returned_once(call: Call) -> None:
    flex = {"name": "prod", "providerSettings": {"providerName": "FLEX", "backingProviderName": "AWS"}}
    script = Script(
        GET(f"{V2}/clusters{FIRST_PAGE}", page(cluster("FLEX", "FLEX"))),
        GET(f"{V2}/flexClusters{FIRST_PAGE}", page(flex)),
    )

    assert [each["cloud_providers"] for each in call(main, script)["clusters"]] == [["AWS"]]


def test_failure_has_an_empty_list(call: Call) -> None:
    result = call(main, Script(GET(f"{V2}/clusters{FIRST_PAGE}", refused(403, "ACCESS_FORBIDDEN"))))

    assert (result["failed"], result["clusters"]) == (True, [])
    assert result["errors"][0]["error_code"] == "ACCESS_FORBIDDEN"


@pytest.mark.parametrize("bad", [{"cluster_name": []}, {"cluster_name": ["a/b"]}])
def test_invalid_input_is_refused_before_any_request(call: Call, bad: dict[str, Any]) -> None:
    assert call(main, Script(), **bad)["failed"]
