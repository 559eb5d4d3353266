# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# The least retention that a project's backup compliance policy requires. Pure functions.

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._atlas.json_values import object_in, whole_number

# Days of the shortest month and year.
_DAYS_IN = {"days": 1, "weeks": 7, "months": 28, "years": 365}
_MOST_UNITS = 100_000


def least_retention(policy: Mapping[str, Any]) -> int | None:
    """The least retention of an on-demand snapshot in days; None if the policy has none, or none that is readable.

    A project without a policy has an empty one. Names and e-mail addresses in the policy are not used.
    """
    item = object_in(policy.get("onDemandPolicyItem"))
    days, value = _DAYS_IN.get(str(item.get("retentionUnit")).lower()), whole_number(item.get("retentionValue"))
    if days is None or value is None or not 1 <= value <= _MOST_UNITS:
        return None
    return days * value
