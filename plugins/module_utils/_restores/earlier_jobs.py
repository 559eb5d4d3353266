# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# Compares a restore with earlier jobs: it already runs, another one runs into the same target, or it was done before.

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime

from .._atlas.error_codes import CLUSTER_RESTORE_IN_PROGRESS
from .._atlas.errors import AtlasError, NoDate
from .._snapshots.records import Record, age_of, born_at, newest_first
from .._text import duration_text
from .judgement import Holds, Judgement, RestoreTrouble
from .records import BAD_ENDS, COMPLETED, is_running, options_to_wait_for, overwrites
from .spec import Match, RestoreSpec

_HOUR = 3600


def check_jobs(
    spec: RestoreSpec,
    jobs: Sequence[Record] | AtlasError,
    elsewhere: Sequence[Record],
    atlas_now: datetime | None,
    max_age: float | None,
    judgement: Judgement,
) -> None:
    """Find an existing job for this restore, or note the problems with starting it.

    jobs: those of the source. elsewhere: known jobs of other sources, which may have the same target.
    """
    if isinstance(jobs, AtlasError):
        judgement.unread(jobs, f"The restore jobs of cluster {spec.cluster_name} cannot be listed")
        return
    into = [job for job in (*jobs, *elsewhere) if overwrites(job, spec.target_project_id, spec.target_cluster_name)]
    running = newest_first(job for job in into if is_running(job))
    same = [job for job in running if spec.match(job) is Match.SAME]
    if same:
        judgement.existing = same[0]
        judgement.remark(f"job {same[0]['id']} is already running this restore: this task waits for it")
    elif running:
        judgement.problem(in_the_way(spec, running[0]), Holds.UNKNOWN)
    elif into:
        _check_newest(spec, newest_first(into)[0], atlas_now, max_age, judgement)


def first_of_series(spec: RestoreSpec, jobs: Sequence[Record], existing: Record | None) -> Record | None:
    """The first job of this restore that may have overwritten the target, counting failed ones before the existing job.

    The jobs of the series are the newest ones into the target, without a completed or a different one between them.
    """
    first = existing
    for job in newest_first(jobs):
        if job is existing or not overwrites(job, spec.target_project_id, spec.target_cluster_name):
            continue
        if job["status"] not in BAD_ENDS or spec.match(job) is not Match.SAME:
            break
        first = job
    return first


def in_the_way(spec: RestoreSpec, other: Record, refused: AtlasError | None = None) -> AtlasError:
    """The error for another restore into the same target. refused: the refusal from Atlas, if there was one."""
    unclear = spec.match(other) is Match.UNCLEAR
    which = "may be the same one: it does not show its point in time" if unclear else f"restores {_data_of(other)}"
    message = f"Another restore into the target, job {other['id']}, is {other['status']}, and {which}"
    return RestoreTrouble(
        f"{message} ({refused.message})" if refused else message,
        f"Wait for it with {options_to_wait_for(other)}, then decide whether this one is still wanted.",
        status_code=(refused.status_code if refused else None) or 400,
        error_code=(refused.error_code if refused else None) or CLUSTER_RESTORE_IN_PROGRESS,
        record=other,
    )


def _data_of(job: Record) -> str:
    if job["point_in_time"]:
        return f"cluster {job['cluster_name']} as of {job['point_in_time']}"
    return f"snapshot {job['snapshot_id']} of cluster {job['cluster_name']}"


def _check_newest(
    spec: RestoreSpec, newest: Record, atlas_now: datetime | None, max_age: float | None, judgement: Judgement
) -> None:
    """Check whether the newest, finished job into the target was this restore, and may count as its result."""
    match = spec.match(newest)
    if match is Match.OTHER or newest["status"] != COMPLETED:
        return
    if max_age == 0:
        judgement.remark(f"job {newest['id']} did this restore before: it is repeated")
    elif match is Match.UNCLEAR:
        judgement.problem(_may_be_the_same(newest), Holds.UNKNOWN)
    elif max_age is None:
        judgement.problem(_done_before(newest, atlas_now), Holds.RESTORED)
    elif atlas_now is None:
        judgement.problem(NoDate(f"The age of restore job {newest['id']} is unknown", newest), Holds.RESTORED)
    else:
        _check_age(newest, age_of(newest, atlas_now), max_age, judgement)


def _check_age(job: Record, age: float | None, max_age: float, judgement: Judgement) -> None:
    if age is None:
        judgement.problem(_age_unknown(job), Holds.RESTORED)
    elif age <= max_age:
        judgement.existing = job
        judgement.remark(f"job {job['id']} did this restore within max_age: nothing is started")
    else:
        judgement.remark(f"job {job['id']} did this restore before, but is older than max_age: it is repeated")


def _done_before(job: Record, atlas_now: datetime | None) -> AtlasError:
    started = born_at(job)
    age = atlas_now - started if atlas_now and started else None
    enough = f", for example max_age={_rounded_up(age.total_seconds())}," if age else " that covers it"
    ago = f", {duration_text(age)} ago" if age else ""
    return RestoreTrouble(
        f"This restore was done before: job {job['id']}, started at {job['created_at']}{ago}, is completed",
        f"Set max_age{enough} to accept it as the result, or max_age=0 to restore again, which deletes everything "
        "written since.",
        record=job,
    )


def _age_unknown(job: Record) -> AtlasError:
    return _unclear(
        job,
        f"This restore was done before: job {job['id']} is completed, but its start ({job['created_at']}) "
        "is not a time in the past",
    )


def _may_be_the_same(job: Record) -> AtlasError:
    return _unclear(
        job,
        f"The newest restore into the target, job {job['id']}, is completed. It does not show its point in time, "
        "so it may be this restore",
    )


def _unclear(job: Record, message: str) -> AtlasError:
    """The error if it is unclear whether this job counts as the restore: the user has to decide."""
    hint = "Check the data. Set max_age=0 to restore again, which deletes everything written since."
    return RestoreTrouble(message, hint, record=job)


def _rounded_up(age: float) -> int:
    """Rounded up to hours, plus one hour so that it still suffices in the next run."""
    return (math.ceil(age / _HOUR) + 1) * _HOUR
