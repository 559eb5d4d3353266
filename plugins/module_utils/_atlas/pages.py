# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# Reads paged lists: when there is another page, and when the list must be read again.

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from .client import Call
from .errors import AtlasError
from .object_id import is_object_id

JsonObject = dict[str, Any]
Ask = Callable[[Call], Awaitable[JsonObject]]

# Items per page; the maximum that Atlas allows.
PAGE_SIZE = 500
# A list that changes between two pages is read again, at most this often in total.
MOST_READINGS = 3
# A list with more pages, or more characters of JSON, counts as endless.
MOST_PAGES = 40
MOST_CHARACTERS = 32 * 1024 * 1024


async def all_pages(ask: Ask, call: Call) -> list[JsonObject]:
    """Every item of a list, each id once; call is the request for the list, without a page number.

    When an item is added or removed meanwhile, others move to another page and could be missed, so the list is read
    again. If it changes every time, the result has the items of all readings.
    Raises AtlasError for an endless list, or if all pages are the same although totalCount is larger.
    """
    gathered: dict[Any, JsonObject] = {}
    before: list[Any] | None = None
    for _time in range(MOST_READINGS):
        reading = await _read(ask, call)
        gathered.update(reading.items)
        if reading.is_steady or list(reading.items) == before:
            return list(reading.items.values())
        before = list(reading.items)
    return list(gathered.values())


async def _read(ask: Ask, call: Call) -> _Reading:
    reading = _Reading(call)
    more = True
    while more:
        query = (("pageNum", str(reading.pages + 1)), ("itemsPerPage", str(PAGE_SIZE)))
        more = reading.add(await ask(replace(call, query=query)))
    return reading


class _Reading:
    """One reading of a list, page by page."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self.items: dict[Any, JsonObject] = {}
        self.pages = 0
        self._last_page: list[Any] = []
        self._entries = 0
        self._characters = 0
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
        if more:
            self._check_size(entries)
        return more

    def _ended_by_repetition(self, total: int | None) -> bool:
        """Stop when a page repeats the last one: some proxies ignore pageNum. Always returns False."""
        if total is not None and len(self.items) < total:
            raise AtlasError(
                f"Every page of the list {self._call.path} is the same, although totalCount is {total}",
                "Check the proxy in front of Atlas: it must pass on the query of a request, with pageNum.",
            )
        return False

    def _check_size(self, entries: list[Any]) -> None:
        self._characters += sum(len(json.dumps(entry)) for entry in entries)
        if self.pages >= MOST_PAGES or self._characters > MOST_CHARACTERS:
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
    total = answer.get("totalCount")
    return total if isinstance(total, int) and not isinstance(total, bool) else None


def _has_next_link(answer: JsonObject) -> bool:
    links = answer.get("links")
    return isinstance(links, list) and any(isinstance(link, dict) and link.get("rel") == "next" for link in links)
