# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.error_codes import (
    CLUSTER_RESTORE_IN_PROGRESS,
)
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.errors import AtlasError, RequestRefused
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._restores.earlier_jobs import check_jobs
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._restores.judgement import Holds, Judgement
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._restores.records import restore_record
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._restores.spec import RestoreSpec
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.atlas import PROJECT
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.restores import (
    OTHER_PROJECT,
    SNAPSHOT,
    flex_job,
    job,
)
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.times import iso, minted, moment

HOUR = 3600.0
NOW = moment(0)
POINT = int(moment(-600).timestamp())
SPEC = RestoreSpec(PROJECT, "prod", PROJECT, "staging", snapshot_id=SNAPSHOT)
TO_POINT = RestoreSpec(PROJECT, "prod", PROJECT, "staging", point_in_time=POINT)
ANOTHER = minted(-7200, 9)


def running(at: float = -100, number: int = 1, **more: Any) -> dict[str, Any]:
    return restore_record(job(at, number, **more), PROJECT, "prod", "dedicated")


def done(at: float = -HOUR, number: int = 1, **more: Any) -> dict[str, Any]:
    return running(at, number, **{"finishedAt": iso(at + 200), **more})


def to_point(**more: Any) -> dict[str, Any]:
    """The changes of a document that make it a point-in-time job."""
    return {"deliveryType": "pointInTime", "snapshotId": None, **more}


def judged(
    jobs: Any,
    max_age: float | None = None,
    spec: RestoreSpec = SPEC,
    elsewhere: Any = (),
    now: Any = NOW,
) -> Judgement:
    judgement = Judgement()
    check_jobs(spec, jobs, elsewhere, now, max_age, judgement)
    return judgement


@pytest.mark.parametrize("max_age", [None, 0, 60, 1e9])
def test_running_same_restore_is_adopted_with_any_max_age(max_age: float | None) -> None:
    same = running()
    result = judged([done(at=-500, number=2), same], max_age)

    assert result.existing == same
    assert not result.problems
    assert len(result.remarks) == 1


def test_running_same_restore_to_a_point_in_time_is_adopted() -> None:
    same = running(**to_point(pointInTimeUTCSeconds=POINT))

    assert judged([same], spec=TO_POINT).existing == same


@pytest.mark.parametrize(
    "other",
    [
        running(snapshotId=ANOTHER),
        running(**to_point(pointInTimeUTCSeconds=POINT)),
        restore_record(flex_job("RUNNING", snapshotId=ANOTHER), PROJECT, "prod", "flex"),
        restore_record(job(), PROJECT, "another-source", "dedicated"),
    ],
)
def test_another_restore_into_the_target_is_a_problem_that_names_its_job(other: dict[str, Any]) -> None:
    (problem,) = judged([other]).problems

    assert other["id"] in str(problem.error)
    assert "may be the same one" not in str(problem.error)
    assert (problem.error.status_code, problem.error.error_code) == (400, CLUSTER_RESTORE_IN_PROGRESS)
    assert f"restore_job_id={other['id']}" in problem.error.hint
    assert problem.error.record == other
    assert problem.holds is Holds.UNKNOWN


def test_job_of_another_source_into_the_target_is_a_problem() -> None:
    other = restore_record(job(snapshotId=ANOTHER), PROJECT, "another-source", "dedicated")

    assert judged([], elsewhere=[other]).problems


@pytest.mark.parametrize(
    "elsewhere",
    [
        running(targetClusterName="other"),
        running(targetGroupId=OTHER_PROJECT),
        running(deliveryType="download", targetClusterName=None),
    ],
)
def test_job_into_another_target_does_not_matter(elsewhere: dict[str, Any]) -> None:
    result = judged([elsewhere])

    assert not result.problems
    assert result.existing is None


def test_running_job_without_a_point_in_time_is_reported_as_possibly_the_same() -> None:
    (problem,) = judged([running(**to_point())], spec=TO_POINT).problems

    assert "may be the same one" in str(problem.error)


def test_finished_same_restore_is_a_problem_that_names_both_alternatives() -> None:
    before = done(at=-HOUR)
    (problem,) = judged([before]).problems

    assert before["id"] in str(problem.error)
    assert "1 h 0 min ago" in str(problem.error)
    # The suggested max_age includes the job, with an hour to spare.
    assert "max_age=7200," in problem.error.hint
    assert "max_age=0" in problem.error.hint
    assert problem.error.record == before
    assert problem.holds is Holds.RESTORED


def test_both_alternatives_are_named_without_a_clock() -> None:
    (problem,) = judged([done()], now=None).problems

    assert "max_age that covers it" in problem.error.hint


def test_finished_same_restore_within_max_age_is_the_result() -> None:
    before = done(at=-HOUR)
    result = judged([done(at=-2 * HOUR, number=2), before], max_age=HOUR)

    assert result.existing == before
    assert not result.problems
    assert len(result.remarks) == 1


@pytest.mark.parametrize("max_age", [0, HOUR - 1])
def test_finished_same_restore_beyond_max_age_is_repeated(max_age: float) -> None:
    result = judged([done(at=-HOUR)], max_age=max_age)

    assert result.existing is None
    assert not result.problems
    assert len(result.remarks) == 1


@pytest.mark.parametrize("created_at", ["2036-01-01T00:00:00Z", "yesterday"])
def test_same_restore_at_an_impossible_time_is_a_problem(created_at: str) -> None:
    result = judged([{**done(), "created_at": created_at}], max_age=HOUR)

    (problem,) = result.problems
    assert created_at in str(problem.error)
    assert problem.holds is Holds.RESTORED
    assert result.existing is None


def test_age_is_unknown_without_a_clock() -> None:
    (problem,) = judged([done()], max_age=HOUR, now=None).problems

    assert "had a Date" in str(problem.error)
    assert problem.holds is Holds.RESTORED


@pytest.mark.parametrize(
    "newer",
    [
        done(at=-60, number=2, snapshotId=ANOTHER),
        done(at=-60, number=2, failed=True),
        done(at=-60, number=2, cancelled=True),
        done(at=-60, number=2, expired=True),
        done(at=-60, number=2, **to_point(pointInTimeUTCSeconds=POINT)),
    ],
)
@pytest.mark.parametrize("max_age", [None, 1e9])
def test_only_the_newest_restore_into_the_target_can_be_the_result(
    newer: dict[str, Any], max_age: float | None
) -> None:
    result = judged([done(at=-HOUR), newer], max_age)

    assert result.existing is None
    assert not result.problems


def test_newer_restore_from_another_source_prevents_reuse() -> None:
    newer = restore_record(job(-60, 2, finishedAt=iso(-10)), PROJECT, "another-source", "dedicated")

    assert judged([done()], max_age=1e9, elsewhere=[newer]).existing is None


@pytest.mark.parametrize("max_age", [None, 1e9])
def test_completed_job_without_a_point_in_time_is_a_problem(max_age: float | None) -> None:
    result = judged([done(**to_point())], max_age, spec=TO_POINT)

    assert result.existing is None
    assert "does not show" in str(result.problems[0].error)
    assert result.problems[0].holds is Holds.UNKNOWN


def test_max_age_0_restores_again_despite_a_completed_job_without_a_point_in_time() -> None:
    result = judged([done(**to_point())], 0, spec=TO_POINT)

    assert not result.problems


def test_same_snapshot_into_another_project_is_another_restore() -> None:
    assert not judged([done(targetGroupId=OTHER_PROJECT)]).problems


def test_failed_list_of_jobs_is_a_problem() -> None:
    refused: AtlasError = RequestRefused(401, error_code="USER_UNAUTHORIZED")
    (problem,) = judged(refused).problems

    assert "restore jobs of cluster prod cannot be listed" in str(problem.error)
    assert problem.error.hint.startswith("Give the credentials the role Project Backup Manager")
