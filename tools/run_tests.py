#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) 2026, mongodb_atlas.backup contributors
"""Runs all make targets, even if some fail, and prints a summary.

usage: run_tests.py [--beside N] [--first TARGET] LANE ...

First it installs the archive. A lane is a list of targets, separated by commas, that run one after the other. Two lanes
more run in parallel than the machine has cores, in the given order: put the slowest lanes first, to keep all cores busy
until the end.
A target that passes prints one line, one that fails all of its output. The last line counts test cases; a check is one.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from make import run_make, stop_targets_on_signal

# Several times as long as the slowest target takes on two cores. After a timeout, the output so far is printed.
MINUTES_EACH = 15
BY_PYTEST = ("units", "schedules", "end-to-end")
PYTEST_SUMMARY = re.compile(r"^=+ (.*) in [\d.]+s.* =+$", re.MULTILINE)
STARTED = {
    "integration": re.compile(r"^Running (\S+) integration test", re.MULTILINE),
    "sanity": re.compile(r'^Running sanity test "(\S+)"', re.MULTILINE),
}
CLOSING_LINE = re.compile(r"^(\d+) passed, (\d+) failed$", re.MULTILINE)
LISTED_AS_FAILED = re.compile(r"The (\d+) (?:integration|sanity) test\(s\) listed below \(out of \d+\) failed")


@dataclass(frozen=True)
class Result:
    """The result of one make target; a target that ran no test has failed."""

    target: str
    passed: int
    failed: int
    seconds: float
    cpu_seconds: float
    note: str
    output: str

    def line(self) -> str:
        verdict = "FAILED" if self.failed else "passed"
        numbers = f"{self.passed:>6}{self.failed:>8}{self.seconds:>9.0f}{self.cpu_seconds:>9.0f}"
        return f"{self.target:<22}{verdict:<9}{numbers}  {self.note}".rstrip()


def count(target: str, output: str, succeeded: bool) -> tuple[int, int, str]:
    """How many test cases passed and failed, and a note about skipped ones."""
    note = ""
    kind = target.partition("-")[0]
    if target.startswith(BY_PYTEST):
        words = " ".join(PYTEST_SUMMARY.findall(output))
        numbers = {word: sum(map(int, re.findall(rf"(\d+) {word}", words))) for word in ("passed", "failed", "error")}
        passed, failed = numbers["passed"], numbers["failed"] + numbers["error"]
        skipped = sum(map(int, re.findall(r"(\d+) (?:skipped|xfailed|deselected)", words)))
        note = f"{skipped} skipped" if skipped else ""
    elif started := STARTED.get(kind):
        found = LISTED_AS_FAILED.search(output)
        failed = int(found[1]) if found else 0
        passed = len(set(started.findall(output))) - failed
    elif lines := CLOSING_LINE.findall(output):
        passed, failed = map(int, lines[-1])
    else:
        passed, failed = (1, 0) if succeeded else (0, 1)
    if not failed and not (succeeded and passed):
        failed = 1
    return passed, failed, note


def run(target: str, *options: str) -> Result:
    """Run one make target and keep its output."""
    started = time.monotonic()
    made = run_make(target, "--silent", f"PYTHON={sys.executable}", *options, minutes=MINUTES_EACH)
    passed, failed, note = count(target, made.output, made.status == 0)
    result = Result(target, passed, failed, time.monotonic() - started, made.cpu_seconds, note, made.output)
    logs = Path(os.environ["TMPDIR"]).parent / "logs"
    logs.mkdir(exist_ok=True)
    (logs / f"{target}.log").write_text(result.output, encoding="utf-8")
    # A single write, so that the lines of parallel lanes do not mix.
    shown = f"\n--- {target} ---\n{result.output}\n" if failed else ""
    ended = f"{'FAILED' if failed else 'passed'}, {result.seconds:.0f} s ({result.cpu_seconds:.0f} s of CPU)"
    print(f"{shown}{target}: {ended}\n", end="", flush=True)
    return result


def run_lane(targets: str) -> list[Result]:
    # The archive is built and installed only once, before the lanes start.
    done = ("--old-file=venv", "--old-file=build", "--old-file=install")
    return [run(target, *done) for target in targets.split(",")]


def run_all(options: argparse.Namespace) -> list[Result]:
    results = [run(target) for target in ("install", *options.first)]
    if results[0].failed:
        return results
    with ThreadPoolExecutor(options.beside) as pool:
        for lane in pool.map(run_lane, options.lanes):
            results += lane
    return results


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Run all make targets, even if some fail, and print a summary.")
    # More than cores, because some targets wait most of the time.
    beside = 2 + max(2, os.cpu_count() or 2)
    parser.add_argument("--beside", type=int, default=beside, help="lanes that run in parallel (default: cores + 2)")
    parser.add_argument("--first", action="append", default=[], metavar="TARGET", help="run before the lanes start")
    parser.add_argument("lanes", nargs="+", metavar="LANE", help="targets to run one after the other, joined by commas")
    return parser.parse_args()


def main() -> int:
    stop_targets_on_signal()
    started = time.monotonic()
    results = run_all(parse())
    passed, failed = sum(result.passed for result in results), sum(result.failed for result in results)
    print(f"\n{'':<31}{'passed':>6}{'failed':>8}{'seconds':>9}{'cpu':>9}")
    for result in results:
        print(result.line())
    cpu_seconds = sum(result.cpu_seconds for result in results)
    print(f"{'all':<31}{passed:>6}{failed:>8}{time.monotonic() - started:>9.0f}{cpu_seconds:>9.0f}\n")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
