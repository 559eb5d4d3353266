# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Times on the fake clock of the event loop, as Atlas shows them, and ids with these times."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from email.utils import format_datetime

# Atlas's clock at the start of the loop.
START = datetime(2026, 8, 15, 22, 4, tzinfo=timezone.utc)


def moment(seconds: float) -> datetime:
    """Atlas's clock this many seconds after the start of the loop."""
    return START + timedelta(seconds=seconds)


def iso(seconds: float) -> str:
    """The same in the format of a document."""
    return moment(seconds).strftime("%Y-%m-%dT%H:%M:%SZ")


def http_date(seconds: float) -> str:
    """The same in the format of a Date header."""
    return format_datetime(moment(seconds).replace(microsecond=0), usegmt=True)


def minted(seconds: float = 0.0, number: int = 1) -> str:
    """An ObjectId that Atlas created this many seconds after the start of the loop."""
    return f"{int(moment(seconds).timestamp()):08x}2c88faeba5{number:06x}"
