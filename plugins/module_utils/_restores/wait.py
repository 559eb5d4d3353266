# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# Polls one restore job until it has ended.

from __future__ import annotations

from .._atlas.clock import now
from .._atlas.errors import AtlasError, RequestRefused
from .._atlas.retry import Deadline, Verdict, judge, out_of_time
from .._snapshots.dedicated import is_not_there
from .._snapshots.records import Record
from .._snapshots.wait import Pace
from .attempt import RestoreAttempt
from .jobs import SourceJobs
from .judgement import Holds, RestoreTrouble
from .progress import report
from .records import COMPLETED, DOWNLOAD, is_ended


async def wait_for_end(jobs: SourceJobs, attempt: RestoreAttempt, deadline: Deadline, pace: Pace) -> Record:
    """Wait until the attempt's job is completed, and return its record; the attempt keeps the latest record.

    Raises RestoreTrouble for a job that failed, was cancelled or expired, or OutOfTime.
    """
    pace.waiting += 1
    try:
        return ensure_completed(await _Wait(jobs, attempt, deadline, pace).to_the_end(), attempt)
    finally:
        pace.waiting -= 1


def ensure_completed(record: Record, attempt: RestoreAttempt) -> Record:
    """The record. Raises RestoreTrouble if the job ended without success; notes the target's data in the attempt."""
    if is_ended(record) and record["status"] != COMPLETED:
        raise RestoreTrouble(
            f"Restore job {record['id']} {_ended(record['status'])}",
            "Check the target's alerts in Atlas, then restore this snapshot again, or another one.",
            record=record,
        )
    if record["status"] == COMPLETED and record["delivery_type"] != DOWNLOAD:
        attempt.holds = Holds.RESTORED
    return record


def _ended(status: str) -> str:
    return "failed" if status == "failed" else f"has {status}" if status == "expired" else f"was {status}"


class _Wait:
    def __init__(self, jobs: SourceJobs, attempt: RestoreAttempt, deadline: Deadline, pace: Pace) -> None:
        self._jobs = jobs
        self._attempt = attempt
        self._deadline = deadline
        self._pace = pace
        self._began = now()
        # The 404 of the last poll, None after a success.
        self._missed: RequestRefused | None = None

    async def to_the_end(self) -> Record:
        looks = 0
        record = self._record()
        report(self._pace.progress, record)
        while not is_ended(record):
            await self._pace.sleep(looks, now() - self._began, self._deadline.remaining())
            last_look = self._deadline.remaining() <= 0
            await self._look(last_look)
            looks += 1
            record = self._record()
            if is_ended(record):
                self._pace.end_seen()
            elif last_look:
                raise self._out_of_time(record)
        return record

    def _record(self) -> Record:
        record = self._attempt.record
        if record is None:
            raise AssertionError("there is nothing to wait for without a job")
        return record

    async def _look(self, last_look: bool) -> None:
        try:
            self._attempt.record = await self._jobs.get(self._record()["id"])
        except RequestRefused as error:
            if not is_not_there(error):
                raise
            # The job existed, so a 404 does not mean that it has ended: Atlas may not keep jobs forever.
            self._missed = error
        except AtlasError as error:
            if not last_look or judge(error) is Verdict.FINAL:
                raise
        else:
            self._missed = None
            report(self._pace.progress, self._record())

    def _out_of_time(self, record: Record) -> AtlasError:
        missed = f", and Atlas last answered {self._missed.status_code}" if self._missed else ""
        return out_of_time(
            f"Restore job {record['id']} was {record['status']} and not completed{missed}",
            self._deadline,
            f"Run again with cluster_name={record['cluster_name']} and restore_job_id={record['id']} to wait for it: "
            "the restore continues in Atlas.",
        )
