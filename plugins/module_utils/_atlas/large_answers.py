# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# Reads large answers one at a time in one thread, because every thread keeps the memory that it has used.

from __future__ import annotations

import queue
import threading
import weakref
from collections.abc import Callable
from concurrent.futures import Future

from .messages import Answer

_Work = Callable[[], Answer]

# Seconds without work after which the thread ends.
_IDLE = 1.0
# A document with more bytes in memory than this is large.
LARGE_DOCUMENT = 4 * 1024 * 1024
# After a large document, the thread waits until nothing refers to it any more, at most this many seconds.
_LONGEST_HOLD = 10.0


class LargeAnswers:
    """The thread that reads large answers. It starts with the first one and ends when it is idle."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: queue.SimpleQueue[tuple[_Work, Future[Answer]]] = queue.SimpleQueue()
        self._is_running = False

    def read(self, work: _Work) -> Answer:
        """Run the work in the thread; returns its answer, or raises its exception. Blocks until it is done."""
        done: Future[Answer] = Future()
        with self._lock:
            self._waiting.put((work, done))
            if not self._is_running:
                self._is_running = True
                # A daemon, as the threads of the connections are.
                threading.Thread(target=self._run, name="mongodb_atlas.backup large answers", daemon=True).start()
        return done.result()

    def _run(self) -> None:
        while True:
            try:
                work, done = self._waiting.get(timeout=_IDLE)
            except queue.Empty:
                with self._lock:
                    if self._waiting.empty():
                        self._is_running = False
                        return
                continue
            gone = _answered(work, done)
            del work, done  # otherwise they keep the answer in memory
            gone.wait(_LONGEST_HOLD)


def _answered(work: _Work, done: Future[Answer]) -> threading.Event:
    """Do the work. The event is set when the document is small, or when nothing refers to it any more."""
    gone = threading.Event()
    try:
        answer = work()
        if answer.document is None or answer.document.memory < LARGE_DOCUMENT:
            gone.set()
        else:
            weakref.finalize(answer.document, gone.set).atexit = False
        done.set_result(answer)
    except Exception as error:
        # The caller of read gets the exception.
        gone.set()
        done.set_exception(error)
    return gone
