# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An existing snapshot is deleted, extended, or the task fails in time, under random schedules."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.retry import Deadline
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._attempts import Attempt
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._interruption import CHECK_EVERY
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._results import taken_result
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._snapshots.deletion import Deletion
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._snapshots.existing import Existing
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._snapshots.outcome import Outcome
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._snapshots.wait import Pace
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.loop import timed
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.simulated import Blow, SimulatedAtlas

from .schedules import BLOWS, FAMILIES, ODD_ANSWERS, any_kind, any_of, many, service_of, until_vanished, vanishing

DAYS = 9


@dataclass(frozen=True)
class Schedule:
    """One run on one snapshot: whether it is deleted or extended, its age, and the events meanwhile."""

    delete: bool
    age: float
    sharded: bool
    wait_timeout: float
    service: dict[str, Any]
    blows: list[Blow]
    # When the caller goes away; None for never.
    vanishes: float | None


SCHEDULE = st.builds(
    lambda circumstances, **more: Schedule(**circumstances, **more),
    circumstances=any_of(
        dict,
        delete=(False, True),
        age=(5.0, 200.0),
        sharded=(False, True),
        wait_timeout=(20.0, 600.0),
        vanishes=(None, None, None, 0.0, 0.1, 5.0, 110.0),
    ),
    service=any_of(dict, **FAMILIES),
    blows=st.lists(any_kind(*BLOWS, *ODD_ANSWERS), max_size=8),
)


async def drive(schedule: Schedule) -> tuple[SimulatedAtlas, str, dict[str, Any]]:
    topology = "SHARDED" if schedule.sharded else "REPLICASET"
    life = {"queued_seconds": 5.0, "in_progress_seconds": 100.0}
    atlas = SimulatedAtlas({"prod": {"topology": topology}}, schedule.blows, **schedule.service, **life)
    snapshot = atlas.has(taken_at=-schedule.age)
    await asyncio.sleep(0.01)
    interruption = vanishing(schedule.vanishes)
    service = service_of(atlas, Deadline(schedule.wait_timeout, 5.0), interruption)

    async def work(attempt: Attempt) -> Outcome:
        if schedule.delete:
            return await Deletion(service.api, attempt, snapshot.id, service.budget).delete(look_first=False)
        existing = Existing(
            service.api,
            attempt,
            snapshot.id,
            Pace(),
            budget=service.budget,
            clock=service.clock,
            check_mode=False,
        )
        return await existing.hold(DAYS, wait=True)

    outcomes = await until_vanished(interruption, work)
    return atlas, snapshot.id, taken_result(outcomes, with_diff=True)


@many(200)
@given(SCHEDULE)
def test_snapshot_is_deleted_or_extended_or_the_task_fails_in_time(schedule: Schedule) -> None:
    (atlas, snapshot_id, result), seconds = timed(drive(schedule))
    there = atlas.snapshots().get(snapshot_id)

    json.dumps(result)
    assert seconds <= schedule.wait_timeout + 5.0 + 1.0, "later than the deadline allows"
    if schedule.vanishes is not None:
        assert max(atlas.writes, default=0.0) <= schedule.vanishes, "sent a write after the caller had gone"
        assert seconds <= schedule.vanishes + CHECK_EVERY + 1.0, "continues without its caller"
    if result.get("failed"):
        assert snapshot_id in result["msg"], "the message does not name the snapshot"
        assert there or f"{snapshot_id} may have been deleted" in result["msg"], "an uncertain deletion is not reported"
    elif schedule.delete:
        assert not there, "succeeded without deleting"
        assert result["changed"], "deleted without changed"
    else:
        assert result["snapshot"]["status"] == "completed"
        assert there is not None
        kept = there.expiry(atlas.now()) - there.created_at
        assert DAYS * 86400.0 - 60.0 <= kept < (DAYS + 1) * 86400.0, "succeeded without extending"
