# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._times import format_time, in_utc, parse_time
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.times import moment


@pytest.mark.parametrize("value", [None, 5, "", "soon", []])
def test_invalid_time_is_none(value: Any) -> None:
    assert parse_time(value) is None


def test_time_is_written_in_utc_with_whole_seconds() -> None:
    assert format_time(moment(0.9)) == "2026-08-15T22:04:00Z"
    assert in_utc("2026-08-10T05:26:42+02:00") == "2026-08-10T03:26:42Z"
    assert format_time(parse_time("2026-08-10T05:26:42+02:00") or moment(0)) == "2026-08-10T03:26:42Z"


@pytest.mark.parametrize("value", ["soon", None, 5, []])
def test_value_that_is_not_a_time_is_returned_unchanged(value: Any) -> None:
    assert in_utc(value) == value
