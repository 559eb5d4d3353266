# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.errors import AtlasError, NoDate
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._snapshots.records import snapshot_record
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._snapshots.take_plan import (
    TakePlan,
    can_be_new,
    is_in_the_way,
)
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.atlas import DESCRIPTION, PROJECT, snapshot
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.times import moment

PLAN = TakePlan(description=DESCRIPTION, max_age=3600.0)


def record(status: str = "queued", at: float = 0.0, number: int = 1, **more: Any) -> dict[str, Any]:
    return snapshot_record(snapshot(status, at, number, **more), PROJECT, "prod", "dedicated")


@pytest.mark.parametrize(
    ("found", "since", "new"),
    [
        (record(at=-60), moment(0), True),
        (record(at=-61), moment(0), False),
        # A snapshot that has ended is probably not a new one.
        (record("completed", at=-2), moment(0), True),
        (record("completed", at=-3), moment(0), False),
        (record("failed", at=-3), moment(0), False),
        (record(), None, True),
        (record("completed"), None, False),
        (record(id="unreadable"), moment(0), True),
        (record("completed", id="unreadable"), moment(0), False),
    ],
)
def test_answer_is_about_a_new_snapshot_if_its_age_fits_the_post(
    found: dict[str, Any], since: datetime | None, new: bool
) -> None:
    assert can_be_new(found, since) is new


@pytest.mark.parametrize("status", ["queued", "completed"])
@pytest.mark.parametrize(("at", "since"), [(-2.0, True), (-3.0, False)])
def test_snapshot_that_a_post_has_taken_is_at_most_two_seconds_older(status: str, at: float, since: bool) -> None:
    assert PLAN.is_taken_since(record(status, at), moment(0)) is since


@pytest.mark.parametrize(("since", "kind"), [(moment(0), AtlasError), (None, NoDate)])
def test_snapshot_of_unknown_age_is_named_in_the_error(since: datetime | None, kind: type[AtlasError]) -> None:
    found = record(id="unreadable")
    with pytest.raises(kind) as caught:
        PLAN.is_taken_since(found, since)
    assert caught.value.record == found


def test_completed_snapshot_is_reused_rather_than_a_newer_one_that_runs() -> None:
    running, older, oldest = record(number=3), record("completed", -600, 2), record("completed", -900, 1)

    assert PLAN.best_reusable([running, older, oldest], moment(0)) == older
    assert PLAN.best_reusable([running], moment(0)) == running
    assert PLAN.best_reusable([], moment(0)) is None


@pytest.mark.parametrize(
    ("found", "reusable"),
    [
        (record("completed", -3600), True),
        (record("completed", -3700), False),
        (record("inProgress", -9000), True),
        (record("failed"), False),
        (record(id="unreadable"), False),
        (record(description="Nightly"), False),
        (record(snapshotType="scheduled"), False),
    ],
)
def test_max_age_reuses_a_recent_or_running_match_only(found: dict[str, Any], reusable: bool) -> None:
    assert PLAN.is_reusable(found, moment(0)) is reusable
    assert TakePlan(description=DESCRIPTION).is_reusable(found, moment(0)) is False


@pytest.mark.parametrize(
    ("found", "in_the_way"),
    [
        (record(), True),
        (record("completed"), False),
        (record(snapshotType="scheduled", frequencyType="daily"), False),
        (record(id="unreadable"), False),
    ],
)
def test_only_an_unfinished_on_demand_snapshot_with_a_valid_id_is_in_the_way(
    found: dict[str, Any], in_the_way: bool
) -> None:
    assert is_in_the_way(found) is in_the_way
