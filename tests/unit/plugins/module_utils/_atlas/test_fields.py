# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.mongodb_atlas.backup.plugins.module_utils import _module
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.fields import (
    FIELDS,
    LONGEST_TEXT,
    kept,
    shortened,
)
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._snapshots.records import (
    same_description,
)
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.fuzz import quick

CODE = Path(_module.__file__).parent
SIMULATOR = Path(__file__).parents[4] / "simulator"


def texts(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def names_of_fields(tree: ast.AST) -> Iterator[str]:
    """The keys of dicts, and what documents are updated with."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict):
            yield from (str(key.value) for key in node.keys if isinstance(key, ast.Constant))
        elif isinstance(node, ast.keyword) and node.arg:
            yield node.arg
        elif isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
            yield str(node.slice.value)


def test_every_field_of_a_document_that_the_code_names_is_kept() -> None:
    answered = {name for path in SIMULATOR.glob("*_json.py") for name in names_of_fields(ast.parse(path.read_text()))}
    named = {
        text for path in CODE.rglob("*.py") if path.name != "fields.py" for text in texts(ast.parse(path.read_text()))
    }
    assert len(answered) > 50
    assert {name for name in answered & named if name[0].islower() and name != name.lower()} - FIELDS == set()


DESCRIPTIONS = st.text(max_size=20) | st.text("ab \n", min_size=LONGEST_TEXT - 3, max_size=LONGEST_TEXT + 40)


@given(DESCRIPTIONS, DESCRIPTIONS)
@quick
def test_texts_that_are_shortened_are_as_equal_as_before(one: str, other: str) -> None:
    assert same_description(shortened(one), other) is (one.strip() == other.strip())
    assert same_description(shortened(one), one)
    assert len(shortened(one)) <= LONGEST_TEXT
    assert shortened(shortened(one)) == shortened(one)


def test_item_of_a_large_list_is_bounded() -> None:
    hostile = {name: ["x" * 10_000] * 1000 if number % 2 else "x" * 10_000 for number, name in enumerate(FIELDS)}
    item = kept({**hostile, "unknown": 1}.items())

    assert set(item) == FIELDS
    assert len(json.dumps({**item, "results": []})) < 3_000_000
