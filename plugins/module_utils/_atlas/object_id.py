# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# The ids that Atlas creates: MongoDB ObjectIds, which contain the time of their creation. Pure functions.

from __future__ import annotations

import re
from datetime import datetime, timezone
from typing import Any

_OBJECT_ID = re.compile(r"[0-9a-fA-F]{24}")


def is_object_id(value: Any) -> bool:
    """Whether this is an ObjectId: 24 hexadecimal digits."""
    return isinstance(value, str) and _OBJECT_ID.fullmatch(value) is not None


def minted_at(snapshot_id: Any) -> datetime | None:
    """When Atlas created this id, by its own clock: an ObjectId starts with the seconds since 1970 as 8 hex digits."""
    try:
        return datetime.fromtimestamp(int(str(snapshot_id)[:8], 16), tz=timezone.utc)
    except (ValueError, OverflowError, OSError):
        return None
