# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._snapshots.clusters import (
    cluster_record,
    flex_record,
    has_tags,
    kind_of,
)
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.atlas import PROJECT, cluster
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.fuzz import documents, json_values, quick

FLEX = {
    "name": "prod",
    "id": "6a793f632c88faeba59ba9d2",
    "clusterType": "REPLICASET",
    "backupSettings": {"enabled": True},
    "providerSettings": {"backingProviderName": "AWS", "providerName": "FLEX", "regionName": "US_EAST_1"},
    "mongoDBVersion": "8.0.29",
    "stateName": "IDLE",
    "tags": [],
    "terminationProtectionEnabled": False,
}


def region(provider: str, name: str, **more: Any) -> dict[str, Any]:
    return {"providerName": provider, "regionName": name, "electableSpecs": {"instanceSize": "M30"}, **more}


def test_dedicated_cluster_has_every_key() -> None:
    sent = cluster(
        topology="SHARDED",
        id="6a793f632c88faeba59ba9d2",
        mongoDBVersion="8.0.29",
        stateName="IDLE",
        pitEnabled=True,
        terminationProtectionEnabled=True,
        tags=[{"key": "team", "value": "shop"}, {"key": "empty", "value": ""}],
        replicationSpecs=[
            {"regionConfigs": [region("AWS", "US_EAST_1"), region("GCP", "WESTERN_EUROPE")]},
            {"regionConfigs": [region("AWS", "US_EAST_1")]},
        ],
    )
    assert cluster_record(sent, PROJECT) == {
        "name": "prod",
        "id": "6a793f632c88faeba59ba9d2",
        "project_id": PROJECT,
        "cluster_type": "dedicated",
        "topology": "SHARDED",
        "instance_size": "M30",
        "cloud_providers": ["AWS", "GCP"],
        "regions": ["US_EAST_1", "WESTERN_EUROPE"],
        "mongodb_version": "8.0.29",
        "state": "IDLE",
        "paused": False,
        "backup_enabled": True,
        "pit_enabled": True,
        "termination_protection_enabled": True,
        "tags": {"team": "shop", "empty": ""},
    }


def test_m0_shows_the_provider_behind_it() -> None:
    sent = cluster("M0", "TENANT")
    sent["replicationSpecs"][0]["regionConfigs"][0]["backingProviderName"] = "AWS"
    record = cluster_record(sent, PROJECT)

    assert (record["cluster_type"], record["instance_size"], record["cloud_providers"]) == ("tenant", "M0", ["AWS"])


def test_flex_cluster_has_the_same_keys_and_is_never_paused() -> None:
    record = flex_record(FLEX, PROJECT)

    assert set(record) == set(cluster_record({}, PROJECT))
    expected = {
        "cluster_type": "flex",
        "instance_size": "FLEX",
        "cloud_providers": ["AWS"],
        "regions": ["US_EAST_1"],
        "paused": False,
        "backup_enabled": True,
    }
    assert {key: record[key] for key in expected} == expected


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (cluster(), ("dedicated", "M10")),
        (cluster("M0", "TENANT"), ("tenant", "M0")),
        (cluster("M5", "TENANT"), ("tenant", "M5")),
        (cluster("FLEX", "FLEX"), ("flex", "FLEX")),
        (cluster("M90", "MARS"), ("dedicated", "M90")),
        ({}, ("dedicated", None)),
    ],
)
def test_kind_follows_from_the_document(sent: dict[str, Any], expected: tuple[str, str | None]) -> None:
    assert kind_of(sent) == expected


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, True),
        ({"a": "1"}, True),
        ({"a": 1}, True),
        ({"a": "1", "b": "2"}, True),
        ({"a": "2"}, False),
        ({"c": "1"}, False),
        ({"on": True}, True),
        ({"on": False}, False),
    ],
)
def test_all_tags_must_match(wanted: dict[str, Any], found: bool) -> None:
    assert has_tags({"tags": {"a": "1", "b": "2", "on": "true"}}, wanted) is found


@quick
@given(documents(*cluster(), *FLEX), json_values)
def test_any_json_makes_a_record(sent: dict[str, Any], other: Any) -> None:
    for document in (sent, {"replicationSpecs": [{"regionConfigs": [other]}], "tags": [other, {"key": other}]}):
        assert set(cluster_record(document, PROJECT)) == set(flex_record(document, PROJECT))
