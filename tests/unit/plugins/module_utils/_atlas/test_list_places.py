# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas import pages
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.client import Call
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.list_places import ListPlaces
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.parsing import Document
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.answers import page, refused
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.atlas import automatic, flex_path
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.bench import play
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.loop import run
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.script import GET, Script

PLACES = 3
LISTS = 20


@pytest.fixture(autouse=True)
def _small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "PAGE_SIZE", 2)


class Held:
    """Reads lists of three pages, and counts how many are partly in memory at once."""

    def __init__(self, memory: int) -> None:
        self._memory = memory
        self._places = ListPlaces(PLACES)
        self._held: set[int] = set()
        self.most = 0
        self.most_asked = 0
        self._asked = 0

    async def read(self, number: int) -> list[dict[str, Any]]:
        async with self._places.new_place() as place:

            async def ask(call: Call) -> dict[str, Any]:
                await place.take()
                self._asked += 1
                self.most_asked = max(self.most_asked, self._asked)
                await asyncio.sleep(0.1)
                self._asked -= 1
                page = int(dict(call.query)["pageNum"])
                if page > 1 and (place.is_large or self._memory <= pages.LARGE_LIST):
                    self._held.add(number)
                    self.most = max(self.most, len(self._held))
                count = 2 if page < 3 else 1
                answer = Document(
                    results=[{"id": f"{number:012x}{page:06x}{each:06x}"} for each in range(count)], totalCount=5
                )
                answer.memory = self._memory
                return answer

            found = await pages.all_pages(ask, Call("GET", "/list", "", "backup", holds="results"), place)
            self._held.discard(number)
            return found


@pytest.mark.parametrize(("memory", "most"), [(1000, PLACES), (pages.LARGE_LIST + 1, 1)])
def test_lists_that_are_held_at_once_are_bounded_and_all_are_read(memory: int, most: int) -> None:
    held = Held(memory)

    async def work() -> list[list[dict[str, Any]]]:
        return await asyncio.gather(*(held.read(number) for number in range(LISTS)))

    assert [len(found) for found in run(work())] == [5] * LISTS
    assert held.most == most
    assert held.most_asked == PLACES


def test_paused_list_lends_its_place_unless_it_holds_pages() -> None:
    async def work() -> None:
        places = ListPlaces(1)
        async with places.new_place() as waiting:
            await waiting.take()
            waiting.lend()
            async with places.new_place() as other:
                await other.take()
                other.holds_pages = True
                other.lend()
                with pytest.raises(asyncio.TimeoutError):
                    await asyncio.wait_for(waiting.take(), 1)
            await waiting.take()

    run(work())


def test_list_that_fails_gives_back_its_place() -> None:
    async def fail(places: ListPlaces) -> None:
        async with places.new_place() as place:
            await place.take()
            await place.grow(waits=True)
            place.holds_pages = True
            raise ZeroDivisionError

    async def work() -> None:
        places = ListPlaces(1)
        for _time in range(3):
            with pytest.raises(ZeroDivisionError):
                await fail(places)

    run(work())


def first_page(cluster: str) -> str:
    return flex_path(cluster, "?pageNum=1&itemsPerPage=2")


def read_two(script: Script) -> None:
    """Read the lists of the clusters one and two at the same time, over one connection."""
    play(script, lambda bench: asyncio.gather(bench.api.list_flex("one"), bench.api.list_flex("two")))


def test_list_with_pages_in_memory_keeps_its_place_in_a_pause() -> None:
    items = [automatic(number=number) for number in range(3)]
    second_page = flex_path("one", "?pageNum=2&itemsPerPage=2")
    read_two(
        Script(
            GET(first_page("one"), page(*items[:2], totalCount=3)),
            GET(second_page, refused(503, retry_after="20")),
            GET(second_page, page(*items[2:], totalCount=3)),
            GET(first_page("two"), page()),
        )
    )


def test_another_list_is_read_while_one_pauses_before_its_retry() -> None:
    read_two(
        Script(
            GET(first_page("one"), refused(503, retry_after="20")),
            GET(first_page("two"), page()),
            GET(first_page("one"), page()),
        )
    )
