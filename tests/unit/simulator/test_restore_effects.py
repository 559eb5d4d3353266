# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The effects of a restore on its target: its state, which changes are refused, and its content."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mongodb_atlas.backup.tests.simulator.control import Control
from ansible_collections.mongodb_atlas.backup.tests.simulator.restores import OUTCOMES
from ansible_collections.mongodb_atlas.backup.tests.unit.simulator.support import CLUSTERS, FLEX, Atlas, code

SHORT = {"restore_queued_seconds": 1, "restore_seconds": 4}
BUSY = [("CLUSTER_RESTORE_IN_PROGRESS_CANNOT_UPDATE", 400), ("ATLAS_CLUSTER_RESTORE_IN_PROGRESS", 409)]


@pytest.mark.parametrize("outcome", OUTCOMES)
@pytest.mark.parametrize("state", ["IDLE", "UPDATING", "REPAIRING", "RESTORING"])
def test_target_has_the_set_state_during_a_restore_and_after_it(state: str, outcome: str) -> None:
    atlas = Atlas(
        **SHORT, restoring_state=state, settling_state="REPAIRING", settling_seconds=20, restore_outcome=outcome
    )
    job = atlas.restore(atlas.finished())
    assert job.status == 200
    states = []
    for seconds in (0, 4.9, 0.1, 19.9, 0.1):
        atlas.moment += seconds
        states.append(atlas.cluster()["stateName"])
    assert states == [state, state, "REPAIRING", "REPAIRING", "IDLE"]
    listed = atlas.get(f"{atlas.group}/clusters", version=CLUSTERS).json()["results"]
    assert {each["name"]: each["stateName"] for each in listed}["demo-replica"] == "IDLE"


def test_source_other_than_the_target_stays_unchanged() -> None:
    atlas = Atlas()
    atlas.restore(atlas.finished("demo-sharded"), "demo-sharded", targetClusterName="demo-geo")
    assert (atlas.cluster("demo-sharded")["stateName"], atlas.cluster("demo-geo")["stateName"]) == ("IDLE", "UPDATING")


def test_flex_target_has_the_set_state_too() -> None:
    atlas = Atlas()
    atlas.flex_restore()
    state = atlas.get(f"{atlas.group}/flexClusters/demo-flex", version=FLEX).json()["stateName"]
    assert state == "UPDATING"


def test_snapshot_of_a_target_during_a_restore_is_allowed() -> None:
    atlas = Atlas()
    atlas.restore(atlas.finished())
    assert atlas.take().status == 200


@pytest.mark.parametrize(("busy_code", "status"), BUSY)
def test_changes_to_a_target_during_a_restore_can_be_refused(busy_code: str, status: int) -> None:
    atlas = Atlas(**SHORT, take_during_restore=busy_code, change_during_restore=busy_code)
    snapshot_id = atlas.finished()
    one = atlas.snapshots("demo-replica", f"/{snapshot_id}")
    patch = {"retentionUnit": "DAYS", "retentionValue": 9}
    atlas.restore(snapshot_id)
    for answer in (atlas.take(), atlas.ask("PATCH", one, body=patch), atlas.ask("DELETE", one)):
        assert code(answer) == (status, busy_code)
    atlas.moment += 5
    answers = (atlas.take(), atlas.ask("PATCH", one, body=patch), atlas.ask("DELETE", one))
    assert [answer.status for answer in answers] == [200, 200, 204]


def test_completed_restore_writes_the_content_of_the_snapshot() -> None:
    atlas, control = _controlled()
    control.restores.write({"cluster": "demo-replica", "text": "good", "written_by": "shop"})
    snapshot_id = atlas.finished()
    control.restores.write({"cluster": "demo-replica", "text": "broken"})
    job = atlas.restore(snapshot_id).json()
    seen = []
    for seconds in (0, 1, 4):
        atlas.moment += seconds
        seen.append((_content(control)["state"], _content(control)["text"]))
    assert seen == [("known", "broken"), ("restoring", None), ("known", "good")]
    assert _content(control)["written_by"] == "shop"
    assert control.restores.jobs()[0]["id"] == job["id"]
    assert control.restores.jobs()[0]["content"]["text"] == "good"
    assert control.restores.jobs()[0]["requested_by"] == "demo-owner"


def test_restore_into_another_cluster_leaves_its_source_unchanged() -> None:
    atlas, control = _controlled()
    control.restores.write({"cluster": "demo-sharded", "text": "good"})
    snapshot_id = atlas.finished("demo-sharded")
    control.restores.write({"cluster": "demo-sharded", "text": "later"})
    atlas.restore(snapshot_id, "demo-sharded", targetClusterName="demo-geo")
    atlas.moment += 10
    assert _content(control, "demo-sharded")["text"] == "later"
    assert _content(control, "demo-geo")["text"] == "good"


@pytest.mark.parametrize("outcome", ["failed", "cancelled", "expired"])
def test_content_is_unknown_after_a_restore_without_success(outcome: str) -> None:
    atlas, control = _controlled(restore_outcome=outcome)
    atlas.restore(atlas.finished())
    atlas.moment += 10
    assert _content(control) == {"state": "unknown", "text": None, "written_by": None, "written_at": None}
    control.restores.write({"cluster": "demo-replica", "text": "anew"})
    assert _content(control)["text"] == "anew"


def test_snapshot_during_a_restore_has_unknown_content() -> None:
    atlas, control = _controlled(restore_seconds=100)
    atlas.restore(atlas.finished())
    atlas.moment += 1
    atlas.finished()
    assert control.snapshots()["demo-replica"][-1]["content"] == {"text": None, "written_by": None, "written_at": None}


def test_snapshot_keeps_the_content_of_its_created_at() -> None:
    atlas, control = _controlled()
    control.restores.write({"cluster": "demo-replica", "text": "before"})
    atlas.take()
    atlas.moment += 3
    control.restores.write({"cluster": "demo-replica", "text": "before the moment"})
    atlas.moment += 2
    control.restores.write({"cluster": "demo-replica", "text": "after"})
    assert control.snapshots()["demo-replica"][-1]["content"] is None
    atlas.moment += 1
    assert control.snapshots()["demo-replica"][-1]["content"]["text"] == "before the moment"


def test_flex_restore_writes_the_content_too() -> None:
    atlas, control = _controlled()
    control.restores.write({"cluster": "demo-flex", "text": "broken"})
    atlas.flex_restore()
    atlas.moment += 10
    assert _content(control, "demo-flex")["text"] == "demo-flex as it was created"


def _controlled(**settings: Any) -> tuple[Atlas, Control]:
    """An Atlas, and the control interface of the same service."""
    atlas = Atlas(**{**SHORT, **settings})
    control = Control(lambda: atlas.moment)
    control.service = atlas.service
    return atlas, control


def _content(control: Control, cluster: str = "demo-replica") -> dict[str, Any]:
    return control.restores.contents()[cluster]
