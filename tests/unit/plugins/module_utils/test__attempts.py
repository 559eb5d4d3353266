# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import asyncio
import functools
import json
import re
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.errors import AtlasError, RequestRefused
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._attempts import (
    Attempt,
    Failure,
    attempt_all,
    unforeseen,
)
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._interruption import Interruption
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._snapshots.assurance import moment_after
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.loop import elapsed, run

RECORD = {"id": "6a80e2502c88faeba5000001", "cluster_type": "dedicated"}


def attempts_of(names: list[str], work: Callable[[Attempt], Awaitable[Any]]) -> list[Any]:
    async def scene() -> list[Any]:
        interruption = Interruption(lambda: False)
        return await interruption.run(attempt_all([Attempt(name) for name in names], work, interruption))

    return run(scene())


def test_clusters_are_worked_on_at_the_same_time_and_returned_in_order() -> None:
    async def work(attempt: Attempt) -> tuple[str, float]:
        await asyncio.sleep(float(attempt.cluster_name))
        return attempt.cluster_name, elapsed()

    assert attempts_of(["3", "1", "2"], work) == [("3", 3), ("1", 1), ("2", 2)]


def _raised(error: Exception) -> None:
    raise error


def _too_deep() -> None:
    json.dumps(_nested(100_000))


def _nested(levels: int) -> Any:
    value: Any = None
    for _level in range(levels):
        value = [value]
    return value


FAULTS: dict[str, Callable[[], Any]] = {
    "OverflowError": functools.partial(float, 10**400),
    "ValueError": functools.partial(int, "x"),
    "UnicodeEncodeError": "\ud800".encode,
    "ZeroDivisionError": lambda: 1 / 0,
    "TypeError": functools.partial(len, 1),  # type: ignore[arg-type]
    "KeyError": lambda: {}["a-secret-key"],
    "AttributeError": functools.partial(getattr, None, "upper"),
    "RecursionError": _too_deep,
    "RuntimeError": lambda: _raised(RuntimeError()),
    "MemoryError": lambda: _raised(MemoryError()),
    "TimeoutError": lambda: _raised(TimeoutError()),
}


@pytest.mark.parametrize("name", [*FAULTS])
def test_bug_in_one_cluster_is_its_failure_with_its_snapshot_and_others_continue(name: str) -> None:
    async def work(attempt: Attempt) -> str:
        attempt.record, attempt.changed = {**RECORD, "cluster_name": attempt.cluster_name}, True
        await asyncio.sleep(1)
        if attempt.cluster_name == "broken":
            FAULTS[name]()
        await asyncio.sleep(1)
        return attempt.cluster_name

    first, failure, last = attempts_of(["a", "broken", "z"], work)

    assert (first, last) == ("a", "z")
    assert isinstance(failure, Failure)
    assert failure.error.record == {**RECORD, "cluster_name": "broken"}
    assert (failure.cluster_name, failure.changed, failure.cluster_type) == ("broken", True, "dedicated")
    assert f"unexpected answer or state: {name} in " in str(failure.error)
    assert "a-secret-key" not in str(failure.error)


def test_error_keeps_its_record_and_gets_the_doubt_before_its_next_step() -> None:
    other = {"id": "6a80e2502c88faeba5000002", "cluster_type": None}

    async def work(attempt: Attempt) -> None:
        attempt.record, attempt.cluster_type = RECORD, "flex"
        attempt.doubt = "A snapshot may have been taken."
        raise AtlasError("It broke", "Look.", record=other)

    failure = attempts_of(["a"], work)[0]

    assert failure.error.record == other
    assert failure.cluster_type == "flex"
    assert str(failure.error) == "It broke. A snapshot may have been taken. Look."


@pytest.mark.parametrize(
    ("record", "message", "said"),
    [
        (None, "It broke", "Snapshot 6a8: It broke"),
        (None, "Snapshot 6a8 is gone", "Snapshot 6a8 is gone"),
        (RECORD, "It broke", "It broke"),
    ],
)
def test_failure_names_the_subject_once_where_nothing_else_names_it(
    record: dict[str, Any] | None, message: str, said: str
) -> None:
    failure = Attempt("a", record=record, subject="Snapshot 6a8").failure(AtlasError(message))
    assert failure.error.message == said


def test_interruption_keeps_records_found_after_the_cancellation() -> None:
    interruption = Interruption(lambda: False)

    async def work(attempt: Attempt) -> None:
        try:
            await asyncio.sleep(100)
        except asyncio.CancelledError:
            await asyncio.sleep(2)
            attempt.record = RECORD
            raise

    async def scene() -> list[Any]:
        asyncio.get_running_loop().call_later(5, interruption.interrupt, "SIGTERM has ended this module")
        return await interruption.run(attempt_all([Attempt("a"), Attempt("b")], work, interruption))

    assert [failure.error.record for failure in run(scene())] == [RECORD, RECORD]


def test_cancellation_by_somebody_else_is_not_a_failure() -> None:
    async def work(_attempt: Attempt) -> None:
        await asyncio.sleep(100)

    async def scene() -> None:
        working = asyncio.ensure_future(attempt_all([Attempt("a")], work, Interruption(lambda: False)))
        await asyncio.sleep(1)
        working.cancel()
        await working

    with pytest.raises(asyncio.CancelledError):
        run(scene())


def test_bug_while_handling_an_error_is_reported_with_that_error() -> None:
    async def work(_attempt: Attempt) -> None:
        try:
            raise RequestRefused(404, error_code="CLUSTER_NOT_FOUND")
        except AtlasError:
            raise KeyError from None

    failure = attempts_of(["a"], work)[0]

    assert failure.error.error_code == "CLUSTER_NOT_FOUND"
    assert "KeyError in " in str(failure.error)


def test_interruption_fails_every_unfinished_cluster_with_its_record() -> None:
    interruption = Interruption(lambda: False)

    async def work(attempt: Attempt) -> str:
        attempt.record, attempt.changed = {**RECORD, "cluster_name": attempt.cluster_name}, True
        await asyncio.sleep(1 if attempt.cluster_name == "done" else 100)
        return attempt.cluster_name

    async def scene() -> list[Any]:
        asyncio.get_running_loop().call_later(5, interruption.interrupt, "SIGTERM has ended this module")
        names = [Attempt(name) for name in ("a", "done", "b")]
        return await interruption.run(attempt_all(names, work, interruption))

    first, done, last = run(scene())

    assert done == "done"
    for failure in (first, last):
        assert isinstance(failure, Failure)
        assert (failure.error.record or {})["cluster_name"] == failure.cluster_name
        assert failure.changed
        assert str(failure.error) == "SIGTERM has ended this module. Run this again to continue."


def test_work_that_detects_the_missing_caller_fails_like_the_others() -> None:
    interruption = Interruption(lambda: elapsed() >= 0.5)

    async def work(attempt: Attempt) -> None:
        attempt.record = {**RECORD, "cluster_name": attempt.cluster_name}
        await asyncio.sleep(0.6 if attempt.cluster_name == "notices" else 100)
        interruption.check()

    async def scene() -> list[Any]:
        names = [Attempt(name) for name in ("a", "notices", "b")]
        return await interruption.run(attempt_all(names, work, interruption))

    failures = run(scene())

    assert [(each.error.record or {})["cluster_name"] for each in failures] == ["a", "notices", "b"]
    assert {str(each.error) for each in failures} == {str(interruption.reason)}


def test_interruption_by_one_cluster_keeps_records_that_others_find_after_it() -> None:
    interruption = Interruption(lambda: elapsed() >= 0.5)

    async def work(attempt: Attempt) -> None:
        if attempt.cluster_name == "notices":
            await asyncio.sleep(0.6)
            interruption.check()
        try:
            await asyncio.sleep(100)
        finally:
            await asyncio.sleep(2)
            attempt.record = RECORD

    async def scene() -> list[Any]:
        return await interruption.run(attempt_all([Attempt("notices"), Attempt("b")], work, interruption))

    assert [failure.error.record for failure in run(scene())] == [None, RECORD]


def test_interruption_before_the_first_step_is_a_failure_of_every_cluster() -> None:
    interruption = Interruption(lambda: False)

    async def work(_attempt: Attempt) -> None:
        raise AssertionError("begun")

    async def scene() -> list[Any]:
        # At once, but after the tasks of the clusters exist.
        loop = asyncio.get_running_loop()
        loop.call_soon(loop.call_soon, interruption.interrupt, "SIGTERM has ended this module")
        return await interruption.run(attempt_all([Attempt("a"), Attempt("b")], work, interruption))

    assert [str(failure.error) for failure in run(scene())] == [str(interruption.reason)] * 2


def test_no_work_starts_after_an_interruption() -> None:
    interruption = Interruption(lambda: False)
    interruption.interrupt("Over")

    async def work(_attempt: Attempt) -> None:
        raise AssertionError("begun")

    failure = run(attempt_all([Attempt("a")], work, interruption))[0]

    assert failure.error is not None
    assert str(failure.error) == "Over. Run this again to continue."


def test_exception_of_a_library_is_located_in_our_own_code() -> None:
    with pytest.raises(AttributeError) as caught:
        moment_after(None, 5)  # type: ignore[arg-type]

    assert re.search(r"AttributeError in assurance\.py line \d+ \(moment_after\)", str(unforeseen(caught.value)))
