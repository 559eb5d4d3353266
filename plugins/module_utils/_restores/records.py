# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# Converts Atlas's restore jobs to the records that the modules return. Pure functions.

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timezone

from .._atlas.json_values import object_in, whole_number
from .._atlas.object_id import minted_at
from .._snapshots.clusters import FLEX
from .._snapshots.records import JsonObject, Record, RecordFilter, is_young
from .._times import format_time, in_utc, parse_time

AUTOMATED = "automated"
POINT_IN_TIME = "pointInTime"
DOWNLOAD = "download"

QUEUED = "queued"
IN_PROGRESS = "inProgress"
COMPLETED = "completed"
# The job ended without restoring the data; the job of a dedicated cluster has a flag with each of these names.
BAD_ENDS = ("failed", "cancelled", "expired")

_FLEX_STATUS = {
    "PENDING": QUEUED,
    "QUEUED": QUEUED,
    "RUNNING": IN_PROGRESS,
    "COMPLETED": COMPLETED,
    "FAILED": "failed",
}
_FLEX_DELIVERY = {"RESTORE": AUTOMATED, "DOWNLOAD": DOWNLOAD}

RECORD_KEYS = (
    "id",
    "project_id",
    "cluster_name",
    "cluster_type",
    "snapshot_id",
    "snapshot_created_at",
    "point_in_time",
    "delivery_type",
    "status",
    "created_at",
    "finished_at",
    "expires_at",
    "target_project_id",
    "target_cluster_name",
    "target_state",
    "reused",
)


def restore_record(job: JsonObject, project_id: str, cluster_name: str, cluster_type: str | None) -> Record:
    """The record of a job from Atlas; project, cluster and kind are those of the source.

    The URL of a download is left out because it contains a secret.
    """
    record: Record = dict.fromkeys(RECORD_KEYS)
    record.update(id=job.get("id"), project_id=project_id, cluster_name=cluster_name, cluster_type=cluster_type)
    record["snapshot_id"] = job.get("snapshotId")
    record.update(_flex_part(job) if cluster_type == FLEX else _dedicated_part(job))
    return record


def _dedicated_part(job: JsonObject) -> Record:
    """Keys for a dedicated cluster's job. Its status comes from flags, and its creation time from its id."""
    born = minted_at(job.get("id"))
    return {
        "snapshot_created_at": in_utc(job.get("timestamp")),
        "point_in_time": _point_in_time(job),
        "delivery_type": job.get("deliveryType"),
        "status": _dedicated_status(job),
        "created_at": format_time(born) if born else None,
        "finished_at": in_utc(job.get("finishedAt")),
        "expires_at": in_utc(job.get("expiresAt")) if job.get("deliveryType") == DOWNLOAD else None,
        "target_project_id": job.get("targetGroupId"),
        "target_cluster_name": job.get("targetClusterName"),
    }


def _flex_part(job: JsonObject) -> Record:
    """Keys for a flex cluster's job.

    Atlas also sends expirationDate for restores; it has no meaning there, so it is ignored.
    """
    delivery, status = job.get("deliveryType"), job.get("status")
    delivery = _FLEX_DELIVERY.get(str(delivery), delivery)
    return {
        "delivery_type": delivery,
        "status": _FLEX_STATUS.get(str(status), status),
        "created_at": in_utc(job.get("restoreScheduledDate")),
        "finished_at": in_utc(job.get("restoreFinishedDate")),
        "expires_at": in_utc(job.get("expirationDate")) if delivery == DOWNLOAD else None,
        "target_project_id": job.get("targetProjectId"),
        "target_cluster_name": job.get("targetDeploymentItemName"),
    }


def _dedicated_status(job: JsonObject) -> str:
    """Flags take precedence: it is not recorded whether a failed job has a finishedAt too."""
    for word in BAD_ENDS:
        if job.get(word) is True:
            return word
    is_ready_download = job.get("deliveryType") == DOWNLOAD and job.get("deliveryUrl")
    return COMPLETED if job.get("finishedAt") or is_ready_download else IN_PROGRESS


def _point_in_time(job: JsonObject) -> str | None:
    """The point in time, from any key that may contain it; None for the restore of a snapshot."""
    if job.get("deliveryType") != POINT_IN_TIME:
        return None
    shown = object_in(job.get("desiredTimestamp"))
    for value in (job.get("pointInTimeUTCSeconds"), job.get("oplogTs"), shown.get("time")):
        seconds = whole_number(value)
        if seconds is not None and seconds > 0:
            return _from_seconds(seconds)
    moment = parse_time(shown.get("date"))
    return format_time(moment) if moment else None


def _from_seconds(seconds: int) -> str | None:
    try:
        return format_time(datetime.fromtimestamp(seconds, tz=timezone.utc))
    except (ValueError, OverflowError, OSError):
        return None


def is_ended(record: Record) -> bool:
    """Whether the job is finished. An unknown status does not count as finished."""
    return record["status"] == COMPLETED or record["status"] in BAD_ENDS


def is_running(record: Record) -> bool:
    """Whether the job may still write to its target. A job with finished_at has ended, also with an unknown status."""
    return not is_ended(record) and not record["finished_at"]


def overwrites(record: Record, target_project_id: str, target_cluster_name: str) -> bool:
    """Whether this job restores, or has restored, into that cluster; a download overwrites nothing."""
    target = (record["target_project_id"], record["target_cluster_name"])
    return bool(record["delivery_type"] != DOWNLOAD and target == (target_project_id, target_cluster_name))


def options_to_wait_for(job: Record) -> str:
    """The options with which atlas_restore waits for this job, as messages name them."""
    return f"cluster_name={job['cluster_name']} and restore_job_id={job['id']}"


@dataclass(frozen=True)
class RestoreFilter(RecordFilter):
    """A filter for restore jobs; None matches everything. max_age is in seconds."""

    status: list[str] | None = None
    target_cluster_name: str | None = None
    max_age: float | None = None

    def _passes(self, record: Record, atlas_now: datetime | None) -> bool:
        return (
            (self.status is None or record["status"] in self.status)
            and self.target_cluster_name in (None, record["target_cluster_name"])
            and (self.max_age is None or (atlas_now is not None and is_young(record, self.max_age, atlas_now)))
        )
