# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Restore jobs in the recorded format of Atlas."""

from __future__ import annotations

from typing import Any

from .atlas import PROJECT, V2
from .times import iso, minted

SNAPSHOT = minted(-3600.0, 7)
OTHER_PROJECT = "5f0c1d2e3b4a59687766aabc"
SECRET_URL = "https://restore.example.invalid/not-a-real-download-secret"

# Clusters of a simulated Atlas that take part in restores.
CLUSTERS: dict[str, dict[str, Any]] = {
    "prod": {"pit_enabled": True},
    "staging": {},
    "sharded": {"topology": "SHARDED"},
    "flex": {"instance_size": "FLEX"},
    "spare-flex": {"instance_size": "FLEX"},
    "m5": {"instance_size": "M5"},
}


def jobs_path(cluster: str = "prod", rest: str = "") -> str:
    return f"{V2}/clusters/{cluster}/backup/restoreJobs{rest}"


def flex_jobs_path(cluster: str = "prod", rest: str = "") -> str:
    return f"{V2}/flexClusters/{cluster}/backup/restoreJobs{rest}"


def job(at: float = 0.0, number: int = 1, **more: Any) -> dict[str, Any]:
    """A job of a dedicated cluster that was started at this second and is still running: prod into staging."""
    document: dict[str, Any] = {
        "cancelled": False,
        "deliveryType": "automated",
        "deliveryUrl": [],
        "desiredTimestamp": {"date": None, "increment": None, "time": None},
        "expired": False,
        "failed": False,
        "id": minted(at, number),
        "links": [],
        "snapshotId": SNAPSHOT,
        "targetClusterName": "staging",
        "targetDeploymentItemName": "atlas-7hq2xk",
        "targetGroupId": PROJECT,
        "timestamp": iso(-3540.0),
    }
    return {**document, **more}


def flex_job(status: str = "PENDING", at: float = 0.0, number: int = 1, **more: Any) -> dict[str, Any]:
    """The same for a flex cluster."""
    document = {
        "deliveryType": "RESTORE",
        "expirationDate": iso(at + 6 * 3600),
        "id": minted(at, number),
        "instanceName": "prod",
        "projectId": PROJECT,
        "restoreScheduledDate": iso(at),
        "snapshotFinishedDate": iso(-3400.0),
        "snapshotId": SNAPSHOT,
        "status": status,
        "targetDeploymentItemName": "staging",
        "targetProjectId": PROJECT,
    }
    if status in ("COMPLETED", "FAILED"):
        document["restoreFinishedDate"] = iso(at + 63)
    return {**document, **more}


def target_document(topology: str = "REPLICASET", shards: int = 1, **more: Any) -> dict[str, Any]:
    """A target in the format of the cluster endpoint."""
    hardware = {"instanceSize": "M10", "diskSizeGB": 30.0}
    region = {"providerName": "AWS", "electableSpecs": hardware, "regionName": "US_EAST_1"}
    document: dict[str, Any] = {
        "name": "staging",
        "clusterType": topology,
        "backupEnabled": True,
        "pitEnabled": True,
        "paused": False,
        "stateName": "IDLE",
        "mongoDBVersion": "8.0.29",
        "replicationSpecs": [{"regionConfigs": [region]}] * shards,
    }
    if topology != "REPLICASET":
        document["configServerType"] = "DEDICATED"
    return {**document, **more}


def flex_document(**more: Any) -> dict[str, Any]:
    """A flex cluster in the format of the flex endpoint."""
    document = {
        "name": "staging",
        "clusterType": "REPLICASET",
        "backupSettings": {"enabled": True},
        "mongoDBVersion": "8.0.29",
        "providerSettings": {"providerName": "FLEX", "backingProviderName": "AWS", "regionName": "US_EAST_1"},
        "stateName": "IDLE",
    }
    return {**document, **more}
