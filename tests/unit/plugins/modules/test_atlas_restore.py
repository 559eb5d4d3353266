# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from ansible_collections.mongodb_atlas.backup.plugins.modules import atlas_snapshot_info
from ansible_collections.mongodb_atlas.backup.plugins.modules.atlas_restore import main
from ansible_collections.mongodb_atlas.backup.tests.simulator.content import content_at
from ansible_collections.mongodb_atlas.backup.tests.simulator.restores import RestoreJob
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.answers import ok, page, token
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.atlas import PROJECT, snapshot
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.restores import (
    CLUSTERS,
    OTHER_PROJECT,
    SNAPSHOT,
    job,
    jobs_path,
    target_document,
)
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.run_module import Call
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.script import GET, POST, Script, look
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.simulated import SimulatedAtlas
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.times import iso


def world(**settings: Any) -> SimulatedAtlas:
    return SimulatedAtlas(CLUSTERS, **{"restore_queued_seconds": 5.0, "restore_seconds": 55.0, **settings})


def taken(atlas: SimulatedAtlas, name: str = "prod", ago: float = 3600.0) -> str:
    return atlas.has(name, taken_at=-ago).id


def somebody_elses(atlas: SimulatedAtlas, of: str, into: str, *, ago: float = 60.0, **traits: Any) -> RestoreJob:
    """Add a restore of another user; it runs for a day unless traits say otherwise."""
    world, snapshot = atlas.service.world, atlas.cluster(of).snapshots[-1]
    known = {
        "requested_at": atlas.now() - ago,
        "delivery_type": "automated",
        "snapshot_id": snapshot.id,
        "timestamp": snapshot.created_at,
        "content": content_at(atlas.cluster(of), snapshot.created_at),
        "running_seconds": 86400.0,
        **traits,
    }
    return world.restore(world.find_cluster(of), world.find_cluster(into), atlas.service.settings, **known)


def data_in(atlas: SimulatedAtlas, name: str = "staging") -> str | None:
    content = content_at(atlas.cluster(name), atlas.now())
    return content.text if content else None


def atlas_flex_snapshot(call: Call, atlas: SimulatedAtlas) -> str:
    """The id of the newest automatic snapshot of the flex cluster."""
    found = call(atlas_snapshot_info.main, atlas, cluster_name=["flex"], latest=True, status=["completed"])
    return str(found["snapshots"][0]["id"])


def restore(call: Call, atlas: SimulatedAtlas, snapshot_id: str | None = None, **options: Any) -> dict[str, Any]:
    given = {"cluster_name": "prod", "snapshot_id": snapshot_id, "target_cluster_name": "staging", **options}
    return call(main, atlas, **given)


def steps(atlas: SimulatedAtlas) -> Counter[str]:
    return Counter(entry.step for entry in atlas.service.journal.entries)


def test_data_is_restored_when_the_task_ends(call: Call) -> None:
    atlas = world()
    result = restore(call, atlas, taken(atlas))

    assert result["changed"]
    assert not result["reused"]
    assert result["restore"] == result["restores"][0]
    record = result["restore"]
    assert (record["status"], record["target_state"], record["reused"]) == ("completed", "IDLE", False)
    assert (record["cluster_name"], record["target_cluster_name"]) == ("prod", "staging")
    assert data_in(atlas) == "prod as it was created"


def test_restore_without_wait_needs_five_requests(call: Call) -> None:
    record = {**job(), "finishedAt": None}
    script = Script(
        POST("/api/oauth/token", token()),
        look(SNAPSHOT, ok(snapshot("completed", at=-3600, number=7))),
        GET(f"{jobs_path(rest='?pageNum=1&itemsPerPage=500')}", page()),
        GET(jobs_path().rpartition("/clusters/")[0] + "/clusters/staging", ok(target_document())),
        POST(jobs_path(), ok(record)),
    )
    result = call(
        main,
        script,
        access_token=None,
        client_id="some-account",
        client_secret="the-account-secret",
        cluster_name="prod",
        snapshot_id=SNAPSHOT,
        target_cluster_name="staging",
        wait=False,
    )

    assert result["restore"]["status"] == "inProgress"
    assert result["restore"]["target_state"] is None


def test_sharded_and_flex_clusters_are_restored_at_the_same_time(call: Call) -> None:
    atlas = world()
    flex = atlas_flex_snapshot(call, atlas)
    asked = [
        {"cluster_name": "sharded", "snapshot_id": taken(atlas, "sharded"), "target_cluster_name": "sharded"},
        {"cluster_name": "flex", "snapshot_id": flex, "target_cluster_name": "spare-flex"},
        {"cluster_name": "prod", "snapshot_id": taken(atlas), "target_cluster_name": "staging"},
    ]
    result = call(main, atlas, restores=asked)

    assert [each["target_cluster_name"] for each in result["restores"]] == ["sharded", "spare-flex", "staging"]
    assert {each["status"] for each in result["restores"]} == {"completed"}
    assert result["restores"][1]["cluster_type"] == "flex"
    assert result["restores"][1]["snapshot_created_at"] is not None
    assert "restore" not in result
    assert call.seconds < 90  # type: ignore[attr-defined]  # Call remembers it


def test_point_in_time_is_restored(call: Call) -> None:
    atlas = world()
    taken(atlas, ago=7200)
    result = restore(call, atlas, point_in_time=iso(-600).replace("T", " ").replace("Z", "+00:00"))

    assert result["restore"]["delivery_type"] == "pointInTime"
    assert result["restore"]["point_in_time"] == iso(-600)


@pytest.mark.parametrize("by", [{"target_project_id": OTHER_PROJECT}, {"target_project_name": "Drill"}])
def test_target_project_may_be_given_by_id_or_name(call: Call, by: dict[str, str]) -> None:
    atlas = world()
    drill = atlas.service.world.add_project("Drill", atlas.now(), OTHER_PROJECT)
    atlas.service.world.add_cluster(drill, "staging", atlas.now())
    result = restore(call, atlas, taken(atlas), **by)

    assert result["restore"]["target_project_id"] == OTHER_PROJECT
    assert data_in(atlas) == "staging as it was created"


def test_each_restore_may_have_its_own_project(call: Call) -> None:
    atlas = world()
    drill = atlas.service.world.add_project("Drill", atlas.now(), OTHER_PROJECT)
    cluster = atlas.service.world.add_cluster(drill, "shop", atlas.now())
    snapshot = atlas.service.world.take(cluster, atlas.service.settings, atlas.now(), taken_at=atlas.now() - 3600)
    asked = [
        {
            "project_id": OTHER_PROJECT.upper(),
            "cluster_name": "shop",
            "snapshot_id": snapshot.id.upper(),
            "target_cluster_name": "shop",
        },
    ]
    result = call(main, atlas, project_id=None, restores=asked)

    assert result["restore"]["project_id"] == result["restore"]["target_project_id"] == OTHER_PROJECT


def test_second_run_is_refused_without_max_age(call: Call) -> None:
    atlas = world()
    snapshot_id = taken(atlas)
    first = restore(call, atlas, snapshot_id)
    second = restore(call, atlas, snapshot_id)

    assert second["failed"]
    assert not second["changed"]
    assert first["restore"]["id"] in second["msg"]
    assert "max_age=0" in second["msg"]
    assert "The target has the restored data." in second["msg"]
    assert steps(atlas)["restore"] == 1


@pytest.mark.parametrize(("max_age", "posts"), [(3600, 1), (0, 2)])
def test_max_age_decides_whether_the_restore_is_repeated(call: Call, max_age: float, posts: int) -> None:
    atlas = world()
    snapshot_id = taken(atlas)
    first = restore(call, atlas, snapshot_id)
    second = restore(call, atlas, snapshot_id, max_age=max_age)

    assert steps(atlas)["restore"] == posts
    assert second["reused"] is (posts == 1)
    assert second["changed"] is (posts == 2)
    assert (second["restore"]["id"] == first["restore"]["id"]) is (posts == 1)
    assert second["restore"]["target_state"] == "IDLE"


@pytest.mark.parametrize("max_age", [None, 0])
def test_running_restore_is_adopted_and_waited_for(call: Call, max_age: float | None) -> None:
    atlas = world()
    snapshot_id = taken(atlas)
    started = restore(call, atlas, snapshot_id, wait=False)
    result = restore(call, atlas, snapshot_id, max_age=max_age)

    assert result["restore"]["id"] == started["restore"]["id"]
    assert result["restore"]["status"] == "completed"
    assert result["reused"]
    assert not result["changed"]
    assert steps(atlas)["restore"] == 1


def test_failed_restore_is_repeated_without_confirmation(call: Call) -> None:
    atlas = world(restore_outcome="failed")
    snapshot_id = taken(atlas)
    restore(call, atlas, snapshot_id)
    atlas.service.configure({"restore_outcome": "completed"})
    result = restore(call, atlas, snapshot_id)

    assert result["changed"]
    assert data_in(atlas) == "prod as it was created"


@pytest.mark.parametrize("outcome", ["failed", "cancelled", "expired"])
def test_failed_job_is_reported_with_all_details(call: Call, outcome: str) -> None:
    atlas = world(restore_outcome=outcome)
    snapshot_id = taken(atlas)
    result = restore(call, atlas, snapshot_id)

    assert result["failed"]
    assert result["changed"]
    job_id = atlas.cluster().jobs[0].id
    (error,) = result["errors"]
    for part in (
        snapshot_id,
        "cluster prod",
        "cluster staging",
        job_id,
        outcome,
        "It is unknown which data the target has now.",
    ):
        assert part in error["msg"]
    assert error["restore"]["id"] == job_id
    assert error["restore"]["status"] == outcome
    assert error["cluster_name"] == "prod"
    assert result["restores"] == []


def test_every_problem_is_reported_at_once_and_nothing_is_started(call: Call) -> None:
    atlas = world()
    atlas.cluster("staging").paused = True
    asked = [
        {"cluster_name": "prod", "snapshot_id": "a" * 24, "target_cluster_name": "staging"},
        {"cluster_name": "prod", "snapshot_id": taken(atlas), "target_cluster_name": "stagnig"},
        {"cluster_name": "sharded", "snapshot_id": taken(atlas, "sharded"), "target_cluster_name": "sharded"},
        {
            "cluster_name": "prod",
            "snapshot_id": taken(atlas),
            "target_cluster_name": "x",
            "target_project_name": "nosuch",
        },
    ]
    result = call(main, atlas, restores=asked)

    said = [error["msg"] for error in result["errors"]]
    assert len(said) == 4
    assert any("does not exist; it may have been deleted" in each and "Restore snapshot" in each for each in said)
    assert any("is paused" in each for each in said)
    assert any("stagnig" in each and "staging" in each for each in said)
    assert any("nosuch" in each for each in said)
    assert all(each in result["msg"] for each in said)
    assert not result["changed"]
    assert result["restores"] == []
    assert steps(atlas)["restore"] == 0


def test_refused_restore_keeps_the_old_data_and_the_message_names_it(call: Call) -> None:
    atlas = world(closed_targets=["Shop"])
    result = restore(call, atlas, taken(atlas))

    assert result["errors"][0]["error_code"] == "CANNOT_RESTORE_TO_TARGET"
    assert "The target still has its old data." in result["msg"]
    assert not result["changed"]
    assert data_in(atlas) == "staging as it was created"


def test_restore_of_another_user_into_the_target_is_never_waited_for(call: Call) -> None:
    atlas = world()
    other = somebody_elses(atlas, "prod", "staging", snapshot_id="b" * 24) if taken(atlas) else None
    assert other
    result = restore(call, atlas, taken(atlas))

    assert other.id in result["msg"]
    assert result["errors"][0]["restore"]["id"] == other.id
    assert call.seconds < 5  # type: ignore[attr-defined]  # Call remembers it
    assert steps(atlas)["restore"] == 0


def test_restore_of_another_source_is_refused_by_atlas(call: Call) -> None:
    atlas = world()
    taken(atlas, "sharded")
    somebody_elses(atlas, "sharded", "staging")
    result = restore(call, atlas, taken(atlas))

    assert result["errors"][0]["error_code"] == "CLUSTER_RESTORE_IN_PROGRESS_CANNOT_UPDATE"
    assert "has another source" in result["msg"]


def test_restore_after_a_timeout_continues_and_can_be_picked_up(call: Call) -> None:
    atlas = world()
    result = restore(call, atlas, taken(atlas), wait_timeout=20)
    job_id = result["errors"][0]["restore"]["id"]

    assert result["changed"]
    assert "It is unknown which data the target has now." in result["msg"]
    assert f"restore_job_id={job_id}" in result["msg"]

    picked_up = call(main, atlas, cluster_name="prod", restore_job_id=job_id)
    assert picked_up["restore"]["status"] == "completed"
    assert not picked_up["changed"]
    assert steps(atlas)["restore"] == 1


def test_others_continue_when_one_fails(call: Call) -> None:
    atlas = world()
    atlas.service.configure({"clusters": {"sharded": {"restore_outcome": "failed"}}})
    asked = [
        {"cluster_name": "sharded", "snapshot_id": taken(atlas, "sharded"), "target_cluster_name": "sharded"},
        {"cluster_name": "prod", "snapshot_id": taken(atlas), "target_cluster_name": "staging"},
    ]
    result = call(main, atlas, restores=asked)

    assert result["failed"]
    assert [each["target_cluster_name"] for each in result["restores"]] == ["staging"]
    assert len(result["errors"]) == 1


def test_target_that_does_not_become_idle_is_a_warning(call: Call) -> None:
    atlas = world(settling_seconds=3600.0, settling_state="REPAIRING")
    result = restore(call, atlas, taken(atlas))

    assert "failed" not in result
    assert result["restore"]["target_state"] == "REPAIRING"
    assert "is REPAIRING, not IDLE" in str(result["warnings"])


def test_unclear_target_is_a_warning(call: Call) -> None:
    atlas = world()
    atlas.cluster("staging").state = "UPDATING"
    result = restore(call, atlas, taken(atlas), check_mode=True)

    assert "the target is UPDATING" in str(result["warnings"])


def test_check_mode_reads_only_and_shows_the_new_restore(call: Call) -> None:
    atlas = world()
    snapshot_id = taken(atlas)
    result = restore(call, atlas, snapshot_id, check_mode=True)

    assert result["changed"]
    record = result["restore"]
    assert (record["id"], record["status"], record["target_state"]) == (None, None, None)
    assert (record["snapshot_id"], record["target_cluster_name"]) == (snapshot_id, "staging")
    assert {entry.method for entry in atlas.service.journal.entries} == {"GET"}


def test_check_mode_fails_like_the_real_run(call: Call) -> None:
    atlas = world()
    snapshot_id = taken(atlas)
    restore(call, atlas, snapshot_id)

    assert restore(call, atlas, snapshot_id, check_mode=True)["failed"]
    assert restore(call, atlas, snapshot_id, check_mode=True, max_age=3600)["reused"]


def test_diff_mode_shows_old_and_new_data(call: Call) -> None:
    atlas = world()
    snapshot_id = taken(atlas)
    (diff,) = restore(call, atlas, snapshot_id, check_mode=True, diff_mode=True)["diff"]

    assert diff["before_header"] == "cluster staging"
    assert "all of which is deleted" in diff["before"]["data"]
    assert diff["after"]["data"] == f"snapshot {snapshot_id} of cluster prod"

    restore(call, atlas, snapshot_id)
    (diff,) = restore(call, atlas, snapshot_id, max_age=3600, diff_mode=True)["diff"]
    assert diff["before"] == diff["after"]


def test_picked_up_job_must_agree_with_the_other_options(call: Call) -> None:
    atlas = world()
    started = restore(call, atlas, taken(atlas), wait=False)
    job_id = started["restore"]["id"]

    for other in ({"target_cluster_name": "prod"}, {"snapshot_id": "b" * 24}, {"target_project_id": OTHER_PROJECT}):
        result = call(main, atlas, cluster_name="prod", restore_job_id=job_id, **other)
        assert "does not match the other options" in result["msg"]
    same = {"target_cluster_name": "staging", "target_project_id": PROJECT}
    assert call(main, atlas, cluster_name="prod", restore_job_id=job_id.upper(), **same)["restore"]["id"] == job_id


def test_flex_job_is_picked_up_by_its_id(call: Call) -> None:
    atlas = world()
    flex = atlas_flex_snapshot(call, atlas)
    started = restore(call, atlas, flex, cluster_name="flex", target_cluster_name="spare-flex", wait=False)
    result = call(main, atlas, cluster_name="flex", restore_job_id=started["restore"]["id"])

    assert result["restore"]["status"] == "completed"


def test_job_that_its_endpoint_does_not_return_yet_is_picked_up(call: Call) -> None:
    atlas = world(job_get_lag_seconds=30)
    taken(atlas)
    job_id = somebody_elses(atlas, "prod", "staging", ago=10, running_seconds=60.0).id

    result = call(main, atlas, cluster_name="prod", restore_job_id=job_id)

    assert result["restore"]["status"] == "completed"
    assert len(atlas.sent("restore_poll")) > 2


def test_missing_job_fails_the_task(call: Call) -> None:
    result = call(main, world(), cluster_name="prod", restore_job_id="b" * 24)

    assert result["errors"][0]["error_code"] == "RESTORE_JOB_NOT_FOUND"
    assert result["errors"][0]["restore"] is None


def test_failed_job_that_is_picked_up_fails_the_task_without_wait_too(call: Call) -> None:
    atlas = world()
    taken(atlas)
    job_id = somebody_elses(atlas, "prod", "staging", running_seconds=10.0, outcome="failed").id

    for wait in (True, False):
        said = call(main, atlas, cluster_name="prod", restore_job_id=job_id, wait=wait)["msg"]
        assert "failed" in said
        assert "of cluster prod into cluster staging" in said
        assert "It is unknown which data the target has now." in said
