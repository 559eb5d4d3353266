# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import math
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._snapshots.assurance import (
    judge_snapshot,
    moment_after,
)
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.fuzz import documents, json_values, quick
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.times import iso, moment

DAY = 86400
END_OF_CALENDAR = datetime.max.replace(tzinfo=timezone.utc)
KEYS = ("status", "expires_at", "type", "cluster_type", "storage_size_bytes", "members")
absurd = json_values | st.integers(min_value=10**50, max_value=10**400) | st.just(10**5000)
moments = st.datetimes(
    min_value=datetime(1970, 1, 2), max_value=datetime(9999, 1, 1), timezones=st.just(timezone.utc)
).map(lambda drawn: drawn.replace(microsecond=0))


def snapshot(**more: Any) -> dict[str, Any]:
    """An assured snapshot of a dedicated replica set, which expires a day after the start."""
    return {
        "status": "completed",
        "expires_at": iso(DAY),
        "cluster_type": "dedicated",
        "type": "replicaSet",
        "storage_size_bytes": 1582854144,
        "members": None,
        **more,
    }


def sharded(**more: Any) -> dict[str, Any]:
    return snapshot(type="shardedCluster", storage_size_bytes=0, members=[{"id": None}], **more)


def automatic(kind: str, **more: Any) -> dict[str, Any]:
    return snapshot(**{"cluster_type": kind, "type": None, "storage_size_bytes": None, **more})


@pytest.mark.parametrize("record", [snapshot(), sharded(), automatic("flex"), automatic("tenant")])
def test_completed_snapshot_with_enough_lifetime_is_assured(record: dict[str, Any]) -> None:
    verdict = judge_snapshot(record, moment(DAY))

    assert (verdict.assured, verdict.reason, verdict.unclear) == (True, "", ())


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (snapshot(status="failed"), "its status is 'failed', not completed"),
        (snapshot(status="COMPLETED"), "its status is 'COMPLETED', not completed"),
        (snapshot(status=True), "its status is True, not completed"),
        (snapshot(status=None), "its status is unknown"),
        ({}, "its status is unknown"),
        (snapshot(expires_at=iso(DAY - 1)), f"it expires at {iso(DAY - 1)}, but must exist until {iso(DAY)}"),
        (snapshot(storage_size_bytes=0), "its size is 0"),
        (snapshot(storage_size_bytes=-1), "its size is -1"),
        (snapshot(storage_size_bytes=0.0), "its size is 0.0"),
        (sharded() | {"members": []}, "Atlas lists no shard in it"),
    ],
)
@pytest.mark.parametrize("for_restore", [False, True])
def test_known_defect_makes_a_snapshot_unassured(record: dict[str, Any], reason: str, for_restore: bool) -> None:
    verdict = judge_snapshot(record, moment(DAY), for_restore=for_restore)

    assert (verdict.assured, verdict.reason) == (False, reason)


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"expires_at": None}, "Atlas does not say when it expires"),
        ({"expires_at": "never"}, "its expiry is 'never', which is not a time"),
        ({"expires_at": "z" * 41}, f"its expiry is '{'z' * 40}...', which is not a time"),
        ({"expires_at": "\x1b[2J"}, "its expiry is '\\x1b[2J', which is not a time"),
        ({"expires_at": 0}, "its expiry is 0, which is not a time"),
        ({"expires_at": 1786000000}, "its expiry is 1786000000, which is not a time"),
        ({"expires_at": 10**5000}, "its expiry is a number too large to show, which is not a time"),
        ({"expires_at": [iso(DAY)]}, "its expiry is a list, which is not a time"),
        ({"storage_size_bytes": "12"}, "its size is '12', which is not a number"),
        ({"storage_size_bytes": True}, "its size is True, which is not a number"),
        ({"storage_size_bytes": float("nan")}, "its size is nan, which is not a number"),
        ({"storage_size_bytes": float("inf")}, "its size is inf, which is not a number"),
    ],
)
def test_unclear_value_makes_only_a_backup_unassured(more: dict[str, Any], reason: str) -> None:
    backup = judge_snapshot(snapshot(**more), moment(DAY))
    restore = judge_snapshot(snapshot(**more), moment(DAY), for_restore=True)

    assert (backup.assured, backup.reason, backup.unclear) == (False, reason, (reason,))
    assert (restore.assured, restore.reason, restore.unclear) == (True, "", (reason,))


@pytest.mark.parametrize(
    "record",
    [
        snapshot(storage_size_bytes=None),
        {key: value for key, value in snapshot().items() if key != "storage_size_bytes"},
        snapshot(storage_size_bytes=10**400),
        snapshot(storage_size_bytes=1582854144.0),
        snapshot(storage_size_bytes=0, type="a new type"),
        sharded() | {"members": None},
        sharded() | {"storage_size_bytes": None},
        automatic("flex", storage_size_bytes=0, type="replicaSet"),
        automatic("tenant", storage_size_bytes=0),
    ],
)
def test_missing_size_or_members_are_no_defect(record: dict[str, Any]) -> None:
    assert judge_snapshot(record, moment(DAY)).assured


@pytest.mark.parametrize(
    ("expiry", "now", "reason"),
    [
        (DAY - 2, DAY - 3, f"it expires at {iso(DAY - 2)}, but must exist until {iso(DAY)}"),
        (DAY - 2, DAY - 2, f"it expired at {iso(DAY - 2)}"),
        (DAY - 2, DAY, f"it expired at {iso(DAY - 2)}"),
        (DAY, DAY, ""),
    ],
)
def test_reason_says_expired_for_a_past_expiry(expiry: float, now: float, reason: str) -> None:
    assert judge_snapshot(snapshot(expires_at=iso(expiry)), moment(DAY), now=moment(now)).reason == reason


@given(expiry=moments, until=moments, offset=st.integers(min_value=-23 * 60, max_value=23 * 60))
@quick
def test_times_are_compared_across_time_zones(expiry: datetime, until: datetime, offset: int) -> None:
    written = expiry.astimezone(timezone(timedelta(minutes=offset))).isoformat()

    assert judge_snapshot(snapshot(expires_at=written), until).assured == (expiry >= until)


@given(
    record=documents(*KEYS), values=st.lists(absurd, min_size=6, max_size=6), until=moments, for_restore=st.booleans()
)
@quick
def test_any_value_gives_a_verdict_with_a_reason(
    record: dict[str, Any], values: list[Any], until: datetime, for_restore: bool
) -> None:
    for candidate in (record, dict(zip(KEYS, values, strict=True)), snapshot() | record):
        verdict = judge_snapshot(candidate, until, for_restore=for_restore)

        assert verdict.assured == (not verdict.reason)
        assert all(clause.isprintable() and len(clause) < 200 for clause in (verdict.reason, *verdict.unclear))
        assert not verdict.assured or candidate.get("status") == "completed"


@given(key=st.sampled_from(KEYS), value=absurd, until=moments)
@quick
def test_restore_accepts_every_assured_backup(key: str, value: Any, until: datetime) -> None:
    record = snapshot(**{key: value})

    assert judge_snapshot(record, until, for_restore=True).assured or not judge_snapshot(record, until).assured


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(DAY, moment(DAY)), (0.5, moment(0.5)), *((long, END_OF_CALENDAR) for long in (1e12, math.inf, math.nan))],
)
def test_moment_after_is_never_later_than_the_end_of_the_calendar(seconds: float, expected: datetime) -> None:
    assert moment_after(moment(0), seconds) == expected


def test_nothing_is_assured_until_the_end_of_the_calendar() -> None:
    assert not judge_snapshot(snapshot(expires_at="9999-12-31T23:59:59Z"), moment_after(moment(0), 1e12)).assured
