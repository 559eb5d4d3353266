# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._table import Column, table_lines

NAME_AND_AGE = (
    Column("NAME", lambda row: row.get("name")),
    Column("AGE", lambda row: row.get("age"), align_right=True),
)


def test_rows_are_lines_in_the_given_order_and_aligned() -> None:
    rows = [{"name": "b", "age": 120}, {"name": "a-longer-name", "age": 5}]

    assert table_lines(NAME_AND_AGE, rows, when_empty="None.") == [
        "NAME           AGE",
        "b              120",
        "a-longer-name    5",
    ]


def test_column_is_as_wide_as_its_heading() -> None:
    columns = (Column("A LONG HEADING", lambda row: row["name"]), NAME_AND_AGE[1])

    assert table_lines(columns, [{"name": "x", "age": 1}], when_empty="None.") == [
        "A LONG HEADING  AGE",
        "x                 1",
    ]


@pytest.mark.parametrize("row", [{}, {"name": None, "age": None}, {"name": "", "age": ""}])
def test_unknown_value_is_a_dash(row: dict[str, Any]) -> None:
    assert table_lines(NAME_AND_AGE, [row], when_empty="None.")[1].split() == ["-", "-"]


def test_zero_is_not_a_dash() -> None:
    assert table_lines(NAME_AND_AGE, [{"name": "x", "age": 0}], when_empty="None.")[1].split() == ["x", "0"]


def test_no_line_ends_in_spaces() -> None:
    columns = (NAME_AND_AGE[1], NAME_AND_AGE[0])

    lines = table_lines(columns, [{"name": "a", "age": 1}, {"name": "a-longer-name", "age": 2}], when_empty="None.")

    assert lines == [line.rstrip() for line in lines]


@pytest.mark.parametrize(
    ("title", "head"),
    [(None, []), ("", []), ("Newest", ["Newest"]), ("One\nTwo", ["One", "Two"])],
)
def test_title_comes_first_with_and_without_rows(title: str | None, head: list[str]) -> None:
    assert table_lines(NAME_AND_AGE, [], title=title, when_empty="None.") == [*head, "None."]
    assert table_lines(NAME_AND_AGE, [{"name": "x"}], title=title, when_empty="None.")[: len(head) + 1] == [
        *head,
        "NAME  AGE",
    ]


def test_rows_may_be_an_iterator() -> None:
    assert len(table_lines(NAME_AND_AGE, iter([{"name": "x"}]), when_empty="None.")) == 2


def test_control_characters_are_escaped_in_every_cell() -> None:
    lines = table_lines(NAME_AND_AGE, [{"name": "a\n\x1b[31mred\r\tb"}], title="T\x1b[2J", when_empty="None.")

    assert lines == ["T\\x1b[2J", "NAME                 AGE", "a\\n\\x1b[31mred\\r\\tb    -"]
