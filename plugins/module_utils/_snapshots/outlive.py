# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# The option outlives: makes sure that the snapshots of a task exist for some time after its end.

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from .._atlas.clock import AtlasClock
from .._atlas.endpoints import AtlasApi
from .._atlas.errors import AtlasError, NoDate
from .._atlas.retry import Deadline
from .._attempts import Attempt, Failure, attempt_all
from .._interruption import Interruption
from .assurance import moment_after
from .outcome import Outcome
from .records import is_ended
from .retention import ensure_assured, expires_before, extend


@dataclass(frozen=True)
class Outliving:
    """seconds: how long the snapshots must exist, by Atlas's clock. new_api: creates the endpoints for one cluster.

    retention_in_days: the least retention when one is extended; None extends it only as far as necessary.
    """

    seconds: float
    retention_in_days: int | None
    clock: AtlasClock
    deadline: Deadline
    new_api: Callable[[], AtlasApi]
    interruption: Interruption
    check_mode: bool

    async def ensure(self, attempts: Sequence[Attempt], outcomes: Sequence[Any]) -> list[Outcome | Failure]:
        """Extend retentions where needed; a snapshot that still is not assured becomes a failure.

        The time counts from the end of the task, so this runs after the slowest snapshot is completed. Changing one
        retention takes time, after which another may be too short; each snapshot is changed at most once.
        """
        results = {attempt.cluster_name: outcome for attempt, outcome in zip(attempts, outcomes)}
        left = list(attempts)
        while until := self._until():
            due = [each for each in left if _is_due(results[each.cluster_name], until)]
            if not due:
                break
            left = [each for each in left if each not in due]
            extended = await attempt_all(due, partial(self._extended, results, until), self.interruption)
            results.update((each.cluster_name, result) for each, result in zip(due, extended))
        return [self._judged(each, results[each.cluster_name], until) for each in attempts]

    def _until(self) -> datetime | None:
        atlas_time = self.clock.now()
        return moment_after(atlas_time, self.seconds) if atlas_time else None

    async def _extended(self, results: Mapping[str, Outcome], until: datetime, attempt: Attempt) -> Outcome:
        outcome = results[attempt.cluster_name]
        # The change ends before the deadline, so this is the most that until can move.
        spare = self.deadline.remaining()
        return await extend(
            self.new_api(),
            attempt,
            outcome,
            until,
            spare,
            retention_in_days=self.retention_in_days,
            check_mode=self.check_mode,
        )

    def _judged(self, attempt: Attempt, result: Outcome | Failure, until: datetime | None) -> Outcome | Failure:
        if isinstance(result, Failure):
            return result
        record = result.record
        if self.check_mode and not is_ended(record):
            # In check mode, the end of a running snapshot cannot be predicted.
            return result
        try:
            if until is None:
                raise NoDate(f"The remaining lifetime of snapshot {record['id']} is unknown", record)
            ensure_assured(record, until)
        except AtlasError as error:
            return attempt.failure(error)
        return result


def _is_due(result: Outcome | Failure, until: datetime) -> bool:
    return isinstance(result, Outcome) and expires_before(result, until)
