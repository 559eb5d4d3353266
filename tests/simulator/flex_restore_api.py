# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Restore jobs of flex clusters: start, list, get. Atlas has no endpoint to cancel one."""

from __future__ import annotations

from typing import Any

from .automatic import AutomaticSnapshot
from .automatic_api import flex_cluster, taken_snapshots
from .call import Call
from .clusters import Cluster
from .content import content_at
from .ids import OBJECT_ID
from .paging import page
from .problems import Problem
from .restore_api import found_job, listed_jobs, refuse_deleted_source, text
from .restore_json import flex_job_json
from .restore_rules import found_target, refuse_flex_target
from .world import Located

BODY = ("snapshotId", "targetDeploymentItemName", "targetProjectId")


def start(call: Call) -> dict[str, Any]:
    source = flex_cluster(call, deleted_too=True)
    body = call.body(*BODY)
    snapshot_id, name, project_id = (text(body, each) for each in BODY)
    snapshot = _startable(call, source, snapshot_id)
    target = found_target(call, project_id, name)
    refuse_flex_target(call, target.cluster, source.mongodb_version)
    job = call.world.restore(
        Located(call.project, source),
        target,
        call.settings,
        requested_at=call.now,
        delivery_type="RESTORE",
        snapshot_id=snapshot.id,
        timestamp=snapshot.starts_at,
        snapshot_finished_at=snapshot.ends_at,
        content=content_at(source, snapshot.starts_at),
        requested_by=call.caller.public_key,
    )
    return flex_job_json(job, call.now)


def list_jobs(call: Call) -> dict[str, Any]:
    """Newest first, as recorded."""
    jobs = sorted(listed_jobs(call, _source(call)), key=lambda job: (job.requested_at, job.id), reverse=True)
    return page([flex_job_json(job, call.now) for job in jobs], call)


def get_job(call: Call) -> dict[str, Any]:
    return flex_job_json(found_job(call, _source(call)), call.now)


def _source(call: Call) -> Cluster:
    source = flex_cluster(call, deleted_too=True)
    refuse_deleted_source(call, source)
    return source


def _startable(call: Call, source: Cluster, snapshot_id: str) -> AutomaticSnapshot:
    if not OBJECT_ID.fullmatch(snapshot_id):
        raise Problem("INVALID_SNAPSHOT_ID", snapshot_id)
    for each in taken_snapshots(call, source):
        if each.id == snapshot_id and each.status(call.now) != "COMPLETED":
            raise Problem("CANNOT_START_RESTORE_JOB_FOR_INCOMPLETE_CLUSTER_SNAPSHOT", snapshot_id)
        if each.id == snapshot_id:
            return each
    raise Problem("SNAPSHOT_NOT_FOUND", snapshot_id, source.name)
