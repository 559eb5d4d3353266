# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.errors import AtlasError, RequestRefused
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._attempts import Failure
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._results import (
    failed_result,
    listed_result,
    taken_result,
)
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._snapshots.outcome import Outcome
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._snapshots.records import Record, snapshot_record
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.atlas import PROJECT, snapshot
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.times import minted

ID = minted()


def record(name: str = "prod", status: str = "completed") -> Record:
    return snapshot_record(snapshot(status), PROJECT, name, "dedicated")


def failure(name: str = "prod", message: str = "It broke", known: bool = False, **more: Any) -> Failure:
    error = AtlasError(message, "Fix it.", record=record(name, "inProgress") if known else None)
    return Failure(name, error, **more)


def taken(*outcomes: Any, with_diff: bool = False) -> dict[str, Any]:
    return taken_result(list(outcomes), with_diff=with_diff)


TAKEN, REUSED = Outcome(record("a"), changed=True), Outcome(record("b"), changed=False, reused=True)


def test_one_cluster_has_a_single_snapshot() -> None:
    assert taken(TAKEN) == {
        "changed": True,
        "snapshots": [{**record("a"), "reused": False}],
        "snapshot": {**record("a"), "reused": False},
        "reused": False,
    }


def test_several_clusters_have_no_single_snapshot() -> None:
    result = taken(REUSED, TAKEN)

    assert [(each["cluster_name"], each["reused"]) for each in result["snapshots"]] == [("b", True), ("a", False)]
    assert (result["changed"], result["reused"], "snapshot" in result) == (True, False, False)


def test_reused_and_changed_are_set_for_the_whole_result() -> None:
    assert (taken(REUSED, REUSED)["reused"], taken(REUSED)["changed"]) == (True, False)
    assert taken(REUSED, failure())["reused"] is False
    assert taken(failure())["reused"] is False


def test_failure_is_returned_beside_a_success() -> None:
    result = taken(TAKEN, failure("b", known=True))

    assert result["failed"]
    assert result["changed"]
    assert [each["cluster_name"] for each in result["snapshots"]] == ["a"]
    assert result["errors"] == [
        {
            "cluster_name": "b",
            "cluster_type": None,
            "msg": f"Cluster b: It broke. Fix it. Snapshot {ID} was inProgress when it was last polled: "
            f"run again with snapshot_id={ID} to wait for it.",
            "error_code": None,
            "status_code": None,
            "snapshot": record("b", "inProgress"),
        }
    ]
    assert result["msg"].startswith("1 of 2 clusters failed. Cluster b: It broke. Fix it.")


def test_failure_with_a_completed_snapshot_does_not_suggest_waiting() -> None:
    error = AtlasError("It broke", "Fix it.", record=record("b", "completed"))

    message = taken(Failure("b", error))["errors"][0]["msg"]
    assert message == f"Cluster b: It broke. Fix it. Snapshot {ID} was completed when it was last polled."


def test_failure_after_taking_a_snapshot_is_changed() -> None:
    assert taken(failure(changed=True))["changed"]
    assert not taken(failure())["changed"]


def test_status_and_code_are_returned() -> None:
    error = taken(Failure("prod", RequestRefused(404, error_code="CLUSTER_NOT_FOUND")))["errors"][0]

    assert (error["status_code"], error["error_code"], error["snapshot"]) == (404, "CLUSTER_NOT_FOUND", None)


def test_id_in_the_message_is_not_repeated() -> None:
    assert taken(failure(message=f"Snapshot {ID} failed", known=True))["msg"].count(ID) == 1


def test_same_reason_of_many_clusters_is_given_once() -> None:
    result = failed_result([failure("a"), failure("b", "Another"), failure("c"), []])

    assert result["msg"] == ("3 of 4 clusters failed. Clusters a, c: It broke. Fix it. Cluster b: Another. Fix it.")
    assert [error["msg"] for error in result["errors"]] == [
        "Cluster a: It broke. Fix it.",
        "Cluster b: Another. Fix it.",
        "Cluster c: It broke. Fix it.",
    ]


def test_no_failure_gives_no_message() -> None:
    assert failed_result([TAKEN, []]) == {}


def test_info_module_is_never_changed_and_keeps_the_order() -> None:
    result = listed_result([[record("b"), record("b")], failure("x"), [], [record("a")]])

    assert [each["cluster_name"] for each in result["snapshots"]] == ["b", "b", "a"]
    assert (result["changed"], result["failed"]) == (False, True)
    assert result["msg"] == "1 of 4 clusters failed. Cluster x: It broke. Fix it."


def test_diff_shows_before_and_after() -> None:
    header = {"before_header": "snapshot of a", "after_header": "snapshot of a"}
    before, after = record("a", "queued"), record("a")

    assert taken(Outcome(after, True), with_diff=True)["diff"] == [{**header, "before": {}, "after": after}]
    assert taken(Outcome(after, True, before=before), with_diff=True)["diff"][0]["before"] == before
    assert taken(Outcome(before, True, before=before, gone=True), with_diff=True)["diff"][0]["after"] == {}
    assert "diff" not in taken(TAKEN)
