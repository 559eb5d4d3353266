# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# Reports the progress of snapshots as lines, which the controller shows.

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .._atlas.clock import now
from .._text import clock_text, printable, size_text
from .progress_file import append_to_file
from .records import COMPLETED, Record, is_ended

# With more clusters than this, the lines show counts instead of names.
MOST_NAMED = 10
# Seconds until a line is repeated although nothing has changed, and between two lines with counts.
STILL_THERE = 60.0
COUNT_EVERY = 10.0
# Status in the counts for a cluster that failed before its snapshot ended; not a status of Atlas.
GIVEN_UP = "given up"
# Prefix of the status of another snapshot that the task waits for.
IN_THE_WAY = "waiting for another snapshot: "


@dataclass
class _Reported:
    """The last report about one cluster. began and at: instants of the event loop's clock.

    ended: whether the work on it has ended.
    """

    began: float
    at: float
    status: str
    ended: bool


class Progress:
    """Writes progress lines: one per change for up to ten clusters, counts for more.

    noun: stands before an id. scrub: masks secrets in a line.
    """

    def __init__(
        self,
        clusters: int,
        write: Callable[[str], None] = append_to_file,
        *,
        noun: str = "snapshot",
        scrub: Callable[[str], str] = str,
    ) -> None:
        self._clusters = clusters
        self._noun = noun
        self._write = write
        self._scrub = scrub
        self._reported: dict[str, _Reported] = {}
        self._ids_shown: set[str] = set()
        self._counted_at: float | None = None

    def report(self, record: Record, *, in_the_way: bool = False) -> None:
        """Report the current status of a snapshot. in_the_way: it is another one, whose end the task waits for."""
        instant, name = now(), str(record["cluster_name"])
        status = f"{IN_THE_WAY if in_the_way else ''}{record['status']}"
        last = self._reported.get(name)
        if last and last.status == status and instant - last.at < STILL_THERE:
            return
        began = last.began if last else instant
        self._reported[name] = _Reported(began, instant, status, ended=is_ended(record) and not in_the_way)
        if self._clusters > MOST_NAMED:
            self._count(instant)
        else:
            shown_id = f"{self._noun} {record['id']}" if self._is_new_id(record["id"]) else ""
            self._write(self._scrub(_line(record, status, instant - began, shown_id)))

    def _is_new_id(self, snapshot_id: Any) -> bool:
        """Whether no line has shown this id yet. Each id is shown once, also in case the task is killed."""
        if not isinstance(snapshot_id, str) or snapshot_id in self._ids_shown:
            return False
        self._ids_shown.add(snapshot_id)
        return True

    def report_failure(self, cluster_name: str) -> None:
        """Report a failed cluster, so that the counts are complete; the result has the reason."""
        instant, last = now(), self._reported.get(cluster_name)
        if last and last.ended:
            return
        self._reported[cluster_name] = _Reported(last.began if last else instant, instant, GIVEN_UP, ended=True)
        if self._counted_at is not None:
            self._count(instant)

    def _count(self, instant: float) -> None:
        """Write the counts if the last ones are old enough, at the start, and when all clusters have ended."""
        to_come = self._clusters - len(self._reported)
        all_ended = not to_come and all(each.ended for each in self._reported.values())
        if self._counted_at is not None and instant - self._counted_at < COUNT_EVERY and not all_ended:
            return
        self._counted_at = instant
        counts = sorted(Counter(each.status for each in self._reported.values()).items())
        words = [f"{number} {printable(status)}" for status, number in counts]
        words += [f"{to_come} to come"] if to_come else []
        began = min(each.began for each in self._reported.values())
        self._write(self._scrub(f"{self._clusters} clusters: {', '.join(words)}, {clock_text(instant - began)}"))


def _line(record: Record, status: str, seconds: float, shown_id: str) -> str:
    parts = [status] if seconds < 1 and not is_ended(record) else [status, clock_text(seconds)]
    if record["status"] == COMPLETED:
        parts.append(size_text(record["storage_size_bytes"]) or "")
    parts.append(shown_id)
    return printable(f"{record['cluster_name']}: {', '.join(part for part in parts if part)}")
