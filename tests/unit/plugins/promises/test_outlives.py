# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Snapshots with a minimum lifetime (outlives): extended if necessary, never shortened, and checked at the end."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._times import parse_time
from ansible_collections.mongodb_atlas.backup.plugins.modules import atlas_snapshot_info
from ansible_collections.mongodb_atlas.backup.plugins.modules.atlas_snapshot import main
from ansible_collections.mongodb_atlas.backup.tests.simulator.times import iso
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.run_module import Call
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.simulated import SimulatedAtlas

from .test_fault_table import FAULTS

DAY = 86400.0
TOPOLOGIES = {"replica": {}, "sharded": {"topology": "SHARDED"}}
every_topology = pytest.mark.parametrize("topology", TOPOLOGIES)
DESCRIPTION = "Before maintenance"


def service(topology: str = "replica", **settings: Any) -> SimulatedAtlas:
    return SimulatedAtlas({"prod": TOPOLOGIES[topology]}, **{"in_progress_seconds": 60.0, **settings})


def time_of(text: Any) -> datetime:
    moment = parse_time(text)
    assert moment is not None
    return moment


def outlives(result: dict[str, Any], seconds: float) -> bool:
    """Whether each record's expiry is this long after the end of the task, by Atlas's clock."""
    end = time_of(result["atlas_time"]) + timedelta(seconds=seconds)
    return bool(result["snapshots"]) and all(time_of(each["expires_at"]) >= end for each in result["snapshots"])


def take(call: Call, atlas: SimulatedAtlas, **options: Any) -> dict[str, Any]:
    return call(main, atlas, **{"cluster_name": "prod", "description": DESCRIPTION, **options})


def patches(atlas: SimulatedAtlas) -> int:
    return len(atlas.sent("patch"))


@every_topology
def test_new_snapshot_that_expires_too_soon_is_extended_once(topology: str, call: Call) -> None:
    atlas = service(topology)
    result = take(call, atlas, retention_in_days=1, outlives=3 * DAY, diff_mode=True)

    assert outlives(result, 3 * DAY)
    assert (patches(atlas), result["changed"], result["reused"]) == (1, True, False)
    # It did not exist before the task.
    assert result["diff"][0]["before"] == {}
    assert result["snapshot"]["members"] or topology == "replica"
    assert result["snapshot"]["expires_at"] == iso(atlas.taken()[0].expiry(atlas.now()))


@every_topology
@pytest.mark.parametrize("asked", [{"max_age": 7200}, {"if_in_progress": "reuse"}], ids=["max_age", "reuse"])
def test_reused_snapshot_that_expires_too_soon_is_extended_and_changed(
    topology: str, asked: dict[str, Any], call: Call
) -> None:
    atlas = service(topology)
    age = 3600.0 if "max_age" in asked else 10.0
    old = atlas.has(taken_at=-age, retention_days=1, description=DESCRIPTION)
    result = take(call, atlas, outlives=3 * DAY, **asked)

    assert outlives(result, 3 * DAY)
    assert result["snapshot"]["id"] == old.id
    assert (patches(atlas), result["changed"], result["reused"]) == (1, True, True)
    assert atlas.taken() == []


@pytest.mark.parametrize(("asked", "kept"), [(2, 4), (7, 7), (None, 4)])
def test_extended_snapshot_is_kept_as_long_as_new_ones(asked: int | None, kept: int, call: Call) -> None:
    atlas = service()
    atlas.has(taken_at=-3600.0, retention_days=1, description=DESCRIPTION)
    snapshot = take(call, atlas, max_age=7200, retention_in_days=asked, outlives=3 * DAY)["snapshot"]

    assert (time_of(snapshot["expires_at"]) - time_of(snapshot["created_at"])).total_seconds() == kept * DAY
    assert patches(atlas) == 1


@every_topology
@pytest.mark.parametrize("days", [None, 1, 2], ids=str)
def test_named_snapshot_that_expires_too_soon_is_extended_once(topology: str, days: int | None, call: Call) -> None:
    atlas = service(topology)
    old = atlas.has(taken_at=-3600.0, retention_days=1)
    result = take(call, atlas, snapshot_id=old.id, retention_in_days=days, outlives=3 * DAY)

    assert outlives(result, 3 * DAY)
    assert (patches(atlas), result["changed"]) == (1, True)


@every_topology
@pytest.mark.parametrize("named", [True, False])
def test_snapshot_that_lives_long_enough_is_not_changed(topology: str, named: bool, call: Call) -> None:
    atlas = service(topology)
    old = atlas.has(taken_at=-3600.0, retention_days=30, description=DESCRIPTION)
    result = take(call, atlas, outlives=3 * DAY, **({"snapshot_id": old.id} if named else {"max_age": 7200}))

    assert outlives(result, 29 * DAY)
    assert (patches(atlas), result["changed"]) == (0, False)


@every_topology
def test_second_run_changes_nothing(topology: str, call: Call) -> None:
    atlas = service(topology)
    first = take(call, atlas, max_age=7200, retention_in_days=1, outlives=3 * DAY)
    second = take(call, atlas, max_age=7200, retention_in_days=1, outlives=3 * DAY)

    assert (first["changed"], second["changed"], patches(atlas)) == (True, False, 1)
    assert second["snapshot"]["expires_at"] == first["snapshot"]["expires_at"]


def test_lifetime_counts_from_the_end_of_the_slowest_cluster(call: Call) -> None:
    clusters = {"fast": {}, "slow": {}, "refused": {"instance_size": "M0"}}
    atlas = SimulatedAtlas(clusters, in_progress_seconds=60.0)
    slow = {"clusters": {"slow": {"in_progress_seconds": 3 * 3600.0}}}
    atlas.service.settings = atlas.service.settings.changed(slow)
    # After three hours, less than a day is left for the fast one.
    result = take(
        call, atlas, cluster_name=[*clusters], retention_in_days=1, outlives=DAY - 3600, wait_timeout=6 * 3600.0
    )

    assert [each["cluster_name"] for each in result["snapshots"]] == ["fast", "slow"]
    assert [each["cluster_name"] for each in result["errors"]] == ["refused"]
    assert outlives(result, DAY - 3600)
    assert patches(atlas) == 1


@pytest.mark.parametrize(("asked", "red"), [(DAY, False), (30 * DAY, True)])
@pytest.mark.parametrize("size", ["FLEX", "M2"])
def test_automatic_snapshot_is_checked_but_not_changed(size: str, asked: float, red: bool, call: Call) -> None:
    atlas = SimulatedAtlas({"prod": {"instance_size": size}})
    newest = automatic_id(atlas, call)
    result = take(call, atlas, snapshot_id=newest, outlives=asked)

    assert bool(result.get("failed")) is red
    assert patches(atlas) == 0
    if red:
        assert f"Snapshot {newest} is not assured: it expires at" in result["msg"]
        assert (result["errors"][0]["snapshot"]["id"], result["changed"]) == (newest, False)
    else:
        assert result["snapshot"]["id"] == newest


def automatic_id(atlas: SimulatedAtlas, call: Call) -> str:
    found = call(atlas_snapshot_info.main, atlas, cluster_name="prod", latest=True)
    return str(found["snapshots"][0]["id"])


NOT_ASSURED = {
    "no expiry": {"expiresAt": None},
    "unreadable expiry": {"expiresAt": "never"},
    "no size": {"storageSizeBytes": 0},
    "no members": {"type": "shardedCluster", "members": []},
}


@pytest.mark.parametrize("odd", NOT_ASSURED.values(), ids=NOT_ASSURED)
@pytest.mark.parametrize("check_mode", [False, True])
def test_snapshot_that_is_not_assured_fails_the_task_and_is_returned(
    odd: dict[str, Any], check_mode: bool, call: Call
) -> None:
    atlas = service()
    old = atlas.has(taken_at=-3600.0, retention_days=30)
    atlas.fault("replace_json", "poll", times=None, params={"fields": odd})
    result = take(call, atlas, snapshot_id=old.id, outlives=DAY, check_mode=check_mode)

    assert f"Snapshot {old.id} is not assured: " in result["msg"]
    assert result["errors"][0]["snapshot"]["id"] == old.id
    assert result["changed"] is False


def test_retention_that_atlas_does_not_extend_is_changed_once_and_fails_the_task(call: Call) -> None:
    atlas = service()
    old = atlas.has(taken_at=-3600.0, retention_days=1, description=DESCRIPTION)
    soon = iso(atlas.now() + DAY)
    atlas.fault("replace_json", "patch", times=None, params={"fields": {"expiresAt": soon}})
    result = take(call, atlas, max_age=7200, outlives=3 * DAY)

    assert patches(atlas) == 1
    assert f"Snapshot {old.id} is not assured: it expires at {soon}" in result["msg"]


@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize("kept", [1, 30])
def test_check_mode_shows_the_extension(named: bool, kept: int, call: Call) -> None:
    atlas = service()
    old = atlas.has(taken_at=-3600.0, retention_days=kept, description=DESCRIPTION)
    result = take(
        call,
        atlas,
        outlives=3 * DAY,
        check_mode=True,
        diff_mode=True,
        **({"snapshot_id": old.id} if named else {"max_age": 7200}),
    )

    assert outlives(result, 3 * DAY)
    assert result["changed"] is (kept == 1)
    diff = result["diff"][0]
    assert (diff["before"]["expires_at"] < diff["after"]["expires_at"]) is (kept == 1)
    assert {entry.method for entry in atlas.service.journal.entries} == {"GET"}


def test_lifetime_that_no_retention_can_give_fails_the_task(call: Call) -> None:
    atlas = service()
    old = atlas.has(taken_at=-3600.0, retention_days=30, description=DESCRIPTION)
    # 365,000 days, counted from the end of the task.
    result = take(call, atlas, max_age=7200, outlives=365_000 * DAY)

    assert f"Snapshot {old.id} is not assured: it expires at" in result["msg"]
    assert patches(atlas) == 0


def test_check_mode_ignores_a_snapshot_that_does_not_exist_yet(call: Call) -> None:
    result = take(call, service(), outlives=3 * DAY, check_mode=True)

    assert (result["changed"], result["snapshot"]["id"], result["snapshot"]["expires_at"]) == (True, None, None)


def test_refused_extension_fails_the_task_and_returns_the_snapshot(call: Call) -> None:
    atlas = service()
    code = "SNAPSHOT_RETENTION_LESS_THAN_BACKUP_COMPLIANCE_POLICY"
    atlas.fault("status", "patch", params={"status": 400, "error_code": code})
    result = take(call, atlas, retention_in_days=1, outlives=3 * DAY)

    (taken,) = atlas.taken()
    assert taken.id in result["msg"]
    assert (result["errors"][0]["error_code"], result["changed"]) == (code, True)
    assert result["errors"][0]["snapshot"]["status"] == "completed"


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("step", ["take", "poll", "patch"])
@every_topology
@pytest.mark.parametrize("times", [1, None], ids=["once", "always"])
def test_success_outlives_and_failure_names_the_snapshot_under_every_fault(
    topology: str, step: str, fault: str, times: int | None, call: Call
) -> None:
    atlas = service(topology, in_progress_seconds=20.0)
    atlas.fault(step=step, times=times, **FAULTS[fault])
    result = take(
        call, atlas, retention_in_days=1, outlives=3 * DAY, wait_timeout=600 if times else 100, request_timeout=10
    )

    assert len(atlas.taken()) <= 1
    if not result.get("failed"):
        assert outlives(result, 3 * DAY)
        assert result["snapshot"]["expires_at"] == iso(atlas.taken()[0].expiry(atlas.now()))
        return
    said = result["msg"]
    assert all(each.id in said or "may have been taken" in said for each in atlas.taken())
    longer = [each for each in atlas.taken() if each.expiry(atlas.now()) - atlas.now() > 2 * DAY]
    assert not longer or result["changed"]
