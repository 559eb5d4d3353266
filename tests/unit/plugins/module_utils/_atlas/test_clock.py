# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import asyncio
from datetime import datetime

import pytest

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.clock import AtlasClock
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.loop import run
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.times import http_date, moment


def time_after(*dates: str | None, later: float = 0.0) -> datetime | None:
    """The time that the clock shows this many seconds after it has read these headers."""

    async def work() -> datetime | None:
        clock = AtlasClock()
        for date in dates:
            clock.observe(date)
        await asyncio.sleep(later)
        return clock.now()

    return run(work())


def test_clock_without_an_answer_has_no_time() -> None:
    assert time_after() is None


@pytest.mark.parametrize("skew", [-86400, 0, 3600, 86400 * 365])
def test_clock_continues_from_the_last_date_whatever_the_local_clock_is(skew: float) -> None:
    assert time_after(http_date(skew), later=90) == moment(skew + 90)


@pytest.mark.parametrize(
    "odd", [None, "", "soon", "Mon, 10 Aug 2026 03:26:42", "Mon, 10 Aug 2026 03:26:42 +99999999999999999999"]
)
def test_invalid_date_is_ignored(odd: str | None) -> None:
    assert time_after(odd) is None
    assert time_after(http_date(0), odd) == moment(0)


@pytest.mark.parametrize(
    ("dates", "shown"),
    [
        ((100, 101), 101),
        ((100, 98), 98),
        # The answer of a cache, with a Date of yesterday.
        ((100, -86400), 100),
        ((-86400, 100), 100),
        ((100, 101, -86400, 102), 102),
        ((100, 101, -86400, -86400), 101),
        ((100, -86400, 102, -86400), 102),
        # One that is far ahead.
        ((100, 101, 86400 * 365), 101),
        ((100, 101, 86400 * 365, 102), 102),
        ((100, 101, 86400 * 365, 86400 * 365 + 1), 86400 * 365 + 1),
        ((86400 * 365, 100, 101), 101),
    ],
)
def test_date_far_from_the_others_is_ignored(dates: tuple[float, ...], shown: float) -> None:
    assert time_after(*map(http_date, dates)) == moment(shown)


def test_later_answers_correct_the_time_of_a_moment() -> None:
    async def scene() -> datetime | None:
        clock = AtlasClock()
        clock.observe(http_date(-86400))
        asked = clock.moment()
        await asyncio.sleep(10)
        clock.observe(http_date(10))
        return clock.time_of(asked)

    assert run(scene()) == moment(0)


@pytest.mark.parametrize(("date", "shown"), [(86400 + 300, 86400 + 300), (86400, 401)])
def test_outlying_date_is_believed_if_the_next_one_confirms_it(date: float, shown: float) -> None:
    async def scene() -> datetime | None:
        clock = AtlasClock()
        clock.observe(http_date(0))
        clock.observe(http_date(1))
        await asyncio.sleep(100)
        clock.observe(http_date(86400))
        await asyncio.sleep(300)
        clock.observe(http_date(date))
        return clock.now()

    assert run(scene()) == moment(shown)


def test_moment_keeps_its_time_if_later_answers_agree() -> None:
    async def scene() -> datetime | None:
        clock = AtlasClock()
        clock.observe(http_date(0))
        asked = clock.moment()
        await asyncio.sleep(10)
        clock.observe(http_date(12))
        return clock.time_of(asked)

    assert run(scene()) == moment(0)


def test_time_before_the_first_answer_can_be_computed_later() -> None:
    async def work() -> datetime | None:
        clock = AtlasClock()
        await asyncio.sleep(30)
        clock.observe(http_date(30))
        return clock.at(5)

    assert run(work()) == moment(5)


def test_new_id_replaces_a_date_until_there_is_one() -> None:
    async def scene() -> list[datetime | None]:
        clock = AtlasClock()
        clock.observe_new_id(None)
        shown = [clock.now()]
        clock.observe_new_id(moment(5))
        await asyncio.sleep(2)
        shown.append(clock.now())
        clock.observe(http_date(100))
        clock.observe_new_id(moment(5))
        return [*shown, clock.now()]

    assert run(scene()) == [None, moment(7), moment(100)]
