# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Refusals of Atlas: every errorCode, and every kind of cluster and snapshot."""

from __future__ import annotations

import re
from typing import Any

import pytest

from ansible_collections.mongodb_atlas.backup.plugins.modules import atlas_snapshot, atlas_snapshot_info
from ansible_collections.mongodb_atlas.backup.tests.simulator.demo import DEMO_CLUSTERS
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.run_module import Call
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.simulated import SimulatedAtlas

TAKE, INFO = atlas_snapshot.main, atlas_snapshot_info.main

# status, errorCode, and a part of the next step in the message.
REFUSED_POSTS = [
    (400, "CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API", "once a day"),
    (400, "CANNOT_USE_NON_FLEX_CLUSTER_IN_FLEX_API", "it is not a flex cluster"),
    (400, "INCORRECT_BACKUP_API_ENDPOINT", "report a bug"),
    (400, "BACKUP_JOB_NOT_FOUND", "Enable backups"),
    (404, "BACKUP_CONFIG_NOT_FOUND", "Enable backups"),
    (400, "INSUFFICIENT_INSTANCE_SIZE", "M10 or larger"),
    (400, "PROVIDER_BACKUP_NOT_SUPPORTED", "M10 or larger"),
    (403, "FEATURE_UNSUPPORTED", "M10 or larger"),
    (403, "UNSUPPORTED_FOR_CURRENT_PLAN", "M10 or larger"),
    (403, "UNSUPPORTED_FOR_CURRENT_CONFIG", "M10 or larger"),
    (400, "SNAPSHOT_RETENTION_LESS_THAN_BACKUP_COMPLIANCE_POLICY", "another retention_in_days"),
    (400, "BACKUP_SNAPSHOT_RETENTION_VALUE_INVALID", "another retention_in_days"),
    (400, "VALIDATION_ERROR", "Correct the option"),
    (401, "USER_UNAUTHORIZED", "Project Backup Manager"),
    (401, "USER_CANNOT_ACCESS_GROUP", "Project Backup Manager"),
    (401, "NOT_IN_GROUP", "Project Backup Manager"),
    (401, "TENANT_SNAPSHOT_ACCESS_DENIED", "Project Backup Manager"),
    (403, "IP_ADDRESS_NOT_ON_ACCESS_LIST", "API access list"),
    (403, "IP_ADDRESS_NOT_ON_WHITELIST", "API access list"),
    (403, "RESOURCE_REQUIRES_ACCESS_LIST", "API access list"),
    (403, "ORG_REQUIRES_ACCESS_LIST", "API access list"),
    (403, "ACCESS_FORBIDDEN", "Project Backup Manager"),
    (402, "ACCOUNT_SUSPENDED", "billing"),
    (402, "NO_PAYMENT_INFORMATION_FOUND", "billing"),
    (404, "CLUSTER_NOT_FOUND", "Check the cluster's name"),
    (404, "GROUP_NOT_FOUND", "Check the project"),
    (404, "RESOURCE_NOT_FOUND", "Check base_url"),
    (406, "INVALID_VERSION_DATE", "Update this collection"),
    (410, "VERSION_GONE", "Update this collection"),
    (409, "ATLAS_CLUSTER_RESTORE_IN_PROGRESS", "restore"),
    (409, "CANNOT_UPDATE_PAUSED_CLUSTER", "Resume the cluster"),
    (400, "SOMETHING_NEVER_HEARD_OF", "Check the options"),
    (409, "SOMETHING_NEVER_HEARD_OF", "until the cluster is idle"),
    (401, "UNEXPECTED_ERROR", "Check public_key and private_key"),
]
REFUSED_CHANGES = [
    ("delete", 400, "CANNOT_DELETE_IN_PROGRESS_SNAPSHOT", "then delete it"),
    ("patch", 400, "CANNOT_MODIFY_IN_PROGRESS_SNAPSHOT_RETENTION", "then change its retention"),
    ("delete", 400, "CANNOT_DELETE_SNAPSHOT_WITH_BACKUP_COMPLIANCE_POLICY", "compliance policy"),
    ("patch", 400, "CANNOT_DECREASE_SNAPSHOT_RETENTION_WITH_BACKUP_COMPLIANCE_POLICY", "compliance policy"),
    ("delete", 400, "CANNOT_DELETE_COPY_SNAPSHOT_WITH_BACKUP_COMPLIANCE_POLICY_ENABLED", "compliance policy"),
    ("delete", 403, "CANNOT_DELETE_FROM_CLUSTER_SNAPSHOT", "id of the whole snapshot"),
    ("patch", 403, "CANNOT_MODIFY_CLUSTER_SNAPSHOT", "id of the whole snapshot"),
    ("patch", 403, "CANNOT_MODIFY_SNAPSHOT", "id of the whole snapshot"),
    ("patch", 404, "SNAPSHOT_NOT_FOUND", "atlas_snapshot_info"),
    ("patch", 404, "INVALID_SNAPSHOT_ID", "atlas_snapshot_info"),
]
# Retried until the deadline.
PASSING = [
    (400, "UNFINISHED_ON_DEMAND_SNAPSHOT", "if_in_progress=reuse"),
    (405, "WRITES_NOT_ALLOWED_DURING_APP_UPGRADES", "in a few minutes"),
    (429, "RATE_LIMITED", "poll_interval"),
    (429, "RATE_LIMITED_TOKEN_BUCKET", "poll_interval"),
    (500, "UNEXPECTED_ERROR", "temporary problem"),
]


def key_pair(atlas: SimulatedAtlas) -> dict[str, Any]:
    return {"access_token": None, "public_key": atlas.owner.public_key, "private_key": atlas.owner.private_key}


def check_error(result: dict[str, Any], status: int, code: str, says: str) -> dict[str, Any]:
    """The only error of a result; check that it names the cluster, the code and the next step."""
    (error,) = result["errors"]
    assert (error["status_code"], error["error_code"]) == (status, code)
    assert error["msg"].startswith("Cluster prod: ")
    assert code in error["msg"]
    assert says in error["msg"]
    return dict(error)


@pytest.mark.parametrize(("status", "code", "says"), REFUSED_POSTS + PASSING)
def test_refused_post_fails_with_a_next_step(call: Call, status: int, code: str, says: str) -> None:
    atlas = SimulatedAtlas()
    atlas.fault("status", "take", times=None, params={"status": status, "error_code": code})

    result = call(TAKE, atlas, cluster_name="prod", wait_timeout=60, **key_pair(atlas))

    check_error(result, status, code, says)
    assert atlas.taken() == []
    assert (len(atlas.sent("take")) > 2) is ((status, code, says) in PASSING)


@pytest.mark.parametrize(("step", "status", "code", "says"), REFUSED_CHANGES)
def test_refused_change_fails_with_its_snapshot(call: Call, step: str, status: int, code: str, says: str) -> None:
    atlas = SimulatedAtlas()
    old = atlas.has_history()[-1]
    atlas.fault("status", step, times=None, params={"status": status, "error_code": code})
    change = {"state": "absent"} if step == "delete" else {"retention_in_days": 99}

    result = call(TAKE, atlas, cluster_name="prod", snapshot_id=old.id, **change)

    error = check_error(result, status, code, says)
    assert step == "delete" or error["snapshot"]["id"] in error["msg"]
    assert atlas.snapshots()[old.id] == old


REFUSED_KINDS = {
    "demo-flex": ("CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API", "flex cluster.*once a day"),
    "demo-m2": ("PROVIDER_BACKUP_NOT_SUPPORTED", r"tenant cluster \(M2\).*once a day"),
    "demo-m5": ("PROVIDER_BACKUP_NOT_SUPPORTED", r"tenant cluster \(M5\).*once a day"),
    "demo-m0": ("PROVIDER_BACKUP_NOT_SUPPORTED", "M0.*no backups at all"),
    "demo-paused": ("CANNOT_UPDATE_PAUSED_CLUSTER", "paused.*Resume the cluster"),
    "demo-nobackup": ("BACKUP_JOB_NOT_FOUND", "[Bb]ackup.*Enable backups"),
    "demo-deleted": ("CLUSTER_NOT_FOUND", "Check the cluster's name"),
    "no-such-cluster": ("CLUSTER_NOT_FOUND", "Check the cluster's name"),
}
# The errorCodes with which Atlas may refuse these clusters.
WAYS = [
    {},
    {"tenant_code": "INSUFFICIENT_INSTANCE_SIZE", "backups_off_code": "BACKUP_CONFIG_NOT_FOUND"},
    {"tenant_code": "FEATURE_UNSUPPORTED"},
    {"tenant_code": "UNSUPPORTED_FOR_CURRENT_PLAN"},
    {"tenant_code": "UNSUPPORTED_FOR_CURRENT_CONFIG"},
]


@pytest.mark.parametrize("ways", WAYS)
@pytest.mark.parametrize("check_mode", [True, False])
def test_cluster_without_on_demand_snapshots_is_named_with_the_reason(
    call: Call, ways: dict[str, str], check_mode: bool
) -> None:
    atlas = SimulatedAtlas(DEMO_CLUSTERS, **ways)

    result = call(TAKE, atlas, cluster_name=list(REFUSED_KINDS), check_mode=check_mode)

    assert [each["cluster_name"] for each in result["errors"]] == list(REFUSED_KINDS)
    for error, (code, says) in zip(result["errors"], REFUSED_KINDS.values(), strict=True):
        assert error["cluster_name"] in error["msg"]
        assert re.search(says, error["msg"])
        if not check_mode:
            by_way = {"PROVIDER_BACKUP_NOT_SUPPORTED": "tenant_code", "BACKUP_JOB_NOT_FOUND": "backups_off_code"}
            assert error["error_code"] == ways.get(by_way.get(code, ""), code)
    assert result["changed"] is False
    assert len(atlas.sent("take")) == (0 if check_mode else len(REFUSED_KINDS))


# Snapshots that cannot be changed or deleted.

POLICY = {"compliance": {"Shop": {"min_retention_days": 5}}}
# The snapshot, the options, whether check mode fails too, and a part of the message.
REFUSED_SNAPSHOTS = [
    ("running", {"state": "absent"}, False, "CANNOT_DELETE_IN_PROGRESS_SNAPSHOT"),
    ("running", {"state": "absent"}, True, "Atlas cannot delete an unfinished snapshot"),
    ("running", {"retention_in_days": 9, "wait_timeout": 20}, False, "within 20 s (wait_timeout)"),
    ("held", {"state": "absent"}, False, "CANNOT_DELETE_SNAPSHOT_WITH_BACKUP_COMPLIANCE_POLICY"),
    ("copied", {"state": "absent"}, False, "CANNOT_DELETE_COPY_SNAPSHOT_WITH_BACKUP_COMPLIANCE_POLICY_ENABLED"),
    ("held", {"retention_in_days": 9}, False, "CANNOT_DECREASE_SNAPSHOT_RETENTION_WITH_BACKUP_COMPLIANCE_POLICY"),
    ("held", {"retention_in_days": 3}, False, "SNAPSHOT_RETENTION_LESS_THAN_BACKUP_COMPLIANCE_POLICY"),
    ("held", {"retention_in_days": 99999}, False, "BACKUP_SNAPSHOT_RETENTION_VALUE_INVALID"),
    ("part", {"state": "absent"}, False, "CANNOT_DELETE_FROM_CLUSTER_SNAPSHOT"),
]


@pytest.mark.parametrize(("which", "options", "check_mode", "says"), REFUSED_SNAPSHOTS)
def test_snapshot_that_cannot_be_changed_stays_unchanged(
    call: Call, which: str, options: dict[str, Any], check_mode: bool, says: str
) -> None:
    atlas = SimulatedAtlas({"prod": {"topology": "SHARDED"}}, **POLICY)
    there = {
        "running": atlas.has(queued_seconds=0, in_progress_seconds=9999),
        "held": atlas.has(taken_at=-3600, retention_days=30),
        "copied": atlas.has(taken_at=-7200, retention_days=30, copy_regions=("EU_WEST_1",)),
    }
    snapshot_id = there["held"].members[1].id if which == "part" else there[which].id

    result = call(TAKE, atlas, cluster_name="prod", snapshot_id=snapshot_id, check_mode=check_mode, **options)

    assert says in result["msg"]
    assert re.search("Wait|Choose|Correct|policy|[Uu]se the id|[Rr]un again", result["msg"])
    assert result["changed"] is False
    assert list(atlas.snapshots().values()) == list(there.values())


def test_retention_change_waits_for_the_end_of_an_unfinished_snapshot(call: Call) -> None:
    atlas = SimulatedAtlas()
    snapshot_id = atlas.has(queued_seconds=0, in_progress_seconds=40, retention_days=5).id

    held = call(TAKE, atlas, cluster_name="prod", snapshot_id=snapshot_id.upper(), retention_in_days=9, wait=False)

    assert (held["changed"], held["snapshot"]["status"]) == (True, "completed")


@pytest.mark.parametrize("check_mode", [True, False])
def test_snapshot_of_an_unknown_cluster_does_not_count_as_deleted(call: Call, check_mode: bool) -> None:
    deletion = {"cluster_name": "no-such-cluster", "snapshot_id": "a" * 24, "state": "absent"}

    result = call(TAKE, SimulatedAtlas(), check_mode=check_mode, **deletion)

    assert [each["error_code"] for each in result["errors"]] == ["CLUSTER_NOT_FOUND"]


# Failures of atlas_snapshot_info: an error, never an empty list.

FAILED_LOOKS = [
    ("no-such-cluster", {}, {}, "CLUSTER_NOT_FOUND", "The nearest names in this project"),
    ("demo-flex", {"cluster_type": "dedicated"}, {}, "CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API", "cluster_type=auto"),
    ("demo-replica", {"cluster_type": "flex"}, {}, "CANNOT_USE_NON_FLEX_CLUSTER_IN_FLEX_API", "cluster_type=auto"),
    ("demo-replica", {"cluster_type": "tenant"}, {}, "INCORRECT_BACKUP_API_ENDPOINT", "cluster_type=auto"),
    ("demo-m2", {}, {"retired": ["tenant"]}, "VERSION_GONE", "become flex clusters"),
    ("demo-replica", {}, {"retired": ["backup"]}, "VERSION_GONE", "Update this collection"),
    ("demo-flex", {}, {"retired": ["flex"]}, "VERSION_GONE", "Update this collection"),
    ("demo-replica", {}, {"access_list": ["192.0.2.0/24"]}, "IP_ADDRESS_NOT_ON_ACCESS_LIST", "API access list"),
    ("demo-replica", {"project_id": "a" * 24}, {}, "GROUP_NOT_FOUND", "Check the project"),
]


@pytest.mark.parametrize(("name", "options", "settings", "code", "says"), FAILED_LOOKS)
def test_failed_search_fails_the_task(
    call: Call, name: str, options: dict[str, Any], settings: dict[str, Any], code: str, says: str
) -> None:
    result = call(INFO, SimulatedAtlas(DEMO_CLUSTERS, **settings), cluster_name=name, **options)

    assert [each["error_code"] for each in result["errors"]] == [code]
    assert says in result["msg"]
    assert (result["snapshots"], result["changed"]) == ([], False)


@pytest.mark.parametrize(
    ("name", "path", "code"),
    [
        ("demo-replica", None, "USER_CANNOT_ACCESS_GROUP"),
        ("demo-m2", "tenant", "TENANT_SNAPSHOT_ACCESS_DENIED"),
    ],
)
def test_missing_read_access_names_the_role(call: Call, name: str, path: str | None, code: str) -> None:
    atlas = SimulatedAtlas(DEMO_CLUSTERS)
    atlas.fault("status", "list", match={"path": path}, params={"error_code": code})

    result = call(INFO, atlas, cluster_name=name)

    assert [each["error_code"] for each in result["errors"]] == [code]
    assert "Project Read Only" in result["msg"]
