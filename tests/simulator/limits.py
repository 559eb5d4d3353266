# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rate limits: one token bucket each, computed from the clock."""

from __future__ import annotations

import math
from dataclasses import dataclass

from .problems import Problem
from .settings import Settings

# Parts of the API that share another part's bucket.
SHARED = {"tenant": "backup", "restores": "backup", "schedule": "backup", "compliance": "backup"}

# Retry-After of a bucket that other clients drain faster than it refills.
NEVER_REFILLED_WAIT = 60


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
    """The buckets of all projects; the part of the API decides which bucket a request draws from."""

    def __init__(self) -> None:
        self._buckets: dict[tuple[str, str], Bucket] = {}

    def draw(self, part: str, owner: str, settings: Settings, now: float) -> dict[str, str]:
        """Take one request from a bucket; return the rate limit headers, or raise RATE_LIMITED if it is empty."""
        limit, per_minute = _measures(part, settings)
        bucket = self._buckets.setdefault((SHARED.get(part, part), owner), Bucket(float(limit), now))
        left = bucket.level(limit, per_minute, now)
        if left < 1:
            wait = math.ceil((1 - left) * 60 / per_minute) if per_minute > 0 else NEVER_REFILLED_WAIT
            headers = _headers(limit, 0) | {"Retry-After": str(max(wait, 1))}
            raise Problem("RATE_LIMITED", str(limit), headers=headers)
        bucket.left = left - 1
        return _headers(limit, int(bucket.left))


def _measures(part: str, settings: Settings) -> tuple[int, float]:
    """Size and refill per minute; flex and project endpoints have the size of the backup endpoints, as recorded."""
    if part == "token":
        return settings.token_limit, float(settings.token_limit)
    if part == "clusters":
        return settings.cluster_limit, settings.cluster_refill
    return settings.backup_limit, settings.backup_refill - settings.backup_drain


def _headers(limit: int, left: int) -> dict[str, str]:
    return {"RateLimit-Limit": str(limit), "RateLimit-Remaining": str(left)}
