# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas import pages
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.client import Call
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.errors import AtlasError
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.list_places import ListPlaces
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.pages import MOST_PAGES, Ask, all_pages
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.parsing import Document
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.fuzz import quick

LIST = Call("GET", "/list", "application/json", "backup", holds="results")
SIZE = 4


async def read(ask: Ask) -> list[dict[str, Any]]:
    async with ListPlaces(1).new_place() as place:
        return await all_pages(ask, LIST, place)


@pytest.fixture(autouse=True)
def _small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "PAGE_SIZE", SIZE)


@dataclass
class List:
    """A list of the service, newest first, that may change between two requests.

    changes: what happens to the list before each request: None for nothing, a number of items to remove from the front
    (as when they expire), or a negative number of items to add there. total, link: totalCount and next link.
    """

    items: list[str]
    changes: list[int] = field(default_factory=list)
    total: Callable[[int], Any] = lambda count: count
    has_link: bool = True
    requests: int = 0
    # The items that were in the list at every request.
    stayed: set[str] = field(default_factory=set)

    async def ask(self, call: Call) -> dict[str, Any]:
        number = int(dict(call.query)["pageNum"])
        change = self.changes.pop(0) if self.changes else 0
        self.items = [f"aaaa{self.requests:010x}{each:010x}" for each in range(-change)] + self.items[max(0, change) :]
        self.stayed = set(self.items) & (self.stayed if self.requests else set(self.items))
        self.requests += 1
        start = (number - 1) * SIZE
        answer: dict[str, Any] = {"results": [{"id": each} for each in self.items[start : start + SIZE]]}
        answer["totalCount"] = self.total(len(self.items))
        if self.has_link and start + SIZE < len(self.items):
            answer["links"] = [{"rel": "next", "href": "x"}]
        return answer

    def read(self) -> list[str]:
        return [item["id"] for item in asyncio.run(read(self.ask))]


def names(count: int) -> list[str]:
    return [f"{number:024x}" for number in range(count)]


# Possible values of totalCount.
TOTALS: dict[str, Callable[[int], Any]] = {
    "right": lambda count: count,
    "absent": lambda _count: None,
    "size of one page": lambda _count: SIZE,
    "too low": lambda count: count - 3,
    "too high": lambda count: count + 3,
    "zero": lambda _count: 0,
    "negative": lambda _count: -1,
    "text": str,
    "boolean": lambda _count: True,
    "list": lambda count: [count],
}


@pytest.mark.parametrize("total", TOTALS)
@pytest.mark.parametrize("has_link", [True, False])
@pytest.mark.parametrize("count", [0, 1, SIZE - 1, SIZE, SIZE + 1, 2 * SIZE, 3 * SIZE - 1])
def test_every_item_is_found_with_any_total_and_links(count: int, has_link: bool, total: str) -> None:
    assert List(names(count), total=TOTALS[total], has_link=has_link).read() == names(count)


@pytest.mark.parametrize(
    ("count", "requests"), [(0, 1), (1, 1), (SIZE - 1, 1), (SIZE + 1, 2), (2 * SIZE + 1, 3), (3 * SIZE - 1, 3)]
)
def test_unchanged_list_takes_one_request_per_page(count: int, requests: int) -> None:
    one = List(names(count))
    one.read()

    assert one.requests == requests


@given(
    count=st.integers(SIZE, 4 * SIZE),
    changes=st.lists(st.integers(-3, 3), max_size=4),
    total=st.sampled_from(["right", "absent", "size of one page", "too low", "too high"]),
    has_link=st.booleans(),
)
@quick
def test_item_that_stays_in_a_shifting_list_is_found(
    count: int, changes: list[int], total: str, has_link: bool
) -> None:
    one = List(names(count), [0, *changes], TOTALS[total], has_link)
    found = one.read()

    assert one.stayed <= set(found)
    assert len(found) == len(set(found))


@pytest.mark.parametrize("total", ["right", "absent", "too high"])
def test_no_item_is_missed_when_one_expires_between_two_pages(total: str) -> None:
    one = List(names(2 * SIZE - 1), [0, 1], TOTALS[total])

    assert f"{SIZE:024x}" in one.read()


def test_list_that_changes_at_every_request_is_read_a_few_times_and_loses_no_item() -> None:
    one = List(names(2 * SIZE), [0, *[-1] * 100])

    assert set(names(2 * SIZE)) <= set(one.read())
    assert one.requests < 15


@dataclass
class Odd:
    """A service whose pages follow a given rule."""

    page: Callable[[int], dict[str, Any]]
    requests: int = 0

    async def ask(self, call: Call) -> dict[str, Any]:
        self.requests += 1
        return self.page(int(dict(call.query)["pageNum"]))


NEXT = {"links": [{"rel": "next", "href": "x"}]}


@pytest.mark.parametrize("more", [{}, NEXT, {"totalCount": None}, {"totalCount": SIZE}, {"totalCount": SIZE, **NEXT}])
def test_repeated_page_ends_the_list(more: dict[str, Any]) -> None:
    one = Odd(lambda _number: {"results": [{"id": each} for each in names(SIZE)], **more})

    assert len(asyncio.run(read(one.ask))) == SIZE
    assert one.requests == 2


def test_repeated_page_in_an_incomplete_list_is_an_error() -> None:
    one = Odd(lambda _number: {"results": [{"id": each} for each in names(SIZE)], "totalCount": SIZE + 1})

    with pytest.raises(AtlasError, match="same") as caught:
        asyncio.run(read(one.ask))
    assert caught.value.__class__ is AtlasError
    assert "pageNum" in caught.value.hint


ENDLESS: dict[str, Callable[[int], dict[str, Any]]] = {
    "full pages": lambda number: {"results": [{"id": f"{number}-{each}"} for each in range(SIZE)]},
    "next links": lambda number: {"results": [{"id": f"{number}"}], **NEXT},
    "growing total": lambda number: {"results": [{"id": f"{number}"}], "totalCount": number + 1},
    "items without ids": lambda _number: {"results": [{}] * SIZE},
    "no objects": lambda _number: {"results": [1] * SIZE},
    "two alternating pages": lambda number: {"results": [{"id": f"{number % 2}-{each}"} for each in range(SIZE)]},
}


@pytest.mark.parametrize("kind", ENDLESS)
def test_endless_list_is_an_error(kind: str) -> None:
    one = Odd(ENDLESS[kind])

    with pytest.raises(AtlasError, match="no end") as caught:
        asyncio.run(read(one.ask))
    assert caught.value.__class__ is AtlasError
    assert one.requests <= MOST_PAGES


def test_list_of_large_pages_ends_before_it_takes_too_much_memory() -> None:
    def page(number: int) -> dict[str, Any]:
        document = Document(results=[{"id": f"{number}-{each}"} for each in range(SIZE)])
        document.memory = 10 * 2**20
        return document

    one = Odd(page)

    with pytest.raises(AtlasError, match="no end"):
        asyncio.run(read(one.ask))
    assert one.requests == 5


@pytest.mark.parametrize("odd", [None, 5, "x", [], True, 1.5])
def test_items_other_than_objects_are_ignored(odd: Any) -> None:
    one = Odd(lambda _number: {"results": [odd, {"id": "a"}]})

    assert asyncio.run(read(one.ask)) == [{"id": "a"}]


@pytest.mark.parametrize("odd", [None, 5, [], {}, True, 1.5, "", "../..", "\x00", "6a7944f2", "9" * 400])
def test_items_without_a_valid_id_are_never_merged(odd: Any) -> None:
    one = Odd(lambda _number: {"results": [{"id": odd}, {"id": odd}, {}]})

    assert len(asyncio.run(read(one.ask))) == 3
