# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# Decides about the retention of a snapshot (retention_in_days, outlives), and changes it.

from __future__ import annotations

import math
from dataclasses import replace
from datetime import datetime

from .._atlas.endpoints import AtlasApi
from .._atlas.errors import AtlasError, SnapshotTrouble
from .._atlas.object_id import minted_at
from .._atlas.retry import leaves_doubt
from .._attempts import Attempt
from .._option_limits import MOST_DAYS
from .._times import format_time, in_utc, parse_time
from .assurance import judge_snapshot, moment_after
from .clusters import DEDICATED
from .outcome import Outcome
from .records import COMPLETED, Record, holds_retention

_DAY = 86400.0
_DOUBT = "Its retention may have been changed. Run this again to check."


def days_to_set(record: Record, retention_in_days: int | None, until: datetime | None, spare: float) -> int | None:
    """The new retention for a completed snapshot, in days; None if nothing has to change.

    until: the moment until which it must exist, if any; wins over a shorter retention_in_days.
    spare: seconds by which that moment may move while the retention is changed.
    """
    days = retention_in_days
    if days is not None and holds_retention(record, days):
        days = None
    created = parse_time(record["created_at"])
    kept_until = parse_time(record["expires_at"])
    if days is not None and created:
        kept_until = moment_after(created, days * _DAY)
    if until and kept_until and kept_until < until:
        return _days_until(record, moment_after(until, spare)) or days
    return days


def _days_until(record: Record, until: datetime) -> int | None:
    """The days after its creation that a snapshot must be kept to exist at this moment; None if unknown.

    That Atlas counts a changed retention from createdAt is assumed, not recorded. The time in the id is a bit earlier.
    """
    known = [moment for moment in (parse_time(record["created_at"]), minted_at(record["id"])) if moment]
    if not known:
        return None
    days = math.ceil((until - min(known)).total_seconds() / _DAY)
    return days if 1 <= days <= MOST_DAYS else None


async def set_retention(api: AtlasApi, attempt: Attempt, record: Record, days: int, *, check_mode: bool) -> Record:
    """Change the retention; returns the record with the new expiry, in check mode with the expected one."""
    if check_mode:
        created = parse_time(record["created_at"])
        return {**record, "expires_at": format_time(moment_after(created, days * _DAY)) if created else None}
    attempt.doubt = _DOUBT
    try:
        changed = await api.change_retention(attempt.cluster_name, record["id"], days)
    except AtlasError as error:
        if not leaves_doubt(error):
            attempt.doubt = ""
        raise
    attempt.changed, attempt.doubt = True, ""
    # The answer has no members for a sharded snapshot, so use only its expiry.
    attempt.record = {**record, "expires_at": in_utc(changed.get("expiresAt"))}
    if parse_time(attempt.record["expires_at"]) is None:
        raise SnapshotTrouble(
            f"The new expiry of snapshot {record['id']} is unknown: Atlas answered without a time",
            "Run this again to check.",
        )
    return attempt.record


def expires_before(outcome: Outcome, until: datetime) -> bool:
    """Whether the snapshot expires before this moment and can be extended."""
    record = outcome.record
    expires = parse_time(record["expires_at"])
    return (
        record["cluster_type"] == DEDICATED
        and record["status"] == COMPLETED
        and expires is not None
        and expires < until
    )


async def extend(
    api: AtlasApi,
    attempt: Attempt,
    outcome: Outcome,
    until: datetime,
    spare: float,
    *,
    retention_in_days: int | None,
    check_mode: bool,
) -> Outcome:
    """Extend the snapshot of the outcome until this moment; a retention is never shortened.

    retention_in_days: the retention of new snapshots, which is also the least for an extended one.
    """
    days = days_to_set(outcome.record, None, until, spare)
    if days is None:
        return outcome
    days = max(days, retention_in_days or 0)
    record = await set_retention(api, attempt, outcome.record, days, check_mode=check_mode)
    return replace(outcome, record=record, changed=True)


def ensure_assured(record: Record, until: datetime) -> None:
    """Raise SnapshotTrouble if the snapshot is not assured until this moment."""
    verdict = judge_snapshot(record, until)
    if not verdict.assured:
        raise SnapshotTrouble(
            f"Snapshot {record['id']} is not assured: {verdict.reason}",
            "Take another one, or set a shorter time with outlives."
            if record["cluster_type"] == DEDICATED
            else "Wait for the next one that Atlas takes, or set a shorter time with outlives.",
            record=record,
        )
