# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Restore jobs: their life, computed from the clock whenever it is looked at."""

from __future__ import annotations

from dataclasses import dataclass, replace

from .content import Content

# The flags of a job that did not end well.
FLAGS = ("failed", "cancelled", "expired")
OUTCOMES = ("completed", *FLAGS)


@dataclass
class RestoreJob:
    """One restore job, or one download; requested_at is the moment it was asked for.

    timestamp is the moment whose data the snapshot holds, and content that data.
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
    # Ended while it was still queued, so that the target was not touched.
    spares_target: bool = False
    download_seconds: float = 3600.0
    requested_by: str = ""

    @property
    def born_at(self) -> int:
        """The clock in its id."""
        return int(self.id[:8], 16)

    @property
    def starts_at(self) -> float:
        """The moment from which the target's data are gone."""
        return self.requested_at + self.queued_seconds

    @property
    def ends_at(self) -> float:
        """For a download, the moment from which its address is there."""
        return self.starts_at + self.running_seconds

    @property
    def is_download(self) -> bool:
        return self.delivery_type == "download"

    @property
    def closed_at(self) -> float:
        """The moment of finishedAt: a download that succeeds ends when its address expires."""
        lingers = self.is_download and self.outcome in ("completed", "expired")
        return self.ends_at + (self.download_seconds if lingers else 0.0)

    def status(self, now: float) -> str:
        """queued, running, completed, failed, cancelled or expired; a download that can be fetched is completed."""
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
        """Whether the target is kept busy by this job."""
        return self.requested_at <= now < self.ends_at

    def end_now(self, outcome: str, now: float) -> None:
        """The job ends at this moment, whatever its course was; one that was still queued spares the target."""
        self.spares_target = outcome != "completed" and now < self.starts_at
        self.queued_seconds = min(self.queued_seconds, max(now - self.requested_at, 0.0))
        self.running_seconds = max(now - self.starts_at, 0.0)
        self.outcome = outcome

    def shift(self, seconds: float) -> None:
        """Atlas's clock was set forward: the job goes on as before, by the new clock."""
        self.requested_at += seconds
        self.timestamp += seconds
        self.snapshot_finished_at += seconds
        if self.content:
            self.content = replace(self.content, written_at=self.content.written_at + seconds)
