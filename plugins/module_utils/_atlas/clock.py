# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# The event loop's clock, and Atlas's as its answers show it. The local wall clock is never compared with either.

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta

from .parsing import http_date


def now() -> float:
    """Seconds on the event loop's monotonic clock, which measures every duration."""
    return asyncio.get_running_loop().time()


@dataclass(frozen=True)
class Moment:
    """An instant of the event loop's clock, and what Atlas's clock showed then, if that was known by then."""

    instant: float
    shown: datetime | None


# Answers of one service differ by less, the time that they take included.
_TOLERANCE = timedelta(seconds=60)


class AtlasClock:
    """What Atlas's clock shows: the last Date it sent, plus the monotonic seconds since.

    A Date is stamped before its answer arrives and has no fractions, so this clock is never ahead of Atlas's. Where a
    proxy removes the Date, the id of something that was just made stands for it.
    """

    def __init__(self) -> None:
        self._date: datetime | None = None
        self._observed_at = 0.0
        # Whether two answers have agreed about it.
        self._is_confirmed = False
        # A Date that does not agree, and when it was observed.
        self._stray: tuple[datetime, float] | None = None

    def observe(self, date_header: str | None) -> None:
        """Set the clock by the Date of an answer that has just arrived; a header that is no date is ignored.

        An answer from a cache has an old Date: one that is far from what the clock shows is not believed at once.
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
        """Set the clock by the time in an id that Atlas has just made, as long as no answer has had a Date."""
        if self._date is None and made is not None:
            self._date, self._observed_at = made, now()

    def at(self, instant: float) -> datetime | None:
        """What it showed, or will show, at an instant of the event loop's clock; None before the first answer."""
        return None if self._date is None else self._date + timedelta(seconds=instant - self._observed_at)

    def moment(self) -> Moment:
        """This moment, to be asked about later."""
        return Moment(now(), self.now())

    def time_of(self, moment: Moment) -> datetime | None:
        """Atlas's time at a moment that has passed: as it was known then, unless the answers since disagree."""
        by_now = self.at(moment.instant)
        return moment.shown if moment.shown and by_now and _agree(moment.shown, by_now) else by_now

    def now(self) -> datetime | None:
        """What it shows now; None before the first answer."""
        return self.at(now())


def _agree(one: datetime, other: datetime) -> bool:
    return abs(one - other) <= _TOLERANCE
