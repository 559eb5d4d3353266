# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# Selects the newest snapshot of a cluster, for a rollback that names no snapshot. Pure functions.

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from .._snapshots.assurance import judge_snapshot, moment_after
from .._snapshots.records import Record, newest_first

# The value for a snapshot id that requests the newest snapshot.
NEWEST = "newest"
_FALLBACK = "fallback"


def asks_for_newest(record: Any) -> bool:
    """Whether this record requests the newest snapshot of a cluster."""
    return isinstance(record, Mapping) and isinstance(record.get("cluster_name"), str) and record.get("id") == NEWEST


def newest_assured(snapshots: Iterable[Record], atlas_now: datetime | None, seconds: float) -> Record | None:
    """The newest snapshot that is assured for this many seconds from now, None if there is none.

    Fallback snapshots are left out: Atlas takes them when a usual snapshot fails, and guarantees less for them.
    """
    if atlas_now is None:
        return None
    until = moment_after(atlas_now, seconds)
    usual = (snapshot for snapshot in newest_first(snapshots) if snapshot["snapshot_type"] != _FALLBACK)
    return next((each for each in usual if judge_snapshot(each, until, for_restore=True).assured), None)


def newest_problem(newest: Record | None, option: str) -> str:
    """Why the newest snapshot is not restored: there is none, or it is restored into its own cluster."""
    if newest is None:
        return "none of its snapshots is assured for long enough. Look them up with atlas_snapshot_info."
    return (
        f"it is the target itself, and its newest assured snapshot, {newest['id']} of {newest['created_at']}, may "
        f"contain the damage. Check the data, then set {option} to this id or an older one, or name another target."
    )
