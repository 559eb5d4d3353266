# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Addresses and documents of Atlas in the recorded format."""

from __future__ import annotations

from typing import Any

from .times import iso, minted

BASE_URL = "https://atlas.test"
PROJECT = "5f0c1d2e3b4a59687766aabb"
V2 = f"/api/atlas/v2/groups/{PROJECT}"
V1 = f"/api/atlas/v1.0/groups/{PROJECT}"
BACKUPS_TYPE = "application/vnd.atlas.2023-01-01+json"
CLUSTERS_TYPE = "application/vnd.atlas.2024-08-05+json"
FLEX_TYPE = "application/vnd.atlas.2024-11-13+json"
DESCRIPTION = "Before maintenance"
FIRST_PAGE = "?pageNum=1&itemsPerPage=500"


def snapshots_path(cluster: str = "prod", rest: str = "", root: str = V2) -> str:
    return f"{root}/clusters/{cluster}/backup/snapshots{rest}"


def flex_path(cluster: str = "prod", rest: str = "") -> str:
    return f"{V2}/flexClusters/{cluster}/backup/snapshots{rest}"


def tenant_path(cluster: str = "prod", rest: str = "") -> str:
    return f"{V1}/clusters/{cluster}/backup/tenant/snapshots{rest}"


def snapshot(status: str = "queued", at: float = 0.0, number: int = 1, **more: Any) -> dict[str, Any]:
    """A snapshot of a dedicated cluster that was requested at this second, in the recorded format."""
    document: dict[str, Any] = {
        "copyRegions": [],
        "description": DESCRIPTION,
        "expiresAt": iso(at + 7 * 86400),
        "frequencyType": "ondemand",
        "id": minted(at, number),
        "links": [],
        "policyItems": [],
        "replicaSetName": "prod",
        "snapshotType": "onDemand",
        "status": status,
        "storageSizeBytes": 0,
        "type": "replicaSet",
    }
    if status == "completed":
        document.update(
            cloudProvider="AWS",
            createdAt=iso(at + 86),
            expiresAt=iso(at + 159 + 7 * 86400),
            mongodVersion="8.0.29",
            storageSizeBytes=1582854144,
        )
    return {**document, **more}


def sharded(status: str = "queued", at: float = 0.0, number: int = 1, **more: Any) -> dict[str, Any]:
    """The same for a sharded cluster, from the sharded endpoint."""
    document = snapshot(status, at, number)
    for key in ("replicaSetName", "copyRegions", "cloudProvider", "policyItems"):
        document.pop(key, None)
    part = minted(at, number + 1000)
    members = [{"id": part, "cloudProvider": "AWS", "replicaSetName": "prod-shard-0"}]
    document.update(type="shardedCluster", snapshotIds=[part], members=members)
    return {**document, **more}


def automatic(status: str = "COMPLETED", at: float = 0.0, number: int = 1, **more: Any) -> dict[str, Any]:
    """A snapshot of a tenant or flex cluster that was scheduled for this second."""
    document = {
        "id": minted(at, number),
        "status": status,
        "scheduledTime": iso(at),
        "startTime": iso(at + 27),
        "finishTime": iso(at + 106),
        "expiration": iso(at + 8 * 86400),
        "mongoDBVersion": "8.0.29",
    }
    return {**document, **more}


def cluster(size: str = "M10", provider: str = "AWS", topology: str = "REPLICASET", **more: Any) -> dict[str, Any]:
    """A cluster in the format of the cluster endpoint."""
    region = {"providerName": provider, "electableSpecs": {"instanceSize": size}, "regionName": "US_EAST_1"}
    document = {
        "name": "prod",
        "clusterType": topology,
        "backupEnabled": True,
        "paused": False,
        "replicationSpecs": [{"regionConfigs": [region]}],
    }
    return {**document, **more}
