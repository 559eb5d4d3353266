# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# Lists that come in pages: when there is another page, and when a list has to be read again.

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

# Items in one page of a list; the most that the service gives.
PAGE_SIZE = 500
# A list that changes while its pages are read is read again, this often in all.
MOST_READINGS = 3
# A list with more pages, or more characters of JSON, has no end.
MOST_PAGES = 40
MOST_CHARACTERS = 32 * 1024 * 1024


async def all_pages(ask: Ask, call: Call) -> list[JsonObject]:
    """Every item of a list, each id once; the call is for its address, without the number of a page.

    Items move to another page when one comes or goes meanwhile, and one that moves to a page that has been read would
    be missed: such a list is read again. Where it never stays as it is, the items of all readings are returned.
    Raises AtlasError for a list that has no end, or whose pages are all the same while it says that there is more.
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
    """What one reading of a list has seen so far."""

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
        """Whether it is sure that the list has not changed between two pages."""
        if self.pages == 1 or self._is_one_page_for_ever or not self._has_more_than_a_page:
            return True
        # The total is an estimate: only one that is met to the item speaks for the pages. An empty last page may have
        # lost its items to the page before.
        return self._totals == {self._entries} and not self._has_shifted and bool(self._last_page)

    def add(self, answer: JsonObject) -> bool:
        """Take one more page; whether there may be another one."""
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
        """Stop: some proxies ignore pageNum, and would send the same page for ever."""
        if total is not None and len(self.items) < total:
            raise AtlasError(
                f"Every page of the list {self._call.path} is the same, and it is said to have {total} items",
                "Look at the proxy before Atlas: it must pass on the query of a request, pageNum in it.",
            )
        return False

    def _check_size(self, entries: list[Any]) -> None:
        self._characters += sum(len(json.dumps(entry)) for entry in entries)
        if self.pages >= MOST_PAGES or self._characters > MOST_CHARACTERS:
            raise AtlasError(
                f"The list {self._call.path} has no end: {self.pages} pages with {self._entries} items, and still more",
                "Look at the proxy before Atlas, and run this again.",
            )


def _key(item: JsonObject) -> Any:
    """What tells an item from the others; one without an id that can be read is never the same as another."""
    its_id = item.get("id")
    return its_id if is_object_id(its_id) else object()


def _total(answer: JsonObject) -> int | None:
    """How many items there are; an estimate by the specification, and it may be left out."""
    total = answer.get("totalCount")
    return total if isinstance(total, int) and not isinstance(total, bool) else None


def _has_next_link(answer: JsonObject) -> bool:
    links = answer.get("links")
    return isinstance(links, list) and any(isinstance(link, dict) and link.get("rel") == "next" for link in links)
