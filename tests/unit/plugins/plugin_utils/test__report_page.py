# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from datetime import timedelta
from html.parser import HTMLParser
from itertools import product
from typing import Any

import pytest

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._times import format_time
from ansible_collections.mongodb_atlas.backup.plugins.plugin_utils import _report_template as templates
from ansible_collections.mongodb_atlas.backup.plugins.plugin_utils._report import report
from ansible_collections.mongodb_atlas.backup.plugins.plugin_utils._report_page import report_page
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support import report_records
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.report_records import (
    NOW,
    PROJECT,
    ago,
    cluster,
    object_id,
)

HOSTILE = "<script>alert(1)</script>'\"&\x00\u202e\ud800{{ 7 * 7 }}{% raw %}"
NOT_KNOWN = "\N{EN DASH}not known"


def snapshot(days_ago: float, name: str = "prod", **known: Any) -> dict[str, Any]:
    return report_records.snapshot(ago(days=days_ago), name, **known)


class Element:
    """An element as a browser would build it, with its children."""

    def __init__(self, tag: str, attributes: dict[str, str | None]) -> None:
        self.tag = tag
        self.attributes = attributes
        self.children: list[Element | str] = []

    @property
    def classes(self) -> list[str]:
        return (self.attributes.get("class") or "").split()

    @property
    def text(self) -> str:
        texts = (child if isinstance(child, str) else child.text for child in self.children)
        return " ".join("".join(texts).split())

    def all(self, tag: str | None = None, class_: str | None = None) -> list[Element]:
        found = []
        for child in self.children:
            if isinstance(child, Element):
                if tag in (None, child.tag) and (class_ is None or class_ in child.classes):
                    found.append(child)
                found += child.all(tag, class_)
        return found

    def one(self, tag: str | None = None, class_: str | None = None) -> Element:
        (found,) = self.all(tag, class_)
        return found


class Parser(HTMLParser):
    """Builds the tree, and refuses tags that are not closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.root = Element("root", {})
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(attrs) == len(dict(attrs)), f"{tag} has an attribute twice"
        element = Element(tag, dict(attrs))
        self.open[-1].children.append(element)
        # Empty elements end with a slash, except for these.
        if tag not in ("meta", "link"):
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].children.append(Element(tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def parsed(text: str) -> Element:
    parser = Parser()
    parser.feed(text)
    parser.close()
    assert parser.open == [parser.root], "an element is not closed"
    return parser.root


def page(
    clusters: list[dict[str, Any]] | None = None,
    snapshots: list[dict[str, Any]] | None = None,
    errors: list[dict[str, Any]] | None = None,
    days: int = 14,
    **restored: Any,
) -> Element:
    chosen = [cluster()] if clusters is None else clusters
    return parsed(report_page(report(chosen, snapshots or [], errors or [], NOW, days, **restored)))


def rows(document: Element) -> list[Element]:
    return document.one("tbody").all("tr")


def cells(row: Element) -> list[str]:
    return [cell.text for cell in row.all() if cell.tag in ("th", "td")]


def test_row_shows_everything_about_a_cluster() -> None:
    (row,) = rows(page(snapshots=[snapshot(1.5)]))

    assert row.classes == ["safe"]
    assert cells(row)[:6] == [
        "prod replica set M10",
        "Assured",
        f"2026-08-14 10:07 scheduled {snapshot(1.5)['id']}",
        "1 d 12 h",
        "2026-08-22 10:07 in 6 d 12 h",
        "2.1 GB",
    ]


def test_clusters_without_an_assured_backup_come_first_with_a_word_and_a_shape() -> None:
    clusters = [cluster("a"), cluster("b"), cluster("c", backup_enabled=False)]

    found = rows(page(clusters, [snapshot(1, "a"), snapshot(1, "c")]))

    assert [(row.one(class_="name").text, row.one(class_="badge").text) for row in found] == [
        ("b", "Not assured"),
        ("c", "Assured, check"),
        ("a", "Assured"),
    ]
    assert [row.one(class_="badge").one("use").attributes["href"] for row in found] == ["#unsafe", "#check", "#safe"]
    assert found[0].one(class_="note").text == "There is no snapshot."


@pytest.mark.parametrize(
    ("snapshots", "state"),
    [([], "unsafe"), ([snapshot(1)], "safe"), ([snapshot(1), snapshot(0, status="failed")], "check")],
)
def test_summary_is_at_the_top(snapshots: list[dict[str, Any]], state: str) -> None:
    verdict = page(snapshots=snapshots).one("p", class_="verdict")

    assert state in verdict.classes
    assert "assured backup" in verdict.text


def test_failed_snapshot_is_named() -> None:
    (row,) = rows(page(snapshots=[snapshot(1, status="failed", created_at=None, storage_size_bytes=0)]))

    assert row.one(class_="bad").text == "failed"
    assert "failed, scheduled" in cells(row)[2]
    assert cells(row)[5] == NOT_KNOWN


def test_cluster_without_snapshots_has_unknown_values() -> None:
    (row,) = rows(page())

    assert row.classes == ["unsafe", "bare"]
    assert cells(row)[2:6] == ["none", NOT_KNOWN, NOT_KNOWN, NOT_KNOWN]


def test_past_expiry_is_shown() -> None:
    (row,) = rows(page(snapshots=[snapshot(8.5)]))

    assert cells(row)[4].endswith("12 h 0 min ago")


def test_snapshot_without_known_values_is_shown() -> None:
    (row,) = rows(page(snapshots=[{"cluster_name": "prod", "id": None, "status": None}]))

    assert cells(row)[2:6] == [f"{NOT_KNOWN} status unknown, other {NOT_KNOWN}", *[NOT_KNOWN] * 3]


def test_project_without_clusters_has_one_sentence_instead_of_a_table() -> None:
    document = page([])

    assert document.all("table") == []
    assert document.one("title").text == "Atlas backups"
    assert "The project has no clusters." in document.one("header").text


def test_hundreds_of_clusters_are_shown() -> None:
    names = [f"fleet-{number}" for number in range(300)]
    document = page([cluster(name) for name in names], [snapshot(day, name) for name in names for day in range(1, 8)])

    assert len(rows(document)) == 300
    assert len(document.all("use", class_="mark")) == 2100
    ids = [element.attributes["id"] for element in document.all() if "id" in element.attributes]
    assert len(ids) == len(set(ids))


def test_each_snapshot_of_the_last_days_has_a_mark() -> None:
    document = page(snapshots=[snapshot(0), snapshot(7), snapshot(14), snapshot(14.1)])

    assert [mark.attributes["x"] for mark in document.all("use", class_="mark")] == ["0.00%", "50.00%", "100.00%"]


def test_each_kind_has_a_defined_shape_that_is_in_the_legend() -> None:
    snapshots = [
        snapshot(1, snapshot_type="onDemand"),
        snapshot(2),
        snapshot(3, cluster_type="flex"),
        snapshot(4, snapshot_type="fallback"),
        snapshot(5, status="queued"),
        snapshot(6, status="failed"),
    ]
    document = page(snapshots=snapshots)

    shapes = [mark.attributes["href"] for mark in reversed(document.all("use", class_="mark"))]

    assert shapes == ["#on-demand", "#scheduled", "#automatic", "#other", "#unfinished", "#failed"]
    defined = {f"#{element.attributes['id']}" for element in document.one("defs").all() if "id" in element.attributes}
    assert {use.attributes["href"] for use in document.all("use")} <= defined
    legend = document.one("ul", class_="legend").all("li")
    assert [entry.text for entry in legend] == [
        *("On demand", "Scheduled", "Automatic", "Other", "Unfinished", "Failed")
    ]
    assert [entry.one("use").attributes["href"] for entry in legend] == shapes


def test_legend_has_only_shapes_on_the_page() -> None:
    assert page(snapshots=[snapshot(1)]).one("ul", class_="legend").text == "Scheduled"


def test_on_demand_snapshots_are_above_the_others() -> None:
    snapshots = [
        snapshot(1, snapshot_type="onDemand"),
        snapshot(2, snapshot_type="onDemand", status="failed"),
        snapshot(3),
        snapshot(4, status="failed"),
    ]
    marks = page(snapshots=snapshots).all("use", class_="mark")

    heights = [int(str(mark.attributes["y"])) for mark in marks]

    assert heights[0] == heights[1] > heights[2] == heights[3]


def test_timeline_has_a_text_for_screen_readers() -> None:
    timeline = page(snapshots=[snapshot(1), snapshot(2), snapshot(3, status="failed")], days=7).one("svg", "timeline")

    assert timeline.attributes["role"] == "img"
    assert timeline.all("title")[0].text == "Snapshots of prod in the last 7 days"
    assert timeline.one("desc").text == "3 snapshots: 2 scheduled, 1 failed."
    names = [timeline.all("title")[0].attributes["id"], timeline.one("desc").attributes["id"]]
    assert timeline.attributes["aria-labelledby"] == " ".join(map(str, names))


def test_timeline_without_snapshots_has_the_text_0_snapshots() -> None:
    assert page(days=1).one("svg", "timeline").one("desc").text == "0 snapshots."
    assert page(days=1).one("svg", "timeline").one("title").text == "Snapshots of prod in the last 1 day"


def test_mark_names_its_snapshot() -> None:
    mark = page(snapshots=[snapshot(1)]).one("use", class_="mark")

    assert mark.one("title").text == "2026-08-14 22:07 UTC, scheduled, completed"


@pytest.mark.parametrize(("days", "lines"), [(1, 1), (14, 14), (31, 31), (32, 5), (217, 31), (218, 8), (3660, 122)])
def test_timeline_has_a_line_per_day_week_or_month_as_space_permits(days: int, lines: int) -> None:
    positions = [float(str(line.attributes["x1"])[:-1]) for line in page(days=days).all("line")]

    assert len(positions) == lines
    assert all(0 < position <= 100 for position in positions)


def test_text_of_atlas_is_escaped() -> None:
    clusters = [
        cluster(HOSTILE, project_id=HOSTILE, topology=HOSTILE, instance_size=HOSTILE),
        cluster("failing", project_id=HOSTILE),
    ]
    snapshots = [
        snapshot(1, HOSTILE, **dict.fromkeys(("id", "status", "snapshot_type", "expires_at"), HOSTILE)),
        snapshot(2, HOSTILE, status=HOSTILE),
    ]
    errors = [{"cluster_name": "failing", "msg": HOSTILE}]

    text = report_page(report(clusters, snapshots, errors, NOW, 14))
    document = parsed(text)

    assert document.all("script") == []
    assert not {character for character in text if not character.isprintable()} - {"\n"}
    shown = "<script>alert(1)</script>'\"&\\x00\\u202e\\ud800{{ 7 * 7 }}{% raw %}"
    notes = {row.one(class_="name").text: row.one(class_="note").text for row in rows(document)}
    assert notes["failing"] == f"Its snapshots could not be listed. {shown}"
    assert all(shown[:30] in note for note in notes.values())
    places = [
        document.all("title")[0],
        document.one("header"),
        *(row.one("th") for row in rows(document) if "failing" not in row.text),
        *document.all("code"),
        *document.all(class_="bad"),
        document.all("use", class_="mark")[0].one("title"),
    ]
    assert all(shown in place.text for place in places)
    text.encode()


def test_page_loads_nothing_and_runs_no_script() -> None:
    document = page(snapshots=[snapshot(1)])

    forbidden = {"script", "img", "iframe", "object", "embed", "form", "a", "audio", "video", "base"}
    assert not {element.tag for element in document.all()} & forbidden
    references = [
        str(value)
        for element in document.all()
        for name, value in element.attributes.items()
        if name in ("href", "src", "srcset", "action", "data", "xlink:href")
    ]
    assert all(reference.startswith("#") or reference == "data:," for reference in references)
    assert not [name for element in document.all() for name in element.attributes if name.startswith("on")]
    assert not re.search(r"url\(|@import|@font-face|https?:", templates.STYLE)
    policy = next(meta for meta in document.all("meta") if meta.attributes.get("http-equiv"))
    assert policy.attributes["content"] == "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


def test_same_report_gives_the_same_page() -> None:
    made = report([cluster()], [snapshot(1)], [], NOW, 14)

    assert report_page(made) == report_page(made)


def test_table_has_table_roles_with_any_style() -> None:
    document = page(snapshots=[snapshot(1)])

    assert document.one("html").attributes["lang"] == "en"
    roles = {"table": "table", "thead": "rowgroup", "tbody": "rowgroup", "tr": "row", "td": "cell"}
    for tag, role in roles.items():
        assert {element.attributes.get("role") for element in document.all(tag)} == {role}
    assert [th.attributes.get("scope") for th in document.all("th")] == ["col"] * 7 + ["row"]
    assert document.one("caption").text
    assert len(rows(document)[0].all("td")) == 6


def test_style_supports_dark_mode_and_narrow_windows() -> None:
    assert "@media (prefers-color-scheme: dark)" in templates.STYLE
    assert "@media (max-width:" in templates.STYLE


def luminance(color: str) -> float:
    parts = [int(color[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, brighter = sorted((luminance(one), luminance(other)))
    return (brighter + 0.05) / (darker + 0.05)


LIGHT, DARK = (
    dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", block))
    for block in re.findall(r":root \{(.*?)\}", templates.STYLE, re.S)
)
GROUNDS = ("page", "sheet", "unsafe-tint", "check-tint")


@pytest.mark.parametrize("colors", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), list(product(("ink", "quiet", "unsafe", "check", "safe"), GROUNDS)))
def test_text_has_enough_contrast(colors: dict[str, str], ink: str, ground: str) -> None:
    assert contrast(colors[ink], colors[ground]) >= 4.5


@pytest.mark.parametrize("colors", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("mark", "ground"), list(product(("on-demand", "scheduled", "automatic"), GROUNDS)))
def test_marks_have_enough_contrast(colors: dict[str, str], mark: str, ground: str) -> None:
    assert contrast(colors[mark], colors[ground]) >= 3


def test_both_schemes_define_the_same_colors() -> None:
    assert LIGHT.keys() == DARK.keys() == set(re.findall(r"var\(--([a-z-]+)\)", templates.STYLE))


def restore(seconds_ago: float = 600.0, **known: Any) -> dict[str, Any]:
    started = ago(seconds=seconds_ago)
    return {
        "id": object_id(started),
        "project_id": PROJECT,
        "cluster_name": "prod",
        "snapshot_id": "6a80e2504f19b7c2d8a03e61",
        "delivery_type": "automated",
        "status": "completed",
        "created_at": format_time(started),
        "finished_at": format_time(started + timedelta(seconds=232)),
        "target_project_id": PROJECT,
        "target_cluster_name": "prod",
        **known,
    }


def shown_restores(*restores: dict[str, Any], **more: Any) -> list[dict[str, str]]:
    """The cells of each restore by their labels, with the target as Into."""
    rows = page(restores=restores, **more).all("tr", "restore")
    return [
        {"Into": row.one("th").text, **{str(cell.attributes["data-label"]): cell.text for cell in row.all("td")}}
        for row in rows
    ]


def test_restores_are_shown_with_the_columns_of_the_terminal() -> None:
    job = restore()
    assert shown_restores(job) == [
        {
            "Into": "prod",
            "From": "prod",
            "Status": "completed",
            "Started (UTC)": "2026-08-15 21:57",
            "Took": "3:52",
            "Snapshot or time": job["snapshot_id"],
            "Job": job["id"],
        }
    ]


def test_section_of_restores_exists_only_if_they_were_listed_and_may_be_empty() -> None:
    section = page(restores=[]).one("section")
    assert section.one("p").text == "No restores."
    assert section.all("table") == []
    assert page().all("section") == []


def test_restores_that_could_not_be_listed_are_named_beside_the_others() -> None:
    errors = [{"cluster_name": "prod", "msg": f"Cluster prod: {HOSTILE}"}]
    section = page(restores=[restore()], restore_errors=errors).one("section")
    assert section.one("p", "about").text.startswith("The restores of prod could not be listed. <script>")
    assert section.all("script") == []


def test_target_in_another_project_is_shown_with_its_project() -> None:
    (shown,) = shown_restores(restore(target_project_id="5f0c1d2e3b4a59687766aabc", target_cluster_name="drill"))
    assert shown["Into"] == "drill project 5f0c1d2e3b4a59687766aabc"


@pytest.mark.parametrize(
    ("status", "finished_at", "look"),
    [
        ("completed", "2026-08-15T22:00:00Z", "ended"),
        ("failed", None, "bad"),
        ("cancelled", None, "bad"),
        ("expired", None, "bad"),
        ("queued", None, "running"),
        ("inProgress", None, "running"),
        ("hibernating", None, "running"),
        ("hibernating", "2026-08-15T22:00:00Z", "ended"),
    ],
)
def test_each_status_of_a_restore_has_its_style(status: str, finished_at: Any, look: str) -> None:
    row = page(restores=[restore(status=status, finished_at=finished_at)]).one("tr", "restore")
    assert (row.one("strong").text, row.one("strong").classes) == (status, [look])


def test_download_has_no_target() -> None:
    job = restore(delivery_type="download", target_project_id=None, target_cluster_name=None, finished_at=None)
    (shown,) = shown_restores(job)
    assert (shown["Into"], shown["Took"]) == ("download", NOT_KNOWN)


def test_missing_values_of_a_restore_are_shown_as_not_known() -> None:
    (shown,) = shown_restores(dict.fromkeys(restore()))
    assert set(shown.values()) == {NOT_KNOWN}


def test_hostile_text_of_a_restore_is_escaped() -> None:
    whole = page(restores=[dict.fromkeys(restore(), HOSTILE)])
    assert whole.all("script") == []
    row = whole.one("tr", "restore")
    assert "<script>alert(1)</script>" in row.one("th").text
    assert not re.search("[\x00\u202e\ud800]", row.text)
