# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# Plans a rollback and judges how it ended: reads what the judgement needs, each thing once.

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ansible.module_utils.common.validation import check_type_dict

from ._atlas.endpoints import AtlasApi
from ._atlas.errors import AtlasError
from ._attempts import attempt_all
from ._manifest import NotAManifest, manifest_path_problem, read_manifest
from ._module import Task
from ._restores.attempt import RestoreAttempt, RestoreFailure
from ._restores.findings import Findings, with_jobs_of_other_sources
from ._restores.plan import (
    PlannedRestore,
    SeenOfTargets,
    failed_rollback,
    judge_restores,
    judge_rollback,
    targets_to_take_first,
    targets_with_a_job,
)
from ._restores.plan_lines import plan_result
from ._restores.preflight import ASSURED_FOR, Facts
from ._restores.receipt import receipt_problem, safety_snapshots_in
from ._restores.rollback_options import RollbackOptions, Selection, records_in, select_restores
from ._restores.rollback_outcome import Ended, judge_outcome
from ._restores.spec import RestoreSpec
from ._snapshots.clusters import DEDICATED
from ._snapshots.compliance import least_retention
from ._snapshots.lookup import get_snapshot, list_snapshots
from ._snapshots.plan import Problem
from ._snapshots.records import Record
from ._snapshots.suggestions import find_project


async def plan_rollback(task: Task) -> dict[str, Any]:
    """The plan, or every problem; as long as not every target is confirmed, the plan is a failure too."""
    options, unread = rollback_options(task.params, task.project_id)
    options, unresolved = await _with_target_project(task, options)
    selection = select_restores(options)
    planned = [spec.record() for spec in selection.specs]
    receipt, about_receipt = receipt_at(task.params["receipt_path"], options.called("receipt_path"), planned)
    failures, selection, facts = await _facts(task, options, selection)
    atlas_now = task.client.clock.now()
    restores = judge_restores(options, selection, facts, atlas_now)
    seen = SeenOfTargets(
        await _snapshots_of_targets(task, targets_with_a_job(options, restores)),
        # Asked last: who may take snapshots may often not read it.
        await _least_retention(task, options, restores),
        receipt,
    )
    plan = judge_rollback(options, selection, restores, seen)
    problems = [*unread, *unresolved, *plan.problems, *failures, *about_receipt]
    return failed_rollback(problems) if problems else plan_result(options, plan, atlas_now)


async def judge_end(task: Task) -> dict[str, Any]:
    """What has become of the rollback that the tasks of a role have carried out."""
    given = task.params["outcome"]
    snapshots = [record for record in records_in(given.get("snapshots")) if isinstance(record, dict)]
    ended = Ended(
        planned=records_in(given.get("planned")),
        restored=given.get("restored") or {},
        snapshots=snapshots,
        looks=await _last_looks(task, snapshots),
    )
    outcome = judge_outcome(ended)
    return {
        "changed": False,
        "restores": outcome.restores,
        "snapshots": outcome.snapshots,
        "lines": outcome.lines,
        "restored": outcome.is_restored,
    }


def needs_project(params: Mapping[str, Any]) -> bool:
    """Whether the project of the task plays a part: it is named for it, or a snapshot does not name its own."""
    if params["project_id"] or params["project_name"]:
        return True
    if params["project_id"] is not None or params["outcome"] is not None:
        return False
    options, _problems = rollback_options(params, "")
    return any(isinstance(each, Mapping) and not each.get("project_id") for each in options.snapshots)


def rollback_options(params: Mapping[str, Any], project_id: str) -> tuple[RollbackOptions, list[Problem]]:
    """The options as the plan takes them, and what of them cannot be read."""
    called = {str(option): str(name) for option, name in (params["option_names"] or {}).items()}
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
        option_names=called,
    )
    problems = []
    try:
        options = replace(options, snapshots=records_in(params["snapshots"]))
    except ValueError as error:
        problems.append(Problem(None, f"{options.called('snapshots')} {error}. Give a list of records."))
    try:
        options = replace(options, targets=_targets(params["targets"]))
    except (TypeError, ValueError):
        form = "Give source=target, with commas between several."
        problems.append(Problem(None, f"{options.called('targets')} names no targets that can be read. {form}"))
    return options, problems


def _names(given: Sequence[str] | None) -> list[str]:
    """The names without white space around them; empty ones count as not given."""
    return [name.strip() for name in given or () if name.strip()]


def _targets(given: Any) -> dict[str, str]:
    if given is None or (isinstance(given, str) and not given.strip()):
        return {}
    return {str(source).strip(): str(target).strip() for source, target in check_type_dict(given).items()}


async def _with_target_project(task: Task, options: RollbackOptions) -> tuple[RollbackOptions, list[Problem]]:
    """The options with the id of the project that the targets are in, where it is another one."""
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


def receipt_at(
    path: str | None, called: str, planned: Sequence[Mapping[str, Any]]
) -> tuple[list[Record], list[Problem]]:
    """The safety snapshots in an earlier run's receipt, and what is wrong with the path or the receipt."""
    if not path:
        return [], []
    problem = manifest_path_problem(path, called)
    if problem:
        return [], [Problem(None, problem)]
    try:
        receipt = read_manifest(os.path.expanduser(path))
    except (NotAManifest, OSError) as error:
        return [], [Problem(None, f"{called} is {path}, which cannot be read: {error}. Name another file.")]
    problem = receipt_problem(receipt, planned, path, called)
    return ([], [Problem(None, problem)]) if problem else (safety_snapshots_in(receipt), [])


async def _facts(
    task: Task, options: RollbackOptions, selection: Selection
) -> tuple[list[Problem], Selection, list[Facts]]:
    """What is read for each restore; those whose reading met something unforeseen are problems, and left out."""
    findings = Findings(task.client, task.new_budget, selection.specs, assured_for=options.wait_timeout + ASSURED_FOR)
    attempts = [RestoreAttempt(spec.cluster_name, subject=str(spec), spec=spec) for spec in selection.specs]

    async def read(attempt: RestoreAttempt) -> tuple[RestoreSpec, Facts]:
        assert attempt.spec is not None
        return attempt.spec, await findings.of(attempt.spec)

    found = await attempt_all(attempts, read, task.interruption)
    failures = [each for each in found if isinstance(each, RestoreFailure)]
    read_ones = [(place, each) for place, each in enumerate(found) if not isinstance(each, RestoreFailure)]
    kept = Selection(
        [selection.specs[place] for place, _each in read_ones],
        [selection.given[place] for place, _each in read_ones],
        selection.problems,
    )
    facts = [facts for _spec, facts in with_jobs_of_other_sources([each for _place, each in read_ones])]
    return [Problem(each.cluster_name, f"{each.subject}: {each.error}") for each in failures], kept, facts


async def _snapshots_of_targets(
    task: Task, restores: Sequence[PlannedRestore]
) -> dict[str, Sequence[Record] | AtlasError]:
    """The snapshots of each target into which its restore runs or has run; an error where they cannot be listed."""

    async def listed(restore: PlannedRestore) -> Sequence[Record] | AtlasError:
        api = AtlasApi(task.client, restore.spec.target_project_id, task.new_budget())
        try:
            return await list_snapshots(api, restore.target_name, DEDICATED)
        except AtlasError as error:
            return error

    found = await asyncio.gather(*(listed(restore) for restore in restores))
    return {restore.target_name: each for restore, each in zip(restores, found)}


async def _least_retention(task: Task, options: RollbackOptions, restores: Sequence[PlannedRestore]) -> int | None:
    """What the targets' compliance policy asks for; None where it cannot be read, which is no problem."""
    if not (options.retention_in_days and targets_to_take_first(options, restores)):
        return None
    api = AtlasApi(task.client, restores[0].spec.target_project_id, task.new_budget())
    try:
        return least_retention(await api.get_compliance_policy())
    except AtlasError:
        return None


async def _last_looks(task: Task, snapshots: Sequence[Record]) -> dict[str, Record | AtlasError | None]:
    """Each safety snapshot as it is now: None where it is gone, an error where it cannot be looked at."""

    async def look(snapshot: Record) -> Record | AtlasError | None:
        api = AtlasApi(task.client, snapshot["project_id"], task.new_budget())
        try:
            return await get_snapshot(api, snapshot["cluster_name"], snapshot["id"], DEDICATED)
        except AtlasError as error:
            return error

    # Check mode takes none, and they have no ids.
    taken = [snapshot for snapshot in snapshots if snapshot.get("id") and snapshot.get("project_id")]
    found = await asyncio.gather(*(look(snapshot) for snapshot in taken))
    return {snapshot["id"]: each for snapshot, each in zip(taken, found)}
