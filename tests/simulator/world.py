# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The whole simulated world: projects, their clusters, snapshots and the credentials. The time is always given."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from .automatic import AGE_AT_START
from .clusters import CONFIG_SERVER_TYPES, STATES, TOPOLOGIES, Cluster, Project
from .ids import Mint
from .restores import RestoreJob
from .settings import Settings
from .snapshots import Member, Snapshot
from .times import DAY

ORG_ID = "decafbad0000000000000000"
OWNER, BACKUP_MANAGER, READ_ONLY, OUTSIDER = "owner", "backup_manager", "read_only", "outsider"
ROLES = (OWNER, BACKUP_MANAGER, READ_ONLY, OUTSIDER)


@dataclass(frozen=True)
class Credentials:
    """One caller with all three kinds of credentials; the role applies in the projects it has access to."""

    role: str
    public_key: str
    private_key: str
    client_id: str
    client_secret: str
    access_token: str


def fixed_credentials(role: str) -> Credentials:
    """Fixed words that nobody can mistake for real credentials."""
    word = role.replace("_", "-")
    return Credentials(
        role=role,
        public_key=f"demo-{word}",
        private_key=f"not-a-real-private-key-{word}",
        client_id=f"demo-client-{word}",
        client_secret=f"not-a-real-client-secret-{word}",
        access_token=f"not-a-real-access-token-{word}",
    )


class Located(NamedTuple):
    """A cluster and its project."""

    project: Project
    cluster: Cluster


class World:
    """Projects by id, and the credentials; outsiders have access only to the projects in outsiders_in."""

    def __init__(self, seed: int = 0) -> None:
        self.mint = Mint(seed)
        self.projects: dict[str, Project] = {}
        self.credentials = [fixed_credentials(role) for role in ROLES]
        self.outsiders_in: set[str] = set()

    def add_project(self, name: str, now: float, project_id: str | None = None) -> Project:
        project = Project(project_id or self.mint.object_id(now), name, ORG_ID, now - 30 * DAY)
        self.projects[project.id] = project
        return project

    def add_cluster(self, project: Project, name: str, now: float, **traits: Any) -> Cluster:
        """Add a cluster with the given fields of Cluster; ValueError names an invalid one."""
        if name in project.clusters:
            raise ValueError(f"a cluster named {name!r} exists already")
        created_at = now - AGE_AT_START
        try:
            cluster = Cluster(self.mint.object_id(created_at), name, created_at, **traits)
        except TypeError as error:
            raise ValueError(f"a cluster has no such property: {error}") from None
        _check(cluster)
        if cluster.instance_size == "M0":
            cluster.backup_enabled = False
        project.clusters[name] = cluster
        return cluster

    def take(self, cluster: Cluster, settings: Settings, now: float, **traits: Any) -> Snapshot:
        """A new snapshot of a dedicated cluster; traits are fields of Snapshot that override the settings."""
        known = {
            "taken_at": now,
            "queued_seconds": settings.of_cluster(cluster.name, "queued_seconds"),
            "in_progress_seconds": settings.of_cluster(cluster.name, "in_progress_seconds"),
            "outcome": settings.of_cluster(cluster.name, "outcome"),
            "retention_days": settings.default_retention_days,
            "mongodb_version": cluster.mongodb_version,
            "config_server_type": cluster.config_server_type if cluster.is_sharded else "",
        }
        known.update(traits)
        try:
            snapshot = Snapshot(
                id=self.mint.object_id(known["taken_at"]),
                members=self._members(cluster, settings, known["taken_at"]),
                **known,
            )
        except TypeError as error:
            raise ValueError(f"a snapshot has no such property: {error}") from None
        cluster.snapshots.append(snapshot)
        return snapshot

    def restore(self, source: Located, target: Located | None, settings: Settings, **traits: Any) -> RestoreJob:
        """A new restore job, stored in its source and its target; a download has no target.

        traits are fields of RestoreJob; those without a default or a setting are required.
        """
        name = target.cluster.name if target else source.cluster.name
        known = {
            "queued_seconds": settings.of_cluster(name, "restore_queued_seconds"),
            "running_seconds": settings.of_cluster(name, "restore_seconds"),
            "outcome": settings.of_cluster(name, "restore_outcome"),
            "download_seconds": settings.download_seconds,
            **traits,
        }
        if target:
            known.update(target_project_id=target.project.id, target_name=name, target_host=target.cluster.host_prefix)
        job = RestoreJob(
            id=self.mint.object_id(known["requested_at"] + settings.job_clock_ahead_seconds),
            source_project_id=source.project.id,
            source_name=source.cluster.name,
            **known,
        )
        source.cluster.jobs.append(job)
        if target:
            target.cluster.restores.append(job)
        return job

    def shift(self, seconds: float) -> None:
        """Adapt all snapshots and jobs to a clock that was set forward by these seconds."""
        # A job is stored in its source, which may have removed it, and in its target, which a download does not have.
        jobs = {job.id: job for cluster in self.all_clusters() for job in (*cluster.jobs, *cluster.restores)}
        for job in jobs.values():
            job.shift(seconds)
        for cluster in self.all_clusters():
            cluster.created_at += seconds
            cluster.snapshots = [snapshot.shifted(seconds) for snapshot in cluster.snapshots]
            cluster.writes = [replace(write, written_at=write.written_at + seconds) for write in cluster.writes]

    def find_project(self, name: object) -> Project:
        """Find a project by name or id."""
        for project in self.projects.values():
            if name in (project.name, project.id):
                return project
        raise ValueError(f"no project {name!r}")

    def find_cluster(self, name: object) -> Located:
        """Find a cluster by its name, or by Project/name if several projects have one of that name."""
        wanted, _unused, bare = str(name).rpartition("/")
        for project in self.projects.values():
            if bare in project.clusters and wanted in ("", project.name):
                return Located(project, project.clusters[bare])
        raise ValueError(f"no cluster {name!r}")

    def named_clusters(self) -> dict[str, Cluster]:
        """Every cluster by its name, or by Project/name if an earlier project has one of that name."""
        named: dict[str, Cluster] = {}
        for project in self.projects.values():
            for name, cluster in project.clusters.items():
                named[f"{project.name}/{name}" if name in named else name] = cluster
        return named

    def all_clusters(self) -> Iterator[Cluster]:
        for project in self.projects.values():
            yield from project.clusters.values()

    def may_enter(self, role: str, project: Project) -> bool:
        return role != OUTSIDER or project.id in self.outsiders_in

    def _members(self, cluster: Cluster, settings: Settings, moment: float) -> tuple[Member, ...]:
        if not cluster.is_sharded:
            return ()
        config_servers = ["config-0"] if settings.config_server_member else []
        names = [*config_servers, *cluster.shard_names()]
        return tuple(Member(self.mint.object_id(moment), name) for name in names)


def may_act_as(caller: Credentials, role: str) -> bool:
    """Whether the caller's role includes another; an outsider counts as an owner in its own projects."""
    reach = (READ_ONLY, BACKUP_MANAGER, OWNER)
    return caller.role == OUTSIDER or reach.index(caller.role) >= reach.index(role)


def replace_snapshot(cluster: Cluster, snapshot: Snapshot) -> None:
    """Replace a snapshot by its new state, found by its id."""
    cluster.snapshots = [snapshot if each.id == snapshot.id else each for each in cluster.snapshots]


def remove_snapshot(cluster: Cluster, snapshot_id: str) -> None:
    cluster.deleted_snapshots.add(snapshot_id)
    cluster.snapshots = [each for each in cluster.snapshots if each.id != snapshot_id]


def _check(cluster: Cluster) -> None:
    if cluster.topology not in TOPOLOGIES:
        raise ValueError(f"topology must be one of {', '.join(TOPOLOGIES)}")
    if cluster.state not in STATES:
        raise ValueError(f"state must be one of {', '.join(STATES)}")
    if cluster.config_server_type not in CONFIG_SERVER_TYPES:
        raise ValueError(f"config_server_type must be one of {', '.join(CONFIG_SERVER_TYPES)}")
    if cluster.kind != "dedicated" and cluster.is_sharded:
        raise ValueError(f"a {cluster.instance_size} cluster is always a REPLICASET")
