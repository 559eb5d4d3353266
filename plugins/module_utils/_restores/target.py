# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# Checks whether the target cluster can take a restore. Pure functions.

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .._atlas.error_codes import CLUSTER_PAUSED_CANNOT_RESTORE
from .._atlas.json_values import number, object_in, objects_in
from .._snapshots.clusters import DEDICATED, FLEX, cluster_record, flex_record
from .._snapshots.records import JsonObject, Record
from .._text import counted, size_text
from .judgement import Judgement

IDLE = "IDLE"
SHARDED_TYPE = "shardedCluster"
REPLICA_SET_TYPE = "replicaSet"
# Values of stateName in which a cluster takes no restore, and in which Atlas decides.
_NOT_THERE = ("CREATING", "DELETING")
_BUSY = ("UPDATING", "REPAIRING")
_GIB = 1024.0**3
_VERSION = re.compile(r"(\d{1,6})\.(\d{1,6})", re.ASCII)


@dataclass(frozen=True)
class TargetCluster:
    """The properties of a cluster that matter for a restore; None where Atlas's answer is missing or unclear.

    record: as atlas_cluster_info returns it. shards: their number. disk_bytes: of all shards together.
    """

    record: Record
    shards: int | None
    config_server_type: str | None
    disk_bytes: float | None

    @property
    def kind(self) -> str:
        return str(self.record["cluster_type"])

    @property
    def state(self) -> str | None:
        state = self.record["state"]
        return state if isinstance(state, str) else None

    @property
    def is_sharded(self) -> bool | None:
        """None for an unknown topology."""
        return {"REPLICASET": False, "SHARDED": True, "GEOSHARDED": True}.get(str(self.record["topology"]))


def dedicated_target(cluster: JsonObject, project_id: str) -> TargetCluster:
    """A dedicated or tenant cluster from its JSON, version 2024-08-05, with one replicationSpec per shard."""
    shards = objects_in(cluster.get("replicationSpecs"))
    disks = [_disk(spec) for spec in shards]
    config_server_type = cluster.get("configServerType")
    return TargetCluster(
        cluster_record(cluster, project_id),
        len(shards) or None,
        config_server_type if isinstance(config_server_type, str) else None,
        sum(disk * _GIB for disk in disks if disk) if disks and all(disks) else None,
    )


def flex_target(cluster: JsonObject, project_id: str) -> TargetCluster:
    """A flex cluster from its JSON."""
    return TargetCluster(flex_record(cluster, project_id), None, None, None)


def _disk(specification: Mapping[str, Any]) -> float | None:
    """The disk size of one shard in GB, which is the same in every region."""
    for region in objects_in(specification.get("regionConfigs")):
        size = number(object_in(region.get("electableSpecs")).get("diskSizeGB"))
        if size is not None and 0 < size < 2**63:
            return float(size)
    return None


def check_state(target: TargetCluster, judgement: Judgement) -> None:
    """Note why the target cannot take any restore."""
    if target.kind not in (DEDICATED, FLEX):
        judgement.refuse(
            f"The target is a shared cluster ({target.record['instance_size']}), into which Atlas cannot restore",
            "Choose a dedicated cluster (M10 or larger) as target_cluster_name, or a flex cluster for a flex snapshot.",
        )
    if target.record["paused"] is True:
        judgement.foresee(
            "The target is paused",
            "Resume it first, then run this again.",
            error_code=CLUSTER_PAUSED_CANNOT_RESTORE,
        )
    elif target.record["paused"] is None:
        judgement.line("Atlas does not say whether the target is paused")
    if target.state in _NOT_THERE:
        judgement.refuse(
            f"The target is {target.state}",
            "Wait until it is IDLE, then run this again."
            if target.state == "CREATING"
            else "Choose a cluster that is not being deleted.",
        )
    elif target.state in _BUSY:
        judgement.line(f"the target is {target.state}: Atlas decides whether the restore may start now")
    elif target.state != IDLE:
        judgement.line(f"the target's state is {target.record['state'] or 'not known'}: Atlas decides")


def check_fit(target: TargetCluster, snapshot: Record, judgement: Judgement) -> None:
    """Note in what the snapshot does not fit the target."""
    if _takes_kind(target, snapshot["cluster_type"], judgement):
        _check_topology(target, snapshot, judgement)
        _check_version(target, snapshot, judgement)
        _check_disk(target, snapshot, judgement)


def check_fit_of_point(target: TargetCluster, judgement: Judgement, *, in_place: bool) -> None:
    """Note why a point in time does not fit: only its cluster's kind is known, not the snapshot that Atlas starts from.

    in_place: the target is the source itself.
    """
    if _takes_kind(target, DEDICATED, judgement) and not in_place:
        judgement.line("Atlas decides whether MongoDB version and topology of the target fit that point in time")


def _takes_kind(target: TargetCluster, source_kind: str, judgement: Judgement) -> bool:
    """Whether this kind of cluster takes a restore of that kind of cluster."""
    if target.kind == FLEX and source_kind != FLEX:
        judgement.refuse(
            "The target is a flex cluster, and a dedicated cluster's snapshot can only go to a dedicated cluster",
            "Choose a dedicated cluster (M10 or larger) as target_cluster_name.",
        )
        return False
    return target.kind in (DEDICATED, FLEX)


def _check_topology(target: TargetCluster, snapshot: Record, judgement: Judgement) -> None:
    sharded = _is_sharded(snapshot)
    if sharded is None or target.is_sharded is None:
        judgement.line("Atlas does not say whether snapshot and target have the same topology")
    elif sharded != target.is_sharded:
        words = {True: "a sharded cluster", False: "a replica set"}
        judgement.refuse(
            f"The snapshot is of {words[sharded]}, and the target is {words[target.is_sharded]}",
            f"Name {words[sharded]} as target_cluster_name.",
        )
    elif sharded:
        _check_shards(target, snapshot, judgement)
        _check_config_servers(target, snapshot, judgement)


def _check_shards(target: TargetCluster, snapshot: Record, judgement: Judgement) -> None:
    shards = _shards(snapshot)
    if shards is None or target.shards is None:
        judgement.line("Atlas does not say how many shards the snapshot or the target has")
    elif shards != target.shards:
        judgement.refuse(
            f"The snapshot has {counted(shards, 'shard')}, and the target has {counted(target.shards, 'shard')}",
            "Choose a target with the same number of shards, or change the number of shards of this one first.",
        )


def _check_config_servers(target: TargetCluster, snapshot: Record, judgement: Judgement) -> None:
    theirs, ours = snapshot["config_server_type"], target.config_server_type
    if not theirs or not ours:
        judgement.line("Atlas does not say which kind of config servers the snapshot or the target has")
    elif theirs != ours:
        judgement.refuse(
            f"The snapshot's config servers are {theirs}, and the target's are {ours}",
            "Choose a target with the same kind of config servers.",
        )


def _check_version(target: TargetCluster, snapshot: Record, judgement: Judgement) -> None:
    theirs, ours = _version(snapshot["mongod_version"]), _version(target.record["mongodb_version"])
    if theirs is None or ours is None:
        judgement.line("Atlas does not say which MongoDB the snapshot or the target runs")
    elif ours < theirs:
        judgement.refuse(
            f"The target runs MongoDB {target.record['mongodb_version']}, older than the snapshot's "
            f"{snapshot['mongod_version']}",
            "Upgrade the target first, or name another one.",
        )


def _check_disk(target: TargetCluster, snapshot: Record, judgement: Judgement) -> None:
    size = snapshot["storage_size_bytes"]
    if target.disk_bytes is None or not isinstance(size, (int, float)) or size <= target.disk_bytes:
        return
    judgement.line(
        f"the target's disk ({size_text(target.disk_bytes)}) is smaller than the snapshot ({size_text(size)})"
    )


def _is_sharded(snapshot: Record) -> bool | None:
    if snapshot["members"] or snapshot["type"] == SHARDED_TYPE:
        return True
    return False if snapshot["cluster_type"] == FLEX or snapshot["type"] == REPLICA_SET_TYPE else None


def _shards(snapshot: Record) -> int | None:
    """The number of members that are not config servers (by convention these have config in their names), or None."""
    names = [member["replica_set_name"] for member in snapshot["members"] or []]
    if not names or not all(isinstance(name, str) for name in names):
        return None
    return sum("config" not in name.lower() for name in names)


def _version(text: Any) -> tuple[int, int] | None:
    """Major and minor version."""
    match = _VERSION.match(text) if isinstance(text, str) else None
    return (int(match[1]), int(match[2])) if match else None
