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

from ._records import COMPLETED, FAILED, parse_time
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
    counted,
    duration_text,
    taken_as,
    verdict,
)
from ._table import printable, snapshot_size_text


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


# The policy is a second lock behind the escaping: even if a script got into the page, it would not run.
PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>$title</title>
<style>
$style</style>
</head>
<body>
$shapes
<header>
<h1>$title</h1>
<p>As of $now UTC by Atlas&rsquo;s clock</p>
<p class="verdict $state">$icon<strong>$verdict</strong></p>
</header>
<main>
$content</main>
</body>
</html>
"""

TABLE = """\
<ul class="legend" aria-label="Marks on the timelines">$legend</ul>
<table role="table">
<caption class="hidden">Every cluster with its newest snapshot; clusters without a safe backup come first</caption>
<thead role="rowgroup">
<tr role="row">
<th role="columnheader" scope="col">Cluster</th>
<th role="columnheader" scope="col">Backup</th>
<th role="columnheader" scope="col">Newest snapshot (UTC)</th>
<th role="columnheader" scope="col" class="number">Age</th>
<th role="columnheader" scope="col" class="number">Size</th>
<th role="columnheader" scope="col">Expires (UTC)</th>
<th role="columnheader" scope="col" class="time">Last $days$scale</th>
</tr>
</thead>
<tbody role="rowgroup">
$rows</tbody>
</table>
"""

ROW = """\
<tr role="row" class="$state">
<th role="rowheader" scope="row"><span class="name">$name</span> <span class="more">$kind</span></th>
<td role="cell" class="standing"><span class="badge">$icon$state</span>$note</td>
<td role="cell" data-label="Newest snapshot (UTC)">$snapshot</td>
<td role="cell" data-label="Age" class="number age">$age</td>
<td role="cell" data-label="Size" class="number">$size</td>
<td role="cell" data-label="Expires (UTC)">$expires</td>
<td role="cell" data-label="Last $days" class="time">$timeline$scale</td>
</tr>
"""

NOTE = ' <span class="note">$note</span>'
TIME = '<time datetime="$iso">$text</time>'
MORE = '$main <span class="more">$more</span>'
SNAPSHOT = '$born <span class="more">$how</span> <code class="more">$id</code>'
UNRELIABLE_HOW = '<strong class="bad">$status</strong>, $how'
NOTHING = '<span class="nothing">$text</span>'
SCALE = '<span class="scale" aria-hidden="true"><span>$first</span><span>now</span></span>'
LEGEND = '<li><svg class="shape" aria-hidden="true"><use href="#$shape" x="8" y="8"/></svg>$look</li>'
ICON = '<svg class="icon" aria-hidden="true"><use href="#$state"/></svg>'
NO_CLUSTERS = '<p class="empty">There is nothing to back up.</p>\n'

TIMELINE = """\
<svg class="timeline" role="img" aria-labelledby="t$number d$number"><title id="t$number">Snapshots of $name in the \
last $days</title><desc id="d$number">$summary</desc><use href="#days" width="100%" height="100%"/>$marks</svg>"""

MARK = '<use class="mark" href="#$shape" x="$x%" y="$y"><title>$label</title></use>'
DAY = '<line x1="$x%" x2="$x%" y1="0" y2="100%"/>'

# Each kind has a shape of its own, so that nothing hangs on colour.
SHAPES = """\
<svg class="hidden" aria-hidden="true"><defs>
<path id="on-demand" d="M0-6 6 0 0 6-6 0Z"/>
<circle id="scheduled" r="4"/>
<rect id="automatic" x="-4" y="-4" width="8" height="8" rx="1"/>
<path id="other" d="M0-5 5 4H-5Z"/>
<circle id="unfinished" r="4"/>
<path id="failed" d="M-4.5-4.5 4.5 4.5M4.5-4.5-4.5 4.5"/>
<symbol id="unsafe" viewBox="0 0 16 16"><path d="M8 1 15.5 15H.5Z"/><path class="on" d="M8 6v4m0 2v1"/></symbol>
<symbol id="check" viewBox="0 0 16 16"><circle cx="8" cy="8" r="7.5"/><path class="on" d="M8 4v5m0 2v1"/></symbol>
<symbol id="safe" viewBox="0 0 16 16"><circle cx="8" cy="8" r="7.5"/><path class="on" d="M4.5 8.5 7 11l4.5-6"/></symbol>
<symbol id="days" overflow="visible">$lines</symbol>
</defs></svg>"""

STYLE = """\
:root {
  color-scheme: light dark;
  --page: #f4f6f8; --sheet: #ffffff; --ink: #17202b; --quiet: #55616f; --line: #dde3e9;
  --unsafe: #b3201d; --unsafe-tint: #fdf1f0; --check: #865300; --check-tint: #fff8e8; --safe: #1b6e3c; --on: #ffffff;
  --on-demand: #1d5bd6; --scheduled: #4d7d8c; --automatic: #8250c4;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #11161c; --sheet: #1a2129; --ink: #e8edf2; --quiet: #a3b0bd; --line: #313c47;
    --unsafe: #ff8f87; --unsafe-tint: #33201f; --check: #f2b84b; --check-tint: #2d2719; --safe: #6fcf97; --on: #11161c;
    --on-demand: #7fb0ff; --scheduled: #7fb3c2; --automatic: #c39bf5;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 2.5rem clamp(1rem, 3vw, 3rem); max-width: 100rem;
  background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, "Segoe UI", "Noto Sans", sans-serif;
}
h1 { margin: 0; font-size: 1.6rem; line-height: 1.25; letter-spacing: -0.01em; overflow-wrap: anywhere; }
header p { margin: .25rem 0 0; color: var(--quiet); }
header .verdict { display: flex; gap: .6rem; align-items: center; margin: 1.25rem 0; font-size: 1.15rem; }
.verdict strong { font-weight: 600; color: var(--ink); }
.verdict .icon { width: 1.4rem; height: 1.4rem; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

table { width: 100%; border-collapse: collapse; background: var(--sheet); border: 1px solid var(--line); }
th, td { padding: .7rem .9rem; text-align: left; vertical-align: top; }
thead th {
  position: sticky; top: 0; z-index: 1; background: var(--sheet); box-shadow: inset 0 -1px var(--line);
  font-size: .8rem; font-weight: 600; color: var(--quiet); vertical-align: bottom;
}
tbody tr { border-top: 1px solid var(--line); break-inside: avoid; }
tbody th { font-weight: inherit; box-shadow: inset 4px 0 transparent; }
tr.unsafe { background: var(--unsafe-tint); }
tr.unsafe th { box-shadow: inset 4px 0 var(--unsafe); }
tr.check { background: var(--check-tint); }
tr.check th { box-shadow: inset 4px 0 var(--check); }
.name { font-weight: 600; overflow-wrap: anywhere; }
.more, .note { display: block; font-size: .85rem; color: var(--quiet); }
.note { color: var(--ink); max-width: 34ch; overflow-wrap: anywhere; }
code { font-family: ui-monospace, "Cascadia Mono", "DejaVu Sans Mono", monospace; font-size: .8rem; overflow-wrap: anywhere; }
.number { text-align: right; }
.age, time { white-space: nowrap; }
.number, time { font-variant-numeric: tabular-nums; }
.nothing { color: var(--quiet); }
.bad { color: var(--unsafe); }
.badge { display: inline-flex; gap: .4rem; align-items: center; font-weight: 600; }
.unsafe .badge { color: var(--unsafe); }
.check .badge { color: var(--check); }
.safe .badge { color: var(--safe); }
.unsafe > .icon, .unsafe .badge .icon { fill: var(--unsafe); }
.check > .icon, .check .badge .icon { fill: var(--check); }
.safe > .icon, .safe .badge .icon { fill: var(--safe); }
.icon { flex: none; width: 1rem; height: 1rem; }
.on { fill: none; stroke: var(--on); stroke-width: 1.8; stroke-linecap: round; stroke-linejoin: round; }

.legend { display: flex; flex-wrap: wrap; gap: .35rem 1.25rem; margin: 0 0 .75rem; padding: 0; list-style: none; }
.legend li { display: flex; gap: .4rem; align-items: center; font-size: .85rem; color: var(--quiet); }
.shape { width: 16px; height: 16px; }
.time { width: 24%; min-width: 13rem; padding-right: 1.4rem; padding-left: 1.4rem; }
.timeline { display: block; width: 100%; height: 34px; overflow: visible; }
.scale { display: flex; justify-content: space-between; font-size: .75rem; font-weight: 400; color: var(--quiet); }
td .scale { display: none; }
#days line { stroke: var(--line); }
#on-demand { fill: var(--on-demand); }
#scheduled { fill: var(--scheduled); }
#automatic { fill: var(--automatic); }
#other { fill: var(--quiet); }
#unfinished { fill: var(--sheet); stroke: var(--check); stroke-width: 2; }
#failed { stroke: var(--unsafe); stroke-width: 2.5; stroke-linecap: round; }

@media (max-width: 66rem) {
  body { padding: 1.25rem 1rem; }
  table, tbody, tr, tbody th, td { display: block; }
  table { background: none; border: 0; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  tbody { display: grid; gap: .9rem; grid-template-columns: repeat(auto-fill, minmax(min(100%, 21rem), 1fr)); }
  tbody tr { padding: .8rem 0; background: var(--sheet); border: 1px solid var(--line); }
  tbody tr.unsafe, tbody tr.check { border-left: 4px solid var(--unsafe); }
  tbody tr.check { border-left-color: var(--check); }
  tbody tr th { box-shadow: none !important; }
  tbody th, td, td.number { padding: .25rem 1rem; text-align: left; }
  td[data-label] { display: grid; grid-template-columns: 7rem minmax(0, 1fr); gap: .75rem; }
  td[data-label]::before { content: attr(data-label); font-size: .85rem; color: var(--quiet); }
  td.time { display: block; width: auto; min-width: 0; padding: .25rem 1.4rem; }
  .note { max-width: none; }
  td .scale { display: flex; }
}
@media print {
  body { padding: 0; background: none; }
  thead th { position: static; }
  * { print-color-adjust: exact; }
}
"""

_SHAPES_OF_LOOKS = {
    ON_DEMAND: "on-demand",
    SCHEDULED: "scheduled",
    AUTOMATIC: "automatic",
    OTHER: "other",
    UNFINISHED: "unfinished",
    FAILED: "failed",
}
# On-demand snapshots are often taken close to scheduled ones: they lie above them.
_UPPER_LANE, _LOWER_LANE = 10, 24


def report_page(report: Report) -> str:
    """The whole page."""
    state = next((state for state in (UNSAFE, CHECK) if report.count(state)), SAFE)
    return filled(
        PAGE,
        title=report.title,
        style=Html(STYLE),
        shapes=filled(SHAPES, lines=joined(_day_lines(report))),
        now=_time(report.now),
        state=state,
        icon=_icon(state),
        verdict=verdict(report),
        content=_table(report) if report.rows else Html(NO_CLUSTERS),
    )


def _table(report: Report) -> Html:
    seen = {mark.look for row in report.rows for mark in row.marks}
    return filled(
        TABLE,
        legend=joined(
            filled(LEGEND, shape=_SHAPES_OF_LOOKS[look], look=look.capitalize()) for look in LOOKS if look in seen
        ),
        days=counted(report.days, "day"),
        scale=_scale(report),
        rows=joined(_row(report, number, row) for number, row in enumerate(report.rows)),
    )


def _row(report: Report, number: int, row: Row) -> Html:
    return filled(
        ROW,
        state=row.state,
        icon=_icon(row.state),
        name=row.name,
        kind=row.kind,
        note=filled(NOTE, note=row.note) if row.note else "",
        snapshot=_snapshot(row),
        age=_nothing("none") if row.born is None else duration_text(report.now - row.born),
        size=row.snapshot and snapshot_size_text(row.snapshot) or _nothing("unknown" if row.snapshot else "none"),
        expires=_expiry(report, row),
        timeline=_timeline(report, number, row),
        days=counted(report.days, "day"),
        scale=_scale(report),
    )


def _snapshot(row: Row) -> Html:
    """When the snapshot was created, what took it, and its id; its status where that is no backup."""
    if row.snapshot is None:
        return _nothing("none")
    status, how = row.snapshot["status"], taken_as(row.snapshot)
    return filled(
        SNAPSHOT,
        born=_nothing("unknown") if row.born is None else _time(row.born),
        how=how if status == COMPLETED else filled(UNRELIABLE_HOW, status=status, how=how),
        id=row.snapshot["id"],
    )


def _expiry(report: Report, row: Row) -> Html:
    if row.snapshot is None:
        return _nothing("none")
    expires = parse_time(row.snapshot["expires_at"])
    if expires is None:
        return _nothing("unknown")
    rest = expires - report.now
    more = f"in {duration_text(rest)}" if rest > timedelta(0) else f"{duration_text(-rest)} ago"
    return filled(MORE, main=_time(expires), more=more)


def _timeline(report: Report, number: int, row: Row) -> Html:
    looks = [mark.look for mark in row.marks]
    summary = ", ".join(f"{looks.count(look)} {look}" for look in LOOKS if look in looks)
    return filled(
        TIMELINE,
        number=number,
        name=row.name,
        days=counted(report.days, "day"),
        summary=f"{counted(len(looks), 'snapshot')}{': ' if looks else ''}{summary}.",
        marks=joined(_mark(mark) for mark in row.marks),
    )


def _mark(mark: Mark) -> Html:
    return filled(
        MARK,
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
        yield filled(DAY, x=_percent(1 - (report.now - midnight) / span))
        midnight -= step


def _percent(position: float) -> str:
    return f"{position * 100:.2f}"


def _scale(report: Report) -> Html:
    first = report.now - timedelta(days=report.days)
    return filled(SCALE, first=f"{first.day} {first:%b}")


def _time(moment: datetime) -> Html:
    return filled(TIME, iso=moment.isoformat(), text=f"{moment:%Y-%m-%d %H:%M}")


def _icon(state: str) -> Html:
    return filled(ICON, state=state)


def _nothing(text: str) -> Html:
    return filled(NOTHING, text=text)
