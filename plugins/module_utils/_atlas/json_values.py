# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# Values in Atlas's documents if they have the expected type. Pure functions.

from __future__ import annotations

import math
from typing import Any


def object_in(value: Any) -> dict[str, Any]:
    """The JSON object, or an empty one in place of anything else."""
    return value if isinstance(value, dict) else {}


def objects_in(value: Any) -> list[dict[str, Any]]:
    """The JSON objects of a list; an empty list in place of anything else."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def whole_number(value: Any) -> int | None:
    """The whole number, None for anything else; for Python, true and false are numbers too."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def number(value: Any) -> float | None:
    """The whole number, or the finite one with a fraction; None for anything else."""
    return value if isinstance(value, float) and math.isfinite(value) else whole_number(value)
