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
from dataclasses import dataclass

_GROUPS: set[int] = set()
# What has left its group may hold the other end of the pipe.
_SECONDS_TO_CLOSE = 10


@dataclass(frozen=True)
class Made:
    """How make ended: its exit code, all that it wrote, and the CPU seconds of all that it ran."""

    status: int
    output: str
    cpu_seconds: float


def run_make(target: str, *options: str, minutes: float, echo: str | None = None) -> Made:
    """Run make to its end; with echo, each line that it writes is shown as it comes, after this text.

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
    limit = threading.Timer(60 * minutes, _end_late, (process.pid, target, minutes, lines))
    limit.start()
    # Popen does not report what its process has used.
    _pid, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    limit.cancel()
    reader.join(_SECONDS_TO_CLOSE)
    _GROUPS.remove(process.pid)
    return Made(process.returncode, "".join(lines), used.ru_utime + used.ru_stime)


def end_with_what_runs() -> None:
    """From now on, a signal that ends this program ends what it has started: sessions of their own do not hear it."""

    def end(number: int, _frame: object) -> None:
        for group in list(_GROUPS):
            _end(group)
        # Other threads would go on with what comes next.
        os._exit(128 + number)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)


def _read(output: Iterable[str], lines: list[str], echo: str | None) -> None:
    for line in output:
        lines.append(line)
        if echo is not None:
            print(f"{echo}{line}", end="", flush=True)


def _end_late(group: int, target: str, minutes: float, lines: list[str]) -> None:
    lines.append(f"\nNOT ENDED after {minutes:g} minutes: make {target}\n")
    _end(group)


def _end(group: int) -> None:
    # Not by force: what runs there passes it on to groups of its own.
    with contextlib.suppress(ProcessLookupError):
        os.killpg(group, signal.SIGTERM)
