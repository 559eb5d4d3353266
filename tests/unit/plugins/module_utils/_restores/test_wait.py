# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.errors import (
    AtlasError,
    NoAnswer,
    OutOfTime,
    RequestRefused,
)
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.messages import Answer
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._restores.attempt import RestoreAttempt
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._restores.jobs import SourceJobs
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._restores.judgement import Holds, RestoreTrouble
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._restores.records import restore_record
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._restores.wait import ensure_completed, wait_for_end
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._snapshots.progress import Progress
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._snapshots.wait import Pace
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.answers import answer, html, ok, refused
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.atlas import PROJECT
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.bench import Bench, play
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.restores import (
    flex_job,
    flex_jobs_path,
    job,
    jobs_path,
)
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.script import GET, Script, Step
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.times import iso, minted

NOT_THERE = refused(404, "RESTORE_JOB_NOT_FOUND")


def look(gives: Answer | AtlasError, **more: Any) -> Step:
    return GET(jobs_path(rest=f"/{minted()}"), gives, **more)


def wait(
    *steps: Step, seconds: float = 600.0, kind: str = "dedicated", lines: list[str] | None = None
) -> tuple[RestoreAttempt, AtlasError | None, Script]:
    """The attempt after the wait, the error raised, and the requests."""
    attempt = RestoreAttempt("prod")
    attempt.has_job(
        restore_record(flex_job() if kind == "flex" else job(), PROJECT, "prod", kind),
        ours=True,
    )
    conversation = Script(*steps)

    async def work(bench: Bench) -> AtlasError | None:
        bench.budget.extend_to_deadline()
        jobs = SourceJobs(bench.api, "prod", kind)
        pace = Pace(progress=Progress(1, (lines if lines is not None else []).append))
        try:
            await wait_for_end(jobs, attempt, bench.deadline, pace)
        except AtlasError as error:
            return error
        return None

    return attempt, play(conversation, work, seconds=seconds), conversation


def status(attempt: RestoreAttempt) -> Any:
    return attempt.record and attempt.record["status"]


DONE = ok(job(finishedAt=iso(5)))


def test_finished_job_without_a_flag_is_completed() -> None:
    attempt, error, _script = wait(look(ok(job())), look(DONE))

    assert error is None
    assert status(attempt) == "completed"
    assert attempt.holds is Holds.RESTORED


def test_flex_job_ends_with_its_status() -> None:
    path = flex_jobs_path(rest=f"/{minted()}")
    attempt, error, _script = wait(
        GET(path, ok(flex_job("RUNNING"))), GET(path, ok(flex_job("COMPLETED"))), kind="flex"
    )

    assert error is None
    assert attempt.holds is Holds.RESTORED


@pytest.mark.parametrize("flag", ["failed", "cancelled", "expired"])
@pytest.mark.parametrize("finished", [{}, {"finishedAt": iso(5)}])
def test_flagged_job_fails_and_leaves_the_target_unknown(flag: str, finished: dict[str, str]) -> None:
    attempt, error, _script = wait(look(ok(job(**{flag: True}, **finished))))

    assert error is not None
    assert minted() in str(error)
    assert flag in str(error)
    assert status(attempt) == flag
    assert attempt.holds is Holds.UNKNOWN


def test_failed_flex_job_is_an_error() -> None:
    path = flex_jobs_path(rest=f"/{minted()}")
    _attempt, error, _script = wait(GET(path, ok(flex_job("FAILED"))), kind="flex")

    assert error is not None
    assert "failed" in str(error)


def test_status_404_is_never_the_end_of_a_job() -> None:
    _attempt, error, _script = wait(*[look(NOT_THERE) for _look in range(20)], look(DONE))

    assert error is None


@pytest.mark.parametrize("gives", [NOT_THERE, refused(404, "CLUSTER_NOT_FOUND")])
def test_status_404_at_the_deadline_reports_a_running_job(gives: Answer) -> None:
    attempt, error, _script = wait(look(ok(job())), *[look(gives)] * 3, seconds=4)

    assert isinstance(error, OutOfTime)
    assert "Atlas last answered 404" in str(error)
    assert status(attempt) == "inProgress"
    assert f"restore_job_id={minted()}" in str(error)


def test_timeout_does_not_mention_a_404_before_the_last_answer() -> None:
    _attempt, error, _script = wait(look(NOT_THERE), look(ok(job())), look(ok(job())), seconds=2.5)

    assert isinstance(error, OutOfTime)
    assert "404" not in str(error)


@pytest.mark.parametrize("trouble", [NoAnswer("Broke", "Check."), html(503)], ids=["no answer", "busy"])
def test_temporary_error_at_the_last_poll_is_a_timeout(trouble: Answer | AtlasError) -> None:
    _attempt, error, _script = wait(look(ok(job())), look(trouble), seconds=2)

    assert isinstance(error, OutOfTime)


def test_permanent_error_at_the_last_poll_is_reported_as_it_is() -> None:
    _attempt, error, _script = wait(look(ok(job())), look(refused(403, "ACCESS_FORBIDDEN")), seconds=2)

    assert isinstance(error, RequestRefused)


def test_polls_of_a_job_become_less_frequent() -> None:
    _attempt, _error, script = wait(*[look(ok(job()))] * 6, look(DONE))
    looks = [sent.at for sent in script.sent]

    assert looks[-1] - looks[-2] > 2 * looks[0]


@pytest.mark.parametrize(
    ("more", "words"),
    [({"failed": True}, "failed"), ({"cancelled": True}, "was cancelled"), ({"expired": True}, "has expired")],
)
def test_job_that_ended_without_success_is_an_error_with_its_status_and_id(more: dict[str, Any], words: str) -> None:
    record = restore_record(job(**more), PROJECT, "prod", "dedicated")
    with pytest.raises(RestoreTrouble, match=f"{minted()} {words}") as caught:
        ensure_completed(record, RestoreAttempt("prod"))
    assert caught.value.record == record


@pytest.mark.parametrize(
    ("more", "holds"),
    [
        ({}, Holds.OLD_DATA),
        ({"finishedAt": iso(5)}, Holds.RESTORED),
        ({"finishedAt": iso(5), "deliveryType": "download"}, Holds.OLD_DATA),
    ],
)
def test_only_a_completed_restore_leaves_the_restored_data(more: dict[str, Any], holds: Holds) -> None:
    attempt = RestoreAttempt("prod")
    ensure_completed(restore_record(job(**more), PROJECT, "prod", "dedicated"), attempt)

    assert attempt.holds is holds


@pytest.mark.parametrize(
    "trouble",
    [html(503), refused(429, "RATE_LIMITED"), NoAnswer("Broke", "Check."), answer(200, b'{"id": '), ok({})],
)
def test_temporary_error_is_retried(trouble: Answer | AtlasError) -> None:
    _attempt, error, _script = wait(look(trouble), look(DONE))

    assert error is None


def test_answer_about_another_job_is_ignored() -> None:
    attempt, error, _script = wait(look(ok(job(number=2, finishedAt=iso(5)))), look(ok(job())), look(DONE))

    assert error is None
    assert status(attempt) == "completed"


def test_refusal_ends_the_wait_and_keeps_the_job() -> None:
    attempt, error, _script = wait(look(refused(403, "ACCESS_FORBIDDEN")))

    assert error is not None
    failure = attempt.failure(error)
    assert failure.error.record is not None
    assert failure.error.record["id"] == minted()
    assert failure.changed


def test_timeout_names_the_job_and_how_to_continue() -> None:
    attempt, error, script = wait(look(ok(job())), look(ok(job())), seconds=2)

    assert isinstance(error, OutOfTime)
    assert f"Restore job {minted()} was inProgress" in str(error)
    assert f"cluster_name=prod and restore_job_id={minted()}" in str(error)
    assert attempt.holds is Holds.UNKNOWN
    assert script.sent[-1].at == pytest.approx(2)


def test_progress_shows_the_name_of_the_target() -> None:
    lines: list[str] = []
    wait(look(ok(job())), look(DONE), lines=lines)

    assert lines[0].startswith("staging: inProgress")
    assert lines[-1].startswith("staging: completed")
