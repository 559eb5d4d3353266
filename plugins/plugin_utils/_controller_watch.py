# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# Stops a running module when the Ansible process that waits for it is killed.

from __future__ import annotations

import contextlib
import multiprocessing
import os
import select
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

from ._background import start_thread

# Seconds between two checks whether the controller still exists, on systems that do not report its end at once.
CHECK_EVERY = 0.25


@contextlib.contextmanager
def ended_with_controller() -> Iterator[None]:
    """During the block, end this process and its children as soon as the controller process is gone.

    Ansible runs each task in a worker process. If the controller is killed (SIGKILL, out of memory), its workers stay
    and would wait for their modules for hours. Without a worker process, there is nothing to do.
    """
    controller = multiprocessing.parent_process()
    if controller is None or controller.pid is None:
        yield
        return
    reading, ended = os.pipe()
    watch = start_thread(_watch, controller.pid, reading)
    try:
        yield
    finally:
        os.close(ended)
        watch.join()
        os.close(reading)


def _watch(controller: int, block_ended: int) -> None:
    """End this process when the controller ends; return when the other end of the pipe is closed."""
    poll = select.poll()
    poll.register(block_ended)
    with contextlib.ExitStack() as stack:
        with contextlib.suppress(AttributeError, OSError):  # Linux only, and the controller may have gone already
            controller_ended = os.pidfd_open(controller)
            stack.callback(os.close, controller_ended)
            poll.register(controller_ended, select.POLLIN)
        while block_ended not in dict(poll.poll(CHECK_EVERY * 1000)):
            # The system gives an orphaned process a new parent, usually init.
            if os.getppid() != controller:
                _end_this_process()


def _end_this_process() -> None:
    """Kill this process; children notice that their pipes are closed, except ssh, so terminate all children first."""
    for child in children_of(os.getpid()):
        with contextlib.suppress(OSError):
            os.kill(child, signal.SIGTERM)
    os.kill(os.getpid(), signal.SIGKILL)


def children_of(parent: int) -> list[int]:
    """The running child processes; empty if the system cannot list them."""
    try:
        threads = Path(f"/proc/{parent}/task").glob("*/children")
        found = [int(child) for thread in threads for child in thread.read_text(encoding="ascii").split()]
    except OSError:
        found = []
    return found or _children_by_ps(parent)


def _children_by_ps(parent: int) -> list[int]:
    try:
        listed = subprocess.run(
            ["ps", "-A", "-o", "ppid=,pid="], capture_output=True, text=True, check=False, timeout=5
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return []
    pairs = [line.split() for line in listed.splitlines()]
    return [int(pair[1]) for pair in pairs if len(pair) == 2 and pair[0] == str(parent)]
