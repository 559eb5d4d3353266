# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# The event loop's monotonic clock, and Atlas's clock as its answers show it. The local wall clock is never used.

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta

from .parsing import http_date

# Date headers have no fractions, and Atlas's clocks differ a little: as recorded, 2026-08, an id was a second ahead.
CLOCK_SLACK = timedelta(seconds=2)


def now() -> float:
    """Seconds on the event loop's monotonic clock, which measures every duration."""
    return asyncio.get_running_loop().time()


@dataclass(frozen=True)
class Moment:
    """An instant on the event loop's clock, and the time on Atlas's clock then, if it was already known."""

    instant: float
    shown: datetime | None


# Date headers of one service agree within this, including the time that an answer takes.
_TOLERANCE = timedelta(seconds=60)


class AtlasClock:
    """Atlas's clock: the Date header of the last answer, plus the time elapsed since then on the monotonic clock.

    Atlas sets the Date before the answer arrives, without fractions, so this clock is never ahead of Atlas's. If a
    proxy removes the header, the time in the id of a new snapshot or restore job replaces it.
    """

    def __init__(self) -> None:
        self._date: datetime | None = None
        self._observed_at = 0.0
        # Whether two answers have agreed on the time.
        self._is_confirmed = False
        # A Date that disagreed with the clock, and when it was observed.
        self._stray: tuple[datetime, float] | None = None

    def observe(self, date_header: str | None) -> None:
        """Set the clock by the Date header of an answer that has just arrived; an invalid header is ignored.

        An answer from a cache has an old Date, so a Date far from the clock counts only once another one confirms it.
        """
        date = http_date(date_header)
        if date is None:
            return
        expected = self.now()
        if expected is None or _agree(date, expected):
            self._is_confirmed = expected is not None
        elif not self._is_confirmed and date > expected:
            pass
        elif not self._agrees_with_stray(date) or (self._is_confirmed and date < expected):
            self._stray = date, now()
            return
        self._date, self._observed_at, self._stray = date, now(), None

    def _agrees_with_stray(self, date: datetime) -> bool:
        if self._stray is None:
            return False
        stray, observed_at = self._stray
        return _agree(date, stray + timedelta(seconds=now() - observed_at))

    def observe_new_id(self, made: datetime | None) -> None:
        """Set the clock by the time in an id that Atlas has just created, unless an answer has had a Date."""
        if self._date is None and made is not None:
            self._date, self._observed_at = made, now()

    def at(self, instant: float) -> datetime | None:
        """Atlas's time at an instant of the event loop's clock; None before the first answer."""
        return None if self._date is None else self._date + timedelta(seconds=instant - self._observed_at)

    def moment(self) -> Moment:
        """The current moment, for a later call of time_of."""
        return Moment(now(), self.now())

    def time_of(self, moment: Moment) -> datetime | None:
        """Atlas's time at a past moment: as known then, unless later answers have corrected the clock."""
        by_now = self.at(moment.instant)
        return moment.shown if moment.shown and by_now and _agree(moment.shown, by_now) else by_now

    def now(self) -> datetime | None:
        """Atlas's time now; None before the first answer."""
        return self.at(now())


def _agree(one: datetime, other: datetime) -> bool:
    return abs(one - other) <= _TOLERANCE
