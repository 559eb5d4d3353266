# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._restores.point_in_time import (
    EARLIEST,
    parse_point_in_time,
    point_text,
)
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.fuzz import quick

# 2026-08-10T03:26:40Z
MOMENT = 1786332400


@pytest.mark.parametrize(
    "text",
    [
        "1786332400",
        " 1786332400\n",
        "2026-08-10T03:26:40Z",
        "2026-08-10t03:26:40z",
        "2026-08-10 03:26:40Z",
        "2026-08-10 03:26:40 +00:00",
        "2026-08-10T05:26:40+02:00",
        "2026-08-10T05:26:40+0200",
        "2026-08-10T05:26:40+02",
        "2026-08-09T22:26:40-05:00",
        "2026-08-10T08:56:40+05:30",
        "2026-08-10T03:26:40.999999Z",
        "2026-08-10T03:26:40,5+00:00",
    ],
)
def test_every_notation_means_the_same_second(text: str) -> None:
    assert parse_point_in_time(text) == MOMENT


def test_seconds_may_be_omitted() -> None:
    assert point_text(parse_point_in_time("2026-08-10T03:26Z")) == "2026-08-10T03:26:00Z"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("1786332400000", "milliseconds: give seconds since 1970, such as 1786332400"),
        ("20260810", "8 digits"),
        ("0000000001", "10 digits"),
        ("17863324000", "11 digits"),
        ("1786332400.0", "is not a point in time"),
        ("-1786332400", "is not a point in time"),
        ("\u0661\u0667\u0668\u0666\u0663\u0663\u0662\u0664\u0660\u0660", "is not a point in time"),
        ("2026-08-10T03:26:40", "no offset"),
        ("2026-08-10 03:26:40.5", "no offset"),
        ("2026-08-10", "is not a point in time"),
        ("2026-08-10T03:26:40 UTC", "is not a point in time"),
        ("2026-13-10T03:26:40Z", "is not a point in time"),
        ("2026-08-10T25:26:40Z", "is not a point in time"),
        ("2026-08-10T03:26:40+99:00", "is not a point in time"),
        ("1999-08-10T03:26:40Z", "the earliest time that Atlas accepts"),
        ("0001-01-01T00:00:00+14:00", "the earliest time that Atlas accepts"),
        ("yesterday", "is not a point in time"),
        ("", "is not a point in time"),
    ],
)
def test_invalid_point_in_time_is_refused_with_a_reason(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        parse_point_in_time(text)


@quick
@given(
    st.integers(EARLIEST, 4102444800),
    st.sampled_from(["T", " "]),
    st.integers(-14 * 60, 14 * 60),
)
def test_every_second_is_parsed_with_every_offset(seconds: int, separator: str, minutes: int) -> None:
    local = datetime.fromtimestamp(seconds, tz=timezone(timedelta(minutes=minutes)))

    assert parse_point_in_time(local.isoformat(sep=separator)) == seconds
    assert parse_point_in_time(point_text(seconds)) == seconds
