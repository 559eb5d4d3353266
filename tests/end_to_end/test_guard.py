# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""No deployment without a backup: the maintenance examples, with parts of the playbook left out."""

from __future__ import annotations

import subprocess

import pytest
from simulator.process import Simulator

from .support import EXAMPLES, NO_LIMIT, assert_one_each, assert_went_well, play

MAINTENANCE = EXAMPLES / "maintenance"
ONE, SEVERAL = "deploy.yml", "deploy_of_several_projects.yml"
TAKEN = {ONE: ["demo-replica"], SEVERAL: ["demo-replica", "other-replica"]}
both = pytest.mark.parametrize("playbook", [ONE, SEVERAL])


@pytest.fixture(autouse=True)
def _fast_snapshots(atlas: Simulator) -> None:
    atlas.reset(queued_seconds=0.2, in_progress_seconds=0.5, **NO_LIMIT)


@both
@pytest.mark.parametrize("options", [(), ("--tags", "deploy"), ("--skip-tags", "other")])
def test_deploy_follows_the_backup_with_any_tags(atlas: Simulator, playbook: str, options: tuple[str, ...]) -> None:
    done = _example(atlas, playbook, *options)

    assert_went_well(done)
    assert _deployed(done) == ["app-1", "app-2"]
    assert_one_each(atlas, TAKEN[playbook])


@both
@pytest.mark.parametrize("options", [(), ("--tags", "deploy"), ("--check",)])
def test_limit_without_the_backup_hosts_stops_the_deploy(
    atlas: Simulator, playbook: str, options: tuple[str, ...]
) -> None:
    done = _example(atlas, playbook, "--limit", "application", *options)

    assert done.returncode == 2
    assert "This run has no backup" in done.stdout
    assert _deployed(done) == []
    assert_one_each(atlas, [])


@pytest.mark.parametrize(
    ("playbook", "limit", "deployed"),
    [
        (ONE, "localhost,app-1", ["app-1"]),
        (SEVERAL, "atlas_projects,app-1", ["app-1"]),
        (SEVERAL, "shop,application", []),
    ],
)
def test_limit_needs_the_hosts_of_every_backup(
    atlas: Simulator, playbook: str, limit: str, deployed: list[str]
) -> None:
    done = _example(atlas, playbook, "--limit", limit)

    assert _deployed(done) == deployed
    assert (done.returncode == 0) == bool(deployed)


@both
def test_failed_backup_stops_the_deploy(atlas: Simulator, playbook: str) -> None:
    atlas.order("PATCH", "settings", {"clusters": {"demo-replica": {"outcome": "failed"}}})
    done = _example(atlas, playbook)

    assert done.returncode == 2
    assert "No assured backup of demo-replica." in done.stdout
    assert _deployed(done) == []


@both
def test_check_mode_runs_the_whole_playbook_and_takes_nothing(atlas: Simulator, playbook: str) -> None:
    done = _example(atlas, playbook, "--check")

    assert_went_well(done)
    assert _deployed(done) == ["app-1", "app-2"]
    assert_one_each(atlas, [])


def _example(atlas: Simulator, name: str, *options: str) -> subprocess.CompletedProcess[str]:
    return play(atlas, MAINTENANCE / name, "-i", str(MAINTENANCE / "inventory.yml"), *options)


def _deployed(done: subprocess.CompletedProcess[str]) -> list[str]:
    return sorted(host for host in ("app-1", "app-2") if f'"msg": "Deploy on {host}"' in done.stdout)
