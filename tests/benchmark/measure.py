# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The cost of one command, including all processes that it starts."""

from __future__ import annotations

import os
import re
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
# The name of the program in which Ansible runs a module, and the line of /proc with a process's peak of memory.
MODULE_MARK = b"AnsiballZ_"
PEAK = re.compile(r"^VmHWM:\s+(\d+) kB", re.MULTILINE)
POLL_SECONDS = 0.1


@dataclass(frozen=True)
class Cost:
    """wall and cpu are seconds, module_mb is the peak of the largest module process; ended_at is from time.time()."""

    exit_code: int
    wall: float
    cpu: float
    module_mb: float
    ended_at: float


def run(command: Sequence[str], environment: Mapping[str, str], log: Path) -> Cost:
    """Run the command. Its CPU time includes every child process that it waited for."""
    started = time.monotonic()
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
        )
    watch = _Watch(process.pid)
    watch.start()
    _unused, status, usage = os.wait4(process.pid, 0)
    wall, ended_at = time.monotonic() - started, time.time()
    process.returncode = os.waitstatus_to_exitcode(status)
    watch.end()
    return Cost(process.returncode, wall, usage.ru_utime + usage.ru_stime, watch.peak_kb / 1024, ended_at)


class _Watch(threading.Thread):
    """Reads the peak memory of the module processes below one process, which is only possible while they live."""

    def __init__(self, process: int) -> None:
        super().__init__(daemon=True)
        self._process = process
        self._ended = threading.Event()
        self.peak_kb = 0

    def run(self) -> None:
        while not self._ended.wait(POLL_SECONDS):
            for process in _below(self._process):
                self.peak_kb = max(self.peak_kb, _module_peak(process))

    def end(self) -> None:
        self._ended.set()
        self.join()


def _below(process: int) -> Iterator[int]:
    """The child processes of this one, and theirs."""
    try:
        threads = list((PROC / str(process) / "task").iterdir())
    except OSError:  # the process has ended meanwhile
        return
    for thread in threads:
        for child in _text(thread / "children").split():
            yield int(child)
            yield from _below(int(child))


def _module_peak(process: int) -> int:
    """Peak of resident memory in kB; 0 for a process without a module."""
    if MODULE_MARK not in _text(PROC / str(process) / "cmdline").encode():
        return 0
    found = PEAK.search(_text(PROC / str(process) / "status"))
    return int(found[1]) if found else 0


def _text(path: Path) -> str:
    """The text of a file; empty if the process has ended meanwhile."""
    try:
        return path.read_text()
    except OSError:
        return ""
