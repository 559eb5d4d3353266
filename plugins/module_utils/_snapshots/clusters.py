# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# Converts Atlas's clusters to the records that the modules return. Pure functions.

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from .._atlas.json_values import object_in, objects_in
from .records import JsonObject, Record

DEDICATED = "dedicated"
TENANT = "tenant"
FLEX = "flex"


def cluster_record(cluster: JsonObject, project_id: str) -> Record:
    """The record of a dedicated or tenant (M0, M2, M5) cluster; values that Atlas did not send are null."""
    regions = list(_regions(cluster))
    kind, size = kind_of(cluster)
    return {
        **_common(cluster, project_id),
        "cluster_type": kind,
        "instance_size": size,
        "cloud_providers": _unique(_provider(region) for region in regions),
        "regions": _unique(region.get("regionName") for region in regions),
        "paused": cluster.get("paused"),
        "backup_enabled": cluster.get("backupEnabled"),
        "pit_enabled": cluster.get("pitEnabled"),
    }


def flex_record(cluster: JsonObject, project_id: str) -> Record:
    """The record of a flex cluster, which has a fixed size and is never paused."""
    provider, backups = object_in(cluster.get("providerSettings")), object_in(cluster.get("backupSettings"))
    return {
        **_common(cluster, project_id),
        "cluster_type": FLEX,
        "instance_size": "FLEX",
        "cloud_providers": _unique([provider.get("backingProviderName")]),
        "regions": _unique([provider.get("regionName")]),
        "paused": False,
        "backup_enabled": backups.get("enabled"),
        "pit_enabled": False,
    }


def has_tags(record: Record, tags: Mapping[str, Any]) -> bool:
    """Whether the cluster has all of these tags."""
    return all(record["tags"].get(key) == _tag_text(value) for key, value in tags.items())


def _tag_text(value: Any) -> str:
    """The tag value as text: YAML converts true and false to bool, while Atlas's values are text."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def kind_of(cluster: JsonObject) -> tuple[str, str | None]:
    """The kind of a cluster from the cluster endpoint, and its instance size."""
    for region in _regions(cluster):
        kind = {"TENANT": TENANT, "FLEX": FLEX}.get(str(region.get("providerName")), DEDICATED)
        return kind, object_in(region.get("electableSpecs")).get("instanceSize")
    return DEDICATED, None


def _common(cluster: JsonObject, project_id: str) -> Record:
    return {
        "name": cluster.get("name"),
        "id": cluster.get("id"),
        "project_id": project_id,
        "topology": cluster.get("clusterType"),
        "mongodb_version": cluster.get("mongoDBVersion"),
        "state": cluster.get("stateName"),
        "termination_protection_enabled": cluster.get("terminationProtectionEnabled"),
        "tags": {str(tag.get("key")): str(tag.get("value")) for tag in objects_in(cluster.get("tags"))},
    }


def _regions(cluster: JsonObject) -> Iterator[JsonObject]:
    for specification in objects_in(cluster.get("replicationSpecs")):
        yield from objects_in(specification.get("regionConfigs"))


def _provider(region: JsonObject) -> Any:
    """The cloud provider; for a shared cluster, its backing provider."""
    return region.get("backingProviderName") or region.get("providerName")


def _unique(values: Iterable[Any]) -> list[Any]:
    return list(dict.fromkeys(str(value) for value in values if value))
