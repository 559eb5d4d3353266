# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# How fast requests may go, by Atlas's RateLimit headers.

from __future__ import annotations

import asyncio
from collections.abc import Callable

from .clock import now
from .parsing import short_number

# Below the reserve, one request in so many seconds: its answer shows whether more are left again.
TRICKLE = 1.0
# One part in so many of the limit is left to the project's other users.
RESERVED_PART = 8


class RateLimit:
    """The requests that a project may still send to one kind of address.

    The service counts in a bucket that refills by itself (1,200 requests and 500 a minute for backup addresses by the
    vendor's table), and others draw on it too, so the headers of the last answer are all that is known.
    """

    def __init__(self) -> None:
        self._left: int | None = None
        self._reserve = 0
        self._next_turn = 0.0
        self._paused_until = 0.0
        self._queue = asyncio.Lock()

    async def acquire(self, may_wait: Callable[[], float]) -> None:
        """Wait until one more request may go; first come, first served.

        may_wait: the seconds for which the caller may go on waiting; it raises when there are none left.
        """
        async with self._queue:
            seconds = may_wait()
            while self._wait() > 0:
                await asyncio.sleep(min(self._wait(), seconds))
                seconds = may_wait()
            if self._left is not None:
                self._left -= 1
                if self._left < self._reserve:
                    self._next_turn = now() + TRICKLE

    def _wait(self) -> float:
        return max(self._next_turn, self._paused_until) - now()

    def pause_left(self) -> float:
        """Seconds that are left of the pause that Atlas asked for."""
        return max(0.0, self._paused_until - now())

    def observe(self, limit: str | None, remaining: str | None) -> None:
        """Adapt to RateLimit-Limit and RateLimit-Remaining of an answer; an answer without them changes nothing."""
        most, left = short_number(limit), short_number(remaining)
        if most is None or left is None:
            return
        self._left, self._reserve = left, most // RESERVED_PART
        if self._left > self._reserve:
            self._next_turn = 0.0

    def pause(self, seconds: float) -> None:
        """Send nothing for so many seconds: the Retry-After of one request holds for all to this kind of address."""
        self._paused_until = max(self._paused_until, now() + seconds)
