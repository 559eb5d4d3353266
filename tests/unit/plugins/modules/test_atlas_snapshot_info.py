# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._snapshots.records import RECORD_KEYS
from ansible_collections.mongodb_atlas.backup.plugins.modules.atlas_snapshot_info import main
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.answers import html, page, refused
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.atlas import snapshot
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.run_module import Call
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.script import Script, lists
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.simulated import SimulatedAtlas
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.times import minted

DAY = -86400
THERE = page(
    snapshot("completed", at=3 * DAY, number=1, description="x"),
    snapshot("failed", at=DAY, number=2, description="x"),
    snapshot("completed", at=2 * DAY, number=3, snapshotType="scheduled", frequencyType="daily", description=None),
)


def test_records_are_newest_first(call: Call) -> None:
    result = call(main, Script(lists(THERE)), cluster_name="prod")

    assert [each["id"] for each in result["snapshots"]] == [minted(DAY, 2), minted(2 * DAY, 3), minted(3 * DAY, 1)]
    assert {tuple(sorted(each)) for each in result["snapshots"]} == {tuple(sorted(RECORD_KEYS))}
    assert result["changed"] is False


@pytest.mark.parametrize(
    ("options", "numbers"),
    [
        ({"status": "failed,queued"}, [2]),
        ({"snapshot_type": ["onDemand"]}, [2, 1]),
        ({"description": "x"}, [2, 1]),
        ({"max_age": 1.5 * 86400}, [2]),
        ({"latest": True}, [2]),
    ],
    ids=str,
)
def test_each_filter_option_is_applied(call: Call, options: dict[str, Any], numbers: list[int]) -> None:
    result = call(main, Script(lists(THERE)), cluster_name="prod", **options)

    assert [int(each["id"][-6:], 16) for each in result["snapshots"]] == numbers


def test_every_kind_is_returned_in_the_given_order(call: Call) -> None:
    kinds: dict[str, dict[str, Any]] = {
        "flex": {"instance_size": "FLEX"},
        "m0": {"instance_size": "M0"},
        "m5": {"instance_size": "M5"},
        "replica": {},
        "sharded": {"topology": "SHARDED"},
    }
    atlas = SimulatedAtlas(kinds)
    for name in ("replica", "sharded"):
        atlas.has(name, taken_at=-3600)

    result = call(main, atlas, cluster_name=list(kinds), latest=True)

    assert [(each["cluster_name"], each["cluster_type"]) for each in result["snapshots"]] == [
        ("flex", "flex"),
        ("m5", "tenant"),
        ("replica", "dedicated"),
        ("sharded", "dedicated"),
    ]
    assert {each["status"] for each in result["snapshots"]} == {"completed"}


def test_failed_cluster_is_reported_beside_the_others(call: Call) -> None:
    atlas = SimulatedAtlas()
    atlas.has(taken_at=-3600)
    result = call(main, atlas, cluster_name=["nosuch", "prod"])

    assert result["failed"]
    assert [each["cluster_name"] for each in result["snapshots"]] == ["prod"]
    assert [(each["cluster_name"], each["error_code"]) for each in result["errors"]] == [
        ("nosuch", "CLUSTER_NOT_FOUND")
    ]


def test_check_mode_makes_no_difference(call: Call) -> None:
    assert len(call(main, Script(lists(THERE)), check_mode=True, cluster_name="prod")["snapshots"]) == 3


@pytest.mark.parametrize("trouble", [html(503), refused(429, "RATE_LIMITED")])
def test_errors_are_retried_for_a_minute_at_most(call: Call, trouble: Any) -> None:
    atlas = SimulatedAtlas()
    atlas.fault("status", times=None, params={"status": trouble.status})

    assert call(main, atlas, cluster_name="prod")["failed"]
    assert 45 <= max(atlas.sent()) <= 61
