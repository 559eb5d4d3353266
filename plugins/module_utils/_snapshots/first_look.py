# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# Reads a snapshot or restore job that the user names by its id, and polls for one that Atlas may not return yet.

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

from .._atlas.clock import CLOCK_SLACK, AtlasClock
from .._atlas.errors import RequestRefused
from .._atlas.object_id import minted_at
from .._atlas.retry import Deadline
from .dedicated import is_not_there
from .records import Record
from .wait import SHOWS_WITHIN, Pace


async def first_look(
    get: Callable[[str], Awaitable[Record]], wanted_id: str, clock: AtlasClock, deadline: Deadline, pace: Pace
) -> Record:
    """The record with this id; Atlas may not return one that is less than a minute old, so poll for it."""
    while True:
        try:
            return await get(wanted_id)
        except RequestRefused as error:
            if not is_not_there(error) or not _is_new(wanted_id, clock) or deadline.remaining() <= 0:
                raise
        await asyncio.sleep(min(pace.gap(0, 0.0), deadline.remaining()))


def _is_new(wanted_id: str, clock: AtlasClock) -> bool:
    atlas_now, minted = clock.now(), minted_at(wanted_id)
    if atlas_now is None or minted is None:
        return False
    return -CLOCK_SLACK <= atlas_now - minted < timedelta(seconds=SHOWS_WITHIN)
