# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Points in time that continuous backup can restore to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .call import Call
from .clusters import Cluster
from .problems import Problem
from .snapshots import Snapshot
from .times import DAY

EARLIEST = 1199145600


@dataclass(frozen=True)
class PointInTime:
    """Seconds since 1970, and optionally an operation within that second."""

    seconds: int
    oplog_inc: int | None = None

    @property
    def moment(self) -> float:
        """The time up to which writes are restored: the end of that second, or the operation within it."""
        return self.seconds if self.oplog_inc is not None else self.seconds + 0.999


def asked_point(body: Mapping[str, Any]) -> PointInTime:
    """The point in time in a request body, given in one of two ways."""
    if "pointInTimeUTCSeconds" in body:
        return PointInTime(_whole(body, "pointInTimeUTCSeconds", EARLIEST))
    if "oplogTs" not in body and "oplogInc" not in body:
        raise Problem("MISSING_ATTRIBUTE", "pointInTimeUTCSeconds")
    return PointInTime(_whole(body, "oplogTs", EARLIEST), _whole(body, "oplogInc", 1))


def found_base(call: Call, source: Cluster, point: PointInTime) -> Snapshot:
    """The snapshot on which a restore to this point is based; a Problem explains why there is none."""
    asked = str(point.seconds)
    if source.is_sharded and call.settings.pit_of_sharded == "refused":
        raise Problem("PIT_RESTORE_ONLY_SUPPORTED_FOR_REPLICA_SETS", source.name)
    if not source.pit_enabled:
        raise Problem(call.settings.pit_off_code, asked)
    window = call.settings.of_cluster(source.name, "restore_window_days") * DAY
    if not call.now - window <= point.seconds <= call.now:
        raise Problem("INVALID_PIT_RESTORE_TIME", asked)
    completed = [each for each in source.snapshots if each.is_completed(call.now) and not each.is_gone(call.now)]
    earlier = [each for each in completed if each.created_at <= point.moment]
    if not earlier:
        raise Problem("UNABLE_T0_FIND_SNAPSHOT_PRIOR_TO_PIT_RESTORE_OPTIME", asked)
    base = max(earlier, key=lambda each: each.created_at)
    # A restore into the source interrupts continuous backup, which starts again with the next snapshot.
    if any(base.created_at <= job.starts_at <= point.moment for job in source.restores if not job.spares_target):
        raise Problem("NO_CHECKPOINT_FOR_PIT_RESTORE", asked)
    return base


def _whole(body: Mapping[str, Any], name: str, least: int) -> int:
    value = body.get(name)
    if value is None:
        raise Problem("MISSING_ATTRIBUTE", name)
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise Problem("VALIDATION_ERROR", fields=[(name, f"must be a whole number of at least {least}")])
    return value
