# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._snapshots.records import RECORD_KEYS
from ansible_collections.mongodb_atlas.backup.plugins.modules import atlas_snapshot_info
from ansible_collections.mongodb_atlas.backup.plugins.modules.atlas_snapshot import main
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.answers import answer, ok, refused
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.atlas import snapshot, snapshots_path
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.run_module import Call
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.script import DELETE, Script, look, take
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.simulated import SimulatedAtlas
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.times import iso, minted

KINDS = {
    "replica": {},
    "sharded": {"topology": "SHARDED"},
    "geo": {"topology": "GEOSHARDED"},
    "flex": {"instance_size": "FLEX"},
    "m0": {"instance_size": "M0"},
    "m2": {"instance_size": "M2"},
    "paused": {"paused": True},
    "off": {"backup_enabled": False},
}
CANNOT = {
    "flex": "It is a flex cluster",
    "m0": "no backups at all",
    "m2": "It is a tenant cluster (M2)",
    "paused": "CANNOT_UPDATE_PAUSED_CLUSTER",
    "off": "BACKUP_JOB_NOT_FOUND",
    "nosuch": "CLUSTER_NOT_FOUND",
}


def test_one_cluster_gets_one_completed_snapshot(call: Call) -> None:
    atlas = SimulatedAtlas()
    result = call(main, atlas, cluster_name="prod", description="x", retention_in_days=3)

    assert set(result["snapshot"]) == {*RECORD_KEYS, "reused"}
    assert result["snapshots"] == [result["snapshot"]]
    assert (result["snapshot"]["status"], result["snapshot"]["description"]) == ("completed", "x")
    assert (result["changed"], result["reused"]) == (True, False)
    assert [each.id for each in atlas.taken()] == [result["snapshot"]["id"]]


def test_all_kinds_of_clusters_are_attempted(call: Call) -> None:
    atlas = SimulatedAtlas(KINDS)
    result = call(main, atlas, cluster_name=["nosuch", *KINDS], description="x")

    assert [each["cluster_name"] for each in result["snapshots"]] == ["replica", "sharded", "geo"]
    assert {each["status"] for each in result["snapshots"]} == {"completed"}
    assert {
        each["cluster_name"]: CANNOT[each["cluster_name"]] in each["msg"] for each in result["errors"]
    } == dict.fromkeys(CANNOT, True)
    assert result["msg"].startswith("6 of 9 clusters failed. ")
    assert (result["failed"], result["changed"], "snapshot" in result) == (True, True, False)


def test_cost_grows_linearly_with_the_number_of_clusters(call: Call) -> None:
    fleet = {f"c{number}": {} for number in range(40)}
    atlas = SimulatedAtlas(fleet, in_progress_seconds=60.0)
    result = call(main, atlas, cluster_name=list(fleet))

    assert [each["cluster_name"] for each in result["snapshots"]] == list(fleet)
    assert len(atlas.sent("take")) == 40
    assert max(atlas.sent()) < 62 + 6


@pytest.mark.parametrize("state", ["present", "absent"])
@pytest.mark.parametrize("topology", ["REPLICASET", "SHARDED"])
def test_check_mode_sends_reads_only(call: Call, state: str, topology: str) -> None:
    atlas = SimulatedAtlas({"prod": {"topology": topology}})
    snapshot_id = atlas.has(taken_at=-3600).id
    for options in (
        {"snapshot_id": snapshot_id, "state": state},
        {"snapshot_id": snapshot_id, "retention_in_days": 30},
        {},
    ):
        assert call(main, atlas, check_mode=True, cluster_name="prod", **options)["changed"] is (
            options != {"snapshot_id": snapshot_id, "state": "present"}
        )

    assert {entry.method for entry in atlas.service.journal.entries} == {"GET"}
    assert [each.id for each in atlas.cluster().snapshots] == [snapshot_id]


@pytest.mark.parametrize("name", CANNOT)
def test_check_mode_fails_like_the_real_run(call: Call, name: str) -> None:
    atlas = SimulatedAtlas(KINDS)
    result = call(main, atlas, check_mode=True, cluster_name=name)

    assert result["failed"]
    assert {entry.method for entry in atlas.service.journal.entries} == {"GET"}


def test_check_mode_shows_the_new_snapshot(call: Call) -> None:
    result = call(main, SimulatedAtlas(), check_mode=True, diff_mode=True, cluster_name="prod", description="x")

    assert set(result["snapshot"]) == {*RECORD_KEYS, "reused"}
    assert (result["snapshot"]["id"], result["snapshot"]["description"]) == (None, "x")
    assert result["diff"][0]["before"] == {}
    assert result["diff"][0]["after"]["description"] == "x"


def test_second_run_within_max_age_changes_nothing(call: Call) -> None:
    atlas = SimulatedAtlas()
    first = call(main, atlas, cluster_name="prod", description="x")
    second = call(main, atlas, cluster_name="prod", description="x", max_age=3600, check_mode=True)
    third = call(main, atlas, cluster_name="prod", description="x", max_age=3600)

    assert second["snapshot"]["id"] == third["snapshot"]["id"] == first["snapshot"]["id"]
    assert (third["changed"], third["reused"], third["snapshot"]["reused"]) == (False, True, True)


def test_retention_is_changed_once(call: Call) -> None:
    atlas = SimulatedAtlas()
    snapshot_id = atlas.has(taken_at=-3600).id
    hold = {"cluster_name": "prod", "snapshot_id": snapshot_id.upper(), "retention_in_days": 30, "diff_mode": True}

    first, second = call(main, atlas, **hold), call(main, atlas, **hold)

    assert (first["changed"], second["changed"]) == (True, False)
    assert first["diff"][0]["before"]["expires_at"] < first["diff"][0]["after"]["expires_at"]
    assert second["diff"][0]["before"]["expires_at"] == second["diff"][0]["after"]["expires_at"]


def test_snapshot_is_deleted_once(call: Call) -> None:
    atlas = SimulatedAtlas()
    snapshot_id = atlas.has(taken_at=-3600).id
    delete = {"cluster_name": "prod", "snapshot_id": snapshot_id, "state": "absent", "diff_mode": True}

    first, second = call(main, atlas, **delete), call(main, atlas, **delete)

    assert (first["changed"], second["changed"]) == (True, False)
    assert (first["diff"][0]["before"]["id"], first["diff"][0]["after"]) == (snapshot_id, {})
    assert first["snapshot"]["id"] == snapshot_id


def test_deletion_needs_one_request(call: Call) -> None:
    script = Script(DELETE(snapshots_path(rest=f"/{minted()}"), answer(204)))

    assert call(main, script, cluster_name="prod", snapshot_id=minted(), state="absent")["changed"]


def test_wait_timeout_limits_the_whole_task_and_the_snapshot_is_returned(call: Call) -> None:
    atlas = SimulatedAtlas(in_progress_seconds=500.0)
    result = call(main, atlas, cluster_name="prod", wait_timeout=30)

    assert result["failed"]
    assert result["changed"]
    assert result["errors"][0]["snapshot"]["id"] == atlas.taken()[0].id
    assert atlas.taken()[0].id in result["msg"]
    assert 30 <= max(atlas.sent()) <= 31


def test_poll_interval_is_obeyed(call: Call) -> None:
    atlas = SimulatedAtlas(in_progress_seconds=95.0)
    call(main, atlas, cluster_name="prod", poll_interval=50)

    assert [round(each) for each in atlas.sent("poll")] == [50, 100]


def test_failed_snapshot_fails_the_task(call: Call) -> None:
    result = call(main, SimulatedAtlas(outcome="failed"), cluster_name="prod")

    assert result["failed"]
    assert result["errors"][0]["snapshot"]["status"] == "failed"
    assert result["snapshots"] == []


def test_credentials_that_expire_meanwhile_name_the_snapshot_of_every_cluster(call: Call) -> None:
    names = ["a", "b", "c"]
    atlas = SimulatedAtlas({name: {} for name in names}, in_progress_seconds=500.0, token_seconds=120.0)
    atlas.fault("unauthorized", "token", skip=1, times=None)
    owner = atlas.owner
    account = {"client_id": owner.client_id, "client_secret": owner.client_secret}

    result = call(main, atlas, access_token=None, cluster_name=names, **account)

    ids = {name: atlas.taken(name)[0].id for name in names}
    assert {each["cluster_name"]: each["snapshot"]["id"] for each in result["errors"]} == ids
    for each in result["errors"]:
        assert ids[each["cluster_name"]] in each["msg"]


def test_error_while_waiting_names_the_snapshot(call: Call) -> None:
    script = Script(take(ok(snapshot())), look(minted(), refused(403, "IP_ADDRESS_NOT_ON_ACCESS_LIST")))
    result = call(main, script, cluster_name="prod", poll_interval=1)

    assert f"Snapshot {minted()} was queued when it was last polled" in result["msg"]
    assert result["errors"][0]["error_code"] == "IP_ADDRESS_NOT_ON_ACCESS_LIST"


def test_new_expiry_is_shown_in_check_mode(call: Call) -> None:
    script = Script(look(minted(), ok(snapshot("completed"))))
    hold = {"cluster_name": "prod", "snapshot_id": minted(), "retention_in_days": 30}

    assert call(main, script, check_mode=True, **hold)["snapshot"]["expires_at"] == iso(86 + 30 * 86400)


@pytest.mark.parametrize("trims", [True, False])
def test_description_of_a_block_scalar_is_found_after_a_lost_answer(trims: bool, call: Call) -> None:
    atlas = SimulatedAtlas(trim_descriptions=trims)
    atlas.fault("lost_answer", "take")
    result = call(main, atlas, cluster_name="prod", description="\n Before the upgrade,\n as agreed\n")

    assert [each.description for each in atlas.taken()] == ["Before the upgrade,\n as agreed"]
    assert (result["changed"], result["snapshot"]["id"]) == (True, atlas.taken()[0].id)


def test_description_stored_with_white_space_is_equal(call: Call) -> None:
    atlas = SimulatedAtlas()
    old = atlas.has(taken_at=-60.0, description="Before the upgrade\n")
    result = call(main, atlas, cluster_name="prod", description="Before the upgrade", max_age=3600)

    assert (result["reused"], result["snapshot"]["id"]) == (True, old.id)


def test_names_with_spaces_after_commas_are_two_clusters(call: Call) -> None:
    atlas = SimulatedAtlas({"prod-eu": {}, "prod-us": {}})
    result = call(main, atlas, cluster_name="prod-eu, prod-us ,prod-eu", wait=False)

    assert [each["cluster_name"] for each in result["snapshots"]] == ["prod-eu", "prod-us"]


def test_tiny_poll_interval_counts_as_a_tenth_of_a_second(call: Call) -> None:
    atlas = SimulatedAtlas(queued_seconds=1.0, in_progress_seconds=1.0)
    call(main, atlas, cluster_name="prod", poll_interval=1e-9)

    polls = atlas.sent("poll")
    assert len(polls) > 5
    assert min(later - earlier for earlier, later in pairwise(polls)) >= 0.1


@pytest.mark.parametrize("size", ["FLEX", "M2"])
@pytest.mark.parametrize("tenant_code", ["PROVIDER_BACKUP_NOT_SUPPORTED", "INCORRECT_BACKUP_API_ENDPOINT"])
def test_running_snapshot_of_any_kind_of_cluster_can_be_waited_for(size: str, tenant_code: str, call: Call) -> None:
    atlas = SimulatedAtlas({"prod": {"instance_size": size}}, tenant_code=tenant_code)
    running = {"clusters": {"prod": {"automatic_running_seconds": 100.0}}}
    atlas.service.settings = atlas.service.settings.changed(running)
    newest = call(atlas_snapshot_info.main, atlas, cluster_name="prod", latest=True)["snapshots"][0]
    assert newest["status"] == "inProgress"

    result = call(main, atlas, cluster_name="prod", snapshot_id=newest["id"])

    assert (result["snapshot"]["id"], result["snapshot"]["status"]) == (newest["id"], "completed")
    assert (result["changed"], result["snapshot"]["cluster_type"]) == (False, newest["cluster_type"])


@pytest.mark.parametrize(("size", "kind"), [("FLEX", "flex"), ("M2", "tenant")])
@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, "on-demand snapshots are not possible"),
        ({"retention_in_days": 5}, "the retention of its snapshots cannot be changed"),
        ({"state": "absent"}, "its snapshots cannot be deleted"),
    ],
)
@pytest.mark.parametrize("tenant_code", ["PROVIDER_BACKUP_NOT_SUPPORTED", "INCORRECT_BACKUP_API_ENDPOINT"])
@pytest.mark.parametrize("check_mode", [False, True])
def test_change_to_an_automatic_snapshot_is_refused_with_a_reason(
    size: str, kind: str, options: dict[str, Any], words: str, tenant_code: str, check_mode: bool, call: Call
) -> None:
    atlas = SimulatedAtlas({"prod": {"instance_size": size}}, tenant_code=tenant_code)
    if options:
        newest = call(atlas_snapshot_info.main, atlas, cluster_name="prod", latest=True)["snapshots"][0]
        options = {"snapshot_id": newest["id"], **options}
    result = call(main, atlas, cluster_name="prod", check_mode=check_mode, **options)

    assert f"It is a {kind} cluster" in result["msg"]
    assert words in result["msg"]
    assert "Look them up with atlas_snapshot_info." in result["msg"]
    assert (result["errors"][0]["cluster_type"], result["changed"]) == (kind, False)
