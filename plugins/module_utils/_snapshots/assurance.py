# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# Decides whether a snapshot is assured, in one place for modules, role and report. Pure functions.

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from .._atlas.json_values import number
from .._text import printable
from .._times import format_time, parse_time
from .records import COMPLETED

_LONGEST_VALUE = 40


@dataclass(frozen=True)
class Assurance:
    """Whether a snapshot is assured.

    reason: why it is not, as a clause that follows a colon; empty if it is assured.
    unclear: clauses about values that are missing or unreadable in Atlas's answer.
    """

    assured: bool
    reason: str = ""
    unclear: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Doubt:
    """One problem with a snapshot. unclear: a value is missing or unreadable, so the problem is not certain."""

    clause: str
    unclear: bool = False


def judge_snapshot(
    record: Mapping[str, Any], until: datetime, *, for_restore: bool = False, now: datetime | None = None
) -> Assurance:
    """Judge one snapshot record: is it a backup, and will it still exist at the moment until?

    Any value in the record may be missing or of any type; nothing is raised.
    for_restore: an unclear expiry or size is accepted, because Atlas decides about the restore.
    now: Atlas's clock, only for the wording about a snapshot that has already expired.
    """
    doubts = [doubt for doubt in (_status(record), _expiry(record, until, now), _content(record)) if doubt]
    against = [doubt.clause for doubt in doubts if not (for_restore and doubt.unclear)]
    unclear = tuple(doubt.clause for doubt in doubts if doubt.unclear)
    return Assurance(not against, against[0] if against else "", unclear)


def moment_after(now: datetime, seconds: float) -> datetime:
    """now plus these seconds; datetime.max if the sum is not a valid date."""
    try:
        return now.astimezone(timezone.utc) + timedelta(seconds=seconds)
    except (OverflowError, ValueError):
        return datetime.max.replace(tzinfo=timezone.utc)


def _status(record: Mapping[str, Any]) -> _Doubt | None:
    status = record.get("status")
    if status == COMPLETED:
        return None
    return _Doubt("its status is unknown" if status is None else f"its status is {_shown(status)}, not {COMPLETED}")


def _expiry(record: Mapping[str, Any], until: datetime, now: datetime | None) -> _Doubt | None:
    expires_at = record.get("expires_at")
    if expires_at is None:
        return _Doubt("Atlas does not say when it expires", unclear=True)
    expiry = parse_time(expires_at)
    if expiry is None:
        return _Doubt(f"its expiry is {_shown(expires_at)}, which is not a time", unclear=True)
    if expiry >= until:
        return None
    if now is not None and expiry <= now:
        return _Doubt(f"it expired at {format_time(expiry)}")
    return _Doubt(f"it expires at {format_time(expiry)}, but must exist until {format_time(until)}")


def _content(record: Mapping[str, Any]) -> _Doubt | None:
    """Check that the snapshot is not empty: by its members if sharded, by its size for a dedicated replica set."""
    if record.get("type") == "shardedCluster":
        return _Doubt("Atlas lists no shard in it") if record.get("members") == [] else None
    if record.get("type") != "replicaSet" or record.get("cluster_type") in ("tenant", "flex"):
        return None
    size = record.get("storage_size_bytes")
    if size is None:
        return None
    if number(size) is None:
        return _Doubt(f"its size is {_shown(size)}, which is not a number", unclear=True)
    return None if size > 0 else _Doubt(f"its size is {_shown(size)}")


def _shown(value: Any) -> str:
    """A value from Atlas, shortened for a message; str() would fail for a number of 5,000 digits."""
    if isinstance(value, str):
        text = printable(value[: _LONGEST_VALUE + 1])
        return f"'{text}'" if len(text) <= _LONGEST_VALUE else f"'{text[:_LONGEST_VALUE]}...'"
    if isinstance(value, int) and abs(value) >= 10**_LONGEST_VALUE:
        return "a number too large to show"
    return str(value) if value is None or isinstance(value, (int, float)) else f"a {type(value).__name__}"
