# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import asyncio
import math

import pytest

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.rate_limit import RateLimit
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.loop import elapsed, run


async def turns(rate_limit: RateLimit, count: int) -> list[float]:
    """The times of this many turns that were requested at once."""

    async def one() -> float:
        await rate_limit.acquire(lambda: math.inf)
        return elapsed()

    return list(await asyncio.gather(*(one() for _each in range(count))))


def after(limit: str | None, remaining: str | None) -> list[float]:
    async def work() -> list[float]:
        rate_limit = RateLimit()
        rate_limit.observe(limit, remaining)
        return await turns(rate_limit, 4)

    return run(work())


@pytest.mark.parametrize(
    ("limit", "remaining"),
    [
        (None, None),
        ("1200", "1199"),
        ("1200", "154"),
        ("1200", None),
        (None, "0"),
        ("x", "0"),
        ("1200", "-1"),
        ("", ""),
        ("²", "²"),
    ],
)
def test_requests_do_not_wait_while_the_rate_limit_is_high_or_unknown(limit: str | None, remaining: str | None) -> None:
    assert after(limit, remaining) == [0, 0, 0, 0]


def test_low_rate_limit_allows_one_request_per_second() -> None:
    assert after("1200", "151") == [0, 0, 1, 2]
    assert after("1200", "0") == [0, 1, 2, 3]


def test_higher_rate_limit_ends_the_slowdown() -> None:
    async def work() -> list[float]:
        rate_limit = RateLimit()
        rate_limit.observe("1200", "0")
        first = await turns(rate_limit, 2)
        rate_limit.observe("1200", "900")
        return first + await turns(rate_limit, 2)

    assert run(work()) == [0, 1, 1, 1]


def test_retry_after_applies_to_all_requests() -> None:
    async def work() -> tuple[float, list[float]]:
        rate_limit = RateLimit()
        rate_limit.pause(30)
        await asyncio.sleep(10)
        return rate_limit.pause_left(), await turns(rate_limit, 2)

    assert run(work()) == (20, [30, 30])


def test_shorter_retry_after_does_not_shorten_a_longer_one() -> None:
    async def work() -> float:
        rate_limit = RateLimit()
        rate_limit.pause(30)
        rate_limit.pause(0)
        return rate_limit.pause_left()

    assert run(work()) == 30


def test_queued_request_obeys_a_later_retry_after() -> None:
    async def work() -> list[float]:
        rate_limit = RateLimit()
        rate_limit.pause(5)
        waiting = asyncio.ensure_future(turns(rate_limit, 1))
        await asyncio.sleep(1)
        rate_limit.pause(30)
        return await waiting

    assert run(work()) == [31]


def test_request_past_its_deadline_leaves_the_queue_without_a_turn() -> None:
    class Late(Exception):
        pass

    def until(end: float) -> float:
        if elapsed() >= end:
            raise Late
        return end - elapsed()

    async def work() -> tuple[list[bool], float, list[float]]:
        rate_limit = RateLimit()
        rate_limit.observe("1200", "0")
        ended = await asyncio.gather(
            *(rate_limit.acquire(lambda: until(2.5)) for _each in range(50)), return_exceptions=True
        )
        return [isinstance(each, Late) for each in ended], elapsed(), await turns(rate_limit, 1)

    assert run(work()) == ([False] * 3 + [True] * 47, 2.5, [3])


def test_no_turn_is_given_after_the_deadline() -> None:
    async def work() -> float:
        rate_limit = RateLimit()
        rate_limit.pause(5)
        await asyncio.sleep(6)
        return rate_limit.pause_left()

    assert run(work()) == 0
