# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Restore jobs of dedicated clusters: start, list, get, cancel."""

from __future__ import annotations

from typing import Any

from .backup_api import dedicated_cluster
from .call import Call
from .clusters import Cluster
from .content import content_at
from .ids import OBJECT_ID
from .paging import page
from .point_in_time import PointInTime, asked_point, found_base
from .problems import Problem
from .restore_json import job_json
from .restore_rules import found_target, mismatch, refuse_dedicated_target
from .restores import RestoreJob
from .snapshots import Snapshot
from .world import BACKUP_MANAGER, Located, may_act_as

BODY = (
    "deliveryType",
    "snapshotId",
    "targetGroupId",
    "targetClusterName",
    "pointInTimeUTCSeconds",
    "oplogTs",
    "oplogInc",
    "links",
)
DELIVERIES = ("automated", "download", "pointInTime")


def start(call: Call) -> dict[str, Any]:
    """The path names the cluster of the snapshot, the body the target."""
    source = dedicated_cluster(call, deleted_too=True)
    body = call.body(*BODY)
    delivery = body.get("deliveryType")
    if delivery is None:
        raise Problem("MISSING_ATTRIBUTE", "deliveryType")
    if delivery not in DELIVERIES:
        raise Problem("VALIDATION_ERROR", fields=[("deliveryType", f"must be one of {', '.join(DELIVERIES)}")])
    point = None
    if delivery == "pointInTime":
        point = asked_point(body)
        snapshot = found_base(call, source, point)
    else:
        source, snapshot = _startable(call, source, text(body, "snapshotId"))
    target, misfit = None, ""
    if delivery != "download":
        target = found_target(call, text(body, "targetGroupId"), text(body, "targetClusterName"))
        refuse_dedicated_target(call, target.cluster)
        misfit = mismatch(call, snapshot, target.cluster)
    job = _new_job(call, source, target, snapshot, delivery, point)
    if misfit:
        job.outcome = "failed"
    return _job(call, source, job)


def list_jobs(call: Call) -> dict[str, Any]:
    source = _source(call)
    newest_first = call.settings.job_list_order == "newest_first"
    jobs = sorted(listed_jobs(call, source), key=lambda job: (job.requested_at, job.id), reverse=newest_first)
    return page([_job(call, source, job) for job in jobs], call)


def get_job(call: Call) -> dict[str, Any]:
    source = _source(call)
    return _job(call, source, found_job(call, source))


def cancel(call: Call) -> None:
    source = _source(call)
    job = found_job(call, source)
    if not job.is_download:
        raise Problem("CANNOT_CANCEL_AUTOMATED_RESTORE", job.id)
    if job.status(call.now) in ("queued", "running", "completed"):
        job.end_now("cancelled", call.now)


def listed_jobs(call: Call, source: Cluster) -> list[RestoreJob]:
    """The jobs that a list shows now."""
    lag = call.settings.job_list_lag_seconds
    return [job for job in source.jobs if call.now - job.requested_at >= lag and not _is_forgotten(call, job)]


def found_job(call: Call, source: Cluster) -> RestoreJob:
    job_id = call.params["job"]
    if not OBJECT_ID.fullmatch(job_id):
        raise Problem("INVALID_JOB_ID", job_id)
    for job in source.jobs:
        visible = call.now - job.requested_at >= call.settings.job_get_lag_seconds and not _is_forgotten(call, job)
        if visible and job.id == job_id:
            return job
    raise Problem("RESTORE_JOB_NOT_FOUND", job_id, source.name)


def refuse_deleted_source(call: Call, source: Cluster) -> None:
    """It was not recorded whether the jobs of a deleted cluster can still be read, so a setting decides."""
    hidden = ("not_found",) if "job" in call.params else ("list_not_found", "not_found")
    if source.deleted and call.settings.deleted_source_jobs in hidden:
        raise Problem("CLUSTER_NOT_FOUND", source.name, call.project.id)


def text(body: dict[str, Any], name: str) -> str:
    """A required attribute of type string."""
    value = body.get(name)
    if value is None:
        raise Problem("MISSING_ATTRIBUTE", name)
    if not isinstance(value, str):
        raise Problem("VALIDATION_ERROR", fields=[(name, "must be a string")])
    return value


def _is_forgotten(call: Call, job: RestoreJob) -> bool:
    return call.now >= job.closed_at + call.settings.job_kept_seconds


def _source(call: Call) -> Cluster:
    source = dedicated_cluster(call, deleted_too=True, is_list="job" not in call.params)
    refuse_deleted_source(call, source)
    if call.settings.job_readers == BACKUP_MANAGER and not may_act_as(call.caller, BACKUP_MANAGER):
        raise Problem(call.settings.read_only_code)
    return source


def _startable(call: Call, source: Cluster, snapshot_id: str) -> tuple[Cluster, Snapshot]:
    """The snapshot and its cluster, which may be another one than in the path if a setting allows that."""
    if not OBJECT_ID.fullmatch(snapshot_id):
        raise Problem("INVALID_SNAPSHOT_ID", snapshot_id)
    others = call.project.clusters.values() if call.settings.foreign_snapshot == "accepted" else ()
    for cluster in (source, *others):
        if any(snapshot_id == member.id for each in cluster.snapshots for member in each.members):
            raise Problem("AUTOMATED_RESTORE_OF_SHARD_NOT_ALLOWED", snapshot_id)
        snapshot = cluster.snapshot(snapshot_id)
        if snapshot_id in cluster.deleted_snapshots or (snapshot and snapshot.is_gone(call.now)):
            raise Problem(call.settings.deleted_snapshot_code, snapshot_id, source.name)
        if snapshot and not snapshot.is_completed(call.now):
            raise Problem("CANNOT_START_RESTORE_JOB_FOR_INCOMPLETE_CLUSTER_SNAPSHOT", snapshot_id)
        if snapshot:
            return cluster, snapshot
    raise Problem("SNAPSHOT_NOT_FOUND", snapshot_id, source.name)


def _new_job(
    call: Call, source: Cluster, target: Located | None, snapshot: Snapshot, delivery: str, point: PointInTime | None
) -> RestoreJob:
    held_at = point.moment if point else snapshot.created_at
    return call.world.restore(
        Located(call.project, source),
        target,
        call.settings,
        requested_at=call.now,
        delivery_type=delivery,
        snapshot_id=snapshot.id if point is None or "snapshotId" in call.settings.pit_job_shows else None,
        timestamp=snapshot.created_at,
        content=content_at(source, held_at),
        components=tuple(member.replica_set_name for member in snapshot.members),
        point_in_time=point.seconds if point else None,
        oplog_inc=point.oplog_inc if point else None,
        requested_by=call.caller.public_key,
    )


def _job(call: Call, source: Cluster, job: RestoreJob) -> dict[str, Any]:
    return job_json(job, call.settings, call.now, call.cluster_url(source), sharded=source.is_sharded)
