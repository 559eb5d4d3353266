# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Snapshots of dedicated clusters: take, list, get, delete, change retention."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .call import Call
from .clusters import Cluster
from .paging import page, whole
from .problems import Problem
from .restore_rules import refuse_under_restore
from .retention import checked_retention, patched_days, refuse_deletion, refuse_retention
from .snapshot_json import replica_set_json, sharded_json
from .snapshots import Snapshot
from .times import DAY
from .world import remove_snapshot, replace_snapshot

REPLICA_SET_ADDRESS = "/backup/snapshots"
SHARDED_ADDRESS = "/backup/snapshots/shardedClusters"


def take(call: Call) -> dict[str, Any]:
    cluster = dedicated_cluster(call)
    if not cluster.backup_enabled:
        raise Problem(call.settings.backups_off_code, cluster.name, call.project.id)
    if cluster.paused:
        raise Problem("CANNOT_UPDATE_PAUSED_CLUSTER", cluster.name)
    body = call.body("description", "retentionInDays", "links")
    description = _description(call, body)
    days = checked_retention(call, body.get("retentionInDays"))
    refuse_under_restore(call, cluster, call.settings.take_during_restore)
    if any(each.snapshot_type == "onDemand" and each.is_unfinished(call.now) for each in cluster.snapshots):
        raise Problem("UNFINISHED_ON_DEMAND_SNAPSHOT", cluster.name)
    snapshot = call.world.take(
        cluster,
        call.settings,
        call.now,
        description=description,
        retention_days=days,
        taken_by=call.caller.public_key,
    )
    if cluster.is_sharded and call.settings.sharded_post_type == "shardedCluster":
        return _sharded(call, snapshot, cluster)
    return _replica_set(call, snapshot, cluster)


def list_replica_set(call: Call) -> dict[str, Any]:
    cluster = dedicated_cluster(call, deleted_too=True, is_list=True)
    if cluster.kind == "tenant":
        return page([], call)
    if not cluster.is_sharded:
        return page([_replica_set(call, each, cluster) for each in _listed(call, cluster)], call)
    mode = call.settings.sharded_on_replica_set_address
    _refuse_family(call, cluster, mode, SHARDED_ADDRESS)
    return page([], call)


def list_sharded(call: Call) -> dict[str, Any]:
    cluster = dedicated_cluster(call, deleted_too=True, is_list=True)
    if cluster.kind == "tenant":
        return whole([], call)
    if cluster.is_sharded:
        return whole([_sharded(call, each, cluster) for each in _listed(call, cluster)], call)
    _refuse_family(call, cluster, call.settings.replica_set_on_sharded_address, REPLICA_SET_ADDRESS)
    return whole([], call)


def get_replica_set(call: Call) -> dict[str, Any]:
    cluster = dedicated_cluster(call, deleted_too=True)
    if not cluster.is_sharded:
        return _replica_set(call, _found(call, cluster), cluster)
    if call.settings.sharded_on_replica_set_address != "answers":
        raise _wrong_family(call, cluster, call.settings.sharded_on_replica_set_address, SHARDED_ADDRESS)
    # Acceptance tests written by others expect this; only the sharded endpoint returns members and snapshotIds.
    document = _sharded(call, _found(call, cluster), cluster)
    sharded_only = ("members", "snapshotIds", "configServerType")
    return {key: value for key, value in document.items() if key not in sharded_only}


def get_sharded(call: Call) -> dict[str, Any]:
    cluster = dedicated_cluster(call, deleted_too=True)
    if not cluster.is_sharded:
        raise _wrong_family(call, cluster, call.settings.replica_set_on_sharded_address, REPLICA_SET_ADDRESS)
    return _sharded(call, _found(call, cluster), cluster)


def delete_replica_set(call: Call) -> None:
    cluster = dedicated_cluster(call, deleted_too=True)
    _refuse_shard_part(call, cluster, "CANNOT_DELETE_FROM_CLUSTER_SNAPSHOT")
    if cluster.is_sharded:
        raise _wrong_family(call, cluster, call.settings.sharded_on_replica_set_address, SHARDED_ADDRESS)
    _delete(call, cluster)


def delete_sharded(call: Call) -> None:
    cluster = dedicated_cluster(call, deleted_too=True)
    _refuse_shard_part(call, cluster, "CANNOT_DELETE_FROM_CLUSTER_SNAPSHOT")
    if not cluster.is_sharded:
        raise _wrong_family(call, cluster, call.settings.replica_set_on_sharded_address, REPLICA_SET_ADDRESS)
    _delete(call, cluster)


def change_retention(call: Call) -> dict[str, Any]:
    """Counts from createdAt; the replica set endpoint serves sharded snapshots too. Both are assumed, not recorded."""
    cluster = dedicated_cluster(call, deleted_too=True)
    _refuse_shard_part(call, cluster, "CANNOT_MODIFY_CLUSTER_SNAPSHOT")
    snapshot = _found(call, cluster)
    refuse_under_restore(call, cluster, call.settings.change_during_restore)
    days = patched_days(call.body("retentionUnit", "retentionValue", "links"))
    if snapshot.is_unfinished(call.now):
        raise Problem("CANNOT_MODIFY_IN_PROGRESS_SNAPSHOT_RETENTION", snapshot.id)
    expires_at = snapshot.created_at + days * DAY
    refuse_retention(call, snapshot, days, expires_at)
    changed = snapshot.held_until(expires_at)
    replace_snapshot(cluster, changed)
    return _sharded(call, changed, cluster) if cluster.is_sharded else _replica_set(call, changed, cluster)


def _description(call: Call, body: Mapping[str, Any]) -> str | None:
    description = body.get("description")
    if description is None:
        return None
    if not isinstance(description, str):
        raise Problem("VALIDATION_ERROR", fields=[("description", "must be a string")])
    return description.strip() if call.settings.trim_descriptions else description


def dedicated_cluster(call: Call, *, deleted_too: bool = False, is_list: bool = False) -> Cluster:
    """The cluster in the path; a Problem if dedicated endpoints do not serve it (a setting gives an M0 empty lists)."""
    cluster = call.cluster(deleted_too=deleted_too)
    if cluster.kind == "flex":
        raise Problem("CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API", cluster.name)
    if cluster.kind == "tenant" and not (is_list and call.settings.tenant_list == "empty"):
        raise call.wrong_tier(cluster, "/backup/tenant/snapshots")
    return cluster


def _refuse_family(call: Call, cluster: Cluster, mode: str, right_address: str) -> None:
    """Refuse a list on the endpoint of the wrong family, in two of the modes; the list is empty in the others."""
    if mode == "incorrect_endpoint":
        raise Problem("INCORRECT_BACKUP_API_ENDPOINT", cluster.name, right_address)
    if mode == "not_found":
        raise Problem("RESOURCE_NOT_FOUND", call.request.path)


def _wrong_family(call: Call, cluster: Cluster, mode: str, right_address: str) -> Problem:
    """The error for one snapshot on the endpoint of the wrong family: not found, in every mode."""
    if mode == "incorrect_endpoint":
        return Problem("INCORRECT_BACKUP_API_ENDPOINT", cluster.name, right_address)
    return Problem("SNAPSHOT_NOT_FOUND", call.snapshot_id(), cluster.name)


def _listed(call: Call, cluster: Cluster) -> list[Snapshot]:
    if not cluster.backup_enabled and call.settings.backups_off_list == "code":
        raise Problem(call.settings.backups_off_code, cluster.name, call.project.id)
    lag = call.settings.list_lag_seconds
    there = [each for each in cluster.snapshots if not each.is_gone(call.now) and call.now - each.taken_at >= lag]
    newest_first = call.settings.list_order == "newest_first"
    return sorted(there, key=lambda each: (each.taken_at, each.id), reverse=newest_first)


def _found(call: Call, cluster: Cluster) -> Snapshot:
    snapshot_id = call.snapshot_id()
    for each in cluster.snapshots:
        visible = not each.is_gone(call.now) and call.now - each.taken_at >= call.settings.get_lag_seconds
        if visible and each.id == snapshot_id:
            return each
    raise Problem("SNAPSHOT_NOT_FOUND", snapshot_id, cluster.name)


def _refuse_shard_part(call: Call, cluster: Cluster, code: str) -> None:
    snapshot_id = call.snapshot_id()
    if any(snapshot_id == member.id for each in cluster.snapshots for member in each.members):
        raise Problem(code, snapshot_id)


def _delete(call: Call, cluster: Cluster) -> None:
    snapshot = _found(call, cluster)
    if snapshot.is_unfinished(call.now):
        raise Problem("CANNOT_DELETE_IN_PROGRESS_SNAPSHOT", snapshot.id)
    refuse_under_restore(call, cluster, call.settings.change_during_restore)
    refuse_deletion(call, snapshot)
    remove_snapshot(cluster, snapshot.id)


def _replica_set(call: Call, snapshot: Snapshot, cluster: Cluster) -> dict[str, Any]:
    return replica_set_json(snapshot, cluster, call.now, call.cluster_url(cluster), v1=call.is_v1)


def _sharded(call: Call, snapshot: Snapshot, cluster: Cluster) -> dict[str, Any]:
    document = sharded_json(snapshot, cluster, call.now, call.cluster_url(cluster), v1=call.is_v1)
    if not call.settings.snapshot_config_server_type:
        document.pop("configServerType", None)
    return document
