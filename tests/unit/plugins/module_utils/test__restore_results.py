# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.errors import AtlasError, RequestRefused
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._attempts import Failure
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._restore_results import (
    listed_result,
    project_failure,
    restored_result,
)
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._restores.attempt import (
    RestoreAttempt,
    RestoreFailure,
    RestoreOutcome,
)
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._restores.judgement import Holds
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._restores.records import restore_record
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._restores.spec import RestoreSpec
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.atlas import PROJECT
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.restores import job
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.times import iso, minted

SUBJECT = "Restore of snapshot 1 of cluster prod into cluster staging"


def record(**more: Any) -> dict[str, Any]:
    return restore_record(job(**more), PROJECT, "prod", "dedicated")


def done(**more: Any) -> RestoreOutcome:
    return RestoreOutcome(record(finishedAt=iso(5)), True, **more)


def failure(error: AtlasError | None = None, target: str = "cluster staging", **more: Any) -> RestoreFailure:
    subject = f"Restore of snapshot 1 of cluster prod into {target}"
    return RestoreFailure("prod", error or AtlasError("It broke", "Fix it."), subject=subject, target=target, **more)


def result(*outcomes: RestoreOutcome | RestoreFailure, asked: int = 1, with_diff: bool = False) -> dict[str, Any]:
    return restored_result(outcomes, asked=asked, with_diff=with_diff)


def test_one_restore_is_returned_as_record_and_list() -> None:
    returned = result(done())

    assert returned["restore"] is returned["restores"][0]
    assert returned["restore"]["reused"] is False
    assert returned["changed"] is True
    assert "warnings" not in returned
    assert "failed" not in returned


def test_several_restores_are_returned_as_list_only() -> None:
    assert "restore" not in result(done(), done(), asked=2)
    assert "restore" not in result(done(), failure(), asked=2)


@pytest.mark.parametrize(
    ("outcomes", "reused"),
    [([True], True), ([True, True], True), ([True, False], False), ([False], False), ([], False)],
)
def test_reused_is_true_only_if_all_are_reused(outcomes: list[bool], reused: bool) -> None:
    assert result(*(done(reused=each) for each in outcomes), asked=len(outcomes))["reused"] is reused


def test_warnings_of_all_restores_are_returned() -> None:
    assert result(done(warnings=("one",)), done(warnings=("two", "three")), asked=2)["warnings"] == [
        "one",
        "two",
        "three",
    ]


def test_failure_names_restore_reason_content_and_next_step() -> None:
    refused = RequestRefused(403, error_code="CANNOT_RESTORE_TO_TARGET", detail="No role.")
    (error,) = result(failure(refused))["errors"]

    assert error["msg"] == (
        f"{SUBJECT}: Atlas answered 403 CANNOT_RESTORE_TO_TARGET: No role. The target still has its old data. "
        "Give the credentials the role Project Backup Manager (or Project Owner) in the target's project too."
    )
    assert (error["error_code"], error["status_code"]) == ("CANNOT_RESTORE_TO_TARGET", 403)
    assert error["restore"] is None


@pytest.mark.parametrize("holds", list(Holds))
def test_failure_says_what_the_target_contains(holds: Holds) -> None:
    assert holds.value in result(failure(holds=holds))["msg"]


def test_running_job_is_named_with_its_status_and_how_to_continue() -> None:
    attempt = RestoreAttempt("prod", subject=SUBJECT)
    attempt.has_job(record(), ours=True)
    returned = result(attempt.failure(RequestRefused(401, error_code="USER_UNAUTHORIZED")))

    assert f"Restore job {minted()} was inProgress when it was last polled." in returned["msg"]
    assert f"cluster_name=prod and restore_job_id={minted()}" in returned["msg"]
    assert "It is unknown which data the target has now." in returned["msg"]
    assert returned["changed"] is True
    assert returned["errors"][0]["restore"]["id"] == minted()


def test_job_in_the_message_is_named_once() -> None:
    error = AtlasError(f"Restore job {minted()} failed", "Restore again.").in_context(record=record(failed=True))

    assert result(failure(error))["msg"].count(minted()) == 1


def test_uncertain_start_warns_that_a_restore_may_have_been_started() -> None:
    attempt = RestoreAttempt("prod", subject=SUBJECT)
    attempt.may_have_started()
    returned = result(attempt.failure(AtlasError("The connection broke", "Check the network.")))

    assert "A restore may have been started" in returned["msg"]
    assert returned["changed"] is True


def test_alike_failures_of_attempts_are_one_line_and_each_names_its_restore_once() -> None:
    refused = RequestRefused(403, error_code="CANNOT_RESTORE_TO_TARGET", detail="No role.")
    specs = [RestoreSpec(PROJECT, "prod", PROJECT, name, snapshot_id=minted(1)) for name in ("staging", "shop")]
    attempts = [RestoreAttempt("prod", subject=str(spec), spec=spec) for spec in specs]
    returned = result(*(attempt.failure(refused) for attempt in attempts), asked=2)

    heading, line = returned["msg"].splitlines()
    assert heading == "2 problems:"
    assert line.startswith("Restores into cluster staging, cluster shop: Atlas answered 403")
    for place, spec in enumerate(specs):
        message = returned["errors"][place]["msg"]
        assert message.count(str(spec)) == 1
        assert message.startswith(f"{spec}: Atlas answered 403")


def test_several_problems_are_lines_below_their_number() -> None:
    returned = result(
        failure(), failure(AtlasError("It broke too", "Fix it.")), failure(target="cluster shop"), asked=3
    )

    assert returned["msg"].splitlines() == [
        "3 problems:",
        "Restores into cluster staging, cluster shop: It broke. The target still has its old data. Fix it.",
        f"{SUBJECT}: It broke too. The target still has its old data. Fix it.",
    ]
    assert [each["msg"] for each in returned["errors"]][2].startswith(
        "Restore of snapshot 1 of cluster prod into cluster shop: It"
    )


def test_diffs_are_returned_in_diff_mode_only() -> None:
    assert result(done(diff={"before": {}}), with_diff=True)["diff"] == [{"before": {}}]
    assert "diff" not in result(done(diff={"before": {}}))


def test_jobs_are_returned_beside_failed_clusters() -> None:
    returned = listed_result([[record()], Failure("nosuch", AtlasError("It is not there", "Check the name."))])

    assert [each["id"] for each in returned["restores"]] == [minted()]
    assert returned["errors"][0]["msg"] == "Cluster nosuch: It is not there. Check the name."


def test_general_failure_has_one_entry_without_a_cluster() -> None:
    returned = project_failure(AtlasError("No credentials are given", "Give some."))

    assert returned["errors"][0]["cluster_name"] is None
    assert set(returned["errors"][0]) == set(result(failure())["errors"][0])
