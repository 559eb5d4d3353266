# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# Converts the option point_in_time to seconds since 1970, which Atlas expects. Pure functions.

from __future__ import annotations

import re
from datetime import datetime, timezone

from .._times import format_time

# The earliest time that Atlas accepts: 2008-01-01T00:00:00Z.
EARLIEST = 1199145600
_ISO = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)[Tt ](?P<minute>\d\d:\d\d)(?P<second>:\d\d)?(?:[.,]\d+)? ?"
    r"(?P<offset>[Zz]|[+-]\d\d(?::?\d\d)?)?",
    re.ASCII,
)
_FORMS = "write it like 2026-08-10T03:26:00+00:00, or as seconds since 1970 (10 digits)"


def parse_point_in_time(text: str) -> int:
    """Seconds since 1970, without fractions. Raises ValueError with the problem of the text."""
    text = text.strip()
    if re.fullmatch(r"[0-9]+", text):
        return _checked_seconds(text)
    match = _ISO.fullmatch(text)
    if match is None:
        raise ValueError(f"is not a point in time: {_FORMS}")
    if match["offset"] is None:
        raise ValueError("has no offset from UTC: append Z, or an offset such as +02:00")
    iso = f"{match['day']}T{match['minute']}{match['second'] or ':00'}{_colon_offset(match['offset'])}"
    try:
        seconds = int(datetime.fromisoformat(iso).timestamp())
    except (ValueError, OverflowError) as error:
        raise ValueError(f"is not a point in time ({error}): {_FORMS}") from None
    if seconds < EARLIEST:
        raise ValueError(f"is before {point_text(EARLIEST)}, the earliest time that Atlas accepts")
    return seconds


def point_text(seconds: int) -> str:
    """Seconds since 1970 as ISO 8601 text, UTC."""
    return format_time(datetime.fromtimestamp(seconds, tz=timezone.utc))


def _checked_seconds(digits: str) -> int:
    if len(digits) == 13:
        raise ValueError(f"has 13 digits, which means milliseconds: give seconds since 1970, such as {digits[:10]}")
    if len(digits) != 10 or int(digits) < EARLIEST:
        raise ValueError(f"has {len(digits)} digits and is not a time that Atlas accepts: {_FORMS}")
    return int(digits)


def _colon_offset(offset: str) -> str:
    """The offset in the form that Python 3.9 can parse: with a colon, without Z."""
    if offset in "Zz":
        return "+00:00"
    return f"{offset[:3]}:{offset[3:].lstrip(':') or '00'}"
