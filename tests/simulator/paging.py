# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Paginated lists, with the links between pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .call import Call
from .ids import derived_id
from .messages import Request
from .oddities import Oddities
from .problems import Problem

MOST_PER_PAGE = 500


def page(items: Sequence[dict[str, Any]], call: Call) -> dict[str, Any]:
    """The page that the query requests: pageNum from 1, itemsPerPage 1 to 500, includeCount."""
    request, settings = call.request, call.settings
    number = _count(request, "pageNum", 1, None)
    size = _count(request, "itemsPerPage", 100, MOST_PER_PAGE)
    with_count = _flag(request, "includeCount", True)
    number = 1 if settings.list_pages == "repeat" else number
    shift = settings.list_shift if number > 1 else 0
    start = max((number - 1) * size + shift, 0)
    end = start + size if settings.list_pages == "endless" and items else len(items)
    links = [_link(request, "self", with_count, number, size)]
    if number > 1:
        links.append(_link(request, "previous", with_count, number - 1, size))
    if settings.list_next_link and (settings.list_pages == "endless" or start + size < end):
        links.append(_link(request, "next", with_count, number + 1, size))
    results = [_item(items, place) for place in range(start, min(start + size, end))]
    document: dict[str, Any] = {"links": links, "results": results}
    if with_count:
        document.update(_total(len(items) - shift, settings))
    return document


def whole(items: Sequence[dict[str, Any]], call: Call) -> dict[str, Any]:
    """The list of an endpoint without pagination."""
    links = [{"href": call.request.base_url + call.request.path, "rel": "self"}]
    return {"links": links, "results": list(items), **_total(len(items), call.settings)}


def _total(count: int, settings: Oddities) -> dict[str, Any]:
    """totalCount in the form that the settings ask for, or no key."""
    number = max(count + settings.list_total_error, 0)
    if settings.list_total == "absent":
        return {}
    if settings.list_total == "null":
        return {"totalCount": None}
    return {"totalCount": str(number) if settings.list_total == "text" else number}


def _item(items: Sequence[dict[str, Any]], place: int) -> dict[str, Any]:
    """The item at an index of the list; after the last one come copies with other ids and names, without end."""
    item = items[place % len(items)]
    if place < len(items):
        return item
    copy = {**item, "id": derived_id(int(item["id"][:8], 16), item["id"], place)}
    if "name" in item:
        copy["name"] = f"{item['name']}-{place}"
    return copy


def _link(request: Request, rel: str, with_count: bool, number: int, size: int) -> dict[str, str]:
    query = f"includeCount={str(with_count).lower()}&pageNum={number}&itemsPerPage={size}"
    return {"href": f"{request.base_url}{request.path}?{query}", "rel": rel}


def _count(request: Request, name: str, default: int, most: int | None) -> int:
    text = request.query.get(name, str(default))
    if not text.isascii() or not text.isdigit() or int(text) < 1 or (most is not None and int(text) > most):
        raise Problem("INVALID_QUERY_PARAMETER", name)
    return int(text)


def _flag(request: Request, name: str, default: bool) -> bool:
    text = request.query.get(name, str(default)).lower()
    if text not in ("true", "false"):
        raise Problem("INVALID_QUERY_PARAMETER", name)
    return text == "true"
