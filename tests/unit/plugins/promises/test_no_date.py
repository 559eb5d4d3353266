# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Answers without a Date header: tasks that need Atlas's clock fail with a clear message, all others work."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._times import parse_time
from ansible_collections.mongodb_atlas.backup.plugins.modules import atlas_snapshot, atlas_snapshot_info
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.run_module import Call
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.simulated import SimulatedAtlas
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.times import START

DAY = 86400.0
OLD = object()
NEEDS_NO_CLOCK: dict[str, dict[str, Any]] = {
    "take": {},
    "take without wait": {"wait": False},
    "take in check mode": {"check_mode": True},
    "take with nothing to reuse": {"max_age": 600, "description": "new"},
    "take with outlives": {"outlives": 30 * DAY},
    "hold": {"snapshot_id": OLD, "retention_in_days": 30},
    "pick up": {"snapshot_id": OLD},
    "delete": {"snapshot_id": OLD, "state": "absent"},
}
NEEDS_A_CLOCK: dict[str, dict[str, Any]] = {
    "reuse": {"max_age": 600},
    "reuse in check mode": {"max_age": 600, "check_mode": True},
    "named snapshot with outlives": {"snapshot_id": OLD, "outlives": DAY},
    "named snapshot with a retention": {"snapshot_id": OLD, "retention_in_days": 30, "outlives": DAY},
    "named snapshot in check mode": {"snapshot_id": OLD, "outlives": DAY, "check_mode": True},
}


def run(call: Call, options: dict[str, Any]) -> tuple[SimulatedAtlas, dict[str, Any]]:
    atlas = SimulatedAtlas(send_date=False)
    old = atlas.has(taken_at=-3600.0).id
    options = {name: old if value is OLD else value for name, value in options.items()}
    return atlas, call(atlas_snapshot.main, atlas, cluster_name="prod", **options)


@pytest.mark.parametrize("options", NEEDS_NO_CLOCK.values(), ids=NEEDS_NO_CLOCK)
def test_task_without_need_for_a_clock_succeeds(options: dict[str, Any], call: Call) -> None:
    atlas, result = run(call, options)

    assert "failed" not in result
    taken = bool(atlas.taken())
    assert taken is (options.get("snapshot_id") is not OLD and not options.get("check_mode"))
    # The id of the new snapshot replaces the Date.
    shown = parse_time(result["atlas_time"])
    assert (shown is not None) is taken
    if shown:
        assert 0 <= atlas.now() - shown.timestamp() <= 3
        assert shown >= START


@pytest.mark.parametrize("options", NEEDS_A_CLOCK.values(), ids=NEEDS_A_CLOCK)
def test_task_that_needs_a_clock_fails_with_the_missing_header_as_reason(options: dict[str, Any], call: Call) -> None:
    _atlas, result = run(call, options)

    assert "no answer from Atlas had a Date header" in result["msg"]
    assert (result["atlas_time"], result["changed"]) == (None, False)


def test_lost_answer_without_a_clock_leaves_the_owner_unknown(call: Call) -> None:
    atlas = SimulatedAtlas(send_date=False)
    atlas.fault("lost_answer", "take")
    result = call(atlas_snapshot.main, atlas, cluster_name="prod")

    assert len(atlas.taken()) == 1
    assert "no answer from Atlas had a Date header" in result["msg"]
    assert "may have been taken" in result["msg"]
    assert atlas.taken()[0].id in result["msg"]


def test_finished_snapshot_in_the_answer_is_not_new(call: Call) -> None:
    """Without a clock, nothing else shows that a cache answered the POST with an older snapshot."""
    atlas = SimulatedAtlas(send_date=False)
    atlas.has(taken_at=-3600.0)
    atlas.fault("wrong_document", "take")
    result = call(atlas_snapshot.main, atlas, cluster_name="prod")

    assert "may have been taken" in result["msg"]


@pytest.mark.parametrize(("options", "red"), [({}, False), ({"max_age": 7200}, True)])
def test_age_of_listed_snapshots_needs_a_clock(options: dict[str, Any], red: bool, call: Call) -> None:
    atlas = SimulatedAtlas(send_date=False)
    atlas.has(taken_at=-3600.0)
    result = call(atlas_snapshot_info.main, atlas, cluster_name="prod", **options)

    assert ("no answer from Atlas had a Date header" in result.get("msg", "")) is red
    assert (len(result["snapshots"]), result["atlas_time"]) == (0 if red else 1, None)
