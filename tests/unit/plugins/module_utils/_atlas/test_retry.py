# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import asyncio
import contextlib
import math

import pytest

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.clock import Moment
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.errors import (
    AtlasError,
    InvalidInput,
    NoAnswer,
    NotConnected,
    NotReachable,
    OutOfTime,
    RequestRefused,
    SignInFailed,
)
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.retry import (
    FIRST_PAUSE,
    LONGEST_PAUSE,
    Deadline,
    RetryBudget,
    Verdict,
    is_busy,
    judge,
    leaves_doubt,
    out_of_time,
)
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.loop import elapsed, run

FINAL, NOTHING_DONE, UNCERTAIN = Verdict.FINAL, Verdict.NOTHING_DONE, Verdict.UNCERTAIN
UPGRADING = "WRITES_NOT_ALLOWED_DURING_APP_UPGRADES"

# Every status and error code of Atlas that is known, as error documents.
FINAL_REFUSALS = """
400 UNFINISHED_ON_DEMAND_SNAPSHOT CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API CANNOT_USE_NON_FLEX_CLUSTER_IN_FLEX_API
400 INCORRECT_BACKUP_API_ENDPOINT BACKUP_JOB_NOT_FOUND INSUFFICIENT_INSTANCE_SIZE PROVIDER_BACKUP_NOT_SUPPORTED
400 SNAPSHOT_RETENTION_LESS_THAN_BACKUP_COMPLIANCE_POLICY BACKUP_SNAPSHOT_RETENTION_VALUE_INVALID VALIDATION_ERROR
400 CANNOT_DELETE_IN_PROGRESS_SNAPSHOT CANNOT_MODIFY_IN_PROGRESS_SNAPSHOT_RETENTION
400 CANNOT_DELETE_SNAPSHOT_WITH_BACKUP_COMPLIANCE_POLICY
400 CANNOT_DECREASE_SNAPSHOT_RETENTION_WITH_BACKUP_COMPLIANCE_POLICY
400 CANNOT_DELETE_COPY_SNAPSHOT_WITH_BACKUP_COMPLIANCE_POLICY_ENABLED
401 USER_UNAUTHORIZED USER_CANNOT_ACCESS_GROUP NOT_IN_GROUP TENANT_SNAPSHOT_ACCESS_DENIED UNEXPECTED_ERROR
402 ACCOUNT_SUSPENDED NO_PAYMENT_INFORMATION_FOUND
403 FEATURE_UNSUPPORTED UNSUPPORTED_FOR_CURRENT_PLAN UNSUPPORTED_FOR_CURRENT_CONFIG
403 CANNOT_DELETE_FROM_CLUSTER_SNAPSHOT CANNOT_MODIFY_CLUSTER_SNAPSHOT CANNOT_MODIFY_SNAPSHOT
403 IP_ADDRESS_NOT_ON_ACCESS_LIST RESOURCE_REQUIRES_ACCESS_LIST ORG_REQUIRES_ACCESS_LIST ACCESS_FORBIDDEN
404 BACKUP_CONFIG_NOT_FOUND CLUSTER_NOT_FOUND GROUP_NOT_FOUND GROUP_NAME_NOT_FOUND SNAPSHOT_NOT_FOUND
404 INVALID_SNAPSHOT_ID TENANT_SNAPSHOT_NOT_FOUND RESOURCE_NOT_FOUND
405 METHOD_NOT_ALLOWED
406 INVALID_VERSION_DATE
409 ATLAS_CLUSTER_RESTORE_IN_PROGRESS CANNOT_UPDATE_PAUSED_CLUSTER MULTIPLE_GROUPS
410 VERSION_GONE
"""
REFUSALS = [
    *((int(line.split()[0]), code, FINAL) for line in FINAL_REFUSALS.split("\n") if line for code in line.split()[1:]),
    *((status, None, FINAL) for status in (401, 405, 406)),
    (405, UPGRADING, NOTHING_DONE),
    (429, "RATE_LIMITED", NOTHING_DONE),
    (429, "RATE_LIMITED_TOKEN_BUCKET", NOTHING_DONE),
    (429, None, NOTHING_DONE),
    (500, "UNEXPECTED_ERROR", UNCERTAIN),
    (500, UPGRADING, UNCERTAIN),
    *((status, None, UNCERTAIN) for status in (502, 503, 504)),
]


@pytest.mark.parametrize(("status", "code", "verdict"), REFUSALS)
def test_refusal_of_atlas_is_judged_by_status_and_code(status: int, code: str | None, verdict: Verdict) -> None:
    assert judge(RequestRefused(status, error_code=code)) is verdict


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        *((status, UNCERTAIN) for status in (400, 403, 404, 405, 408, 503)),
        *((status, FINAL) for status in (301, 302, 401, 406, 410)),
        (429, NOTHING_DONE),
    ],
)
def test_unreadable_refusal_is_judged_by_status(status: int, verdict: Verdict) -> None:
    assert judge(RequestRefused(status, readable=False)) is verdict


@pytest.mark.parametrize("status", [201, 202, 204])
def test_unexpected_success_may_have_taken_effect(status: int) -> None:
    assert judge(RequestRefused(status)) is UNCERTAIN


# Error -> the verdict, whether the request may have taken effect, and whether the service is busy.
ERRORS = [
    (NotConnected("x"), NOTHING_DONE, False, False),
    (NoAnswer("x"), UNCERTAIN, True, False),
    (NotReachable("x"), FINAL, False, False),
    (InvalidInput("x"), FINAL, False, False),
    (OutOfTime("x"), FINAL, False, False),
    (AtlasError("redirected"), FINAL, False, False),
    (RequestRefused(302), FINAL, True, False),
    (RequestRefused(403), FINAL, False, False),
    (RequestRefused(405), FINAL, False, False),
    (RequestRefused(405, error_code=UPGRADING), NOTHING_DONE, False, True),
    (RequestRefused(429), NOTHING_DONE, False, True),
    (RequestRefused(503), UNCERTAIN, True, False),
    # The sign-in comes before the request.
    (SignInFailed(RequestRefused(302)), FINAL, False, False),
    (SignInFailed(RequestRefused(401)), FINAL, False, False),
    (SignInFailed(RequestRefused(429)), NOTHING_DONE, False, True),
    (SignInFailed(RequestRefused(503)), NOTHING_DONE, False, False),
    (SignInFailed(NotReachable("x")), FINAL, False, False),
    (SignInFailed(NoAnswer("x")), NOTHING_DONE, False, False),
]


@pytest.mark.parametrize(("error", "verdict", "doubtful", "busy"), ERRORS)
def test_error_is_judged_by_its_kind(error: AtlasError, verdict: Verdict, doubtful: bool, busy: bool) -> None:
    assert judge(error) is verdict
    assert leaves_doubt(error) is doubtful
    assert is_busy(error) is busy


def repeated(
    error: AtlasError, seconds: float = 3600.0, known: bool = False, takes: float = 0.0, waits_when_busy: bool = True
) -> tuple[float, AtlasError, list[float]]:
    """When a request that always gets this error was given up, its last error, and the pauses between attempts."""

    async def work() -> tuple[float, AtlasError, list[float]]:
        budget = RetryBudget(Deadline(seconds, 30.0), waits_when_busy=waits_when_busy)
        if known:
            budget.extend_to_deadline()
        retries = budget.new_request()
        pauses: list[float] = []
        while len(pauses) < 10000:
            await asyncio.sleep(takes)
            before = elapsed()
            try:
                await retries.pause(error)
            except AtlasError as last:
                return elapsed(), last, pauses
            pauses.append(elapsed() - before)
        raise AssertionError("the retries never end")

    return run(work())


@pytest.mark.parametrize(
    "error", [RequestRefused(503), NotConnected("refused"), NoAnswer("reset"), SignInFailed(RequestRefused(500))]
)
def test_errors_are_retried_for_60_s_while_no_snapshot_is_known(error: AtlasError) -> None:
    ended, last, pauses = repeated(error)

    assert (type(last), last.status_code) == (type(error), error.status_code)
    assert last.message.startswith(error.message)
    assert last.message.endswith(f"(tried {len(pauses) + 1} times)")
    assert 60 - LONGEST_PAUSE <= ended <= 60
    assert len(pauses) >= 5


@pytest.mark.parametrize("error", [NoAnswer("reset"), RequestRefused(503)])
def test_errors_are_retried_until_the_deadline_once_a_snapshot_is_known(error: AtlasError) -> None:
    ended, _last, _pauses = repeated(error, seconds=1000, known=True)

    assert 1000 - LONGEST_PAUSE <= ended <= 1000


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize(("status", "code"), [(429, None), (405, UPGRADING)])
def test_busy_service_is_retried_until_the_deadline(known: bool, status: int, code: str | None) -> None:
    ended, _last, _pauses = repeated(RequestRefused(status, error_code=code), seconds=1000, known=known)

    assert 1000 - LONGEST_PAUSE <= ended <= 1000


def test_info_modules_retry_a_busy_service_for_a_minute_at_most() -> None:
    ended, _last, _pauses = repeated(RequestRefused(429), seconds=math.inf, waits_when_busy=False)

    assert 60 - LONGEST_PAUSE <= ended <= 60


@pytest.mark.parametrize("known", [True, False])
def test_deadline_before_60_s_ends_the_retries(known: bool) -> None:
    ended, _last, _pauses = repeated(NoAnswer("reset"), seconds=5, known=known)

    assert ended <= 5


@pytest.mark.parametrize("busy", [RequestRefused(429, retry_after=61), RequestRefused(405, error_code=UPGRADING)])
def test_limit_of_60_s_starts_when_the_service_is_no_longer_busy(busy: AtlasError) -> None:
    async def work() -> float:
        retries = RetryBudget(Deadline(1000, 30.0)).new_request()
        await retries.pause(NoAnswer("reset"))
        while elapsed() < 61:
            await retries.pause(busy)
        began = elapsed()
        with contextlib.suppress(NoAnswer):
            while elapsed() < 1000:
                await retries.pause(NoAnswer("reset"))
        return elapsed() - began

    assert 60 - LONGEST_PAUSE <= run(work()) <= 60


def test_waiting_for_the_rate_limit_is_not_counted_as_error() -> None:
    async def work() -> float:
        budget = RetryBudget(Deadline(1000, 30.0))
        retries = budget.new_request()
        await asyncio.sleep(100)
        error = NoAnswer("reset")
        error = error.in_context(sent=Moment(elapsed(), None))
        await retries.pause(error)
        return elapsed()

    assert run(work()) > 100


def test_duration_of_the_requests_counts() -> None:
    _ended, _last, pauses = repeated(NoAnswer("hangs"), takes=30)

    assert len(pauses) == 1


def test_backoff_grows_to_a_limit_with_jitter() -> None:
    _ended, _last, pauses = repeated(NoAnswer("reset"), seconds=300, known=True)

    assert pauses[0] <= 2 * FIRST_PAUSE
    assert max(pauses) <= LONGEST_PAUSE + 1e-6
    assert min(pauses[6:]) >= LONGEST_PAUSE / 2 - 1e-6
    assert len({round(pause, 6) for pause in pauses[6:]}) > 1


def test_number_of_attempts_is_shown() -> None:
    _ended, last, pauses = repeated(NoAnswer("The connection broke"))

    assert last.message == f"The connection broke (tried {len(pauses) + 1} times)"


@pytest.mark.parametrize("asked", [1, 17, 40])
def test_retry_after_is_obeyed_to_the_second(asked: float) -> None:
    _ended, _last, pauses = repeated(RequestRefused(429, retry_after=asked), seconds=100)

    assert pauses
    assert set(pauses) == {asked}


@pytest.mark.parametrize(("status", "seconds", "asked"), [(429, 30, 30), (429, 30, 31), (503, 3600, 61)])
def test_retry_after_beyond_the_deadline_fails_at_once_with_both_times(
    status: int, seconds: float, asked: float
) -> None:
    ended, last, pauses = repeated(RequestRefused(status, retry_after=asked), seconds=seconds)

    assert (ended, pauses) == (0, [])
    assert f"asks to wait {asked} s" in last.message
    assert f"only {min(seconds, 60)} s are left" in last.message


def test_retry_after_0_still_backs_off() -> None:
    _ended, _last, pauses = repeated(RequestRefused(503, retry_after=0))

    assert min(pauses) > 0


@pytest.mark.parametrize(
    ("passed", "expected"),
    [
        (0, (100, False, False, 30)),
        (80, (20, False, False, 20)),
        (99.5, (0.5, False, False, 1)),
        (100, (0, True, False, 30)),
        (110, (0, True, False, 20)),
        (129.5, (0, True, False, 1)),
        (130, (0, True, True, 1)),
    ],
)
def test_nothing_is_written_after_the_deadline_and_one_poll_is_allowed(
    passed: float, expected: tuple[float, bool, bool, float]
) -> None:
    async def work() -> tuple[float, bool, bool, float]:
        deadline = Deadline(100, 30.0)
        await asyncio.sleep(passed)
        writing, reading = (deadline.until_over(for_writing=each) <= 0 for each in (True, False))
        return deadline.remaining(), writing, reading, deadline.request_timeout()

    assert run(work()) == expected


def test_deadline_may_be_infinite() -> None:
    async def work() -> tuple[float, float, float]:
        deadline = Deadline(math.inf, 30.0)
        await asyncio.sleep(10**6)
        return deadline.remaining(), deadline.until_over(for_writing=True), deadline.request_timeout()

    assert run(work()) == (math.inf, math.inf, 30)


@pytest.mark.parametrize(("seconds", "left"), [(5.0, 5.0), (60.0, 60.0), (900.0, 60.0)])
def test_earlier_end_is_never_later_than_the_deadline(seconds: float, left: float) -> None:
    async def scene() -> float:
        return Deadline(60.0, 30.0).at_most(seconds).remaining()

    assert run(scene()) == left


def test_earlier_end_allows_no_poll_after_the_deadline() -> None:
    async def scene() -> float:
        deadline = Deadline(10.0, 30.0)
        await asyncio.sleep(25.0)
        return deadline.at_most(600.0).until_over(for_writing=False)

    assert run(scene()) == 15.0


def test_timeout_names_the_option() -> None:
    async def work() -> AtlasError:
        return out_of_time("Nothing came", Deadline(5, 30.0), "Allow more.")

    assert str(run(work())) == "Nothing came within 5 s (wait_timeout). Allow more."
