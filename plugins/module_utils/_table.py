# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# Plain-text tables for the terminal. Pure functions.

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from ._text import printable

UNKNOWN = "-"
_GAP = "  "
Row = TypeVar("Row")


@dataclass(frozen=True)
class Column(Generic[Row]):
    """One column: its heading, and a function for the value in a row. None and empty text become when_unknown."""

    heading: str
    cell: Callable[[Row], Any]
    align_right: bool = False
    when_unknown: str = UNKNOWN


def table_lines(
    columns: Sequence[Column[Row]], rows: Iterable[Row], *, title: str | None = None, when_empty: str
) -> list[str]:
    """The title, the headings and one aligned line per row; without rows, only the title and when_empty."""
    head = [printable(line) for line in (title or "").splitlines()]
    cells = [[_cell_text(column, row) for column in columns] for row in rows]
    if not cells:
        return [*head, when_empty]
    cells.insert(0, [column.heading for column in columns])
    widths = [max(map(len, texts)) for texts in zip(*cells)]
    return [*head, *(_line(columns, texts, widths) for texts in cells)]


def _line(columns: Sequence[Column[Any]], texts: Sequence[str], widths: Sequence[int]) -> str:
    padded = (
        text.rjust(width) if column.align_right else text.ljust(width)
        for column, text, width in zip(columns, texts, widths)
    )
    return _GAP.join(padded).rstrip()


def _cell_text(column: Column[Row], row: Row) -> str:
    value = column.cell(row)
    return column.when_unknown if value is None else printable(str(value)) or column.when_unknown
