# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# Polls a snapshot or restore job until it has ended, and decides how often to poll.

from __future__ import annotations

import asyncio
import itertools
from typing import Protocol

from .._atlas.clock import now
from .._atlas.errors import AtlasError, RequestRefused, SnapshotTrouble
from .._atlas.retry import Deadline, Verdict, judge, out_of_time
from .._attempts import Attempt
from .dedicated import is_not_there
from .progress import Progress
from .records import Record, is_ended

# Seconds between two polls of one snapshot: the gap grows up to 2.7 s, so that its end is noticed within 3 s.
FIRST_GAP = 1.0
GAP_GROWTH = 0.3
LONGEST_GAP = 2.7
# With many clusters, the polls of one cluster are at least this many seconds times the number of clusters apart: all
# together cost 25 requests a second at first, then fewer, down to 5 a second when a wait takes minutes.
GAP_PER_CLUSTER = 0.04
GAP_PER_CLUSTER_AND_SECOND = 0.0015
LONGEST_GAP_PER_CLUSTER = 0.2
# Seconds until Atlas returns every new snapshot; a 404 before that is ignored.
SHOWS_WITHIN = 60.0


class Pace:
    """How often a task polls its unfinished snapshots, and where it reports them.

    poll_interval: seconds between polls; None adapts to the duration of the wait and the number of clusters.
    """

    def __init__(self, poll_interval: float | None = None, progress: Progress | None = None) -> None:
        self._poll_interval = poll_interval
        self.progress = progress or Progress(1)
        self.waiting = 0
        # Whether one of the waits polls as often as for a single cluster.
        self._one_polls_often = False
        # Each ends one wait for the next poll early; in the order of their start.
        self._triggers: dict[asyncio.Future[None], None] = {}

    async def sleep(self, looks: int, waited: float, most: float) -> bool:
        """Wait until the next poll is due, or until the end of another snapshot triggers an earlier one.

        Returns whether it was triggered. One cluster of a fleet is polled as often as a single one: its end shows early
        that others may have ended too.
        """
        polls_often = not self._one_polls_often
        self._one_polls_often = True
        trigger: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._triggers[trigger] = None
        try:
            await asyncio.wait_for(trigger, min(self.gap(looks, waited, alone=polls_often), most))
        except asyncio.TimeoutError:
            return False
        else:
            return True
        finally:
            self._one_polls_often = self._one_polls_often and not polls_often
            self._triggers.pop(trigger, None)

    def end_seen(self, *, was_expected: bool = False) -> None:
        """Trigger the poll that has waited longest: snapshots that were taken together tend to end together.

        was_expected: whether this end was found by a triggered poll. Then two more are triggered, to keep up with many
        snapshots that end at once.
        """
        if self._poll_interval is not None:
            return
        for longest in list(itertools.islice(self._triggers, 2 if was_expected else 1)):
            del self._triggers[longest]
            if not longest.done():
                longest.set_result(None)

    def gap(self, looks: int, waited: float, *, alone: bool = False) -> float:
        """Seconds until the next poll of a snapshot. looks: polls so far. waited: seconds so far.

        alone: ignore the number of clusters.
        """
        if self._poll_interval is not None:
            return self._poll_interval
        each = min(max(GAP_PER_CLUSTER, GAP_PER_CLUSTER_AND_SECOND * waited), LONGEST_GAP_PER_CLUSTER)
        return max(min(FIRST_GAP + GAP_GROWTH * looks, LONGEST_GAP), 0.0 if alone else each * self.waiting)


class Records(Protocol):
    """A source of records by id: the snapshots of a cluster, or its restore jobs."""

    async def get(self, record_id: str, /) -> Record:
        """The record; raises RequestRefused with 404 if it does not exist."""


class Polling:
    """Polls the record of an attempt until it has ended; the attempt has the latest one."""

    def __init__(
        self, records: Records, attempt: Attempt, deadline: Deadline, pace: Pace, *, seen: bool = True
    ) -> None:
        """seen: whether its own endpoint has already returned it."""
        self._records = records
        self._attempt = attempt
        self._deadline = deadline
        self._pace = pace
        self._seen = seen
        # The number of successive 404s.
        self._misses = 0
        self._began = now()

    @property
    def _record(self) -> Record:
        if self._attempt.record is None:
            raise AssertionError("there is nothing to wait for without a record")
        return self._attempt.record

    async def to_the_end(self) -> Record:
        """The record when it has ended. Raises OutOfTime, or the error of a poll."""
        self._pace.waiting += 1
        try:
            return await self._poll()
        finally:
            self._pace.waiting -= 1

    async def _poll(self) -> Record:
        looks = 0
        self._report()
        while not self._is_ended():
            was_expected = await self._pace.sleep(looks, self._waited(), self._deadline.remaining())
            last_look = self._deadline.remaining() <= 0
            try:
                await self._look()
            except AtlasError as error:
                if not last_look or judge(error) is Verdict.FINAL:
                    raise
            looks += 1
            if self._is_ended():
                self._pace.end_seen(was_expected=was_expected)
            elif last_look:
                raise self._out_of_time()
        return self._record

    async def _look(self) -> None:
        try:
            self._attempt.record = await self._records.get(self._record["id"])
        except RequestRefused as error:
            if not is_not_there(error):
                raise
            self._misses += 1
            self._missed(error)
        else:
            self._seen, self._misses = True, 0
            self._report()

    def _waited(self) -> float:
        return now() - self._began

    def _is_ended(self) -> bool:
        raise NotImplementedError

    def _report(self) -> None:
        """Report the record as a progress line."""
        raise NotImplementedError

    def _missed(self, error: RequestRefused) -> None:
        """Handle a 404; raises an error to believe it."""
        raise NotImplementedError

    def _out_of_time(self) -> AtlasError:
        """The error for a record that has not ended in time."""
        raise NotImplementedError


class Gone(SnapshotTrouble):
    """The snapshot was deleted meanwhile, or it never appeared."""


async def wait_for_end(
    snapshots: Records,
    attempt: Attempt,
    deadline: Deadline,
    pace: Pace,
    *,
    seen: bool,
    in_the_way: bool = False,
) -> Record:
    """Wait until the snapshot of the attempt is completed or failed, and return its record.

    seen: whether its own endpoint has already returned it; if not, a 404 is believed only after 60 s.
    in_the_way: whether it is another snapshot that the task waits for; progress lines show that.
    The attempt has the latest record. Raises Gone, OutOfTime, or the error of a poll.
    """
    return await _Wait(snapshots, attempt, deadline, pace, seen=seen, in_the_way=in_the_way).to_the_end()


class _Wait(Polling):
    def __init__(
        self, snapshots: Records, attempt: Attempt, deadline: Deadline, pace: Pace, *, seen: bool, in_the_way: bool
    ) -> None:
        super().__init__(snapshots, attempt, deadline, pace, seen=seen)
        self._in_the_way = in_the_way

    def _is_ended(self) -> bool:
        return is_ended(self._record)

    def _report(self) -> None:
        self._pace.progress.report(self._record, in_the_way=self._in_the_way)

    def _missed(self, error: RequestRefused) -> None:
        # One 404 after a success may come from a replica that lags; believe the second.
        believed = self._misses > 1 if self._seen else self._waited() >= SHOWS_WITHIN
        if believed:
            raise self._gone(error) from None

    def _gone(self, error: RequestRefused) -> Gone:
        what = "has been deleted meanwhile" if self._seen else f"has not appeared within {SHOWS_WITHIN:.0f} s"
        return Gone(
            f"Snapshot {self._record['id']} {what}: {error.message}",
            "Find out who deletes snapshots of this cluster, then run this again." if self._seen else error.hint,
            status_code=error.status_code,
            error_code=error.error_code,
        )

    def _out_of_time(self) -> AtlasError:
        return out_of_time(
            f"Snapshot {self._record['id']} was {self._record['status']} and not completed",
            self._deadline,
            f"Run again with snapshot_id={self._record['id']} to wait for it: it continues in Atlas.",
        )
