# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Changes to a JSON document at any depth.

A path is names and list positions joined by dots: status, links.0.href, results.-1.id; * means every item of a list.
A path that does not exist changes nothing; only its last name may be new.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .messages import encode


def edited(document: Any, fields: Mapping[str, Any], remove: Sequence[str], raw: Mapping[str, str]) -> bytes:
    """The document as bytes; the texts in raw are inserted unchanged, even if they are not JSON."""
    for path, value in fields.items():
        for container, key in _places(document, path):
            container[key] = value
    for path in remove:
        for container, key in reversed(list(_places(document, path))):
            _drop(container, key)
    stand_ins = {f"\x00{number}": path for number, path in enumerate(raw)}
    for stand_in, path in stand_ins.items():
        for container, key in _places(document, path):
            container[key] = stand_in
    sent = encode(document)
    for stand_in, path in stand_ins.items():
        sent = sent.replace(encode(stand_in), raw[path].encode())
    return sent


def _places(document: Any, path: str) -> Iterator[tuple[Any, Any]]:
    """Each container, and the key in it, that the path leads to."""
    first, _dot, rest = path.partition(".")
    for key in _keys(document, first):
        if not rest:
            yield document, key
        elif isinstance(document, list) or key in document:
            yield from _places(document[key], rest)


def _keys(container: Any, word: str) -> list[Any]:
    """The keys that one part of a path selects in this container."""
    if isinstance(container, dict):
        return [word]
    if not isinstance(container, list):
        return []
    everywhere = range(len(container))
    if word == "*":
        return list(everywhere)
    position = int(word) if word.lstrip("-").isdigit() else None
    return [] if position is None or not -len(container) <= position < len(container) else [everywhere[position]]


def _drop(container: Any, key: Any) -> None:
    if isinstance(container, list) or key in container:
        del container[key]
