# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# The newest snapshot of a cluster, for a rollback that names none. Pure functions.

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from .._snapshots.assurance import judge_snapshot, moment_after
from .._snapshots.records import Record, newest_first

# In the place of an id.
NEWEST = "newest"
_FALLBACK = "fallback"


def asks_for_newest(record: Any) -> bool:
    """Whether this record names a cluster and no snapshot of it."""
    return isinstance(record, Mapping) and isinstance(record.get("cluster_name"), str) and record.get("id") == NEWEST


def newest_assured(snapshots: Iterable[Record], atlas_now: datetime | None, seconds: float) -> Record | None:
    """The newest snapshot that is assured for so many seconds from now, None where there is none.

    Fallback snapshots are left out: Atlas takes them when it fails to take one as usual, and guarantees less for them.
    """
    if atlas_now is None:
        return None
    until = moment_after(atlas_now, seconds)
    usual = (snapshot for snapshot in newest_first(snapshots) if snapshot["snapshot_type"] != _FALLBACK)
    return next((each for each in usual if judge_snapshot(each, until, for_restore=True).assured), None)


def newest_problem(newest: Record | None, option: str) -> str:
    """Why the newest snapshot is not restored: there is none, or the target is the cluster itself."""
    if newest is None:
        return "none of its snapshots is assured for long enough. Look at them with atlas_snapshot_info."
    return (
        f"it is the target itself, and its newest assured snapshot, {newest['id']} of {newest['created_at']}, may hold "
        f"the damage. Look at the data, then give this id or an older one in {option}, or name another target."
    )
