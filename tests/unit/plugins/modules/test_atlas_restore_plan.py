# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.mongodb_atlas.backup.plugins.modules.atlas_restore_plan import main
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.answers import ok, page, token
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.atlas import PROJECT, V2, snapshot
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.restores import (
    SNAPSHOT,
    jobs_path,
    target_document,
)
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.run_module import Call
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.script import GET, POST, Script, look
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.simulated import SimulatedAtlas

OTHER_PROJECT = "5f0c1d2e3b4a59687766aabc"
KINDS: dict[str, dict[str, Any]] = {"prod": {}, "shop": {}, "sharded": {"topology": "SHARDED"}}
CONFIRMED = {"confirm": ["prod", "shop", "sharded", "staging"]}


def world(**settings: Any) -> SimulatedAtlas:
    atlas = SimulatedAtlas(KINDS, **settings)
    atlas.service.world.add_cluster(
        atlas.service.world.add_project("Drill", atlas.now(), OTHER_PROJECT), "staging", atlas.now()
    )
    return atlas


def backups(atlas: SimulatedAtlas, *names: str, **more: Any) -> list[dict[str, Any]]:
    """Records with the necessary keys only."""
    return [
        {"cluster_name": name, "id": atlas.has(name, taken_at=-3600.0).id, "project_id": PROJECT, **more}
        for name in names
    ]


def planned(call: Call, atlas: SimulatedAtlas, *names: str, **options: Any) -> dict[str, Any]:
    if "snapshots" not in options:
        options["snapshots"] = backups(atlas, *names or ("prod", "shop"))
    given = {**CONFIRMED, **options}
    result = call(main, atlas, **given)
    assert {entry.method for entry in atlas.service.journal.entries} <= {"GET"}
    assert result["changed"] is False
    return result


@pytest.mark.parametrize("check_mode", [True, False])
def test_plan_of_a_rollback_has_restores_and_safety_snapshots(call: Call, check_mode: bool) -> None:
    atlas = world()
    result = planned(call, atlas, "prod", "sharded", check_mode=check_mode)
    assert [each["cluster_name"] for each in result["restores"]] == ["prod", "sharded"]
    assert result["take_first"] == ["prod", "sharded"]
    assert result["target_project_id"] == PROJECT
    assert result["problems"] == []


@pytest.mark.parametrize("check_mode", [True, False])
@pytest.mark.parametrize("confirm", [None, [], ["prod"], [""], ["prods", "shop"]])
def test_missing_confirmation_fails_with_the_plan(call: Call, check_mode: bool, confirm: list[str] | None) -> None:
    result = planned(call, world(), confirm=confirm, check_mode=check_mode)
    assert result["failed"]
    assert "confirm: prod,shop" in result["msg"]
    assert len(result["restores"]) == 2


def test_plan_of_one_cluster_needs_one_request_for_each_fact(call: Call) -> None:
    script = Script(
        POST("/api/oauth/token", token()),
        look(SNAPSHOT, ok(snapshot("completed", at=-3600, number=7))),
        GET(f"{jobs_path(rest='?pageNum=1&itemsPerPage=500')}", page()),
        GET(f"{V2}/clusters/prod", ok(target_document(name="prod"))),
        GET(f"{V2}/backupCompliancePolicy", ok({})),
    )
    given = [{"cluster_name": "prod", "id": SNAPSHOT, "project_id": PROJECT}]
    secret = {"access_token": None, "client_id": "id", "client_secret": "not-a-real-secret"}
    assert not call(main, script, snapshots=given, confirm=["prod"], project_id=None, **secret).get("failed")


@pytest.mark.parametrize(
    "options",
    [
        {"snapshots": json.dumps},
        {"targets": "prod=shop, shop=prod"},
        {"targets": '{"prod": "shop", "shop": "prod"}'},
        {"clusters": " prod , shop "},
        {"confirm": "prod, shop"},
        {"snapshot_first": "false"},
        {"retention_in_days": "9", "wait_timeout": "600", "max_age": "0"},
        {"clusters": "", "targets": "", "receipt_path": "", "target_project_id": "", "target_project_name": " "},
    ],
)
def test_every_option_may_be_text(call: Call, options: dict[str, Any]) -> None:
    atlas = world()
    given = backups(atlas, "prod", "shop")
    if "snapshots" in options:
        options = {"snapshots": json.dumps(given)}
    result = planned(call, atlas, **{"snapshots": given, **options})
    assert not result.get("failed"), result["msg"]
    targets = ["shop", "prod"] if options.get("targets") else ["prod", "shop"]
    assert [each["target_cluster_name"] for each in result["restores"]] == targets
    assert result["take_first"] == ([] if options.get("snapshot_first") else targets)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"snapshots": "prod"}, "snapshots is text that is not JSON"),
        ({"snapshots": "[{'created_at': datetime.datetime(2026, 8, 10, 3, 26)}]"}, "put times in YAML in quotation"),
        ({"targets": "prod"}, "targets cannot be parsed"),
        ({"snapshots": ""}, "There are no snapshots to restore"),
        ({"target_project_id": "a" * 24, "target_project_name": "Drill"}, "are both given"),
        ({"target_project_name": "Drlil"}, "The nearest project names: Drill"),
        ({"receipt_path": "/nowhere/receipt.json"}, "receipt_path is /nowhere/receipt.json"),
    ],
)
def test_invalid_option_is_a_problem(call: Call, options: dict[str, Any], words: str) -> None:
    result = planned(call, world(), **options)
    assert words in result["msg"]
    assert result["problems"]


def test_target_may_be_in_another_project(call: Call) -> None:
    options = {"targets": {"prod": "staging"}, "target_project_name": "Drill"}
    result = planned(call, world(), "prod", **options)
    assert not result.get("failed"), result["msg"]
    assert result["restores"][0]["target_project_id"] == OTHER_PROJECT
    assert result["target_project_id"] == OTHER_PROJECT


@pytest.mark.parametrize(
    ("record", "options", "environment", "failure"),
    [
        ({"project_id": PROJECT}, {"project_id": ""}, OTHER_PROJECT, None),
        ({"project_id": PROJECT}, {"project_id": None}, OTHER_PROJECT, None),
        ({"project_id": None}, {"project_id": PROJECT}, OTHER_PROJECT, None),
        ({"project_id": None}, {"project_id": None}, PROJECT, None),
        ({"project_id": None}, {"project_id": None, "project_name": "Shop"}, OTHER_PROJECT, None),
        ({"project_id": None}, {"project_id": ""}, PROJECT, "does not name its project"),
        ({"project_id": PROJECT}, {"project_id": OTHER_PROJECT}, PROJECT, f"is of project {PROJECT}"),
        ({"project_id": None}, {"project_id": None}, None, "No project is given"),
    ],
)
def test_project_comes_from_the_snapshots(
    call: Call,
    monkeypatch: pytest.MonkeyPatch,
    record: dict[str, Any],
    options: dict[str, Any],
    environment: str | None,
    failure: str | None,
) -> None:
    if environment:
        monkeypatch.setenv("MONGODB_ATLAS_PROJECT_ID", environment)
    atlas = world()
    result = planned(call, atlas, snapshots=backups(atlas, "prod", **record), **options)
    if failure:
        assert failure in result["msg"]
    else:
        assert not result.get("failed"), result["msg"]
        assert result["restores"][0]["project_id"] == PROJECT


def newest(**more: Any) -> list[dict[str, Any]]:
    return [{"cluster_name": "prod", "id": "newest", "project_id": PROJECT, **more}]


def test_newest_assured_snapshot_except_fallback_ones_is_restored_into_another_cluster(call: Call) -> None:
    atlas = world()
    atlas.has(taken_at=-9000.0)
    wanted = atlas.has(taken_at=-6000.0)
    atlas.has(taken_at=-5000.0, outcome="failed")
    atlas.has(taken_at=-4000.0, snapshot_type="fallback")
    atlas.has(taken_at=-10.0, in_progress_seconds=600.0)
    result = planned(call, atlas, snapshots=newest(), targets={"prod": "shop"})
    assert not result.get("failed"), result["msg"]
    assert result["restores"][0]["snapshot_id"] == wanted.id
    assert result["sources"][0]["id"] == wanted.id


def test_newest_snapshot_is_only_proposed_for_its_own_cluster(call: Call) -> None:
    atlas = world()
    wanted = atlas.has(taken_at=-6000.0)
    (problem,) = planned(call, atlas, snapshots=newest())["problems"]
    assert problem["cluster_name"] == "prod"
    assert f"its newest assured snapshot, {wanted.id} of " in problem["msg"]


@pytest.mark.parametrize(
    ("record", "words"),
    [
        ({}, "none of its snapshots is assured"),
        ({"cluster_name": "nosuch"}, "nosuch: its snapshots cannot be listed"),
        ({"cluster_name": "a/b"}, "does not name a cluster"),
        ({"project_id": None}, "does not name its project"),
    ],
)
def test_missing_newest_snapshot_is_one_problem(call: Call, record: dict[str, Any], words: str) -> None:
    (problem,) = planned(call, world(), snapshots=newest(**record), project_id="")["problems"]
    assert words in problem["msg"]


def test_readable_compliance_policy_is_enforced(call: Call) -> None:
    result = planned(call, world(compliance={"Shop": {"on_demand_unit": "weeks", "on_demand_value": 2}}))
    assert "requires at least 14 days" in result["msg"]
    assert "snapshot_first: false" in result["msg"]


def test_unreadable_compliance_policy_is_no_problem(call: Call) -> None:
    atlas = world()
    atlas.fault("status", "compliance", params={"status": 401, "error_code": "USER_UNAUTHORIZED"}, times=1)
    assert not planned(call, atlas).get("failed")


def test_unreachable_service_is_one_problem_per_cluster(call: Call) -> None:
    atlas = world()
    atlas.fault("status", params={"status": 403, "error_code": "IP_ADDRESS_NOT_ON_ACCESS_LIST"}, times=None)
    result = planned(call, atlas)
    assert {problem["cluster_name"] for problem in result["problems"]} == {"prod", "shop"}


def test_receipt_of_another_rollback_is_a_problem_and_stays_unchanged(call: Call, tmp_path: Path) -> None:
    receipt = tmp_path / "receipt.json"
    receipt.write_text(json.dumps({"snapshots": [], "restores": [{"cluster_name": "else"}]}), encoding="utf-8")
    before = receipt.read_bytes()
    result = planned(call, world(), receipt_path=str(receipt))
    assert "the receipt of another rollback" in result["msg"]
    assert receipt.read_bytes() == before


def test_three_hundred_clusters_need_two_requests_each_and_a_few_for_all(call: Call) -> None:
    names = [f"c{number}" for number in range(300)]
    atlas = SimulatedAtlas({name: {} for name in names}, backup_limit=100000)
    result = planned(call, atlas, *names, confirm=names)
    assert not result.get("failed"), result["msg"][:500]
    assert len(result["take_first"]) == 300
    assert len(atlas.service.journal.entries) <= 2 * 300 + 10
