# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# Waits for an existing snapshot, and sets its retention.

from __future__ import annotations

from dataclasses import dataclass

from .._atlas.clock import AtlasClock
from .._atlas.endpoints import AtlasApi
from .._atlas.errors import NoDate
from .._atlas.retry import RetryBudget
from .._attempts import Attempt
from .assurance import moment_after
from .clusters import DEDICATED
from .first_look import first_look
from .lookup import ClusterSnapshots
from .outcome import Outcome, ensure_completed
from .records import Record
from .refusals import CHANGE, refused_automatic
from .retention import days_to_set, set_retention
from .wait import Pace, wait_for_end


@dataclass
class Existing:
    """One snapshot that the user names by its id, of a cluster of any kind."""

    api: AtlasApi
    attempt: Attempt
    snapshot_id: str
    pace: Pace
    budget: RetryBudget
    clock: AtlasClock
    check_mode: bool

    def __post_init__(self) -> None:
        self.attempt.subject = f"Snapshot {self.snapshot_id}"
        self._snapshots = ClusterSnapshots(self.api, self.attempt.cluster_name)

    async def hold(self, retention_in_days: int | None, *, wait: bool, outlives: float | None = None) -> Outcome:
        """Keep the snapshot for this many days after its creation; None does not change its retention.

        Atlas cannot change the retention of an unfinished snapshot, so this waits for its end even without wait.
        outlives: seconds for which it must exist from now on; wins over a shorter retention.
        """
        record = self.attempt.record = await self._first_look()
        self.budget.extend_to_deadline()
        if retention_in_days is not None and record["cluster_type"] != DEDICATED:
            raise refused_automatic(record["cluster_type"], CHANGE)
        if not self.check_mode and (wait or retention_in_days is not None):
            record = await wait_for_end(self._snapshots, self.attempt, self.budget.deadline, self.pace, seen=True)
        ensure_completed(record)
        days = self._days(record, retention_in_days, outlives) if retention_in_days is not None else None
        if days is None:
            return Outcome(record, changed=False, before=record)
        kept = await set_retention(self.api, self.attempt, record, days, check_mode=self.check_mode)
        return Outcome(kept, changed=True, before=record)

    def _days(self, record: Record, retention_in_days: int | None, outlives: float | None) -> int | None:
        if outlives is None:
            return days_to_set(record, retention_in_days, None, 0.0)
        atlas_time = self.clock.now()
        if atlas_time is None:
            raise NoDate(f"The remaining lifetime of snapshot {record['id']} is unknown", record)
        until = moment_after(atlas_time, outlives)
        return days_to_set(record, retention_in_days, until, self.budget.deadline.remaining())

    async def _first_look(self) -> Record:
        try:
            return await first_look(self._snapshots.get, self.snapshot_id, self.clock, self.budget.deadline, self.pace)
        finally:
            self.attempt.cluster_type = self._snapshots.cluster_type
