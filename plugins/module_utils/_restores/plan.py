# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# The plan of a rollback: what it overwrites with which snapshot, and every problem. Pure functions.

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from .._atlas.errors import AtlasError
from .._problems import Problem
from .._snapshots.clusters import DEDICATED
from .._snapshots.plan import Seen as SeenOfBackup
from .._snapshots.plan import judge_plan
from .._snapshots.plan_options import option_problems
from .._snapshots.records import Record
from .earlier_jobs import first_of_series
from .judgement import Judgement, message_with_data
from .preflight import ASSURED_FOR, Facts, judge
from .rollback_options import RollbackOptions, Selection
from .safety import kept_for
from .spec import RestoreSpec
from .target import TargetCluster


@dataclass(frozen=True)
class PlannedRestore:
    """One restore of the plan. given: the record of the snapshot from the options."""

    spec: RestoreSpec
    facts: Facts
    judgement: Judgement
    given: Record

    @property
    def target_name(self) -> str:
        return self.spec.target_cluster_name

    @property
    def snapshot(self) -> Record:
        """The current record of the snapshot, or else the one from the options."""
        return self.facts.snapshot if isinstance(self.facts.snapshot, dict) else self.given

    @cached_property
    def first_job(self) -> Record | None:
        """The first job of this rollback that may have overwritten the target; None if there is none yet."""
        jobs = () if isinstance(self.facts.jobs, AtlasError) else self.facts.jobs
        return first_of_series(self.spec, (*jobs, *self.facts.elsewhere), self.judgement.existing)

    @property
    def is_of_dedicated_target(self) -> bool:
        return isinstance(self.facts.target, TargetCluster) and self.facts.target.kind == DEDICATED

    @property
    def target_record(self) -> Record | None:
        return self.facts.target.record if isinstance(self.facts.target, TargetCluster) else None


@dataclass(frozen=True)
class SeenOfTargets:
    """The data about safety snapshots that was read from Atlas and from the receipt.

    snapshots: target name -> its snapshots, or the error of listing them, for targets whose restore has started before.
    least_retention: as in a backup plan. receipt: the safety snapshots in the receipt of an earlier run.
    """

    snapshots: Mapping[str, Sequence[Record] | AtlasError] = field(default_factory=dict)
    least_retention: int | None = None
    receipt: Sequence[Record] = ()


@dataclass(frozen=True)
class RollbackPlan:
    """take_first: targets to take a snapshot of. kept_first: records of existing safety snapshots."""

    restores: list[PlannedRestore]
    take_first: list[str]
    kept_first: list[Record]
    problems: list[Problem]
    unconfirmed: list[str]


def judge_restores(
    options: RollbackOptions, selection: Selection, facts: Sequence[Facts], atlas_now: datetime | None
) -> list[PlannedRestore]:
    """Each restore with the result of its checks, the same as in atlas_restore.

    The snapshots must also exist long enough for the safety snapshots to be taken first.
    """
    assured_for = options.wait_timeout + ASSURED_FOR
    return [
        PlannedRestore(
            spec, known, judge(spec, known, atlas_now, max_age=options.max_age, assured_for=assured_for), given
        )
        for spec, given, known in zip(selection.specs, selection.given, facts)
    ]


def judge_rollback(
    options: RollbackOptions, selection: Selection, restores: list[PlannedRestore], seen: SeenOfTargets
) -> RollbackPlan:
    """The plan, with every problem of every cluster."""
    take_first = targets_to_take_first(options, restores)
    problems = list(selection.problems)
    for restore in restores:
        problems += _restore_problems(options, restore)
    problems += _safety_problems(options, restores, seen.least_retention)
    return RollbackPlan(
        restores=restores,
        take_first=take_first,
        kept_first=_kept_first(restores, seen),
        problems=problems,
        unconfirmed=[each.target_name for each in restores if each.target_name not in options.confirm],
    )


def targets_to_take_first(options: RollbackOptions, restores: Sequence[PlannedRestore]) -> list[str]:
    """The dedicated targets into which no restore of this rollback has started yet."""
    if not options.snapshot_first:
        return []
    return [each.target_name for each in restores if each.is_of_dedicated_target and each.judgement.existing is None]


def targets_with_a_job(options: RollbackOptions, restores: Sequence[PlannedRestore]) -> list[PlannedRestore]:
    """The dedicated targets whose restore has started before: an earlier run may have taken a safety snapshot."""
    if not options.snapshot_first:
        return []
    return [each for each in restores if each.first_job is not None and _may_be_dedicated(each)]


def _may_be_dedicated(restore: PlannedRestore) -> bool:
    return restore.target_record is None or restore.is_of_dedicated_target


def _restore_problems(options: RollbackOptions, restore: PlannedRestore) -> Iterator[Problem]:
    name = restore.spec.cluster_name
    for problem in restore.judgement.problems:
        said = options.in_own_words(message_with_data(problem.error, problem.holds))
        yield Problem(name, f"{restore.spec}: {said} {options.leave_out(name)}")


def _safety_problems(
    options: RollbackOptions, restores: Sequence[PlannedRestore], least_retention: int | None
) -> Iterator[Problem]:
    """Why safety snapshots cannot be taken, checked as for a backup. Each problem also says how to do without them."""
    if not options.snapshot_first or (restores and not any(_may_be_saved(each) for each in restores)):
        return
    sources = {each.target_name: each.spec.cluster_name for each in restores}
    targets = [each.target_record for each in restores if each.target_record and _may_be_saved(each)]
    # A paused target is already a problem of the restore itself; to skip the snapshot would not help.
    targets = [target for target in targets if target["paused"] is not True]
    asked = options.for_safety_snapshots([target["name"] for target in targets] or [""])
    without = f"Or set {options.called('snapshot_first')}: false, but then the rollback cannot be undone."
    general = set(options.general_problems())
    for message in option_problems(asked, takes=True):
        if message not in general:
            yield Problem(None, f"No snapshot can be taken first: {message} {without}")
    for problem in judge_plan(asked, SeenOfBackup(clusters=targets, least_retention=least_retention)).problems:
        source = sources.get(str(problem.cluster_name))
        if source is not None:
            said = f"No snapshot of the target can be taken first: {problem.msg}"
            yield Problem(source, f"{source}: {said} {without} {options.leave_out(source)}")
        elif "compliance policy" in problem.msg:
            yield Problem(None, f"No snapshot can be taken first: {problem.msg} {without}")


def _may_be_saved(restore: PlannedRestore) -> bool:
    return restore.judgement.existing is None and _may_be_dedicated(restore)


def _kept_first(restores: Sequence[PlannedRestore], seen: SeenOfTargets) -> list[Record]:
    """For each target, the safety snapshot of an earlier run.

    It is the one in the receipt, else the newest one taken before the first restore into the target: after a failed
    job, a newer safety snapshot may contain part of the restored data.
    """
    of_receipt = {record.get("cluster_name"): record for record in reversed(seen.receipt)}
    kept = []
    for restore in restores:
        listed, job = seen.snapshots.get(restore.target_name, ()), restore.first_job
        found = of_receipt.get(restore.target_name)
        if found is None and job is not None and not isinstance(listed, AtlasError):
            found = kept_for(job, listed)
        if found is not None:
            kept.append(dict(found))
    return kept
