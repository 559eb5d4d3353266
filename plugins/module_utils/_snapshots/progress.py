# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# What a person is told while a task waits: lines in a file, which the controller follows and shows.

from __future__ import annotations

import asyncio
import contextlib
import os
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from .._text import clock_text, printable, size_text
from .records import COMPLETED, Record, is_ended

# The action plugin names the file here; elsewhere there is none, and nothing is told.
FILE_VARIABLE = "MONGODB_ATLAS_PROGRESS_FILE"
# With more clusters than these, they are counted instead of named.
MOST_NAMED = 10
# Seconds between two lines that bring no news, and between two counts that do.
STILL_THERE = 60.0
COUNT_EVERY = 10.0
# Counted for a cluster that has failed without a snapshot that ended; no word of Atlas's.
GIVEN_UP = "given up"


def append_to_file(line: str) -> None:
    """Append a line to the file that the environment names, if it does; telling must never break the work."""
    path = os.environ.get(FILE_VARIABLE)
    if not path:
        return
    with contextlib.suppress(OSError):
        # Not created here: the controller has made it, for this user alone.
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND)
        os.write(descriptor, f"{line}\n".encode())
        os.close(descriptor)


@dataclass
class _Told:
    """What was last told of one cluster. began and at: instants of the event loop's clock.

    ended: nothing more will be told of it.
    """

    began: float
    at: float
    status: str
    ended: bool


class Progress:
    """Turns what is seen of snapshots into lines: one per change of a few clusters, counts for a fleet."""

    def __init__(self, clusters: int, tell: Callable[[str], None] = append_to_file) -> None:
        self._clusters = clusters
        self._tell = tell
        self._told: dict[str, _Told] = {}
        self._counted_at: float | None = None

    def note(self, record: Record, what: str = "") -> None:
        """Take notice of a snapshot as it is now; what tells it from the one that was asked for."""
        now, name = asyncio.get_running_loop().time(), str(record["cluster_name"])
        status = f"{what}{record['status']}"
        told = self._told.get(name)
        if told and told.status == status and now - told.at < STILL_THERE:
            return
        began = told.began if told else now
        self._told[name] = _Told(began, now, status, ended=is_ended(record) and not what)
        if self._clusters > MOST_NAMED:
            self._count(now)
        else:
            self._tell(_line(record, status, now - began))

    def gave_up(self, cluster_name: str) -> None:
        """Take notice of a cluster that has failed, so that the counts of a fleet add up; the result tells why."""
        now, told = asyncio.get_running_loop().time(), self._told.get(cluster_name)
        if told and told.ended:
            return
        self._told[cluster_name] = _Told(told.began if told else now, now, GIVEN_UP, ended=True)
        if self._counted_at is not None:
            self._count(now)

    def _count(self, now: float) -> None:
        """Counts now and then, the first at once and the last when nothing is left to wait for."""
        to_come = self._clusters - len(self._told)
        all_ended = not to_come and all(told.ended for told in self._told.values())
        if self._counted_at is not None and now - self._counted_at < COUNT_EVERY and not all_ended:
            return
        self._counted_at = now
        counts = sorted(Counter(told.status for told in self._told.values()).items())
        words = [f"{number} {printable(status)}" for status, number in counts]
        words += [f"{to_come} to come"] if to_come else []
        began = min(told.began for told in self._told.values())
        self._tell(f"{self._clusters} clusters: {', '.join(words)}, {clock_text(now - began)}")


def _line(record: Record, status: str, seconds: float) -> str:
    parts = [status] if seconds < 1 and not is_ended(record) else [status, clock_text(seconds)]
    if record["status"] == COMPLETED:
        parts.append(size_text(record["storage_size_bytes"]) or "")
    return printable(f"{record['cluster_name']}: {', '.join(part for part in parts if part)}")
