# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# Predicts the outcome of taking a snapshot with reading requests only, for check mode.

from __future__ import annotations

from .._atlas.clock import AtlasClock
from .._atlas.endpoints import AtlasApi
from .._atlas.error_codes import (
    BACKUP_JOB_NOT_FOUND,
    CANNOT_UPDATE_PAUSED_CLUSTER,
    UNFINISHED_ON_DEMAND_SNAPSHOT,
    next_step,
)
from .._atlas.errors import AtlasError, SnapshotTrouble
from .._attempts import Attempt
from .clusters import kind_of
from .dedicated import DedicatedSnapshots
from .outcome import Outcome
from .records import JsonObject, Record
from .refusals import refused_by_kind
from .take_plan import TakePlan, is_in_the_way


async def foresee_taking(api: AtlasApi, attempt: Attempt, plan: TakePlan, clock: AtlasClock) -> Outcome:
    """The outcome of taking a snapshot; raises the refusal that a real run would meet."""
    snapshots = DedicatedSnapshots(api, attempt.cluster_name)
    if plan.max_age is not None:
        found = await snapshots.find(lambda record: plan.is_reusable(record, clock.now()))
        reusable = plan.best_reusable(found, clock.now())
        if reusable:
            return Outcome(reusable, changed=False, reused=True, before=reusable)
    cluster = await api.get_cluster(attempt.cluster_name)
    attempt.cluster_type = kind_of(cluster)[0]
    _raise_foreseen_refusal(cluster)
    other = next(iter(await snapshots.find(is_in_the_way)), None)
    if other and plan.if_in_progress == "fail":
        raise another_in_progress(other)
    if other and plan.if_in_progress == "reuse":
        return Outcome(other, changed=False, reused=True, before=other)
    record = snapshots.record({})
    record["description"] = plan.description
    record["snapshot_type"] = "onDemand"
    record["type"] = "replicaSet" if cluster.get("clusterType") == "REPLICASET" else "shardedCluster"
    return Outcome(record, changed=True)


def another_in_progress(other: Record) -> SnapshotTrouble:
    """The error for another snapshot in progress with if_in_progress=fail."""
    return SnapshotTrouble(
        f"Another on-demand snapshot, {other['id']}, is {other['status']} ({UNFINISHED_ON_DEMAND_SNAPSHOT})",
        "Wait for it (if_in_progress=wait) or use it (if_in_progress=reuse).",
        status_code=400,
        error_code=UNFINISHED_ON_DEMAND_SNAPSHOT,
        record=other,
    )


def _raise_foreseen_refusal(cluster: JsonObject) -> None:
    refused = refused_by_kind(cluster)
    if refused:
        raise refused
    if cluster.get("paused"):
        raise _foreseen(
            "It is paused, and Atlas cannot take a snapshot of a paused cluster", 409, CANNOT_UPDATE_PAUSED_CLUSTER
        )
    if cluster.get("backupEnabled") is False:
        raise _foreseen("Its backups are switched off", 400, BACKUP_JOB_NOT_FOUND)


def _foreseen(message: str, status_code: int, error_code: str) -> AtlasError:
    hint = next_step(status_code, error_code)
    return AtlasError(message, hint, status_code=status_code, error_code=error_code)
