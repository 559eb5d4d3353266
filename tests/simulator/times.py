# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Times are seconds since 1970 as float; these functions convert them to the texts that Atlas sends."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone
from email.utils import formatdate

Clock = Callable[[], float]

DAY = 86400.0


def iso(moment: float) -> str:
    """2026-08-10T03:26:42Z, truncated to whole seconds."""
    return datetime.fromtimestamp(int(moment), timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def http_date(moment: float) -> str:
    """The format of the Date header."""
    return formatdate(int(moment), usegmt=True)
