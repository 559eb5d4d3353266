# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# How long a snapshot is kept: the days that are asked for, the moment it has to outlive, and the change of both.

from __future__ import annotations

import math
from dataclasses import replace
from datetime import datetime

from .._atlas.endpoints import AtlasApi
from .._atlas.errors import AtlasError, SnapshotTrouble
from .._atlas.object_id import minted_at
from .._atlas.retry import leaves_doubt
from .._attempts import Attempt
from .._times import format_time, in_utc, parse_time
from .assurance import judge_snapshot, moment_after
from .clusters import DEDICATED
from .outcome import Outcome
from .records import COMPLETED, Record, holds_retention

_DAY = 86400.0
# More days than these are more than Atlas takes.
_MOST_DAYS = 365_000
_DOUBT = "Its retention may have been changed all the same. Run this again to see."


def days_to_set(record: Record, retention_in_days: int | None, until: datetime | None, spare: float) -> int | None:
    """The retention that a completed snapshot needs, in days; None where it has what it needs.

    until: the moment that it has to outlive, if any; it beats a shorter retention_in_days.
    spare: seconds by which that moment may move on while the retention is changed.
    """
    held = retention_in_days is None or holds_retention(record, retention_in_days)
    created = parse_time(record["created_at"])
    kept_until = parse_time(record["expires_at"])
    if not held and created:
        kept_until = moment_after(created, (retention_in_days or 0) * _DAY)
    if until and kept_until and kept_until < until:
        return _days_until(record, moment_after(until, spare)) or retention_in_days
    return None if held else retention_in_days


def _days_until(record: Record, until: datetime) -> int | None:
    """How many days after its creation a snapshot has to expire in order to exist at a moment; None if nobody knows.

    That Atlas counts a changed retention from createdAt is assumed, not recorded. The id is made a little earlier.
    """
    known = [moment for moment in (parse_time(record["created_at"]), minted_at(record["id"])) if moment]
    if not known:
        return None
    days = math.ceil((until - min(known)).total_seconds() / _DAY)
    return days if 1 <= days <= _MOST_DAYS else None


async def set_retention(api: AtlasApi, attempt: Attempt, record: Record, days: int, *, check_mode: bool) -> Record:
    """The snapshot with its new expiry, as Atlas answers it; in check mode, as it is expected."""
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
    # A sharded snapshot is answered without its members, so that only the expiry is taken over.
    attempt.record = {**record, "expires_at": in_utc(changed.get("expiresAt"))}
    if parse_time(attempt.record["expires_at"]) is None:
        raise SnapshotTrouble(
            f"How long snapshot {record['id']} is kept now cannot be told: Atlas answers without a time",
            "Run this again to see.",
            record=attempt.record,
        )
    return attempt.record


def expires_before(outcome: Outcome, until: datetime) -> bool:
    """Whether this is a snapshot that can be kept longer, and has to be in order to exist at that moment."""
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
    """The outcome with a snapshot that exists at that moment, if Atlas lets it; it is never shortened.

    retention_in_days: what is asked for new snapshots; one that has to be kept longer is kept no shorter than they are.
    """
    days = days_to_set(outcome.record, None, until, spare)
    if days is None:
        return outcome
    days = max(days, retention_in_days or 0)
    record = await set_retention(api, attempt, outcome.record, days, check_mode=check_mode)
    return replace(outcome, record=record, changed=True, before=outcome.before or outcome.record)


def ensure_assured(record: Record, until: datetime) -> None:
    """Raise SnapshotTrouble for a snapshot that is not a backup to rely on until that moment."""
    verdict = judge_snapshot(record, until)
    if not verdict.assured:
        raise SnapshotTrouble(
            f"Snapshot {record['id']} is not assured: {verdict.reason}",
            "Take another one, or ask for a shorter time with outlives."
            if record["cluster_type"] == DEDICATED
            else "Wait for the next one that Atlas takes, or ask for a shorter time with outlives.",
            record=record,
        )
