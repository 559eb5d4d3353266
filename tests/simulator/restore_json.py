# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Restore jobs in the JSON format of Atlas, in the format of each API family."""

from __future__ import annotations

from typing import Any

from .restores import FLAGS, RestoreJob
from .settings import Settings
from .times import iso

# The expirationDate of a flex restore has no meaning; it was recorded as six hours after the start.
FLEX_EXPIRES_AFTER = 6 * 3600.0
FLEX_WORDS = {"queued": "PENDING", "running": "RUNNING", "completed": "COMPLETED"}


def job_json(job: RestoreJob, settings: Settings, now: float, cluster_url: str, *, sharded: bool) -> dict[str, Any]:
    """A job of a dedicated cluster: its flags and finishedAt show its status; there is no key for it."""
    status = job.status(now)
    document: dict[str, Any] = {
        **{flag: status == flag for flag in FLAGS},
        "deliveryType": job.delivery_type,
        "deliveryUrl": _urls(job) if job.is_download and status == "completed" else [],
        "desiredTimestamp": {"date": None, "increment": None, "time": None},
        "id": job.id,
        "links": _links(job, cluster_url, sharded),
        "timestamp": iso(job.timestamp),
    }
    if job.snapshot_id:
        document["snapshotId"] = job.snapshot_id
    if job.target_name:
        document.update(
            targetClusterName=job.target_name,
            targetDeploymentItemName=job.target_host,
            targetGroupId=job.target_project_id,
        )
    if _is_finished(job, status, settings):
        document["finishedAt"] = iso(job.closed_at)
    if job.is_download and status in ("completed", "expired"):
        document["expiresAt"] = iso(job.closed_at)
    if job.components and settings.sharded_job_components:
        document["components"] = _components(job, status)
    if job.point_in_time is not None:
        _show_point_in_time(document, job, settings.pit_job_shows)
    return document


def flex_job_json(job: RestoreJob, now: float) -> dict[str, Any]:
    """A job of a flex cluster, which has its own status words."""
    status = job.status(now)
    document = {
        "deliveryType": job.delivery_type,
        "expirationDate": iso(job.born_at + FLEX_EXPIRES_AFTER),
        "id": job.id,
        "instanceName": job.source_name,
        "projectId": job.source_project_id,
        "restoreScheduledDate": iso(job.born_at),
        "snapshotFinishedDate": iso(job.snapshot_finished_at),
        "snapshotId": job.snapshot_id,
        "status": FLEX_WORDS.get(status, "FAILED"),
        "targetDeploymentItemName": job.target_name,
        "targetProjectId": job.target_project_id,
    }
    if not job.is_unfinished(now):
        document["restoreFinishedDate"] = iso(job.ends_at)
    return document


def _is_finished(job: RestoreJob, status: str, settings: Settings) -> bool:
    """Whether finishedAt is shown: not while the job runs or a download is available."""
    if status in FLAGS:
        return settings.flags_have_finished_at
    return status == "completed" and not job.is_download


def _show_point_in_time(document: dict[str, Any], job: RestoreJob, shown: tuple[str, ...]) -> None:
    """A point-in-time job was not recorded, so a setting decides which keys it shows."""
    seconds = job.point_in_time or 0
    for name in ("snapshotId", "timestamp"):
        if name not in shown:
            document.pop(name, None)
    if "desiredTimestamp" in shown:
        document["desiredTimestamp"] = {"date": iso(seconds), "increment": job.oplog_inc or 0, "time": seconds}
    if "pointInTimeUTCSeconds" in shown and job.oplog_inc is None:
        document["pointInTimeUTCSeconds"] = seconds
    if "oplogTs" in shown and job.oplog_inc is not None:
        document.update(oplogInc=job.oplog_inc, oplogTs=seconds)


def _components(job: RestoreJob, status: str) -> list[dict[str, Any]]:
    if job.is_download and status == "completed":
        return [{"downloadUrl": _url(job, name), "replicaSetName": name} for name in job.components]
    return [{"replicaSetName": name} for name in job.components]


def _urls(job: RestoreJob) -> list[str]:
    return [_url(job, name) for name in job.components or (job.source_name,)]


def _url(job: RestoreJob, name: str) -> str:
    """The URL of a download, which contains a secret."""
    return f"https://restore.example.invalid/{job.id}/not-a-real-download-secret/{name}.tar.gz"


def _links(job: RestoreJob, cluster_url: str, sharded: bool) -> list[dict[str, str]]:
    snapshot = f"{cluster_url}/backup/snapshots/{'shardedCluster/' if sharded else ''}{job.snapshot_id}"
    links = [
        {"href": f"{cluster_url}/backup/restoreJobs/{job.id}", "rel": "self"},
        {"href": snapshot, "rel": "https://cloud.mongodb.com/snapshot"},
        {"href": cluster_url, "rel": "https://cloud.mongodb.com/cluster"},
        {"href": cluster_url.rpartition("/clusters/")[0], "rel": "https://cloud.mongodb.com/group"},
    ]
    return links if job.snapshot_id else [links[0], *links[2:]]
