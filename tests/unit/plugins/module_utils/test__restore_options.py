# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.errors import InvalidInput
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._restore_options import (
    asked_restores,
    check_restore_options,
    check_targets,
    needs_project,
)
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._restores.spec import RestoreSpec
from ansible_collections.mongodb_atlas.backup.plugins.modules.atlas_restore import OPTIONS
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.atlas import PROJECT
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.restores import OTHER_PROJECT, SNAPSHOT

ONE = {"cluster_name": "prod", "snapshot_id": SNAPSHOT, "target_cluster_name": "staging"}
ANOTHER = {"cluster_name": "shop", "snapshot_id": SNAPSHOT, "target_cluster_name": "shop"}


def options(**given: Any) -> dict[str, Any]:
    """The options as from Ansible, with None for those that are not set."""
    defaults = {name: spec.get("default") for name, spec in OPTIONS.items()}
    return {**defaults, "project_id": None, "project_name": None, "request_timeout": 30.0, **given}


def problems(**given: Any) -> str:
    with pytest.raises(InvalidInput) as refused:
        check_restore_options(options(**given))
    assert "Nothing was sent to Atlas." in refused.value.hint
    return refused.value.message


def without(option: str, **more: Any) -> dict[str, Any]:
    return {**ONE, option: None, **more}


VALID = [
    ONE,
    {**ONE, "target_cluster_name": "prod"},
    {**ONE, "cluster_name": " prod ", "target_cluster_name": "staging\n"},
    {**ONE, "target_project_id": OTHER_PROJECT},
    {**ONE, "target_project_name": "Drill"},
    without("snapshot_id", point_in_time="2026-08-10T03:26:40Z"),
    without("snapshot_id", point_in_time=1786332400),
    {**ONE, "point_in_time": ""},
    {**ONE, "max_age": 0, "wait": False, "poll_interval": 5},
    {"restores": [ONE, ANOTHER]},
    {"restores": [ONE, {**ONE, "target_project_id": OTHER_PROJECT}]},
    {"restores": [ONE, {**ONE, "target_project_name": "Drill"}], "project_id": PROJECT},
    {"cluster_name": "prod", "restore_job_id": SNAPSHOT},
    {**ONE, "restore_job_id": SNAPSHOT},
]


@pytest.mark.parametrize("given", VALID, ids=range(len(VALID)))
def test_valid_options_are_accepted(given: dict[str, Any]) -> None:
    check_restore_options(options(**given))


REFUSED = [
    ({}, "cluster_name is missing"),
    (without("cluster_name"), "cluster_name is missing"),
    (without("snapshot_id"), "neither snapshot_id nor point_in_time"),
    (without("snapshot_id", point_in_time=" "), "neither snapshot_id nor point_in_time"),
    ({**ONE, "point_in_time": "2026-08-10T03:26:40Z"}, "both given"),
    (without("target_cluster_name"), "target_cluster_name is missing"),
    ({**ONE, "target_cluster_name": ""}, "target_cluster_name is missing"),
    ({**ONE, "target_project_id": PROJECT, "target_project_name": "Shop"}, "both given"),
    ({**ONE, "snapshot_id": "6a80"}, "snapshot_id is '6a80'"),
    ({**ONE, "snapshot_id": "g" * 24}, "24 hexadecimal digits"),
    ({**ONE, "target_project_id": "Shop"}, "target_project_id is 'Shop'"),
    ({**ONE, "cluster_name": "prod/../staging"}, "cluster_name: 'prod/../staging'"),
    ({**ONE, "target_cluster_name": "-staging"}, "target_cluster_name: '-staging'"),
    ({**ONE, "target_cluster_name": "prod, staging"}, "is not a valid cluster name"),
    (without("snapshot_id", point_in_time="2026-08-10T03:26:40"), "no offset"),
    (without("snapshot_id", point_in_time=1786332400000), "milliseconds"),
    (without("snapshot_id", point_in_time=True), "is not a point in time"),
    (without("snapshot_id", point_in_time=[1786332400]), "is not a point in time"),
    ({"restores": []}, "restores is an empty list"),
    ({"restores": [ONE], "cluster_name": "prod"}, "restores cannot be used with cluster_name"),
    ({"restores": [ONE], "target_project_name": "Drill"}, "restores cannot be used with target_project_name"),
    ({"restores": [ONE], "restore_job_id": SNAPSHOT}, "restore_job_id cannot be used with restores"),
    ({"restores": [ONE, without("snapshot_id")]}, "restores[1]: neither"),
    ({"restores": [{**ONE, "project_id": "Shop"}]}, "restores[0]: project_id is 'Shop'"),
    ({"restores": [ONE, {**ANOTHER, "target_cluster_name": "staging"}]}, "the same target, cluster staging"),
    (
        {"restores": [{**ONE, "project_id": PROJECT}, {**ONE, "target_project_id": PROJECT.upper()}]},
        "the same target, cluster staging",
    ),
    ({"restores": [ONE, {**ONE, "target_project_id": PROJECT}], "project_id": PROJECT}, "the same target"),
    ({"restores": [{**ONE, "target_project_name": "Drill"}] * 2}, "the same target"),
    ({"cluster_name": "prod", "restore_job_id": "6a80"}, "restore_job_id is '6a80'"),
    ({"restore_job_id": SNAPSHOT}, "cluster_name is missing"),
    ({**ONE, "wait_timeout": 0.0}, "wait_timeout"),
    ({**ONE, "max_age": -1.0}, "max_age"),
]


@pytest.mark.parametrize(("given", "says"), REFUSED, ids=range(len(REFUSED)))
def test_invalid_options_are_refused_with_a_reason(given: dict[str, Any], says: str) -> None:
    assert says in problems(**given)


def test_all_invalid_options_are_reported_at_once() -> None:
    said = problems(restores=[without("target_cluster_name"), {**ONE, "snapshot_id": "x"}], wait_timeout=-1.0)

    assert said.count(";") == 2


def test_project_is_required_unless_each_restore_has_its_own() -> None:
    assert needs_project(options(**ONE))
    assert needs_project(options(restores=[ONE, {**ANOTHER, "project_id": PROJECT}]))
    assert not needs_project(options(restores=[{**ONE, "project_id": PROJECT}]))


def test_options_are_trimmed_and_in_lower_case() -> None:
    (asked,) = asked_restores(options(**{**ONE, "cluster_name": " prod", "snapshot_id": f" {SNAPSHOT.upper()} "}))

    assert asked.spec(PROJECT, PROJECT) == RestoreSpec(PROJECT, "prod", PROJECT, "staging", snapshot_id=SNAPSHOT)


def test_same_target_by_id_and_name_of_its_project_is_refused_once_both_are_known() -> None:
    by_id = RestoreSpec(PROJECT, "prod", OTHER_PROJECT, "staging", snapshot_id=SNAPSHOT)
    by_name = RestoreSpec(PROJECT, "shop", OTHER_PROJECT, "staging", SNAPSHOT, target_project_name="Drill")

    with pytest.raises(InvalidInput, match="the same target"):
        check_targets([by_id, by_name])
    check_targets([by_id])
