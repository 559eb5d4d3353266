# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The promises, held against random schedules of faults, other people's snapshots, clocks and lost answers."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.retry import Deadline
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._attempts import Attempt, attempt_all
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._interruption import Interruption
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._results import taken_result
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._snapshots.outcome import Outcome
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._snapshots.records import same_description
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._snapshots.take import Taking
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._snapshots.take_plan import TakePlan
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._snapshots.wait import Pace
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.loop import timed
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.simulated import Blow, SimulatedAtlas

from .schedules import BLOWS, FAMILIES, any_of, many, service_of


class Other(NamedTuple):
    """Somebody else's POST: when, and with which description."""

    when: float
    description: str | None


@dataclass(frozen=True)
class Schedule:
    """One run: what is asked, what the service is like, and what happens meanwhile."""

    plan: TakePlan
    wait_timeout: float
    request_timeout: float
    service: dict[str, Any]
    sharded: bool
    blows: list[Blow]
    others: list[Other]


def is_decidable(schedule: Schedule) -> bool:
    """Without an idempotency key, a POST that is carried out after the look for it can be followed to one end only.

    Nothing tells it from somebody else's with the same description, and nothing stops a second late one.
    """
    late = sum(blow.late is not None for blow in schedule.blows)
    twins = any(same_description(description, schedule.plan.description) for _when, description in schedule.others)
    return late == 0 or (late == 1 and not twins)


LIFE = {
    "queued_seconds": (2.0, 10.0),
    "in_progress_seconds": (20.0, 60.0),
    "outcome": ("completed", "completed", "completed", "failed"),
    "list_lag_seconds": (0.0, 0.0, 4.0),
    "get_lag_seconds": (0.0, 0.0, 4.0, 20.0),
}


def schedules(sharded: bool) -> st.SearchStrategy[Schedule]:
    return st.builds(
        Schedule,
        plan=any_of(
            TakePlan,
            description=(None, "ours"),
            if_in_progress=("wait", "wait", "reuse", "fail"),
            max_age=(None, None, 600.0),
            wait=(True, True, False),
        ),
        wait_timeout=st.sampled_from((20.0, 100.0, 600.0)),
        request_timeout=st.sampled_from((5.0, 30.0)),
        service=any_of(dict, **LIFE, **FAMILIES),
        sharded=st.just(sharded),
        blows=st.lists(BLOWS, max_size=10),
        others=st.lists(
            any_of(Other, when=(0.0, 0.05, 1.0, 8.0, 31.0, 40.0, 70.0), description=(None, "", "ours", "theirs")),
            max_size=2,
        ),
    ).filter(is_decidable)


async def drive(schedule: Schedule) -> tuple[SimulatedAtlas, dict[str, Any]]:
    """Take one snapshot as the module does."""
    topology = "SHARDED" if schedule.sharded else "REPLICASET"
    atlas = SimulatedAtlas({"prod": {"topology": topology}}, schedule.blows, **schedule.service)
    for other in schedule.others:
        post = partial(atlas.take_by_somebody_else, description=other.description)
        asyncio.get_running_loop().call_later(other.when, post)
    await asyncio.sleep(0.01)
    service = service_of(atlas, Deadline(schedule.wait_timeout, schedule.request_timeout))

    async def take(attempt: Attempt) -> Outcome:
        taking = Taking(service.api, attempt, schedule.plan, Pace(), budget=service.budget, clock=service.clock)
        return await taking.take()

    outcomes = await attempt_all([Attempt("prod")], take, Interruption(lambda: False))
    return atlas, taken_result(outcomes, with_diff=False)


def check(schedule: Schedule) -> None:
    """Every promise, for one schedule."""
    (atlas, result), seconds = timed(drive(schedule))
    made = [snapshot.id for snapshot in atlas.taken()]

    assert len(made) <= 1, "two snapshots of ours"
    assert seconds <= schedule.wait_timeout + schedule.request_timeout + 1.0, "later than the deadline allows"
    if result.get("failed"):
        said = result["errors"][0]["msg"]
        for snapshot_id in made:
            assert snapshot_id in said or "may have been taken" in said, "a snapshot is lost"
        for snapshot_id in atlas.answered:
            assert snapshot_id in said, "an id that was known is lost"
            assert result["changed"]
        return
    record = result["snapshot"]
    there = atlas.snapshots()
    assert record["id"] in there, "a snapshot that is not there"
    assert made in ([], [record["id"]]), "another one than the result was made"
    if schedule.plan.wait:
        assert record["status"] == "completed", "green without completed"
        assert there[record["id"]].status(atlas.now()) == "completed"
    assert result["changed"] is not record["reused"]


@many(max_examples=4000)
@given(schedules(sharded=False))
def test_one_snapshot_of_a_replica_set_never_two_never_lost_never_silent(schedule: Schedule) -> None:
    check(schedule)


@many(max_examples=4000)
@given(schedules(sharded=True))
def test_one_snapshot_of_a_sharded_cluster_never_two_never_lost_never_silent(schedule: Schedule) -> None:
    check(schedule)


def test_a_look_that_took_long_is_renewed() -> None:
    """The POST hangs and is carried out after the first family's list, while the second has to be asked for twice."""
    blows = [Blow(kind="hang", late=2.0), Blow(), Blow(kind="status", works=False, retry_after=30)]
    service = {"queued_seconds": 2.0, "in_progress_seconds": 20.0}
    check(Schedule(TakePlan(), 100.0, 5.0, service, sharded=False, blows=blows, others=[]))
