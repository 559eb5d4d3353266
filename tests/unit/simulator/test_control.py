# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The commands of the control interface."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.mongodb_atlas.backup.tests.simulator.control import Control
from ansible_collections.mongodb_atlas.backup.tests.simulator.demo import DEMO_CLUSTERS, DRILL_CLUSTERS, single_world
from ansible_collections.mongodb_atlas.backup.tests.simulator.messages import Request
from ansible_collections.mongodb_atlas.backup.tests.simulator.service import Service
from ansible_collections.mongodb_atlas.backup.tests.simulator.settings import Settings
from ansible_collections.mongodb_atlas.backup.tests.unit.simulator.support import LIFE, START, Clock

ALL = DEMO_CLUSTERS | DRILL_CLUSTERS


@pytest.fixture
def control(clock: Clock) -> Control:
    return Control(clock, Settings(**LIFE, history_days=0))


def test_list_shows_every_snapshot_and_its_taker(control: Control) -> None:
    control.reset({"history_days": 7})
    shown = control.snapshots()
    dedicated = [name for name, each in ALL.items() if each.get("instance_size", "M10") in ("M10", "M30")]
    assert set(shown) == {*dedicated, "other-replica"}
    assert {each["taken_by"] for each in shown["demo-replica"]} == {"schedule", "somebody else"}


@pytest.mark.parametrize("status", ["queued", "inProgress", "completed", "failed"])
def test_added_snapshot_keeps_its_status(control: Control, clock: Clock, status: str) -> None:
    added = control.add_snapshot(
        {"cluster": "demo-replica", "status": status, "age_seconds": 100, "description": "other"}
    )
    assert (added["status"], added["taken_by"], added["description"]) == (status, "somebody else", "other")
    assert int(added["id"][:8], 16) == START - 100
    clock.moment += 3600
    assert control.snapshots()["demo-replica"][0]["status"] == status


def test_added_snapshot_with_durations_ends(control: Control, clock: Clock) -> None:
    control.add_snapshot({"cluster": "demo-replica", "status": "inProgress", "in_progress_seconds": 9})
    clock.moment += 8.9
    assert control.snapshots()["demo-replica"][0]["status"] == "inProgress"
    clock.moment += 0.1
    assert control.snapshots()["demo-replica"][0]["status"] == "completed"


def test_scheduled_snapshot_can_be_added(control: Control) -> None:
    added = control.add_snapshot({"cluster": "demo-replica", "snapshot_type": "scheduled"})
    assert (added["snapshot_type"], added["frequency_type"], added["taken_by"]) == ("scheduled", "daily", "schedule")


def test_running_snapshot_can_be_ended(control: Control, clock: Clock) -> None:
    added = control.add_snapshot({"cluster": "demo-replica", "status": "queued"})
    clock.moment += 50
    changed = control.change_snapshot(added["id"], {"status": "failed"})
    assert changed["status"] == "failed"
    assert changed["endsAt"] == "2026-03-01T12:00:50Z"


def test_snapshot_in_any_state_can_be_removed(control: Control) -> None:
    added = control.add_snapshot({"cluster": "demo-replica", "status": "queued"})
    control.remove_snapshot(added["id"])
    assert control.snapshots()["demo-replica"] == []
    with pytest.raises(ValueError, match="no snapshot"):
        control.remove_snapshot(added["id"])


def test_retention_of_part_of_a_day_expires_early(control: Control, clock: Clock) -> None:
    control.add_snapshot({"cluster": "demo-replica", "status": "completed", "retention_days": 10 / 86400})
    clock.moment += 9
    assert control.snapshots()["demo-replica"][0]["gone"] is False
    clock.moment += 1
    assert control.snapshots()["demo-replica"][0]["gone"] is True


def test_fleet_of_clusters_can_be_added(control: Control) -> None:
    assert control.add_clusters({"name": "fleet", "count": 3, "tags": {"fleet": "yes"}}) == [
        "fleet-1",
        "fleet-2",
        "fleet-3",
    ]
    assert control.add_clusters({"name": "big", "topology": "SHARDED", "instance_size": "M30"}) == ["big"]
    assert control.add_clusters({"name": "elsewhere", "project": "Other", "history": True}) == ["elsewhere"]
    assert control.snapshots()["elsewhere"] == []
    with pytest.raises(ValueError, match="exists already"):
        control.add_clusters({"name": "big"})


def test_cluster_with_history_has_past_snapshots(control: Control) -> None:
    control.configure({"history_days": 3})
    control.add_clusters({"name": "old", "history": True})
    assert len(control.snapshots()["old"]) == 4


def test_cluster_properties_can_be_changed(control: Control) -> None:
    assert control.change_cluster("demo-replica", {"paused": True})["paused"] is True
    assert control.change_cluster("demo-replica", {"deleted": True})["deleted"] is True


def test_durations_may_be_integers_or_floats(control: Control) -> None:
    control.configure({"queued_seconds": 50})
    assert control.configure({"queued_seconds": 1.5})["queued_seconds"] == 1.5


def test_settings_can_be_changed_and_reset(control: Control) -> None:
    assert control.configure({"queued_seconds": 50.0})["queued_seconds"] == 50
    control.add_faults([{"kind": "drop"}, {"kind": "cut"}])
    assert [each["kind"] for each in control.faults()] == ["drop", "cut"]
    assert control.reset({"seed": 5})["queued_seconds"] == LIFE["queued_seconds"]
    assert control.settings()["seed"] == 5
    assert control.faults() == []


SETTINGS, SNAPSHOTS, CLUSTERS = Control.configure, Control.add_snapshot, Control.add_clusters


@pytest.mark.parametrize(
    ("command", "order", "complaint"),
    [
        (SETTINGS, {"nonsense": 1}, "unknown setting 'nonsense'"),
        (SETTINGS, {"seed": "x"}, "seed must be of type int"),
        (SETTINGS, {"seed": True}, "seed must be of type int"),
        (SETTINGS, {"nonce_per_connection": 1}, "must be of type bool"),
        (SETTINGS, {"queued_seconds": "x"}, "must be of type float"),
        (SETTINGS, {"outcome": "lost"}, "outcome must be one of completed, failed"),
        (SETTINGS, {"retired": "tenant"}, "retired must be a list"),
        (SETTINGS, {"clusters": {"x": {"speed": 1}}}, "unknown in clusters: speed"),
        (SETTINGS, {"compliance": {"x": {"days": 1}}}, "unknown in compliance: days"),
        (SETTINGS, {"compliance": {"x": {"state": "ASLEEP"}}}, "state must be one of"),
        (SETTINGS, {"clusters": {"x": {"restore_outcome": "lost"}}}, "restore_outcome must be one of"),
        (SETTINGS, {"pit_job_shows": ["everything"]}, "pit_job_shows must hold words of"),
        (SETTINGS, {"compliance": [1]}, "compliance must map"),
        (SNAPSHOTS, {"cluster": "nosuch"}, "no cluster 'nosuch'"),
        (SNAPSHOTS, {"cluster": "demo-replica", "status": "thawing"}, "status must be"),
        (SNAPSHOTS, {"cluster": "demo-replica", "speed": 1}, "a snapshot has no speed"),
        (CLUSTERS, {"project": "nosuch"}, "no project"),
        (CLUSTERS, {"speed": 1}, "no such property"),
        (CLUSTERS, {"topology": "RING"}, "topology must be"),
        (CLUSTERS, {"state": "GONE"}, "state must be"),
        (CLUSTERS, {"instance_size": "FLEX", "topology": "SHARDED"}, "always a REPLICASET"),
    ],
)
def test_invalid_order_is_refused(
    control: Control, command: Callable[..., Any], order: dict[str, Any], complaint: str
) -> None:
    with pytest.raises(ValueError, match=complaint):
        command(control, order)


def test_unknown_cluster_property_is_refused(control: Control) -> None:
    with pytest.raises(ValueError, match="a cluster has no speed"):
        control.change_cluster("demo-replica", {"speed": 1})


def test_single_world_is_enough_for_a_client() -> None:
    settings = Settings()
    world, project, cluster = single_world(settings, START, topology="SHARDED")
    service = Service(world, lambda: START, settings)
    headers = {
        "Authorization": "Bearer not-a-real-access-token-owner",
        "Accept": "application/vnd.atlas.2023-01-01+json",
    }
    path = f"/api/atlas/v2/groups/{project.id}/clusters/{cluster.name}/backup/snapshots/shardedClusters"
    assert service.handle(Request("GET", path, headers)).json()["results"] == []
