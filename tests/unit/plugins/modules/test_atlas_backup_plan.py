# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.errors import NoAnswer
from ansible_collections.mongodb_atlas.backup.plugins.modules.atlas_backup_plan import main
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.answers import (
    challenge,
    ok,
    page,
    refused,
    token,
)
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.atlas import FIRST_PAGE, V2, cluster
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.run_module import Call
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.script import GET, POST, Script, Step
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.simulated import SimulatedAtlas

CLUSTERS: dict[str, dict[str, Any]] = {
    "a-replica": {"tags": {"team": "shop", "live": "true"}},
    "b-sharded": {"topology": "SHARDED", "tags": {"team": "shop"}},
    "c-m0": {"instance_size": "M0"},
    "d-flex": {"instance_size": "FLEX"},
    "e-m5": {"instance_size": "M5"},
    "f-paused": {"paused": True},
}
POLICY = f"{V2}/backupCompliancePolicy"
POLICY_TYPE = "application/vnd.atlas.2023-10-01+json"


def lists(*clusters: dict[str, Any], **more: Any) -> list[Step]:
    """Both lists of clusters: these, and no flex cluster."""
    return [GET(f"{V2}/clusters{FIRST_PAGE}", page(*clusters), **more), GET(f"{V2}/flexClusters{FIRST_PAGE}", page())]


def asks_for(days: int) -> dict[str, Any]:
    """A compliance policy with personal data."""
    item = {"retentionUnit": "days", "retentionValue": days}
    return {"authorizedEmail": "ann@example.com", "authorizedUserFirstName": "Ann", "onDemandPolicyItem": item}


@pytest.mark.parametrize("check_mode", [True, False])
def test_plan_of_a_whole_project_accounts_for_every_cluster(call: Call, check_mode: bool) -> None:
    atlas = SimulatedAtlas(CLUSTERS)

    result = call(main, atlas, check_mode=check_mode)

    assert result["changed"] is False
    assert result["take"] == ["a-replica", "b-sharded"]
    assert [(each["cluster_name"], each["cluster_type"], each["reused"]) for each in result["rely_on"]] == [
        ("d-flex", "flex", True),
        ("e-m5", "tenant", True),
    ]
    assert result["left_out"] == [
        {"cluster_name": "c-m0", "reason": "an M0 cluster has no backups"},
        {"cluster_name": "f-paused", "reason": "it is paused"},
    ]
    assert [each["name"] for each in result["clusters"]] == list(CLUSTERS)
    assert result["problems"] == []
    assert {entry.method for entry in atlas.service.journal.entries} == {"GET"}
    assert len(atlas.service.journal.entries) == 4


@pytest.mark.parametrize(
    ("options", "take"),
    [
        ({"cluster_name": " b-sharded, a-replica,b-sharded"}, ["b-sharded", "a-replica"]),
        ({"tags": {"team": "shop", "live": True}}, ["a-replica"]),
        ({"tags": "team=shop,live=true"}, ["a-replica"]),
        ({"tags": '{"team": "shop"}'}, ["a-replica", "b-sharded"]),
        ({"tenant_policy": "skip", "outlives": "3600", "retention_in_days": "1"}, ["a-replica", "b-sharded"]),
    ],
)
def test_options_may_be_text(call: Call, options: dict[str, Any], take: list[str]) -> None:
    assert call(main, SimulatedAtlas(CLUSTERS), **options)["take"] == take


def test_failed_plan_lists_every_problem_and_takes_nothing(call: Call) -> None:
    result = call(
        main,
        SimulatedAtlas(CLUSTERS),
        cluster_name=["f-paused", "nosuch", "a-replica", "c-m0"],
        outlives=-1,
        max_age=-2,
    )

    lines = result["msg"].splitlines()
    assert lines[0] == "Nothing was taken."
    assert lines[1:] == [problem["msg"] for problem in result["problems"]]
    assert [problem["cluster_name"] for problem in result["problems"]] == [None, None, "nosuch", "f-paused", "c-m0"]
    assert [result[key] for key in ("take", "rely_on", "left_out", "clusters")] == [[]] * 4
    assert result["atlas_time"]
    assert "errors" not in result


def test_messages_use_the_option_names_of_the_caller(call: Call) -> None:
    result = call(main, SimulatedAtlas(CLUSTERS), outlives=-1, option_names={"outlives": "role_outlives"})

    assert [problem["msg"] for problem in result["problems"]] == [
        "role_outlives is -1, but must be at least 0. Give a number of seconds."
    ]


def test_failed_list_of_clusters_is_reported_with_the_other_problems(call: Call) -> None:
    script = Script(GET(f"{V2}/clusters{FIRST_PAGE}", refused(403, "USER_UNAUTHORIZED")))

    result = call(main, script, wait_timeout=-1)

    assert result["problems"][0]["msg"].startswith("wait_timeout is -1")
    assert result["problems"][1]["msg"].startswith(
        "Atlas answered 403 USER_UNAUTHORIZED: Said so. Give the credentials"
    )
    assert len(result["problems"]) == 2


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"project_id": "x"}, "project_id is 'x'"),
        ({"request_timeout": 0}, "request_timeout is 0"),
        ({"access_token": None}, "No credentials are given"),
    ],
)
def test_failure_before_any_request_is_a_problem_too(call: Call, options: dict[str, Any], said: str) -> None:
    result = call(main, Script(), **options)

    assert [problem["cluster_name"] for problem in result["problems"]] == [None]
    assert result["problems"][0]["msg"].startswith(said)
    assert result["msg"].splitlines()[1].startswith(said)
    assert result["take"] == []


def test_text_other_than_a_dict_is_refused_by_ansible(call: Call) -> None:
    assert "'tags' is of type" in call(main, SimulatedAtlas(CLUSTERS), tags="none")["msg"]


@pytest.mark.parametrize("policy", ["hope", ""])
def test_unknown_tenant_policy_is_refused_by_ansible(call: Call, policy: str) -> None:
    assert "value of tenant_policy must be one of" in call(main, Script(), tenant_policy=policy)["msg"]


def test_refused_list_of_automatic_snapshots_is_a_problem_of_its_cluster(call: Call) -> None:
    atlas = SimulatedAtlas(CLUSTERS)
    atlas.fault("status", "list", params={"status": 403, "error_code": "USER_UNAUTHORIZED"}, times=None)

    result = call(main, atlas, cluster_name=["a-replica", "d-flex"])

    assert [problem["cluster_name"] for problem in result["problems"]] == ["d-flex"]
    assert result["problems"][0]["msg"].startswith("Cluster d-flex: Atlas answered 403 USER_UNAUTHORIZED")


# The compliance policy of the project is read last and once, and only if necessary.


def test_compliance_policy_is_read_last_and_enforced(call: Call) -> None:
    script = Script(*lists(cluster()), GET(POLICY, ok(asks_for(8)), headers={"Accept": POLICY_TYPE}))

    result = call(main, script, retention_in_days=7)

    assert [problem["msg"] for problem in result["problems"]] == [
        "retention_in_days is 7, but the project's backup compliance policy requires at least 8 days. "
        "Set it to 8 or more."
    ]
    assert "Ann" not in json.dumps(result)
    assert "ann@" not in json.dumps(result)


def test_policy_with_a_shorter_minimum_is_no_problem(call: Call) -> None:
    assert call(main, Script(*lists(cluster()), GET(POLICY, ok(asks_for(7)))), retention_in_days=7)["take"] == ["prod"]
    assert call(main, Script(*lists(cluster()), GET(POLICY, ok({}))), retention_in_days=7)["take"] == ["prod"]


@pytest.mark.parametrize(
    "gives",
    [
        refused(401, "USER_UNAUTHORIZED"),
        refused(403, "USER_UNAUTHORIZED"),
        refused(404, "RESOURCE_NOT_FOUND"),
        refused(429, "RATE_LIMITED", retry_after="60"),
        refused(503),
        NoAnswer("reset"),
        ok([]),
    ],
)
def test_unreadable_policy_is_requested_once_and_ignored(call: Call, gives: Any) -> None:
    result = call(main, Script(*lists(cluster()), GET(POLICY, gives)), retention_in_days=7)

    assert result["take"] == ["prod"]


def test_status_401_for_the_policy_renews_no_token(call: Call) -> None:
    account = {"client_id": "some-account", "client_secret": "the-account-secret"}
    script = Script(
        POST("/api/oauth/token", token()),
        *lists(cluster()),
        GET(POLICY, refused(401, "USER_UNAUTHORIZED")),
    )

    assert call(main, script, access_token=None, retention_in_days=7, **account)["take"] == ["prod"]


def test_expired_nonce_is_renewed_for_the_policy(call: Call) -> None:
    key = {"public_key": "the-key", "private_key": "the-private-key"}
    first, *rest = lists(cluster())
    script = Script(
        GET(first.target, challenge()),
        first,
        *rest,
        GET(POLICY, challenge("second", "true")),
        GET(POLICY, ok(asks_for(8))),
    )

    assert len(call(main, script, access_token=None, retention_in_days=7, **key)["problems"]) == 1


@pytest.mark.parametrize(
    ("clusters", "options"),
    [([cluster()], {}), ([cluster(paused=True), cluster(name="b", backupEnabled=False)], {"retention_in_days": 7})],
)
def test_policy_is_not_read_if_no_retention_will_be_set(
    call: Call, clusters: list[dict[str, Any]], options: dict[str, Any]
) -> None:
    call(main, Script(*lists(*clusters)), **options)


def test_manifest_needs_an_existing_folder(call: Call, tmp_path: Path) -> None:
    fine = call(main, Script(*lists(cluster())), manifest_path=str(tmp_path / "manifest.json"))
    assert fine["take"] == ["prod"]

    for path in (tmp_path, tmp_path / "nowhere" / "manifest.json"):
        result = call(main, Script(*lists(cluster())), manifest_path=str(path))
        (problem,) = result["problems"]
        assert problem["msg"].startswith(f"manifest_path is {path}, and the manifest cannot be written there: ")


def test_empty_path_means_no_manifest(call: Call) -> None:
    assert call(main, Script(*lists(cluster())), manifest_path="")["take"] == ["prod"]
