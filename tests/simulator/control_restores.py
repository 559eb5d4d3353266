# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The commands of the control interface for restore jobs and for the contents of clusters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from .automatic_api import automatic_of
from .clusters import Cluster
from .content import Content, content_at
from .restores import OUTCOMES, RestoreJob
from .service import Service
from .snapshots import Snapshot
from .times import iso
from .world import Located

NEVER_ENDS = 10 * 365 * 86400.0
JOB_TRAITS = ("queued_seconds", "running_seconds", "outcome", "download_seconds", "point_in_time", "oplog_inc")
STATUSES = ("queued", "running", *OUTCOMES)


class RestoreControl:
    """service returns the running service, which a reset replaces."""

    def __init__(self, service: Callable[[], Service]) -> None:
        self._service = service

    def jobs(self) -> list[dict[str, Any]]:
        """Every job, oldest first, with its status and the user who started it."""
        now = self._service().now()
        jobs = [job for cluster in self._service().world.all_clusters() for job in cluster.jobs]
        return [_job_shown(job, now) for job in sorted(jobs, key=lambda job: (job.requested_at, job.id))]

    def add_job(self, order: Mapping[str, Any]) -> dict[str, Any]:
        """Add a job of another user: cluster, target (default: the same cluster), snapshot_id (default: the newest
        that can be restored), delivery_type, and any of JOB_TRAITS.

        age_seconds: how long ago it was requested; ended_seconds: how long ago it ended.
        Without durations, queued or running last until a change_job; in every other status the job has ended.
        """
        order = dict(order)
        service, world = self._service(), self._service().world
        source = world.find_cluster(order.pop("cluster", None))
        target = world.find_cluster(order.pop("target")) if "target" in order else source
        now = service.now()
        ended_ago = order.pop("ended_seconds", 0)
        requested_at = now - order.pop("age_seconds", ended_ago)
        traits = _course(order.pop("status", None), now - ended_ago - requested_at)
        traits.update(_snapshot_traits(service, source, order.pop("snapshot_id", None)))
        flex = source.cluster.kind == "flex"
        traits["delivery_type"] = order.pop("delivery_type", "RESTORE" if flex else "automated")
        traits.update(_traits(order))
        if traits.get("point_in_time") is not None:
            traits["content"] = content_at(source.cluster, traits["point_in_time"])
        job = world.restore(
            source,
            None if traits["delivery_type"] == "download" else target,
            service.settings,
            requested_at=requested_at,
            requested_by="somebody else",
            **traits,
        )
        return _job_shown(job, now)

    def change_job(self, job_id: str, order: Mapping[str, Any]) -> dict[str, Any]:
        """End a job now (status completed, failed, cancelled or expired), or change any of JOB_TRAITS."""
        job, order, now = self._job(job_id), dict(order), self._service().now()
        status = order.pop("status", None)
        if status is not None and status not in OUTCOMES:
            raise ValueError(f"status must be one of {', '.join(OUTCOMES)}")
        traits = _traits(order)
        if status is not None:
            job.end_now(status, now)
        for trait, value in traits.items():
            setattr(job, trait, value)
        return _job_shown(job, now)

    def remove_job(self, job_id: str) -> dict[str, Any]:
        """Remove a job from every list; its effect on the target remains."""
        job = self._job(job_id)
        for cluster in self._service().world.all_clusters():
            cluster.jobs = [each for each in cluster.jobs if each is not job]
        return _job_shown(job, self._service().now())

    def contents(self) -> dict[str, dict[str, Any]]:
        """The content of each cluster now, by the cluster's name."""
        named = self._service().world.named_clusters()
        return {name: self._content(cluster) for name, cluster in named.items()}

    def write(self, order: Mapping[str, Any]) -> dict[str, Any]:
        """Write text to a cluster; refused while a restore into it runs."""
        order = dict(order)
        _unused, cluster = self._service().world.find_cluster(order.pop("cluster", None))
        text, written_by = order.pop("text", None), order.pop("written_by", "somebody")
        if order or not isinstance(text, str):
            raise ValueError("a write needs text; known: cluster, text, written_by")
        now = self._service().now()
        if cluster.restore_into(now):
            raise ValueError(f"{cluster.name} is unavailable: a restore into it is running")
        cluster.writes.append(Content(text, written_by, now))
        return self._content(cluster)

    def _content(self, cluster: Cluster) -> dict[str, Any]:
        now = self._service().now()
        content = content_at(cluster, now)
        unknown = "restoring" if cluster.restore_into(now) else "unknown"
        return {"state": "known" if content else unknown, **content_shown(content)}

    def _job(self, job_id: str) -> RestoreJob:
        for cluster in self._service().world.all_clusters():
            for job in cluster.jobs:
                if job.id == job_id:
                    return job
        raise ValueError(f"no restore job {job_id!r}")


def content_shown(content: Content | None) -> dict[str, Any]:
    """The content as JSON; every value is null if the content is unknown."""
    if content is None:
        return {"text": None, "written_by": None, "written_at": None}
    return asdict(content) | {"written_at": iso(content.written_at)}


def _course(status: str | None, lasted: float) -> dict[str, Any]:
    """The durations that keep a job in a status, or that end it after this many seconds."""
    if status is None:
        return {}
    if status not in STATUSES:
        raise ValueError(f"status must be one of {', '.join(STATUSES)}")
    if status == "queued":
        return {"queued_seconds": NEVER_ENDS}
    if status == "running":
        return {"queued_seconds": 0.0, "running_seconds": NEVER_ENDS}
    if lasted < 0:
        raise ValueError("ended_seconds must not be more than age_seconds")
    return {"queued_seconds": 0.0, "running_seconds": lasted, "outcome": status}


def _snapshot_traits(service: Service, source: Located, snapshot_id: str | None) -> dict[str, Any]:
    """The fields that a job copies from the snapshot it restores."""
    cluster, now = source.cluster, service.now()
    if cluster.kind == "flex":
        taken = automatic_of(service.settings, cluster, now)
        usable = [(each.id, each.starts_at, each.ends_at) for each in taken if each.status(now) == "COMPLETED"]
    else:
        usable = [(each.id, each.created_at, each.ends_at) for each in cluster.snapshots if _is_usable(each, now)]
    chosen = [each for each in usable if snapshot_id in (None, each[0])]
    if not chosen:
        raise ValueError(f"{cluster.name} has no completed snapshot {snapshot_id or ''}".rstrip())
    found_id, held_at, finished_at = max(chosen, key=lambda each: each[1])
    snapshot = cluster.snapshot(found_id)
    return {
        "snapshot_id": found_id,
        "timestamp": held_at,
        "snapshot_finished_at": finished_at,
        "content": content_at(cluster, held_at),
        "components": tuple(member.replica_set_name for member in snapshot.members) if snapshot else (),
    }


def _is_usable(snapshot: Snapshot, now: float) -> bool:
    return snapshot.is_completed(now) and not snapshot.is_gone(now)


def _traits(order: Mapping[str, Any]) -> dict[str, Any]:
    unknown = sorted(set(order) - set(JOB_TRAITS))
    if unknown:
        raise ValueError(f"a restore job has no {', '.join(unknown)}; known: {', '.join(JOB_TRAITS)}")
    if order.get("outcome", "completed") not in OUTCOMES:
        raise ValueError(f"outcome must be one of {', '.join(OUTCOMES)}")
    return dict(order)


def _job_shown(job: RestoreJob, now: float) -> dict[str, Any]:
    return asdict(job) | {
        "status": job.status(now),
        "content": content_shown(job.content),
        "requestedAt": iso(job.requested_at),
        "endsAt": iso(job.ends_at),
    }
