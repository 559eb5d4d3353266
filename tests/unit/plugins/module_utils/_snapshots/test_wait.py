# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import asyncio
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.error_codes import next_step
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.errors import (
    AtlasError,
    NoAnswer,
    OutOfTime,
    RequestRefused,
)
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.retry import Deadline
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._attempts import Attempt
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._snapshots.dedicated import DedicatedSnapshots
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._snapshots.progress import Progress
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._snapshots.records import snapshot_record
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._snapshots.wait import Gone, Pace, wait_for_end
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.answers import (
    NOT_THERE,
    UNFINISHED,
    WRONG_FAMILY,
    ok,
    refused,
)
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.atlas import PROJECT, snapshot
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.bench import Bench, OneConnection, play
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.loop import elapsed, run
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.script import Script, look, look_sharded
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.times import minted

ID = minted()
LATENCY = 0.07


class Watched(OneConnection):
    """A service with one snapshot, whose answers depend on the time."""

    def __init__(self, shows: Callable[[float], Any]) -> None:
        self._shows = shows
        self.looks: list[float] = []

    async def send(self, request: Any, timeout: float) -> Any:
        if "/shardedCluster/" not in request.url:
            self.looks.append(elapsed())
        shown = self._shows(elapsed())
        if isinstance(shown, AtlasError):
            raise shown
        return ok(snapshot(shown)) if isinstance(shown, str) else shown


def waited(shows: Any, *, seen: bool = False, clusters: int = 1, **how: Any) -> tuple[Any, float]:
    """The final record and the time it took, given the answers by time; the pace is that of many clusters."""
    interval, begins = how.pop("poll_interval", None), how.pop("begins", 0.0)

    async def work(bench: Bench) -> tuple[Any, float]:
        await asyncio.sleep(begins)
        snapshots = DedicatedSnapshots(bench.api, "prod")
        bench.budget.extend_to_deadline()
        pace = Pace(interval)
        pace.waiting = clusters - 1
        # Another cluster is polled often.
        pace._one_polls_often = clusters > 1
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


def test_default_polls_are_a_second_apart_at_first_and_less_frequent_later() -> None:
    looks = looks_at(600)

    assert len([each for each in looks if each <= 20]) <= 12
    assert len([each for each in looks if each <= 60]) <= 25
    gaps = [looks[index + 1] - looks[index] for index in range(len(looks) - 1)]
    assert looks[0] <= 1
    assert gaps[0] < gaps[4] < gaps[8]
    assert gaps == sorted(gaps) or max(abs(gap - gaps[-1]) for gap in gaps[8:]) < 0.01


@pytest.mark.parametrize("end", [0.5, 1, 5, 7.3, 20, 61, 162, 599, 3000])
def test_end_is_noticed_within_3_s(end: float) -> None:
    _record, took = waited(lambda now: "completed" if now >= end else "inProgress")

    assert took + LATENCY <= end + 3


def test_many_clusters_are_polled_less_often_each() -> None:
    assert len(looks_at(100, clusters=200)) < len(looks_at(100)) / 2


def test_many_clusters_poll_with_5_requests_per_second_in_a_long_wait() -> None:
    gaps = [later - earlier for earlier, later in pairwise(looks_at(1200, clusters=100))]

    # 25 requests a second for all of them together at first, 5 at the end.
    assert gaps[0] == pytest.approx(4)
    assert gaps[-1] == pytest.approx(20)
    assert all(later >= earlier - 0.01 for earlier, later in pairwise(gaps))


@pytest.mark.parametrize("clusters", [1, 200])
def test_poll_interval_is_obeyed(clusters: int) -> None:
    assert looks_at(60, poll_interval=20, clusters=clusters) == [20, 40, 60]


@pytest.mark.parametrize("status", ["completed", "failed"])
def test_final_status_ends_the_wait(status: str) -> None:
    record, _took = waited(lambda now: status if now > 5 else "queued")

    assert (record["id"], record["status"]) == (ID, status)


def test_unknown_status_is_polled_again() -> None:
    record, took = waited(lambda now: "completed" if now > 100 else "hibernating")

    assert record["status"] == "completed"
    assert took > 100


@pytest.mark.parametrize("last", ["queued", "inProgress", "hibernating"])
def test_timeout_returns_the_last_seen_snapshot(last: str) -> None:
    with pytest.raises(OutOfTime, match=f"Snapshot {ID} was {last} .* within 50 s") as caught:
        waited(lambda _now: last, seconds=50)

    assert caught.value.record["status"] == last
    assert f"snapshot_id={ID}" in caught.value.hint


def test_last_poll_is_at_the_deadline() -> None:
    record, took = waited(lambda now: "completed" if now >= 50 else "inProgress", seconds=50)

    assert (record["status"], took) == ("completed", 50)


def test_no_poll_after_the_deadline() -> None:
    watched = Watched(lambda _now: "inProgress")
    with pytest.raises(OutOfTime):
        waited(watched, seconds=50, poll_interval=40)

    assert watched.looks == [40, 50]


def test_status_404_of_a_new_snapshot_is_ignored_for_a_minute() -> None:
    record, took = waited(lambda now: NOT_THERE if now < 55 else "completed" if now > 70 else "queued")

    assert record["status"] == "completed"
    assert took >= 70


def test_status_404_for_longer_than_a_minute_is_believed() -> None:
    watched = Watched(lambda _now: NOT_THERE)
    with pytest.raises(Gone, match="has not appeared within 60 s") as caught:
        waited(watched)

    assert caught.value.record["id"] == ID
    assert caught.value.hint == next_step(404, "SNAPSHOT_NOT_FOUND")
    assert watched.looks[-2] < 60 <= watched.looks[-1]


def test_minute_for_a_new_snapshot_begins_with_the_wait_for_it() -> None:
    record, _took = waited(lambda now: NOT_THERE if now < 1050 else "completed", begins=1000.0)

    assert record["status"] == "completed"


@pytest.mark.parametrize("seen", [True, False])
def test_status_404_from_both_families_is_believed_once_it_was_seen(seen: bool) -> None:
    with pytest.raises(Gone, match="has been deleted meanwhile") as caught:
        waited(lambda now: NOT_THERE if now > 10 else "inProgress", seen=seen)

    assert caught.value.record["status"] == "inProgress" if not seen else caught.value.record["id"] == ID
    assert (caught.value.status_code, caught.value.error_code) == (404, "SNAPSHOT_NOT_FOUND")
    assert caught.value.hint == "Find out who deletes snapshots of this cluster, then run this again."


def test_earlier_poll_counts_as_seen() -> None:
    watched = Watched(lambda _now: NOT_THERE)
    with pytest.raises(Gone, match="deleted meanwhile"):
        waited(watched, seen=True)

    assert len(watched.looks) == 2


@pytest.mark.parametrize("other", [NOT_THERE, WRONG_FAMILY])
def test_single_404_of_a_seen_snapshot_is_not_believed(other: Any) -> None:
    miss = (look(ID, NOT_THERE), look_sharded(ID, other))
    script = Script(look(ID, ok(snapshot())), *miss, look(ID, ok(snapshot("completed"))))

    assert waited(script)[0]["status"] == "completed"


def test_404s_with_a_success_between_them_are_not_believed() -> None:
    miss = (look(ID, NOT_THERE), look_sharded(ID, NOT_THERE))
    script = Script(*miss, look(ID, ok(snapshot())), *miss, look(ID, ok(snapshot("completed"))))

    assert waited(script, seen=True)[0]["status"] == "completed"


@pytest.mark.parametrize("trouble", [refused(503), NoAnswer("No answer within 30 s")])
def test_error_at_the_last_poll_is_a_timeout(trouble: Any) -> None:
    with pytest.raises(OutOfTime, match=f"Snapshot {ID} was inProgress .* within 50 s") as caught:
        waited(lambda now: trouble if now >= 50 else "inProgress", seconds=50)

    assert f"snapshot_id={ID}" in caught.value.hint


@pytest.mark.parametrize("trouble", [refused(503), refused(429), refused(200, "cut"), NoAnswer("reset")])
def test_temporary_error_is_retried_far_beyond_a_minute(trouble: Any) -> None:
    shown = trouble if isinstance(trouble, AtlasError) or trouble.status != 200 else ok({"cut": True})

    record, took = waited(lambda now: shown if 5 < now < 500 else "completed" if now > 600 else "inProgress")

    assert record["status"] == "completed"
    assert took < 604


def test_errors_until_the_deadline_return_the_snapshot() -> None:
    with pytest.raises(AtlasError, match="503") as caught:
        waited(lambda now: refused(503) if now > 5 else "inProgress", seconds=100)

    assert caught.value.record["status"] == "inProgress"


def test_final_refusal_ends_the_wait_and_returns_the_snapshot() -> None:
    with pytest.raises(RequestRefused) as caught:
        waited(lambda _now: UNFINISHED)

    assert caught.value.record["id"] == ID


def test_final_refusal_at_the_last_poll_is_reported_as_it_is() -> None:
    with pytest.raises(RequestRefused, match="ACCESS_FORBIDDEN"):
        waited(lambda now: refused(403, "ACCESS_FORBIDDEN") if now >= 50 else "inProgress", seconds=50)


def test_progress_shows_that_the_task_waits_for_another_snapshot() -> None:
    lines: list[str] = []

    async def work(bench: Bench) -> Any:
        snapshots = DedicatedSnapshots(bench.api, "prod")
        pace = Pace(progress=Progress(1, lines.append))
        attempt = Attempt("prod", snapshots.record(snapshot()))
        return await wait_for_end(snapshots, attempt, bench.deadline, pace, seen=True, in_the_way=True)

    play(Watched(lambda now: "completed" if now >= 50 else "inProgress"), work)

    assert [line.partition(",")[0] for line in lines] == [
        f"prod: waiting for another snapshot: {status}" for status in ("queued", "inProgress", "completed")
    ]


def test_finished_snapshot_is_not_polled() -> None:
    async def work(bench: Bench) -> Any:
        snapshots = DedicatedSnapshots(bench.api, "prod")
        attempt = Attempt("prod", snapshots.record(snapshot("completed")))
        return await wait_for_end(snapshots, attempt, bench.deadline, Pace(), seen=False)

    watched = Watched(lambda _now: "queued")
    assert play(watched, work)["status"] == "completed"
    assert watched.looks == []


def test_finished_snapshot_triggers_the_poll_of_the_one_polled_least_recently() -> None:
    """A hundred snapshots that end together are all noticed sooner than their poll gap allows."""
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
def test_wait_for_a_thousand_snapshots_ends_soon_after_the_last_one(latency: float, spread: float) -> None:
    """Eight connections, each answer takes a tenth of a second, and a snapshot ends 20 s after its request."""
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
def test_poll_interval_prevents_an_early_poll(poll_interval: float | None, woken: bool) -> None:
    async def work() -> bool:
        pace = Pace(poll_interval)
        pace.waiting = 100
        pace._one_polls_often = True
        sleeper = asyncio.ensure_future(pace.sleep(0, 0.0, 3600.0))
        await asyncio.sleep(2)
        pace.end_seen()
        await asyncio.sleep(0.1)
        return sleeper.done()

    assert run(work()) is woken


class Fleet:
    """One snapshot per cluster, which ends at its second; an answer takes a tenth of a second."""

    def __init__(self, ends: list[float]) -> None:
        self._ends = dict(zip((minted(number=number + 1) for number in range(len(ends))), ends, strict=True))
        self.polls: dict[str, list[float]] = {snapshot_id: [] for snapshot_id in self._ends}

    async def get(self, snapshot_id: str) -> dict[str, Any]:
        self.polls[snapshot_id].append(elapsed())
        await asyncio.sleep(0.1)
        status = "completed" if elapsed() >= self._ends[snapshot_id] else "inProgress"
        return snapshot_record(snapshot(status, id=snapshot_id), PROJECT, "prod", "dedicated")

    def polled(self, begin: float, end: float) -> list[int]:
        """How often each snapshot was polled between these seconds."""
        return [len([poll for poll in polls if begin <= poll < end]) for polls in self.polls.values()]

    def watch(self) -> None:
        """Wait for all of them in one task."""

        async def one(pace: Pace, snapshot_id: str) -> None:
            record = snapshot_record(snapshot("inProgress", id=snapshot_id), PROJECT, "prod", "dedicated")
            await wait_for_end(self, Attempt("prod", record), Deadline(3600, 30), pace, seen=True)

        async def all_of_them() -> None:
            pace = Pace()
            await asyncio.gather(*(one(pace, snapshot_id) for snapshot_id in self._ends))

        run(all_of_them())


def test_fleet_is_polled_at_25_requests_a_second_at_first() -> None:
    fleet = Fleet([100.0] * 200)
    fleet.watch()

    assert sorted(fleet.polled(0, 30))[100] <= 4


@pytest.mark.parametrize("count", [300, 1000])
def test_last_of_snapshots_that_end_in_groups_is_noticed_within_3_s(count: int) -> None:
    ends = [160 + 30 * (number % 7) / 7 for number in range(count)]
    fleet = Fleet(ends)
    fleet.watch()

    assert max(polls[-1] for polls in fleet.polls.values()) < max(ends) + 3


def test_end_of_a_snapshot_triggers_the_poll_of_one_other() -> None:
    fleet = Fleet([15.0, *[100.0] * 199])
    fleet.watch()

    first, *others = fleet.polls.values()
    noticed = first[-1] + 0.1
    assert len([poll for polls in others for poll in polls if poll == pytest.approx(noticed)]) == 1


def test_snapshots_that_end_together_are_noticed_together() -> None:
    fleet = Fleet([15.0] * 200)
    fleet.watch()

    assert max(polls[-1] for polls in fleet.polls.values()) < 15 + 3


def test_last_snapshots_of_a_fleet_are_polled_like_those_of_a_few_clusters() -> None:
    fleet = Fleet([*[15.0] * 198, 100.0, 100.0])
    fleet.watch()

    assert min(fleet.polled(30, 60)[-2:]) > 10
