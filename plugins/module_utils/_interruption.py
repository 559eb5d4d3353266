# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# Ends the work early: after a signal, or when the caller no longer waits for the result.

from __future__ import annotations

import asyncio
import contextlib
import select
import signal
from collections.abc import Callable, Coroutine, Iterator
from typing import Any, TypeVar

from ._atlas.errors import AtlasError

T = TypeVar("T")

# Seconds between two checks whether the caller still exists.
CHECK_EVERY = 1.0
SIGNALS = ("SIGTERM", "SIGINT", "SIGHUP")
_STDOUT = 1
_RUN_AGAIN = "Run this again to continue."


class Interrupted(AtlasError):
    """A signal or a missing caller ended the work. There is no retry, and no further writing request."""


def is_caller_gone() -> bool:
    """Whether the reader of standard output is gone, through which Ansible reads the result.

    A look at the parent process is not enough: Ansible starts modules through a shell, which survives a task's timeout.
    A file, a terminal or a closed descriptor as standard output does not count as gone.
    """
    poll = select.poll()
    poll.register(_STDOUT, 0)
    return any(events & (select.POLLERR | select.POLLHUP) for _descriptor, events in poll.poll(0))


@contextlib.contextmanager
def signals_restored() -> Iterator[None]:
    """Restore the signal handlers after this block."""
    before = {each: signal.getsignal(each) for each in map(signal.Signals.__getitem__, SIGNALS)}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def ignore_signals() -> None:
    """Ignore signals after the work, so that the result with every id is printed."""
    for name in SIGNALS:
        signal.signal(signal.Signals[name], signal.SIG_IGN)


class Interruption:
    """Ends the work of a task early, at most once.

    reason: why it was ended, None if it was not.
    """

    def __init__(self, caller_is_gone: Callable[[], bool] = is_caller_gone) -> None:
        self.reason: Interrupted | None = None
        self._caller_is_gone = caller_is_gone
        self._work: asyncio.Future[Any] | None = None

    async def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run the work; cancel it when a signal arrives or the caller is gone.

        Raises Interrupted then, unless the work handles the cancellation and returns a result.
        """
        running: asyncio.Future[T] = asyncio.ensure_future(work)
        self._work = running
        watch = asyncio.ensure_future(self._watch())
        try:
            with self._signals():
                return await running
        except asyncio.CancelledError:
            if self.reason is None:
                raise
            raise self.reason from None
        finally:
            watch.cancel()

    def check(self) -> None:
        """Raise Interrupted if the work was ended or the caller is gone. Called before every writing request."""
        if self.reason is None and self._caller_is_gone():
            self.interrupt(
                "Nobody waits for the result any more: the task has timed out, or Ansible was stopped", _RUN_AGAIN
            )
        if self.reason:
            raise self.reason

    def interrupt(self, why: str, hint: str = _RUN_AGAIN) -> None:
        """End the work; only the first reason counts."""
        if self.reason is None:
            self.reason = Interrupted(why, hint)
            if self._work:
                self._work.cancel()

    async def _watch(self) -> None:
        while self.reason is None:
            await asyncio.sleep(CHECK_EVERY)
            with contextlib.suppress(Interrupted):
                self.check()

    @contextlib.contextmanager
    def _signals(self) -> Iterator[None]:
        """Let signals interrupt the work, except those that the caller ignores."""
        loop = asyncio.get_running_loop()
        caught = [each for name in SIGNALS if signal.getsignal(each := signal.Signals[name]) is not signal.SIG_IGN]
        for each in caught:
            loop.add_signal_handler(each, self.interrupt, f"{each.name} has ended this module")
        try:
            yield
        finally:
            for each in caught:
                loop.remove_signal_handler(each)
