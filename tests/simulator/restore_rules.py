# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The reasons why Atlas refuses a restore: kind, state, version and topology of the target, and the caller's role."""

from __future__ import annotations

from .call import Call
from .clusters import Cluster
from .ids import OBJECT_ID
from .problems import Problem
from .snapshots import Snapshot
from .world import Located


def found_target(call: Call, project_id: str, name: str) -> Located:
    """The cluster that a body names, if the caller may restore into its project."""
    if not OBJECT_ID.fullmatch(project_id):
        raise Problem("INVALID_GROUP_ID", project_id)
    project = call.world.projects.get(project_id)
    if project is None:
        raise Problem("GROUP_NOT_FOUND", project_id)
    if not call.world.may_enter(call.caller.role, project) or project.name in call.settings.closed_targets:
        raise Problem("CANNOT_RESTORE_TO_TARGET", project_id)
    cluster = project.clusters.get(name)
    if cluster is None or cluster.deleted:
        raise Problem("CLUSTER_NOT_FOUND", name, project_id)
    return Located(project, cluster)


def refuse_busy(call: Call, target: Cluster) -> None:
    """Refuse a target that is paused or that another restore is overwriting."""
    if target.paused:
        raise Problem("CLUSTER_PAUSED_CANNOT_RESTORE", target.name)
    if target.restore_into(call.now):
        raise Problem(call.settings.busy_target_code, target.name)


def refuse_under_restore(call: Call, cluster: Cluster, answer: str) -> None:
    """Refuse a change to a cluster during a restore into it; answer is allowed or an errorCode."""
    if answer != "allowed" and cluster.restore_into(call.now):
        raise Problem(answer, cluster.name)


def shown_state(call: Call, cluster: Cluster) -> str:
    """The stateName: during a restore into the cluster, and for a while after it, the word in the settings."""
    name, settings = cluster.name, call.settings
    if cluster.restore_into(call.now):
        return str(settings.of_cluster(name, "restoring_state"))
    settles_until = call.now - settings.of_cluster(name, "settling_seconds")
    if any(settles_until < job.ends_at <= call.now for job in cluster.restores if not job.spares_target):
        return str(settings.of_cluster(name, "settling_state"))
    return cluster.state


def refuse_dedicated_target(call: Call, target: Cluster) -> None:
    """Refuse a target that accepts no snapshot of a dedicated cluster at all."""
    if target.kind == "flex":
        raise Problem("CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API", target.name)
    if target.kind == "tenant":
        raise Problem(call.settings.tenant_code, target.name)
    if target.state in ("CREATING", "DELETING"):
        raise Problem("RESTORE_INITIATION_FAILED", target.name, f"its state is {target.state}")
    refuse_busy(call, target)


def mismatch(call: Call, snapshot: Snapshot, target: Cluster) -> str:
    """Why the target does not fit the snapshot (empty if it fits); refused at once if the settings say so."""
    misfit = _misfit(snapshot, target)
    if misfit and call.settings.restore_mismatch == "refused":
        raise Problem("RESTORE_INITIATION_FAILED", target.name, misfit)
    return misfit


def refuse_flex_target(call: Call, target: Cluster, mongodb_version: str) -> None:
    """Refuse all targets but flex clusters and replica sets for the snapshot of a flex cluster."""
    if target.kind == "tenant" or target.is_sharded:
        raise Problem("TENANT_RESTORE_INCOMPATIBLE_TOPOLOGY", target.name)
    if target.state in ("CREATING", "DELETING"):
        raise Problem("TENANT_RESTORE_DESTINATION_UNAVAILABLE", target.name)
    refuse_busy(call, target)
    if _version(target.mongodb_version) < _version(mongodb_version):
        raise Problem("TENANT_RESTORE_VERSION_MISMATCH", target.name)


def _misfit(snapshot: Snapshot, target: Cluster) -> str:
    if bool(snapshot.members) != target.is_sharded:
        return "a sharded snapshot needs a sharded target, and a replica set's snapshot a replica set"
    if snapshot.members and snapshot.shards != target.shards:
        return f"the snapshot has {snapshot.shards} shards, the cluster {target.shards}"
    if snapshot.members and snapshot.config_server_type != target.config_server_type:
        return f"the snapshot's config servers are {snapshot.config_server_type}, the cluster's are not"
    if _version(target.mongodb_version) < _version(snapshot.mongodb_version):
        return f"MongoDB {target.mongodb_version} is older than the snapshot's {snapshot.mongodb_version}"
    return ""


def _version(text: str) -> tuple[int, ...]:
    """The first two numbers of the version; the others do not matter for a restore."""
    return tuple(int(part) for part in text.split(".")[:2])
