# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Restore jobs: their state follows from the clock."""

from __future__ import annotations

from dataclasses import dataclass, replace

from .content import Content

# The flags of a job that did not succeed.
FLAGS = ("failed", "cancelled", "expired")
OUTCOMES = ("completed", *FLAGS)


@dataclass
class RestoreJob:
    """One restore job or download; requested_at is the time of the request.

    timestamp is the time of the data in the snapshot; content is that data.
    """

    id: str
    requested_at: float
    queued_seconds: float
    running_seconds: float
    delivery_type: str
    source_project_id: str
    source_name: str
    timestamp: float
    content: Content | None
    target_project_id: str = ""
    target_name: str = ""
    target_host: str = ""
    snapshot_id: str | None = None
    snapshot_finished_at: float = 0.0
    point_in_time: int | None = None
    oplog_inc: int | None = None
    components: tuple[str, ...] = ()
    outcome: str = "completed"
    # Ended while it was still queued, so the target is unchanged.
    spares_target: bool = False
    download_seconds: float = 3600.0
    requested_by: str = ""

    @property
    def born_at(self) -> int:
        """The time in its id."""
        return int(self.id[:8], 16)

    @property
    def starts_at(self) -> float:
        """The time at which it starts to overwrite the target."""
        return self.requested_at + self.queued_seconds

    @property
    def ends_at(self) -> float:
        """The end of the job; for a download, the time from which its URL exists."""
        return self.starts_at + self.running_seconds

    @property
    def is_download(self) -> bool:
        return self.delivery_type == "download"

    @property
    def closed_at(self) -> float:
        """The time of finishedAt: a successful download finishes when its URL expires."""
        lingers = self.is_download and self.outcome in ("completed", "expired")
        return self.ends_at + (self.download_seconds if lingers else 0.0)

    def status(self, now: float) -> str:
        """queued, running, completed, failed, cancelled or expired; an available download counts as completed."""
        if now < self.starts_at:
            return "queued"
        if now < self.ends_at:
            return "running"
        if self.is_download and self.outcome in ("completed", "expired"):
            return "completed" if now < self.closed_at else "expired"
        return self.outcome

    def is_unfinished(self, now: float) -> bool:
        return now < self.ends_at

    def holds_target(self, now: float) -> bool:
        """Whether this job keeps its target busy."""
        return self.requested_at <= now < self.ends_at

    def end_now(self, outcome: str, now: float) -> None:
        """End the job now; if it was still queued, the target stays unchanged."""
        self.spares_target = outcome != "completed" and now < self.starts_at
        self.queued_seconds = min(self.queued_seconds, max(now - self.requested_at, 0.0))
        self.running_seconds = max(now - self.starts_at, 0.0)
        self.outcome = outcome

    def shift(self, seconds: float) -> None:
        """Adapt the job to a clock that was set forward by these seconds."""
        self.requested_at += seconds
        self.timestamp += seconds
        self.snapshot_finished_at += seconds
        if self.content:
            self.content = replace(self.content, written_at=self.content.written_at + seconds)
