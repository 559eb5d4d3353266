# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The demo world of the command line, and the small one for tests in the same process."""

from __future__ import annotations

from typing import Any

from .clusters import Cluster, Project
from .ids import derived_id
from .settings import Settings
from .times import DAY
from .world import World

DEMO_PROJECT_ID = "decafbad0000000000000001"
OTHER_PROJECT_ID = "decafbad0000000000000002"
DRILL_PROJECT_ID = "decafbad0000000000000003"

DEMO_CLUSTERS: dict[str, dict[str, Any]] = {
    "demo-replica": {"pit_enabled": True, "tags": {"environment": "production", "team": "shop"}},
    "demo-sharded": {"topology": "SHARDED", "instance_size": "M30", "tags": {"environment": "production"}},
    "demo-geo": {"topology": "GEOSHARDED", "instance_size": "M30", "tags": {"environment": "staging"}},
    "demo-flex": {"instance_size": "FLEX", "tags": {"environment": "production"}},
    "demo-m0": {"instance_size": "M0", "tags": {"environment": "development"}},
    "demo-m2": {"instance_size": "M2"},
    "demo-m5": {"instance_size": "M5"},
    "demo-paused": {"paused": True},
    "demo-nobackup": {"backup_enabled": False},
    "demo-deleted": {"deleted": True},
}
# Targets for restores from Demo, without snapshots of their own; some of them accept no snapshot of Demo.
DRILL_CLUSTERS: dict[str, dict[str, Any]] = {
    "drill-replica": {},
    "drill-older": {"mongodb_version": "7.0.24"},
    "drill-paused": {"paused": True},
    "drill-sharded": {"topology": "SHARDED", "instance_size": "M30"},
    "drill-three-shards": {"topology": "SHARDED", "instance_size": "M30", "shards": 3},
    "drill-config-servers": {"topology": "SHARDED", "instance_size": "M30", "config_server_type": "DEDICATED"},
    "drill-flex": {"instance_size": "FLEX"},
}


def demo_world(settings: Settings, now: float) -> World:
    """Project Demo with one cluster of each kind and history, Other for outsiders, and Drill with restore targets."""
    world = World(settings.seed)
    demo = world.add_project("Demo", now, DEMO_PROJECT_ID)
    for name, traits in DEMO_CLUSTERS.items():
        cluster = world.add_cluster(demo, name, now, **traits)
        if cluster.kind == "dedicated" and cluster.backup_enabled:
            add_history(world, cluster, settings, now)
    other = world.add_project("Other", now, OTHER_PROJECT_ID)
    world.add_cluster(other, "other-replica", now)
    world.outsiders_in.add(other.id)
    drill = world.add_project("Drill", now, DRILL_PROJECT_ID)
    for name, traits in DRILL_CLUSTERS.items():
        world.add_cluster(drill, name, now, **traits)
    return world


def single_world(settings: Settings, now: float, **traits: Any) -> tuple[World, Project, Cluster]:
    """Project Demo with the cluster demo-replica only, without history: cheap enough for thousands of runs."""
    world = World(settings.seed)
    project = world.add_project("Demo", now, DEMO_PROJECT_ID)
    return world, project, world.add_cluster(project, "demo-replica", now, **traits)


def add_history(world: World, cluster: Cluster, settings: Settings, now: float) -> None:
    """Add a scheduled snapshot for each past day, and two on-demand ones, all completed."""
    policy_item = derived_id(cluster.created_at, cluster.id, "policy")
    for day in range(settings.history_days, 0, -1):
        finished: dict[str, Any] = {"queued_seconds": 10, "in_progress_seconds": 150, "outcome": "completed"}
        world.take(
            cluster,
            settings,
            now,
            taken_at=now - day * DAY,
            snapshot_type="scheduled",
            frequency_type="daily",
            policy_items=(policy_item,),
            retention_days=settings.history_days + 1,
            taken_by="schedule",
            **finished,
        )
        if day in (2, 5):
            world.take(
                cluster,
                settings,
                now,
                taken_at=now - day * DAY + 3600,
                description=f"Before the release {day} days ago",
                retention_days=30,
                taken_by="somebody else",
                **finished,
            )
