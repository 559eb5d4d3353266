# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Invalid values in an answer: at most one cluster fails, with a clear message, and no snapshot id is lost."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.mongodb_atlas.backup.plugins.modules import (
    atlas_cluster_info,
    atlas_snapshot,
    atlas_snapshot_info,
)
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.run_module import Call
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.simulated import SimulatedAtlas

# The step whose answer is absurd, and the module and the options that lead there.
OPERATIONS: dict[str, tuple[str, Any, dict[str, Any]]] = {
    "take": ("take", atlas_snapshot, {}),
    "wait": ("poll", atlas_snapshot, {}),
    "reuse": ("list", atlas_snapshot, {"max_age": 60}),
    "outlive": ("patch", atlas_snapshot, {"outlives": 50 * 86400.0}),
    "foresee": ("cluster", atlas_snapshot, {"check_mode": True}),
    "list": ("list", atlas_snapshot_info, {}),
    "list by age": ("list", atlas_snapshot_info, {"max_age": 86400.0, "latest": True}),
    "list clusters": ("clusters", atlas_cluster_info, {"tags": {"a": "b"}}),
}
SNAPSHOT = (
    *("id", "status", "type", "description", "snapshotType", "frequencyType", "createdAt", "expiresAt", "members"),
    *("storageSizeBytes", "mongodVersion", "snapshotIds", "copyRegions", "replicaSetName", "links"),
)
CLUSTER = ("id", "name", "groupId", "clusterType", "replicationSpecs", "replicationSpecs.0", "tags", "paused", "links")
LIST = ("results", "results.0", "totalCount", "links")
FIELDS = {
    "cluster": CLUSTER,
    "list": (*LIST, *(f"results.*.{field}" for field in SNAPSHOT)),
    "clusters": (*LIST, *(f"results.*.{field}" for field in CLUSTER)),
}
# Values as written in the body; the first ones are invalid JSON, or too large for Python to convert.
VALUES = {
    "NaN": "NaN",
    "infinity": "1e999",
    "5,000 digits": "9" * 5000,
    "below zero": "-1",
    "half a character": '"\\ud800"',
    "control characters": '"\\u0000\\u001b[31m\\n"',
    "null": "null",
    "a list": "[[], {}, null, 1]",
    "an object": '{"a": {"b": []}}',
    "deep": "[" * 500 + "]" * 500,
    "latest time": '"9999-12-31T23:59:59-14:00"',
    "earliest time": '"0001-01-01T00:00:00+14:00"',
}
HEADERS: dict[str, dict[str, str]] = {
    "limit": {"RateLimit-Limit": "9" * 5000, "RateLimit-Remaining": "9" * 5000},
    "date": {"Date": "Fri, 31 Dec 9999 23:59:59 GMT"},
    "first date": {"Date": "Mon, 01 Jan 0001 00:00:00 +2359"},
    "retry": {"Retry-After": "9" * 400},
}


def run(operation: str, fault: dict[str, Any], call: Call) -> list[str]:
    """The problems of a task on two clusters, one of which always gets this fault at the step."""
    step, module, options = OPERATIONS[operation]
    atlas = SimulatedAtlas({"odd": {}, "even": {}}, in_progress_seconds=20.0)
    for name in ("odd", "even"):
        atlas.has(name, taken_at=-3600.0)
    path = "/clusters" if step == "clusters" else "/clusters/odd"
    atlas.fault(step=step, times=None, match={"path": path}, **fault)
    options = {"cluster_name": ["odd", "even"], **options}
    if module is atlas_snapshot:
        options["wait_timeout"] = 100
    result = call(module.main, atlas, **options)
    wrong = []
    if "could not handle" in result.get("msg", "") or "Traceback" in json.dumps(result):
        wrong.append(result["msg"])
    if module is not atlas_cluster_info and "even" not in [each["cluster_name"] for each in result["snapshots"]]:
        wrong.append("the other cluster fails")
    shown = json.dumps(result)
    lost = [each.id for each in (*atlas.taken("odd"), *atlas.taken("even")) if each.id not in shown]
    if lost and "may have been taken" not in shown:
        wrong.append(f"lost {lost}")
    if max(len(atlas.taken("odd")), len(atlas.taken("even"))) > 1:
        wrong.append("took two")
    return wrong


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("value", VALUES)
def test_absurd_value_in_any_field_fails_at_most_its_own_cluster(operation: str, value: str, call: Call) -> None:
    fields = FIELDS.get(OPERATIONS[operation][0], SNAPSHOT)
    wrong = {
        field: run(operation, {"kind": "replace_json", "params": {"raw": {field: VALUES[value]}}}, call)
        for field in fields
    }
    assert not any(wrong.values()), wrong


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("headers", HEADERS.values(), ids=HEADERS)
def test_absurd_header_fails_at_most_its_own_cluster(operation: str, headers: dict[str, str], call: Call) -> None:
    assert run(operation, {"kind": "headers", "params": {"headers": headers}}, call) == []
