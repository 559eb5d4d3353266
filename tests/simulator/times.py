# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Points in time are seconds since 1970 as float; here they become the texts that Atlas sends."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone
from email.utils import formatdate

Clock = Callable[[], float]

DAY = 86400.0


def iso(moment: float) -> str:
    """2026-08-10T03:26:42Z, whole seconds, cut off."""
    return datetime.fromtimestamp(int(moment), timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def http_date(moment: float) -> str:
    """The form of the Date header."""
    return formatdate(int(moment), usegmt=True)
