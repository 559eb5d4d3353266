# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Running coroutines on the event loop whose clock jumps."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.promises import virtual_time

T = TypeVar("T")


def run(work: Coroutine[Any, Any, T]) -> T:
    """What the coroutine gives back, in no time; its clock begins at 0."""
    return virtual_time.run(work)[0]


def elapsed() -> float:
    """Seconds since the running loop began."""
    return asyncio.get_running_loop().time()
