# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# The table of restores: one line per record. Pure functions.

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..module_utils._table import Column, table_lines
from ..module_utils._text import clock_text, minute_text
from ..module_utils._times import parse_time


def duration_of(restore: Mapping[str, Any]) -> str | None:
    """How long a restore took by Atlas's times, None if it has not ended or a time is missing."""
    created, finished = parse_time(restore.get("created_at")), parse_time(restore.get("finished_at"))
    if created is None or finished is None:
        return None
    # The clock in a job's id may be a second ahead of others (as recorded, 2026-08).
    return clock_text(max(0.0, (finished - created).total_seconds()))


def data_text(restore: Mapping[str, Any]) -> Any:
    """The restored point in time, or else the snapshot."""
    return restore.get("point_in_time") or restore.get("snapshot_id")


RESTORE_COLUMNS: tuple[Column[Mapping[str, Any]], ...] = (
    Column("INTO", lambda restore: restore.get("target_cluster_name")),
    Column("FROM", lambda restore: restore.get("cluster_name")),
    Column("SNAPSHOT OR TIME", data_text),
    Column("STATUS", lambda restore: restore.get("status")),
    Column("JOB", lambda restore: restore.get("id")),
    Column("STARTED (UTC)", lambda restore: minute_text(restore.get("created_at"))),
    Column("TOOK", duration_of, align_right=True),
    Column("TARGET", lambda restore: restore.get("target_state")),
)


def restore_lines(restores: Iterable[Mapping[str, Any]], title: str | None = None) -> list[str]:
    """One line per restore record, in the order given."""
    return table_lines(RESTORE_COLUMNS, restores, title=title, when_empty="No restores.")
