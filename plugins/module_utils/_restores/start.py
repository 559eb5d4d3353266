# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# Starts one restore, never two: after an uncertain answer the source's jobs decide.

from __future__ import annotations

import asyncio
from collections.abc import Collection
from datetime import timedelta

from .._atlas.clock import AtlasClock, Moment
from .._atlas.error_codes import RESTORE_IN_PROGRESS
from .._atlas.errors import AtlasError, NoAnswer, NoDate
from .._atlas.object_id import minted_at
from .._atlas.retry import RetryBudget, Verdict, judge, leaves_doubt
from .._snapshots.records import Record
from .attempt import RestoreAttempt
from .earlier_jobs import in_the_way
from .jobs import SourceJobs
from .judgement import Holds
from .records import is_running, newest_first, overwrites
from .spec import Match, RestoreSpec

# Seconds between the two lists that have to be without our job before the POST goes again.
BETWEEN_LISTS = 30.0
# A Date has no fractions, and clocks of one service differ a little: as recorded, an id was a second ahead.
CLOCK_SLACK = timedelta(seconds=2)


class Starting:
    """The starting of one restore.

    known: the ids of jobs that were there before, none of which can be ours.
    """

    def __init__(
        self,
        jobs: SourceJobs,
        spec: RestoreSpec,
        attempt: RestoreAttempt,
        *,
        known: Collection[str],
        budget: RetryBudget,
        clock: AtlasClock,
    ) -> None:
        self._jobs = jobs
        self._spec = spec
        self._attempt = attempt
        self._known = known
        self._budget = budget
        self._clock = clock
        self._retries = budget.new_request()
        # When the first POST of uncertain outcome went out.
        self._first_doubt: Moment | None = None

    async def start(self) -> None:
        """Start the restore; the attempt has the job then, which may be one that somebody else has just started."""
        while self._attempt.record is None:
            sent = self._clock.moment()
            # From here on the work may be cancelled at any time, with the request on its way.
            self._attempt.may_have_started()
            try:
                self._has_started(self._checked(await self._jobs.start(self._spec), sent))
            except AtlasError as error:
                await self._after_failed_post(error, error.sent or sent)

    def _checked(self, record: Record, sent: Moment) -> Record:
        """The record, unless the answer is an old one: about a job that was there before the POST."""
        then, minted = self._clock.time_of(sent), minted_at(record["id"])
        if record["id"] in self._known or (then and minted and minted < then - CLOCK_SLACK):
            raise NoAnswer(f"Atlas answered about an earlier restore job ({record['id']})", "Run this again.")
        return record

    def _has_started(self, record: Record) -> None:
        self._attempt.has_job(record, ours=True)

    async def _after_failed_post(self, error: AtlasError, sent: Moment) -> None:
        """Find the job that a failed POST may have started all the same. Returns when the POST may go again."""
        if error.error_code in RESTORE_IN_PROGRESS:
            await self._another_in_progress(error)
        elif leaves_doubt(error):
            self._first_doubt = self._first_doubt or sent
            await self._look_twice(error)
            if self._attempt.record is None and judge(error) is Verdict.FINAL:
                raise error
        else:
            self._attempt.has_not_started()
            if judge(error) is Verdict.FINAL:
                raise error
            await self._retries.pause(error)

    async def _look_twice(self, error: AtlasError) -> None:
        """Look for our job in two lists half a minute apart. Raises the error when there is no time for the second."""
        if error.retry_after:
            await self._pause(error.retry_after, error)
        if self._adopt_own(await self._listed(error)):
            return
        await self._pause(BETWEEN_LISTS, error)
        if self._adopt_own(await self._listed(error)):
            return
        self._attempt.has_not_started()
        # Each round counts against wait_timeout only.
        self._retries = self._budget.new_request()

    async def _pause(self, seconds: float, error: AtlasError) -> None:
        if seconds >= self._budget.deadline.remaining():
            raise error.in_context(note="no time was left to see whether it took effect")
        await asyncio.sleep(seconds)

    async def _listed(self, error: AtlasError) -> list[Record]:
        try:
            return await self._jobs.list()
        except AtlasError as unlisted:
            note = f"and then the source's restore jobs could not be listed: {unlisted.message}"
            raise error.in_context(note=note, hint=unlisted.hint) from None

    def _adopt_own(self, listed: list[Record]) -> bool:
        """Take over the job that a POST of ours has started, if it is in the list: the first one since."""
        own = [job for job in newest_first(listed) if self._is_own(job)]
        if own:
            self._has_started(own[-1])
        return bool(own)

    def _is_own(self, job: Record) -> bool:
        """Whether a POST of ours may have started it. A job to a point in time may not show which."""
        if self._first_doubt is None or job["id"] in self._known or self._spec.match(job) is Match.OTHER:
            return False
        return self._is_since(job, self._first_doubt)

    def _is_since(self, job: Record, moment: Moment) -> bool:
        then, minted = self._clock.time_of(moment), minted_at(job["id"])
        if then is None:
            raise NoDate(f"Whether restore job {job['id']} is the one that was asked for cannot be told", job)
        return minted is not None and minted >= then - CLOCK_SLACK

    async def _another_in_progress(self, refused: AtlasError) -> None:
        """Refused because a restore into the target runs: it may be ours, or the same one of somebody else."""
        if self._first_doubt is None:
            self._attempt.has_not_started(Holds.UNKNOWN)
        listed = await self._listed(refused)
        if self._adopt_own(listed) or self._adopt_same(listed):
            return
        if self._first_doubt is not None and not _into(self._spec, listed):
            # The list may be behind, and the one in progress ours.
            await self._pause(BETWEEN_LISTS, refused)
            listed = await self._listed(refused)
            if self._adopt_own(listed) or self._adopt_same(listed):
                return
        self._attempt.has_not_started(Holds.UNKNOWN)
        running = _into(self._spec, listed)
        if running:
            raise in_the_way(self._spec, running[0], refused)
        raise refused.in_context(note="none of the source's jobs shows it, so that it is of another source")

    def _adopt_same(self, listed: list[Record]) -> bool:
        """The same restore that runs already is waited for, whoever has started it."""
        for job in newest_first(listed):
            if is_running(job) and self._spec.match(job) is Match.SAME:
                self._attempt.has_job(job, ours=False)
                return True
        return False


def _into(spec: RestoreSpec, jobs: list[Record]) -> list[Record]:
    """The jobs that overwrite the target now, newest first."""
    into = [job for job in jobs if overwrites(job, spec.target_project_id, spec.target_cluster_name)]
    return [job for job in newest_first(into) if is_running(job)]
