# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) 2026, mongodb_atlas.backup contributors
"""Runs make targets with a time limit, and stops them when this program ends."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
from collections.abc import Iterable
from dataclasses import dataclass

_GROUPS: set[int] = set()
# A process that has left its group may keep the pipe open.
_SECONDS_TO_CLOSE = 10


@dataclass(frozen=True)
class Made:
    """The result of make: exit code, output, and the CPU seconds of all its processes."""

    status: int
    output: str
    cpu_seconds: float


def run_make(target: str, *options: str, minutes: float, echo: str | None = None) -> Made:
    """Run make; echo, if given, is the prefix with which its output is printed as it arrives.

    After this many minutes, it is stopped with all its child processes.
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
    # Popen does not report the CPU time.
    _pid, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    limit.cancel()
    reader.join(_SECONDS_TO_CLOSE)
    _GROUPS.remove(process.pid)
    return Made(process.returncode, "".join(lines), used.ru_utime + used.ru_stime)


def stop_targets_on_signal() -> None:
    """Stop all targets when a signal ends this program: each has its own session, so it does not get the signal."""

    def end(number: int, _frame: object) -> None:
        for group in list(_GROUPS):
            _end(group)
        # Exit at once: other threads would start their next target.
        os._exit(128 + number)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)


def _read(output: Iterable[str], lines: list[str], echo: str | None) -> None:
    for line in output:
        lines.append(line)
        if echo is not None:
            print(f"{echo}{line}", end="", flush=True)


def _end_late(group: int, target: str, minutes: float, lines: list[str]) -> None:
    lines.append(f"\nTIMEOUT after {minutes:g} minutes: make {target}\n")
    _end(group)


def _end(group: int) -> None:
    # Send SIGTERM, not SIGKILL, so that these processes can end the process groups that they have started.
    with contextlib.suppress(ProcessLookupError):
        os.killpg(group, signal.SIGTERM)
