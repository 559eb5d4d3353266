# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._restores.safety import holds_old_data, kept_for
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.rollback import (
    DAY,
    backup,
    before_rollback,
    job,
)
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.times import iso

# The restore began 300 s ago.
JOB = job(backup(), at=-300.0)


@pytest.mark.parametrize(
    ("snapshot", "holds"),
    [
        # Completed 159 s after the request.
        (before_rollback(at=-1000.0), True),
        (before_rollback(at=-459.0), True),
        (before_rollback(at=-450.0), False),
        (before_rollback(at=-200.0), False),
        (before_rollback(status="inProgress"), False),
        (before_rollback(created_at=None), False),
        # Extended since then, so expiry counts from createdAt.
        (before_rollback(at=-450.0, expires_at=iso(-450.0 + 86 + 30 * DAY)), True),
        (before_rollback(at=-1000.0, expires_at=None), True),
        # An expiry before the creation does not show when it completed.
        (before_rollback(at=-450.0, expires_at=iso(-500.0)), True),
    ],
)
def test_only_a_snapshot_completed_before_the_job_began_has_the_old_data(snapshot: Any, holds: bool) -> None:
    assert holds_old_data(snapshot, JOB) is holds


def test_no_snapshot_has_the_old_data_if_the_start_of_the_job_is_unknown() -> None:
    assert holds_old_data(before_rollback(at=-1000.0), {**JOB, "id": None, "created_at": None}) is False


def test_newest_safety_snapshot_before_the_job_is_kept() -> None:
    snapshots = [
        before_rollback(at=-5000.0, number=1),
        before_rollback(at=-2000.0, number=2),
        before_rollback(at=-100.0, number=3),
        before_rollback(at=-1000.0, number=4, description="Before maintenance"),
        before_rollback(at=-900.0, number=5, snapshot_type="scheduled"),
        before_rollback(at=-800.0, number=6, status="failed"),
    ]
    kept = kept_for(JOB, snapshots)
    assert kept == snapshots[1]
    assert kept_for(JOB, snapshots[2:]) is None
