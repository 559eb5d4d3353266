# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import asyncio
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.errors import (
    AtlasError,
    NoAnswer,
    OutOfTime,
    RequestRefused,
)
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._attempts import Attempt
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._snapshots.dedicated import DedicatedSnapshots
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._snapshots.wait import Gone, Pace, wait_for_end
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.atlas import (
    NOT_THERE,
    UNFINISHED,
    WRONG_FAMILY,
    minted,
    ok,
    refused,
    snapshot,
)
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.bench import Bench, play
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.loop import elapsed, run
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.script import Script, look, look_sharded

ID = minted()
LATENCY = 0.07


class Watched:
    """A service with one snapshot, which looks different as time goes by."""

    access_token = "given-token"

    def __init__(self, shows: Callable[[float], Any]) -> None:
        self._shows = shows
        self.looks: list[float] = []

    def connect(self) -> Any:
        return self

    def check(self) -> None:
        """Any number of looks is fine."""

    def close(self) -> None:
        """Nothing to give back."""

    async def send(self, request: Any, timeout: float) -> Any:
        if "/shardedCluster/" not in request.url:
            self.looks.append(elapsed())
        shown = self._shows(elapsed())
        if isinstance(shown, AtlasError):
            raise shown
        return ok(snapshot(shown)) if isinstance(shown, str) else shown


def waited(shows: Any, *, seen: bool = False, clusters: int = 1, **how: Any) -> tuple[Any, float]:
    """The record in the end and how long it took, with what is shown when, or another end; the pace is a fleet's."""
    interval = how.pop("poll_interval", None)

    async def work(bench: Bench) -> tuple[Any, float]:
        snapshots = DedicatedSnapshots(bench.api, "prod")
        bench.budget.extend_to_deadline()
        pace = Pace(interval)
        pace.waiting = clusters - 1
        # Another one of the fleet is looked at often.
        pace._has_scout = clusters > 1
        attempt = Attempt("prod", snapshots.record(snapshot()))
        try:
            return await wait_for_end(snapshots, attempt, bench.deadline, pace, seen=seen), elapsed()
        except AtlasError as error:
            raise attempt.failure(error).error from None

    return play(Watched(shows) if callable(shows) else shows, work, **how)


def looks_at(end: float, **how: Any) -> list[float]:
    watched = Watched(lambda now: "completed" if now >= end else "inProgress")
    waited(watched, **how)
    return watched.looks


def test_the_pace_left_to_itself() -> None:
    looks = looks_at(600)

    assert len([each for each in looks if each <= 20]) <= 12
    assert len([each for each in looks if each <= 60]) <= 25
    gaps = [looks[index + 1] - looks[index] for index in range(len(looks) - 1)]
    assert looks[0] <= 1
    assert gaps[0] < gaps[4] < gaps[8]
    assert gaps == sorted(gaps) or max(abs(gap - gaps[-1]) for gap in gaps[8:]) < 0.01


@pytest.mark.parametrize("end", [0.5, 1, 5, 7.3, 20, 61, 162, 599, 3000])
def test_the_end_is_noticed_within_3_s(end: float) -> None:
    _record, took = waited(lambda now: "completed" if now >= end else "inProgress")

    assert took + LATENCY <= end + 3


def test_a_fleet_looks_less_often_each() -> None:
    assert len(looks_at(100, clusters=200)) < len(looks_at(100)) / 2


def test_a_fleet_that_waits_for_minutes_leaves_the_allowance_to_others() -> None:
    gaps = [later - earlier for earlier, later in pairwise(looks_at(1200, clusters=100))]

    # 25 requests a second for all of them together at first, 5 in the end.
    assert gaps[0] == pytest.approx(4)
    assert gaps[-1] == pytest.approx(20)
    assert all(later >= earlier - 0.01 for earlier, later in pairwise(gaps))


@pytest.mark.parametrize("clusters", [1, 200])
def test_poll_interval_is_kept(clusters: int) -> None:
    assert looks_at(60, poll_interval=20, clusters=clusters) == [20, 40, 60]


@pytest.mark.parametrize("status", ["completed", "failed"])
def test_an_end_is_an_end(status: str) -> None:
    record, _took = waited(lambda now: status if now > 5 else "queued")

    assert (record["id"], record["status"]) == (ID, status)


def test_an_unknown_status_is_waited_on() -> None:
    record, took = waited(lambda now: "completed" if now > 100 else "hibernating")

    assert record["status"] == "completed"
    assert took > 100


@pytest.mark.parametrize("last", ["queued", "inProgress", "hibernating"])
def test_out_of_time_carries_the_snapshot_as_it_was_last(last: str) -> None:
    with pytest.raises(OutOfTime, match=f"Snapshot {ID} was {last} .* within 50 s") as caught:
        waited(lambda _now: last, seconds=50)

    assert caught.value.record["status"] == last
    assert f"snapshot_id={ID}" in caught.value.hint


def test_the_last_look_comes_at_the_end_of_the_time() -> None:
    record, took = waited(lambda now: "completed" if now >= 50 else "inProgress", seconds=50)

    assert (record["status"], took) == ("completed", 50)


def test_no_look_comes_after_the_time() -> None:
    watched = Watched(lambda _now: "inProgress")
    with pytest.raises(OutOfTime):
        waited(watched, seconds=50, poll_interval=40)

    assert watched.looks == [40, 50]


def test_a_404_before_the_first_sight_is_not_believed_for_a_minute() -> None:
    record, took = waited(lambda now: NOT_THERE if now < 55 else "completed" if now > 70 else "queued")

    assert record["status"] == "completed"
    assert took >= 70


def test_a_404_for_longer_than_a_minute_is_believed() -> None:
    watched = Watched(lambda _now: NOT_THERE)
    with pytest.raises(Gone, match="has not appeared within 60 s") as caught:
        waited(watched)

    assert caught.value.record["id"] == ID
    assert watched.looks[-2] < 60 <= watched.looks[-1]


@pytest.mark.parametrize("seen", [True, False])
def test_once_it_was_seen_a_404_from_both_families_is_the_end(seen: bool) -> None:
    with pytest.raises(Gone, match="has been deleted meanwhile") as caught:
        waited(lambda now: NOT_THERE if now > 10 else "inProgress", seen=seen)

    assert caught.value.record["status"] == "inProgress" if not seen else caught.value.record["id"] == ID
    assert (caught.value.status_code, caught.value.error_code) == (404, "SNAPSHOT_NOT_FOUND")


def test_seen_before_the_wait_counts() -> None:
    watched = Watched(lambda _now: NOT_THERE)
    with pytest.raises(Gone, match="deleted meanwhile"):
        waited(watched, seen=True)

    assert len(watched.looks) == 2


@pytest.mark.parametrize("other", [NOT_THERE, WRONG_FAMILY])
def test_one_miss_of_what_was_seen_is_not_believed(other: Any) -> None:
    miss = (look(ID, NOT_THERE), look_sharded(ID, other))
    script = Script(look(ID, ok(snapshot())), *miss, look(ID, ok(snapshot("completed"))))

    assert waited(script)[0]["status"] == "completed"


@pytest.mark.parametrize("trouble", [refused(503), NoAnswer("No answer within 30 s")])
def test_trouble_with_the_last_look_is_out_of_time(trouble: Any) -> None:
    with pytest.raises(OutOfTime, match=f"Snapshot {ID} was inProgress .* within 50 s") as caught:
        waited(lambda now: trouble if now >= 50 else "inProgress", seconds=50)

    assert f"snapshot_id={ID}" in caught.value.hint


@pytest.mark.parametrize("trouble", [refused(503), refused(429), refused(200, "cut"), NoAnswer("reset")])
def test_passing_trouble_is_waited_out_far_beyond_a_minute(trouble: Any) -> None:
    shown = trouble if isinstance(trouble, AtlasError) or trouble.status != 200 else ok({"cut": True})

    record, took = waited(lambda now: shown if 5 < now < 500 else "completed" if now > 600 else "inProgress")

    assert record["status"] == "completed"
    assert took < 604


def test_trouble_until_the_end_carries_the_snapshot() -> None:
    with pytest.raises(AtlasError, match="503") as caught:
        waited(lambda now: refused(503) if now > 5 else "inProgress", seconds=100)

    assert caught.value.record["status"] == "inProgress"


def test_a_final_refusal_ends_the_wait_and_carries_the_snapshot() -> None:
    with pytest.raises(RequestRefused) as caught:
        waited(lambda _now: UNFINISHED)

    assert caught.value.record["id"] == ID


def test_what_has_ended_is_not_looked_at() -> None:
    async def work(bench: Bench) -> Any:
        snapshots = DedicatedSnapshots(bench.api, "prod")
        attempt = Attempt("prod", snapshots.record(snapshot("completed")))
        return await wait_for_end(snapshots, attempt, bench.deadline, Pace(), seen=False)

    watched = Watched(lambda _now: "queued")
    assert play(watched, work)["status"] == "completed"
    assert watched.looks == []


def test_an_end_wakes_the_one_not_looked_at_for_longest() -> None:
    """A hundred that end together are all seen sooner than the gap of so many lets each look by itself."""
    seen: list[float] = []

    async def one(pace: Pace, begins: float) -> None:
        loop = asyncio.get_running_loop()
        await asyncio.sleep(begins)
        pace.waiting += 1
        while loop.time() < 20:
            await pace.sleep(9, 0.0, 3600.0)
        pace.end_seen()
        seen.append(loop.time() - 20)

    async def all_of_them() -> None:
        pace = Pace()
        await asyncio.gather(*(one(pace, number * 0.02) for number in range(100)))

    run(all_of_them())

    assert len(seen) == 100
    assert max(seen) < 2.1


@pytest.mark.parametrize(("latency", "spread"), [(0.1, 0.0), (0.1, 2.0), (0.06, 0.0)])
def test_fleet_of_a_thousand_ends_soon_after_its_last_snapshot(latency: float, spread: float) -> None:
    """Eight connections, each answer takes a tenth of a second, and a snapshot ends 20 s after it was asked for."""
    late: list[float] = []

    async def one(pace: Pace, connections: asyncio.Semaphore, number: int) -> None:
        async def request() -> float:
            async with connections:
                await asyncio.sleep(latency)
            return elapsed()

        began = await request()
        ends = began + 20 + spread * (number % 7) / 7
        pace.waiting += 1
        looks, is_ended = 0, False
        while not is_ended:
            was_expected = await pace.sleep(looks, elapsed() - began, 3600.0)
            is_ended = await request() >= ends
            looks += 1
        pace.waiting -= 1
        pace.end_seen(was_expected=was_expected)
        late.append(elapsed())
        last_end[0] = max(last_end[0], ends)

    last_end = [0.0]

    async def fleet() -> None:
        pace, connections = Pace(), asyncio.Semaphore(8)
        await asyncio.gather(*(one(pace, connections, number) for number in range(1000)))

    run(fleet())

    assert max(late) - last_end[0] < 10


@pytest.mark.parametrize(("poll_interval", "woken"), [(None, True), (5.0, False)])
def test_nobody_is_woken_against_poll_interval(poll_interval: float | None, woken: bool) -> None:
    async def work() -> bool:
        pace = Pace(poll_interval)
        pace.waiting = 100
        pace._has_scout = True
        sleeper = asyncio.ensure_future(pace.sleep(0, 0.0, 3600.0))
        await asyncio.sleep(2)
        pace.end_seen()
        await asyncio.sleep(0.1)
        return sleeper.done()

    assert run(work()) is woken
