# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Snapshots in the JSON format of Atlas, in the format of each API family."""

from __future__ import annotations

from typing import Any

from .automatic import AutomaticSnapshot
from .clusters import Cluster
from .snapshots import Snapshot
from .times import iso

# Keys that v1.0 does not have.
NEWER_THAN_V1 = ("configServerType", "copyRegions", "frequencyType", "policyItems")


def replica_set_json(
    snapshot: Snapshot, cluster: Cluster, now: float, cluster_url: str, *, v1: bool = False
) -> dict[str, Any]:
    """The format of the replica set endpoints; createdAt, mongodVersion and cloudProvider appear when they did in the
    recordings.
    """
    document = _common(snapshot, now)
    document.update(
        copyRegions=list(snapshot.copy_regions),
        links=_links(cluster_url, f"/backup/snapshots/{snapshot.id}"),
        replicaSetName=cluster.name,
        type="replicaSet",
    )
    if snapshot.knows_provider(now):
        document["cloudProvider"] = cluster.provider
    return _without_newer(document) if v1 else document


def sharded_json(
    snapshot: Snapshot, cluster: Cluster, now: float, cluster_url: str, *, v1: bool = False
) -> dict[str, Any]:
    """The format of the sharded endpoints: members and their ids instead of provider and replica set."""
    document = _common(snapshot, now)
    document.update(
        links=_links(cluster_url, f"/backup/snapshots/shardedCluster/{snapshot.id}"),
        members=[
            {"cloudProvider": cluster.provider, "id": member.id, "replicaSetName": member.replica_set_name}
            for member in snapshot.members
        ],
        snapshotIds=[member.id for member in snapshot.members],
        type="shardedCluster",
    )
    if snapshot.config_server_type:
        document["configServerType"] = snapshot.config_server_type
    return _without_newer(document) if v1 else document


def automatic_json(snapshot: AutomaticSnapshot, cluster: Cluster, now: float) -> dict[str, Any]:
    """The format that flex and tenant clusters share."""
    status = snapshot.status(now)
    document = {
        "expiration": iso(snapshot.expires_at),
        "id": snapshot.id,
        "mongoDBVersion": cluster.mongodb_version,
        "scheduledTime": iso(snapshot.scheduled_at),
        "status": status,
    }
    if status not in ("PENDING", "QUEUED"):
        document["startTime"] = iso(snapshot.starts_at)
    if status in ("COMPLETED", "FAILED"):
        document["finishTime"] = iso(snapshot.ends_at)
    return document


def _common(snapshot: Snapshot, now: float) -> dict[str, Any]:
    document: dict[str, Any] = {
        "expiresAt": iso(snapshot.expiry(now)),
        "frequencyType": snapshot.frequency_type,
        "id": snapshot.id,
        "policyItems": list(snapshot.policy_items),
        "snapshotType": snapshot.snapshot_type,
        "status": snapshot.status(now),
        "storageSizeBytes": 0,
    }
    if snapshot.description is not None:
        document["description"] = snapshot.description
    if snapshot.knows_version(now):
        document["mongodVersion"] = snapshot.mongodb_version
    if snapshot.is_completed(now):
        document["createdAt"] = iso(snapshot.created_at)
        document["storageSizeBytes"] = snapshot.storage_size_bytes
    return document


def _links(cluster_url: str, own_path: str) -> list[dict[str, str]]:
    return [
        {"href": cluster_url + own_path, "rel": "self"},
        {"href": cluster_url, "rel": "https://cloud.mongodb.com/cluster"},
    ]


def _without_newer(document: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in document.items() if key not in NEWER_THAN_V1}
