# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# Starts one restore, never two: after an uncertain answer, the list of the source's jobs shows whether it started.

from __future__ import annotations

import asyncio
from collections.abc import Collection
from dataclasses import dataclass

from .._atlas.clock import CLOCK_SLACK, AtlasClock, Moment
from .._atlas.error_codes import RESTORE_IN_PROGRESS
from .._atlas.errors import AtlasError, NoAnswer, NoDate
from .._atlas.object_id import minted_at
from .._atlas.retry import RetryBudget, Verdict, judge, leaves_doubt
from .._snapshots.records import Record, newest_first
from .attempt import RestoreAttempt
from .earlier_jobs import in_the_way
from .jobs import SourceJobs
from .judgement import Holds
from .records import is_running, overwrites
from .spec import Match, RestoreSpec

# The POST is repeated only when our job is missing in two lists, this many seconds apart.
BETWEEN_LISTS = 30.0


@dataclass
class Starting:
    """Starts one restore.

    known: ids of jobs that existed before, so none of them can be ours.
    """

    jobs: SourceJobs
    spec: RestoreSpec
    attempt: RestoreAttempt
    known: Collection[str]
    budget: RetryBudget
    clock: AtlasClock

    def __post_init__(self) -> None:
        self._retries = self.budget.new_request()
        # When the first POST with an uncertain outcome was sent.
        self._first_doubt: Moment | None = None

    async def start(self) -> None:
        """Start the restore and store its job in the attempt. An identical job that already runs is adopted."""
        while self.attempt.record is None:
            sent = self.clock.moment()
            # From here on a cancellation may come while the request is in flight.
            self.attempt.may_have_started()
            try:
                self._has_started(self._checked(await self.jobs.start(self.spec), sent))
            except AtlasError as error:
                await self._after_failed_post(error, error.sent or sent)

    def _checked(self, record: Record, sent: Moment) -> Record:
        """The record. Raises NoAnswer if the job is older than the POST, as in a cached answer."""
        then, minted = self.clock.time_of(sent), minted_at(record["id"])
        if record["id"] in self.known or (then and minted and minted < then - CLOCK_SLACK):
            raise NoAnswer(f"Atlas answered about an earlier restore job ({record['id']})", "Run this again.")
        return record

    def _has_started(self, record: Record) -> None:
        self.attempt.has_job(record, ours=True)

    async def _after_failed_post(self, error: AtlasError, sent: Moment) -> None:
        """Look for the job that a failed POST may have started. Returns when the POST may be repeated."""
        if error.error_code in RESTORE_IN_PROGRESS:
            await self._another_in_progress(error)
        elif leaves_doubt(error):
            self._first_doubt = self._first_doubt or sent
            await self._look_twice(error)
            if self.attempt.record is None and judge(error) is Verdict.FINAL:
                raise error
        else:
            self.attempt.has_not_started()
            if judge(error) is Verdict.FINAL:
                raise error
            await self._retries.pause(error)

    async def _look_twice(self, error: AtlasError) -> None:
        """Look for our job in two lists half a minute apart. Raises the error if there is no time for both."""
        if error.retry_after:
            await self._pause(error.retry_after, error)
        if self._adopt_own(await self._listed(error)):
            return
        await self._pause(BETWEEN_LISTS, error)
        if self._adopt_own(await self._listed(error)):
            return
        self.attempt.has_not_started()
        if self.budget.deadline.remaining() <= 0:
            # The answer of Atlas says more than that no time is left for another POST.
            raise error
        # The POST is repeated until wait_timeout; there is no other limit.
        self._retries = self.budget.new_request()

    async def _pause(self, seconds: float, error: AtlasError) -> None:
        if seconds >= self.budget.deadline.remaining():
            raise error.in_context(note="no time was left to check whether it took effect")
        await asyncio.sleep(seconds)

    async def _listed(self, error: AtlasError) -> list[Record]:
        try:
            return await self.jobs.list()
        except AtlasError as unlisted:
            note = f"and then the source's restore jobs could not be listed: {unlisted.message}"
            raise error.in_context(note=note, hint=unlisted.hint) from None

    def _adopt_own(self, listed: list[Record]) -> bool:
        """Adopt the first job in the list that one of our POSTs may have started."""
        own = [job for job in newest_first(listed) if self._is_own(job)]
        if own:
            self._has_started(own[-1])
        return bool(own)

    def _is_own(self, job: Record) -> bool:
        """Whether one of our POSTs may have started this job."""
        if self._first_doubt is None or job["id"] in self.known or self.spec.match(job) is Match.OTHER:
            return False
        return self._is_since(job, self._first_doubt)

    def _is_since(self, job: Record, moment: Moment) -> bool:
        then, minted = self.clock.time_of(moment), minted_at(job["id"])
        if then is None:
            raise NoDate(f"Restore job {job['id']} cannot be identified as the one that this task requested", job)
        return minted is not None and minted >= then - CLOCK_SLACK

    async def _another_in_progress(self, refused: AtlasError) -> None:
        """After a refusal because a restore into the target runs: adopt it if it is ours or identical, else fail."""
        if self._first_doubt is None:
            self.attempt.has_not_started(Holds.UNKNOWN)
        listed = await self._listed(refused)
        if self._adopt_own(listed) or self._adopt_same(listed):
            return
        if self._first_doubt is not None and not _into(self.spec, listed):
            # The list may come from a replica that lags, and the running job may be ours.
            await self._pause(BETWEEN_LISTS, refused)
            listed = await self._listed(refused)
            if self._adopt_own(listed) or self._adopt_same(listed):
                return
        self.attempt.has_not_started(Holds.UNKNOWN)
        running = _into(self.spec, listed)
        if running:
            raise in_the_way(self.spec, running[0], refused)
        raise refused.in_context(note="none of the source's jobs is this restore, so it has another source")

    def _adopt_same(self, listed: list[Record]) -> bool:
        """Adopt a running job for the identical restore, whoever started it."""
        for job in newest_first(listed):
            if is_running(job) and self.spec.match(job) is Match.SAME:
                self.attempt.has_job(job, ours=False)
                return True
        return False


def _into(spec: RestoreSpec, jobs: list[Record]) -> list[Record]:
    """The running jobs into the target, newest first."""
    into = [job for job in jobs if overwrites(job, spec.target_project_id, spec.target_cluster_name)]
    return [job for job in newest_first(into) if is_running(job)]
