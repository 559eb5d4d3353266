# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Retention: what a request may ask for, and what a compliance policy allows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .call import Call
from .problems import Problem
from .snapshots import Snapshot

DAYS_IN = {"DAYS": 1, "WEEKS": 7, "MONTHS": 30, "YEARS": 365}
MOST_DAYS = 100 * 365


def checked_retention(call: Call, days: object) -> int:
    """The retention of a new snapshot in days; None means the default."""
    least = _least_days(_policy(call))
    if days is None:
        return max(call.settings.default_retention_days, least)
    if not isinstance(days, int) or isinstance(days, bool) or days < 1:
        raise Problem("VALIDATION_ERROR", fields=[("retentionInDays", "must be greater than or equal to 1")])
    if days > MOST_DAYS:
        raise Problem("BACKUP_SNAPSHOT_RETENTION_VALUE_INVALID", str(days))
    if days < least:
        raise Problem("SNAPSHOT_RETENTION_LESS_THAN_BACKUP_COMPLIANCE_POLICY", str(days), str(least))
    return days


def patched_days(body: Mapping[str, Any]) -> int:
    """The days in a request that changes the retention."""
    unit, value = body.get("retentionUnit"), body.get("retentionValue")
    if unit not in DAYS_IN:
        raise Problem("VALIDATION_ERROR", fields=[("retentionUnit", f"must be one of {', '.join(DAYS_IN)}")])
    if not isinstance(value, int) or isinstance(value, bool):
        raise Problem("VALIDATION_ERROR", fields=[("retentionValue", "must be a whole number")])
    days = value * DAYS_IN[unit]
    if not 1 <= days <= MOST_DAYS:
        raise Problem("BACKUP_SNAPSHOT_RETENTION_VALUE_INVALID", str(value))
    return days


def refuse_retention(call: Call, snapshot: Snapshot, days: int, expires_at: float) -> None:
    """Refuse a retention that the compliance policy does not allow."""
    policy = _policy(call)
    least = _least_days(policy)
    if days < least:
        raise Problem("SNAPSHOT_RETENTION_LESS_THAN_BACKUP_COMPLIANCE_POLICY", str(days), str(least))
    if policy is not None and not policy.get("allow_decrease") and expires_at < snapshot.expiry(call.now):
        raise Problem("CANNOT_DECREASE_SNAPSHOT_RETENTION_WITH_BACKUP_COMPLIANCE_POLICY", snapshot.id)


def refuse_deletion(call: Call, snapshot: Snapshot) -> None:
    """Refuse a deletion that the compliance policy does not allow."""
    policy = _policy(call)
    if policy is None or policy.get("allow_delete"):
        return
    if snapshot.copy_regions:
        raise Problem("CANNOT_DELETE_COPY_SNAPSHOT_WITH_BACKUP_COMPLIANCE_POLICY_ENABLED", snapshot.id)
    raise Problem("CANNOT_DELETE_SNAPSHOT_WITH_BACKUP_COMPLIANCE_POLICY", snapshot.id)


def _least_days(policy: Mapping[str, Any] | None) -> int:
    """The minimum retention of on-demand snapshots: the larger of the policy's two values."""
    policy = policy or {}
    unit = str(policy.get("on_demand_unit", "days")).upper()
    return max(int(policy.get("min_retention_days", 0)), int(policy.get("on_demand_value", 0)) * DAYS_IN[unit])


def _policy(call: Call) -> Mapping[str, Any] | None:
    """The project's policy, or None; by default it allows neither a deletion nor a shorter retention."""
    return call.settings.compliance.get(call.project.name)
