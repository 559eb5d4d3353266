# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# The backup report as text for a terminal, and its summary. Pure functions.

from __future__ import annotations

from ..module_utils._table import Column, table_lines
from ..module_utils._text import counted, duration_text, minute_text
from ._report import CHECK, RESTORING, SAFE, UNSAFE, WORDS, Report, Row
from ._restore_table import restore_lines
from ._snapshot_table import snapshot_size_text


def verdict(report: Report) -> str:
    """The summary in one or two sentences."""
    if not report.rows:
        return "The project has no clusters."
    bare, doubtful, all_of_them = report.count(UNSAFE), report.count(CHECK), len(report.rows)
    if bare:
        first = f"{bare} of {counted(all_of_them, 'cluster')} {'has' if bare == 1 else 'have'} no assured backup."
    else:
        first = "Every cluster has an assured backup."
    restoring = report.count(RESTORING)
    if restoring:
        first += f" A restore runs into {counted(restoring, 'cluster')}."
    if doubtful:
        first += f" {counted(doubtful, 'more cluster' if bare else 'cluster')} should be checked."
    return first


def report_lines(report: Report) -> list[str]:
    """The report for a terminal: a title, the overall result and one line per cluster."""

    def age(row: Row) -> str | None:
        return None if row.born is None else duration_text(report.now - row.born)

    columns: tuple[Column[Row], ...] = (
        Column("BACKUP", lambda row: WORDS[row.state] if row.state == SAFE else WORDS[row.state].upper()),
        Column("CLUSTER", lambda row: row.name),
        Column("KIND", lambda row: row.kind),
        Column("SNAPSHOT", lambda row: row.snapshot and row.snapshot["id"]),
        Column("CREATED (UTC)", lambda row: row.born and minute_text(row.born.isoformat())),
        Column("AGE", age, align_right=True),
        Column("SIZE", lambda row: row.snapshot and snapshot_size_text(row.snapshot), align_right=True),
        Column("EXPIRES (UTC)", lambda row: row.snapshot and minute_text(row.snapshot["expires_at"])),
        Column("NOTE", lambda row: row.note, when_unknown=""),
    )
    title, sentence = f"{report.title}, {report.now:%Y-%m-%d %H:%M} UTC", verdict(report)
    if report.rows:
        title += f"\n{sentence}"
    lines = table_lines(columns, report.rows, title=title, when_empty=sentence)
    if report.restores is not None:
        lines += restore_lines(report.restores, "The last restores from and into each cluster:")
    return [*lines, *report.about_restores]
