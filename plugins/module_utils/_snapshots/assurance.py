# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# Whether a snapshot is a backup that counts: the one definition for modules, role and report. Pure functions.

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from .._text import printable
from .._times import format_time, parse_time
from .records import COMPLETED

_LONGEST_VALUE = 40


@dataclass(frozen=True)
class Verdict:
    """Whether a snapshot is assured.

    reason: why it is not, as a clause that follows a colon; empty when it is assured.
    unclear: what Atlas did not say, or said in a way that cannot be read; each is a clause too.
    """

    assured: bool
    reason: str = ""
    unclear: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Doubt:
    """One thing that is wrong with a snapshot. unclear: Atlas's answer only fails to show the opposite."""

    clause: str
    unclear: bool = False


def judge_snapshot(
    record: Mapping[str, Any], until: datetime, *, for_restore: bool = False, now: datetime | None = None
) -> Verdict:
    """Judge one snapshot record: is it a backup, and will it still exist at the moment until?

    Any value in the record may be missing or of any type; nothing is raised.
    for_restore: an expiry or a size that is unclear does not count against the snapshot; Atlas decides then.
    now: Atlas's clock, for the words about a snapshot that has expired already; it decides nothing.
    """
    doubts = [doubt for doubt in (_status(record), _expiry(record, until, now), _content(record)) if doubt]
    against = [doubt.clause for doubt in doubts if not (for_restore and doubt.unclear)]
    unclear = tuple(doubt.clause for doubt in doubts if doubt.unclear)
    return Verdict(not against, against[0] if against else "", unclear)


def moment_after(now: datetime, seconds: float) -> datetime:
    """now and so many seconds; the end of the calendar where the sum lies beyond it, or is no time at all."""
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
    return _Doubt(f"it expires at {format_time(expiry)}, and has to exist until {format_time(until)}")


def _content(record: Mapping[str, Any]) -> _Doubt | None:
    """A sharded snapshot consists of its members; of a dedicated replica set, Atlas says the size."""
    if record.get("type") == "shardedCluster":
        return _Doubt("Atlas lists no shard in it") if record.get("members") == [] else None
    if record.get("type") != "replicaSet" or record.get("cluster_type") in ("tenant", "flex"):
        return None
    size = record.get("storage_size_bytes")
    if size is None:
        return None
    if not _is_number(size):
        return _Doubt(f"its size is {_shown(size)}, which is not a number", unclear=True)
    return None if size > 0 else _Doubt(f"its size is {_shown(size)}")


def _is_number(value: Any) -> bool:
    """Every int is one, however large; of floats only those that math knows as finite."""
    return (isinstance(value, int) and not isinstance(value, bool)) or (
        isinstance(value, float) and math.isfinite(value)
    )


def _shown(value: Any) -> str:
    """A value from outside, short enough for a sentence; str() would raise for a number of 5,000 digits."""
    if isinstance(value, str):
        text = printable(value[: _LONGEST_VALUE + 1])
        return f"'{text}'" if len(text) <= _LONGEST_VALUE else f"'{text[:_LONGEST_VALUE]}...'"
    if isinstance(value, int) and abs(value) >= 10**_LONGEST_VALUE:
        return "a number too large to show"
    return str(value) if value is None or isinstance(value, (int, float)) else f"a {type(value).__name__}"
