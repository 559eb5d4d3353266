# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# Limits how many lists are read at the same time, and with that the memory of a task on many clusters.

from __future__ import annotations

import asyncio


class ListPlaces:
    """Lets this many lists be read at the same time, and only one large one. Create it inside the event loop."""

    def __init__(self, count: int) -> None:
        self.free = asyncio.Semaphore(count)
        self.large = asyncio.Lock()

    def new_place(self) -> ListPlace:
        """A place for one more list; take() waits until it is free."""
        return ListPlace(self)


class ListPlace:
    """The place of one list: taken before its first request, and kept while its pages are in memory.

    is_large: whether this is the one list that may be large. holds_pages: whether pages of it are in memory.
    """

    def __init__(self, places: ListPlaces) -> None:
        self._places = places
        self._is_taken = False
        self.is_large = False
        self.holds_pages = False

    async def take(self) -> None:
        """Wait until fewer lists are being read."""
        if not self._is_taken:
            await self._places.free.acquire()
            self._is_taken = True

    def lend(self) -> None:
        """Let another list use the place during a pause, unless pages of this one are in memory."""
        if self._is_taken and not self.holds_pages:
            self._is_taken = False
            self._places.free.release()

    async def grow(self, *, waits: bool) -> bool:
        """Try to become the one large list; returns whether it is. waits: wait for another large list to end."""
        if not self.is_large and (waits or not self._places.large.locked()):
            await self._places.large.acquire()
            self.is_large = True
        return self.is_large

    async def __aenter__(self) -> ListPlace:
        return self

    async def __aexit__(self, *_error: object) -> None:
        if self.is_large:
            self._places.large.release()
        self.is_large = self.holds_pages = False
        self.lend()
