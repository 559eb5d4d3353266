# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# The work on many clusters at the same time: whatever happens to one of them stays its own failure.

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
    """What is known of the work on one cluster so far; a failure reports it, whatever ends the work and when.

    record: the snapshot or restore job that the work is about at the moment. changed: something was taken or changed.
    cluster_type: dedicated, tenant or flex, None as long as it is not known.
    doubt: a sentence about what may have happened without an answer; it goes before the next step.
    subject: what the user has named, as in "Snapshot 6a80e2504f19b7c2d8a03e61", for failures before there is a record.
    """

    cluster_name: str
    record: dict[str, Any] | None = None
    changed: bool = False
    cluster_type: str | None = None
    doubt: str = ""
    subject: str = ""

    def failure(self, error: AtlasError) -> Failure:
        """This attempt as a failure, with the record that the error is about, or else the one known so far."""
        hint = f"{self.doubt} {error.hint}".strip()
        record = error.record or self.record
        doing = "" if record or self.subject in error.message else self.subject
        cluster_type = (record or {}).get("cluster_type") or self.cluster_type
        return Failure(
            self.cluster_name, error.in_context(doing=doing, record=record, hint=hint), self.changed, cluster_type
        )


@dataclass(frozen=True)
class Failure:
    """A cluster that could not be brought to the asked state; changed and cluster_type are as in Attempt."""

    cluster_name: str
    error: AtlasError
    changed: bool = False
    cluster_type: str | None = None


_Attempt = TypeVar("_Attempt", bound=Attempt)


async def attempt_all(
    attempts: Iterable[_Attempt], work: Callable[[_Attempt], Awaitable[Any]], interruption: Interruption
) -> list[Any]:
    """What the work on each cluster gives, in the order asked, or its Failure; all are attempted.

    An interruption ends the work on each of them, and so every failure still reports what is known.
    """
    attempts = list(attempts)
    # Kept here, since a task that is cancelled in its last step loses what it returns.
    results: dict[int, Any] = {}

    async def keep_result(place: int, attempt: _Attempt) -> None:
        results[place] = await _guarded(attempt, work, interruption)

    running = [asyncio.ensure_future(keep_result(place, attempt)) for place, attempt in enumerate(attempts)]
    try:
        await asyncio.gather(*running)
    except asyncio.CancelledError:
        for each in running:
            each.cancel()
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
    except asyncio.CancelledError:
        if interruption.reason is None:
            raise
        return attempt.failure(interruption.reason)
    except AtlasError as error:
        return attempt.failure(error)
    except Exception as error:
        # The one place that catches everything: a fault in the work on one cluster would end the module in a
        # traceback, and the ids of all other clusters' snapshots would be lost.
        return attempt.failure(unforeseen(error))


def unforeseen(error: Exception) -> AtlasError:
    """The error for an exception that nobody expected: its type and where it was raised.

    Its own text is left out, as it may hold part of a secret. One that came up while an AtlasError was handled does not
    hide that one.
    """
    words = f"{type(error).__name__} in {_place(error)}"
    if isinstance(error.__context__, AtlasError):
        return error.__context__.in_context(note=f"and then {words}")
    return AtlasError(
        f"This collection could not handle an answer or a state that it met: {words}",
        "Report this message to the maintainers of the collection.",
    )


def _place(error: Exception) -> str:
    """The last line of this collection's own code that was running."""
    frames = [
        (frame.f_globals.get("__name__", ""), frame, line) for frame, line in traceback.walk_tb(error.__traceback__)
    ]
    own = [each for each in frames if str(each[0]).startswith(_OWN_FILES)] or frames
    _name, frame, line = own[-1]
    return f"{PurePath(frame.f_code.co_filename).name} line {line} ({frame.f_code.co_name})"
