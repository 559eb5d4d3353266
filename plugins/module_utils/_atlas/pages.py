# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# Reads paged lists: when there is another page, and when the list must be read again.

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from .client import Call
from .errors import AtlasError
from .json_values import objects_in, whole_number
from .list_places import ListPlace
from .object_id import is_object_id
from .parsing import Document

JsonObject = dict[str, Any]
Ask = Callable[[Call], Awaitable[JsonObject]]
# Reads a whole list, given a function that requests one page, the call for the list, and its place.
ReadList = Callable[[Ask, Call, ListPlace], Awaitable[list[JsonObject]]]

# Items per page; the maximum that Atlas allows.
PAGE_SIZE = 500
# A list that changes between two pages is read again, at most this often in total.
MOST_READINGS = 3
# A list with more pages, or more bytes in memory, counts as endless.
MOST_PAGES = 40
MOST_MEMORY = 48 * 1024 * 1024
# Only one list that takes more bytes than this is in memory at a time.
LARGE_LIST = 8 * 1024 * 1024


async def all_pages(ask: Ask, call: Call, place: ListPlace) -> list[JsonObject]:
    """Every item of a list, each id once; call is the request for the list, without a page number.

    When an item is added or removed meanwhile, others move to another page and could be missed, so the list is read
    again. If it changes every time, the result has the items of all readings.
    Raises AtlasError for an endless list, or if all pages are the same although totalCount is larger.
    """
    gathered: dict[Any, JsonObject] = {}
    before: list[Any] | None = None
    for _time in range(MOST_READINGS):
        reading = await _read(ask, call, place)
        gathered.update(reading.items)
        if reading.is_steady or list(reading.items) == before:
            return list(reading.items.values())
        before = list(reading.items)
    return list(gathered.values())


async def whole_list(ask: Ask, call: Call, place: ListPlace) -> list[JsonObject]:
    """Every item of a list that has no pages."""
    answer = await _first(ask, call, place)
    return [item for item in answer["results"] if isinstance(item, dict)]


async def _first(ask: Ask, call: Call, place: ListPlace) -> JsonObject:
    """The first answer; a large one is asked for again as soon as no other large list is held."""
    answer = await ask(call)
    if _memory(answer) > LARGE_LIST and not await place.grow(waits=False):
        del answer
        await place.grow(waits=True)
        answer = await ask(call)
    place.holds_pages = True
    return answer


async def _read(ask: Ask, call: Call, place: ListPlace) -> _Reading:
    reading = _Reading(call)
    more = reading.add(await _first(ask, _page(call, 1), place))
    while more:
        if reading.memory > LARGE_LIST and not await place.grow(waits=False):
            # Waiting lists must not keep their pages: together they would take too much memory.
            del reading
            await place.grow(waits=True)
            return await _read(ask, call, place)
        more = reading.add(await ask(_page(call, reading.pages + 1)))
    return reading


def _page(call: Call, number: int) -> Call:
    return replace(call, query=(("pageNum", str(number)), ("itemsPerPage", str(PAGE_SIZE))))


def _memory(answer: JsonObject) -> int:
    """An upper bound of the bytes that the answer takes."""
    return answer.memory if isinstance(answer, Document) else 0


class _Reading:
    """One reading of a list, page by page."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self.items: dict[Any, JsonObject] = {}
        self.pages = 0
        self._last_page: list[Any] = []
        self._entries = 0
        self.memory = 0
        self._totals: set[int | None] = set()
        self._has_shifted = False
        self._is_one_page_for_ever = False
        self._has_more_than_a_page = False

    @property
    def is_steady(self) -> bool:
        """Whether the list certainly did not change between two pages."""
        if self.pages == 1 or self._is_one_page_for_ever or not self._has_more_than_a_page:
            return True
        # totalCount is an estimate: only an exact match proves that the pages are complete. Items of an empty last page
        # may have moved to the page before.
        return self._totals == {self._entries} and not self._has_shifted and bool(self._last_page)

    def add(self, answer: JsonObject) -> bool:
        """Add a page; returns whether there may be another one."""
        entries, total = answer["results"], _total(answer)
        page = {_key(item): item for item in entries if isinstance(item, dict)}
        self.pages += 1
        self.memory += _memory(answer)
        self._totals.add(total)
        self._is_one_page_for_ever = bool(page) and list(page) == self._last_page
        if self._is_one_page_for_ever:
            return self._ended_by_repetition(total)
        self._has_shifted |= any(key in self.items for key in page)
        self._has_more_than_a_page = (
            self._has_more_than_a_page or len(entries) >= PAGE_SIZE or bool(self.items and page)
        )
        self._last_page = list(page)
        self.items.update(page)
        self._entries += len(entries)
        more = bool(entries) and (
            len(entries) >= PAGE_SIZE or _has_next_link(answer) or (total is not None and self._entries < total)
        )
        self._check_size(more)
        return more

    def _ended_by_repetition(self, total: int | None) -> bool:
        """Stop when a page repeats the last one: some proxies ignore pageNum. Always returns False."""
        if total is not None and len(self.items) < total:
            raise AtlasError(
                f"Every page of the list {self._call.path} is the same, although totalCount is {total}",
                "Check the proxy in front of Atlas: it must pass on the query of a request, with pageNum.",
            )
        return False

    def _check_size(self, more: bool) -> None:
        if more and (self.pages >= MOST_PAGES or self.memory > MOST_MEMORY):
            raise AtlasError(
                f"The list {self._call.path} has no end: {self.pages} pages with {self._entries} items, and still more",
                "Check the proxy in front of Atlas, then run this again.",
            )


def _key(item: JsonObject) -> Any:
    """The id of an item; an item without a valid id gets a unique key."""
    its_id = item.get("id")
    return its_id if is_object_id(its_id) else object()


def _total(answer: JsonObject) -> int | None:
    """The total number of items; an estimate according to the specification, and optional."""
    return whole_number(answer.get("totalCount"))


def _has_next_link(answer: JsonObject) -> bool:
    return any(link.get("rel") == "next" for link in objects_in(answer.get("links")))
