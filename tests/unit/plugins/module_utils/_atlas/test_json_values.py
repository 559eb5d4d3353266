# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import math
from typing import Any

import pytest

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.json_values import (
    number,
    object_in,
    objects_in,
    whole_number,
)


@pytest.mark.parametrize("value", [None, True, 5, 0.5, "text", [], [{"a": 1}]])
def test_anything_but_an_object_is_an_empty_object(value: Any) -> None:
    assert object_in(value) == {}
    assert object_in({"a": value}) == {"a": value}


@pytest.mark.parametrize("value", [None, True, 5, "text", {}, {"a": 1}])
def test_list_items_other_than_objects_are_ignored(value: Any) -> None:
    assert objects_in(value) == []
    assert objects_in([{"a": 1}, None, 5, {}, [{}]]) == [{"a": 1}, {}]


@pytest.mark.parametrize(
    ("value", "whole", "any_number"),
    [
        (0, 0, 0),
        (-5, -5, -5),
        (10**400, 10**400, 10**400),
        (0.5, None, 0.5),
        (2.0, None, 2.0),
        (math.nan, None, None),
        (math.inf, None, None),
        (True, None, None),
        (False, None, None),
        ("5", None, None),
        (None, None, None),
    ],
)
def test_truth_values_and_text_are_no_numbers(value: Any, whole: int | None, any_number: float | None) -> None:
    assert (whole_number(value), number(value)) == (whole, any_number)
