# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# Runs atlas_restore_plan: reads from Atlas what the plan needs, each thing once, and judges the outcome in the end.

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ._atlas.endpoints import AtlasApi
from ._atlas.errors import AtlasError
from ._atlas.object_id import is_object_id
from ._atlas.path_parts import is_cluster_name
from ._attempts import attempt_all, or_error
from ._module import Task
from ._option_names import names_in
from ._problems import Problem, failed_rollback
from ._receipt_file import receipt_at
from ._restores.attempt import RestoreAttempt, RestoreFailure
from ._restores.findings import Findings, with_jobs_of_other_sources
from ._restores.judgement import message_with_data
from ._restores.newest import asks_for_newest, newest_assured, newest_problem
from ._restores.plan import (
    PlannedRestore,
    SeenOfTargets,
    judge_restores,
    judge_rollback,
    targets_to_take_first,
    targets_with_a_job,
)
from ._restores.plan_lines import plan_result
from ._restores.preflight import ASSURED_FOR, Facts
from ._restores.rollback_options import (
    RollbackOptions,
    Selection,
    is_chosen,
    records_in,
    select_restores,
    targets_in,
)
from ._restores.rollback_outcome import Ended, judge_outcome
from ._restores.spec import RestoreSpec
from ._snapshots.clusters import DEDICATED
from ._snapshots.compliance import least_retention
from ._snapshots.lookup import get_snapshot, list_snapshots
from ._snapshots.records import Record
from ._snapshots.suggestions import find_project
from ._times import parse_time


async def plan_rollback(task: Task) -> dict[str, Any]:
    """The plan, or every problem. The plan is also a failure until every target is confirmed."""
    options, unread = rollback_options(task.params, task.project_id)
    options, unresolved = await _with_target_project(task, options)
    options, without = await _with_newest(task, options)
    if without and not options.snapshots:
        return failed_rollback([*unread, *unresolved, *without])
    selection = select_restores(options)
    planned = [spec.record() for spec in selection.specs]
    receipt, about_receipt = receipt_at(task.params["receipt_path"], options.called("receipt_path"), planned)
    failures, selection, facts = await _facts(task, options, selection)
    atlas_now = task.client.clock.now()
    restores = judge_restores(options, selection, facts, atlas_now)
    seen = SeenOfTargets(
        await _snapshots_of_targets(task, targets_with_a_job(options, restores)),
        # Read last: credentials that can take snapshots are often not allowed to read the policy.
        await _least_retention(task, options, restores),
        receipt,
    )
    plan = judge_rollback(options, selection, restores, seen)
    problems = [*unread, *unresolved, *without, *plan.problems, *failures, *about_receipt]
    return failed_rollback(problems) if problems else plan_result(options, plan, atlas_now)


async def judge_end(task: Task) -> dict[str, Any]:
    """The outcome of a rollback that the tasks of the role have carried out."""
    given = task.params["outcome"]
    snapshots = [record for record in records_in(given.get("snapshots")) if isinstance(record, dict)]
    restored = given.get("restored") or {}
    ended = Ended(
        planned=records_in(given.get("planned")),
        restored=restored,
        snapshots=snapshots,
        looks=await _last_looks(task, snapshots),
        sizes=[record.get("storage_size_bytes") for record in records_in(given.get("sources"))],
        max_age=task.params["max_age"],
        atlas_now=task.client.clock.now() or parse_time(restored.get("atlas_time")),
        option_names=names_in(task.params["option_names"]),
    )
    outcome = judge_outcome(ended)
    return {
        "changed": False,
        "restores": outcome.restores,
        "snapshots": outcome.snapshots,
        "lines": outcome.lines,
        "restored": outcome.is_restored,
        "measured": outcome.measured,
    }


def needs_project(params: Mapping[str, Any]) -> bool:
    """Whether the task needs a project: an option names it, or a snapshot does not name its own."""
    if params["project_id"] or params["project_name"]:
        return True
    if params["project_id"] is not None or params["outcome"] is not None:
        return False
    options, _problems = rollback_options(params, "")
    return any(isinstance(each, Mapping) and not each.get("project_id") for each in options.snapshots)


def rollback_options(params: Mapping[str, Any], project_id: str) -> tuple[RollbackOptions, list[Problem]]:
    """The parsed options, and the problems of those that cannot be parsed."""
    options = RollbackOptions(
        snapshots=[],
        clusters=_names(params["clusters"]),
        confirm=frozenset(_names(params["confirm"])),
        snapshot_first=params["snapshot_first"],
        retention_in_days=params["retention_in_days"],
        max_age=params["max_age"],
        wait_timeout=params["wait_timeout"],
        project_id=project_id or None,
        is_chosen=bool(params["project_id"] or params["project_name"]),
        option_names=names_in(params["option_names"]),
    )
    problems = []
    try:
        options = replace(options, snapshots=records_in(params["snapshots"]))
    except ValueError as error:
        # Before ansible-core 2.19, a list that is templated and contains a time of YAML becomes text.
        advice = "Give a list of records, and put times in YAML in quotation marks."
        problems.append(Problem(None, f"{options.called('snapshots')} {error}. {advice}"))
    try:
        options = replace(options, targets=targets_in(params["targets"]))
    except ValueError:
        form = "Use the form source=target; separate several pairs with commas."
        problems.append(Problem(None, f"{options.called('targets')} cannot be parsed. {form}"))
    return options, problems


def _names(given: Sequence[str] | None) -> list[str]:
    """The trimmed names without empty ones."""
    return [name.strip() for name in given or () if name.strip()]


async def _with_target_project(task: Task, options: RollbackOptions) -> tuple[RollbackOptions, list[Problem]]:
    """The options with the id of the targets' project, if it differs from the snapshots' project."""
    project_id, name = ((task.params[f"target_project_{key}"] or "").strip() for key in ("id", "name"))
    if project_id and name:
        both = " and ".join(options.called(f"target_project_{key}") for key in ("id", "name"))
        return options, [Problem(None, f"{both} are both given. Give one of them.")]
    if name:
        try:
            project_id = await find_project(task.client, name, task.new_budget())
        except AtlasError as error:
            return options, [Problem(None, f"The project of the targets, {name}: {error}")]
    return replace(options, target_project_id=project_id.lower() or None), []


async def _with_newest(task: Task, options: RollbackOptions) -> tuple[RollbackOptions, list[Problem]]:
    """The options with "newest" replaced by the newest snapshot, and a problem where there is none."""
    snapshots = dict(enumerate(options.snapshots))
    places = [place for place, each in snapshots.items() if asks_for_newest(each) and is_chosen(options, each)]
    found = await asyncio.gather(*(_newest(task, options, snapshots[place]) for place in places))
    problems = []
    for place, newest in zip(places, found):
        if isinstance(newest, Problem):
            problems.append(newest)
            del snapshots[place]
        else:
            snapshots[place] = newest
    return replace(options, snapshots=list(snapshots.values())), problems


async def _newest(task: Task, options: RollbackOptions, record: Mapping[str, Any]) -> Mapping[str, Any] | Problem:
    """The newest snapshot of the record's cluster, or a Problem; the same record if its name or project is invalid.

    Then select_restores reports that, with all other problems of the options.
    """
    name, project_id = record["cluster_name"], record.get("project_id") or options.project_id
    if not isinstance(project_id, str) or not is_object_id(project_id) or not is_cluster_name(name):
        return record
    found = await or_error(list_snapshots(AtlasApi(task.client, project_id, task.new_budget()), name, "auto"))
    if isinstance(found, AtlasError):
        message = f"its snapshots cannot be listed: {found}"
    else:
        newest = newest_assured(found, task.client.clock.now(), options.wait_timeout + ASSURED_FOR)
        into = options.targets.get(name, name), options.target_project_id or project_id
        if newest is not None and into != (name, project_id):
            return newest
        message = newest_problem(newest, options.called("snapshots"))
    return Problem(name, f"{name}: {message} {options.leave_out(name)}".strip())


async def _facts(
    task: Task, options: RollbackOptions, selection: Selection
) -> tuple[list[Problem], Selection, list[Facts]]:
    """The facts for each restore. A restore with an unexpected error becomes a problem and is left out."""
    findings = Findings(task.client, task.new_budget, selection.specs, assured_for=options.wait_timeout + ASSURED_FOR)

    async def read(attempt: RestoreAttempt) -> tuple[RestoreSpec, Facts]:
        return attempt.known_spec, await findings.of(attempt.known_spec)

    found = await attempt_all([RestoreAttempt.of(spec) for spec in selection.specs], read, task.interruption)
    failures = [each for each in found if isinstance(each, RestoreFailure)]
    read_ones = [(place, each) for place, each in enumerate(found) if not isinstance(each, RestoreFailure)]
    kept = Selection(
        [selection.specs[place] for place, _each in read_ones],
        [selection.given[place] for place, _each in read_ones],
        selection.problems,
    )
    facts = [facts for _spec, facts in with_jobs_of_other_sources([each for _place, each in read_ones])]
    problems = [
        Problem(each.cluster_name, f"{each.subject}: {message_with_data(each.error, each.holds)}") for each in failures
    ]
    return problems, kept, facts


async def _snapshots_of_targets(
    task: Task, restores: Sequence[PlannedRestore]
) -> dict[str, Sequence[Record] | AtlasError]:
    """The snapshots of each target whose restore has started before, or the error of listing them."""

    async def listed(restore: PlannedRestore) -> Sequence[Record] | AtlasError:
        api = AtlasApi(task.client, restore.spec.target_project_id, task.new_budget())
        return await or_error(list_snapshots(api, restore.target_name, DEDICATED))

    found = await asyncio.gather(*(listed(restore) for restore in restores))
    return {restore.target_name: each for restore, each in zip(restores, found)}


async def _least_retention(task: Task, options: RollbackOptions, restores: Sequence[PlannedRestore]) -> int | None:
    """The least retention by the targets' compliance policy; None if the policy cannot be read."""
    if not (options.retention_in_days and targets_to_take_first(options, restores)):
        return None
    api = AtlasApi(task.client, restores[0].spec.target_project_id, task.new_budget())
    policy = await or_error(api.get_compliance_policy())
    return None if isinstance(policy, AtlasError) else least_retention(policy)


async def _last_looks(task: Task, snapshots: Sequence[Record]) -> dict[str, Record | AtlasError | None]:
    """The current record of each safety snapshot, None if it is gone, or the error of reading it."""

    async def look(snapshot: Record) -> Record | AtlasError | None:
        api = AtlasApi(task.client, snapshot["project_id"], task.new_budget())
        return await or_error(get_snapshot(api, snapshot["cluster_name"], snapshot["id"], DEDICATED))

    # In check mode none is taken, so the records have no ids.
    taken = [snapshot for snapshot in snapshots if snapshot.get("id") and snapshot.get("project_id")]
    found = await asyncio.gather(*(look(snapshot) for snapshot in taken))
    return {snapshot["id"]: each for snapshot, each in zip(taken, found)}
