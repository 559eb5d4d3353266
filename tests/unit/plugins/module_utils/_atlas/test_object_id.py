# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import pytest

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.object_id import is_object_id, minted_at


def test_id_contains_its_time() -> None:
    assert minted_at("6a7944f22c88faeba59d3572") == datetime(2026, 8, 10, 3, 26, 42, tzinfo=timezone.utc)


@pytest.mark.parametrize("snapshot_id", [None, "", "nonsense", 5.5, []])
def test_invalid_id_has_no_time(snapshot_id: Any) -> None:
    assert minted_at(snapshot_id) is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("6a7944f22c88faeba59d3572", True),
        ("6A7944F22C88FAEBA59D3572", True),
        ("6a7944f22c88faeba59d357", False),
        ("6a7944f22c88faeba59d35722", False),
        ("6a7944f22c88faeba59d3572\n", False),
        ("6a7944f22c88faeba59d357g", False),
        (None, False),
    ],
)
def test_object_id_has_24_hexadecimal_digits(value: Any, expected: bool) -> None:
    assert is_object_id(value) is expected
