# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.errors import (
    AtlasError,
    NoAnswer,
    NotConnected,
    RequestRefused,
)
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.messages import Answer
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._restores.attempt import RestoreAttempt
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._restores.jobs import SourceJobs
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._restores.judgement import Holds
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._restores.spec import RestoreSpec
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._restores.start import Starting
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.answers import answer, html, ok, page, refused
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.atlas import FIRST_PAGE, PROJECT
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.bench import Bench, play
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.restores import (
    OTHER_PROJECT,
    SNAPSHOT,
    flex_job,
    flex_jobs_path,
    job,
    jobs_path,
)
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.script import GET, POST, Script, Step
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.times import iso, minted, moment

SPEC = RestoreSpec(PROJECT, "prod", PROJECT, "staging", snapshot_id=SNAPSHOT)
POINT = int(moment(-600).timestamp())
TO_POINT = RestoreSpec(PROJECT, "prod", PROJECT, "staging", point_in_time=POINT)
BODY = {
    "deliveryType": "automated",
    "snapshotId": SNAPSHOT,
    "targetGroupId": PROJECT,
    "targetClusterName": "staging",
}
LOST = NoAnswer("The connection broke", "Check the network.")
BUSY = refused(400, "CLUSTER_RESTORE_IN_PROGRESS_CANNOT_UPDATE")
ANOTHER = minted(-7200, 9)


def post(gives: Answer | AtlasError, **more: Any) -> Step:
    return POST(jobs_path(), gives, **more)


def listing(*jobs: dict[str, Any], gives: Answer | AtlasError | None = None) -> Step:
    return GET(jobs_path(rest=FIRST_PAGE), gives or page(*jobs))


def start(
    *steps: Step,
    spec: RestoreSpec = SPEC,
    known: Collection[str] = (),
    kind: str = "dedicated",
    seconds: float = 600.0,
    **script: Any,
) -> tuple[RestoreAttempt, AtlasError | None, Script]:
    """The attempt after the start, the error raised, and the requests."""
    attempt = RestoreAttempt("prod", subject=str(spec))
    conversation = Script(*steps, **script)

    async def work(bench: Bench) -> AtlasError | None:
        jobs = SourceJobs(bench.api, "prod", kind)
        starting = Starting(jobs, spec, attempt, known=known, budget=bench.budget, clock=bench.client.clock)
        try:
            await starting.start()
        except AtlasError as error:
            return error
        return None

    return attempt, play(conversation, work, seconds=seconds), conversation


def has_job(attempt: RestoreAttempt, job_id: str, *, ours: bool = True) -> bool:
    return attempt.record is not None and attempt.record["id"] == job_id and attempt.changed is ours


def test_one_post_starts_a_restore() -> None:
    attempt, error, _script = start(post(ok(job()), body=BODY))

    assert error is None
    assert has_job(attempt, minted())
    assert attempt.holds is Holds.UNKNOWN


@pytest.mark.parametrize("hidden", ["snapshotId", "targetClusterName", "targetGroupId", "deliveryType"])
def test_answer_without_one_of_the_requested_fields_is_accepted(hidden: str) -> None:
    attempt, error, _script = start(post(ok(job(**{hidden: None}))))

    assert error is None
    assert has_job(attempt, minted())


def test_point_in_time_replaces_the_snapshot() -> None:
    body = {**{key: BODY[key] for key in ("targetGroupId", "targetClusterName")}, "deliveryType": "pointInTime"}
    body["pointInTimeUTCSeconds"] = POINT  # type: ignore[assignment]  # a number among texts
    answered = job(deliveryType="pointInTime", pointInTimeUTCSeconds=POINT)
    attempt, error, _script = start(post(ok(answered), body=body), spec=TO_POINT)

    assert error is None
    assert attempt.record is not None
    assert attempt.record["delivery_type"] == "pointInTime"


def test_flex_restore_has_its_own_endpoint_and_body() -> None:
    body = {"snapshotId": SNAPSHOT, "targetDeploymentItemName": "staging", "targetProjectId": PROJECT}
    attempt, error, _script = start(POST(flex_jobs_path(), ok(flex_job()), body=body), kind="flex")

    assert error is None
    assert attempt.record is not None
    assert attempt.record["status"] == "queued"


UNCERTAIN = [
    LOST,
    html(500),
    html(503),
    answer(200, b"[]"),
    answer(200, b'{"id": "6a79'),
    ok({}),
    ok({"id": "not an id"}),
    html(404),
    answer(302, location="https://elsewhere.example.invalid/"),
    # Answers that describe another restore, or an earlier one.
    ok(job(snapshotId=ANOTHER)),
    ok(job(targetClusterName="other")),
    ok(job(targetGroupId=OTHER_PROJECT)),
    ok(job(deliveryType="download")),
    ok(job(at=-60)),
]
every_uncertain = pytest.mark.parametrize("gives", UNCERTAIN, ids=range(len(UNCERTAIN)))


@every_uncertain
def test_uncertain_answer_adopts_the_job_that_was_started(gives: Answer | AtlasError) -> None:
    attempt, error, _script = start(post(gives), listing(job(number=2)))

    assert error is None
    assert has_job(attempt, minted(0, 2))


@every_uncertain
def test_post_is_repeated_after_two_lists_without_the_job(gives: Answer | AtlasError) -> None:
    is_redirect = isinstance(gives, Answer) and gives.status == 302
    again = [] if is_redirect else [post(ok(job(at=31, number=2)))]
    attempt, error, script = start(post(gives), listing(), listing(), *again)

    first, second = script.sent[1].at, script.sent[2].at
    assert second - first >= 30
    if is_redirect:
        # A redirect is not retried: the next POST would be redirected too.
        assert error is not None
        assert not attempt.changed
    else:
        assert has_job(attempt, minted(31, 2))


def test_job_may_appear_in_the_second_list_only() -> None:
    attempt, _error, _script = start(post(LOST), listing(), listing(job(number=2)))

    assert has_job(attempt, minted(0, 2))


def test_uncertain_posts_are_repeated_until_the_deadline() -> None:
    rounds = [step for _round in range(5) for step in (post(LOST), listing(), listing())]
    attempt, error, _script = start(*rounds, post(ok(job(at=151))))

    assert error is None
    assert has_job(attempt, minted(151))


NOT_OURS = [
    job(snapshotId=ANOTHER),
    job(targetClusterName="other"),
    job(targetGroupId=OTHER_PROJECT),
    job(deliveryType="pointInTime", snapshotId=SNAPSHOT),
    job(deliveryType="download"),
    # Three seconds before the POST, by the time in its id.
    job(at=-3),
]


@pytest.mark.parametrize("other", NOT_OURS, ids=range(len(NOT_OURS)))
def test_job_of_another_user_is_not_adopted(other: dict[str, Any]) -> None:
    attempt, _error, _script = start(post(LOST), listing(other), listing(other), post(ok(job(at=31, number=5))))

    assert has_job(attempt, minted(31, 5))


def test_job_two_seconds_older_than_the_post_is_adopted() -> None:
    attempt, _error, _script = start(post(LOST), listing(job(at=-2, number=2)))

    assert has_job(attempt, minted(-2, 2))


def test_job_that_existed_before_is_not_adopted_whatever_its_time() -> None:
    before = job(at=-1, number=2)
    attempt, _error, _script = start(
        post(LOST), listing(before), listing(before), post(ok(job(at=31, number=5))), known={minted(-1, 2)}
    )

    assert has_job(attempt, minted(31, 5))


def test_answer_with_a_job_that_existed_before_is_ignored() -> None:
    before = job(at=-1, number=2)
    attempt, _error, _script = start(post(ok(before)), listing(before, job(number=3)), known={minted(-1, 2)})

    assert has_job(attempt, minted(0, 3))


def test_job_of_the_first_uncertain_post_is_adopted_after_the_second_one_too() -> None:
    late = job(number=2)
    steps = [post(LOST), listing(), listing(), post(LOST), listing(late)]
    attempt, _error, _script = start(*steps)

    assert has_job(attempt, minted(0, 2))


def test_first_of_several_jobs_after_the_post_is_adopted() -> None:
    attempt, _error, _script = start(post(LOST), listing(job(at=1, number=3), job(at=0, number=2, failed=True)))

    assert has_job(attempt, minted(0, 2))


@pytest.mark.parametrize("shown", [{"pointInTimeUTCSeconds": POINT}, {}])
def test_point_in_time_is_compared_if_the_job_shows_it(shown: dict[str, int]) -> None:
    ours = job(number=2, deliveryType="pointInTime", snapshotId=None, **shown)
    attempt, _error, _script = start(post(LOST), listing(ours), spec=TO_POINT)

    assert has_job(attempt, minted(0, 2))


def test_job_to_another_point_in_time_is_not_adopted() -> None:
    other = job(deliveryType="pointInTime", pointInTimeUTCSeconds=POINT - 1)
    again = job(at=31, number=5, deliveryType="pointInTime", pointInTimeUTCSeconds=POINT)
    attempt, _error, _script = start(post(LOST), listing(other), listing(other), post(ok(again)), spec=TO_POINT)

    assert has_job(attempt, minted(31, 5))


@pytest.mark.parametrize("gives", [refused(401, "USER_UNAUTHORIZED"), refused(404, "CLUSTER_NOT_FOUND")])
def test_failed_list_leaves_the_outcome_uncertain(gives: Answer) -> None:
    attempt, error, _script = start(post(LOST), listing(gives=gives))

    assert error is not None
    assert "could not be listed" in str(error)
    assert attempt.changed
    assert attempt.holds is Holds.UNKNOWN
    assert "may have been started" in str(attempt.failure(error).error)


def test_deadline_during_the_second_list_ends_with_the_last_answer_to_the_post() -> None:
    attempt, error, _script = start(post(html(503)), listing(), replace(listing(), takes=0.8), seconds=30.5)

    assert error is not None
    assert error.status_code == 503
    assert not attempt.changed
    assert "may have been started" not in str(attempt.failure(error).error)


def test_outcome_is_uncertain_without_time_for_the_second_list() -> None:
    attempt, error, script = start(post(LOST), listing(), seconds=25)

    assert error is not None
    assert attempt.changed
    assert "may have been started" in str(attempt.failure(error).error)
    assert "no time was left" in str(error)
    assert script.sent[-1].at < 1


def test_retry_after_beyond_the_deadline_fails_at_once() -> None:
    attempt, error, _script = start(post(html(503, retry_after="900")), seconds=600)

    assert error is not None
    assert attempt.changed


def test_retry_after_is_obeyed_before_the_list() -> None:
    attempt, _error, script = start(post(html(503, retry_after="7")), listing(job(number=2)))

    assert has_job(attempt, minted(0, 2))
    assert script.sent[1].at >= 7


@pytest.mark.parametrize(
    "gives",
    [
        refused(400, "CLUSTER_PAUSED_CANNOT_RESTORE"),
        refused(403, "CANNOT_RESTORE_TO_TARGET"),
        refused(404, "SNAPSHOT_NOT_FOUND"),
        refused(409, "RESTORE_INITIATION_FAILED"),
        refused(401, "USER_UNAUTHORIZED"),
        html(406),
    ],
)
def test_refusal_is_final_and_keeps_the_old_data(gives: Answer) -> None:
    attempt, error, _script = start(post(gives))

    assert isinstance(error, RequestRefused)
    assert not attempt.changed
    assert attempt.holds is Holds.OLD_DATA
    assert "may have been started" not in str(attempt.failure(error).error)


@pytest.mark.parametrize(
    "gives",
    [
        refused(429, "RATE_LIMITED"),
        refused(405, "WRITES_NOT_ALLOWED_DURING_APP_UPGRADES"),
        NotConnected("No connection", "Check the network."),
    ],
)
def test_post_is_repeated_without_a_list_if_atlas_surely_did_nothing(gives: Answer | AtlasError) -> None:
    attempt, error, script = start(post(gives), post(ok(job(number=2))))

    assert error is None
    assert has_job(attempt, minted(0, 2))
    assert script.sent[1].at > 0


def test_each_round_of_two_lists_gives_a_new_minute_of_retries() -> None:
    unreachable = NotConnected("No connection", "Check the network.")
    rounds = [step for _round in range(2) for step in (post(LOST), listing(), listing())]
    attempt, error, _script = start(post(unreachable), *rounds, post(unreachable), post(ok(job(at=65))))

    assert error is None
    assert has_job(attempt, minted(65))


@pytest.mark.parametrize(("earlier", "changed"), [([], False), ([post(LOST), listing(), listing()], True)])
def test_list_that_fails_while_another_restore_runs_leaves_earlier_posts_uncertain(
    earlier: list[Step], changed: bool
) -> None:
    attempt, error, _script = start(*earlier, post(BUSY), listing(gives=refused(401, "USER_UNAUTHORIZED")))

    assert error is not None
    assert attempt.changed is changed
    assert attempt.holds is Holds.UNKNOWN


@pytest.mark.parametrize("busy", [BUSY, refused(409, "ATLAS_CLUSTER_RESTORE_IN_PROGRESS")])
def test_restore_of_another_user_is_an_error_that_names_its_job(busy: Answer) -> None:
    attempt, error, _script = start(post(busy), listing(job(number=8, snapshotId=ANOTHER)))

    assert error is not None
    assert minted(0, 8) in str(error)
    assert error.error_code in str(error)
    assert error.status_code == busy.status
    assert not attempt.changed
    assert attempt.holds is Holds.UNKNOWN


def test_unlisted_restore_in_progress_is_an_error_about_another_source() -> None:
    attempt, error, _script = start(post(BUSY), listing())

    assert error is not None
    assert "has another source" in str(error)
    assert not attempt.changed


@pytest.mark.parametrize(
    "other", [job(number=8, targetClusterName="other"), job(number=8, snapshotId=ANOTHER, finishedAt=iso(-5))]
)
def test_job_that_does_not_write_to_the_target_is_not_the_one_in_progress(other: dict[str, Any]) -> None:
    _attempt, error, _script = start(post(BUSY), listing(other))

    assert "has another source" in str(error)


def test_same_restore_that_has_ended_is_not_the_one_in_progress() -> None:
    ended, running = job(at=-600, number=7, finishedAt=iso(-500)), job(number=8, snapshotId=ANOTHER)
    _attempt, error, _script = start(post(BUSY), listing(running, ended))

    assert minted(0, 8) in str(error)


IN_DOUBT = [post(LOST), listing(), listing(), post(BUSY)]


def test_after_an_uncertain_post_somebody_elses_restore_is_an_error_at_once() -> None:
    attempt, error, _script = start(*IN_DOUBT, listing(job(at=31, number=8, snapshotId=ANOTHER)))

    assert minted(31, 8) in str(error)
    assert not attempt.changed


def test_after_an_uncertain_post_two_empty_lists_show_that_nothing_was_started() -> None:
    attempt, error, script = start(*IN_DOUBT, listing(), listing())

    assert "has another source" in str(error)
    assert not attempt.changed
    assert attempt.holds is Holds.UNKNOWN
    assert script.sent[-1].at - script.sent[-2].at >= 30


def test_after_an_uncertain_post_the_second_list_may_show_the_same_restore_of_somebody_else() -> None:
    attempt, error, _script = start(*IN_DOUBT, listing(), listing(job(at=-60, number=8)))

    assert error is None
    assert has_job(attempt, minted(-60, 8), ours=False)


def test_running_restore_after_an_uncertain_post_may_be_ours() -> None:
    steps = [post(LOST), listing(), listing(), post(BUSY), listing(job(at=31, number=2))]
    attempt, error, _script = start(*steps)

    assert error is None
    assert has_job(attempt, minted(31, 2))


def test_list_that_lags_after_an_uncertain_post_is_read_again() -> None:
    steps = [post(LOST), listing(), listing(), post(BUSY), listing(), listing(job(at=31, number=2))]
    attempt, error, _script = start(*steps)

    assert error is None
    assert has_job(attempt, minted(31, 2))


def test_same_restore_just_started_by_another_user_is_waited_for() -> None:
    attempt, error, _script = start(post(BUSY), listing(job(at=-60, number=8)))

    assert error is None
    assert has_job(attempt, minted(-60, 8), ours=False)


def test_without_a_date_a_clear_answer_is_accepted_and_a_lost_one_stays_uncertain() -> None:
    attempt, error, _script = start(post(ok(job())), dates=False)
    assert has_job(attempt, minted())
    assert error is None

    attempt, error, _script = start(post(LOST), listing(job(number=2)), dates=False)
    assert error is not None
    assert attempt.changed
    assert "had a Date" in str(error)
