# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Arbitrary JSON, for code that must never raise."""

from __future__ import annotations

from typing import Any

from hypothesis import settings
from hypothesis import strategies as st

# No example database: tests write no files. No deadline: nothing is timed.
quick = settings(max_examples=60, deadline=None, database=None, derandomize=True)

_TIMES = st.sampled_from(
    [
        "2026-08-10T03:26:42Z",
        "2026-08-10T03:26:42.123456Z",
        "2026-08-10T05:26:42+02:00",
        "2026-08-10T03:26:42",
        "2026-08-10",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "yesterday",
    ]
)
_WORDS = st.sampled_from(
    [
        "\ud800",
        "queued",
        "COMPLETED",
        "onDemand",
        "ondemand",
        "shardedCluster",
        "6a7944f22c88faeba59d3572",
        "ffffffff",
        "-1",
        "",
    ]
)
# Numbers that are valid JSON but that Python cannot convert.
_ABSURD = st.sampled_from([10**400, -(10**400), 10**4299, 2**63, 1e308, float("inf"), float("nan")])
json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | _ABSURD | st.floats() | st.text(max_size=8) | _TIMES | _WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


def documents(*keys: str) -> st.SearchStrategy[dict[str, Any]]:
    """JSON objects with some of these keys and any values."""
    return st.fixed_dictionaries({}, optional=dict.fromkeys(keys, json_values))
