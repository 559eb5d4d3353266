# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# Polls one restore job until it has ended.

from __future__ import annotations

from .._atlas.errors import AtlasError, RequestRefused
from .._atlas.retry import Deadline, out_of_time
from .._snapshots.records import Record
from .._snapshots.wait import Pace, Polling
from .attempt import RestoreAttempt
from .jobs import SourceJobs
from .judgement import Holds, RestoreTrouble
from .progress import report
from .records import COMPLETED, DOWNLOAD, is_ended, options_to_wait_for


async def wait_for_end(jobs: SourceJobs, attempt: RestoreAttempt, deadline: Deadline, pace: Pace) -> Record:
    """Wait until the attempt's job is completed, and return its record; the attempt keeps the latest record.

    Raises RestoreTrouble for a job that failed, was cancelled or expired, or OutOfTime.
    """
    return ensure_completed(await _Wait(jobs, attempt, deadline, pace).to_the_end(), attempt)


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


class _Wait(Polling):
    def _is_ended(self) -> bool:
        return is_ended(self._record)

    def _report(self) -> None:
        report(self._pace.progress, self._record)

    def _missed(self, error: RequestRefused) -> None:
        """Ignore it: the job existed, so a 404 does not mean that it has ended. Atlas may not keep jobs forever."""

    def _out_of_time(self) -> AtlasError:
        record = self._record
        missed = ", and Atlas last answered 404" if self._misses else ""
        return out_of_time(
            f"Restore job {record['id']} was {record['status']} and not completed{missed}",
            self._deadline,
            f"Run again with {options_to_wait_for(record)} to wait for it: the restore continues in Atlas.",
        )
