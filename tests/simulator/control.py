# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The commands of the control interface, as plain functions from JSON to JSON; server.py assigns their URLs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields, replace
from typing import Any

from .clusters import Cluster
from .content import content_at
from .control_restores import NEVER_ENDS, RestoreControl, content_shown
from .demo import add_history, demo_world
from .service import Service
from .settings import Settings
from .snapshots import Snapshot
from .times import Clock, iso
from .world import remove_snapshot, replace_snapshot

SNAPSHOT_TRAITS = (
    "queued_seconds",
    "in_progress_seconds",
    "retention_days",
    "outcome",
    "description",
    "snapshot_type",
    "frequency_type",
    "copy_regions",
    "storage_size_bytes",
    "mongodb_version",
)


class Control:
    """Holds the running service; a reset replaces it."""

    def __init__(self, clock: Clock, settings: Settings | None = None) -> None:
        settings = settings or Settings()
        self._clock = clock
        self._first_settings = settings
        self.service = self._fresh(settings)
        self.restores = RestoreControl(lambda: self.service)

    def reset(self, changes: Mapping[str, Any]) -> dict[str, Any]:
        """Start again with the initial settings and these changes; the log and the faults are cleared."""
        self.service = self._fresh(self._first_settings.changed(changes))
        return self.settings()

    def settings(self) -> dict[str, Any]:
        return asdict(self.service.settings)

    def configure(self, changes: Mapping[str, Any]) -> dict[str, Any]:
        self.service.configure(changes)
        return self.settings()

    def faults(self) -> list[dict[str, Any]]:
        return [fault.document() for fault in self.service.faults.faults]

    def add_faults(self, orders: Any) -> list[dict[str, Any]]:
        """One order or a list of them."""
        orders = orders if isinstance(orders, list) else [orders]
        return [self.service.faults.add(order).document() for order in orders]

    def snapshots(self) -> dict[str, list[dict[str, Any]]]:
        """Every snapshot of each dedicated cluster by the cluster's name, oldest first, with the user who took it."""
        now = self.service.now()
        return {
            name: [
                _snapshot_shown(snapshot, cluster, now)
                for snapshot in sorted(cluster.snapshots, key=lambda each: each.id)
            ]
            for name, cluster in self.service.world.named_clusters().items()
            if cluster.kind == "dedicated"
        }

    def add_snapshot(self, order: Mapping[str, Any]) -> dict[str, Any]:
        """Add a snapshot of another user: cluster, age_seconds, status, and any of SNAPSHOT_TRAITS.

        Without durations, queued or inProgress last until a change_snapshot; completed and failed ones have ended.
        """
        order = dict(order)
        _unused, cluster = self.service.world.find_cluster(order.pop("cluster", None))
        now = self.service.now()
        traits: dict[str, Any] = {"taken_at": now - order.pop("age_seconds", 0), "taken_by": "somebody else"}
        if order.get("snapshot_type") == "scheduled":
            traits.update(frequency_type="daily", taken_by="schedule")
        traits.update(_course(order.pop("status", None)))
        traits.update(_traits(order))
        snapshot = self.service.world.take(cluster, self.service.settings, now, **traits)
        return _snapshot_shown(snapshot, cluster, now)

    def change_snapshot(self, snapshot_id: str, order: Mapping[str, Any]) -> dict[str, Any]:
        """Change a snapshot: its status (as in add_snapshot) or any of SNAPSHOT_TRAITS."""
        cluster, snapshot = self._snapshot(snapshot_id)
        order = dict(order)
        now = self.service.now()
        changes = _course(order.pop("status", None))
        if changes.get("in_progress_seconds") == 0:
            changes["queued_seconds"] = max(now - snapshot.taken_at, 0)
        changes.update(_traits(order))
        snapshot = replace(snapshot, **changes)
        replace_snapshot(cluster, snapshot)
        return _snapshot_shown(snapshot, cluster, now)

    def remove_snapshot(self, snapshot_id: str) -> dict[str, Any]:
        """Remove a snapshot in any state, as if another user had deleted it."""
        cluster, snapshot = self._snapshot(snapshot_id)
        remove_snapshot(cluster, snapshot.id)
        return _snapshot_shown(snapshot, cluster, self.service.now())

    def add_clusters(self, order: Mapping[str, Any]) -> list[str]:
        """Add count clusters named name-1, name-2 ... (or one cluster called name), with any fields of Cluster.

        project: the project's name (default: Demo); history: true adds past snapshots to dedicated clusters.
        """
        order = dict(order)
        project = self.service.world.find_project(order.pop("project", "Demo"))
        name, count = order.pop("name", "fleet"), order.pop("count", None)
        history = order.pop("history", False)
        names = [name] if count is None else [f"{name}-{number}" for number in range(1, count + 1)]
        for each in names:
            cluster = self.service.world.add_cluster(project, each, self.service.now(), **order)
            if history and cluster.kind == "dedicated":
                add_history(self.service.world, cluster, self.service.settings, self.service.now())
        return names

    def change_cluster(self, name: str, order: Mapping[str, Any]) -> dict[str, Any]:
        """Change properties of a cluster, such as paused, deleted or tags."""
        _unused, cluster = self.service.world.find_cluster(name)
        unknown = sorted(set(order) - set(_cluster_shown(cluster)))
        if unknown:
            raise ValueError(f"a cluster has no {', '.join(unknown)}")
        for trait, value in order.items():
            setattr(cluster, trait, value)
        return _cluster_shown(cluster)

    def _fresh(self, settings: Settings) -> Service:
        now = self._clock() + settings.clock_offset_seconds
        return Service(demo_world(settings, now), self._clock, settings)

    def _snapshot(self, snapshot_id: str) -> tuple[Cluster, Snapshot]:
        for cluster in self.service.world.all_clusters():
            for snapshot in cluster.snapshots:
                if snapshot.id == snapshot_id:
                    return cluster, snapshot
        raise ValueError(f"no snapshot {snapshot_id!r}")


def _course(status: str | None) -> dict[str, Any]:
    """The durations that keep a snapshot in a status."""
    courses: dict[str | None, dict[str, Any]] = {
        None: {},
        "queued": {"queued_seconds": NEVER_ENDS},
        "inProgress": {"queued_seconds": 0, "in_progress_seconds": NEVER_ENDS},
        "completed": {"queued_seconds": 0, "in_progress_seconds": 0, "outcome": "completed"},
        "failed": {"queued_seconds": 0, "in_progress_seconds": 0, "outcome": "failed"},
    }
    if status not in courses:
        raise ValueError("status must be queued, inProgress, completed or failed")
    return courses[status]


def _traits(order: Mapping[str, Any]) -> dict[str, Any]:
    unknown = sorted(set(order) - set(SNAPSHOT_TRAITS))
    if unknown:
        raise ValueError(f"a snapshot has no {', '.join(unknown)}; known: {', '.join(SNAPSHOT_TRAITS)}")
    return dict(order)


def _snapshot_shown(snapshot: Snapshot, cluster: Cluster, now: float) -> dict[str, Any]:
    document = asdict(snapshot)
    document.update(
        status=snapshot.status(now),
        takenAt=iso(snapshot.taken_at),
        endsAt=iso(snapshot.ends_at),
        expiresAt=iso(snapshot.expiry(now)),
        gone=snapshot.is_gone(now),
        content=content_shown(content_at(cluster, snapshot.created_at)) if snapshot.is_completed(now) else None,
    )
    return document


def _cluster_shown(cluster: Cluster) -> dict[str, Any]:
    """The properties of a cluster; its snapshots, jobs and contents have commands of their own."""
    kept = ("snapshots", "deleted_snapshots", "jobs", "restores", "writes")
    return {each.name: getattr(cluster, each.name) for each in fields(cluster) if each.name not in kept}
