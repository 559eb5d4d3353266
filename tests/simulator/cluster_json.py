# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Clusters and projects in the JSON format of Atlas."""

from __future__ import annotations

from typing import Any

from .clusters import Cluster, Project
from .ids import derived_id
from .times import iso


def cluster_json(cluster: Cluster, project: Project, cluster_url: str, state: str) -> dict[str, Any]:
    """Version 2024-08-05 of a dedicated or tenant cluster."""
    document: dict[str, Any] = {
        "adaptiveCapacity": None,
        "backupEnabled": cluster.backup_enabled,
        # Recorded in lower case, which the published schema does not allow; no client reads it, so follow the schema.
        "biConnector": {"enabled": False, "readPreference": "SECONDARY"},
        "clusterType": cluster.topology,
        "connectionStrings": _connection_strings(cluster),
        "createDate": iso(cluster.created_at),
        "diskWarmingMode": "FULLY_WARMED",
        "effectiveDatabaseEdition": "CORE",
        "effectiveReplicationSpecs": _replication_specs(cluster, effective=True),
        "encryptionAtRestProvider": "NONE",
        "featureCompatibilityVersion": _major(cluster),
        "globalClusterSelfManagedSharding": False,
        "groupId": project.id,
        "id": cluster.id,
        "internalClusterRole": "NONE",
        "labels": [],
        "links": [
            {"href": cluster_url, "rel": "self"},
            {"href": f"{cluster_url}/backup/restoreJobs", "rel": "https://cloud.mongodb.com/restoreJobs"},
            {"href": f"{cluster_url}/backup/snapshots", "rel": "https://cloud.mongodb.com/snapshots"},
        ],
        "mongoDBMajorVersion": _major(cluster),
        "mongoDBVersion": cluster.mongodb_version,
        "name": cluster.name,
        "paused": cluster.paused,
        "pitEnabled": cluster.pit_enabled,
        "redactClientLogData": False,
        "replicationSpecs": _replication_specs(cluster, effective=False),
        "retainBackups": False,
        "rootCertType": "ISRGROOTX1",
        "stateName": state,
        "tags": _tags(cluster),
        "terminationProtectionEnabled": cluster.termination_protected,
        "useAwsTimeBasedSnapshotCopyForFastInitialSync": False,
        "versionReleaseSystem": "LTS",
    }
    if cluster.kind == "dedicated":
        document["advancedConfiguration"] = {
            "customOpensslCipherConfigTls12": [],
            "customOpensslCipherConfigTls13": [],
            "minimumEnabledTlsProtocol": "TLS1_2",
            "tlsCipherConfigMode": "DEFAULT",
        }
    if cluster.is_sharded:
        document["configServerManagementMode"] = "ATLAS_MANAGED"
        document["configServerType"] = cluster.config_server_type
    return document


def flex_json(cluster: Cluster, project: Project, state: str) -> dict[str, Any]:
    """Version 2024-11-13 of a flex cluster."""
    return {
        "backupSettings": {"enabled": cluster.backup_enabled},
        "clusterType": "REPLICASET",
        "connectionStrings": _connection_strings(cluster),
        "createDate": iso(cluster.created_at),
        "groupId": project.id,
        "id": cluster.id,
        "mongoDBVersion": cluster.mongodb_version,
        "name": cluster.name,
        "providerSettings": {
            "backingProviderName": cluster.provider,
            "diskSizeGB": 5.0,
            "providerName": "FLEX",
            "regionName": cluster.region,
        },
        "stateName": state,
        "tags": _tags(cluster),
        "terminationProtectionEnabled": cluster.termination_protected,
        "versionReleaseSystem": "LTS",
    }


def project_json(project: Project, base_url: str) -> dict[str, Any]:
    """Version 2023-01-01 of a project."""
    return {
        "clusterCount": sum(not cluster.deleted for cluster in project.clusters.values()),
        "created": iso(project.created_at),
        "id": project.id,
        "links": [{"href": f"{base_url}/api/atlas/v2/groups/{project.id}", "rel": "self"}],
        "name": project.name,
        "orgId": project.org_id,
        "tags": [],
        "withDefaultAlertsSettings": True,
    }


def _major(cluster: Cluster) -> str:
    return ".".join(cluster.mongodb_version.split(".")[:2])


def _tags(cluster: Cluster) -> list[dict[str, str]]:
    return [{"key": key, "value": value} for key, value in cluster.tags.items()]


def _connection_strings(cluster: Cluster) -> dict[str, Any]:
    host = f"{cluster.name}.abc12.example.invalid"
    if cluster.is_sharded:
        return {
            "awsPrivateLinkSrv": {},
            "privateEndpoint": [],
            "standard": f"mongodb://{host}:27016/?ssl=true&authSource=admin",
            "standardSrv": f"mongodb+srv://{host}",
        }
    return {
        "standard": f"mongodb://{host}:27017/?ssl=true&authSource=admin&replicaSet={cluster.host_prefix}-shard-0",
        "standardSrv": f"mongodb+srv://{host}",
    }


def _replication_specs(cluster: Cluster, *, effective: bool) -> list[dict[str, Any]]:
    """One entry per shard; each shard of a global cluster is in its own zone."""
    specs = []
    for shard in range(cluster.shards if cluster.is_sharded else 1):
        zone = shard if cluster.topology == "GEOSHARDED" else 0
        region = _tenant_region(cluster) if cluster.kind == "tenant" else _region(cluster, effective)
        specs.append(
            {
                "id": derived_id(cluster.created_at, cluster.id, "shard", shard),
                "regionConfigs": [region],
                "zoneId": derived_id(cluster.created_at, cluster.id, "zone", zone),
                "zoneName": f"Zone {zone + 1}",
            }
        )
    return specs


def _tenant_region(cluster: Cluster) -> dict[str, Any]:
    size = cluster.instance_size
    return {
        "backingProviderName": cluster.provider,
        "electableSpecs": {
            "diskSizeGB": {"M0": 0.5, "M2": 2.0, "M5": 5.0}[size],
            "effectiveInstanceSize": size,
            "instanceSize": size,
        },
        "priority": 7,
        "providerName": "TENANT",
        "regionName": cluster.region,
    }


def _region(cluster: Cluster, effective: bool) -> dict[str, Any]:
    nodes = {"analytics": 0, "electable": 3, "readOnly": 0}
    region: dict[str, Any] = {f"{role}Specs": _hardware(cluster, count) for role, count in nodes.items()}
    if not effective:
        region.update(
            (f"effective{role[0].upper()}{role[1:]}Specs", _hardware(cluster, count)) for role, count in nodes.items()
        )
    region.update(
        autoScaling={"compute": {"enabled": False, "scaleDownEnabled": False}, "diskGB": {"enabled": False}},
        priority=7,
        providerName=cluster.provider,
        regionName=cluster.region,
    )
    return region


def _hardware(cluster: Cluster, count: int) -> dict[str, Any]:
    hardware: dict[str, Any] = {"diskSizeGB": 10.0, "instanceSize": cluster.instance_size, "nodeCount": count}
    if cluster.provider == "AWS":
        hardware.update(diskIOPS=3000, ebsVolumeType="STANDARD")
    return hardware
