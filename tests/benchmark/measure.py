# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What one run of a command costs, with all the processes that it starts."""

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
# The name that Ansible gives to the program that holds a module, and how Linux tells a process's peak of memory.
MODULE_MARK = b"AnsiballZ_"
PEAK = re.compile(r"^VmHWM:\s+(\d+) kB", re.MULTILINE)
LOOK_EVERY = 0.1


@dataclass(frozen=True)
class Cost:
    """wall and cpu in seconds, module_mb the peak of the largest process of a module; ended_at as time.time() tells."""

    exit_code: int
    wall: float
    cpu: float
    module_mb: float
    ended_at: float


def run(command: Sequence[str], environment: Mapping[str, str], log: Path) -> Cost:
    """Run the command to its end. Its CPU time holds that of every process that it waited for."""
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
    """Looks at the modules' processes below one process: a process's peak can only be read while it is there."""

    def __init__(self, process: int) -> None:
        super().__init__(daemon=True)
        self._process = process
        self._ended = threading.Event()
        self.peak_kb = 0

    def run(self) -> None:
        while not self._ended.wait(LOOK_EVERY):
            for process in _below(self._process):
                self.peak_kb = max(self.peak_kb, _module_peak(process))

    def end(self) -> None:
        self._ended.set()
        self.join()


def _below(process: int) -> Iterator[int]:
    """The processes that this one has started, and theirs."""
    try:
        threads = list((PROC / str(process) / "task").iterdir())
    except OSError:  # it has ended meanwhile
        return
    for thread in threads:
        for child in _text(thread / "children").split():
            yield int(child)
            yield from _below(int(child))


def _module_peak(process: int) -> int:
    """Peak of resident memory in kB; 0 for what holds no module."""
    if MODULE_MARK not in _text(PROC / str(process) / "cmdline").encode():
        return 0
    found = PEAK.search(_text(PROC / str(process) / "status"))
    return int(found[1]) if found else 0


def _text(path: Path) -> str:
    """Empty when the process has ended meanwhile."""
    try:
        return path.read_text()
    except OSError:
        return ""
