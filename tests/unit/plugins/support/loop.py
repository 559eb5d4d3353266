# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs coroutines on an event loop whose clock jumps to the next event: hours of waiting take no time."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class _JumpingSelector(selectors.SelectSelector):
    """Does not wait: where the loop would sleep, its clock moves forward instead."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            raise AssertionError("deadlock: every coroutine waits, and no event is scheduled")
        self.now += max(0.0, timeout)
        return []


class VirtualTimeLoop(asyncio.SelectorEventLoop):
    """A loop for coroutines without sockets or threads."""

    def __init__(self) -> None:
        self._jumping = _JumpingSelector()
        super().__init__(self._jumping)

    def time(self) -> float:
        return self._jumping.now


def timed(work: Coroutine[Any, Any, T]) -> tuple[T, float]:
    """The result of the coroutine and its virtual seconds; its clock starts at 0."""
    loop = VirtualTimeLoop()
    try:
        result = loop.run_until_complete(work)
        return result, loop.time()
    finally:
        _end_what_is_left(loop)
        loop.close()


def _end_what_is_left(loop: asyncio.AbstractEventLoop) -> None:
    """Cancel the remaining tasks, as asyncio.run does."""
    left = asyncio.all_tasks(loop)
    for task in left:
        task.cancel()
    if left:
        loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))


def run(work: Coroutine[Any, Any, T]) -> T:
    """The result of the coroutine, without waiting."""
    return timed(work)[0]


def elapsed() -> float:
    """Virtual seconds since the start of the running loop."""
    return asyncio.get_running_loop().time()
