# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# Parses JSON and header values from outside into values that are safe to use. Pure functions.

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from typing import Any

# Bytes that reading a document may take: small values take much more than their text.
_MOST_MEMORY = 110 * 1024 * 1024
_PER_VALUE, _PER_LIST, _PER_OBJECT = 64, 72, 240
_DEEPEST = 50
# No number from Atlas has more digits; arithmetic with very long ones fails or takes too long.
_MOST_DIGITS = 18
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
# An ObjectId cannot represent a later year.
_LAST_YEAR = 2105


# Makes a JSON object of the pairs of name and value in it.
MakeObject = Callable[[list[tuple[str, Any]]], dict[str, Any]]


class Document(dict[str, Any]):
    """A JSON object from outside; memory: an upper bound of the bytes that it takes."""

    memory = 0


def json_object(body: bytes) -> Document | None:
    """The JSON object in a body; None if there is none, or if it is too large or too deeply nested.

    A number that is NaN, infinite or longer than 18 digits becomes None.
    """
    memory = memory_needed(body)
    document = _object(_text(body), None) if memory <= _MOST_MEMORY else None
    if document is not None:
        document.memory = memory
    return document


def document_text(body: bytes) -> str | None:
    """The text of a large body; None if parsing it would take too much memory."""
    return _text(body) if memory_needed(body) <= _MOST_MEMORY else None


def large_object(text: str, make_object: MakeObject) -> Document | None:
    """The JSON object in the text of a large body, as json_object; make_object chooses what to keep of each object."""
    document = _object(text, make_object)
    if document is not None:
        document.memory = memory_needed(json.dumps(document).encode())
    return document


def _text(body: bytes) -> str:
    return body.decode("utf-8-sig", "replace")


def _object(text: str, make_object: MakeObject | None) -> Document | None:
    try:
        value = json.loads(
            text,
            parse_int=_integer,
            parse_float=_fraction,
            parse_constant=lambda _name: None,
            object_pairs_hook=make_object,
        )
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, dict) or (_may_be_deep(text) and _is_deeper_than(value, _DEEPEST)):
        return None
    return Document(_without_surrogates(value) if "\\u" in text else value)


def short_number(text: str | None) -> int | None:
    """A number in a header, None if it is not a number or too long."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else None


def http_date(text: str | None) -> datetime | None:
    """A date in a header, None if it is not a date or outside 1970 to 2105."""
    try:
        moment = parsedate_to_datetime(text or "")
        if moment.tzinfo is None:
            return None
        moment = moment.astimezone(timezone.utc)
    except (TypeError, ValueError, OverflowError, IndexError):
        return None
    return moment if 1970 <= moment.year <= _LAST_YEAR else None


def memory_needed(body: bytes) -> int:
    """An upper bound of the bytes that the text of a body and the values in it take."""
    width = 1 if body.isascii() else 2 if not re.search(rb"[\xf0-\xff]", body) else 4
    values = body.count(b",") * _PER_VALUE + body.count(b"[") * _PER_LIST + body.count(b"{") * _PER_OBJECT
    return 2 * width * len(body) + values


def _integer(digits: str) -> int | None:
    return int(digits) if len(digits.lstrip("-")) <= _MOST_DIGITS else None


def _fraction(digits: str) -> float | None:
    value = float(digits)
    return value if math.isfinite(value) else None


def _may_be_deep(text: str) -> bool:
    return text.count("[") + text.count("{") > _DEEPEST


def _is_deeper_than(value: Any, depth: int) -> bool:
    level = [value]
    while level and depth:
        level = [child for container in level for child in _children(container) if isinstance(child, (dict, list))]
        depth -= 1
    return bool(level)


def _children(container: Any) -> Iterator[Any]:
    return iter(container.values() if isinstance(container, dict) else container)


def _without_surrogates(value: Any) -> Any:
    """Replace lone surrogates: JSON can contain half of a surrogate pair, but UTF-8 cannot encode it."""
    if isinstance(value, str):
        return _LONE_SURROGATE.sub("\ufffd", value)
    if isinstance(value, dict):
        return {_without_surrogates(key): _without_surrogates(each) for key, each in value.items()}
    return [_without_surrogates(each) for each in value] if isinstance(value, list) else value
