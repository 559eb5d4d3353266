# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# Deletes one snapshot, and makes sure that it is gone.

from __future__ import annotations

from .._atlas.endpoints import AtlasApi
from .._atlas.error_codes import CANNOT_DELETE_IN_PROGRESS_SNAPSHOT, next_step
from .._atlas.errors import AtlasError, SnapshotTrouble
from .._atlas.retry import RetryBudget, Verdict, judge, leaves_doubt
from .._attempts import Attempt
from .dedicated import DedicatedSnapshots, is_absent
from .outcome import Outcome
from .records import Record, is_ended


class Deletion:
    """Deletes one snapshot by its id."""

    def __init__(self, api: AtlasApi, attempt: Attempt, snapshot_id: str, budget: RetryBudget) -> None:
        attempt.subject = f"Snapshot {snapshot_id}"
        self._attempt = attempt
        self._snapshot_id = snapshot_id
        self._budget = budget
        self._snapshots = DedicatedSnapshots(api, attempt.cluster_name)

    async def delete(self, *, look_first: bool) -> Outcome:
        """Delete the snapshot if it exists. look_first: read it before, for diff mode."""
        before = await self._look() if look_first else None
        self._attempt.changed = await self._delete()
        return Outcome(self._gone(), changed=self._attempt.changed, before=before, gone=True)

    async def foresee(self) -> Outcome:
        """The outcome of delete, for check mode; raises the refusal that a real run would meet."""
        before = await self._look()
        if before and not is_ended(before):
            raise SnapshotTrouble(
                f"Snapshot {self._snapshot_id} is {before['status']}, but Atlas cannot delete an unfinished snapshot",
                next_step(400, CANNOT_DELETE_IN_PROGRESS_SNAPSHOT),
                status_code=400,
                error_code=CANNOT_DELETE_IN_PROGRESS_SNAPSHOT,
                record=before,
            )
        return Outcome(self._gone(), changed=before is not None, before=before, gone=True)

    def _gone(self) -> Record:
        return self._snapshots.record({"id": self._snapshot_id})

    async def _look(self) -> Record | None:
        try:
            return await self._snapshots.get(self._snapshot_id)
        except AtlasError as error:
            if is_absent(error):
                return None
            raise self._not_deleted(error) from None

    async def _delete(self) -> bool:
        """Delete it; returns whether it existed. A 404 after a lost answer means that the deletion worked."""
        retries = self._budget.new_request()
        lost = False
        while True:
            self._attempt.doubt = f"Snapshot {self._snapshot_id} may have been deleted."
            try:
                await self._snapshots.delete(self._snapshot_id)
                return True
            except AtlasError as error:
                if is_absent(error):
                    return lost
                lost = lost or leaves_doubt(error)
                failure = self._not_deleted(error)
            if not lost:
                self._attempt.doubt = ""
            if judge(failure) is Verdict.FINAL:
                raise failure
            await retries.pause(failure)

    def _not_deleted(self, error: AtlasError) -> AtlasError:
        return error.in_context(doing=f"Snapshot {self._snapshot_id} could not be deleted")
