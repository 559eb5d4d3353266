# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# Takes one snapshot of one cluster, never two.

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass
from typing import Any

from .._atlas.clock import AtlasClock, Moment, now
from .._atlas.endpoints import AtlasApi
from .._atlas.error_codes import UNFINISHED_ON_DEMAND_SNAPSHOT
from .._atlas.errors import AtlasError, NoAnswer, OutOfTime
from .._atlas.object_id import minted_at
from .._atlas.retry import RetryBudget, Verdict, judge, leaves_doubt
from .._attempts import Attempt
from .dedicated import DedicatedSnapshots
from .foresee import another_in_progress
from .outcome import Outcome, ensure_completed
from .records import Record
from .take_plan import TakePlan, can_be_new, is_in_the_way
from .wait import Gone, Pace, wait_for_end

# A list that took longer than this (retries included) may be outdated; list again, at most MOST_LOOKS times.
STALE_AFTER = 5.0
MOST_LOOKS = 3
# Seconds to wait for the answer to a POST in flight after an interruption.
LAST_ANSWER = 5.0
MAY_EXIST = (
    "A snapshot may have been taken. "
    "Before you run this again, check with atlas_snapshot_info, or set max_age, which reuses it."
)


@dataclass
class Taking:
    """Takes one snapshot of one cluster.

    Atlas decides whether it may start, so the POST is sent first (with max_age, after a list). After a POST with an
    uncertain outcome, the list of snapshots shows whether it took effect.
    """

    api: AtlasApi
    attempt: Attempt
    plan: TakePlan
    pace: Pace
    budget: RetryBudget
    clock: AtlasClock

    def __post_init__(self) -> None:
        self._snapshots = DedicatedSnapshots(self.api, self.attempt.cluster_name)
        self._retries = self.budget.new_request()
        # When the first POST with an uncertain outcome was sent.
        self._first_doubt: Moment | None = None

    async def take(self) -> Outcome:
        """Take or reuse a snapshot; the attempt always has the record of the current one."""
        return await self._reuse_recent() or await self._post_until_taken()

    async def _reuse_recent(self) -> Outcome | None:
        reusable = await self._find_reusable()
        return await self._reuse(reusable) if reusable else None

    async def _find_reusable(self) -> Record | None:
        """An existing snapshot within max_age, if there is one; without max_age, sends no request."""
        return None if self.plan.max_age is None else self._best(await self._snapshots.find(self._is_reusable))

    def _best(self, found: list[Record]) -> Record | None:
        return self.plan.best_reusable(found, self.clock.now())

    def _is_reusable(self, record: Record) -> bool:
        return self.plan.is_reusable(record, self.clock.now())

    async def _post_until_taken(self) -> Outcome:
        while True:
            try:
                taken = await self._post()
            except AtlasError as error:
                outcome = await self._after_failed_post(error)
                if outcome:
                    return outcome
            else:
                return await self._finish_own(taken)

    async def _post(self) -> Record:
        """Send the POST once. From then on a snapshot may exist, unless Atlas refuses it."""
        earlier, self.attempt.doubt = self.attempt.doubt, MAY_EXIST
        began = self.clock.moment()
        posting = asyncio.ensure_future(
            self.api.take_snapshot(self.attempt.cluster_name, self.plan.description, self.plan.retention_in_days)
        )
        try:
            await asyncio.wait([posting])
        except asyncio.CancelledError:
            # Interrupted while the request is in flight: its answer may still show the snapshot's id.
            await asyncio.wait([posting], timeout=LAST_ANSWER)
            if posting.done():
                with contextlib.suppress(AtlasError):
                    self._posted(posting, began, earlier)
            posting.cancel()
            raise
        return self._posted(posting, began, earlier)

    def _posted(self, posting: asyncio.Future[dict[str, Any]], began: Moment, earlier_doubt: str) -> Record:
        """The snapshot that the POST has taken. Raises the error of the POST."""
        try:
            taken = posting.result()
        except AtlasError as error:
            if not leaves_doubt(error):
                self.attempt.doubt = earlier_doubt
            raise
        record = self._snapshots.record_taken(taken)
        if not can_be_new(record, self.clock.time_of(began)):
            raise NoAnswer(
                f"The answer is about snapshot {record['id']}, which is older than the request",
                "Check the caches and proxies between this host and Atlas, then run this again.",
            ).in_context(sent=began)
        self.clock.observe_new_id(minted_at(record["id"]))
        return self._own(record)

    def _own(self, record: Record) -> Record:
        """Note that this run has taken this snapshot."""
        self.attempt.record, self.attempt.changed, self.attempt.doubt = record, True, ""
        return record

    async def _after_failed_post(self, error: AtlasError) -> Outcome | None:
        """Handle a POST without a snapshot in its answer; None means that the POST may be repeated."""
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
        """Wait as for any retry; if the outcome is uncertain, list the snapshots before the POST is repeated."""
        last_word: AtlasError | None = None
        try:
            await self._retries.pause(error)
        except AtlasError as gave_up:
            last_word = gave_up
        own = await self._find_own()
        if own:
            return await self._finish_own(own)
        if last_word or self.budget.deadline.remaining() <= 0:
            # The answer of Atlas says more than that no time is left for another POST.
            raise last_word or error
        return None

    async def _find_own(self) -> Record | None:
        """The snapshot that an uncertain POST has taken, if any: the oldest match, because others may take more."""
        if self._first_doubt is None:
            return None
        for _look in range(MOST_LOOKS):
            began = now()
            own = await self._snapshots.find(self._is_own)
            if own or now() - began < STALE_AFTER:
                return own[-1] if own else None
        return None

    def _is_own(self, record: Record) -> bool:
        """Whether an uncertain POST of this run may have taken it."""
        return self._first_doubt is not None and self.plan.is_taken_since(record, self.clock.time_of(self._first_doubt))

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
            # The other snapshot has just ended, or the list comes from a replica that lags.
            if self.plan.if_in_progress != "fail":
                self.budget.extend_to_deadline()
            return await self._pause_and_look(refused)
        self.budget.extend_to_deadline()
        if self.plan.if_in_progress == "reuse":
            return await self._reuse(other)
        if self.plan.if_in_progress == "fail":
            raise another_in_progress(other)
        await self._outwait(other)
        own = await self._find_own()
        return await self._finish_own(own) if own else None

    def _matters(self, record: Record) -> bool:
        """Whether the snapshot matters after a refusal because another one is in progress."""
        return is_in_the_way(record) or self._is_own(record) or self._is_reusable(record)

    async def _outwait(self, other: Record) -> None:
        """Wait until the other snapshot has ended in any way."""
        try:
            await self._wait_for(other, seen=True, in_the_way=True)
        except Gone:
            pass
        except AtlasError as error:
            in_the_way = f"Waiting for another on-demand snapshot, {other['id']}, failed, so no snapshot was taken"
            hint = "Allow more with wait_timeout, or use the other one with if_in_progress=reuse."
            raise error.in_context(doing=in_the_way, hint=hint if isinstance(error, OutOfTime) else None) from None
        self.attempt.record = None

    async def _finish_own(self, record: Record) -> Outcome:
        return Outcome(await self._awaited(self._own(record)), changed=True)

    async def _reuse(self, record: Record) -> Outcome:
        ended = await self._awaited(record)
        return Outcome(ended, changed=False, reused=True, before=ended)

    async def _awaited(self, record: Record) -> Record:
        self.budget.extend_to_deadline()
        if self.plan.wait:
            # The list endpoint can return a snapshot before its own endpoint does.
            record = await self._wait_for(record, seen=False)
        ensure_completed(record)
        return record

    async def _wait_for(self, record: Record, *, seen: bool, in_the_way: bool = False) -> Record:
        self.attempt.record = record
        return await wait_for_end(
            self._snapshots, self.attempt, self.budget.deadline, self.pace, seen=seen, in_the_way=in_the_way
        )
