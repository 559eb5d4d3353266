#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) 2026, mongodb_atlas.backup contributors
"""Runs make targets to their end, whatever fails, and sums up.

Each argument is a lane: targets parted by commas that run one after the other. Lanes run beside each other.
A target that passes takes one line, one that fails shows all it wrote. The last line counts test cases; a check is one.
"""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from make import end_with_what_runs, run_make

# About twice what the longest one takes on two cores. One that hangs shows what it wrote until then.
MINUTES_EACH = 20
PYTEST_SUMMARY = re.compile(r"^=+ (.*) in [\d.]+s.* =+$", re.MULTILINE)
STARTED = {
    "integration": re.compile(r"^Running (\S+) integration test", re.MULTILINE),
    "sanity": re.compile(r'^Running sanity test "(\S+)"', re.MULTILINE),
}
CLOSING_LINE = re.compile(r"^(\d+) passed, (\d+) failed$", re.MULTILINE)
LISTED_AS_FAILED = re.compile(r"The (\d+) (?:integration|sanity) test\(s\) listed below \(out of \d+\) failed")


@dataclass(frozen=True)
class Result:
    """How one make target ended; a target that ran nothing has failed."""

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
    """Test cases that passed and failed, and what else is worth a word."""
    note = ""
    kind = target.partition("-")[0]
    if kind == "units":
        words = " ".join(PYTEST_SUMMARY.findall(output))
        numbers = {kind: sum(map(int, re.findall(rf"(\d+) {kind}", words))) for kind in ("passed", "failed", "error")}
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
    # One write, so that lanes do not mix their lines.
    shown = f"\n--- {target} ---\n{result.output}\n" if failed else ""
    ended = f"{'FAILED' if failed else 'passed'}, {result.seconds:.0f} s ({result.cpu_seconds:.0f} s of CPU)"
    print(f"{shown}{target}: {ended}\n", end="", flush=True)
    return result


def run_lane(targets: Iterable[str]) -> list[Result]:
    # The archive is built and installed once, before the lanes start.
    return [run(target, "--old-file=venv", "--old-file=build", "--old-file=install") for target in targets]


def main(lanes: list[str]) -> int:
    end_with_what_runs()
    started = time.monotonic()
    results = [run("install")]
    if not results[0].failed:
        with ThreadPoolExecutor(len(lanes)) as pool:
            for lane in pool.map(run_lane, (lane.split(",") for lane in lanes)):
                results += lane
    passed, failed = sum(result.passed for result in results), sum(result.failed for result in results)
    print(f"\n{'':<31}{'passed':>6}{'failed':>8}{'seconds':>9}{'cpu':>9}")
    for result in results:
        print(result.line())
    cpu_seconds = sum(result.cpu_seconds for result in results)
    print(f"{'all':<31}{passed:>6}{failed:>8}{time.monotonic() - started:>9.0f}{cpu_seconds:>9.0f}\n")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
