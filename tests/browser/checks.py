# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks of the report page, in each window size and colour scheme. Each function yields (claim, what is wrong)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from browser.stage import CHECK, SAFE
from playwright.sync_api import Locator, Page

Finding = tuple[str, Any]

DAYS = 14
SHAPES = {"Not assured": "#unsafe", "Assured, check": "#check", "Assured": "#safe"}
# Elements beyond the right edge. Visually hidden text may be anywhere, so it is ignored.
TOO_WIDE = """() => [...document.body.querySelectorAll("*")]
  .filter(each => !each.closest(".hidden, thead, defs") && each.getBoundingClientRect().right > innerWidth + 0.5)
  .map(each => each.outerHTML.slice(0, 100))"""
CLIPPED = """() => [...document.querySelectorAll("td, tbody th")]
  .filter(each => each.scrollWidth > each.clientWidth + 1).map(each => each.outerHTML.slice(0, 100))"""
# Marks without a size, or whose middle is not on their timeline. Marks that are not displayed are ignored.
ASTRAY = """() => [...document.querySelectorAll(".mark")].filter(mark => {
  const box = mark.getBoundingClientRect(), line = mark.closest("svg").getBoundingClientRect();
  const middle = (box.left + box.right) / 2;
  const aside = middle < line.left - 1 || middle > line.right + 1;
  return line.width && (!box.width || aside || box.top < line.top || box.bottom > line.bottom);
}).map(mark => mark.outerHTML)"""
# 0 is black, 1 is white.
BRIGHTNESS = """() => getComputedStyle(document.body).backgroundColor.match(/\\d+/g).slice(0, 3)
  .reduce((sum, part) => sum + part / 765, 0)"""


def rows(page: Page) -> dict[str, Locator]:
    """The rows of the table of clusters by cluster, in the order of the page."""
    found = page.locator(".clusters tbody tr").all()
    return {row.locator(".name").inner_text(): row for row in found}


def order_and_marks(page: Page, unsafe: dict[str, str]) -> Iterator[Finding]:
    """Clusters without an assured backup come first, each with the reason."""
    table = rows(page)
    safe = tuple(name for name in SAFE if name not in unsafe)
    yield "clusters without an assured backup come first", differs(list(table), [*unsafe, *CHECK, *safe])
    badges = {name: row.locator(".badge").inner_text() for name, row in table.items()}
    expected = {
        **dict.fromkeys(unsafe, "Not assured"),
        **dict.fromkeys(CHECK, "Assured, check"),
        **dict.fromkeys(safe, "Assured"),
    }
    yield "each cluster has a mark in words", differs(badges, expected)
    icons = {name: row.locator(".badge use").get_attribute("href") for name, row in table.items()}
    yield "each mark has a shape", differs(icons, {name: SHAPES[word] for name, word in expected.items()})
    notes = {name: table[name].locator(".note").inner_text() for name in unsafe}
    yield "each reason is shown", differs(notes, unsafe)
    count = f"{len(unsafe)} of {len(table)} clusters have no assured backup."
    verdict = page.locator(".verdict").inner_text()
    yield "the summary counts them", None if verdict.startswith(count) else verdict


def timelines(page: Page, snapshots: dict[str, list[dict[str, Any]]]) -> Iterator[Finding]:
    """One visible mark per snapshot of the last days, with the shape of its kind."""
    table = rows(page)
    since = datetime.now(timezone.utc) - timedelta(days=DAYS)
    expected = {
        name: Counter(_shape(each) for each in listed if not each["gone"] and _taken_at(each) > since)
        for name, listed in snapshots.items()
        if name in table and name != "strange"
    }
    drawn = {name: Counter(_shapes_in(row)) for name, row in table.items()}
    yield "there is one mark per snapshot", differs({name: drawn[name] for name in expected}, expected)
    automatic = {name: set(drawn[name]) for name in ("demo-flex", "demo-m2", "demo-m5")}
    known = {name: {"#automatic"} if drawn[name] else set() for name in automatic}
    yield "automatic snapshots have their own mark", differs(automatic, known)
    yield "a snapshot of an unknown status has a mark", differs(drawn["strange"], Counter({"#unfinished": 1}))
    svgs = page.locator("svg.timeline").count()
    yield "each cluster has a timeline", differs(svgs, len(table))
    titles = [each.text_content() for each in page.locator("svg.timeline > title").all()]
    yield (
        "each timeline has the name of its cluster",
        differs(titles, [f"Snapshots of {name} in the last {DAYS} days" for name in table]),
    )
    yield "each mark is on its timeline", page.evaluate(ASTRAY)


def restores(page: Page, expected: Sequence[tuple[str, ...]]) -> Iterator[Finding]:
    """Target, source and status of each restore, newest first."""
    shown = [
        (*row.locator(".name").all_inner_texts(), row.locator("strong").inner_text())
        for row in page.locator(".restore").all()
    ]
    yield "each restore is shown", differs(shown, expected)
    bad = page.locator(".restore strong.bad").all_inner_texts()
    yield "one that failed is marked", differs(bad, [status for *_names, status in expected if status == "failed"])


def look(page: Page, scheme: str) -> Iterator[Finding]:
    """The page fits into the window, and its background follows the colour scheme."""
    width = page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
    yield "the page does not scroll sideways", width if width > 0 else None
    yield "nothing exceeds the right edge", page.evaluate(TOO_WIDE)
    yield "no text is wider than its cell", page.evaluate(CLIPPED)
    brightness = page.evaluate(BRIGHTNESS)
    fits = brightness < 0.2 if scheme == "dark" else brightness > 0.8
    yield f"the background is {scheme}", None if fits else brightness


def access(page: Page) -> Iterator[Finding]:
    """The page is accessible: contrast, language, and a table that a screen reader recognizes."""
    results = Axe().run(page)
    yield "axe finds no violation", results.generate_report() if results.violations_count else None
    checked = {rule["id"] for rule in results.response["passes"]}
    yield "axe has checked contrast, language and table", {"color-contrast", "html-has-lang"} - checked
    tree = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    roles = Counter(node["role"]["value"] for node in tree if not node["ignored"])
    count = len(rows(page)) + page.locator(".restore").count()
    tables = page.locator("table").count()
    # Both tables have seven columns.
    expected = {"table": tables, "row": count + tables, "rowheader": count, "cell": 6 * count}
    expected["columnheader"] = 7 * tables
    if page.locator(".bare td").last.is_hidden():
        expected["cell"] -= 5 * page.locator(".bare").count()
    yield "a screen reader gets a table from the browser", differs({role: roles[role] for role in expected}, expected)


def alone(page: Page, requests: list[str], complaints: list[str]) -> Iterator[Finding]:
    """The page loads nothing else and runs no script."""
    yield "no request is sent but for the page", differs(requests, [page.url])
    yield "the browser logs no error", complaints
    yield "there is no script", page.evaluate("() => document.scripts.length")
    foreign = "[onerror], [onclick], [onload], img, iframe, object, embed, form, a"
    yield "no text of Atlas became markup", page.locator(foreign).count()


def differs(found: Any, expected: Any) -> str | None:
    return None if found == expected else f"\n    found    {found}\n    expected {expected}"


def _shapes_in(row: Locator) -> list[str]:
    return [str(mark.get_attribute("href")) for mark in row.locator(".mark").all()]


def _taken_at(snapshot: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(snapshot["takenAt"].replace("Z", "+00:00"))


def _shape(snapshot: dict[str, Any]) -> str:
    by_status = {"failed": "#failed", "inProgress": "#unfinished"}
    return by_status.get(snapshot["status"]) or {"onDemand": "#on-demand"}.get(snapshot["snapshot_type"], "#scheduled")
