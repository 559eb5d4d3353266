# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# Formats sizes, times, durations and texts from outside for display. Pure functions.

from __future__ import annotations

from datetime import timedelta
from typing import Any

from ._times import parse_time

_SIZE_UNITS = ("B", "kB", "MB", "GB", "TB", "PB")
# A larger number in an answer is not a size, and may be too large to compute with.
_LARGEST_SIZE = 2**63


def printable(text: str) -> str:
    """The text with line breaks and terminal control characters escaped, for example \\x1b for ESC."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


def size_text(size_bytes: Any) -> str | None:
    """A readable size in units of 1024: 1582854144 is 1.5 GB. None if the value is not a size."""
    if isinstance(size_bytes, bool) or not isinstance(size_bytes, (int, float)) or not 0 <= size_bytes <= _LARGEST_SIZE:
        return None
    try:
        size, unit = float(size_bytes), 0
    except OverflowError:
        return None
    # Rounded first: 1023.99 MB is 1.0 GB, not 1024.0 MB.
    while round(size, 1) >= 1024 and unit < len(_SIZE_UNITS) - 1:
        size, unit = size / 1024, unit + 1
    return f"{size:.0f} B" if unit == 0 else f"{size:.1f} {_SIZE_UNITS[unit]}"


def minute_text(moment: Any) -> Any:
    """An ISO 8601 time to the minute, for a column whose heading says UTC; any other value is returned unchanged."""
    parsed = parse_time(moment)
    return moment if parsed is None else parsed.strftime("%Y-%m-%d %H:%M")


def clock_text(seconds: float) -> str:
    """A duration in the format of a clock: 0:42, 2:41, 1:03:20."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def duration_text(duration: timedelta) -> str:
    """A readable duration in its two largest units: 3 d 4 h, 5 h 12 min, 40 s. Never negative."""
    seconds = max(0, int(duration.total_seconds()))
    if seconds < 60:
        return f"{seconds} s"
    minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86400
    if days:
        return f"{days} d {hours % 24} h"
    return f"{hours} h {minutes % 60} min" if hours else f"{minutes} min"
