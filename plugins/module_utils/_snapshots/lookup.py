# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# The clusters of a project, and the snapshots of a cluster of any kind.

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
# With any of these, an address says that the cluster is of another kind than its own.
_OTHER_KIND = NO_DEDICATED_BACKUPS | {INCORRECT_BACKUP_API_ENDPOINT}


async def find_clusters(api: AtlasApi) -> list[Record]:
    """Every cluster of the project as a record, in the order of their names."""
    found = [cluster_record(cluster, api.project_id) for cluster in await api.list_clusters()]
    # Flex clusters have a list of their own, which knows more of them.
    found = [cluster for cluster in found if cluster["cluster_type"] != FLEX]
    found += [flex_record(cluster, api.project_id) for cluster in await api.list_flex_clusters()]
    return sorted(found, key=lambda cluster: str(cluster["name"]))


async def find_snapshots(
    api: AtlasApi, attempt: Attempt, cluster_type: str, snapshot_id: str | None = None
) -> list[Record]:
    """Every snapshot of a cluster, or the one with this id; a snapshot that is not there gives an empty list."""
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
    """One snapshot of a cluster, None where it is surely not there."""
    return await ClusterSnapshots(api, cluster_name, cluster_type).get_if_there(snapshot_id)


class ClusterSnapshots:
    """The snapshots of one cluster, of any kind.

    cluster_type: dedicated, tenant or flex, or auto to find out; the attribute is None as long as nothing has shown it.
    """

    def __init__(self, api: AtlasApi, cluster_name: str, cluster_type: str = AUTO) -> None:
        self.cluster_type = None if cluster_type == AUTO else cluster_type
        self._api = api
        self._cluster_name = cluster_name
        self._dedicated = DedicatedSnapshots(api, cluster_name)
        # What the cluster itself has shown: its kind and its size.
        self._shown: tuple[str, str | None] | None = None
        self._refused: RequestRefused | None = None

    async def all(self) -> list[Record]:
        """Every snapshot; an M0 has none.

        auto costs one request for a replica set that has snapshots, two for a sharded or flex cluster and an empty
        list, three for a tenant cluster.
        """
        # A list that is not there says nothing about the snapshots in it, so that even an absent one is an error.
        listed = await self._by_kind(self._dedicated.find, self._list_automatic, is_final=is_absent)
        return listed or []

    async def get(self, snapshot_id: str) -> Record:
        """One snapshot by its id. Raises RequestRefused where it is not there, or the cluster has no backups."""
        record = await self._get(snapshot_id, is_final=is_absent)
        if record is None:
            raise self._refused or AssertionError("a snapshot that no family has was refused by one")
        return record

    async def get_if_there(self, snapshot_id: str) -> Record | None:
        """One snapshot by its id, None where it is surely not there; the cluster itself is asked before that."""
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
        """What the addresses of the cluster's kind answer; None where the cluster is an M0, which has no backups.

        is_final: which refusals of the dedicated addresses are believed without asking the cluster.
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
                # An empty list is no proof: a tenant cluster may have one there too.
                self.cluster_type = DEDICATED if answer else self.cluster_type
                return answer
        if self._is_m0():
            return None
        return await self._automatic(kind, ask_automatic)

    async def _automatic(self, kind: str, ask: Callable[[str], Awaitable[T]]) -> T | None:
        """The same for the addresses of clusters whose snapshots Atlas takes itself."""
        try:
            answer = await ask(kind)
        except RequestRefused as refused:
            self._refused = refused
            is_proof = refused.error_code == TENANT_SNAPSHOT_NOT_FOUND or self.cluster_type is not None
            if refused.error_code in _OTHER_KIND or not is_proof:
                await self._ask_cluster()
            if self._is_m0():
                return None
            raise
        self.cluster_type = kind
        return answer

    async def _kind_after(self, refused: RequestRefused) -> str:
        """The kind of a cluster that the addresses of dedicated clusters have refused."""
        if refused.error_code == CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API:
            self.cluster_type = FLEX
            return FLEX
        if refused.error_code == INCORRECT_BACKUP_API_ENDPOINT:
            # Both families say so. What remains is tenant or M0; the tenant address shows which.
            return TENANT
        if refused.error_code in NO_DEDICATED_BACKUPS or is_absent(refused):
            return await self._ask_cluster()
        return DEDICATED

    async def _ask_cluster(self) -> str:
        """What the cluster itself shows. Its own 404 says nothing: snapshots of a deleted cluster can still be read."""
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
