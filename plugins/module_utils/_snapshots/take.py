# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# Taking one snapshot of one cluster, never two: the promises of the collection.

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from .._atlas.clock import AtlasClock, Moment, now
from .._atlas.endpoints import AtlasApi
from .._atlas.error_codes import (
    BACKUP_JOB_NOT_FOUND,
    CANNOT_UPDATE_PAUSED_CLUSTER,
    UNFINISHED_ON_DEMAND_SNAPSHOT,
    next_step,
)
from .._atlas.errors import AtlasError, NoDate, OutOfTime, SnapshotTrouble
from .._atlas.object_id import minted_at
from .._atlas.retry import RetryBudget, Verdict, judge, leaves_doubt
from .lookup import DedicatedSnapshots
from .records import COMPLETED, FAILED, Record, is_ended, is_on_demand, is_young, same_description
from .refusals import refused_by_kind
from .wait import Gone, Pace, wait_for_end

# Seconds after which a look that had to be repeated says too little of what is there now, and how often it is renewed.
STALE_AFTER = 5.0
MOST_LOOKS = 3
# A Date has no fractions, and clocks of one service differ a little.
CLOCK_SLACK = timedelta(seconds=2)


@dataclass(frozen=True)
class Outcome:
    """What has become of one cluster.

    before: the snapshot as it was, None where it was not there or not looked at. gone: it is not there any more.
    """

    record: Record
    changed: bool
    reused: bool = False
    before: Record | None = None
    gone: bool = False


@dataclass(frozen=True)
class TakePlan:
    """What is asked of every cluster. max_age in seconds; None re-uses nothing."""

    description: str | None = None
    retention_in_days: int | None = None
    if_in_progress: str = "wait"
    max_age: float | None = None
    wait: bool = True


def ensure_completed(record: Record) -> None:
    """Raise SnapshotTrouble for a snapshot that has failed: it is no backup."""
    if record["status"] == FAILED:
        raise SnapshotTrouble(
            f"Snapshot {record['id']} failed: it is not a backup",
            "Look at the cluster's state and alerts in Atlas, then take another one.",
            record=record,
        )


class Taking:
    """The taking of one snapshot of one cluster.

    Atlas is the judge of whether it may start, so the POST goes first (with max_age, after the list). A POST whose
    outcome is uncertain is followed by a look for what it may have left.
    """

    def __init__(
        self,
        api: AtlasApi,
        cluster_name: str,
        plan: TakePlan,
        pace: Pace,
        *,
        budget: RetryBudget,
        clock: AtlasClock,
    ) -> None:
        self._api = api
        self._cluster_name = cluster_name
        self._plan = plan
        self._pace = pace
        self._budget = budget
        self._clock = clock
        self._snapshots = DedicatedSnapshots(api, cluster_name)
        self._retries = budget.new_request()
        self._first_doubt: Moment | None = None
        # Whether a snapshot was taken for this cluster, also when something goes wrong afterwards.
        self.changed = False

    async def take(self) -> Outcome:
        """The snapshot that was taken or re-used. Every exception carries the snapshot that it is about, if any."""
        try:
            return await self._reuse_recent() or await self._post_until_taken()
        except AtlasError as error:
            if self._first_doubt and not self.changed:
                hint = (
                    "A snapshot may have been taken all the same: look with atlas_snapshot_info before another run, "
                    f"or run with max_age, which re-uses it. {error.hint}"
                )
                raise error.in_context(hint=hint) from None
            raise

    async def foresee(self) -> Outcome:
        """What take would do, by reads alone; a refusal that can be foreseen is raised as one."""
        reusable = await self._find_reusable()
        if reusable:
            return Outcome(reusable, changed=False, reused=True, before=reusable)
        cluster = await self._api.get_cluster(self._cluster_name)
        _raise_foreseen_refusal(cluster)
        other = next(iter(await self._snapshots.find(_is_in_the_way)), None)
        if other and self._plan.if_in_progress == "fail":
            raise _in_progress(other)
        if other and self._plan.if_in_progress == "reuse":
            return Outcome(other, changed=False, reused=True, before=other)
        record = self._snapshots.record({})
        record["description"] = self._plan.description
        record["snapshot_type"] = "onDemand"
        record["type"] = "replicaSet" if cluster.get("clusterType") == "REPLICASET" else "shardedCluster"
        return Outcome(record, changed=True)

    async def _reuse_recent(self) -> Outcome | None:
        reusable = await self._find_reusable()
        return await self._reuse(reusable) if reusable else None

    async def _find_reusable(self) -> Record | None:
        """What max_age lets be the result, if there is one; without max_age nothing is asked."""
        return None if self._plan.max_age is None else self._best(await self._snapshots.find(self._is_reusable))

    def _best(self, found: list[Record]) -> Record | None:
        """Of those that can be re-used, newest first: the newest completed one, else the newest that still runs."""
        reusable = [record for record in found if self._is_reusable(record)]
        return next((record for record in reusable if record["status"] == COMPLETED), next(iter(reusable), None))

    def _is_reusable(self, record: Record) -> bool:
        """Whether max_age lets it be the result: our description, and young enough or still running."""
        if self._plan.max_age is None or not self._is_alike(record) or record["status"] == FAILED:
            return False
        if not is_ended(record):
            return True
        atlas_time = self._clock.now()
        if atlas_time is None:
            raise NoDate(f"How old snapshot {record['id']} is cannot be told", record)
        return is_young(record, self._plan.max_age, atlas_time)

    def _is_alike(self, record: Record) -> bool:
        return is_on_demand(record) and same_description(record["description"], self._plan.description)

    async def _post_until_taken(self) -> Outcome:
        while True:
            try:
                taken = await self._api.take_snapshot(
                    self._cluster_name, self._plan.description, self._plan.retention_in_days
                )
            except AtlasError as error:
                outcome = await self._after_failed_post(error)
                if outcome:
                    return outcome
            else:
                return await self._finish_own(self._snapshots.record_taken(taken))

    async def _after_failed_post(self, error: AtlasError) -> Outcome | None:
        """What has come of a POST that brought no snapshot; None: it may go again now."""
        if error.error_code == UNFINISHED_ON_DEMAND_SNAPSHOT:
            return await self._another_in_progress(error)
        if leaves_doubt(error):
            self._first_doubt = self._first_doubt or error.sent
        if judge(error) is Verdict.FINAL:
            own = await self._find_own()
            if own is None:
                raise error
            return await self._finish_own(own)
        return await self._pause_and_look(error)

    async def _pause_and_look(self, error: AtlasError) -> Outcome | None:
        """Pause as any repeat does; in doubt, look afterwards, so that no POST goes again without a look before it."""
        last_word: AtlasError | None = None
        try:
            await self._retries.pause(error)
        except AtlasError as gave_up:
            last_word = gave_up
        own = await self._find_own()
        if own:
            return await self._finish_own(own)
        if last_word:
            raise last_word
        return None

    async def _find_own(self) -> Record | None:
        """What a POST of uncertain outcome has taken, if there was one: the first since, as others may take more."""
        if self._first_doubt is None:
            return None
        for _look in range(MOST_LOOKS):
            began = now()
            own = await self._snapshots.find(self._is_own)
            if own or now() - began < STALE_AFTER:
                return own[-1] if own else None
        return None

    def _is_own(self, record: Record) -> bool:
        """Whether a POST of this run may have taken it: our description, and minted no earlier than the first one."""
        if self._first_doubt is None or not self._is_alike(record):
            return False
        then, minted = self._clock.time_of(self._first_doubt), minted_at(record["id"])
        if then is None:
            raise NoDate(f"Whether snapshot {record['id']} is the one that was asked for cannot be told", record)
        return minted is not None and minted >= then - CLOCK_SLACK

    async def _another_in_progress(self, refused: AtlasError) -> Outcome | None:
        found = await self._snapshots.find(self._matters)
        own_ones = [record for record in found if self._is_own(record)]
        if own_ones:
            return await self._finish_own(own_ones[-1])
        reusable = self._best(found)
        if reusable:
            return await self._reuse(reusable)
        other = next(iter(found), None)
        if other is None:
            # It has just ended, or Atlas's list lags behind.
            if self._plan.if_in_progress != "fail":
                self._budget.extend_to_deadline()
            return await self._pause_and_look(refused)
        self._budget.extend_to_deadline()
        if self._plan.if_in_progress == "reuse":
            return await self._reuse(other)
        if self._plan.if_in_progress == "fail":
            raise _in_progress(other)
        await self._outwait(other)
        self._retries = self._budget.new_request()
        own = await self._find_own()
        return await self._finish_own(own) if own else None

    def _matters(self, record: Record) -> bool:
        """Whether it decides what becomes of a POST that was refused because another one is in progress."""
        return _is_in_the_way(record) or self._is_own(record) or self._is_reusable(record)

    async def _outwait(self, other: Record) -> None:
        """Wait until somebody else's snapshot is no hindrance any more, however it ends."""
        try:
            await wait_for_end(self._snapshots, other, self._budget.deadline, self._pace, seen=True, in_the_way=True)
        except Gone:
            return
        except AtlasError as error:
            in_the_way = f"Another on-demand snapshot, {other['id']}, is in the way, and none could be taken"
            hint = "Allow more with wait_timeout, or use the other one with if_in_progress=reuse."
            raise error.in_context(doing=in_the_way, hint=hint if isinstance(error, OutOfTime) else None) from None

    async def _finish_own(self, record: Record) -> Outcome:
        self.changed = True
        return Outcome(await self._awaited(record), changed=True)

    async def _reuse(self, record: Record) -> Outcome:
        ended = await self._awaited(record)
        return Outcome(ended, changed=False, reused=True, before=ended)

    async def _awaited(self, record: Record) -> Record:
        self._budget.extend_to_deadline()
        if self._plan.wait:
            # A list that shows it says nothing of its own address yet.
            record = await wait_for_end(self._snapshots, record, self._budget.deadline, self._pace, seen=False)
        ensure_completed(record)
        return record


def _is_in_the_way(record: Record) -> bool:
    return is_on_demand(record) and not is_ended(record)


def _in_progress(other: Record) -> SnapshotTrouble:
    return SnapshotTrouble(
        f"Another on-demand snapshot, {other['id']}, is {other['status']} ({UNFINISHED_ON_DEMAND_SNAPSHOT})",
        "Wait for it (if_in_progress=wait) or use it (if_in_progress=reuse).",
        status_code=400,
        error_code=UNFINISHED_ON_DEMAND_SNAPSHOT,
        record=other,
    )


def _raise_foreseen_refusal(cluster: dict[str, object]) -> None:
    refused = refused_by_kind(cluster)
    if refused:
        raise refused
    if cluster.get("paused"):
        raise _foreseen(
            "It is paused, and Atlas takes no snapshot of a paused cluster", 409, CANNOT_UPDATE_PAUSED_CLUSTER
        )
    if cluster.get("backupEnabled") is False:
        raise _foreseen("Its backups are switched off", 400, BACKUP_JOB_NOT_FOUND)


def _foreseen(message: str, status_code: int, error_code: str) -> AtlasError:
    hint = next_step(status_code, error_code)
    return AtlasError(message, hint, status_code=status_code, error_code=error_code)
