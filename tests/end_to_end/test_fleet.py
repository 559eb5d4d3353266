# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The cost of many clusters in one task: processes, connections and requests. The benchmark measures times.

Rate limits and faults are tested in tests/unit/plugins/modules/test_fleet.py.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from simulator.process import Simulator

from .support import NO_LIMIT, PLAYBOOKS, assert_one_each, assert_went_well, listed, play

# The limit in _module.py.
MOST_CONNECTIONS = 8
SETTINGS = {"queued_seconds": 2.0, "in_progress_seconds": 8.0, **NO_LIMIT}


def test_hundred_clusters_cost_one_process_and_few_connections(atlas: Simulator, tmp_path: Path) -> None:
    # A Python that records each of its starts.
    notes, counting = tmp_path / "starts.txt", tmp_path / "python"
    counting.write_text(f'#!/bin/sh\necho "$*" >> "{notes}"\nexec "{sys.executable}" "$@"\n')
    counting.chmod(0o755)
    log = _take(atlas, atlas.fleet(100), "-e", f"ansible_python_interpreter={counting}")
    assert len(notes.read_text().splitlines()) == 1, "processes of modules"
    assert log["connections"] <= MOST_CONNECTIONS
    # One challenge per connection, and one POST per cluster.
    assert sum(not entry["signed"] for entry in log["requests"]) <= log["connections"]
    assert _signed(log, "take") == 100
    # A hundred clusters are polled every 4 s, so about three times in 10 s; polling every 2 s would make five.
    assert _signed(log, "poll") < 100 * 5
    assert set(log["by_step"]) == {"take", "poll"}


def _take(atlas: Simulator, names: list[str], *options: str, **variables: str) -> dict[str, Any]:
    """Take one snapshot of each cluster; return the log of all requests."""
    assert_went_well(play(atlas, PLAYBOOKS / "fleet.yml", "-e", listed(names), *options, **variables))
    log = atlas.log()
    assert_one_each(atlas, names)
    return log


def _signed(log: dict[str, Any], step: str) -> int:
    return sum(entry["signed"] and entry["step"] == step for entry in log["requests"])
