# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The log of all requests, which tests count and search."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any


@dataclass
class Entry:
    """One request; status is None if no answer was sent, duration is the time until the answer was sent."""

    seq: int
    time: float
    method: str
    path: str
    query: dict[str, str]
    step: str
    connection: str
    signed: bool
    caller: str | None
    status: int | None
    fault: str | None
    duration: float | None = None


class Journal:
    """Entries in the order the requests arrived, numbered from 1; numbers are never used again."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self._last_seq = 0

    def add(self, **facts: Any) -> int:
        self._last_seq += 1
        self.entries.append(Entry(seq=self._last_seq, **facts))
        return self._last_seq

    def close(self, seq: int, duration: float) -> None:
        """Record how long the answer took; ignore an entry that was cleared meanwhile."""
        for entry in reversed(self.entries):
            if entry.seq == seq:
                entry.duration = duration
                return

    def clear(self) -> None:
        self.entries.clear()

    def document(self) -> dict[str, Any]:
        """Every entry, and their number by step, by status and in total."""
        return {
            "count": len(self.entries),
            "by_step": dict(Counter(entry.step for entry in self.entries)),
            "by_status": dict(Counter(str(entry.status) for entry in self.entries)),
            "connections": len({entry.connection for entry in self.entries}),
            "requests": [asdict(entry) for entry in self.entries],
        }
