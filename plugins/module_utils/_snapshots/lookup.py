# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# Lists the clusters of a project, and reads the snapshots of a cluster of any kind.

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from .._atlas.endpoints import AtlasApi
from .._atlas.error_codes import (
    CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API,
    INCORRECT_BACKUP_API_ENDPOINT,
    NO_DEDICATED_BACKUPS,
    TENANT_SNAPSHOT_NOT_FOUND,
)
from .._atlas.errors import RequestRefused
from .._attempts import Attempt
from .clusters import DEDICATED, FLEX, TENANT, cluster_record, flex_record, kind_of
from .dedicated import DedicatedSnapshots, is_absent
from .records import Record, snapshot_record

T = TypeVar("T")

AUTO = "auto"
# With any of these, an endpoint may mean that the cluster is of another kind.
_OTHER_KIND = NO_DEDICATED_BACKUPS | {INCORRECT_BACKUP_API_ENDPOINT}


async def find_clusters(api: AtlasApi) -> list[Record]:
    """The records of all clusters of the project, sorted by name."""
    found = [cluster_record(cluster, api.project_id) for cluster in await api.list_clusters()]
    # Flex clusters have a separate list with more details.
    found = [cluster for cluster in found if cluster["cluster_type"] != FLEX]
    found += [flex_record(cluster, api.project_id) for cluster in await api.list_flex_clusters()]
    return sorted(found, key=lambda cluster: str(cluster["name"]))


async def find_snapshots(
    api: AtlasApi, attempt: Attempt, cluster_type: str, snapshot_id: str | None = None
) -> list[Record]:
    """Every snapshot of a cluster, or the one with this id; an empty list if it does not exist."""
    snapshots = ClusterSnapshots(api, attempt.cluster_name, cluster_type)
    try:
        if snapshot_id is None:
            return await snapshots.all()
        attempt.subject = f"Snapshot {snapshot_id.lower()}"
        record = await snapshots.get_if_there(snapshot_id.lower())
        return [record] if record else []
    finally:
        attempt.cluster_type = snapshots.cluster_type


async def list_snapshots(api: AtlasApi, cluster_name: str, cluster_type: str) -> list[Record]:
    """Every snapshot of a cluster, as ClusterSnapshots lists them."""
    return await ClusterSnapshots(api, cluster_name, cluster_type).all()


async def get_snapshot(api: AtlasApi, cluster_name: str, snapshot_id: str, cluster_type: str) -> Record | None:
    """One snapshot of a cluster, None if it certainly does not exist."""
    return await ClusterSnapshots(api, cluster_name, cluster_type).get_if_there(snapshot_id)


class ClusterSnapshots:
    """The snapshots of one cluster, of any kind.

    cluster_type: dedicated, tenant or flex, or auto to find out; the attribute is None until the kind is known.
    """

    def __init__(self, api: AtlasApi, cluster_name: str, cluster_type: str = AUTO) -> None:
        self.cluster_type = None if cluster_type == AUTO else cluster_type
        self._api = api
        self._cluster_name = cluster_name
        self._dedicated = DedicatedSnapshots(api, cluster_name)
        # Kind and size from the cluster itself, None if it was not read.
        self._shown: tuple[str, str | None] | None = None
        self._refused: RequestRefused | None = None

    async def all(self) -> list[Record]:
        """Every snapshot; empty for an M0 cluster.

        auto costs one request for a replica set with snapshots, two for a sharded or flex cluster or an empty list,
        and three for a tenant cluster.
        """
        # A 404 to the list is an error, not an empty list.
        listed = await self._by_kind(self._dedicated.find, self._list_automatic, is_final=is_absent)
        return listed or []

    async def get(self, snapshot_id: str) -> Record:
        """One snapshot by its id. Raises RequestRefused if it does not exist, or the cluster has no backups."""
        record = await self._get(snapshot_id, is_final=is_absent)
        if record is None:
            raise self._refused or AssertionError("a snapshot that no family has was refused by one")
        return record

    async def get_if_there(self, snapshot_id: str) -> Record | None:
        """One snapshot by its id, None if it certainly does not exist; reads the cluster itself to be sure."""
        try:
            return await self._get(snapshot_id, is_final=lambda _refused: False)
        except RequestRefused as error:
            if is_absent(error) or error.error_code == TENANT_SNAPSHOT_NOT_FOUND:
                return None
            raise

    async def _get(self, snapshot_id: str, *, is_final: Callable[[RequestRefused], bool]) -> Record | None:
        return await self._by_kind(
            lambda: self._dedicated.get(snapshot_id),
            lambda kind: self._get_automatic(snapshot_id, kind),
            is_final=is_final,
        )

    async def _by_kind(
        self,
        ask_dedicated: Callable[[], Awaitable[T]],
        ask_automatic: Callable[[str], Awaitable[T]],
        *,
        is_final: Callable[[RequestRefused], bool],
    ) -> T | None:
        """The answer of the endpoint for the cluster's kind; None for an M0, which has no backups.

        is_final: which refusals of the dedicated endpoints are believed without reading the cluster.
        """
        kind = self.cluster_type or DEDICATED
        if kind == DEDICATED:
            try:
                answer = await ask_dedicated()
            except RequestRefused as refused:
                if self.cluster_type == DEDICATED or is_final(refused):
                    raise
                self._refused, kind = refused, await self._kind_after(refused)
                if kind == DEDICATED:
                    raise
            else:
                # An empty list does not prove the kind: the endpoint may return one for a tenant cluster too.
                self.cluster_type = DEDICATED if answer else self.cluster_type
                return answer
        if self._is_m0():
            return None
        return await self._automatic(kind, ask_automatic)

    async def _automatic(self, kind: str, ask: Callable[[str], Awaitable[T]]) -> T | None:
        """The answer of the flex or tenant endpoint; None for an M0, which has no backups."""
        try:
            answer = await ask(kind)
        except RequestRefused as refused:
            is_proof = refused.error_code == TENANT_SNAPSHOT_NOT_FOUND or self.cluster_type is not None
            if refused.error_code in _OTHER_KIND or not is_proof:
                await self._ask_cluster()
            if self._is_m0():
                return None
            raise
        self.cluster_type = kind
        return answer

    async def _kind_after(self, refused: RequestRefused) -> str:
        """The kind of a cluster that the dedicated endpoints have refused."""
        if refused.error_code == CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API:
            self.cluster_type = FLEX
            return FLEX
        if refused.error_code == INCORRECT_BACKUP_API_ENDPOINT:
            # Both families answered this, so it is a tenant cluster or an M0; the tenant endpoint shows which.
            return TENANT
        if refused.error_code in NO_DEDICATED_BACKUPS or is_absent(refused):
            return await self._ask_cluster()
        return DEDICATED

    async def _ask_cluster(self) -> str:
        """The kind from the cluster itself. Its 404 is ignored: snapshots of a deleted cluster are still readable."""
        if self._shown is None:
            try:
                self._shown = kind_of(await self._api.get_cluster(self._cluster_name))
            except RequestRefused as error:
                is_flex = error.error_code == CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API
                self._shown = (FLEX if is_flex else DEDICATED), None
            else:
                self.cluster_type = self._shown[0]
        return self._shown[0]

    def _is_m0(self) -> bool:
        return self._shown is not None and self._shown[1] == "M0"

    async def _list_automatic(self, kind: str) -> list[Record]:
        ask = self._api.list_flex if kind == FLEX else self._api.list_tenant
        return [
            snapshot_record(snapshot, self._api.project_id, self._cluster_name, kind)
            for snapshot in await ask(self._cluster_name)
        ]

    async def _get_automatic(self, snapshot_id: str, kind: str) -> Record:
        ask = self._api.get_flex if kind == FLEX else self._api.get_tenant
        snapshot = await ask(self._cluster_name, snapshot_id)
        return snapshot_record(snapshot, self._api.project_id, self._cluster_name, kind)
