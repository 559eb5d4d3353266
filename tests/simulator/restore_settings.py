# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Settings of restores, schedules and compliance policies: what was not recorded can be set to each possible value."""

from __future__ import annotations

from dataclasses import dataclass

from .restores import OUTCOMES
from .times import DAY

BUSY_TARGET_CODES = ("CLUSTER_RESTORE_IN_PROGRESS_CANNOT_UPDATE", "ATLAS_CLUSTER_RESTORE_IN_PROGRESS")
PIT_FIELDS = ("pointInTimeUTCSeconds", "oplogTs", "desiredTimestamp", "snapshotId", "timestamp")

CHOICES: dict[str, tuple[str, ...]] = {
    "restore_outcome": OUTCOMES,
    "job_list_order": ("newest_first", "oldest_first"),
    "foreign_snapshot": ("accepted", "refused"),
    "deleted_snapshot_code": ("SNAPSHOT_NOT_FOUND", "CANNOT_START_RESTORE_JOB_FOR_DELETED_SNAPSHOT"),
    "deleted_source_jobs": ("listed", "list_not_found", "not_found"),
    "busy_target_code": BUSY_TARGET_CODES,
    "take_during_restore": ("allowed", *BUSY_TARGET_CODES),
    "change_during_restore": ("allowed", *BUSY_TARGET_CODES),
    "restore_mismatch": ("refused", "job_fails"),
    "pit_off_code": ("INVALID_PIT_RESTORE_TIME", "NO_CHECKPOINT_FOR_PIT_RESTORE"),
    "pit_of_sharded": ("accepted", "refused"),
    "job_readers": ("read_only", "backup_manager"),
    "state": ("ACTIVE", "ENABLING", "UPDATING", "DISABLING"),
    "on_demand_unit": ("days", "weeks", "months", "years"),
}


@dataclass(frozen=True)
class RestoreSettings:
    """Durations are in seconds; the README explains each setting."""

    restore_queued_seconds: float = 1.0
    restore_seconds: float = 4.0
    restore_outcome: str = "completed"
    # How long the URL of a download is valid.
    download_seconds: float = 3600.0
    # How far the time in a job's id is ahead of the answer's Date (recorded: 1).
    job_clock_ahead_seconds: float = 0.0
    job_list_lag_seconds: float = 0.0
    job_get_lag_seconds: float = 0.0
    job_list_order: str = "newest_first"
    # How long a job can be read after its end.
    job_kept_seconds: float = 365 * DAY
    # Whether a job that failed, was cancelled or has expired also has finishedAt.
    flags_have_finished_at: bool = True
    sharded_job_components: bool = True
    # Which of PIT_FIELDS a point-in-time job shows.
    pit_job_shows: tuple[str, ...] = ("pointInTimeUTCSeconds", "desiredTimestamp", "timestamp")
    # stateName of the target while a job runs, and for settling_seconds after its end.
    restoring_state: str = "UPDATING"
    settling_state: str = "UPDATING"
    settling_seconds: float = 0.0
    foreign_snapshot: str = "accepted"
    deleted_snapshot_code: str = "SNAPSHOT_NOT_FOUND"
    deleted_source_jobs: str = "listed"
    busy_target_code: str = "CLUSTER_RESTORE_IN_PROGRESS_CANNOT_UPDATE"
    # During a restore: taking a snapshot of the target; deleting one of its snapshots or changing its retention.
    take_during_restore: str = "allowed"
    change_during_restore: str = "allowed"
    # What happens if the target has an older MongoDB or another topology.
    restore_mismatch: str = "refused"
    # Names of projects that refuse every restore.
    closed_targets: tuple[str, ...] = ()
    pit_off_code: str = "INVALID_PIT_RESTORE_TIME"
    pit_of_sharded: str = "accepted"
    job_readers: str = "read_only"
    restore_window_days: int = 7
    schedule_has_next: bool = True
    # Whether a sharded snapshot lists its config server as a member, and shows its type.
    config_server_member: bool = True
    snapshot_config_server_type: bool = True
