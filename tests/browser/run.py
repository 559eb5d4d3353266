# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Opens the page of the playbook snapshot_report in a real browser, and checks it.

usage: python tests/browser/run.py

It needs the installed collection and Chromium in PATH. Screenshots are saved in .build/browser.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from browser import checks
from browser.stage import BUILD, RESTORES, UNSAFE, Stage
from simulator.process import simulator

# A large screen, the smallest window with a table, a tablet, a phone, and the narrowest phone.
WINDOWS = {
    "desktop": (1440, 900),
    "laptop": (1265, 800),
    "tablet": (900, 1100),
    "phone": (390, 844),
    "small": (320, 640),
}
SCHEMES = ("light", "dark")
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# No request home, which a closed network would block; and no sandbox for root, which Chromium does not support.
OPTIONS = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
OPTIONS += ["--disable-component-update", "--disable-sync"] + (["--no-sandbox"] if os.geteuid() == 0 else [])
# The paths of its sockets must be short.
SOCKETS = {"TMPDIR": "/tmp"}
# How much of a failure is printed. Characters.
SHOWN = 1500


class Score:
    """Counts the claims that hold, and prints those that do not."""

    def __init__(self) -> None:
        self.passed = self.failed = 0

    def take(self, where: str, findings: Iterable[checks.Finding]) -> None:
        for claim, wrong in findings:
            if wrong:
                self.failed += 1
                print(f"FAILED {where}: {claim}: {str(wrong)[:SHOWN]}")
            else:
                self.passed += 1


def main() -> int:
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        print(f"install a browser ({', '.join(BROWSERS)}); on Debian: apt-get install chromium", file=sys.stderr)
        return 1
    shutil.rmtree(BUILD, ignore_errors=True)
    BUILD.mkdir(parents=True)
    score = Score()
    with simulator(BUILD) as atlas, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=OPTIONS, env={**os.environ, **SOCKETS})
        stage = Stage(atlas)
        stage.set()
        look_at_all(stage, browser, score)
        score.take("a cluster that cannot be listed", look_at_a_refusal(stage, browser))
        browser.close()
    print(f"{score.passed} passed, {score.failed} failed")
    return 1 if score.failed else 0


def look_at_all(stage: Stage, browser: Browser, score: Score) -> None:
    """Every window size in both colour schemes."""
    path = BUILD / "report.html"
    run = stage.report(path)
    ran = [
        ("the run succeeds", run.returncode and run.stdout + run.stderr),
        ("the terminal shows the table", None if "NOT ASSURED     demo-m0 " in run.stdout else run.stdout),
        ("the page exists", None if path.exists() else "no file"),
    ]
    score.take("the playbook", ran)
    if not path.exists():
        return
    snapshots = stage.snapshots()
    for scheme in SCHEMES:
        for name, size in WINDOWS.items():
            where = f"{name}, {scheme}"
            requests: list[str] = []
            complaints: list[str] = []
            with opened(browser, path, scheme, size, requests, complaints) as page:
                page.screenshot(path=BUILD / f"{name}-{scheme}.png", full_page=True)
                score.take(where, checks.order_and_marks(page, UNSAFE))
                score.take(where, checks.timelines(page, snapshots))
                score.take(where, checks.restores(page, RESTORES))
                score.take(where, checks.look(page, scheme))
                score.take(where, checks.alone(page, requests, complaints))
                score.take(where, checks.access(page))


def look_at_a_refusal(stage: Stage, browser: Browser) -> list[checks.Finding]:
    """A cluster whose snapshots cannot be listed is not assured; the run fails, but the page is written."""
    stage.refuse_to_list("demo-m5")
    path = BUILD / "refused.html"
    run = stage.report(path)
    red = ("the run fails", None if run.returncode == 2 else f"{run.returncode}: {run.stdout}{run.stderr}")
    if not path.exists():
        return [red, ("the page exists", run.stdout)]
    with opened(browser, path, "light", WINDOWS["desktop"], [], []) as page:
        page.screenshot(path=BUILD / "refused.png", full_page=True)
        rows = checks.rows(page)
        state = rows["demo-m5"].get_attribute("class")
        note = rows["demo-m5"].locator(".note").inner_text()
        return [
            red,
            ("the cluster is not assured", checks.differs(state, "unsafe bare")),
            ("the other clusters keep their order", checks.differs(list(rows)[:2], ["demo-m0", "demo-m5"])),
            ("the error of Atlas is shown", None if "ACCESS_FORBIDDEN" in note else note),
        ]


@contextmanager
def opened(
    browser: Browser, path: Path, scheme: str, size: tuple[int, int], requests: list[str], complaints: list[str]
) -> Iterator[Page]:
    """The page in a window of this size; its requests and the browser's errors are added to the lists."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme=scheme,
        device_scale_factor=1.5,
    )
    page = context.new_page()
    page.on("request", lambda request: requests.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(path.as_uri())
    try:
        yield page
    finally:
        context.close()


if __name__ == "__main__":
    sys.exit(main())
