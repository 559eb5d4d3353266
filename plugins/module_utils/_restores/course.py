# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# Runs one restore: starts it, or adopts a job that already runs, and waits until the data is back.

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from .._atlas.client import AtlasClient
from .._atlas.endpoints import AtlasApi
from .._atlas.errors import InvalidInput
from .._atlas.retry import Deadline, RetryBudget
from .._snapshots.first_look import first_look
from .._snapshots.records import Record
from .._snapshots.wait import Pace
from .attempt import RestoreAttempt, RestoreOutcome
from .jobs import SourceJobs
from .preflight import Facts
from .records import DOWNLOAD
from .settle import look_until_idle
from .spec import RestoreSpec, subject_of
from .start import Starting
from .wait import ensure_completed, wait_for_end


@dataclass(frozen=True)
class Course:
    """The settings that all restores of a task share. wait: whether to wait for the job and then for an idle target."""

    client: AtlasClient
    deadline: Deadline
    new_budget: Callable[[], RetryBudget]
    pace: Pace
    wait: bool

    async def restore(
        self, spec: RestoreSpec, facts: Facts, existing: Record | None, attempt: RestoreAttempt
    ) -> RestoreOutcome:
        """Start the restore, unless the job already exists, and wait until the data is back."""
        jobs, budget = self._jobs(spec.project_id, spec.cluster_name, facts.source_kind)
        if existing is not None:
            attempt.has_job(existing, ours=False)
        else:
            known = () if isinstance(facts.jobs, Exception) else {job["id"] for job in facts.jobs}
            starting = Starting(jobs, spec, attempt, known=known, budget=budget, clock=self.client.clock)
            await starting.start()
        outcome = await self._to_the_end(jobs, budget, attempt)
        return replace(outcome, record=_with_creation(outcome.record, facts), reused=not outcome.changed)

    async def pick_up(self, wanted: RestoreSpec, job_id: str, attempt: RestoreAttempt) -> RestoreOutcome:
        """Wait for the job with this id; nothing is started. wanted: the job must match its non-empty fields."""
        jobs, budget = self._jobs(wanted.project_id, wanted.cluster_name, None)
        job = await first_look(jobs.get, job_id, self.client.clock, self.deadline, self.pace)
        if not wanted.agrees_with(job):
            raise InvalidInput(
                f"Restore job {job_id} does not match the other options",
                "Leave these options out, or look up the id of the job with atlas_restore_info.",
            ).in_context(record=job)
        attempt.subject = subject_of(job)
        attempt.has_job(job, ours=False)
        return await self._to_the_end(jobs, budget, attempt)

    def _jobs(self, project_id: str, cluster_name: str, kind: str | None) -> tuple[SourceJobs, RetryBudget]:
        budget = self.new_budget()
        return SourceJobs(AtlasApi(self.client, project_id, budget), cluster_name, kind), budget

    async def _to_the_end(self, jobs: SourceJobs, budget: RetryBudget, attempt: RestoreAttempt) -> RestoreOutcome:
        """Wait for the job of the attempt; without wait, return its last known state."""
        budget.extend_to_deadline()
        if not self.wait:
            return RestoreOutcome(ensure_completed(_job(attempt), attempt), attempt.changed)
        job = await wait_for_end(jobs, attempt, self.deadline, self.pace)
        if job["delivery_type"] == DOWNLOAD:
            return RestoreOutcome(job, attempt.changed)
        settled = await look_until_idle(self.client, job, self.deadline, self.pace)
        warnings = (settled.warning,) if settled.warning else ()
        return RestoreOutcome({**job, "target_state": settled.state}, attempt.changed, warnings=warnings)


def _job(attempt: RestoreAttempt) -> Record:
    if attempt.record is None:
        raise AssertionError("an attempt without a job has no course")
    return attempt.record


def _with_creation(job: Record, facts: Facts) -> Record:
    """Add the creation time of the snapshot, which a flex job does not have."""
    if job["snapshot_created_at"] is not None or not isinstance(facts.snapshot, dict):
        return job
    return {**job, "snapshot_created_at": facts.snapshot["created_at"]}
