# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The promises about snapshots, under random schedules of faults, snapshots of other users, clocks and lost answers."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas import pages
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.retry import Deadline
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._attempts import Attempt
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._interruption import CHECK_EVERY
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._results import taken_result
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._snapshots.outcome import Outcome
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._snapshots.records import same_description
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._snapshots.take import LAST_ANSWER, Taking
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._snapshots.take_plan import TakePlan
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._snapshots.wait import Pace
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.loop import timed
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.simulated import Blow, SimulatedAtlas

from .schedules import BLOWS, FAMILIES, ODD_ANSWERS, any_kind, any_of, many, service_of, until_vanished, vanishing


class Other(NamedTuple):
    """Another user's POST: when, and with which description."""

    when: float
    description: str | None


@dataclass(frozen=True)
class Schedule:
    """One run: its options, the behaviour of the service, and the events meanwhile."""

    plan: TakePlan
    wait_timeout: float
    request_timeout: float
    service: dict[str, Any]
    sharded: bool
    blows: list[Blow]
    others: list[Other]
    # Old snapshots, and the number of items on a page of the list.
    history: int = 0
    page_size: int = 500
    # When the caller goes away; None for never.
    vanishes: float | None = None


def is_decidable(schedule: Schedule) -> bool:
    """Without an idempotency key, some late POSTs cannot be recognized.

    A POST executed after the list was read looks like another user's with the same description, and a second late one
    cannot be prevented. If a cache answers a POST with the refusal of another request, the module believes it.
    """
    late = sum(blow.late is not None for blow in schedule.blows)
    twins = any(same_description(description, schedule.plan.description) for _when, description in schedule.others)
    mixed_up = any(blow.fault and blow.fault["kind"] == "wrong_document" for blow in schedule.blows)
    refuses = schedule.sharded and schedule.service["sharded_on_replica_set_address"] != "answers"
    return (late == 0 or (late == 1 and not twins)) and not (mixed_up and refuses)


LIFE = {
    "queued_seconds": (2.0, 10.0),
    "in_progress_seconds": (20.0, 60.0),
    "outcome": ("completed", "completed", "completed", "failed"),
    "list_lag_seconds": (0.0, 0.0, 4.0),
    "get_lag_seconds": (0.0, 0.0, 4.0, 20.0),
}


def schedules(sharded: bool) -> st.SearchStrategy[Schedule]:
    return st.builds(
        lambda circumstances, **more: Schedule(sharded=sharded, **circumstances, **more),
        plan=any_of(
            TakePlan,
            description=(None, "ours"),
            if_in_progress=("wait", "wait", "reuse", "fail"),
            max_age=(None, None, 600.0),
            wait=(True, True, False),
        ),
        circumstances=any_of(
            dict,
            wait_timeout=(20.0, 100.0, 600.0),
            request_timeout=(5.0, 30.0),
            history=(0, 1, 3, 6),
            page_size=(2, 3, 500),
            vanishes=(None, None, None, 0.0, 0.1, 1.0, 9.0, 33.0),
        ),
        service=any_of(dict, **LIFE, **FAMILIES),
        blows=st.lists(any_kind(*BLOWS, *ODD_ANSWERS), max_size=10),
        others=st.lists(
            any_of(Other, when=(0.0, 0.05, 1.0, 8.0, 31.0, 40.0, 70.0), description=(None, "", "ours", "theirs")),
            max_size=2,
        ),
    ).filter(is_decidable)


async def drive(schedule: Schedule) -> tuple[SimulatedAtlas, dict[str, Any]]:
    """Take one snapshot as the module does."""
    topology = "SHARDED" if schedule.sharded else "REPLICASET"
    atlas = SimulatedAtlas({"prod": {"topology": topology}}, schedule.blows, **schedule.service)
    for number in range(schedule.history):
        atlas.has(taken_at=-7200.0 - number, description=("ours", "theirs")[number % 2])
    for other in schedule.others:
        post = partial(atlas.take_by_somebody_else, description=other.description)
        asyncio.get_running_loop().call_later(other.when, post)
    await asyncio.sleep(0.01)
    interruption = vanishing(schedule.vanishes)
    service = service_of(atlas, Deadline(schedule.wait_timeout, schedule.request_timeout), interruption)

    async def take(attempt: Attempt) -> Outcome:
        taking = Taking(service.api, attempt, schedule.plan, Pace(), budget=service.budget, clock=service.clock)
        return await taking.take()

    outcomes = await until_vanished(interruption, take)
    return atlas, taken_result(outcomes, with_diff=True)


def check(schedule: Schedule) -> None:
    """Check every promise for one schedule."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pages, "PAGE_SIZE", schedule.page_size)
        (atlas, result), seconds = timed(drive(schedule))
    made = [snapshot.id for snapshot in atlas.taken()]

    json.dumps(result)
    assert len(made) <= 1, "two snapshots of ours"
    assert seconds <= schedule.wait_timeout + schedule.request_timeout + 1.0, "later than the deadline allows"
    if schedule.vanishes is not None:
        assert max(atlas.writes, default=0.0) <= schedule.vanishes, "sent a write after the caller had gone"
        assert seconds <= schedule.vanishes + CHECK_EVERY + LAST_ANSWER + 1.0, "continues without its caller"
    if result.get("failed"):
        said = result["errors"][0]["msg"]
        for snapshot_id in made:
            assert snapshot_id in said or "may have been taken" in said, "a snapshot is not reported"
        for snapshot_id in [each for each in made if each in atlas.answered]:
            assert snapshot_id in said, "a known id is not reported"
            assert result["changed"]
        return
    record = result["snapshot"]
    there = atlas.snapshots()
    assert record["id"] in there, "returned a snapshot that does not exist"
    assert made in ([], [record["id"]]), "took another snapshot than the result"
    if schedule.plan.wait:
        assert record["status"] == "completed", "succeeded without completed"
        assert there[record["id"]].status(atlas.now()) == "completed"
    assert result["changed"] is not record["reused"]


@many(400)
@given(schedules(sharded=False))
def test_replica_set_gets_one_snapshot_never_two_never_lost(schedule: Schedule) -> None:
    check(schedule)


@many(400)
@given(schedules(sharded=True))
def test_sharded_cluster_gets_one_snapshot_never_two_never_lost(schedule: Schedule) -> None:
    check(schedule)


def test_list_that_took_too_long_is_read_again() -> None:
    """The POST hangs and takes effect after the first family's list, while the list of the second needs a retry."""
    blows = [Blow(kind="hang", late=2.0), Blow(), Blow(kind="status", works=False, retry_after=30)]
    service = {"queued_seconds": 2.0, "in_progress_seconds": 20.0}
    check(Schedule(TakePlan(), 100.0, 5.0, service, sharded=False, blows=blows, others=[]))
