# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# How fast requests may go, as Atlas's RateLimit headers tell.

from __future__ import annotations

import asyncio
from collections.abc import Callable

# Below the reserve, one request in so many seconds: its answer tells whether the allowance has grown again.
TRICKLE = 1.0
# One part in so many of the whole allowance is left to the project's other users.
RESERVED_PART = 8


class Allowance:
    """The requests that a project may still send to one kind of address.

    The service counts in a bucket that refills by itself (1,200 requests and 500 a minute for backup addresses by the
    vendor's table), and others draw on it too: what the last answer told is all that is known.
    """

    def __init__(self) -> None:
        self._left: int | None = None
        self._reserve = 0
        self._next_turn = 0.0
        self._asked_to_wait_until = 0.0
        self._queue = asyncio.Lock()

    async def turn(self, may_wait: Callable[[], float]) -> None:
        """Wait until one more request may go; turns are given in the order they were asked for.

        may_wait: the seconds for which it may still be waited; it raises when there are none, and no turn is taken.
        """
        async with self._queue:
            seconds = may_wait()
            while self._wait() > 0:
                await asyncio.sleep(min(self._wait(), seconds))
                seconds = may_wait()
            if self._left is not None:
                self._left -= 1
                if self._left < self._reserve:
                    self._next_turn = asyncio.get_running_loop().time() + TRICKLE

    def _wait(self) -> float:
        return max(self._next_turn, self._asked_to_wait_until) - asyncio.get_running_loop().time()

    def asked_to_wait(self) -> float:
        """Seconds that are left of what Atlas asked to wait."""
        return max(0.0, self._asked_to_wait_until - asyncio.get_running_loop().time())

    def told(self, limit: str | None, remaining: str | None) -> None:
        """Take over RateLimit-Limit and RateLimit-Remaining of an answer; an answer without them changes nothing."""
        numbers = f"{limit}{remaining}"
        if not (limit and remaining and numbers.isascii() and numbers.isdigit()):
            return
        self._left, self._reserve = int(remaining), int(limit) // RESERVED_PART
        if self._left > self._reserve:
            self._next_turn = 0.0

    def pause(self, seconds: float) -> None:
        """Send nothing for so long: what Retry-After asks of one request holds for all of this kind."""
        end = asyncio.get_running_loop().time() + seconds
        self._asked_to_wait_until = max(self._asked_to_wait_until, end)
