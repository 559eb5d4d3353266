# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# Runs atlas_restore: checks every restore before it starts the first one.

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Union

from ._atlas.errors import AtlasError
from ._attempts import attempt_all, or_error
from ._module import Task
from ._restore_options import AskedRestore, asked_restores, check_targets
from ._restores.attempt import RestoreAttempt, RestoreFailure, RestoreOutcome
from ._restores.course import Course
from ._restores.diff import shown_diff
from ._restores.findings import Findings, with_jobs_of_other_sources
from ._restores.judgement import Holds, Judgement
from ._restores.preflight import Facts, judge
from ._restores.progress import NOUN, report_failure
from ._restores.spec import RestoreSpec
from ._snapshots.progress import Progress
from ._snapshots.suggestions import ClusterNames, find_project
from ._snapshots.wait import Pace

# The outcome of one restore. If it must not start: one failure per problem.
RestoreResult = Union[RestoreOutcome, RestoreFailure]


@dataclass(frozen=True)
class CheckedRestore:
    """One restore with the result of its checks."""

    spec: RestoreSpec
    facts: Facts
    judgement: Judgement

    def failures(self) -> list[RestoreFailure]:
        return [
            RestoreFailure(
                cluster_name=self.spec.cluster_name,
                error=problem.error,
                cluster_type=self.facts.source_kind,
                subject=str(self.spec),
                target=self.spec.target,
                holds=problem.holds,
            )
            for problem in self.judgement.problems
        ]

    def foreseen(self, *, with_diff: bool) -> RestoreOutcome:
        """The outcome in check mode: what a real run would start, or adopt because it already runs."""
        existing = self.judgement.existing
        record = existing or self._planned_record()
        return self.described(RestoreOutcome(record, existing is None, existing is not None), with_diff=with_diff)

    def described(self, outcome: RestoreOutcome, *, with_diff: bool) -> RestoreOutcome:
        """Adds the warnings found by the checks, and the diff if requested."""
        lines = tuple(f"{self.spec}: {line}" for line in self.judgement.lines)
        diff = shown_diff(self.spec, self.facts, starts=outcome.changed) if with_diff else None
        return replace(outcome, warnings=(*lines, *outcome.warnings), diff=diff)

    def _planned_record(self) -> dict[str, object]:
        snapshot = self.facts.snapshot
        created = snapshot["created_at"] if isinstance(snapshot, dict) else None
        return self.spec.record(self.facts.source_kind, snapshot_created_at=created)


async def ensure_restores(task: Task) -> list[RestoreResult]:
    """The outcome of each restore, in the requested order; nothing is started if any of them has a problem."""
    if task.params["restore_job_id"]:
        return [await _picked_up(task)]
    specs, unresolved = await _specs(task)
    check_targets(specs)
    plans = await _plans(task, specs)
    failures = [*unresolved]
    for plan in plans:
        failures += plan.failures() if isinstance(plan, CheckedRestore) else [plan]
    if failures:
        return list(failures)
    judged = [plan for plan in plans if isinstance(plan, CheckedRestore)]
    if task.check_mode:
        return [plan.foreseen(with_diff=task.diff_mode) for plan in judged]
    return await _restored(task, judged)


async def _specs(task: Task) -> tuple[list[RestoreSpec], list[RestoreFailure]]:
    """The requested restores with the ids of all projects; an unknown target project is a failure."""
    asked = asked_restores(task.params)
    ids = await _project_ids(task, asked)
    specs, failures = [], []
    for each in asked:
        project_id = (each.project_id or task.project_id).lower()
        name = each.target_project_name
        target = ids[name] if name is not None else (each.target_project_id or project_id).lower()
        if isinstance(target, AtlasError):
            # The subject shows the name of the target's project, whose id is unknown.
            subject = str(each.spec(project_id, target_project_id=""))
            failure = RestoreFailure(
                cluster_name=each.cluster_name or "", error=target, subject=subject, holds=Holds.NOTHING
            )
            failures.append(failure)
        else:
            specs.append(each.spec(project_id, target))
    return specs, failures


async def _project_ids(task: Task, asked: Sequence[AskedRestore]) -> dict[str, str | AtlasError]:
    """The id of each target project given by name, looked up once, or the error of the look-up."""
    names = list(dict.fromkeys(each.target_project_name for each in asked if each.target_project_name is not None))
    searches = (or_error(find_project(task.client, name, task.new_budget())) for name in names)
    return dict(zip(names, await asyncio.gather(*searches)))


async def _plans(task: Task, specs: Sequence[RestoreSpec]) -> list[CheckedRestore | RestoreFailure]:
    """Read what is needed for all restores, then check each of them."""
    findings, suggestions = Findings(task.client, task.new_budget, specs), _NameSuggestions(task)

    async def read(attempt: RestoreAttempt) -> tuple[RestoreSpec, Facts]:
        spec = attempt.known_spec
        return spec, await suggestions.added_to(spec, await findings.of(spec))

    found = await attempt_all([RestoreAttempt.of(spec) for spec in specs], read, task.interruption)
    facts = dict(with_jobs_of_other_sources([each for each in found if not isinstance(each, RestoreFailure)]))

    async def plan(attempt: RestoreAttempt) -> CheckedRestore:
        spec = attempt.known_spec
        judgement = judge(spec, facts[spec], task.client.clock.now(), max_age=task.params["max_age"])
        return CheckedRestore(spec, facts[spec], judgement)

    planned = iter(await attempt_all([RestoreAttempt.of(spec) for spec in facts], plan, task.interruption))
    return [each if isinstance(each, RestoreFailure) else next(planned) for each in found]


async def _restored(task: Task, plans: Sequence[CheckedRestore]) -> list[RestoreResult]:
    """Start all restores and wait for them."""
    course = _course(task, len(plans))
    by_spec = {plan.spec: plan for plan in plans}

    async def restore(attempt: RestoreAttempt) -> RestoreOutcome:
        plan, outcome = by_spec[attempt.known_spec], None
        try:
            outcome = await course.restore(plan.spec, plan.facts, plan.judgement.existing, attempt)
        finally:
            if outcome is None:
                report_failure(course.pace.progress, plan.spec.record())
        return plan.described(outcome, with_diff=task.diff_mode)

    return list(await attempt_all([RestoreAttempt.of(plan.spec) for plan in plans], restore, task.interruption))


async def _picked_up(task: Task) -> RestoreResult:
    """Wait for the job that restore_job_id names."""
    asked, job_id = asked_restores(task.params)[0], task.params["restore_job_id"].strip().lower()
    name = asked.cluster_name or ""
    subject = f"Restore job {job_id} of cluster {name}"
    course = _course(task, 1)

    async def pick_up(attempt: RestoreAttempt) -> RestoreOutcome:
        named = asked.target_project_name
        target = await find_project(task.client, named, task.new_budget()) if named else asked.target_project_id
        wanted = asked.spec(task.project_id, (target or "").lower())
        try:
            return await course.pick_up(wanted, job_id, attempt)
        except AtlasError as error:
            raise await task.names.advised(name, error) from None

    attempt = RestoreAttempt(cluster_name=name, subject=subject, holds=Holds.NOTHING)
    (ended,) = await attempt_all([attempt], pick_up, task.interruption)
    result: RestoreResult = ended
    return result


def _course(task: Task, restores: int) -> Course:
    pace = Pace(task.params["poll_interval"], Progress(restores, noun=NOUN, scrub=task.scrub))
    wait = task.params["wait"] and not task.check_mode
    return Course(task.client, task.deadline, task.new_budget, pace, wait=wait)


class _NameSuggestions:
    """Adds similar cluster names to a not-found error; lists each project once."""

    def __init__(self, task: Task) -> None:
        self._task = task
        self._names = {task.project_id: task.names}

    async def added_to(self, spec: RestoreSpec, facts: Facts) -> Facts:
        target, snapshot = facts.target, facts.snapshot
        if isinstance(target, AtlasError):
            target = await self._of(spec.target_project_id).advised(spec.target_cluster_name, target)
        if isinstance(snapshot, AtlasError):
            snapshot = await self._of(spec.project_id).advised(spec.cluster_name, snapshot)
        return replace(facts, target=target, snapshot=snapshot)

    def _of(self, project_id: str) -> ClusterNames:
        if project_id not in self._names:
            self._names[project_id] = ClusterNames(self._task.client, project_id, self._task.deadline)
        return self._names[project_id]
