# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role rollback: stopped at every request and run again, and run twice at the same time."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.mongodb_atlas.backup.plugins.modules import atlas_snapshot
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.rollback_play import (
    TASKS,
    Killed,
    LastingAtlas,
    Rollback,
)
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.run_module import Call

ROLE = Path(__file__).parents[4] / "roles" / "rollback"
NAMES = ("prod", "shop")
SETTINGS = {"queued_seconds": 1.0, "in_progress_seconds": 4.0, "restore_queued_seconds": 1.0, "restore_seconds": 9.0}


def broken_world(call: Call, **settings: Any) -> tuple[LastingAtlas, list[dict[str, Any]]]:
    """Two clusters with a backup each, and broken data since."""
    atlas = LastingAtlas({name: {} for name in NAMES}, **{**SETTINGS, **settings})
    for name in NAMES:
        atlas.write(name, "good")
    taken = call(atlas_snapshot.main, atlas, cluster_name=list(NAMES), description="Before maintenance")
    atlas.passed += 60.0
    for name in NAMES:
        atlas.write(name, "broken")
    atlas.requests = 0
    return atlas, taken["snapshots"]


def expect_rolled_back(atlas: LastingAtlas, receipt: dict[str, Any]) -> None:
    """Check one restore per cluster, its data, and a receipt that undoes it."""
    for name in NAMES:
        assert len(atlas.jobs_into(name)) == 1
        assert atlas.data_in(name) == "good"
    assert [record["status"] for record in receipt["restores"]] == ["completed", "completed"]
    assert sorted(record["cluster_name"] for record in receipt["snapshots"]) == sorted(NAMES)
    for record in receipt["snapshots"]:
        snapshot = atlas.snapshots(record["cluster_name"])[record["id"]]
        assert atlas.data_in(record["cluster_name"], snapshot.created_at) == "broken"


def expect_no_half_data(atlas: LastingAtlas, receipt: dict[str, Any]) -> None:
    """Check that each snapshot in the receipt has the data from before the restores."""
    for record in receipt["snapshots"]:
        snapshot = atlas.snapshots(record["cluster_name"])[record["id"]]
        assert atlas.data_in(record["cluster_name"], snapshot.created_at) == "broken"
        (job,) = atlas.jobs_into(record["cluster_name"])
        assert snapshot.ends_at <= job.requested_at + 2


def test_tasks_here_are_those_of_the_role() -> None:
    (block,) = yaml.safe_load((ROLE / "tasks" / "main.yml").read_text(encoding="utf-8"))
    keywords = {"name", "register", "when", "failed_when"}
    modules = [next(iter(task.keys() - keywords)) for task in block["block"]]
    assert [module.rpartition(".")[2] for module in modules] == TASKS


def test_rollback_restores_every_cluster(call: Call, tmp_path: Path) -> None:
    atlas, snapshots = broken_world(call)
    rollback = Rollback(call, atlas, tmp_path / "receipt.json", snapshots)

    ended = rollback.run()

    assert ended["restored"] is True
    expect_rolled_back(atlas, rollback.receipt())


def test_receipt_undoes_the_rollback(call: Call, tmp_path: Path) -> None:
    atlas, snapshots = broken_world(call)
    rollback = Rollback(call, atlas, tmp_path / "receipt.json", snapshots)
    rollback.run()

    undone = Rollback(call, atlas, tmp_path / "second.json", rollback.receipt()["snapshots"]).run()

    assert undone["restored"] is True
    assert [atlas.data_in(name) for name in NAMES] == ["broken", "broken"]


def requests_of_a_run(call: Call, tmp_path: Path) -> int:
    atlas, snapshots = broken_world(call)
    Rollback(call, atlas, tmp_path / "count.json", snapshots).run()
    return atlas.requests


@pytest.mark.parametrize(("later", "does_it"), [(0.5, True), (5.0, False), (3600.0, True)])
def test_second_run_after_a_kill_at_any_request_continues_and_repeats_nothing(
    call: Call, tmp_path: Path, later: float, does_it: bool
) -> None:
    total = requests_of_a_run(call, tmp_path)
    assert total > 15
    for number in range(1, total + 1):
        atlas, snapshots = broken_world(call)
        atlas.dies_at, atlas.does_it = number, does_it
        receipt = tmp_path / f"{number}.json"
        with pytest.raises(Killed):
            Rollback(call, atlas, receipt, snapshots).run()
        atlas.dies_at = None
        atlas.passed += later

        second = Rollback(call, atlas, receipt, snapshots)
        ended = second.run()
        if ended.get("failed"):
            # A restore that was done is not repeated unless the options say so.
            assert "This restore was done before" in ended["msg"], ended["msg"]
            second = Rollback(call, atlas, receipt, snapshots, max_age=86400)
            ended = second.run()

        assert ended["restored"] is True, (number, ended["lines"])
        expect_rolled_back(atlas, second.receipt())


# One of the two runs starts first.
@pytest.mark.parametrize("order", sorted({("A", *rest) for rest in itertools.permutations("AAABBBB")}))
def test_two_concurrent_runs_restore_each_target_once_and_no_receipt_has_partial_data(
    call: Call, tmp_path: Path, order: tuple[str, ...]
) -> None:
    atlas, snapshots = broken_world(call)
    runs = {who: Rollback(call, atlas, tmp_path / f"{who}.json", snapshots) for who in "AB"}
    tasks = {who: run.tasks(wait=False) for who, run in runs.items()}
    for who in order:
        result = next(tasks[who], None)
        if result and result.get("failed"):
            assert any(
                words in result["msg"] for words in ("was done before", "in progress", "UNFINISHED", "Another restore")
            ), result["msg"]
            tasks[who].close()
        atlas.passed += 1.0
    atlas.passed += 600.0

    for name in NAMES:
        assert len(atlas.jobs_into(name)) == 1
        assert atlas.data_in(name) == "good"
    for who, run in runs.items():
        if (tmp_path / f"{who}.json").exists():
            expect_no_half_data(atlas, run.receipt())


def test_second_run_after_a_failed_restore_keeps_the_first_safety_snapshot(call: Call, tmp_path: Path) -> None:
    atlas, snapshots = broken_world(call, restore_outcome="failed")
    receipt = tmp_path / "receipt.json"
    first = Rollback(call, atlas, receipt, snapshots)
    assert first.run()["restored"] is False
    earlier = first.receipt()["snapshots"]
    atlas.service.settings = atlas.service.settings.changed({"restore_outcome": "completed"})

    second = Rollback(call, atlas, receipt, snapshots)
    assert second.run()["restored"] is True

    assert [each["id"] for each in second.receipt()["snapshots"]] == [each["id"] for each in earlier]
    assert [len(atlas.jobs_into(name)) for name in NAMES] == [2, 2]


def failed_runs(call: Call, tmp_path: Path, count: int) -> tuple[LastingAtlas, list[dict[str, Any]], dict[str, Any]]:
    """Run the role this many times, each with its own receipt and failed restores; return the first receipt."""
    atlas, snapshots = broken_world(call, restore_outcome="failed")
    receipts = []
    for number in range(count):
        run = Rollback(call, atlas, tmp_path / f"failed-{number}.json", snapshots)
        assert run.run()["restored"] is False
        receipts.append(run.receipt())
        atlas.passed += 60.0
    atlas.service.settings = atlas.service.settings.changed({"restore_outcome": "completed"})
    return atlas, snapshots, receipts[0]


@pytest.mark.parametrize("count", [1, 2])
def test_first_safety_snapshot_undoes_the_rollback_without_its_receipt_too(
    call: Call, tmp_path: Path, count: int
) -> None:
    atlas, snapshots, first = failed_runs(call, tmp_path, count)

    run = Rollback(call, atlas, tmp_path / "last.json", snapshots)
    results = list(run.tasks())

    assert results[-1]["restored"] is True
    assert results[0]["take_first"] == list(NAMES)
    assert [each["id"] for each in run.receipt()["snapshots"]] == [each["id"] for each in first["snapshots"]]
    text = "\n".join(results[-1]["lines"])
    for kept in first["snapshots"]:
        assert f"To undo the rollback, restore {kept['id']}." in text


def test_run_that_adopts_a_restore_keeps_the_safety_snapshot_from_before_an_earlier_failure(
    call: Call, tmp_path: Path
) -> None:
    atlas, snapshots, first = failed_runs(call, tmp_path, 1)
    gone = Rollback(call, atlas, tmp_path / "gone.json", snapshots)
    # Its controller is lost while its restores are running.
    list(itertools.islice(gone.tasks(wait=False), 3))

    run = Rollback(call, atlas, tmp_path / "last.json", snapshots)
    results = list(run.tasks())

    assert results[-1]["restored"] is True
    assert results[0]["take_first"] == []
    assert [each["id"] for each in run.receipt()["snapshots"]] == [each["id"] for each in first["snapshots"]]


def test_completed_restore_ends_the_series_of_failed_ones(call: Call, tmp_path: Path) -> None:
    atlas, snapshots, _first = failed_runs(call, tmp_path, 1)
    assert Rollback(call, atlas, tmp_path / "second.json", snapshots).run()["restored"] is True
    atlas.passed += 3600.0

    run = Rollback(call, atlas, tmp_path / "last.json", snapshots, max_age=0)
    results = list(run.tasks())

    assert results[-1]["restored"] is True
    assert results[0]["kept_first"] == []
    taken = {each["id"] for each in results[1]["snapshots"]}
    assert {each["id"] for each in run.receipt()["snapshots"]} == taken
