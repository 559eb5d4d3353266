# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# What is asked of every cluster that a snapshot is taken of, and what that means for the snapshots it has already.

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from .._atlas.errors import AtlasError, NoDate
from .._atlas.object_id import minted_at
from .records import COMPLETED, FAILED, Record, is_ended, is_on_demand, is_young, same_description

# A Date has no fractions, and clocks of one service differ a little.
CLOCK_SLACK = timedelta(seconds=2)
# Where a proxy sets the Date, its clock may be off by more. To call a new snapshot old would take a second one.
_LONG_BEFORE = timedelta(seconds=60)


@dataclass(frozen=True)
class TakePlan:
    """What is asked of every cluster. max_age in seconds; None re-uses nothing."""

    description: str | None = None
    retention_in_days: int | None = None
    if_in_progress: str = "wait"
    max_age: float | None = None
    wait: bool = True

    def is_alike(self, record: Record) -> bool:
        """Whether it looks like one that this plan takes."""
        return is_on_demand(record) and same_description(record["description"], self.description)

    def is_reusable(self, record: Record, atlas_time: datetime | None) -> bool:
        """Whether max_age lets it be the result: ours by description, with an id, and young or running."""
        if self.max_age is None or not self.is_alike(record) or record["status"] == FAILED or record["id"] is None:
            return False
        if not is_ended(record):
            return True
        if atlas_time is None:
            raise NoDate(f"How old snapshot {record['id']} is cannot be told", record)
        return is_young(record, self.max_age, atlas_time)

    def best_reusable(self, found: list[Record], atlas_time: datetime | None) -> Record | None:
        """Of those that can be re-used, newest first: the newest completed one, else the newest that still runs."""
        reusable = [record for record in found if self.is_reusable(record, atlas_time)]
        return next((record for record in reusable if record["status"] == COMPLETED), next(iter(reusable), None))

    def is_taken_since(self, record: Record, since: datetime | None) -> bool:
        """Whether a POST that was sent at this time by Atlas's clock may have taken it."""
        if not self.is_alike(record):
            return False
        if since is None:
            raise NoDate(f"Whether snapshot {record['id']} is the one that was asked for cannot be told", record)
        minted = minted_at(record["id"])
        if minted is None:
            raise AtlasError(
                "A snapshot with this description has an id that cannot be read, and may be the one that was asked for",
                "Look at the cluster's snapshots in Atlas, then run this again.",
                record=record,
            )
        return minted >= since - CLOCK_SLACK


def can_be_new(record: Record, since: datetime | None) -> bool:
    """Whether a POST that was sent at this time by Atlas's clock may have answered with it.

    As recorded, a new snapshot is queued: one that has ended already is probably another.
    """
    minted = minted_at(record["id"])
    if since is None or minted is None:
        return not is_ended(record)
    return minted >= since - (CLOCK_SLACK if is_ended(record) else _LONG_BEFORE)


def is_in_the_way(record: Record) -> bool:
    """Whether Atlas refuses to take another one because of it; without an id it can neither be named nor looked at."""
    return is_on_demand(record) and not is_ended(record) and record["id"] is not None
