# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The commands of the control interface for restore jobs and for the contents of clusters."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mongodb_atlas.backup.tests.simulator.control import Control
from ansible_collections.mongodb_atlas.backup.tests.simulator.demo import DRILL_PROJECT_ID
from ansible_collections.mongodb_atlas.backup.tests.simulator.settings import Settings
from ansible_collections.mongodb_atlas.backup.tests.unit.simulator.support import LIFE, START, Clock


@pytest.fixture
def control(clock: Clock) -> Control:
    return Control(clock, Settings(**LIFE))


STATUSES = ["queued", "running", "completed", "failed", "cancelled", "expired"]
NOBODY_KNOWS = {"text": None, "written_by": None, "written_at": None}


@pytest.mark.parametrize("status", STATUSES)
def test_added_job_keeps_its_status(control: Control, clock: Clock, status: str) -> None:
    added = control.restores.add_job({"cluster": "demo-replica", "status": status, "age_seconds": 100})
    assert (added["status"], added["requested_by"], added["target_name"]) == (status, "somebody else", "demo-replica")
    assert int(added["id"][:8], 16) == START - 100
    clock.moment += 3600
    assert control.restores.jobs()[0]["status"] == status


def test_job_without_a_status_runs_to_its_end(control: Control, clock: Clock) -> None:
    control.configure({"restore_queued_seconds": 1, "restore_seconds": 4})
    control.restores.add_job({"cluster": "demo-replica", "age_seconds": 3, "outcome": "failed"})
    assert control.restores.jobs()[0]["status"] == "running"
    clock.moment += 2
    assert control.restores.jobs()[0]["status"] == "failed"


def test_job_has_the_given_start_and_end(control: Control) -> None:
    added = control.restores.add_job(
        {"cluster": "demo-replica", "status": "completed", "age_seconds": 600, "ended_seconds": 100}
    )
    assert (added["requestedAt"], added["endsAt"]) == ("2026-03-01T11:50:00Z", "2026-03-01T11:58:20Z")


def test_job_uses_the_given_snapshot_and_target(control: Control) -> None:
    snapshots = control.snapshots()["demo-sharded"]
    newest = control.restores.add_job({"cluster": "demo-sharded", "target": "drill-sharded"})
    oldest = control.restores.add_job(
        {"cluster": "demo-sharded", "target": "Drill/drill-sharded", "snapshot_id": snapshots[0]["id"]}
    )
    assert (newest["snapshot_id"], oldest["snapshot_id"]) == (snapshots[-1]["id"], snapshots[0]["id"])
    assert newest["components"] == ("config-0", "shard-0", "shard-1")
    assert {newest["target_project_id"], oldest["target_project_id"]} == {"decafbad0000000000000003"}


def test_point_in_time_job_restores_the_content_of_that_time(control: Control, clock: Clock) -> None:
    for text in ("first", "second"):
        control.restores.write({"cluster": "demo-replica", "text": text})
        clock.moment += 60
    order = {"cluster": "demo-replica", "delivery_type": "pointInTime", "point_in_time": int(START) + 30}
    assert control.restores.add_job(order)["content"]["text"] == "first"


def test_flex_job_can_be_added(control: Control) -> None:
    added = control.restores.add_job({"cluster": "demo-flex", "target": "drill-flex", "status": "completed"})
    assert (added["delivery_type"], added["status"]) == ("RESTORE", "completed")


def test_download_has_no_target(control: Control) -> None:
    added = control.restores.add_job({"cluster": "demo-replica", "delivery_type": "download", "status": "completed"})
    assert (added["target_name"], control.restores.contents()["demo-replica"]["state"]) == ("", "known")


@pytest.mark.parametrize("status", ["failed", "cancelled", "expired", "completed"])
def test_running_job_can_be_ended_now(control: Control, clock: Clock, status: str) -> None:
    added = control.restores.add_job({"cluster": "demo-replica", "status": "running"})
    clock.moment += 50
    changed = control.restores.change_job(added["id"], {"status": status})
    assert (changed["status"], changed["endsAt"]) == (status, "2026-03-01T12:00:50Z")
    held = control.restores.contents()["demo-replica"]
    assert held["state"] == ("known" if status == "completed" else "unknown")


@pytest.mark.parametrize("status", ["failed", "cancelled"])
def test_job_ended_while_queued_leaves_the_target_unchanged(control: Control, clock: Clock, status: str) -> None:
    control.restores.write({"cluster": "demo-replica", "text": "still here"})
    added = control.restores.add_job({"cluster": "demo-replica", "status": "queued"})
    clock.moment += 50
    assert control.restores.change_job(added["id"], {"status": status})["status"] == status
    clock.moment += 50
    assert control.restores.contents()["demo-replica"]["text"] == "still here"


def test_durations_of_a_job_can_be_changed(control: Control, clock: Clock) -> None:
    added = control.restores.add_job({"cluster": "demo-replica", "status": "running"})
    control.restores.change_job(added["id"], {"running_seconds": 10, "outcome": "failed"})
    clock.moment += 10
    assert control.restores.jobs()[0]["status"] == "failed"


def test_removed_job_is_in_no_list_but_its_effect_remains(control: Control) -> None:
    added = control.restores.add_job({"cluster": "demo-replica", "status": "failed"})
    control.restores.remove_job(added["id"])
    assert control.restores.jobs() == []
    assert control.restores.contents()["demo-replica"]["state"] == "unknown"
    with pytest.raises(ValueError, match="no restore job"):
        control.restores.remove_job(added["id"])


def test_moving_the_clock_moves_contents_along(control: Control) -> None:
    order = {"cluster": "demo-replica", "status": "running", "running_seconds": 60}
    added = control.restores.add_job(order)
    control.restores.remove_job(added["id"])
    control.restores.write({"cluster": "demo-geo", "text": "x"})
    before = [control.restores.contents()[name]["state"] for name in ("demo-replica", "demo-geo")]
    control.configure({"clock_offset_seconds": 500})
    assert [control.restores.contents()[name]["state"] for name in ("demo-replica", "demo-geo")] == before
    assert control.restores.contents()["demo-geo"]["written_at"] == "2026-03-01T12:08:20Z"


def test_moving_the_clock_moves_the_content_of_a_job_along(control: Control) -> None:
    control.restores.add_job({"cluster": "demo-replica", "status": "completed"})
    before = control.restores.contents()["demo-replica"]["written_at"]
    control.configure({"clock_offset_seconds": 86400})
    after = control.restores.contents()["demo-replica"]["written_at"]
    assert (before, after) == ("2026-01-30T12:00:00Z", "2026-01-31T12:00:00Z")


def test_every_cluster_has_content_from_the_start(control: Control) -> None:
    contents = control.restores.contents()
    assert {"demo-replica", "demo-flex", "other-replica", "drill-replica"} < set(contents)
    assert {each["state"] for each in contents.values()} == {"known"}
    assert len({each["text"] for each in contents.values()}) == len(contents)


def test_clusters_of_the_same_name_are_named_with_their_project(control: Control) -> None:
    control.add_clusters({"name": "demo-replica", "project": "Drill"})
    control.restores.write({"cluster": "Drill/demo-replica", "text": "x"})
    job = control.restores.add_job({"cluster": "demo-replica", "target": "Drill/demo-replica", "status": "failed"})
    assert job["target_project_id"] == DRILL_PROJECT_ID
    contents = control.restores.contents()
    assert (contents["demo-replica"]["state"], contents["Drill/demo-replica"]["state"]) == ("known", "unknown")
    assert (len(control.snapshots()["demo-replica"]), control.snapshots()["Drill/demo-replica"]) == (9, [])


def test_written_text_is_the_content(control: Control) -> None:
    written = control.restores.write({"cluster": "demo-replica", "text": "broken", "written_by": "deploy"})
    assert written == {
        "state": "known",
        "text": "broken",
        "written_by": "deploy",
        "written_at": "2026-03-01T12:00:00Z",
    }
    assert control.restores.contents()["demo-replica"] == written


def test_write_during_a_restore_is_refused(control: Control) -> None:
    control.restores.add_job({"cluster": "demo-replica", "status": "running"})
    assert control.restores.contents()["demo-replica"] == {"state": "restoring", **NOBODY_KNOWS}
    with pytest.raises(ValueError, match="unavailable"):
        control.restores.write({"cluster": "demo-replica", "text": "x"})


def test_reset_removes_jobs_and_contents(control: Control) -> None:
    control.restores.add_job({"cluster": "demo-replica", "status": "completed"})
    control.restores.write({"cluster": "demo-replica", "text": "x"})
    control.reset({})
    assert control.restores.jobs() == []
    assert control.restores.contents()["demo-replica"]["text"] != "x"


@pytest.mark.parametrize(
    ("order", "complaint"),
    [
        ({"cluster": "nosuch"}, "no cluster 'nosuch'"),
        ({"cluster": "demo-replica", "target": "nosuch"}, "no cluster 'nosuch'"),
        ({"cluster": "demo-replica", "snapshot_id": "0" * 24}, "no completed snapshot 0"),
        ({"cluster": "drill-replica"}, "no completed snapshot"),
        ({"cluster": "demo-replica", "status": "thawing"}, "status must be"),
        ({"cluster": "demo-replica", "speed": 1}, "a restore job has no speed"),
        ({"cluster": "demo-replica", "outcome": "lost"}, "outcome must be"),
        ({"cluster": "demo-replica", "status": "failed", "age_seconds": 1, "ended_seconds": 2}, "ended_seconds"),
    ],
)
def test_invalid_jobs_are_refused(control: Control, order: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        control.restores.add_job(order)
    assert control.restores.jobs() == []


@pytest.mark.parametrize("order", [{}, {"text": 5}, {"text": "x", "speed": 1}])
def test_invalid_writes_are_refused(control: Control, order: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="a write needs text"):
        control.restores.write({"cluster": "demo-replica", **order})


def test_change_to_an_unfinished_status_is_refused(control: Control) -> None:
    added = control.restores.add_job({"cluster": "demo-replica", "status": "running"})
    with pytest.raises(ValueError, match="status must be"):
        control.restores.change_job(added["id"], {"status": "queued"})
