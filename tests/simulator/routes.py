# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every endpoint of the simulator."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from . import automatic_api, backup_api, flex_restore_api, policy_api, project_api, restore_api
from .call import Call
from .problems import Problem
from .world import BACKUP_MANAGER, OWNER, READ_ONLY

Handler = Callable[[Call], dict[str, Any] | None]


@dataclass(frozen=True)
class Route:
    """One endpoint: step is its name in faults and in the journal; part groups endpoints for rate limits and removal.

    versions is empty for plain JSON.
    """

    method: str
    pattern: re.Pattern[str]
    handler: Handler
    step: str
    part: str
    api: str
    versions: tuple[str, ...] = ()

    @property
    def least_role(self) -> str:
        """The role that the caller needs in the project."""
        if self.step == "compliance":
            return OWNER
        return READ_ONLY if self.method == "GET" or self.part == "token" else BACKUP_MANAGER

    @property
    def has_body(self) -> bool:
        return self.method in ("POST", "PATCH")


BACKUP_VERSIONS = ("2023-01-01",)
FLEX_VERSIONS = ("2024-11-13",)
# Older versions exist and have other formats; the collection does not use them, so the simulator does not serve them.
CLUSTER_VERSIONS = ("2024-08-05",)
GROUP_VERSIONS = ("2023-01-01",)
COMPLIANCE_VERSIONS = ("2023-10-01",)
# Both versions have the same format in the parts that the simulator has.
SCHEDULE_VERSIONS = ("2023-01-01", "2024-08-05")

SNAPSHOTS = "/groups/{group}/clusters/{cluster}/backup/snapshots"
RESTORES = "/groups/{group}/clusters/{cluster}/backup/restoreJobs"
TENANT = "/groups/{group}/clusters/{cluster}/backup/tenant/snapshots"
FLEX = "/groups/{group}/flexClusters"

_BOTH: list[tuple[str, str, Handler, str]] = [
    ("POST", SNAPSHOTS, backup_api.take, "take"),
    ("GET", SNAPSHOTS, backup_api.list_replica_set, "list"),
    ("GET", SNAPSHOTS + "/shardedClusters", backup_api.list_sharded, "list"),
    ("GET", SNAPSHOTS + "/shardedCluster/{snapshot}", backup_api.get_sharded, "poll"),
    ("GET", SNAPSHOTS + "/{snapshot}", backup_api.get_replica_set, "poll"),
]
_V2_ONLY: list[tuple[str, str, Handler, str]] = [
    ("DELETE", SNAPSHOTS + "/shardedCluster/{snapshot}", backup_api.delete_sharded, "delete"),
    ("DELETE", SNAPSHOTS + "/{snapshot}", backup_api.delete_replica_set, "delete"),
    ("PATCH", SNAPSHOTS + "/{snapshot}", backup_api.change_retention, "patch"),
]
_TENANT: list[tuple[str, str, Handler, str]] = [
    ("GET", TENANT, automatic_api.list_tenant, "list"),
    ("GET", TENANT + "/{snapshot}", automatic_api.get_tenant, "poll"),
]
_FLEX: list[tuple[str, str, Handler, str]] = [
    ("GET", FLEX, project_api.list_flex_clusters, "clusters"),
    ("GET", FLEX + "/{cluster}", project_api.get_flex_cluster, "cluster"),
    ("GET", FLEX + "/{cluster}/backup/snapshots", automatic_api.list_flex, "list"),
    ("GET", FLEX + "/{cluster}/backup/snapshots/{snapshot}", automatic_api.get_flex, "poll"),
    ("POST", FLEX + "/{cluster}/backup/restoreJobs", flex_restore_api.start, "restore"),
    ("GET", FLEX + "/{cluster}/backup/restoreJobs", flex_restore_api.list_jobs, "restore_list"),
    ("GET", FLEX + "/{cluster}/backup/restoreJobs/{job}", flex_restore_api.get_job, "restore_poll"),
]
_RESTORES: list[tuple[str, str, Handler, str]] = [
    ("POST", RESTORES, restore_api.start, "restore"),
    ("GET", RESTORES, restore_api.list_jobs, "restore_list"),
    ("GET", RESTORES + "/{job}", restore_api.get_job, "restore_poll"),
    ("DELETE", RESTORES + "/{job}", restore_api.cancel, "restore_cancel"),
]
_SCHEDULE: list[tuple[str, str, Handler, str]] = [
    ("GET", "/groups/{group}/clusters/{cluster}/backup/schedule", policy_api.get_schedule, "schedule"),
]
_COMPLIANCE: list[tuple[str, str, Handler, str]] = [
    ("GET", "/groups/{group}/backupCompliancePolicy", policy_api.get_compliance_policy, "compliance"),
]
_CLUSTERS: list[tuple[str, str, Handler, str]] = [
    ("GET", "/groups/{group}/clusters", project_api.list_clusters, "clusters"),
    ("GET", "/groups/{group}/clusters/{cluster}", project_api.get_cluster, "cluster"),
]
_GROUPS: list[tuple[str, str, Handler, str]] = [
    ("GET", "/groups", project_api.list_projects, "projects"),
    ("GET", "/groups/byName/{name}", project_api.project_by_name, "project"),
]


def _routes(
    rows: list[tuple[str, str, Handler, str]], part: str, api: str, versions: tuple[str, ...] = ()
) -> list[Route]:
    return [
        Route(method, _pattern(f"/api/atlas/{api}{path}"), handler, step, part, api, versions)
        for method, path, handler, step in rows
    ]


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path))


ROUTES: list[Route] = [
    *_routes(_BOTH + _V2_ONLY, "backup", "v2", BACKUP_VERSIONS),
    *_routes(_BOTH, "backup", "v1.0"),
    *_routes(_RESTORES, "restores", "v2", BACKUP_VERSIONS),
    *_routes(_SCHEDULE, "schedule", "v2", SCHEDULE_VERSIONS),
    *_routes(_COMPLIANCE, "compliance", "v2", COMPLIANCE_VERSIONS),
    *_routes(_TENANT, "tenant", "v1.0"),
    *_routes(_FLEX, "flex", "v2", FLEX_VERSIONS),
    *_routes(_CLUSTERS, "clusters", "v2", CLUSTER_VERSIONS),
    *_routes(_GROUPS, "groups", "v2", GROUP_VERSIONS),
    Route("POST", re.compile("/api/oauth/token"), project_api.issue_token, "token", "token", "oauth"),
]


def find_route(method: str, path: str) -> tuple[Route, Mapping[str, str]] | Problem:
    """The endpoint of a request and the named parts of its path, or the error."""
    known_path = False
    for route in ROUTES:
        match = route.pattern.fullmatch(path)
        if match and route.method == method:
            return route, {name: unquote(value) for name, value in match.groupdict().items()}
        known_path = known_path or match is not None
    return Problem("METHOD_NOT_ALLOWED", method) if known_path else Problem("RESOURCE_NOT_FOUND", path)
