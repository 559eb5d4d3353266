# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The endpoints of automatic snapshots, for flex clusters and for M2 and M5 clusters."""

from __future__ import annotations

from typing import Any

from .automatic import AutomaticSnapshot, automatic_snapshots
from .call import Call
from .clusters import Cluster
from .paging import page, whole
from .problems import Problem
from .settings import Settings
from .snapshot_json import automatic_json


def list_flex(call: Call) -> dict[str, Any]:
    cluster = flex_cluster(call, deleted_too=True)
    return page([automatic_json(each, cluster, call.now) for each in taken_snapshots(call, cluster)], call)


def get_flex(call: Call) -> dict[str, Any]:
    return _one(call, flex_cluster(call, deleted_too=True), "SNAPSHOT_NOT_FOUND")


def list_tenant(call: Call) -> dict[str, Any]:
    cluster = _tenant_cluster(call)
    if cluster.instance_size == "M0":
        return whole([], call)
    return whole([_tenant_json(call, each, cluster) for each in taken_snapshots(call, cluster)], call)


def get_tenant(call: Call) -> dict[str, Any]:
    return _one(call, _tenant_cluster(call), "TENANT_SNAPSHOT_NOT_FOUND")


def flex_cluster(call: Call, *, deleted_too: bool = False) -> Cluster:
    """The cluster in the path; a Problem if it is not a flex cluster."""
    cluster = call.cluster(deleted_too=deleted_too)
    if cluster.kind != "flex":
        raise Problem("CANNOT_USE_NON_FLEX_CLUSTER_IN_FLEX_API", cluster.name)
    return cluster


def _tenant_cluster(call: Call) -> Cluster:
    """The cluster in the path; a Problem if it has no tenant backups (a setting gives an M0 an empty list instead)."""
    cluster = call.cluster(deleted_too=True)
    if cluster.kind == "flex":
        raise Problem("CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API", cluster.name)
    if cluster.kind == "dedicated":
        raise Problem("INCORRECT_BACKUP_API_ENDPOINT", cluster.name, "/backup/snapshots")
    is_empty_list = "snapshot" not in call.params and call.settings.tenant_list == "empty"
    if cluster.instance_size == "M0" and not is_empty_list:
        raise call.wrong_tier(cluster, "/backup/snapshots")
    return cluster


def taken_snapshots(call: Call, cluster: Cluster) -> list[AutomaticSnapshot]:
    """The automatic snapshots that exist now, oldest first."""
    return automatic_of(call.settings, cluster, call.now)


def automatic_of(settings: Settings, cluster: Cluster, now: float) -> list[AutomaticSnapshot]:
    """The same for callers that have no request."""
    own = settings.clusters.get(cluster.name, {})
    return automatic_snapshots(
        cluster.id,
        cluster.created_at,
        now,
        own.get("automatic_missing_days", 0),
        own.get("automatic_newest_status"),
        own.get("automatic_running_seconds"),
    )


def _one(call: Call, cluster: Cluster, missing_code: str) -> dict[str, Any]:
    snapshot_id = call.snapshot_id()
    for each in taken_snapshots(call, cluster):
        if each.id == snapshot_id:
            if cluster.kind == "tenant":
                return _tenant_json(call, each, cluster)
            return automatic_json(each, cluster, call.now)
    raise Problem(missing_code, snapshot_id, cluster.name)


def _tenant_json(call: Call, snapshot: AutomaticSnapshot, cluster: Cluster) -> dict[str, Any]:
    own_url = f"{call.cluster_url(cluster)}/backup/tenant/snapshots/{snapshot.id}"
    return {**automatic_json(snapshot, cluster, call.now), "links": [{"href": own_url, "rel": "self"}]}
