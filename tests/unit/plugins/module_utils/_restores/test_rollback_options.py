# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._restores.rollback_options import (
    RollbackOptions,
    Selection,
    records_in,
    select_restores,
    targets_in,
)
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.atlas import PROJECT
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.fuzz import json_values, quick
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.rollback import ROLE_NAMES, backup
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.times import minted

OTHER = "5f0c1d2e3b4a59687766aabc"
PROD, SHOP = backup("prod", number=1), backup("shop", number=2)


def selected(*snapshots: Any, **options: Any) -> Selection:
    return select_restores(RollbackOptions(**{"snapshots": snapshots, "option_names": ROLE_NAMES, **options}))


def problems(*snapshots: Any, **options: Any) -> list[tuple[str | None, str]]:
    return [(problem.cluster_name, problem.msg) for problem in selected(*snapshots, **options).problems]


def places(selection: Selection) -> list[tuple[str, str]]:
    return [(spec.cluster_name, spec.target_cluster_name) for spec in selection.specs]


def test_each_snapshot_is_restored_into_its_own_cluster() -> None:
    found = selected(PROD, SHOP)
    assert found.problems == []
    assert places(found) == [("prod", "prod"), ("shop", "shop")]
    assert {spec.target_project_id for spec in found.specs} == {PROJECT}


def test_targets_may_be_other_clusters_and_another_project() -> None:
    found = selected(PROD, SHOP, targets={"shop": "staging"}, target_project_id=OTHER)
    assert places(found) == [("prod", "prod"), ("shop", "staging")]
    assert {(spec.project_id, spec.target_project_id) for spec in found.specs} == {(PROJECT, OTHER)}


def test_unselected_clusters_are_ignored_with_their_problems() -> None:
    found = selected(PROD, {"cluster_name": "shop", "id": "no id"}, {"id": 1}, clusters=["prod"])
    assert found.problems == []
    assert places(found) == [("prod", "prod")]


def test_name_and_id_are_enough_if_the_project_is_given() -> None:
    found = selected({"cluster_name": "prod", "id": PROD["id"].upper()}, project_id=PROJECT)
    assert found.problems == []
    assert found.specs[0].snapshot_id == PROD["id"]


@pytest.mark.parametrize(
    ("snapshots", "options", "names", "words"),
    [
        ([], {}, None, "There are no snapshots to restore. Give rollback_snapshots"),
        ([7], {}, None, "rollback_snapshots contains 7"),
        ([{"id": minted()}], {}, None, "rollback_snapshots contains None"),
        ([{"cluster_name": "../etc", "id": minted()}], {}, None, "'../etc', which does not name a cluster"),
        ([{**PROD, "id": None}], {}, "prod", "has no id. Give the record of a snapshot that exists"),
        ([{**PROD, "id": "latest"}], {}, "prod", "is 'latest', but an id has 24"),
        ([{**PROD, "project_id": None}], {}, "prod", "Give rollback_project_id or rollback_project_name"),
        ([{**PROD, "project_id": "x"}], {}, "prod", "its project is 'x'"),
        ([PROD], {"project_id": OTHER, "is_chosen": True}, "prod", f"is of project {PROJECT}, and rollback_project_id"),
        ([PROD], {"targets": {"prod": ""}}, "prod", "its target '' is not a valid cluster name"),
        ([PROD], {"targets": {"prod": "a/b"}}, "prod", "its target 'a/b'"),
        ([PROD], {"targets": {"pord": "x"}}, "pord", "The nearest are prod. Check rollback_targets"),
        ([PROD], {"clusters": ["prod", "pord"]}, "pord", "The nearest are prod. Check rollback_clusters"),
        ([PROD, backup("prod", number=9)], {}, "prod", f"2 snapshots of it ({PROD['id']}, {minted(-3600, 9)})"),
        ([PROD, SHOP], {"targets": {"shop": "prod"}}, "shop", "another snapshot has the same target, cluster prod"),
        ([PROD, {**SHOP, "project_id": OTHER}], {}, None, "in 2 projects"),
        ([PROD], {"wait_timeout": 0.0}, None, "rollback_wait_timeout is 0"),
        ([PROD], {"max_age": -1.0}, None, "rollback_max_age is -1"),
    ],
)
def test_invalid_options_are_problems(
    snapshots: list[Any], options: dict[str, Any], names: str | None, words: str
) -> None:
    found = problems(*snapshots, **options)
    assert any(name == names and words in message for name, message in found), found
    assert all("rollback_clusters" in message for name, message in found if name is not None)


def test_all_problems_are_found_at_once() -> None:
    found = problems(
        {**PROD, "id": "x"}, SHOP, SHOP, targets={"shop": "?", "nobody": "y"}, clusters=["prod", "shop", "else"]
    )
    assert [name for name, _message in found] == ["else", "nobody", "prod", "shop", "shop"]


def test_project_of_the_environment_does_not_conflict_with_the_snapshots() -> None:
    assert problems(PROD, project_id=OTHER) == []


@pytest.mark.parametrize(
    ("value", "records"),
    [(None, []), ("", []), (" ", []), ("[]", []), ('[{"id": "x"}]', [{"id": "x"}]), ('{"id": 1}', [{"id": 1}])],
)
def test_records_may_be_text(value: Any, records: list[Any]) -> None:
    assert records_in(value) == records


def test_text_other_than_json_is_refused() -> None:
    with pytest.raises(ValueError, match="not JSON"):
        records_in("prod=6a79")


@pytest.mark.parametrize(
    ("value", "targets"),
    [
        (None, {}),
        ({}, {}),
        (" ", {}),
        ("a=b", {"a": "b"}),
        ("a=b, c = d,", {"a": "b", "c": "d"}),
        ('{"a": "b"}', {"a": "b"}),
        ({"a": "b"}, {"a": "b"}),
        ("a=", {"a": ""}),
    ],
)
def test_targets_may_be_text(value: Any, targets: dict[str, str]) -> None:
    assert targets_in(value) == targets


@pytest.mark.parametrize("value", ["a", "a=b,c", "{a}", '{"a": ', ["a"], 7])
def test_invalid_targets_are_refused(value: Any) -> None:
    with pytest.raises(ValueError, match=r"."):
        targets_in(value)


@quick
@given(json_values)
def test_any_value_in_place_of_a_record_is_handled(value: Any) -> None:
    for records in ([value], [{"cluster_name": value, "id": value}], [{**PROD, "id": value, "project_id": value}]):
        selected(*records)
