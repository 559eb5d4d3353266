# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# The Jinja template of the report's page, and its style sheet.

from __future__ import annotations

# The Content-Security-Policy is a second protection besides escaping: an injected script would not run.
# Each kind of mark has its own shape, so that colour is not the only difference.
PAGE = """\
{%- macro time(moment) %}
<time datetime="{{ moment.isoformat() }}">{{ moment.strftime("%Y-%m-%d %H:%M") }}</time>
{%- endmacro -%}
{%- macro unknown() %}<span class="nothing"><span aria-hidden="true">&ndash;</span>\
<span class="hidden">not known</span></span>{% endmacro -%}
{%- macro icon(state) %}<svg class="icon" aria-hidden="true"><use href="#{{ state }}"/></svg>{% endmacro -%}
{%- macro scale() %}
<span class="scale" aria-hidden="true"><span>{{ first_day }}</span><span>now</span></span>
{%- endmacro -%}
{%- macro snapshot_cell(snapshot) %}
{%- if not snapshot %}<span class="nothing">none</span>
{%- else %}{{ time(snapshot.born) if snapshot.born else unknown() }} <span class="how">
{%- if snapshot.bad_status %}<strong class="bad">{{ snapshot.bad_status }}</strong>, {% endif -%}
{{ snapshot.how }}</span> <code class="more">{{ snapshot.id or unknown() }}</code>
{%- endif %}{% endmacro -%}
{%- macro timeline(row) %}
<svg class="timeline" role="img" aria-labelledby="t{{ row.number }} d{{ row.number }}">\
<title id="t{{ row.number }}">Snapshots of {{ row.name }} in the last {{ days }}</title>\
<desc id="d{{ row.number }}">{{ row.summary }}</desc><use href="#days" width="100%" height="100%"/>
{%- for mark in row.marks %}<use class="mark" href="#{{ mark.shape }}" x="{{ mark.x }}%" y="{{ mark.y }}">\
<title>{{ mark.label }}</title></use>{% endfor %}</svg>
{%- endmacro -%}
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>{{ title }}</title>
<style>
{{ style | safe }}</style>
</head>
<body>
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
<symbol id="days" overflow="visible">
{%- for x in day_lines %}<line x1="{{ x }}%" x2="{{ x }}%" y1="0" y2="100%"/>{% endfor %}</symbol>
</defs></svg>
<header>
<h1>Atlas backups</h1>
<p>{% if project_id %}Project <code>{{ project_id }}</code>. {% endif %}
As of {{ time(now) }} UTC by Atlas&rsquo;s clock</p>
<p class="verdict {{ state }}">{{ icon(state) }}<strong>{{ verdict }}</strong></p>
</header>
<main>
{% if not rows %}
<p class="empty">There is nothing to back up.</p>
{% else %}
<ul class="legend" aria-label="Marks on the timelines">
{%- for shape, look in legend %}<li><svg class="shape" aria-hidden="true"><use href="#{{ shape }}" x="8" y="8"/></svg>\
{{ look }}</li>{% endfor %}</ul>
<table role="table" class="clusters">
<caption class="hidden">Every cluster with its newest snapshot; clusters without an assured backup come first</caption>
<thead role="rowgroup">
<tr role="row">
<th role="columnheader" scope="col">Cluster</th>
<th role="columnheader" scope="col">Backup</th>
<th role="columnheader" scope="col">Newest snapshot (UTC)</th>
<th role="columnheader" scope="col" class="number">Age</th>
<th role="columnheader" scope="col">Expires (UTC)</th>
<th role="columnheader" scope="col" class="number">Size</th>
<th role="columnheader" scope="col" class="time">Last {{ days }}{{ scale() }}</th>
</tr>
</thead>
<tbody role="rowgroup">
{% for row in rows %}
<tr role="row" class="{{ row.state }}{% if not row.snapshot %} bare{% endif %}">
<th role="rowheader" scope="row"><span class="name">{{ row.name }}</span> <span class="more">{{ row.kind }}</span></th>
<td role="cell" class="standing"><span class="badge">{{ icon(row.state) }}{{ row.standing }}</span>
{%- if row.note %} <span class="note">{{ row.note }}</span>{% endif %}</td>
<td role="cell" data-label="Newest snapshot (UTC)" class="newest">{{ snapshot_cell(row.snapshot) }}</td>
<td role="cell" data-label="Age" class="number">{{ row.age or unknown() }}</td>
<td role="cell" data-label="Expires (UTC)">
{%- if row.expiry %}{{ time(row.expiry) }} <span class="more">{{ row.rest }}</span>
{%- else %}{{ unknown() }}{% endif %}</td>
<td role="cell" data-label="Size" class="number">{{ row.size or unknown() }}</td>
<td role="cell" data-label="Last {{ days }}" class="time">{{ timeline(row) }}{{ scale() }}</td>
</tr>
{% endfor %}
</tbody>
</table>
{% endif %}
{% if restores is not none %}
<section aria-labelledby="restores">
<h2 id="restores">The last restores from and into each cluster</h2>
{% for sentence in about_restores %}
<p class="about">{{ sentence }}</p>
{% endfor %}
{% if not restores %}
<p class="empty">No restores.</p>
{% else %}
<table role="table" aria-labelledby="restores">
<thead role="rowgroup">
<tr role="row">
<th role="columnheader" scope="col">Into</th>
<th role="columnheader" scope="col">From</th>
<th role="columnheader" scope="col">Status</th>
<th role="columnheader" scope="col">Started (UTC)</th>
<th role="columnheader" scope="col" class="number">Took</th>
<th role="columnheader" scope="col">Snapshot or time</th>
<th role="columnheader" scope="col">Job</th>
</tr>
</thead>
<tbody role="rowgroup">
{% for restore in restores %}
<tr role="row" class="restore">
<th role="rowheader" scope="row"><span class="name">{{ restore.into or unknown() }}</span>
{%- if restore.project %} <span class="more">project <code>{{ restore.project }}</code></span>{% endif %}</th>
<td role="cell" data-label="From"><span class="name">{{ restore.source or unknown() }}</span></td>
<td role="cell" data-label="Status" class="short">
<strong class="{{ restore.look }}">{{ restore.status or unknown() }}</strong></td>
<td role="cell" data-label="Started (UTC)">{{ time(restore.started) if restore.started else unknown() }}</td>
<td role="cell" data-label="Took" class="number">{{ restore.took or unknown() }}</td>
<td role="cell" class="long" data-label="Snapshot or time"><code>{{ restore.data or unknown() }}</code></td>
<td role="cell" class="long" data-label="Job"><code>{{ restore.id or unknown() }}</code></td>
</tr>
{% endfor %}
</tbody>
</table>
{% endif %}
</section>
{% endif %}
</main>
</body>
</html>
"""

STYLE = """\
:root {
  color-scheme: light dark;
  --page: #f3f5f7; --sheet: #ffffff; --ink: #17202b; --quiet: #55616f; --line: #dce2e8;
  --unsafe: #b3201d; --unsafe-tint: #fdf1f0; --check: #865300; --check-tint: #fff8e8; --safe: #1b6e3c; --on: #ffffff;
  --on-demand: #1d5bd6; --scheduled: #4d7d8c; --automatic: #8250c4;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #11161c; --sheet: #1a2129; --ink: #e8edf2; --quiet: #a3b0bd; --line: #36424e;
    --unsafe: #ff8f87; --unsafe-tint: #33201f; --check: #f2b84b; --check-tint: #2d2719; --safe: #6fcf97; --on: #11161c;
    --on-demand: #7fb0ff; --scheduled: #7fb3c2; --automatic: #c39bf5;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 2.5rem clamp(1rem, 3vw, 3rem); max-width: 100rem;
  background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, "Segoe UI", "Noto Sans", sans-serif;
}
h1 { margin: 0; font-size: 1.6rem; line-height: 1.25; letter-spacing: -0.01em; }
h2 { margin: 2rem 0 .75rem; font-size: 1.15rem; line-height: 1.25; }
header p { margin: .25rem 0 0; color: var(--quiet); }
header .verdict { display: flex; gap: .6rem; margin: 1.25rem 0; font-size: 1.15rem; color: var(--ink); }
.verdict strong { font-weight: 600; }
.verdict .icon { width: 1.4rem; height: 1.4rem; margin-top: .15rem; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

table {
  width: 100%; border-spacing: 0; border: 1px solid var(--line); border-radius: 8px; overflow: clip;
  background: var(--sheet);
}
th, td { padding: .65rem .75rem; text-align: left; vertical-align: top; }
thead th {
  position: sticky; top: 0; z-index: 1; background: var(--sheet);
  font-size: .8rem; font-weight: 600; color: var(--quiet); vertical-align: bottom; white-space: nowrap;
}
tbody tr { break-inside: avoid; }
tbody th, tbody td { border-top: 1px solid var(--line); }
tbody th { min-width: 10rem; font-weight: inherit; }
.unsafe > th, .unsafe > td { background: var(--unsafe-tint); }
.check > th, .check > td { background: var(--check-tint); }
/* The shadows cover the gaps between cells that some screen scales leave. */
.unsafe > td { box-shadow: -1px 0 var(--unsafe-tint); }
.check > td { box-shadow: -1px 0 var(--check-tint); }
.unsafe > th { box-shadow: inset 4px 0 var(--unsafe); }
.check > th { box-shadow: inset 4px 0 var(--check); }
.name { font-weight: 600; overflow-wrap: anywhere; }
.more, .note { display: block; font-size: .85rem; }
.more, .how { color: var(--quiet); }
.standing { min-width: 14.75rem; }
.note { max-width: 36ch; overflow-wrap: anywhere; }
code { font: .85em ui-monospace, "Cascadia Mono", "DejaVu Sans Mono", monospace; white-space: nowrap; }
code.more { font-size: .8rem; }
.number { text-align: right; }
.number, time { white-space: nowrap; }
.newest { min-width: 15rem; }
.how { overflow-wrap: anywhere; }
.number, time { font-variant-numeric: tabular-nums; }
.nothing { color: var(--quiet); }
.bad { color: var(--unsafe); }
.running { color: var(--check); }
.restore strong, .about { overflow-wrap: anywhere; }
.restore code { white-space: normal; overflow-wrap: anywhere; }
.short { min-width: 8.25rem; }
.long { min-width: 14rem; }
.badge { display: inline-flex; gap: .4rem; align-items: center; font-weight: 600; }
.unsafe .badge { color: var(--unsafe); }
.check .badge { color: var(--check); }
.safe .badge { color: var(--safe); }
.icon { flex: none; width: 1rem; height: 1rem; }
.unsafe .icon { fill: var(--unsafe); }
.check .icon { fill: var(--check); }
.safe .icon { fill: var(--safe); }
.on { fill: none; stroke: var(--on); stroke-width: 1.8; stroke-linecap: round; stroke-linejoin: round; }

.legend {
  display: flex; flex-wrap: wrap; justify-content: flex-end; gap: .35rem 1.25rem; margin: 0 0 .75rem; padding: 0;
  list-style: none; font-size: .85rem; color: var(--quiet);
}
.legend li { display: flex; gap: .4rem; align-items: center; }
.shape { width: 16px; height: 16px; }
td.time { vertical-align: middle; }
.time { width: 25%; min-width: 12.5rem; padding-right: 1.4rem; padding-left: 1.4rem; }
.timeline { display: block; width: 100%; height: 36px; overflow: visible; }
.scale { display: flex; justify-content: space-between; font-size: .75rem; font-weight: 400; color: var(--quiet); }
td .scale { display: none; }
#days line { stroke: var(--line); }
#on-demand { fill: var(--on-demand); }
#scheduled { fill: var(--scheduled); }
#automatic { fill: var(--automatic); }
#other { fill: var(--quiet); }
#unfinished { fill: var(--sheet); stroke: var(--check); stroke-width: 2; }
#failed { stroke: var(--unsafe); stroke-width: 2.5; stroke-linecap: round; }

@media (max-width: 79rem) {
  body { padding: 1.25rem 1rem; }
  .legend { justify-content: flex-start; }
  table, th, td { display: block; }
  table { background: none; border: 0; border-radius: 0; overflow: visible; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  tbody { display: grid; gap: .9rem; grid-template-columns: repeat(auto-fill, minmax(min(100%, 22rem), 1fr)); }
  tbody tr {
    display: grid; grid-template-columns: minmax(0, 1.8fr) minmax(0, 1fr); align-content: start; gap: .6rem .75rem;
    padding: .9rem 1rem; background: var(--sheet); border: 1px solid var(--line); border-radius: 8px;
  }
  tbody tr.unsafe { background: var(--unsafe-tint); border-left: 4px solid var(--unsafe); }
  tbody tr.check { background: var(--check-tint); border-left: 4px solid var(--check); }
  tbody tr[class] > th, tbody tr[class] > td {
    padding: 0; border: 0; background: none; box-shadow: none; text-align: left;
  }
  tbody th, .standing, .long, tbody td.time { grid-column: 1 / -1; width: auto; min-width: 0; }
  tbody th .more { display: inline; margin-left: .4rem; }
  .standing { margin-top: -.5rem; }
  td[data-label]::before { content: attr(data-label); display: block; font-size: .8rem; color: var(--quiet); }
  tbody tr[class] > td.time { padding: 0 .4rem; }
  td.time::before { margin-left: -.4rem; }
  .bare td[data-label] { display: none; }
  .how { display: block; font-size: .85rem; }
  .newest, .standing, .short, .long { min-width: 0; }
  .number, code { white-space: normal; overflow-wrap: anywhere; }
  .note { max-width: none; }
  td .scale { display: flex; }
}
@media print {
  body { padding: 0; background: none; }
  thead th { position: static; }
  * { print-color-adjust: exact; }
}
"""
