# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# Tables of plain text for a person at a terminal. Pure functions.

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from ._records import parse_time

UNKNOWN = "-"
_GAP = "  "
_SIZE_UNITS = ("B", "kB", "MB", "GB", "TB", "PB")
Row = TypeVar("Row")


@dataclass(frozen=True)
class Column(Generic[Row]):
    """One column: its heading, and how a row's cell reads. None and empty text are shown as when_unknown."""

    heading: str
    cell: Callable[[Row], Any]
    align_right: bool = False
    when_unknown: str = UNKNOWN


def table_lines(
    columns: Sequence[Column[Row]], rows: Iterable[Row], *, title: str | None = None, when_empty: str
) -> list[str]:
    """The title, the headings and one line per row, in columns; without rows, the title and when_empty alone."""
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


def printable(text: str) -> str:
    """The text without what would break a line or steer the terminal: Atlas's texts are other people's."""
    return "".join(char if char.isprintable() else "?" for char in text)


def size_text(size_bytes: Any) -> str | None:
    """A size as a person reads it, in steps of 1024: 1582854144 is 1.5 GB; None for what is no number."""
    if isinstance(size_bytes, bool) or not isinstance(size_bytes, (int, float)):
        return None
    size, unit = float(size_bytes), 0
    # Rounded first: 1023.99 MB is 1.0 GB, not 1024.0 MB.
    while round(size, 1) >= 1024 and unit < len(_SIZE_UNITS) - 1:
        size, unit = size / 1024, unit + 1
    return f"{size:.0f} B" if unit == 0 else f"{size:.1f} {_SIZE_UNITS[unit]}"


def minute_text(moment: Any) -> Any:
    """An ISO 8601 time to the minute, for a column whose heading says UTC; what is no time passes through."""
    parsed = parse_time(moment)
    return moment if parsed is None else parsed.strftime("%Y-%m-%d %H:%M")


def kind_text(snapshot: Mapping[str, Any]) -> Any:
    """What kind of cluster a snapshot is of, in words; dedicated clusters are told apart by topology."""
    kind = snapshot.get("cluster_type")
    if kind not in (None, "dedicated"):
        return kind
    return {"replicaSet": "replica set", "shardedCluster": "sharded"}.get(str(snapshot.get("type")), kind)


def snapshot_size_text(snapshot: Mapping[str, Any]) -> str | None:
    """The size of a snapshot as a person reads it, None where it is not known."""
    # Atlas says 0 until a snapshot is completed (as recorded, 2026-08): not known yet, rather than empty.
    size = snapshot.get("storage_size_bytes")
    return None if size == 0 and snapshot.get("status") != "completed" else size_text(size)


SNAPSHOT_COLUMNS: tuple[Column[Mapping[str, Any]], ...] = (
    Column("CLUSTER", lambda snapshot: snapshot.get("cluster_name")),
    Column("KIND", kind_text),
    Column("STATUS", lambda snapshot: snapshot.get("status")),
    Column("SNAPSHOT", lambda snapshot: snapshot.get("id")),
    Column("CREATED (UTC)", lambda snapshot: minute_text(snapshot.get("created_at"))),
    Column("SIZE", snapshot_size_text, align_right=True),
    Column("EXPIRES (UTC)", lambda snapshot: minute_text(snapshot.get("expires_at"))),
)


def snapshot_lines(snapshots: Iterable[Mapping[str, Any]], title: str | None = None) -> list[str]:
    """One line per snapshot record, in the order given."""
    return table_lines(SNAPSHOT_COLUMNS, snapshots, title=title, when_empty="No snapshots.")
