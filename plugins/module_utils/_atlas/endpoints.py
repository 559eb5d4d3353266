# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# The endpoints of the Atlas Administration API: one method each, which returns the JSON of the answer.

from __future__ import annotations

from typing import Any

from .client import AtlasClient, Call
from .pages import ReadList, all_pages, whole_list
from .path_parts import cluster_part, id_part, project_part
from .retry import RetryBudget

REPLICA_SET = "replica set"
SHARDED = "sharded"


def _v2(day: str) -> str:
    return f"application/vnd.atlas.{day}+json"


_BACKUPS = _v2("2023-01-01")
_PROJECTS = _v2("2023-01-01")
_CLUSTERS = _v2("2024-08-05")
_FLEX = _v2("2024-11-13")
_COMPLIANCE = _v2("2023-10-01")
_PLAIN = "application/json"
_GROUPS = "/api/atlas/v2/groups"


class _Endpoints:
    """Reads documents and lists. budget: how long requests are retried."""

    def __init__(self, client: AtlasClient, budget: RetryBudget) -> None:
        self._client = client
        self._budget = budget

    async def _ask(self, call: Call) -> dict[str, Any]:
        return await self._client.ask(call, self._budget)

    async def _list(self, path: str, accept: str, bucket: str) -> list[dict[str, Any]]:
        return await self._read(all_pages, Call("GET", path, accept, bucket, holds="results"))

    async def _read(self, read: ReadList, call: Call) -> list[dict[str, Any]]:
        async with self._client.list_place() as place:
            return await read(lambda one: self._client.ask(one, self._budget, place), call, place)


class AtlasApi(_Endpoints):
    """The endpoints of one project. Every path calls a project a group.

    budget: how long requests are retried. Every method may raise what AtlasClient.ask raises.
    api_version: v2, or v1.0 to take, get and list snapshots; everything else always uses v2.
    """

    def __init__(self, client: AtlasClient, project_id: str, budget: RetryBudget, api_version: str = "v2") -> None:
        super().__init__(client, budget)
        self.project_id = project_id
        self._root = f"{_GROUPS}/{id_part(project_id)}"
        self._v1_root = f"/api/atlas/v1.0/groups/{project_id}"
        self._snapshots_root, self._snapshots_type = (
            (self._v1_root, _PLAIN) if api_version == "v1.0" else (self._root, _BACKUPS)
        )

    async def take_snapshot(
        self, cluster_name: str, description: str | None, retention_in_days: int | None
    ) -> dict[str, Any]:
        """Start one on-demand snapshot; sent once. The snapshot in the answer is queued and has no createdAt yet.

        POST .../clusters/{clusterName}/backup/snapshots, version 2023-01-01, operation takeGroupClusterBackupSnapshots
        retention_in_days: at least 1; None lets Atlas decide.
        """
        body: dict[str, Any] = {"description": description, "retentionInDays": retention_in_days}
        body = {key: value for key, value in body.items() if value is not None}
        path = _snapshots(self._snapshots_root, cluster_name)
        call = Call("POST", path, self._snapshots_type, "backup", body=body, holds="id")
        return await self._client.try_once(call, self._budget)

    async def list_dedicated(self, cluster_name: str, family: str) -> list[dict[str, Any]]:
        """Every snapshot of a dedicated cluster, in Atlas's order, from the endpoint of this family.

        GET .../backup/snapshots, all pages; sharded: GET .../backup/snapshots/shardedClusters, which has no pages.
        Version 2023-01-01, operations listGroupClusterBackupSnapshots and ...ShardedClusters
        """
        path = _snapshots(self._snapshots_root, cluster_name)
        if family == SHARDED:
            call = Call("GET", f"{path}/shardedClusters", self._snapshots_type, "backup", holds="results")
            return await self._read(whole_list, call)
        return await self._list(path, self._snapshots_type, "backup")

    async def get_dedicated(self, cluster_name: str, snapshot_id: str, family: str) -> dict[str, Any]:
        """One snapshot of a dedicated cluster, from the endpoint of this family.

        GET .../backup/snapshots/{snapshotId}; sharded: .../backup/snapshots/shardedCluster/{snapshotId}
        The first one may also return a sharded snapshot, without its members (as in the tests of another client).
        """
        path = _one_snapshot(self._snapshots_root, cluster_name, snapshot_id, family)
        return await self._ask(Call("GET", path, self._snapshots_type, "backup", holds="id"))

    async def delete_snapshot(self, cluster_name: str, snapshot_id: str, family: str) -> None:
        """Delete one snapshot at the endpoint of this family; sent once.

        DELETE .../backup/snapshots/{snapshotId} or .../shardedCluster/{snapshotId}, version 2023-01-01 -> 204
        """
        path = _one_snapshot(self._root, cluster_name, snapshot_id, family)
        await self._client.try_once(Call("DELETE", path, _BACKUPS, "backup", expected=204), self._budget)

    async def change_retention(self, cluster_name: str, snapshot_id: str, days: int) -> dict[str, Any]:
        """Make a snapshot expire this many days after its creation; returns the snapshot. For sharded ones too.

        PATCH .../backup/snapshots/{snapshotId}, version 2023-01-01, operation updateGroupClusterBackupSnapshot
        """
        path = _one_snapshot(self._root, cluster_name, snapshot_id, REPLICA_SET)
        body = {"retentionUnit": "DAYS", "retentionValue": days}
        return await self._ask(Call("PATCH", path, _BACKUPS, "backup", body=body, holds="id"))

    async def list_flex(self, cluster_name: str) -> list[dict[str, Any]]:
        """GET .../flexClusters/{name}/backup/snapshots, all pages, version 2024-11-13."""
        return await self._list(f"{self._flex(cluster_name)}/backup/snapshots", _FLEX, "flex")

    async def get_flex(self, cluster_name: str, snapshot_id: str) -> dict[str, Any]:
        """GET .../flexClusters/{name}/backup/snapshots/{snapshotId}, version 2024-11-13."""
        path = f"{self._flex(cluster_name)}/backup/snapshots/{id_part(snapshot_id)}"
        return await self._ask(Call("GET", path, _FLEX, "flex", holds="id"))

    async def list_tenant(self, cluster_name: str) -> list[dict[str, Any]]:
        """GET /api/atlas/v1.0/groups/{groupId}/clusters/{clusterName}/backup/tenant/snapshots, all pages.

        Its retirement is announced for January 2026; afterwards the answer is 410 VERSION_GONE.
        """
        return await self._list(self._tenant(cluster_name), _PLAIN, "backup")

    async def get_tenant(self, cluster_name: str, snapshot_id: str) -> dict[str, Any]:
        """GET .../backup/tenant/snapshots/{snapshotId}, v1.0 like the list."""
        path = f"{self._tenant(cluster_name)}/{id_part(snapshot_id)}"
        return await self._ask(Call("GET", path, _PLAIN, "backup", holds="id"))

    async def start_restore(
        self,
        cluster_name: str,
        *,
        snapshot_id: str | None,
        point_in_time: int | None,
        target_project_id: str,
        target_cluster_name: str,
    ) -> dict[str, Any]:
        """Start a restore of a dedicated cluster's snapshot or point in time, which wipes the target; sent once.

        POST .../clusters/{clusterName}/backup/restoreJobs, version 2023-01-01, operation
        createGroupClusterBackupRestoreJob. The path names the snapshot's cluster, the body the target.
        point_in_time: seconds since 1970, instead of snapshot_id.
        """
        data = {"snapshotId": snapshot_id} if point_in_time is None else {"pointInTimeUTCSeconds": point_in_time}
        body = {
            "deliveryType": "automated" if point_in_time is None else "pointInTime",
            **data,
            "targetGroupId": target_project_id,
            "targetClusterName": target_cluster_name,
        }
        call = Call("POST", self._jobs(cluster_name), _BACKUPS, "backup", body=body, holds="id")
        return await self._client.try_once(call, self._budget)

    async def list_restores(self, cluster_name: str) -> list[dict[str, Any]]:
        """The restore jobs whose source is this dedicated cluster: GET .../backup/restoreJobs, all pages."""
        return await self._list(self._jobs(cluster_name), _BACKUPS, "backup")

    async def get_restore(self, cluster_name: str, job_id: str) -> dict[str, Any]:
        """GET .../clusters/{clusterName}/backup/restoreJobs/{restoreJobId}, version 2023-01-01."""
        path = f"{self._jobs(cluster_name)}/{id_part(job_id)}"
        return await self._ask(Call("GET", path, _BACKUPS, "backup", holds="id"))

    async def start_flex_restore(
        self, cluster_name: str, *, snapshot_id: str, target_project_id: str, target_cluster_name: str
    ) -> dict[str, Any]:
        """Start a restore of a flex cluster's snapshot, which wipes the target; sent once.

        POST .../flexClusters/{name}/backup/restoreJobs, version 2024-11-13
        """
        body = {
            "snapshotId": snapshot_id,
            "targetDeploymentItemName": target_cluster_name,
            "targetProjectId": target_project_id,
        }
        call = Call("POST", self._flex_jobs(cluster_name), _FLEX, "flex", body=body, holds="id")
        return await self._client.try_once(call, self._budget)

    async def list_flex_restores(self, cluster_name: str) -> list[dict[str, Any]]:
        """GET .../flexClusters/{name}/backup/restoreJobs, all pages, version 2024-11-13."""
        return await self._list(self._flex_jobs(cluster_name), _FLEX, "flex")

    async def get_flex_restore(self, cluster_name: str, job_id: str) -> dict[str, Any]:
        """GET .../flexClusters/{name}/backup/restoreJobs/{restoreJobId}, version 2024-11-13."""
        path = f"{self._flex_jobs(cluster_name)}/{id_part(job_id)}"
        return await self._ask(Call("GET", path, _FLEX, "flex", holds="id"))

    async def get_schedule(self, cluster_name: str) -> dict[str, Any]:
        """The backup schedule of a dedicated cluster: GET .../backup/schedule, version 2024-08-05."""
        return await self._ask(Call("GET", f"{self._cluster(cluster_name)}/backup/schedule", _CLUSTERS, "backup"))

    async def get_cluster(self, cluster_name: str) -> dict[str, Any]:
        """GET .../clusters/{clusterName}, version 2024-08-05; a flex cluster is refused with 400."""
        return await self._ask(Call("GET", self._cluster(cluster_name), _CLUSTERS, "clusters", holds="name"))

    async def get_flex_cluster(self, cluster_name: str) -> dict[str, Any]:
        """GET .../flexClusters/{name}, version 2024-11-13; any other cluster is refused with 400."""
        return await self._ask(Call("GET", self._flex(cluster_name), _FLEX, "flex", holds="name"))

    async def list_clusters(self) -> list[dict[str, Any]]:
        """The dedicated and tenant clusters of the project: GET .../clusters, all pages, version 2024-08-05."""
        return await self._list(f"{self._root}/clusters", _CLUSTERS, "clusters")

    async def list_flex_clusters(self) -> list[dict[str, Any]]:
        """The flex clusters of the project: GET .../flexClusters, all pages, version 2024-11-13."""
        return await self._list(f"{self._root}/flexClusters", _FLEX, "flex")

    async def get_compliance_policy(self) -> dict[str, Any]:
        """The project's backup compliance policy, empty if there is none; sent once. Requires Project Owner.

        GET .../backupCompliancePolicy, version 2023-10-01, operation getGroupBackupCompliancePolicy
        """
        call = Call("GET", f"{self._root}/backupCompliancePolicy", _COMPLIANCE, "backup", keeps_token=True)
        return await self._client.try_once(call, self._budget)

    def _cluster(self, cluster_name: str) -> str:
        return f"{self._root}/clusters/{cluster_part(cluster_name)}"

    def _jobs(self, cluster_name: str) -> str:
        return f"{self._cluster(cluster_name)}/backup/restoreJobs"

    def _flex_jobs(self, cluster_name: str) -> str:
        return f"{self._flex(cluster_name)}/backup/restoreJobs"

    def _flex(self, cluster_name: str) -> str:
        return f"{self._root}/flexClusters/{cluster_part(cluster_name)}"

    def _tenant(self, cluster_name: str) -> str:
        return f"{self._v1_root}/clusters/{cluster_part(cluster_name)}/backup/tenant/snapshots"


class ProjectsApi(_Endpoints):
    """The endpoints for all projects that the credentials can access; v2 only, version 2023-01-01."""

    async def get_project(self, name: str) -> dict[str, Any]:
        """The project with this name: GET /api/atlas/v2/groups/byName/{groupName}."""
        return await self._ask(Call("GET", f"{_GROUPS}/byName/{project_part(name)}", _PROJECTS, "projects", holds="id"))

    async def list_projects(self) -> list[dict[str, Any]]:
        """Every project: GET /api/atlas/v2/groups, all pages."""
        return await self._list(_GROUPS, _PROJECTS, "projects")


def _snapshots(root: str, cluster_name: str) -> str:
    return f"{root}/clusters/{cluster_part(cluster_name)}/backup/snapshots"


def _one_snapshot(root: str, cluster_name: str, snapshot_id: str, family: str) -> str:
    return f"{_snapshots(root, cluster_name)}/{'shardedCluster/' if family == SHARDED else ''}{id_part(snapshot_id)}"
