# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.fields import (
    FIELDS,
    LONGEST_TEXT,
    kept,
    shortened,
)
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._snapshots.records import (
    same_description,
)
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.fuzz import quick

DESCRIPTIONS = st.text(max_size=20) | st.text("ab \n", min_size=LONGEST_TEXT - 3, max_size=LONGEST_TEXT + 40)


@given(DESCRIPTIONS, DESCRIPTIONS)
@quick
def test_shortened_texts_are_equal_exactly_if_the_originals_are(one: str, other: str) -> None:
    assert same_description(shortened(one), other) is (one.strip() == other.strip())
    assert same_description(shortened(one), one)
    assert len(shortened(one)) <= LONGEST_TEXT
    assert shortened(shortened(one)) == shortened(one)


def test_item_of_a_large_list_is_bounded() -> None:
    hostile = {name: ["x" * 10_000] * 1000 if number % 2 else "x" * 10_000 for number, name in enumerate(FIELDS)}
    item = kept({**hostile, "unknown": 1}.items())

    assert set(item) == FIELDS
    assert len(json.dumps({**item, "results": []})) < 3_000_000
