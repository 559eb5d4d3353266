# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The daily snapshots that Atlas takes of flex, M2 and M5 clusters by itself, computed from the clock."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from .ids import derived_id
from .times import DAY

# The age of a cluster when the simulator starts.
AGE_AT_START = 30 * DAY
KEPT_DAYS = 8
START_DELAY = 27.0
RUNS_FOR = 80.0
# The first snapshot is scheduled this long after the cluster was created, the others a day apart. When the simulator
# starts, clusters are whole days old, so the newest snapshot is always six hours old.
FIRST_AFTER = 18 * 3600.0


@dataclass(frozen=True)
class AutomaticSnapshot:
    """One day's snapshot; forced_status, if set, overrides the status that the clock gives.

    late_until: the snapshot is RUNNING until then, even if forced_status is set.
    """

    id: str
    scheduled_at: float
    forced_status: str | None = None
    late_until: float | None = None

    @property
    def starts_at(self) -> float:
        return self.scheduled_at + START_DELAY

    @property
    def ends_at(self) -> float:
        return self.starts_at + RUNS_FOR if self.late_until is None else self.late_until

    @property
    def expires_at(self) -> float:
        return self.scheduled_at + KEPT_DAYS * DAY

    def status(self, now: float) -> str:
        if self.late_until is not None and now < self.late_until:
            return "RUNNING"
        if self.forced_status:
            return self.forced_status
        if now < self.starts_at:
            return "QUEUED"
        return "RUNNING" if now < self.ends_at else "COMPLETED"


def automatic_snapshots(
    cluster_id: str,
    created_at: float,
    now: float,
    missing_days: int = 0,
    newest_status: str | None = None,
    running_seconds: float | None = None,
) -> list[AutomaticSnapshot]:
    """The snapshots that exist now, oldest first as recorded; the newest missing_days of them were never taken.

    running_seconds: how long the snapshot that was the newest at the start of the simulator keeps running from then on.
    """
    began_at = created_at + AGE_AT_START
    moments = list(_moments(created_at, now))
    moments = moments[: max(len(moments) - missing_days, 0)]
    return [
        AutomaticSnapshot(
            derived_id(moment + START_DELAY, cluster_id, int(moment)),
            moment,
            newest_status if moment == moments[-1] else None,
            began_at + running_seconds if running_seconds is not None and 0 <= began_at - moment < DAY else None,
        )
        for moment in moments
    ]


def _moments(created_at: float, now: float) -> Iterator[float]:
    days = int((now - created_at - FIRST_AFTER) // DAY)
    for day in range(max(days - KEPT_DAYS + 1, 0), days + 1):
        yield created_at + FIRST_AFTER + day * DAY
