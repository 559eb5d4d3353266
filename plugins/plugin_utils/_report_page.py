# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# Renders the report as one self-contained HTML page, without scripts or external files. Pure functions.

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from ..module_utils._restores.records import BAD_ENDS, DOWNLOAD, is_running
from ..module_utils._snapshots.records import COMPLETED, FAILED, Record
from ..module_utils._text import counted, duration_text, printable
from ..module_utils._times import parse_time
from ._report import (
    AUTOMATIC,
    CHECK,
    LOOKS,
    ON_DEMAND,
    OTHER,
    RESTORING,
    SAFE,
    SCHEDULED,
    UNFINISHED,
    UNSAFE,
    WORDS,
    Mark,
    Report,
    Row,
    status_text,
    taken_as,
)
from ._report_lines import verdict
from ._report_template import PAGE, STYLE
from ._restore_table import data_text, duration_of
from ._snapshot_table import snapshot_size_text

# State of a cluster -> its colour and icon. A running restore looks like a missing backup.
_LOOK_OF = {UNSAFE: UNSAFE, RESTORING: UNSAFE, CHECK: CHECK, SAFE: SAFE}
_SHAPES_OF_LOOKS = {
    ON_DEMAND: "on-demand",
    SCHEDULED: "scheduled",
    AUTOMATIC: "automatic",
    OTHER: "other",
    UNFINISHED: "unfinished",
    FAILED: "failed",
}
# Heights on a timeline: on-demand snapshots are drawn above the others, because they are often close to them.
_UPPER_LANE, _LOWER_LANE = 11, 25


def _finalized(value: Any) -> Any:
    """Text without control characters, also those that change the direction of writing."""
    return value if isinstance(value, Markup) else printable(str(value))


_TEMPLATE = Environment(
    autoescape=True, finalize=_finalized, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined
).from_string(PAGE)


def report_page(report: Report) -> str:
    """The whole page."""
    seen = {mark.look for row in report.rows for mark in row.marks}
    return _TEMPLATE.render(
        title=report.title,
        style=STYLE,
        project_id=report.project_id,
        now=report.now,
        state=next((_LOOK_OF[state] for state in (UNSAFE, RESTORING, CHECK) if report.count(state)), SAFE),
        verdict=verdict(report),
        days=counted(report.days, "day"),
        first_day=f"{report.now - timedelta(days=report.days):%Y-%m-%d}",
        day_lines=list(_day_lines(report)),
        legend=[(_SHAPES_OF_LOOKS[look], look.capitalize()) for look in LOOKS if look in seen],
        rows=[_row(report, number, row) for number, row in enumerate(report.rows)],
        restores=None if report.restores is None else [_restore(record) for record in report.restores],
        about_restores=report.about_restores,
    )


def _row(report: Report, number: int, row: Row) -> dict[str, Any]:
    expiry = parse_time(row.snapshot["expires_at"]) if row.snapshot else None
    return {
        "number": number,
        "name": row.name,
        "kind": row.kind,
        "state": _LOOK_OF[row.state],
        "standing": WORDS[row.state].capitalize(),
        "note": row.note,
        "snapshot": _snapshot(row),
        "age": None if row.born is None else duration_text(report.now - row.born),
        "size": row.snapshot and snapshot_size_text(row.snapshot),
        "expiry": expiry,
        "rest": expiry and _rest(expiry - report.now),
        "summary": _summary([mark.look for mark in row.marks]),
        "marks": [_mark(mark) for mark in row.marks],
    }


def _snapshot(row: Row) -> dict[str, Any] | None:
    """The creation time, the kind and the id of the snapshot, and its status if it is not completed."""
    if row.snapshot is None:
        return None
    return {
        "born": row.born,
        "how": taken_as(row.snapshot),
        "id": row.snapshot["id"],
        "bad_status": None if row.snapshot["status"] == COMPLETED else status_text(row.snapshot),
    }


def _restore(record: Record) -> dict[str, Any]:
    """One line of the restores; the project of the target is named where it is another one than the source's."""
    is_download = record["delivery_type"] == DOWNLOAD
    is_elsewhere = record["target_project_id"] not in (None, record["project_id"])
    return {
        "into": "download" if is_download else record["target_cluster_name"],
        "project": record["target_project_id"] if is_elsewhere else None,
        "source": record["cluster_name"],
        "data": data_text(record),
        "status": record["status"],
        "look": "bad" if record["status"] in BAD_ENDS else "running" if is_running(record) else "ended",
        "started": parse_time(record["created_at"]),
        "took": duration_of(record),
        "id": record["id"],
    }


def _rest(rest: timedelta) -> str:
    return f"in {duration_text(rest)}" if rest > timedelta(0) else f"{duration_text(-rest)} ago"


def _summary(looks: list[str]) -> str:
    kinds = ", ".join(f"{looks.count(look)} {look}" for look in LOOKS if look in looks)
    return f"{counted(len(looks), 'snapshot')}{': ' if looks else ''}{kinds}."


def _mark(mark: Mark) -> dict[str, Any]:
    return {
        "shape": _SHAPES_OF_LOOKS[mark.look],
        "x": _percent(mark.position),
        "y": _UPPER_LANE if mark.taken_as == ON_DEMAND else _LOWER_LANE,
        "label": f"{mark.born:%Y-%m-%d %H:%M} UTC, {mark.taken_as}, {mark.status}",
    }


def _day_lines(report: Report) -> Iterator[str]:
    """Positions of the vertical lines: every midnight, or every 7th or 30th if the days would be too narrow."""
    step = timedelta(days=1 if report.days <= 31 else 7 if report.days <= 217 else 30)
    span = timedelta(days=report.days)
    midnight = report.now.replace(hour=0, minute=0, second=0, microsecond=0)
    while midnight > report.now - span:
        yield _percent(1 - (report.now - midnight) / span)
        midnight -= step


def _percent(position: float) -> str:
    return f"{position * 100:.2f}"
