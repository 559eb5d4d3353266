# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The examples for several projects, run unchanged against a simulator with two projects."""

from __future__ import annotations

import subprocess

import pytest
from simulator.process import Simulator

from .support import EXAMPLES, NO_LIMIT, assert_one_each, assert_went_well, play

SETTINGS = {"queued_seconds": 0.5, "in_progress_seconds": 1.5, **NO_LIMIT}
FLEET = EXAMPLES / "fleet"
DEMO = ["demo-replica", "demo-sharded"]
OTHER = ["other-replica"]


def test_all_projects_are_backed_up_at_the_same_time(atlas: Simulator) -> None:
    atlas.reset(in_progress_seconds=10.0, **NO_LIMIT)
    assert_went_well(_example(atlas, "take_snapshots.yml"))
    assert_one_each(atlas, DEMO + OTHER)
    taken = [held[0] for held in atlas.taken().values()]
    assert max(each["taken_at"] for each in taken) < min(map(_over_at, taken)), (
        "not all started before the first one ended"
    )


def test_second_run_takes_nothing_more(atlas: Simulator) -> None:
    for _run in range(2):
        assert_went_well(_example(atlas, "take_snapshots.yml"))
    assert_one_each(atlas, DEMO + OTHER)


def test_one_missing_backup_stops_the_maintenance_of_all(atlas: Simulator) -> None:
    atlas.order("PATCH", "settings", {"clusters": {"other-replica": {"outcome": "failed"}}})
    done = _example(atlas, "take_snapshots.yml")
    assert done.returncode != 0
    assert "other-replica" in done.stdout
    assert "Maintenance of" not in done.stdout


def test_waves_run_one_after_the_other(atlas: Simulator) -> None:
    assert_went_well(_example(atlas, "take_snapshots_in_waves.yml"))
    assert_one_each(atlas, DEMO + OTHER)
    taken = atlas.taken()
    for name in DEMO:
        assert taken["other-replica"][0]["taken_at"] > _over_at(taken[name][0])


def test_failed_wave_is_the_last(atlas: Simulator) -> None:
    atlas.order("PATCH", "settings", {"clusters": {"demo-sharded": {"outcome": "failed"}}})
    done = _example(atlas, "take_snapshots_in_waves.yml")
    assert done.returncode != 0
    assert "Maintenance of" not in done.stdout
    assert_one_each(atlas, DEMO)


def test_other_work_continues_during_the_backup(atlas: Simulator) -> None:
    done = _example(atlas, "take_snapshots_beside_other_work.yml", "-e", "look_every=1")
    assert_went_well(done)
    assert_one_each(atlas, DEMO + OTHER)
    assert done.stdout.index("Preparation of") < done.stdout.index("Maintenance of")


def test_failure_in_the_background_stops_all(atlas: Simulator) -> None:
    atlas.order("PATCH", "settings", {"clusters": {"other-replica": {"outcome": "failed"}}})
    done = _example(atlas, "take_snapshots_beside_other_work.yml", "-e", "look_every=1")
    assert done.returncode != 0
    assert "Preparation of Other" in done.stdout
    assert "other-replica" in done.stdout
    assert "Maintenance of" not in done.stdout


@pytest.mark.parametrize("playbook", sorted(path.name for path in FLEET.glob("take_*.yml")))
def test_check_mode_takes_nothing(atlas: Simulator, playbook: str) -> None:
    assert_went_well(_example(atlas, playbook, "--check"))
    assert_one_each(atlas, [])


def _example(atlas: Simulator, name: str, *options: str) -> subprocess.CompletedProcess[str]:
    return play(atlas, FLEET / name, "-i", str(FLEET / "inventory.yml"), *options)


def _over_at(snapshot: dict[str, float]) -> float:
    return snapshot["taken_at"] + snapshot["queued_seconds"] + snapshot["in_progress_seconds"]
