# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# The report as one HTML page that needs nothing else: no script, no font, no picture from anywhere. Pure functions.

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from html import escape
from string import Template
from typing import Any

from ..module_utils._snapshots.records import COMPLETED, FAILED
from ..module_utils._text import counted, duration_text, printable
from ..module_utils._times import parse_time
from . import _report_template as templates
from ._report import (
    AUTOMATIC,
    CHECK,
    LOOKS,
    ON_DEMAND,
    OTHER,
    SAFE,
    SCHEDULED,
    UNFINISHED,
    UNSAFE,
    Mark,
    Report,
    Row,
    status_text,
    taken_as,
    verdict,
)
from ._snapshot_table import snapshot_size_text


class Html(str):
    """Text that is HTML already. All other text is escaped on its way into a template."""

    __slots__ = ()


def filled(template: str, **values: Any) -> Html:
    """The template with its $names replaced."""
    return Html(Template(template).substitute({name: _as_html(value) for name, value in values.items()}))


def _as_html(value: Any) -> Html:
    # Without characters that no page may have, or that turn the direction of what follows.
    return value if isinstance(value, Html) else Html(escape(printable(str(value))))


def joined(parts: Iterable[Html]) -> Html:
    return Html("".join(parts))


_SHAPES_OF_LOOKS = {
    ON_DEMAND: "on-demand",
    SCHEDULED: "scheduled",
    AUTOMATIC: "automatic",
    OTHER: "other",
    UNFINISHED: "unfinished",
    FAILED: "failed",
}
# On-demand snapshots are often taken close to scheduled ones: they lie above them.
_UPPER_LANE, _LOWER_LANE = 11, 25
_UNKNOWN = Html(templates.UNKNOWN)


def report_page(report: Report) -> str:
    """The whole page."""
    state = next((state for state in (UNSAFE, CHECK) if report.count(state)), SAFE)
    return filled(
        templates.PAGE,
        title=report.title,
        project=filled(templates.PROJECT, id=report.project_id) if report.project_id else "",
        style=Html(templates.STYLE),
        shapes=filled(templates.SHAPES, lines=joined(_day_lines(report))),
        now=_time(report.now),
        state=state,
        icon=_icon(state),
        verdict=verdict(report),
        content=_table(report) if report.rows else Html(templates.NO_CLUSTERS),
    )


def _table(report: Report) -> Html:
    seen = {mark.look for row in report.rows for mark in row.marks}
    return filled(
        templates.TABLE,
        legend=joined(
            filled(templates.LEGEND, shape=_SHAPES_OF_LOOKS[look], look=look.capitalize())
            for look in LOOKS
            if look in seen
        ),
        days=counted(report.days, "day"),
        scale=_scale(report),
        rows=joined(_row(report, number, row) for number, row in enumerate(report.rows)),
    )


def _row(report: Report, number: int, row: Row) -> Html:
    return filled(
        templates.ROW,
        state=row.state,
        bare="" if row.snapshot else " bare",
        icon=_icon(row.state),
        standing=row.state.capitalize(),
        name=row.name,
        kind=row.kind,
        note=filled(templates.NOTE, note=row.note) if row.note else "",
        snapshot=_snapshot(row),
        age=_UNKNOWN if row.born is None else duration_text(report.now - row.born),
        size=(row.snapshot and snapshot_size_text(row.snapshot)) or _UNKNOWN,
        expires=_expiry(report, row),
        timeline=_timeline(report, number, row),
        days=counted(report.days, "day"),
        scale=_scale(report),
    )


def _snapshot(row: Row) -> Html:
    """When the snapshot was created, what took it, and its id; its status where that is no backup."""
    if row.snapshot is None:
        return Html(templates.NONE)
    how: str = taken_as(row.snapshot)
    if row.snapshot["status"] != COMPLETED:
        how = filled(templates.UNRELIABLE_HOW, status=status_text(row.snapshot), how=how)
    return filled(
        templates.SNAPSHOT,
        born=_UNKNOWN if row.born is None else _time(row.born),
        how=how,
        id=row.snapshot["id"] or _UNKNOWN,
    )


def _expiry(report: Report, row: Row) -> Html:
    expires = parse_time(row.snapshot["expires_at"]) if row.snapshot else None
    if expires is None:
        return _UNKNOWN
    rest = expires - report.now
    more = f"in {duration_text(rest)}" if rest > timedelta(0) else f"{duration_text(-rest)} ago"
    return filled(templates.MORE, main=_time(expires), more=more)


def _timeline(report: Report, number: int, row: Row) -> Html:
    looks = [mark.look for mark in row.marks]
    summary = ", ".join(f"{looks.count(look)} {look}" for look in LOOKS if look in looks)
    return filled(
        templates.TIMELINE,
        number=number,
        name=row.name,
        days=counted(report.days, "day"),
        summary=f"{counted(len(looks), 'snapshot')}{': ' if looks else ''}{summary}.",
        marks=joined(_mark(mark) for mark in row.marks),
    )


def _mark(mark: Mark) -> Html:
    return filled(
        templates.MARK,
        shape=_SHAPES_OF_LOOKS[mark.look],
        x=_percent(mark.position),
        y=_UPPER_LANE if mark.taken_as == ON_DEMAND else _LOWER_LANE,
        label=f"{mark.born:%Y-%m-%d %H:%M} UTC, {mark.taken_as}, {mark.status}",
    )


def _day_lines(report: Report) -> Iterator[Html]:
    """A line at each midnight, or where days would be too narrow, at every seventh or thirtieth."""
    step = timedelta(days=1 if report.days <= 31 else 7 if report.days <= 217 else 30)
    span = timedelta(days=report.days)
    midnight = report.now.replace(hour=0, minute=0, second=0, microsecond=0)
    while midnight > report.now - span:
        yield filled(templates.DAY, x=_percent(1 - (report.now - midnight) / span))
        midnight -= step


def _percent(position: float) -> str:
    return f"{position * 100:.2f}"


def _scale(report: Report) -> Html:
    first = report.now - timedelta(days=report.days)
    return filled(templates.SCALE, first=f"{first:%Y-%m-%d}")


def _time(moment: datetime) -> Html:
    return filled(templates.TIME, iso=moment.isoformat(), text=f"{moment:%Y-%m-%d %H:%M}")


def _icon(state: str) -> Html:
    return filled(templates.ICON, state=state)
