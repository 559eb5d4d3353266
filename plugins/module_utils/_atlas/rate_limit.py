# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# Limits the request rate, based on Atlas's RateLimit headers.

from __future__ import annotations

import asyncio
from collections.abc import Callable

from .clock import now
from .parsing import short_number

# Below the reserve, one request per this many seconds: its answer shows whether the limit has refilled.
TRICKLE = 1.0
# 1/8 of the limit is left to the project's other users.
RESERVED_PART = 8


class RateLimit:
    """The rate limit of a project for one kind of endpoint.

    Atlas uses a token bucket that all users of the project share (for backup endpoints 1,200 requests, refilled by 500
    a minute, by the vendor's table), so only the headers of the last answer show how many requests are left.
    """

    def __init__(self) -> None:
        self._left: int | None = None
        self._reserve = 0
        self._next_turn = 0.0
        self._paused_until = 0.0
        self._queue = asyncio.Lock()

    async def acquire(self, may_wait: Callable[[], float]) -> None:
        """Wait until one more request is allowed; first come, first served.

        may_wait: returns the seconds for which the caller can wait, and raises when none are left.
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
        """Seconds left of the pause that Atlas requested with Retry-After."""
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
        """Pause for this many seconds: the Retry-After of one request applies to all requests of this kind."""
        self._paused_until = max(self._paused_until, now() + seconds)
