# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lists in pages, with the links between them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .messages import Request
from .problems import Problem

MOST_PER_PAGE = 500


def page(items: Sequence[Any], request: Request) -> dict[str, Any]:
    """The page that the query asks for: pageNum from 1, itemsPerPage 1 to 500, includeCount."""
    number = _count(request, "pageNum", 1, None)
    size = _count(request, "itemsPerPage", 100, MOST_PER_PAGE)
    with_count = _flag(request, "includeCount", True)
    start = (number - 1) * size
    links = [_link(request, "self", with_count, number, size)]
    if number > 1:
        links.append(_link(request, "previous", with_count, number - 1, size))
    if start + size < len(items):
        links.append(_link(request, "next", with_count, number + 1, size))
    document: dict[str, Any] = {"links": links, "results": list(items[start : start + size])}
    if with_count:
        document["totalCount"] = len(items)
    return document


def whole(items: Sequence[Any], request: Request) -> dict[str, Any]:
    """The list of an address that knows no pages."""
    links = [{"href": request.base_url + request.path, "rel": "self"}]
    return {"links": links, "results": list(items), "totalCount": len(items)}


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
