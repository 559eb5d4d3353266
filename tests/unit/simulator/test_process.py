# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The simulator as a process: its address, its refusals, its end, and the error if it cannot start."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ansible_collections.mongodb_atlas.backup.tests.simulator import process
from ansible_collections.mongodb_atlas.backup.tests.simulator.process import CannotStart, simulator, start


def test_simulator_runs_during_the_block_and_ignores_proxies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    with simulator(tmp_path, seed=7) as atlas:
        assert atlas.order("GET", "settings")["seed"] == 7
        with pytest.raises(RuntimeError, match="no cluster 'missing'"):
            atlas.order("POST", "snapshots", {"cluster": "missing"})
    with pytest.raises(OSError, match="refused"):
        atlas.log()
    with pytest.raises(ProcessLookupError):
        os.kill(atlas.state["pid"], 0)


def test_failed_start_reports_the_reason(tmp_path: Path) -> None:
    with pytest.raises(CannotStart, match="unknown setting 'nonsense'"):
        start(tmp_path, os.getpid(), {"nonsense": 1})


def test_start_has_a_timeout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "PATIENCE_SECONDS", 0.3)
    interpreter = tmp_path / "python"
    interpreter.write_text("#!/bin/sh\nexec sleep 60\n")
    interpreter.chmod(0o755)
    with pytest.raises(CannotStart, match="simulator did not start"):
        start(tmp_path, os.getpid(), {}, str(interpreter))
