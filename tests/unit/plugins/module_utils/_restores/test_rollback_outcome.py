# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.errors import NoAnswer
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._restores.rollback_outcome import (
    Ended,
    RollbackOutcome,
    judge_outcome,
)
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._restores.spec import RestoreSpec
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._snapshots.records import Record
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.atlas import PROJECT
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.rollback import (
    NOW,
    ROLE_NAMES,
    backup,
    before_rollback,
    done,
    job,
)

PROD, SHOP = backup("prod", number=1), backup("shop", number=2)
PLANNED = [
    RestoreSpec(PROJECT, each["cluster_name"], PROJECT, each["cluster_name"], snapshot_id=each["id"]).record()
    for each in (PROD, SHOP)
]
DONE = [done(PROD, number=1), done(SHOP, number=2)]
SAFE = [before_rollback("prod", at=-900.0, number=21), before_rollback("shop", at=-900.0, number=22)]


def outcome(
    restored: dict[str, Any], snapshots: Sequence[Record] = tuple(SAFE), looks: dict[str, Any] | None = None
) -> RollbackOutcome:
    return judge_outcome(Ended(PLANNED, restored, list(snapshots), looks or {}))


def test_success_names_each_job_and_suggests_a_snapshot() -> None:
    found = outcome({"restores": DONE})
    assert found.is_restored
    assert found.restores == DONE
    assert found.snapshots == SAFE
    text = "\n".join(found.lines)
    assert all(record["id"] in text for record in DONE)
    assert "Take a snapshot of prod, shop now" in text


def test_one_failure_names_restored_and_failed_clusters_with_job_ids() -> None:
    failed = job(SHOP, number=2, failed=True)
    said = "Restore of shop: Restore job failed. It is unknown which data the target has now."
    found = outcome({"failed": True, "restores": DONE[:1], "errors": [{"restore": failed, "msg": said}]})
    assert not found.is_restored
    assert found.restores == [DONE[0], failed]
    text = "\n".join(found.lines)
    assert f"Restored: prod (job {DONE[0]['id']}, completed)." in text
    assert f"Not restored: shop (job {failed['id']}, failed)." in text
    assert said in text


@pytest.mark.parametrize("restored", [{"failed": True, "msg": "No answer."}, {"failed": True, "errors": []}])
def test_failure_before_any_job_keeps_the_planned_records(restored: dict[str, Any]) -> None:
    found = outcome(restored)
    assert not found.is_restored
    assert found.restores == PLANNED
    assert "Not restored: prod (no job), shop (no job)." in found.lines


def test_safety_snapshot_completed_after_its_restore_began_is_not_in_the_receipt() -> None:
    late = before_rollback("prod", at=-310.0, number=23)
    found = outcome({"restores": DONE}, [late, SAFE[1]])
    assert found.snapshots == [SAFE[1]]
    assert any(f"{late['id']} of prod is useless" in line for line in found.lines)


def test_earliest_safety_snapshot_of_a_target_is_in_the_receipt() -> None:
    later = before_rollback("prod", at=-800.0, number=23)
    assert outcome({"restores": DONE}, [SAFE[0], later]).snapshots == [SAFE[0]]

    text = "\n".join(outcome({"restores": DONE}, [SAFE[0], later]).lines)
    assert f"Safety snapshot {later['id']} of prod is from a later run" in text
    assert f"To undo the rollback, restore {SAFE[0]['id']}." in text


def test_later_safety_snapshot_replaces_a_deleted_one() -> None:
    later = before_rollback("prod", at=-800.0, number=23)
    found = outcome({"restores": DONE}, [SAFE[0], later], {SAFE[0]["id"]: None})
    assert found.snapshots == [later]
    assert any(f"{SAFE[0]['id']} of prod is gone" in line for line in found.lines)


def test_unreadable_safety_snapshot_stays_in_the_receipt_and_is_named() -> None:
    found = outcome({"restores": DONE}, looks={SAFE[0]["id"]: NoAnswer("The connection broke", "Check it.")})
    assert found.snapshots == SAFE
    assert any("could not be read again" in line for line in found.lines)


def test_safety_snapshot_is_in_the_receipt_if_no_restore_has_begun() -> None:
    found = outcome({"failed": True, "msg": "No."}, [before_rollback("prod", at=-1.0, status="inProgress")])
    assert len(found.snapshots) == 1


def test_duration_of_each_completed_restore_is_shown() -> None:
    found = judge_outcome(Ended(PLANNED, {"restores": DONE}, SAFE, sizes=[1200 * 1024, None]))
    first, second = found.measured
    assert (first["seconds"], first["bytes"], first["bytes_per_second"]) == (60, 1228800, 20480)
    assert first["text"] == (
        "The restore of prod into prod took 1:00 (60 s) for 1.2 MB (1228800 bytes), 20.0 kB per second."
    )
    assert (second["bytes"], second["bytes_per_second"]) == (None, None)
    assert second["text"] == "The restore of shop into shop took 1:00 (60 s)."
    assert {first["text"], second["text"]} <= set(found.lines)


def test_check_mode_shows_no_outcome() -> None:
    assert outcome({"restores": PLANNED}, []).lines == []


FAILED, RUNNING = job(SHOP, number=2, failed=True), job(SHOP, number=2)
AGAIN = "Run this again"


def next_step_after(restored: Sequence[Record], names: dict[str, str] | None = None, **more: Any) -> str:
    """The next step after a failed rollback with these records."""
    errors = [{"restore": each, "msg": "No."} for each in restored if each["status"] != "completed"]
    done_ones = [each for each in restored if each["status"] == "completed"]
    called = ROLE_NAMES if names is None else names
    known = {"atlas_now": NOW, "option_names": called, **more}
    (line,) = (
        line
        for line in judge_outcome(Ended(PLANNED, {"restores": done_ones, "errors": errors}, SAFE, **known)).lines
        if line.startswith(AGAIN)
    )
    return line


@pytest.mark.parametrize("max_age", [0, 60.0, 3600.0])
def test_next_step_omits_clusters_that_max_age_would_restore_again(max_age: float) -> None:
    line = next_step_after([DONE[0], FAILED], max_age=max_age)
    assert "with rollback_clusters=shop (and another rollback_receipt_path, if you set one)" in line
    assert f"without rollback_max_age={max_age:g}, which may restore prod again" in line


def test_next_step_warns_that_max_age_0_repeats_a_running_restore() -> None:
    line = next_step_after([RUNNING, job(PROD)], max_age=0)
    assert "rollback_clusters" not in line
    assert "without rollback_max_age=0, which may restore prod, shop again" in line


def test_next_step_names_no_cluster_option_if_there_is_none() -> None:
    names = {**ROLE_NAMES, "clusters": ""}
    assert next_step_after([DONE[0], FAILED], names, max_age=0).startswith(
        "Run this again without rollback_max_age=0, "
    )


@pytest.mark.parametrize(
    ("restored", "more"),
    [
        # No restore is completed, so none could be repeated.
        ([job(PROD, failed=True), FAILED], {"max_age": 0}),
        # max_age includes the completed restores.
        ([DONE[0], FAILED], {"max_age": 7 * 86400.0}),
        # The playbook sets this value itself, and repeats every restore.
        ([DONE[0], FAILED], {"max_age": 0, "names": {"confirm": "confirm"}}),
    ],
)
def test_next_step_keeps_the_variables_if_no_restore_would_be_repeated(restored: list[Record], more: Any) -> None:
    assert next_step_after(restored, **more).startswith("Run this again with the same variables: ")


def test_next_step_suggests_max_age_if_restores_are_completed() -> None:
    assert "Completed restores are not repeated; set rollback_max_age" in next_step_after([DONE[0], FAILED])
    assert "rollback_max_age" not in next_step_after([job(PROD, failed=True), FAILED])


def test_restores_that_another_run_completed_meanwhile_are_not_called_incomplete() -> None:
    said = "This restore was done before. Set max_age, for example max_age=7200, to accept it."
    errors = [{"restore": each, "msg": said} for each in DONE]
    found = judge_outcome(Ended(PLANNED, {"failed": True, "errors": errors}, SAFE, option_names=ROLE_NAMES))
    assert not found.is_restored
    assert found.restores == DONE
    assert found.lines[0].startswith("All restores are completed, but")
    assert said.replace("max_age", "rollback_max_age") in found.lines
    assert not any(line.startswith(AGAIN) for line in found.lines)
