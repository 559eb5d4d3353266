# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._restores.newest import newest_assured
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._snapshots.records import snapshot_record
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.atlas import PROJECT, snapshot
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.times import iso, moment


def taken(number: int, at: float, status: str = "completed", **more: Any) -> dict[str, Any]:
    return snapshot_record(snapshot(status, at, number, **more), PROJECT, "prod", "dedicated")


OLD = taken(1, -9000)


@pytest.mark.parametrize(
    ("newer", "counts"),
    [
        (taken(2, -5000), True),
        # Unknown here, so it is left to Atlas to refuse it.
        (taken(2, -5000, expiresAt=None), True),
        (taken(2, -5000, expiresAt=iso(3599)), False),
        (taken(2, -5000, "failed"), False),
        (taken(2, -5000, snapshotType="fallback"), False),
    ],
)
def test_newest_assured_snapshot_is_chosen(newer: dict[str, Any], counts: bool) -> None:
    assert newest_assured([OLD, newer], moment(0), 3600) == (newer if counts else OLD)


def test_without_atlas_clock_no_snapshot_is_assured() -> None:
    assert newest_assured([OLD], None, 3600) is None
