# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# Large answers are read one at a time, and all by the same thread: each thread keeps the memory that it has used.

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
# A document that takes more bytes in memory is held alone: the event loop may be too busy to take one after the other.
_HEAVY = 4 * 1024 * 1024
_LONGEST_HOLD = 10.0


class LargeAnswers:
    """The thread that reads large answers, which is there while there is something to do."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: queue.SimpleQueue[tuple[_Work, Future[Answer]]] = queue.SimpleQueue()
        self._is_running = False

    def read(self, work: _Work) -> Answer:
        """What the work gives, or the exception that it raises; blocks until it has had its turn."""
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
            del work, done  # or the answer would be held here
            gone.wait(_LONGEST_HOLD)


def _answered(work: _Work, done: Future[Answer]) -> threading.Event:
    """Do the work; the event is set as soon as nobody holds the document any more, where it is a large one."""
    gone = threading.Event()
    try:
        answer = work()
        if answer.document is None or answer.document.memory < _HEAVY:
            gone.set()
        else:
            weakref.finalize(answer.document, gone.set).atexit = False
        done.set_result(answer)
    except Exception as error:
        # Whoever waits for the answer gets it, whatever it is.
        gone.set()
        done.set_exception(error)
    return gone
