# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# The outcome of a rollback: which restores are completed, and which safety snapshots are usable. Pure functions.

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from .._atlas.errors import AtlasError
from .._atlas.json_values import whole_number
from .._option_names import NamedOptions
from .._snapshots.clusters import FLEX
from .._snapshots.records import Record, born_at
from .._text import clock_text, size_text
from .._times import parse_time
from .option_names import in_own_words
from .records import COMPLETED, is_ended
from .safety import holds_old_data

# Seconds after a failure within which a user is expected to run the rollback again: as long as safety snapshots exist.
_TIME_TO_RUN_AGAIN = 86400.0
# A target: the project and the name of a cluster.
Target = tuple[Any, Any]


@dataclass(frozen=True)
class Ended(NamedOptions):
    """The results of the tasks of a rollback.

    planned: the records of all restores from the plan. restored: the result of atlas_restore, empty if it did not run.
    snapshots: the safety snapshots of earlier runs, then those of this one.
    looks: id -> the safety snapshot as finally read: its record, None if it is gone, or the error of reading it.
    sizes: size in bytes of the snapshot of each restore, in the order of planned; empty if unknown.
    max_age: the value that the restores were given. option_names: option -> its name in messages.
    """

    planned: Sequence[Record]
    restored: Mapping[str, Any]
    snapshots: Sequence[Record]
    looks: Mapping[str, Record | AtlasError | None] = field(default_factory=dict)
    sizes: Sequence[Any] = ()
    max_age: float | None = None
    atlas_now: datetime | None = None
    option_names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class RollbackOutcome:
    """restores: one record each, in the order of the plan. snapshots: those for the receipt.

    measured: duration and size of each completed restore.
    """

    restores: list[Record]
    snapshots: list[Record]
    lines: list[str]
    is_restored: bool
    measured: list[dict[str, Any]]


def judge_outcome(ended: Ended) -> RollbackOutcome:
    """Which restores are completed and which are not, and which safety snapshots can undo the rollback."""
    found = _records_by_target(ended.restored)
    restores = [found.get(_target(planned), dict(planned)) for planned in ended.planned]
    started = {_target(record) for record in ended.restored.get("restores") or ()}
    failed = bool(ended.restored.get("errors")) or any(_target(planned) not in started for planned in ended.planned)
    snapshots, about_snapshots = _safety_snapshots(ended, restores)
    lines = list(_failure_lines(ended, restores)) if failed else list(_success_lines(restores))
    measured = [_measure(record, size) for record, size in zip(restores, ended.sizes) if record["status"] == COMPLETED]
    lines += [each["text"] for each in measured]
    return RollbackOutcome(restores, snapshots, [*lines, *about_snapshots], not failed, measured)


def _measure(restore: Record, size: Any) -> dict[str, Any]:
    """Duration of a completed restore by Atlas's times, and its size; None where Atlas does not report them."""
    began, ended = born_at(restore), parse_time(restore["finished_at"])
    # The clock in a job's id may be a second ahead of others (as recorded, 2026-08).
    name = restore["target_cluster_name"]
    seconds = max(0, int((ended - began).total_seconds())) if began and ended else None
    amount = whole_number(size)
    amount = amount if amount and amount > 0 else None
    speed = amount // seconds if amount and seconds else None
    took = f"took {clock_text(seconds)} ({seconds} s)" if seconds is not None else "took an unknown time"
    of_bytes = f" for {size_text(amount)} ({amount} bytes)" if amount else ""
    at_speed = f", {size_text(speed)} per second" if speed else ""
    return {
        "target_cluster_name": name,
        "seconds": seconds,
        "bytes": amount,
        "bytes_per_second": speed,
        "text": f"The restore of {restore['cluster_name']} into {name} {took}{of_bytes}{at_speed}.",
    }


def _target(record: Mapping[str, Any]) -> Target:
    return record.get("target_project_id"), record.get("target_cluster_name")


def _records_by_target(restored: Mapping[str, Any]) -> dict[Target, Record]:
    of_errors = [error.get("restore") for error in restored.get("errors") or ()]
    done = restored.get("restores") or ()
    return {_target(record): dict(record) for record in (*of_errors, *done) if isinstance(record, Mapping)}


def _success_lines(restores: Sequence[Record]) -> Iterator[str]:
    completed = [record for record in restores if record.get("status") == COMPLETED]
    if not completed:
        # Check mode, which starts nothing.
        return
    yield f"Restored: {', '.join(map(_with_job, completed))}."
    dedicated = [str(record["target_cluster_name"]) for record in completed if record.get("cluster_type") != FLEX]
    if dedicated:
        yield (
            f"Take a snapshot of {', '.join(dedicated)} now: continuous backup can restore to points in time "
            "again only from the first snapshot after the rollback on."
        )


def _failure_lines(ended: Ended, restores: Sequence[Record]) -> Iterator[str]:
    completed = [record for record in restores if record.get("status") == COMPLETED]
    others = [record for record in restores if record.get("status") != COMPLETED]
    if others:
        yield "The rollback is not complete."
    else:
        # For example when another run restored the same after the plan of this one.
        yield "All restores are completed, but this run cannot accept all of them as its result."
    yield f"Restored: {', '.join(map(_with_job, completed)) or 'none'}."
    yield f"Not restored: {', '.join(map(_with_job, others)) or 'none'}."
    messages = [str(error.get("msg")) for error in ended.restored.get("errors") or () if error.get("msg")]
    messages = messages or [str(ended.restored.get("msg", "atlas_restore gave no reason."))]
    yield from (in_own_words(message, ended.option_names) for message in messages)
    if others:
        yield next_run(ended, restores)


def next_run(ended: Ended, restores: Sequence[Record]) -> str:
    """The next step: variables for a run that does not repeat restores that are completed or still running now."""
    completed = [record for record in restores if record.get("status") == COMPLETED]
    running = [record for record in restores if record.get("id") and not is_ended(record)]
    max_age = ended.called("max_age")
    if _repeats(ended, [*completed, *running]):
        only = _for_the_others(ended, restores) if completed else ""
        repeated = ", ".join(str(record["target_cluster_name"]) for record in completed or running)
        return (
            f"Run this again{only} without {max_age}={ended.max_age:g}, which may restore {repeated} again and delete "
            "everything written since."
        )
    again = "Run this again with the same variables: it waits for running restores, and starts those not yet started."
    if completed and ended.max_age is None:
        again += f" Completed restores are not repeated; set {max_age} to accept them."
    return again


def _repeats(ended: Ended, restores: Sequence[Record]) -> bool:
    """Whether the user's max_age may be too short to accept one of these restores at the next run."""
    if ended.max_age is None or "max_age" not in ended.option_names or not restores:
        return False
    started = [born_at(record) for record in restores]
    ages = [(ended.atlas_now - each).total_seconds() if ended.atlas_now and each else math.inf for each in started]
    return ended.max_age < max(ages) + _TIME_TO_RUN_AGAIN


def _for_the_others(ended: Ended, restores: Sequence[Record]) -> str:
    """The variables that leave out completed restores; empty where there can be only one restore."""
    names = [str(record["cluster_name"]) for record in restores if record.get("status") != COMPLETED]
    if not names or not ended.called("clusters"):
        return ""
    receipt = ended.called("receipt_path")
    return f" with {ended.called('clusters')}={','.join(names)} (and another {receipt}, if you set one) and"


def _with_job(record: Mapping[str, Any]) -> str:
    name, job = record.get("target_cluster_name"), record.get("id")
    return f"{name} (job {job}, {record.get('status')})" if job else f"{name} (no job)"


def _safety_snapshots(ended: Ended, restores: Sequence[Record]) -> tuple[list[Record], list[str]]:
    """For each target the first existing safety snapshot with its old data, and lines about unusable ones."""
    jobs = {record.get("target_cluster_name"): record for record in restores if record.get("id")}
    good: dict[Any, Record] = {}
    lines = []
    for snapshot in ended.snapshots:
        name, look = snapshot.get("cluster_name"), ended.looks.get(str(snapshot.get("id")), snapshot)
        now = look if isinstance(look, Mapping) else snapshot
        trouble = _trouble(snapshot, look, jobs.get(name))
        if trouble:
            lines.append(trouble)
        if trouble is not None and not isinstance(look, AtlasError):
            continue
        first = good.setdefault(name, {**snapshot, **now})
        # In check mode none is taken, and the record has no id.
        if snapshot.get("id") not in (None, first["id"]):
            lines.append(
                f"Safety snapshot {snapshot['id']} of {name} is from a later run, and may contain part of the "
                f"restored data. To undo the rollback, restore {first['id']}."
            )
    return list(good.values()), lines


def _trouble(snapshot: Mapping[str, Any], look: Any, job: Record | None) -> str | None:
    """The problem with a safety snapshot, as a sentence; None if there is none."""
    named = f"Safety snapshot {snapshot.get('id')} of {snapshot.get('cluster_name')}"
    if look is None:
        return f"{named} is gone, so this rollback cannot be undone with it."
    if isinstance(look, AtlasError):
        return f"{named} could not be read again: {look}"
    if job is not None and born_at(job) is not None and not holds_old_data(look, job):
        return (
            f"{named} is useless: it was not completed when restore job {job['id']} began, and may contain a part of "
            "the restored data. It is not in the receipt."
        )
    return None
