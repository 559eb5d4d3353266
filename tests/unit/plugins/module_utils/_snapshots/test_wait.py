# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Sequence
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
    """The final record and the time it took, given the answers by time or a script.

    clusters: how many the task waits for; one of the others is polled as often as a single one.
    """
    interval, begins = how.pop("poll_interval", None), how.pop("begins", 0.0)

    async def work(bench: Bench) -> tuple[Any, float]:
        await asyncio.sleep(begins)
        snapshots = DedicatedSnapshots(bench.api, "prod")
        bench.budget.extend_to_deadline()
        pace = Pace(interval)
        pace.waiting = clusters - 1
        others = [asyncio.ensure_future(poll_often(pace))] if clusters > 1 else []
        await asyncio.sleep(0)
        attempt = Attempt("prod", snapshots.record(snapshot()))
        try:
            return await wait_for_end(snapshots, attempt, bench.deadline, pace, seen=seen), elapsed()
        except AtlasError as error:
            raise attempt.failure(error).error from None
        finally:
            pace.waiting = 0
            await asyncio.gather(*others)

    return play(Watched(shows) if callable(shows) else shows, work, **how)


async def poll_often(pace: Pace) -> None:
    while pace.waiting:
        await pace.sleep(0, 0.0, math.inf)


def looks_at(end: float, **how: Any) -> list[float]:
    watched = Watched(lambda now: "completed" if now >= end else "inProgress")
    waited(watched, **how)
    return watched.looks


def test_gap_between_polls_grows_and_then_stays_the_same() -> None:
    looks = looks_at(600)

    assert len([each for each in looks if each <= 20]) <= 12
    assert len([each for each in looks if each <= 60]) <= 25
    gaps = [later - earlier for earlier, later in pairwise(looks)]
    assert looks[0] <= 1
    assert gaps[0] < gaps[4]
    assert gaps[6:] == pytest.approx([gaps[6]] * len(gaps[6:]))


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


@pytest.mark.parametrize("seen", [True, False], ids=["before the wait", "by the first poll"])
def test_snapshot_that_was_returned_before_is_gone_after_two_404s(seen: bool) -> None:
    watched = Watched(lambda now: NOT_THERE if now > 10 else "inProgress")
    with pytest.raises(Gone, match="has been deleted meanwhile") as caught:
        waited(watched, seen=seen)

    assert len([look for look in watched.looks if look > 10]) == 2
    assert (caught.value.record["id"], caught.value.record["status"]) == (ID, "inProgress")
    assert (caught.value.status_code, caught.value.error_code) == (404, "SNAPSHOT_NOT_FOUND")
    assert caught.value.hint == "Find out who deletes snapshots of this cluster, then run this again."


def test_snapshot_seen_before_the_wait_is_gone_after_two_polls_without_it() -> None:
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


@pytest.mark.parametrize("trouble", [refused(503), refused(429), ok({"cut": True}), NoAnswer("reset")])
def test_temporary_error_is_retried_far_beyond_a_minute(trouble: Any) -> None:
    record, took = waited(lambda now: trouble if 5 < now < 500 else "completed" if now > 600 else "inProgress")

    assert record["status"] == "completed"
    assert 600 < took < 604


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


class Fleet:
    """One snapshot per cluster, which ends this many seconds after the start of its wait.

    latency: seconds for an answer, over one of the connections. gap: seconds between the starts of two waits.
    """

    def __init__(
        self, durations: Sequence[float], *, latency: float = 0.1, connections: int = 1000, gap: float = 0.0
    ) -> None:
        ids = [minted(number=number + 1) for number in range(len(durations))]
        self._durations = dict(zip(ids, durations, strict=True))
        self._latency, self._gap = latency, gap
        self._connections = asyncio.Semaphore(connections)
        self.ends: dict[str, float] = {}
        self.polls: dict[str, list[float]] = {snapshot_id: [] for snapshot_id in ids}
        self.noticed: dict[str, float] = {}

    async def get(self, snapshot_id: str) -> dict[str, Any]:
        self.polls[snapshot_id].append(elapsed())
        async with self._connections:
            await asyncio.sleep(self._latency)
        status = "completed" if elapsed() >= self.ends[snapshot_id] else "inProgress"
        return snapshot_record(snapshot(status, id=snapshot_id), PROJECT, "prod", "dedicated")

    def polled(self, begin: float, end: float) -> list[int]:
        """How often each snapshot was polled between these seconds."""
        return [len([poll for poll in polls if begin <= poll < end]) for polls in self.polls.values()]

    def watch(self, poll_interval: float | None = None) -> float:
        """Wait for all of them in one task; return the seconds from the last end until every end was noticed."""

        async def one(pace: Pace, snapshot_id: str, begins: float) -> None:
            await asyncio.sleep(begins)
            self.ends[snapshot_id] = elapsed() + self._durations[snapshot_id]
            record = snapshot_record(snapshot("inProgress", id=snapshot_id), PROJECT, "prod", "dedicated")
            await wait_for_end(self, Attempt("prod", record), Deadline(3600, 30), pace, seen=True)
            self.noticed[snapshot_id] = elapsed()

        async def all_of_them() -> None:
            pace = Pace(poll_interval)
            await asyncio.gather(*(one(pace, each, place * self._gap) for place, each in enumerate(self._durations)))

        run(all_of_them())
        return max(self.noticed.values()) - max(self.ends.values())

    def polled_at(self, moment: float) -> list[str]:
        """The snapshots that were polled at this moment."""
        return [each for each, polls in self.polls.items() if moment in map(pytest.approx, polls)]


def test_fleet_is_polled_at_25_requests_a_second_at_first() -> None:
    fleet = Fleet([100.0] * 200)
    fleet.watch()

    assert sorted(fleet.polled(0, 30))[100] <= 4


@pytest.mark.parametrize("count", [300, 1000])
def test_last_of_snapshots_that_end_in_groups_is_noticed_within_3_s(count: int) -> None:
    ends = [160 + 30 * (number % 7) / 7 for number in range(count)]

    assert Fleet(ends).watch() < 3


def test_end_of_a_snapshot_triggers_the_poll_of_the_one_polled_least_recently() -> None:
    fleet = Fleet([15.0, *[100.0] * 199], gap=0.03)
    fleet.watch()

    first, *others = fleet.polls
    noticed = fleet.noticed[first]
    latest = {each: max(poll for poll in fleet.polls[each] if poll < noticed - 0.001) for each in others}
    assert fleet.polled_at(noticed) == [min(latest, key=lambda each: latest[each])]


def test_end_of_a_snapshot_triggers_no_poll_if_poll_interval_is_set() -> None:
    fleet = Fleet([15.0, *[100.0] * 199], gap=0.03)
    fleet.watch(poll_interval=20.0)

    assert fleet.polled_at(fleet.noticed[next(iter(fleet.polls))]) == []


def test_snapshots_that_end_together_are_noticed_together() -> None:
    assert Fleet([15.0] * 200).watch() < 3


def test_last_snapshots_of_a_fleet_are_polled_like_those_of_a_few_clusters() -> None:
    fleet = Fleet([*[15.0] * 198, 100.0, 100.0])
    fleet.watch()

    assert min(fleet.polled(30, 60)[-2:]) > 10


@pytest.mark.parametrize(("latency", "spread"), [(0.1, 0.0), (0.1, 2.0), (0.06, 0.0)])
def test_wait_for_a_thousand_snapshots_ends_within_8_s_of_the_last_one(latency: float, spread: float) -> None:
    """The snapshots are taken over eight connections too, so they end one after the other."""
    durations = [20 + spread * (number % 7) / 7 for number in range(1000)]

    assert Fleet(durations, latency=latency, connections=8, gap=latency / 8).watch() < 8
