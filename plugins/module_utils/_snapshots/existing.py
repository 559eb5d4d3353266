# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# An existing snapshot: hold it to a retention, pick up the waiting for it, delete it.

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

from .._atlas.clock import AtlasClock
from .._atlas.endpoints import AtlasApi
from .._atlas.error_codes import CANNOT_DELETE_IN_PROGRESS_SNAPSHOT, next_step
from .._atlas.errors import AtlasError, RequestRefused, SnapshotTrouble
from .._atlas.object_id import minted_at
from .._atlas.retry import RetryBudget, Verdict, judge, leaves_doubt
from .._attempts import Attempt
from .._times import format_time, parse_time
from .lookup import DedicatedSnapshots, is_absent, is_not_there
from .outcome import Outcome, ensure_completed
from .records import Record, holds_retention, is_ended
from .take_plan import CLOCK_SLACK
from .wait import SHOWS_WITHIN, Pace, wait_for_end


class Existing:
    """One snapshot that the user names by its id."""

    def __init__(
        self,
        api: AtlasApi,
        attempt: Attempt,
        snapshot_id: str,
        pace: Pace,
        *,
        budget: RetryBudget,
        clock: AtlasClock,
        check_mode: bool,
    ) -> None:
        self._api = api
        self._attempt = attempt
        self._snapshot_id = snapshot_id
        self._pace = pace
        self._budget = budget
        self._clock = clock
        self._check_mode = check_mode
        self._snapshots = DedicatedSnapshots(api, attempt.cluster_name)

    async def hold(self, retention_in_days: int | None, *, wait: bool) -> Outcome:
        """The snapshot, kept for so many days after its creation; None leaves its retention alone.

        Atlas changes no retention of an unfinished snapshot, so its end is waited for whatever wait says.
        """
        record = self._attempt.record = await self._first_look()
        self._budget.extend_to_deadline()
        if not self._check_mode and (wait or retention_in_days is not None):
            record = await wait_for_end(self._snapshots, self._attempt, self._budget.deadline, self._pace, seen=True)
        ensure_completed(record)
        if retention_in_days is None or holds_retention(record, retention_in_days):
            return Outcome(record, changed=False, before=record)
        return Outcome({**record, "expires_at": await self._expire(record, retention_in_days)}, True, before=record)

    async def delete(self, *, look_first: bool) -> Outcome:
        """See that the snapshot is gone. look_first: tell what it was, for diff mode; check mode looks in any case."""
        before = await self._look_before_deleting() if look_first or self._check_mode else None
        gone = self._snapshots.record({"id": self._snapshot_id})
        if self._check_mode:
            return Outcome(gone, changed=before is not None, before=before, gone=True)
        self._attempt.changed = await self._delete()
        return Outcome(gone, changed=self._attempt.changed, before=before, gone=True)

    async def _first_look(self) -> Record:
        """The snapshot; one whose id is younger than a minute may not show yet."""
        while True:
            try:
                return await self._snapshots.get(self._snapshot_id)
            except RequestRefused as error:
                if not is_not_there(error) or not self._is_new() or self._budget.deadline.remaining() <= 0:
                    raise
            await asyncio.sleep(min(self._pace.gap(0, 0.0), self._budget.deadline.remaining()))

    def _is_new(self) -> bool:
        atlas_time, minted = self._clock.now(), minted_at(self._snapshot_id)
        if atlas_time is None or minted is None:
            return False
        return -CLOCK_SLACK <= atlas_time - minted < timedelta(seconds=SHOWS_WITHIN)

    async def _expire(self, record: Record, days: int) -> Any:
        if self._check_mode:
            created = parse_time(record["created_at"])
            return format_time(created + timedelta(days=days)) if created else None
        self._attempt.doubt = "Its retention may be changed all the same. Run this again to see."
        try:
            changed = await self._api.change_retention(self._attempt.cluster_name, self._snapshot_id, days)
        except AtlasError as error:
            if not leaves_doubt(error):
                self._attempt.doubt = ""
            raise
        self._attempt.changed, self._attempt.doubt = True, ""
        return self._snapshots.record(changed)["expires_at"]

    async def _look_before_deleting(self) -> Record | None:
        try:
            record = await self._snapshots.get(self._snapshot_id)
        except RequestRefused as error:
            if is_absent(error):
                return None
            raise
        if self._check_mode and not is_ended(record):
            raise SnapshotTrouble(
                f"Snapshot {self._snapshot_id} is {record['status']}, and Atlas deletes no unfinished snapshot",
                next_step(400, CANNOT_DELETE_IN_PROGRESS_SNAPSHOT),
                status_code=400,
                error_code=CANNOT_DELETE_IN_PROGRESS_SNAPSHOT,
                record=record,
            )
        return record

    async def _delete(self) -> bool:
        """Delete; whether there was anything to delete. A 404 after an answer was lost means that it worked."""
        retries = self._budget.new_request()
        lost = False
        while True:
            self._attempt.doubt = "The snapshot may be deleted all the same. Run this again to see."
            try:
                await self._snapshots.delete(self._snapshot_id)
                return True
            except AtlasError as error:
                if isinstance(error, RequestRefused) and is_absent(error):
                    return lost
                lost = lost or leaves_doubt(error)
                failure = error.in_context(doing=f"Snapshot {self._snapshot_id} could not be deleted")
            if not lost:
                self._attempt.doubt = ""
            if judge(failure) is Verdict.FINAL:
                raise failure
            await retries.pause(failure)
