# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# One thread per connection, which runs blocking work for the event loop, one job at a time.

from __future__ import annotations

import asyncio
import contextlib
import queue
import threading
from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")

_Job = Callable[[], None]


class WorkerThread:
    """A thread that runs one job after another until it is stopped.

    A daemon thread, because a DNS look-up cannot be interrupted: Python joins the threads of an executor at exit, and
    the process would hang.
    """

    def __init__(self) -> None:
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="mongodb_atlas.backup connection", daemon=True)

    def submit(self, work: Callable[[], T]) -> asyncio.Future[T]:
        """A future for the result of the work in the running event loop; cancelling it does not stop the work."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[T] = loop.create_future()

        def job() -> None:
            result: Any = None
            error: Exception | None = None
            try:
                result = work()
            except Exception as problem:
                # The error is raised where the future is awaited.
                error = problem
            with contextlib.suppress(RuntimeError):  # the loop is closed, so nothing awaits the result
                loop.call_soon_threadsafe(_deliver, done, result, error)

        self._jobs.put(job)
        if not self._thread.ident:
            self._thread.start()
        return done

    def stop(self, last: _Job) -> None:
        """End the thread after its current job; last is its final job."""
        if not self._thread.ident:
            last()
            return
        self._jobs.put(last)
        self._jobs.put(None)

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            job()
            del job  # or the last answer would be held until the next one


def _deliver(done: asyncio.Future[Any], result: Any, error: Exception | None) -> None:
    if done.done():
        return
    if error is None:
        done.set_result(result)
    else:
        done.set_exception(error)
