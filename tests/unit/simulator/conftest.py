# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""One running simulator for all tests of a file, reset before each; and a clock that only tests move."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ansible_collections.mongodb_atlas.backup.tests.unit.simulator.live import Live
from ansible_collections.mongodb_atlas.backup.tests.unit.simulator.support import Clock


@pytest.fixture(scope="module")
def running() -> Iterator[Live]:
    live = Live()
    yield live
    live.stop()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def live(running: Live) -> Live:
    running.order("POST", "reset")
    return running
