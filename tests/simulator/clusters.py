# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The records of clusters and projects that the simulator keeps."""

from __future__ import annotations

from dataclasses import dataclass, field

from .content import Content
from .restores import RestoreJob
from .snapshots import Snapshot

TENANT_SIZES = ("M0", "M2", "M5")
TOPOLOGIES = ("REPLICASET", "SHARDED", "GEOSHARDED")
CONFIG_SERVER_TYPES = ("EMBEDDED", "DEDICATED")
STATES = ("IDLE", "CREATING", "UPDATING", "DELETING", "REPAIRING")


@dataclass
class Cluster:
    """One cluster; its instance_size (FLEX, M0, M2, M5, or M10 and larger) decides its kind.

    A deleted cluster answers 404, but its snapshots can still be read.
    """

    id: str
    name: str
    created_at: float
    instance_size: str = "M10"
    topology: str = "REPLICASET"
    shards: int = 2
    paused: bool = False
    backup_enabled: bool = True
    pit_enabled: bool = False
    state: str = "IDLE"
    tags: dict[str, str] = field(default_factory=dict)
    mongodb_version: str = "8.0.29"
    provider: str = "AWS"
    region: str = "US_EAST_1"
    termination_protected: bool = False
    deleted: bool = False
    config_server_type: str = "EMBEDDED"
    snapshots: list[Snapshot] = field(default_factory=list)
    deleted_snapshots: set[str] = field(default_factory=set)
    # Jobs that restore a snapshot of this cluster, and jobs that restore into it.
    jobs: list[RestoreJob] = field(default_factory=list)
    restores: list[RestoreJob] = field(default_factory=list)
    writes: list[Content] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """dedicated, tenant or flex."""
        if self.instance_size == "FLEX":
            return "flex"
        return "tenant" if self.instance_size in TENANT_SIZES else "dedicated"

    @property
    def is_sharded(self) -> bool:
        return self.topology != "REPLICASET"

    @property
    def host_prefix(self) -> str:
        """The prefix of the names of its hosts and replica sets."""
        return f"atlas-{self.id[-6:]}"

    def snapshot(self, snapshot_id: str) -> Snapshot | None:
        return next((each for each in self.snapshots if each.id == snapshot_id), None)

    def restore_into(self, now: float) -> RestoreJob | None:
        """The unfinished job whose target is this cluster."""
        return next((job for job in self.restores if job.holds_target(now)), None)

    def shard_names(self) -> list[str]:
        """The replica sets of a sharded cluster's shards."""
        return [f"shard-{number}" for number in range(self.shards)]


@dataclass
class Project:
    """One project; the URLs of Atlas call it a group."""

    id: str
    name: str
    org_id: str
    created_at: float
    clusters: dict[str, Cluster] = field(default_factory=dict)
