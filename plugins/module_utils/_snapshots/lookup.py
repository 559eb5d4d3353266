# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# Where snapshots are: the two families of addresses for dedicated clusters, tenant and flex.

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from .._atlas.endpoints import REPLICA_SET, SHARDED, AtlasApi
from .._atlas.error_codes import (
    ABSENT_AT_EVERY_ADDRESS,
    CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API,
    INCORRECT_BACKUP_API_ENDPOINT,
    NO_DEDICATED_BACKUPS,
    SNAPSHOT_ABSENT,
    TENANT_SNAPSHOT_NOT_FOUND,
)
from .._atlas.errors import RequestRefused
from .._attempts import Attempt
from .clusters import DEDICATED, FLEX, cluster_record, flex_record, kind_of
from .records import JsonObject, Record, newest_first, snapshot_record

T = TypeVar("T")

_SHARDED_TYPE = "shardedCluster"


def is_not_there(error: RequestRefused) -> bool:
    """Atlas says 404, whatever it misses; a 404 that cannot be read may be a proxy's."""
    return error.status_code == 404 and error.readable


def is_absent(error: RequestRefused) -> bool:
    """The snapshot is surely not there. An unknown cluster or project says nothing about it."""
    return error.status_code == 404 and error.error_code in SNAPSHOT_ABSENT


def asks_for_other_family(error: RequestRefused) -> bool:
    """Whether the addresses of the other family may know better.

    What the replica-set addresses answer for a sharded cluster is not recorded: a 404 is one of the possibilities.
    """
    if is_not_there(error):
        return error.error_code not in ABSENT_AT_EVERY_ADDRESS
    return error.error_code == INCORRECT_BACKUP_API_ENDPOINT


def more_telling(one: RequestRefused, other: RequestRefused) -> RequestRefused:
    """Of the refusals of both families, the one that says what is missing, and not which address is right."""
    for error in (one, other):
        if is_absent(error):
            return error
    return other if one.status_code != 404 else one


class DedicatedSnapshots:
    """The snapshots of one dedicated cluster, whichever family of addresses has them; what is learnt is kept."""

    def __init__(self, api: AtlasApi, cluster_name: str) -> None:
        self._api = api
        self._cluster_name = cluster_name
        self._family = REPLICA_SET
        self._has_no_members = False

    def record(self, snapshot: JsonObject) -> Record:
        """What users see of a snapshot that Atlas sent."""
        return snapshot_record(snapshot, self._api.project_id, self._cluster_name, DEDICATED)

    def record_taken(self, snapshot: JsonObject) -> Record:
        """What users see of a snapshot that was just taken; what it is tells where to look for it."""
        if snapshot.get("type") == _SHARDED_TYPE:
            self._family = SHARDED
        return self.record(snapshot)

    async def get(self, snapshot_id: str) -> Record:
        """One snapshot by its id. Raises RequestRefused with 404 when both families say that it is not there."""
        asked = self._family
        # Whatever a 404 names: a false "gone" is the worst that could be told.
        snapshot = await self._by_either(
            lambda family: self._get(snapshot_id, family),
            lambda refused: is_not_there(refused) or asks_for_other_family(refused),
        )
        if _may_be_sharded(snapshot) and asked == self._family == REPLICA_SET and not self._has_no_members:
            snapshot = await self._with_members(snapshot_id, snapshot)
        return self.record(snapshot)

    async def delete(self, snapshot_id: str) -> None:
        """Delete one snapshot; sent once. Raises RequestRefused with 404 when both families say it is not there."""
        await self._by_either(
            lambda family: self._api.delete_snapshot(self._cluster_name, snapshot_id, family), asks_for_other_family
        )

    async def find(self, wanted: Callable[[Record], bool] = lambda _record: True) -> list[Record]:
        """The wanted snapshots, newest first: one request where the first family has some of them, else a second one.

        A cluster that has become sharded may have old snapshots in one family, and new ones in the other.
        """
        first = await self._list(self._family)
        matches = _matches(first, wanted)
        if matches and not _lacks_members(matches, self._family):
            return matches
        second = await self._list(self._other())
        if isinstance(first, RequestRefused) and isinstance(second, RequestRefused):
            raise more_telling(first, second)
        others = _matches(second, wanted)
        if others:
            self._family = self._other()
        known = {record["id"] for record in others}
        return newest_first([*others, *(record for record in matches if record["id"] not in known)])

    async def _list(self, family: str) -> list[Record] | RequestRefused:
        """The snapshots by one family's address, or its refusal where the other family may know better."""
        try:
            return [self.record(found) for found in await self._api.list_dedicated(self._cluster_name, family)]
        except RequestRefused as error:
            if not asks_for_other_family(error):
                raise
            return error

    def _other(self) -> str:
        return SHARDED if self._family == REPLICA_SET else REPLICA_SET

    async def _get(self, snapshot_id: str, family: str) -> dict[str, Any]:
        return await self._api.get_dedicated(self._cluster_name, snapshot_id, family)

    async def _by_either(self, ask: Callable[[str], Awaitable[T]], is_elsewhere: Callable[[RequestRefused], bool]) -> T:
        """What the family in use answers, or else the other one, which is in use from then on.

        is_elsewhere: whether after this refusal the other family may know better. Raises the more telling refusal
        where neither does.
        """
        try:
            return await ask(self._family)
        except RequestRefused as refused:
            if not is_elsewhere(refused):
                raise
            first = refused
        try:
            answer = await ask(self._other())
        except RequestRefused as second:
            if not is_elsewhere(second):
                raise
            raise more_telling(first, second) from None
        self._family = self._other()
        return answer

    async def _with_members(self, snapshot_id: str, snapshot: dict[str, Any]) -> dict[str, Any]:
        """Members and snapshotIds come from the sharded address alone."""
        try:
            snapshot = await self._get(snapshot_id, SHARDED)
        except RequestRefused:
            self._has_no_members = True
        else:
            self._family = SHARDED
        return snapshot


def _may_be_sharded(snapshot: JsonObject) -> bool:
    """Whether an answer of the replica-set address may be about a sharded snapshot, whatever type it says.

    As recorded (2026-08), a replica set's snapshot has the name of its set from the first answer on.
    """
    return snapshot.get("type") == _SHARDED_TYPE or not snapshot.get("replicaSetName")


def _lacks_members(records: list[Record], family: str) -> bool:
    return family == REPLICA_SET and any(record["type"] == _SHARDED_TYPE for record in records)


def _matches(listed: list[Record] | RequestRefused, wanted: Callable[[Record], bool]) -> list[Record]:
    if isinstance(listed, RequestRefused):
        return []
    return [record for record in newest_first(listed) if wanted(record)]


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
    cluster_name = attempt.cluster_name
    if snapshot_id is None:
        return await list_snapshots(api, cluster_name, cluster_type)
    record = await get_snapshot(api, cluster_name, snapshot_id.lower(), cluster_type)
    return [record] if record else []


async def list_snapshots(api: AtlasApi, cluster_name: str, cluster_type: str) -> list[Record]:
    """Every snapshot of a cluster. cluster_type: dedicated, tenant, flex, or auto to find out.

    auto costs one request for a replica set that has snapshots, two for a sharded or flex cluster and an empty list,
    three for a tenant cluster. An M0 has no snapshots.
    """
    if cluster_type in (DEDICATED, "auto"):
        try:
            return await DedicatedSnapshots(api, cluster_name).find()
        except RequestRefused as error:
            # A list that is not there says nothing of the snapshots in it.
            if cluster_type == DEDICATED or is_absent(error):
                raise
            kind = await _automatic_kind(api, cluster_name, error)
    else:
        kind = cluster_type
    if kind is None:
        return []
    try:
        listed = await (api.list_flex(cluster_name) if kind == FLEX else api.list_tenant(cluster_name))
    except RequestRefused as error:
        if await _has_no_backups(api, cluster_name, error):
            return []
        raise
    return [snapshot_record(snapshot, api.project_id, cluster_name, kind) for snapshot in listed]


async def get_snapshot(api: AtlasApi, cluster_name: str, snapshot_id: str, cluster_type: str) -> Record | None:
    """One snapshot of a cluster, None where it is surely not there."""
    kind: str | None = cluster_type
    if cluster_type in (DEDICATED, "auto"):
        try:
            return await DedicatedSnapshots(api, cluster_name).get(snapshot_id)
        except RequestRefused as error:
            if cluster_type == DEDICATED and not is_absent(error):
                raise
            kind = None if cluster_type == DEDICATED else await _automatic_kind(api, cluster_name, error)
    if kind is None:
        return None
    try:
        get = api.get_flex if kind == FLEX else api.get_tenant
        snapshot = await get(cluster_name, snapshot_id)
    except RequestRefused as error:
        if is_absent(error) or error.error_code == TENANT_SNAPSHOT_NOT_FOUND:
            return None
        if await _has_no_backups(api, cluster_name, error):
            return None
        raise
    return snapshot_record(snapshot, api.project_id, cluster_name, kind)


async def _automatic_kind(api: AtlasApi, cluster_name: str, refused: RequestRefused) -> str | None:
    """The kind of a cluster that the dedicated addresses refused: flex, tenant, or None where there are no backups.

    Raises the refusal itself where it is the last word on a dedicated cluster.
    """
    if refused.error_code == CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API:
        return FLEX
    kind, size = DEDICATED, None
    if refused.error_code in NO_DEDICATED_BACKUPS or is_absent(refused):
        try:
            kind, size = kind_of(await api.get_cluster(cluster_name))
        except RequestRefused as error:
            # Snapshots of a deleted cluster can still be read, so the cluster's own 404 says nothing about them.
            kind = FLEX if error.error_code == CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API else DEDICATED
    if kind == DEDICATED and not is_absent(refused):
        raise refused
    return None if kind == DEDICATED or size == "M0" else kind


async def _has_no_backups(api: AtlasApi, cluster_name: str, refused: RequestRefused) -> bool:
    """Whether the addresses of tenant clusters have refused a cluster that is an M0."""
    if refused.error_code not in NO_DEDICATED_BACKUPS:
        return False
    try:
        return kind_of(await api.get_cluster(cluster_name))[1] == "M0"
    except RequestRefused:
        return False
