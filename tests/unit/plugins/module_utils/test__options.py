# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import math
from typing import Any

import pytest

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.errors import InvalidInput
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._options import (
    check_options,
    checked_project_id,
    trimmed_options,
    unique_names,
)
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.atlas import PROJECT
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.times import minted

GOOD: dict[str, Any] = {"cluster_name": ["prod"], "state": "present", "wait": True}


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"cluster_name": ["a", "Prod-2", "7-7", "x" * 64]},
        {"retention_in_days": 1},
        {"retention_in_days": 365_000},
        {"snapshot_id": minted()},
        {"snapshot_id": minted().upper(), "state": "absent"},
        {"snapshot_id": minted(), "cluster_name": ["prod", "prod"]},
        {"max_age": 0},
        {"outlives": 0},
        {"outlives": 86400.0, "snapshot_id": minted()},
        {"max_age": 0.5, "wait_timeout": 0.5, "poll_interval": 0.1, "request_timeout": 1},
    ],
)
def test_valid_options_are_accepted(more: dict[str, Any]) -> None:
    check_options({**GOOD, **more})


def test_info_module_may_look_for_an_id_in_several_clusters() -> None:
    check_options({"cluster_name": ["a", "b"], "snapshot_id": minted()})


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"cluster_name": []}, "empty list"),
        ({"cluster_name": ["prod", "a/b"]}, "'a/b' is not a valid cluster name"),
        *(
            ({"cluster_name": [name]}, "is not a valid cluster name")
            for name in ("-a", "a b", "prod\n", "prød", "../x", "a.b")
        ),
        *(({"snapshot_id": odd}, "24 hexadecimal") for odd in ("6a79", minted() + "\n", "", "g" * 24, minted() + "0")),
        ({"snapshot_id": minted(), "cluster_name": ["a", "b"]}, "exactly one"),
        ({"state": "absent"}, "snapshot_id is missing"),
        ({"retention_in_days": 0}, "at least 1"),
        ({"retention_in_days": -1}, "at least 1"),
        ({"retention_in_days": 365_001}, "retention_in_days"),
        ({"cluster_name": ["prod", ""]}, "empty name"),
        ({"max_age": -1}, "max_age is -1"),
        ({"outlives": -1}, "outlives is -1"),
        ({"outlives": 86400.0, "state": "absent", "snapshot_id": minted()}, "state=absent"),
        ({"outlives": 0.0, "wait": False}, "wait=false"),
        ({"wait_timeout": 0}, "wait_timeout is 0"),
        ({"poll_interval": 0}, "poll_interval is 0"),
        ({"request_timeout": -1}, "request_timeout is -1"),
        *(
            ({option: value}, f"{option} is ")
            for option in ("max_age", "outlives", "wait_timeout", "poll_interval", "request_timeout")
            for value in (math.nan, math.inf)
        ),
    ],
)
def test_invalid_options_are_refused_with_a_reason(more: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidInput, match=words) as caught:
        check_options({**GOOD, **more})
    assert "Nothing was sent" in str(caught.value)


def test_all_invalid_options_are_reported_at_once() -> None:
    with pytest.raises(InvalidInput, match=r"a/b.*retention_in_days is 0.*max_age is -1"):
        check_options({**GOOD, "cluster_name": ["a/b"], "retention_in_days": 0, "max_age": -1})


def test_project_id_is_accepted_in_any_case() -> None:
    assert checked_project_id(PROJECT.upper(), "project_id") == PROJECT


@pytest.mark.parametrize("odd", ["", "x", PROJECT[:-1], PROJECT + "0", PROJECT + "\n", "g" * 24])
def test_invalid_project_id_is_refused_and_its_source_named(odd: str) -> None:
    with pytest.raises(InvalidInput, match=r"^HERE is .*24 hexadecimal digits"):
        checked_project_id(odd, "HERE")


def test_duplicate_name_counts_once() -> None:
    assert unique_names(["b", "a", "b", "B"]) == ["b", "a", "B"]


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ({"cluster_name": ["prod-eu", " prod-us"]}, {"cluster_name": ["prod-eu", "prod-us"]}),
        ({"cluster_name": ["\tprod\n"]}, {"cluster_name": ["prod"]}),
        ({"cluster_name": ["a", " ", "b"]}, {"cluster_name": ["a", "", "b"]}),
        ({"cluster_name": [" "]}, {"cluster_name": []}),
        ({"cluster_name": []}, {"cluster_name": []}),
        ({"cluster_name": None}, {"cluster_name": None}),
        ({"description": "\n Before\nmaintenance \n"}, {"description": "Before\nmaintenance"}),
        ({"description": " "}, {"description": ""}),
        ({"description": None}, {"description": None}),
        ({"poll_interval": 1e-9}, {"poll_interval": 0.1}),
        ({"poll_interval": 0.1}, {"poll_interval": 0.1}),
        ({"poll_interval": 0}, {"poll_interval": 0}),
        ({"poll_interval": -1}, {"poll_interval": -1}),
        ({"poll_interval": None}, {"poll_interval": None}),
    ],
)
def test_options_are_normalized(given: dict[str, Any], meant: dict[str, Any]) -> None:
    assert trimmed_options(given) == meant


def test_duplicate_name_with_other_white_space_counts_once() -> None:
    assert unique_names(trimmed_options({"cluster_name": ["a", " a"]})["cluster_name"]) == ["a"]
