# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rate limits: a token bucket each, computed from the clock."""

from __future__ import annotations

import math
from dataclasses import dataclass

from .problems import Problem
from .settings import Settings

# Parts of the interface that draw from another part's bucket.
SHARED = {"tenant": "backup", "restores": "backup", "schedule": "backup", "compliance": "backup"}

# What the Retry-After of a bucket says that others drain faster than it fills.
NO_END_IN_SIGHT = 60


@dataclass
class Bucket:
    left: float
    seen_at: float

    def level(self, limit: int, per_minute: float, now: float) -> float:
        grown = self.left + (now - self.seen_at) * per_minute / 60
        self.left = min(max(grown, 0.0), float(limit))
        self.seen_at = now
        return self.left


class Limits:
    """The buckets of all projects; which one a request draws from depends on the part of the interface."""

    def __init__(self) -> None:
        self._buckets: dict[tuple[str, str], Bucket] = {}

    def draw(self, part: str, owner: str, settings: Settings, now: float) -> dict[str, str]:
        """Take one request from a bucket: the headers that tell what is left; RATE_LIMITED when nothing is."""
        limit, per_minute = _measures(part, settings)
        bucket = self._buckets.setdefault((SHARED.get(part, part), owner), Bucket(float(limit), now))
        left = bucket.level(limit, per_minute, now)
        if left < 1:
            wait = math.ceil((1 - left) * 60 / per_minute) if per_minute > 0 else NO_END_IN_SIGHT
            headers = _headers(limit, 0) | {"Retry-After": str(max(wait, 1))}
            raise Problem("RATE_LIMITED", str(limit), headers=headers)
        bucket.left = left - 1
        return _headers(limit, int(bucket.left))


def _measures(part: str, settings: Settings) -> tuple[int, float]:
    """Size and growth per minute; flex and project addresses share the backup addresses' size, as recorded."""
    if part == "token":
        return settings.token_limit, float(settings.token_limit)
    if part == "clusters":
        return settings.cluster_limit, settings.cluster_refill
    return settings.backup_limit, settings.backup_refill - settings.backup_drain


def _headers(limit: int, left: int) -> dict[str, str]:
    return {"RateLimit-Limit": str(limit), "RateLimit-Remaining": str(left)}
