# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import contextlib
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.errors import SnapshotTrouble
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._snapshots.outcome import Outcome
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._snapshots.records import snapshot_record
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._snapshots.retention import (
    days_to_set,
    ensure_assured,
    expires_before,
)
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.atlas import PROJECT, automatic, snapshot
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.fuzz import documents, quick
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.times import iso, minted, moment

DAY = 86400.0


def record(kept: float = 7 * DAY, at: float = 0.0, **more: Any) -> dict[str, Any]:
    """A completed snapshot created at this second, which is kept for this many seconds."""
    known: dict[str, Any] = {"createdAt": iso(at), "expiresAt": iso(at + kept), **more}
    return snapshot_record({**snapshot("completed", at), **known}, PROJECT, "prod", "dedicated")


@pytest.mark.parametrize(
    ("kept", "outlives", "days"),
    [
        (7 * DAY, 7 * DAY, None),
        (7 * DAY, 7 * DAY + 1, 8),
        (7 * DAY, 8 * DAY, 8),
        (7 * DAY, 8 * DAY + 1, 9),
        (7 * DAY, 0, None),
        (100, 101, 1),
        (30 * DAY, 5 * DAY, None),
    ],
)
def test_retention_is_the_fewest_days_that_outlive_the_moment(kept: float, outlives: float, days: int | None) -> None:
    assert days_to_set(record(kept), None, moment(outlives), 0.0) == days


def test_reserve_applies_only_if_a_change_is_necessary() -> None:
    assert days_to_set(record(7 * DAY), None, moment(7 * DAY), 3600.0) is None
    assert days_to_set(record(7 * DAY), None, moment(7 * DAY + 1), 0.0) == 8
    assert days_to_set(record(7 * DAY), None, moment(8 * DAY), 3600.0) == 9


@pytest.mark.parametrize(
    ("kept", "asked", "outlives", "days"),
    [
        (7 * DAY, 7, None, None),
        (7 * DAY, 14, None, 14),
        (30 * DAY, 3, None, 3),
        (30 * DAY, 3, 5 * DAY, 5),
        (30 * DAY, 7, 5 * DAY, 7),
        (7 * DAY, 7, 5 * DAY, None),
        (7 * DAY, 7, 9 * DAY, 9),
        (7 * DAY, 14, 9 * DAY, 14),
    ],
)
def test_moment_to_outlive_takes_precedence_over_a_shorter_retention(
    kept: float, asked: int, outlives: float | None, days: int | None
) -> None:
    until = None if outlives is None else moment(outlives)
    assert days_to_set(record(kept), asked, until, 0.0) == days


@pytest.mark.parametrize(
    ("odd", "days"),
    [
        ({"createdAt": None}, 8),
        ({"createdAt": "yesterday"}, 8),
        # Atlas is known to count from createdAt; use the earlier of the two times to be safe.
        ({"createdAt": iso(-DAY)}, 9),
        ({"createdAt": iso(DAY)}, 8),
        ({"createdAt": "9999-12-31T23:59:59Z"}, 8),
        ({"id": "not-an-id"}, 8),
        ({"id": "not-an-id", "createdAt": None}, None),
        ({"expiresAt": None}, None),
        ({"expiresAt": "never"}, None),
    ],
)
def test_unreadable_times_never_shorten_the_retention(odd: dict[str, Any], days: int | None) -> None:
    assert days_to_set(record(**odd), None, moment(8 * DAY), 0.0) == days


@quick
@given(
    document=documents("id", "status", "createdAt", "expiresAt", "storageSizeBytes", "type", "members"),
    kind=st.sampled_from(("dedicated", "flex", "tenant")),
    asked=st.none() | st.integers(1, 365_000),
    until=st.datetimes(timezones=st.just(timezone.utc)) | st.none(),
    spare=st.floats(0, 1e9),
)
def test_any_document_gives_a_retention(
    document: dict[str, Any], kind: str, asked: int | None, until: datetime | None, spare: float
) -> None:
    snapshot = snapshot_record(document, PROJECT, "prod", kind)

    days = days_to_set(snapshot, asked, until, spare)
    assert days is None or 1 <= days <= 365_000
    if until is None:
        return
    assert expires_before(Outcome(snapshot, changed=False), until) in (True, False)
    with contextlib.suppress(SnapshotTrouble):
        ensure_assured(snapshot, until)


@pytest.mark.parametrize(
    ("found", "due"),
    [
        (record(DAY), True),
        (record(3 * DAY), False),
        (record(expiresAt=None), False),
        (record(DAY, status="failed"), False),
        (snapshot_record(automatic(expiration=iso(DAY)), PROJECT, "prod", "flex"), False),
    ],
    ids=["too soon", "late enough", "unknown", "failed", "automatic"],
)
def test_only_a_completed_dedicated_snapshot_that_expires_too_soon_is_extended(
    found: dict[str, Any], due: bool
) -> None:
    assert expires_before(Outcome(found, changed=False), moment(2 * DAY)) is due


@pytest.mark.parametrize(
    ("odd", "reason"),
    [
        ({"expiresAt": iso(DAY)}, "expires at"),
        ({"expiresAt": None}, "does not say when it expires"),
        ({"expiresAt": "never"}, "'never', which is not a time"),
        ({"storageSizeBytes": 0}, "size"),
        ({"type": "shardedCluster", "members": []}, "no shard"),
        ({"status": "failed"}, "failed"),
    ],
)
def test_unassured_snapshot_is_an_error_with_reason_and_record(odd: dict[str, Any], reason: str) -> None:
    found = record(**odd)
    with pytest.raises(SnapshotTrouble, match=f"{minted()} is not assured: .*{reason}") as caught:
        ensure_assured(found, moment(2 * DAY))

    assert caught.value.record == found
    assert caught.value.hint == "Take another one, or set a shorter time with outlives."


def test_next_step_for_an_automatic_snapshot_is_to_wait_for_the_next_one() -> None:
    found = snapshot_record(automatic(expiration=iso(DAY)), PROJECT, "prod", "flex")
    with pytest.raises(SnapshotTrouble) as caught:
        ensure_assured(found, moment(2 * DAY))

    assert caught.value.hint == "Wait for the next one that Atlas takes, or set a shorter time with outlives."


def test_assured_snapshot_is_accepted() -> None:
    ensure_assured(record(2 * DAY), moment(2 * DAY))


@pytest.mark.parametrize(("kept", "days"), [(7 * DAY, 14), (14 * DAY, None)])
def test_retention_applies_if_no_retention_reaches_the_moment_to_outlive(kept: float, days: int | None) -> None:
    assert days_to_set(record(kept), 14, datetime.max.replace(tzinfo=timezone.utc), 0.0) == days


def test_moment_to_outlive_may_be_at_the_end_of_the_calendar() -> None:
    end = datetime.max.replace(tzinfo=timezone.utc)
    assert days_to_set(record(), None, end, 1e12) is None
    assert days_to_set(record(), None, end - timedelta(days=7_000 * 365), 0.0) is not None
