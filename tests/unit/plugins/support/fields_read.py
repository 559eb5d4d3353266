# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Records which fields of Atlas's documents the code reads, and checks that a large document keeps them."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import pytest

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas import messages
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.fields import FIELDS
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.parsing import Document, json_object


class _Recorded(Document):
    """A JSON object that records the names of the fields it is asked for, whether it has them or not."""

    def __init__(self, value: dict[str, Any], asked: set[str]) -> None:
        super().__init__({name: _recorded(each, asked) for name, each in value.items()})
        self._asked = asked

    def __getitem__(self, name: str) -> Any:
        self._asked.add(name)
        return super().__getitem__(name)

    def get(self, name: str, default: Any = None) -> Any:
        self._asked.add(name)
        return super().get(name, default)

    def __contains__(self, name: object) -> bool:
        self._asked.add(str(name))
        return super().__contains__(name)


def _recorded(value: Any, asked: set[str]) -> Any:
    if isinstance(value, dict):
        return _Recorded(value, asked)
    return [_recorded(each, asked) for each in value] if isinstance(value, list) else value


@contextlib.contextmanager
def fields_read() -> Iterator[set[str]]:
    """The names of the fields that the code reads from documents in the meantime.

    Fails for a field that fields.py does not name: it would be null in a large document only.
    """
    asked: set[str] = set()

    def recorded(body: bytes) -> Document | None:
        document = json_object(body)
        if document is None:
            return None
        copy = _Recorded(document, asked)
        copy.memory = document.memory
        return copy

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(messages, "json_object", recorded)
        yield asked
    assert asked - FIELDS == set(), "read from documents, but missing in _atlas/fields.py"
