# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# The options for taking snapshots, and which existing snapshots match them.

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from .._atlas.clock import CLOCK_SLACK
from .._atlas.errors import AtlasError, NoDate
from .._atlas.object_id import minted_at
from .records import COMPLETED, FAILED, Record, is_ended, is_on_demand, is_young, same_description

# If a proxy sets the Date, its clock may be off by more; be lenient, since a mistake would take a second snapshot.
_LONG_BEFORE = timedelta(seconds=60)


@dataclass(frozen=True)
class TakePlan:
    """The options for every cluster. max_age: seconds; None reuses nothing."""

    description: str | None = None
    retention_in_days: int | None = None
    if_in_progress: str = "wait"
    max_age: float | None = None
    wait: bool = True

    def is_alike(self, record: Record) -> bool:
        """Whether it is on-demand and has the description of this plan."""
        return is_on_demand(record) and same_description(record["description"], self.description)

    def is_reusable(self, record: Record, atlas_time: datetime | None) -> bool:
        """Whether max_age allows to reuse it: same description, a valid id, and recent or still running."""
        if self.max_age is None or not self.is_alike(record) or record["status"] == FAILED or record["id"] is None:
            return False
        if not is_ended(record):
            return True
        if atlas_time is None:
            raise NoDate(f"The age of snapshot {record['id']} is unknown", record)
        return is_young(record, self.max_age, atlas_time)

    def best_reusable(self, found: list[Record], atlas_time: datetime | None) -> Record | None:
        """The newest completed snapshot that can be reused, else the newest that still runs. found: newest first."""
        reusable = [record for record in found if self.is_reusable(record, atlas_time)]
        return next((record for record in reusable if record["status"] == COMPLETED), next(iter(reusable), None))

    def is_taken_since(self, record: Record, since: datetime | None) -> bool:
        """Whether a POST that was sent at this time by Atlas's clock may have taken it."""
        if not self.is_alike(record):
            return False
        if since is None:
            raise NoDate(f"Snapshot {record['id']} cannot be identified as the one that this task requested", record)
        minted = minted_at(record["id"])
        if minted is None:
            raise AtlasError(
                "A snapshot with this description has an unreadable id, and may be the one that this task requested",
                "Check the cluster's snapshots in Atlas, then run this again.",
                record=record,
            )
        return minted >= since - CLOCK_SLACK


def can_be_new(record: Record, since: datetime | None) -> bool:
    """Whether this can be the snapshot of a POST that was sent at this time by Atlas's clock.

    As recorded, a new snapshot is queued, so a finished one is probably an older one.
    """
    minted = minted_at(record["id"])
    if since is None or minted is None:
        return not is_ended(record)
    return minted >= since - (CLOCK_SLACK if is_ended(record) else _LONG_BEFORE)


def is_in_the_way(record: Record) -> bool:
    """Whether Atlas takes no other snapshot because of this one. Without an id it could not be polled, so no."""
    return is_on_demand(record) and not is_ended(record) and record["id"] is not None
