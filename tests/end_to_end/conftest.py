# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fixtures: one simulator per pytest process, reset before each test; and the final line with the counts."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from simulator.process import Simulator, simulator

from .support import SHORT


@pytest.fixture(scope="session")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    with simulator(tmp_path_factory.mktemp("simulator")) as atlas:
        yield atlas


@pytest.fixture
def atlas(process: Simulator, request: pytest.FixtureRequest) -> Simulator:
    """The simulator after a reset, with the SETTINGS of the test's file."""
    process.reset(**getattr(request.module, "SETTINGS", SHORT))
    return process


def pytest_unconfigure(config: pytest.Config) -> None:
    """Print the counts once, after all other output; the workers of pytest-xdist have no reporter."""
    reporter = config.pluginmanager.getplugin("terminalreporter")
    if reporter:
        passed, failed, errors = (len(reporter.stats.get(outcome, [])) for outcome in ("passed", "failed", "error"))
        print(f"{passed} passed, {failed + errors} failed")
