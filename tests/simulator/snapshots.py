# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Snapshots of dedicated clusters: their state follows from the clock."""

from __future__ import annotations

from dataclasses import dataclass, replace

from .times import DAY

# When keys first appeared in the inProgress phase, as recorded in 2026-08: of the 159 seconds from the POST to
# completion, the version appeared within 15 s, the provider at 86 s; createdAt is also the time at 86 s.
VERSION_KNOWN_AT = 0.05
DATA_HELD_AT = 0.53


@dataclass(frozen=True)
class Member:
    """The part of one shard, or of the config servers, in a sharded snapshot."""

    id: str
    replica_set_name: str


@dataclass(frozen=True)
class Snapshot:
    """One snapshot; taken_at is the time of the request, from which its whole life follows.

    expires_at is None until a request changes the retention; until then, expiry counts from completion.
    mongodb_version and config_server_type are the cluster's at taken_at; only the control interface shows taken_by.
    """

    id: str
    taken_at: float
    queued_seconds: float
    in_progress_seconds: float
    retention_days: float
    outcome: str = "completed"
    description: str | None = None
    snapshot_type: str = "onDemand"
    frequency_type: str = "ondemand"
    policy_items: tuple[str, ...] = ()
    copy_regions: tuple[str, ...] = ()
    members: tuple[Member, ...] = ()
    storage_size_bytes: int = 1_582_854_144
    expires_at: float | None = None
    taken_by: str = ""
    mongodb_version: str = ""
    config_server_type: str = ""

    @property
    def shards(self) -> int:
        """The number of members that are not config servers."""
        return sum("config" not in member.replica_set_name for member in self.members)

    @property
    def starts_at(self) -> float:
        return self.taken_at + self.queued_seconds

    @property
    def ends_at(self) -> float:
        return self.starts_at + self.in_progress_seconds

    @property
    def created_at(self) -> float:
        """The time of the data in the snapshot; it is before completion, but shown only after it."""
        return self.starts_at + DATA_HELD_AT * self.in_progress_seconds

    def status(self, now: float) -> str:
        if now < self.starts_at:
            return "queued"
        return "inProgress" if now < self.ends_at else self.outcome

    def is_unfinished(self, now: float) -> bool:
        return now < self.ends_at

    def is_completed(self, now: float) -> bool:
        return self.status(now) == "completed"

    def knows_version(self, now: float) -> bool:
        return now >= self.starts_at + VERSION_KNOWN_AT * self.in_progress_seconds

    def knows_provider(self, now: float) -> bool:
        return now >= self.created_at

    def expiry(self, now: float) -> float:
        """The expiry: counted from the request at first, from completion later."""
        if self.expires_at is not None:
            return self.expires_at
        start = self.ends_at if self.is_completed(now) else self.taken_at
        return start + self.retention_days * DAY

    def is_gone(self, now: float) -> bool:
        """Whether it has expired; an unfinished snapshot never expires."""
        return not self.is_unfinished(now) and now >= self.expiry(now)

    def held_until(self, expires_at: float) -> Snapshot:
        return replace(self, expires_at=expires_at)

    def shifted(self, seconds: float) -> Snapshot:
        """The same snapshot for a clock that was set forward by these seconds."""
        expires_at = None if self.expires_at is None else self.expires_at + seconds
        return replace(self, taken_at=self.taken_at + seconds, expires_at=expires_at)
