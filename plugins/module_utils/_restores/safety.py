# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# Safety snapshots: which snapshot has the data of a target from before its restore. Pure functions.

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from .._atlas.clock import CLOCK_SLACK
from .._snapshots.records import COMPLETED, Record, born_at, is_on_demand, newest_first, same_description
from .._times import parse_time

DESCRIPTION = "Before rollback"
# Seconds for which a safety snapshot must exist.
OUTLIVES = 86400.0
_DAY = timedelta(days=1)


def completed_at(snapshot: Mapping[str, Any]) -> datetime | None:
    """When the snapshot was completed; None if unknown.

    createdAt is the moment of its data, before completion. Atlas counts the expiry from completion in whole days (as
    recorded, 2026-08), so the difference shows the completion. After a change of retention the expiry counts from
    createdAt, and the result is createdAt.
    """
    created, expires = parse_time(snapshot.get("created_at")), parse_time(snapshot.get("expires_at"))
    if snapshot.get("status") != COMPLETED or created is None:
        return None
    return created if expires is None or expires < created else created + (expires - created) % _DAY


def holds_old_data(snapshot: Mapping[str, Any], job: Record) -> bool:
    """Whether the snapshot was completed before this job began to overwrite its cluster."""
    completed, began = completed_at(snapshot), born_at(job)
    return completed is not None and began is not None and completed <= began + CLOCK_SLACK


def kept_for(job: Record, snapshots: Iterable[Record]) -> Record | None:
    """The newest safety snapshot of the job's target from before the job; None if there is none."""
    own = [each for each in snapshots if is_on_demand(each) and same_description(each["description"], DESCRIPTION)]
    return next((each for each in newest_first(own) if holds_old_data(each, job)), None)
