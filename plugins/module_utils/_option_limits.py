# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# The limits of the options that are numbers, in one table for all modules.

from __future__ import annotations

import math
from dataclasses import dataclass

# A thousand years; Python cannot compute dates far beyond that.
MOST_DAYS = 365_000
_DAY = 86400.0


@dataclass(frozen=True)
class SecondsLimit:
    """The limits of an option in seconds. zero: whether 0 is valid. Ten years is longer than any task."""

    most: float = 10 * 365 * _DAY
    zero: bool = False

    @property
    def least(self) -> str:
        """The lower limit in words."""
        return "at least 0" if self.zero else "above 0"

    def allows(self, value: float) -> bool:
        return math.isfinite(value) and (self.zero if value == 0 else 0 < value <= self.most)


SECONDS = {
    "request_timeout": SecondsLimit(most=_DAY),
    "wait_timeout": SecondsLimit(),
    "poll_interval": SecondsLimit(),
    "max_age": SecondsLimit(most=1e12, zero=True),
    "tenant_max_age": SecondsLimit(most=1e12, zero=True),
    "outlives": SecondsLimit(most=MOST_DAYS * _DAY, zero=True),
}
