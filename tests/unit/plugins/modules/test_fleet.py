# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Many clusters in one task: one snapshot each despite faults, within a rate limit shared with other clients."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mongodb_atlas.backup.plugins.modules.atlas_snapshot import main
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.run_module import Call
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.simulated import SimulatedAtlas

MOST_CONNECTIONS = 8
SMALL_ALLOWANCE = {"queued_seconds": 1.0, "in_progress_seconds": 9.0, "backup_limit": 80, "backup_refill": 600.0}


def fleet(count: int, **settings: Any) -> SimulatedAtlas:
    return SimulatedAtlas({f"fleet-{number}": {} for number in range(count)}, **settings)


def take_all(call: Call, atlas: SimulatedAtlas, **options: Any) -> None:
    """Take a snapshot of each cluster, and check that each has exactly one."""
    names = list(atlas.project.clusters)

    result = call(main, atlas, cluster_name=names, **options)

    assert [(each["cluster_name"], each["status"]) for each in result["snapshots"]] == [
        (name, "completed") for name in names
    ]
    assert [len(atlas.taken(name)) for name in names] == [1] * len(names)


def refusals(atlas: SimulatedAtlas, status: int) -> int:
    return sum(entry.status == status for entry in atlas.service.journal.entries)


def test_service_account_signs_in_once_for_all(call: Call) -> None:
    atlas = fleet(30)
    account = {"client_id": atlas.owner.client_id, "client_secret": atlas.owner.client_secret}

    take_all(call, atlas, access_token=None, **account)

    assert len(atlas.sent("token")) == 1
    assert {entry.status for entry in atlas.service.journal.entries} == {200}


def test_key_pair_needs_one_challenge_per_connection(call: Call) -> None:
    atlas = fleet(100, in_progress_seconds=8.0)
    pair = {"public_key": atlas.owner.public_key, "private_key": atlas.owner.private_key}

    take_all(call, atlas, access_token=None, **pair)

    connections = {entry.connection for entry in atlas.service.journal.entries}
    assert refusals(atlas, 401) == len(connections) <= MOST_CONNECTIONS
    assert len(atlas.sent("take")) == 100 + refusals(atlas, 401)


@pytest.mark.parametrize(("count", "drain"), [(60, 0.0), (40, 360.0)], ids=["alone", "with others"])
def test_fleet_with_a_shared_rate_limit_gets_fewer_than_20_429s(call: Call, count: int, drain: float) -> None:
    atlas = fleet(count, backup_drain=drain, **SMALL_ALLOWANCE)

    take_all(call, atlas)

    assert refusals(atlas, 429) < 20


def test_lost_answers_cause_no_second_snapshot(call: Call) -> None:
    atlas = fleet(40)
    atlas.fault("lost_answer", "take", skip=3, times=10)
    atlas.fault("status", "take", times=5, params={"status": 503})
    atlas.fault("cut", "take", times=5)
    atlas.fault("status", "poll", times=20, params={"status": 502})

    take_all(call, atlas)


def test_status_429_causes_no_second_snapshot(call: Call) -> None:
    atlas = fleet(40)
    refusal = {"status": 429, "error_code": "RATE_LIMITED", "headers": {"Retry-After": "2"}}
    atlas.fault("status", "take", times=15, params=refusal)

    take_all(call, atlas)

    assert len(atlas.sent("take")) == 40 + 15
