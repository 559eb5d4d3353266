# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) 2026, mongodb_atlas.backup contributors
"""Runs make targets that end in time, and no later than the program that started them."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
from collections.abc import Iterable

_GROUPS: set[int] = set()
# What has left its group may hold the other end of the pipe.
_SECONDS_TO_CLOSE = 10


def run_make(target: str, *options: str, minutes: float, echo: bool = False) -> tuple[int, str]:
    """The exit code of make, and all that it wrote, shown as it comes too where echo says so.

    After so many minutes it is ended, and all that runs below it.
    """
    process = subprocess.Popen(
        [os.environ.get("MAKE", "make"), *options, target],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        start_new_session=True,
    )
    _GROUPS.add(process.pid)
    lines: list[str] = []
    reader = threading.Thread(target=_read, args=(process.stdout or (), lines, echo), daemon=True)
    reader.start()
    try:
        process.wait(60 * minutes)
    except subprocess.TimeoutExpired:
        lines.append(f"\nNOT ENDED after {minutes:g} minutes: make {target}\n")
        _end(process.pid)
        process.wait()
    reader.join(_SECONDS_TO_CLOSE)
    _GROUPS.remove(process.pid)
    return process.returncode, "".join(lines)


def end_with_what_runs() -> None:
    """From now on, a signal that ends this program ends what it has started: sessions of their own do not hear it."""

    def end(number: int, _frame: object) -> None:
        for group in list(_GROUPS):
            _end(group)
        # Other threads would go on with what comes next.
        os._exit(128 + number)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)


def _read(output: Iterable[str], lines: list[str], echo: bool) -> None:
    for line in output:
        lines.append(line)
        if echo:
            print(line, end="", flush=True)


def _end(group: int) -> None:
    # Not by force: what runs there passes it on to groups of its own.
    with contextlib.suppress(ProcessLookupError):
        os.killpg(group, signal.SIGTERM)
