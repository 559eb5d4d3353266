# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# Works on many clusters at the same time, so that a failure of one does not affect the others.

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, TypeVar

from ._atlas.errors import AtlasError
from ._interruption import Interruption

_OWN_FILES = __name__.rpartition(".plugins.")[0]


@dataclass
class Attempt:
    """The current state of the work on one cluster; any failure reports it.

    record: the current snapshot or restore job. changed: whether something was taken or changed.
    cluster_type: dedicated, tenant or flex, None if not yet known.
    doubt: a sentence about a request that may have taken effect without an answer; it goes before the next step.
    subject: what the user named, as in "Snapshot 6a80e2504f19b7c2d8a03e61", for failures before there is a record.
    """

    cluster_name: str
    record: dict[str, Any] | None = None
    changed: bool = False
    cluster_type: str | None = None
    doubt: str = ""
    subject: str = ""

    def failure(self, error: AtlasError) -> Failure:
        """The failure of this attempt, with the record of the error, or else the record of the attempt."""
        hint = f"{self.doubt} {error.hint}".strip()
        record = error.record or self.record
        cluster_type = (record or {}).get("cluster_type") or self.cluster_type
        error = error.in_context(doing=self.prefix_of(error, record), record=record, hint=hint)
        return Failure(self.cluster_name, error, self.changed, cluster_type)

    def prefix_of(self, error: AtlasError, record: dict[str, Any] | None) -> str:
        """What goes before the message: the subject, unless the record or the message names it."""
        return "" if record or self.subject in error.message else self.subject


@dataclass(frozen=True)
class Failure:
    """The work on a cluster failed; changed and cluster_type are as in Attempt."""

    cluster_name: str
    error: AtlasError
    changed: bool = False
    cluster_type: str | None = None


_Attempt = TypeVar("_Attempt", bound=Attempt)
_Result = TypeVar("_Result")


async def attempt_all(
    attempts: Iterable[_Attempt], work: Callable[[_Attempt], Awaitable[Any]], interruption: Interruption
) -> list[Any]:
    """Work on every cluster; returns each result or Failure, in the requested order.

    An interruption ends the work on every cluster; each failure still reports the state of its attempt.
    """
    attempts = list(attempts)
    # Kept here because a task that is cancelled in its last step loses its return value.
    results: dict[int, Any] = {}

    async def keep_result(place: int, attempt: _Attempt) -> None:
        results[place] = await _guarded(attempt, work, interruption)

    running = [asyncio.ensure_future(keep_result(place, attempt)) for place, attempt in enumerate(attempts)]
    try:
        await asyncio.gather(*running)
    except asyncio.CancelledError:
        # gather has cancelled them all, but each of them may still learn the id of what it has taken.
        await asyncio.wait(running)
        if interruption.reason is None:
            raise
        for place, attempt in enumerate(attempts):
            results.setdefault(place, attempt.failure(interruption.reason))
    return [results[place] for place in range(len(attempts))]


async def _guarded(
    attempt: _Attempt, work: Callable[[_Attempt], Awaitable[Any]], interruption: Interruption
) -> Any | Failure:
    try:
        if interruption.reason:
            raise interruption.reason
        return await work(attempt)
    except AtlasError as error:
        return attempt.failure(error)
    except Exception as error:
        # The only place that catches every exception: otherwise a bug that concerns one cluster would end the module
        # with a traceback, and the ids of the other clusters' snapshots would be lost.
        return attempt.failure(unforeseen(error))


async def or_error(read: Awaitable[_Result]) -> _Result | AtlasError:
    """The result, or the AtlasError."""
    try:
        return await read
    except AtlasError as error:
        return error


def unforeseen(error: Exception) -> AtlasError:
    """The error for an unexpected exception: its type, and where it was raised.

    Its text is left out, because it may contain part of a secret. If it was raised while an AtlasError was handled,
    the result is that error with a note.
    """
    words = f"{type(error).__name__} in {_place(error)}"
    if isinstance(error.__context__, AtlasError):
        return error.__context__.in_context(note=f"and then {words}")
    return AtlasError(
        f"This collection could not handle an unexpected answer or state: {words}",
        "Report this message to the maintainers of the collection.",
    )


def _place(error: Exception) -> str:
    """The innermost line of this collection's code in the traceback."""
    frames = [
        (frame.f_globals.get("__name__", ""), frame, line) for frame, line in traceback.walk_tb(error.__traceback__)
    ]
    own = [each for each in frames if str(each[0]).startswith(_OWN_FILES)] or frames
    _name, frame, line = own[-1]
    return f"{PurePath(frame.f_code.co_filename).name} line {line} ({frame.f_code.co_name})"
