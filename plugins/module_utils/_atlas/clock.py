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


class AtlasClock:
    """What Atlas's clock shows: the last Date it sent, plus the monotonic seconds since.

    A Date is stamped before its answer arrives and has no fractions, so this clock is never ahead of Atlas's.
    """

    def __init__(self) -> None:
        self._date: datetime | None = None
        self._observed_at = 0.0

    def observe(self, date_header: str | None) -> None:
        """Set the clock by the Date of an answer that has just arrived; a header that is no date is ignored."""
        date = http_date(date_header)
        if date is not None:
            self._date, self._observed_at = date, now()

    def at(self, instant: float) -> datetime | None:
        """What it showed, or will show, at an instant of the event loop's clock; None before the first answer."""
        return None if self._date is None else self._date + timedelta(seconds=instant - self._observed_at)

    def moment(self) -> Moment:
        """This moment, to be asked about later."""
        return Moment(now(), self.now())

    def time_of(self, moment: Moment) -> datetime | None:
        """Atlas's time at a moment that has passed: as it was known then, else by the answers since."""
        return moment.shown or self.at(moment.instant)

    def now(self) -> datetime | None:
        """What it shows now; None before the first answer."""
        return self.at(now())
