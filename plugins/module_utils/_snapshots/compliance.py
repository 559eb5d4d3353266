# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# What a project's backup compliance policy asks of on-demand snapshots. Pure functions.

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# The shortest month and year that such a unit can mean.
_DAYS_IN = {"days": 1, "weeks": 7, "months": 28, "years": 365}
_MOST_UNITS = 100_000


def least_retention(policy: Mapping[str, Any]) -> int | None:
    """The least retention of an on-demand snapshot in days; None where the policy asks for none that can be read.

    A project without a policy has an empty one. The names and the e-mail address in it are nobody's business.
    """
    item = policy.get("onDemandPolicyItem")
    if not isinstance(item, dict):
        return None
    days, value = _DAYS_IN.get(str(item.get("retentionUnit")).lower()), item.get("retentionValue")
    if days is None or isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= _MOST_UNITS:
        return None
    return days * value
