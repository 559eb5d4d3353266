# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Real processes: a controller that is killed, its worker, and the child process of the worker."""

from __future__ import annotations

import multiprocessing
import os
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Callable

import pytest

from ansible_collections.mongodb_atlas.backup.plugins.plugin_utils import _controller_watch
from ansible_collections.mongodb_atlas.backup.plugins.plugin_utils._controller_watch import (
    children_of,
    ended_with_controller,
)

# A timeout for events that must happen; no result depends on the time they take.
AT_MOST = 60
SLEEP = (sys.executable, "-c", "import time; time.sleep(600)")
fork = multiprocessing.get_context("fork")


def controller(held: int, worker: Callable[[int], None]) -> None:
    """Start a worker, as ansible-playbook does, and wait for it."""
    process = fork.Process(target=worker, args=(held,))
    process.start()
    process.join()


def waits(held: int) -> None:
    with ended_with_controller():
        child = subprocess.Popen(SLEEP, pass_fds=[held], start_new_session=True)
        os.write(held, b"started")
        child.wait()


def ends(held: int) -> None:
    with ended_with_controller():
        pass
    os.write(held, str(threading.active_count()).encode())


def readable(descriptor: int) -> bool:
    return bool(select.select([descriptor], [], [], AT_MOST)[0])


def test_worker_and_child_end_when_the_controller_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_controller_watch, "CHECK_EVERY", 0.05)
    reading, held = os.pipe()
    process = fork.Process(target=controller, args=(held, waits))
    process.start()
    os.close(held)
    assert readable(reading)
    assert os.read(reading, 100) == b"started"

    os.kill(process.pid or 0, signal.SIGKILL)
    process.join()

    # The pipe closes when no process holds it any more: neither the worker nor its child.
    assert readable(reading)
    assert os.read(reading, 100) == b""
    os.close(reading)


def test_watch_ends_with_the_block() -> None:
    reading, held = os.pipe()
    process = fork.Process(target=controller, args=(held, ends))
    process.start()
    os.close(held)
    process.join()

    assert os.read(reading, 100) == b"1"
    os.close(reading)


def test_nothing_is_watched_without_a_worker_process() -> None:
    threads = threading.active_count()
    with ended_with_controller():
        assert threading.active_count() == threads


@pytest.mark.parametrize("by_ps", [False, True])
def test_child_processes_are_found(by_ps: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if by_ps:
        monkeypatch.setattr(_controller_watch.Path, "glob", lambda _self, _pattern: iter(()))
    with subprocess.Popen(SLEEP) as child:
        assert child.pid in children_of(os.getpid())
        child.kill()


def test_system_without_a_process_list_has_no_children(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_controller_watch.Path, "glob", lambda _self, _pattern: iter(()))
    monkeypatch.setenv("PATH", "")

    assert children_of(os.getpid()) == []
