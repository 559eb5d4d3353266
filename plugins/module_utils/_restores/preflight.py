# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# Decides whether a restore may start, from data already read, and finds every problem at once. Pure functions.

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from .._atlas.error_codes import INCOMPLETE_SNAPSHOT, INVALID_PIT_RESTORE_TIME, SNAPSHOT_NOT_FOUND
from .._atlas.errors import AtlasError, NoDate
from .._atlas.object_id import minted_at
from .._snapshots.assurance import judge_snapshot, moment_after
from .._snapshots.clusters import DEDICATED, TENANT
from .._snapshots.records import COMPLETED, FAILED, Record, born_at, is_ended, newest_first
from .earlier_jobs import check_jobs
from .judgement import Holds, Judgement
from .point_in_time import point_text
from .spec import RestoreSpec
from .target import TargetCluster, check_fit, check_fit_of_point, check_state

# Seconds for which a snapshot must still exist when its restore starts.
ASSURED_FOR = 3600.0


@dataclass(frozen=True)
class Facts:
    """The data that was read for one restore, with an AtlasError in place of data that could not be read.

    snapshot: None if it does not exist, and for a point in time. others: all snapshots of the source, if the requested
    one cannot be restored. source_kind: dedicated or flex, None if unknown. source: None if it was not read or is gone.
    window_days: restoreWindowDays of the source's schedule, None if unknown. jobs: the source's. elsewhere: jobs of
    other sources, read for the same task. target_snapshots: the target's, None if they were not read.
    """

    target: TargetCluster | AtlasError
    jobs: Sequence[Record] | AtlasError
    snapshot: Record | AtlasError | None = None
    others: Sequence[Record] = ()
    source_kind: str | None = None
    source: TargetCluster | AtlasError | None = None
    window_days: int | None = None
    elsewhere: Sequence[Record] = ()
    target_snapshots: Sequence[Record] | None = None


def judge(
    spec: RestoreSpec,
    facts: Facts,
    atlas_now: datetime | None,
    *,
    max_age: float | None = None,
    assured_for: float = ASSURED_FOR,
) -> Judgement:
    """Check one restore. assured_for: seconds for which the snapshot must still exist.

    If a job for this restore exists, nothing is started, so nothing else is checked.
    """
    of_jobs = Judgement()
    check_jobs(spec, facts.jobs, facts.elsewhere, atlas_now, max_age, of_jobs)
    if of_jobs.existing is not None:
        return of_jobs
    judgement = Judgement()
    if spec.point_in_time is None:
        _check_snapshot(spec, facts, atlas_now, assured_for, judgement)
    else:
        _check_point_in_time(spec.point_in_time, facts, atlas_now, judgement)
    _check_target(spec, facts, judgement)
    judgement.add(of_jobs)
    return judgement


def _check_snapshot(
    spec: RestoreSpec, facts: Facts, atlas_now: datetime | None, assured_for: float, judgement: Judgement
) -> None:
    snapshot, named = facts.snapshot, f"Snapshot {spec.snapshot_id} of cluster {spec.cluster_name}"
    if isinstance(snapshot, AtlasError):
        judgement.unread(snapshot, f"{named} cannot be read")
    elif snapshot is None:
        other = _other_snapshot(spec, facts, atlas_now, assured_for)
        judgement.foresee(
            f"{named} does not exist; it may have been deleted", other, status_code=404, error_code=SNAPSHOT_NOT_FOUND
        )
    elif snapshot["cluster_type"] == TENANT:
        judgement.refuse(
            f"{named} is of a tenant cluster (M2, M5), which the Atlas Administration API cannot restore",
            "Restore it in the Atlas user interface.",
        )
    elif snapshot["status"] != COMPLETED and snapshot["status"] != FAILED:
        judgement.foresee(
            f"{named} is {snapshot['status']}, not completed",
            "Wait for it with atlas_snapshot and its snapshot_id, then run this again.",
            error_code=INCOMPLETE_SNAPSHOT,
        )
    else:
        _check_assured(spec, facts, snapshot, atlas_now, assured_for, judgement)


def _check_assured(
    spec: RestoreSpec,
    facts: Facts,
    snapshot: Record,
    atlas_now: datetime | None,
    assured_for: float,
    judgement: Judgement,
) -> None:
    named = f"Snapshot {spec.snapshot_id} of cluster {spec.cluster_name}"
    verdict = judge_snapshot(snapshot, _until(atlas_now, assured_for), for_restore=True)
    if not verdict.assured:
        other = _other_snapshot(spec, facts, atlas_now, assured_for)
        judgement.refuse(f"{named} cannot be relied on: {verdict.reason}", other)
    for clause in verdict.unclear:
        judgement.line(f"snapshot {spec.snapshot_id}: {clause}")
    if atlas_now is None and snapshot["expires_at"] is not None:
        judgement.problem(NoDate(f"The remaining lifetime of snapshot {spec.snapshot_id} is unknown"))


def needs_others(snapshot: Record | None, atlas_now: datetime | None, assured_for: float) -> bool:
    """Whether the snapshot cannot be restored, so that the source's snapshots are listed to propose another one."""
    if snapshot is None:
        return True
    is_over = snapshot["status"] in (COMPLETED, FAILED) and snapshot["cluster_type"] != TENANT
    return is_over and not judge_snapshot(snapshot, _until(atlas_now, assured_for), for_restore=True).assured


def _until(atlas_now: datetime | None, assured_for: float) -> datetime:
    """The moment until which a snapshot must exist; without Atlas's clock, any expiry is accepted here."""
    if atlas_now is None:
        return datetime.min.replace(tzinfo=timezone.utc)
    return moment_after(atlas_now, assured_for)


def _other_snapshot(spec: RestoreSpec, facts: Facts, atlas_now: datetime | None, assured_for: float) -> str:
    """The next step: restore the newest assured snapshot that is older than the requested one, if there is one."""
    asked = facts.snapshot if isinstance(facts.snapshot, dict) else None
    born = born_at(asked) if asked else minted_at(spec.snapshot_id)
    until = _until(atlas_now, assured_for)
    for other in newest_first(facts.others):
        its_birth = born_at(other)
        is_older = born is not None and its_birth is not None and its_birth < born
        if is_older and atlas_now and judge_snapshot(other, until, for_restore=True).assured:
            created = other["created_at"] or "an unknown time"
            return f"Restore snapshot {other['id']} of {created} instead: it is the newest older one that is assured."
    return "Look up the snapshots with atlas_snapshot_info: no older one of this cluster is assured."


def _check_point_in_time(point: int, facts: Facts, atlas_now: datetime | None, judgement: Judgement) -> None:
    _check_continuous_backup(facts.source, judgement)
    if atlas_now is None:
        judgement.problem(NoDate("The point in time cannot be checked"))
        return
    moment = datetime.fromtimestamp(point, tz=timezone.utc)
    if moment > atlas_now:
        judgement.refuse(f"The point in time {point_text(point)} is in the future", "Give one in the past.")
    elif facts.window_days is None:
        judgement.line("the restore window of the source is unknown: Atlas decides")
    elif moment < atlas_now - timedelta(days=facts.window_days):
        judgement.foresee(
            f"The point in time {point_text(point)} is more than {facts.window_days} days ago, outside the restore "
            "window of the cluster's backup schedule",
            "Give a later point in time, or restore a snapshot (snapshot_id).",
            error_code=INVALID_PIT_RESTORE_TIME,
        )


def _check_continuous_backup(source: TargetCluster | AtlasError | None, judgement: Judgement) -> None:
    if not isinstance(source, TargetCluster):
        judgement.line("the source cannot be read: Atlas decides whether it has continuous backup")
    elif source.kind != DEDICATED:
        judgement.refuse(
            f"The source is a {source.kind} cluster, and only dedicated clusters have points in time",
            "Restore one of its snapshots (snapshot_id).",
        )
    elif source.record["pit_enabled"] is False:
        judgement.foresee(
            "Continuous backup is off for the source, so it has no points in time",
            "Restore one of its snapshots (snapshot_id), and enable continuous backup for the next time.",
            error_code=INVALID_PIT_RESTORE_TIME,
        )
    elif source.record["pit_enabled"] is None:
        judgement.line("Atlas does not say whether the source has continuous backup")


def _check_target(spec: RestoreSpec, facts: Facts, judgement: Judgement) -> None:
    target = facts.target
    if isinstance(target, AtlasError):
        holds = Holds.NOTHING if target.status_code == 404 else Holds.OLD_DATA
        judgement.unread(target, f"The target, {spec.target}, cannot be read", holds)
        return
    check_state(target, judgement)
    if spec.point_in_time is not None:
        in_place = (spec.target_project_id, spec.target_cluster_name) == (spec.project_id, spec.cluster_name)
        check_fit_of_point(target, judgement, in_place=in_place)
    elif isinstance(facts.snapshot, dict):
        check_fit(target, facts.snapshot, judgement)
    if any(not is_ended(snapshot) for snapshot in facts.target_snapshots or ()):
        judgement.line("a snapshot of the target is being taken: Atlas decides whether the restore may start now")
