# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# Runs atlas_snapshot: takes, changes or deletes snapshots, as its options request.

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from ._atlas.errors import AtlasError
from ._attempts import Attempt, Failure, attempt_all
from ._module import Task
from ._snapshots.deletion import Deletion
from ._snapshots.existing import Existing
from ._snapshots.foresee import foresee_taking
from ._snapshots.outcome import Outcome
from ._snapshots.outlive import Outliving
from ._snapshots.progress import Progress
from ._snapshots.refusals import CHANGE, DELETE, TAKE, explained
from ._snapshots.take import Taking
from ._snapshots.take_plan import TakePlan
from ._snapshots.wait import Pace


async def ensure_snapshots(task: Task) -> list[Outcome | Failure]:
    """The outcome for each cluster, in the requested order."""
    pace = Pace(task.params["poll_interval"], Progress(len(task.cluster_names), scrub=task.scrub))
    attempts = [Attempt(name) for name in task.cluster_names]
    outcomes = await attempt_all(attempts, lambda attempt: _ensure(task, attempt, pace), task.interruption)
    if task.params["outlives"] is None:
        return outcomes
    outliving = Outliving(
        task.params["outlives"],
        task.params["retention_in_days"],
        clock=task.client.clock,
        deadline=task.deadline,
        new_api=task.api,
        interruption=task.interruption,
        check_mode=task.check_mode,
    )
    return await outliving.ensure(attempts, outcomes)


async def _ensure(task: Task, attempt: Attempt, pace: Pace) -> Outcome:
    """Bring one cluster to the requested state."""
    outcome = None
    ensure, refused = _choose(task.params)
    try:
        outcome = await ensure(task, attempt, pace)
    except AtlasError as error:
        refusal = await explained(task.api(), attempt, error, refused)
        raise await task.names.advised(attempt.cluster_name, refusal) from None
    finally:
        if outcome is None:
            pace.progress.report_failure(attempt.cluster_name)
    return outcome


_Ensure = Callable[[Task, Attempt, Pace], Awaitable[Outcome]]


def _choose(params: Mapping[str, Any]) -> tuple[_Ensure, str]:
    """The work that the options request, and its name for messages about a refusal."""
    if params["state"] == "absent":
        return _delete, DELETE
    return (_keep, CHANGE) if params["snapshot_id"] else (_take, TAKE)


async def _take(task: Task, attempt: Attempt, pace: Pace) -> Outcome:
    budget, plan = task.new_budget(), take_plan(task.params)
    api, clock = task.api(budget), task.client.clock
    if task.check_mode:
        return await foresee_taking(api, attempt, plan, clock)
    return await Taking(api, attempt, plan, pace, budget=budget, clock=clock).take()


async def _keep(task: Task, attempt: Attempt, pace: Pace) -> Outcome:
    params, budget = task.params, task.new_budget()
    snapshot = Existing(
        task.api(budget),
        attempt,
        params["snapshot_id"].lower(),
        pace,
        budget=budget,
        clock=task.client.clock,
        check_mode=task.check_mode,
    )
    return await snapshot.hold(params["retention_in_days"], wait=params["wait"], outlives=params["outlives"])


async def _delete(task: Task, attempt: Attempt, _pace: Pace) -> Outcome:
    budget = task.new_budget()
    deletion = Deletion(task.api(budget), attempt, task.params["snapshot_id"].lower(), budget)
    return await (deletion.foresee() if task.check_mode else deletion.delete(look_first=task.diff_mode))


def take_plan(params: Mapping[str, Any]) -> TakePlan:
    """The options for taking snapshots, the same for every cluster."""
    return TakePlan(
        description=params["description"],
        retention_in_days=params["retention_in_days"],
        if_in_progress=params["if_in_progress"],
        max_age=params["max_age"],
        wait=params["wait"],
    )
