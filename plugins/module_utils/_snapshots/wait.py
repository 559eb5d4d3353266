# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# Waiting for one snapshot: how often to look, what to believe, when to stop.

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

# Seconds between looks at one snapshot: soon at first, slower as it grows old, its end noticed within 3 s.
FIRST_GAP = 1.0
GAP_GROWTH = 0.3
LONGEST_GAP = 2.7
# With many clusters, each is looked at no sooner than so many seconds times their number after the last look: all of
# them together cost 25 requests a second at first, and less and less, down to 5, when a wait takes minutes.
GAP_PER_CLUSTER = 0.04
GAP_PER_CLUSTER_AND_SECOND = 0.0015
LONGEST_GAP_PER_CLUSTER = 0.2
# Seconds that Atlas may take to show a new snapshot at all; until then its 404 is not believed.
SHOWS_WITHIN = 60.0


class Pace:
    """How a task waits: how often it looks at its unfinished snapshots, and where it reports them.

    poll_interval: seconds between looks; None lets the pace follow the age of the wait and the number of clusters.
    """

    def __init__(self, poll_interval: float | None = None, progress: Progress | None = None) -> None:
        self._poll_interval = poll_interval
        self.progress = progress or Progress(1)
        self.waiting = 0
        # Whether somebody sleeps as short as if there was no other one.
        self._has_scout = False
        # Who sleeps until a look; the longest sleeper first.
        self._sleepers: dict[asyncio.Future[None], None] = {}

    async def sleep(self, looks: int, waited: float, most: float) -> bool:
        """Wait until the next look is due, or an end that was seen elsewhere makes an earlier one worth while.

        Whether it was the latter. One of a fleet is looked at as often as if it was alone: its end shows early that
        others may have ended too.
        """
        is_scout = not self._has_scout
        self._has_scout = True
        nudge: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._sleepers[nudge] = None
        try:
            await asyncio.wait_for(nudge, min(self.gap(looks, waited, alone=is_scout), most))
        except asyncio.TimeoutError:
            return False
        else:
            return True
        finally:
            self._has_scout = self._has_scout and not is_scout
            self._sleepers.pop(nudge, None)

    def end_seen(self, *, was_expected: bool = False) -> None:
        """Snapshots that were taken together tend to end together: the one not looked at for longest is next.

        was_expected: another end led to the look that has seen this one. Two are next then, so that a wave of ends is
        followed as fast as it comes.
        """
        if self._poll_interval is not None:
            return
        for longest in list(itertools.islice(self._sleepers, 2 if was_expected else 1)):
            del self._sleepers[longest]
            if not longest.done():
                longest.set_result(None)

    def gap(self, looks: int, waited: float, *, alone: bool = False) -> float:
        """Seconds before the next look at a snapshot that has been looked at so often, in so many seconds.

        alone: as if there was no other one.
        """
        if self._poll_interval is not None:
            return self._poll_interval
        each = min(max(GAP_PER_CLUSTER, GAP_PER_CLUSTER_AND_SECOND * waited), LONGEST_GAP_PER_CLUSTER)
        return max(min(FIRST_GAP + GAP_GROWTH * looks, LONGEST_GAP), 0.0 if alone else each * self.waiting)


class Snapshots(Protocol):
    """Where one snapshot can be looked at."""

    async def get(self, snapshot_id: str) -> Record:
        """The snapshot; raises RequestRefused with 404 when it is not there."""


class Gone(SnapshotTrouble):
    """The snapshot is not there: deleted meanwhile, or it never appeared."""


async def wait_for_end(
    snapshots: Snapshots,
    attempt: Attempt,
    deadline: Deadline,
    pace: Pace,
    *,
    seen: bool,
    in_the_way: bool = False,
) -> Record:
    """The snapshot of the attempt once nothing more will happen to it, completed or failed.

    seen: a look has already shown it; before that, a 404 is believed only after 60 s.
    in_the_way: it is somebody else's, and lines of progress say so.
    The attempt holds the snapshot as it was last seen. Raises Gone, OutOfTime, or the error of a look.
    """
    pace.waiting += 1
    try:
        return await _Wait(snapshots, attempt, deadline, pace, seen, in_the_way).to_the_end()
    finally:
        pace.waiting -= 1


class _Wait:
    def __init__(
        self,
        snapshots: Snapshots,
        attempt: Attempt,
        deadline: Deadline,
        pace: Pace,
        seen: bool,
        in_the_way: bool,
    ) -> None:
        self._snapshots = snapshots
        self._attempt = attempt
        self._deadline = deadline
        self._pace = pace
        self._seen = seen
        self._in_the_way = in_the_way
        # Looks in a row that have not found it.
        self._misses = 0
        self._began = now()

    @property
    def _record(self) -> Record:
        if self._attempt.record is None:
            raise AssertionError("there is nothing to wait for without a snapshot")
        return self._attempt.record

    async def to_the_end(self) -> Record:
        looks = 0
        self._pace.progress.report(self._record, in_the_way=self._in_the_way)
        while not is_ended(self._record):
            left = self._deadline.remaining()
            was_expected = await self._pace.sleep(looks, self._waited(), left)
            last_look = self._deadline.remaining() <= 0
            try:
                await self._look()
            except AtlasError as error:
                if not last_look or judge(error) is Verdict.FINAL:
                    raise
            looks += 1
            if is_ended(self._record):
                self._pace.end_seen(was_expected=was_expected)
            if last_look and not is_ended(self._record):
                raise out_of_time(
                    f"Snapshot {self._record['id']} was {self._record['status']} and not completed",
                    self._deadline,
                    f"Run again with snapshot_id={self._record['id']} to go on waiting for it: it is not lost.",
                )
        return self._record

    async def _look(self) -> None:
        try:
            self._attempt.record = await self._snapshots.get(self._record["id"])
        except RequestRefused as error:
            if not is_not_there(error):
                raise
            self._misses += 1
            # What was seen and is not there once may have been asked for at a server that is behind.
            believed = self._misses > 1 if self._seen else self._waited() >= SHOWS_WITHIN
            if believed:
                raise self._gone(error) from None
        else:
            self._seen, self._misses = True, 0
            self._pace.progress.report(self._record, in_the_way=self._in_the_way)

    def _waited(self) -> float:
        return now() - self._began

    def _gone(self, error: RequestRefused) -> Gone:
        what = "has been deleted meanwhile" if self._seen else f"has not appeared within {SHOWS_WITHIN:.0f} s"
        return Gone(
            f"Snapshot {self._record['id']} {what}: {error.message}",
            "Find out who deletes snapshots there, then run this again." if self._seen else error.hint,
            status_code=error.status_code,
            error_code=error.error_code,
        )
