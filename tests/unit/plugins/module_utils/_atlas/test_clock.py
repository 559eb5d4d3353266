# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import asyncio
from datetime import datetime

import pytest

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.clock import AtlasClock
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.atlas import http_date, moment
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.loop import run


def heard(*dates: str | None, later: float = 0.0) -> datetime | None:
    """What the clock shows so many seconds after it has heard these headers."""

    async def work() -> datetime | None:
        clock = AtlasClock()
        for date in dates:
            clock.observe(date)
        await asyncio.sleep(later)
        return clock.now()

    return run(work())


def test_before_the_first_answer_it_shows_nothing() -> None:
    assert heard() is None


@pytest.mark.parametrize("skew", [-86400, 0, 3600, 86400 * 365])
def test_it_goes_on_from_the_last_date_whatever_the_local_clock_says(skew: float) -> None:
    assert heard(http_date(skew), later=90) == moment(skew + 90)
    assert heard(http_date(5), http_date(skew)) == moment(skew)


@pytest.mark.parametrize(
    "odd", [None, "", "soon", "Mon, 10 Aug 2026 03:26:42", "Mon, 10 Aug 2026 03:26:42 +99999999999999999999"]
)
def test_what_is_no_date_is_passed_over(odd: str | None) -> None:
    assert heard(odd) is None
    assert heard(http_date(0), odd) == moment(0)


def test_it_knows_what_it_showed_before_it_was_heard_of() -> None:
    async def work() -> datetime | None:
        clock = AtlasClock()
        await asyncio.sleep(30)
        clock.observe(http_date(30))
        return clock.at(5)

    assert run(work()) == moment(5)
