# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a fleet costs in one task, in processes, connections and requests. Times are the benchmark's."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from simulator.process import Simulator

from .support import NO_LIMIT, PLAYBOOKS, assert_one_each, assert_went_well, listed, play

# As _module.py has it.
MOST_CONNECTIONS = 8
SETTINGS = {"queued_seconds": 2.0, "in_progress_seconds": 8.0, **NO_LIMIT}
# An allowance that the fleet has to share with others, smaller than what it would like to ask.
SMALL_ALLOWANCE = {
    "queued_seconds": 1.0,
    "in_progress_seconds": 9.0,
    "backup_limit": 80,
    "backup_refill": 10 * 60.0,
}


def test_a_hundred_names_cost_one_process_and_few_connections(atlas: Simulator, tmp_path: Path) -> None:
    # A Python that notes each of its starts.
    notes, counting = tmp_path / "starts.txt", tmp_path / "python"
    counting.write_text(f'#!/bin/sh\necho "$*" >> "{notes}"\nexec "{sys.executable}" "$@"\n')
    counting.chmod(0o755)
    log = _take(atlas, atlas.fleet(100), "-e", f"ansible_python_interpreter={counting}")
    assert len(notes.read_text().splitlines()) == 1, "processes of modules"
    assert log["connections"] <= MOST_CONNECTIONS
    # One challenge per connection, and one POST per cluster.
    assert sum(not entry["signed"] for entry in log["requests"]) <= log["connections"]
    assert _signed(log, "take") == 100
    # With a hundred a look every 4 s, three at each in 10 s, and some more while there are few; every 2 s were five.
    assert _signed(log, "poll") < 100 * 5
    assert set(log["by_step"]) == {"take", "poll"}


def test_a_service_account_signs_in_once(atlas: Simulator) -> None:
    account = {
        "MONGODB_ATLAS_PUBLIC_API_KEY": "",
        "MONGODB_ATLAS_PRIVATE_API_KEY": "",
        "MONGODB_ATLAS_CLIENT_ID": atlas.owner["client_id"],
        "MONGODB_ATLAS_CLIENT_SECRET": atlas.owner["client_secret"],
    }
    log = _take(atlas, atlas.fleet(30), **account)
    assert log["by_step"]["token"] == 1
    assert log["by_status"] == {"200": log["count"]}


def test_one_cluster_has_one_connection(atlas: Simulator) -> None:
    assert _take(atlas, ["demo-replica"])["connections"] == 1


def test_an_allowance_is_shared_without_being_refused_often(atlas: Simulator) -> None:
    atlas.reset(**SMALL_ALLOWANCE)
    log = _take(atlas, atlas.fleet(60))
    assert log["by_status"].get("429", 0) < 20


def test_an_allowance_is_shared_with_others_who_draw_on_it(atlas: Simulator) -> None:
    atlas.reset(**SMALL_ALLOWANCE, backup_drain=6 * 60.0)
    log = _take(atlas, atlas.fleet(40))
    assert log["by_status"].get("429", 0) < 20


def test_nothing_is_taken_twice_when_answers_are_lost(atlas: Simulator) -> None:
    names = atlas.fleet(40)
    atlas.order(
        "POST",
        "faults",
        [
            {"kind": "lost_answer", "match": {"step": "take"}, "skip": 3, "times": 10},
            {"kind": "status", "match": {"step": "take"}, "times": 5, "params": {"status": 503}},
            {"kind": "cut", "match": {"step": "take"}, "times": 5},
            {"kind": "status", "match": {"step": "poll"}, "times": 20, "params": {"status": 502}},
        ],
    )
    _take(atlas, names)


def test_nothing_is_taken_twice_when_refused_by_429(atlas: Simulator) -> None:
    names = atlas.fleet(40)
    refusal = {"status": 429, "error_code": "RATE_LIMITED", "headers": {"Retry-After": "2"}}
    atlas.order("POST", "faults", {"kind": "status", "match": {"step": "take"}, "times": 15, "params": refusal})
    assert _signed(_take(atlas, names), "take") == 40 + 15


def _take(atlas: Simulator, names: list[str], *options: str, **variables: str) -> dict[str, Any]:
    """Every request of the task that has taken a snapshot of each."""
    assert_went_well(play(atlas, PLAYBOOKS / "fleet.yml", "-e", listed(names), *options, **variables))
    log = atlas.log()
    assert_one_each(atlas, names)
    return log


def _signed(log: dict[str, Any], step: str) -> int:
    return sum(entry["signed"] and entry["step"] == step for entry in log["requests"])
