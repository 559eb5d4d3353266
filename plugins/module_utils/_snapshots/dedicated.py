# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# The snapshots of a dedicated cluster, from the replica-set or the sharded endpoints (two "families").

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from .._atlas.endpoints import REPLICA_SET, SHARDED, AtlasApi
from .._atlas.error_codes import ABSENT_AT_EVERY_ADDRESS, INCORRECT_BACKUP_API_ENDPOINT, SNAPSHOT_ABSENT
from .._atlas.errors import AtlasError, RequestRefused
from .clusters import DEDICATED
from .records import JsonObject, Record, newest_first, snapshot_record

T = TypeVar("T")

_SHARDED_TYPE = "shardedCluster"


def is_not_there(error: RequestRefused) -> bool:
    """Whether this is a 404 from Atlas, whatever is missing; an unreadable 404 may come from a proxy."""
    return error.status_code == 404 and error.readable


def is_absent(error: AtlasError) -> bool:
    """Whether the snapshot certainly does not exist. A 404 about the cluster or the project does not prove that."""
    return error.status_code == 404 and error.error_code in SNAPSHOT_ABSENT


def asks_for_other_family(error: RequestRefused) -> bool:
    """Whether to try the endpoint of the other family.

    What the replica-set endpoints answer for a sharded cluster is not recorded; it may be a 404.
    """
    if is_not_there(error):
        return error.error_code not in ABSENT_AT_EVERY_ADDRESS
    return error.error_code == INCORRECT_BACKUP_API_ENDPOINT


def more_telling(one: RequestRefused, other: RequestRefused) -> RequestRefused:
    """The more useful of the refusals from both families: the one that names what is missing."""
    for error in (one, other):
        if is_absent(error):
            return error
    return other if one.status_code != 404 else one


class DedicatedSnapshots:
    """The snapshots of one dedicated cluster; remembers which family of endpoints has them."""

    def __init__(self, api: AtlasApi, cluster_name: str) -> None:
        self._api = api
        self._cluster_name = cluster_name
        self._family = REPLICA_SET
        self._has_no_members = False

    def record(self, snapshot: JsonObject) -> Record:
        """The record of a snapshot from Atlas."""
        return snapshot_record(snapshot, self._api.project_id, self._cluster_name, DEDICATED)

    def record_taken(self, snapshot: JsonObject) -> Record:
        """The record of a snapshot that was just taken; its type selects the family for the next requests."""
        if snapshot.get("type") == _SHARDED_TYPE:
            self._family = SHARDED
        return self.record(snapshot)

    async def get(self, snapshot_id: str) -> Record:
        """One snapshot by its id. Raises RequestRefused with 404 if both families answer that it does not exist."""
        asked = self._family
        # Try the other family after any 404: to report an existing snapshot as gone would be the worst error.
        snapshot = await self._by_either(
            lambda family: self._get(snapshot_id, family),
            lambda refused: is_not_there(refused) or asks_for_other_family(refused),
        )
        if _may_be_sharded(snapshot) and asked == self._family == REPLICA_SET and not self._has_no_members:
            snapshot = await self._with_members(snapshot_id, snapshot)
        return self.record(snapshot)

    async def delete(self, snapshot_id: str) -> None:
        """Delete one snapshot; sent once. Raises RequestRefused with 404 if both families answer 404."""
        await self._by_either(
            lambda family: self._api.delete_snapshot(self._cluster_name, snapshot_id, family), asks_for_other_family
        )

    async def find(self, wanted: Callable[[Record], bool] = lambda _record: True) -> list[Record]:
        """The wanted snapshots, newest first: with one request if the first family has any, else with a second one.

        A cluster that became sharded later may have old snapshots in one family and new ones in the other.
        """
        matches, refused = await self._find(self._family, wanted)
        if matches and not _lacks_members(matches, self._family):
            return matches
        others, refused_too = await self._find(self._other(), wanted)
        if refused and refused_too:
            raise more_telling(refused, refused_too)
        if others:
            self._family = self._other()
        known = {record["id"] for record in others}
        return newest_first([*others, *(record for record in matches if record["id"] not in known)])

    async def _find(self, family: str, wanted: Callable[[Record], bool]) -> tuple[list[Record], RequestRefused | None]:
        """The wanted snapshots from one family, or its refusal if the other family may have them.

        The others are dropped here: the lists of many clusters would take too much memory.
        """
        try:
            listed = await self._api.list_dedicated(self._cluster_name, family)
        except RequestRefused as error:
            if not asks_for_other_family(error):
                raise
            return [], error
        return newest_first(record for record in map(self.record, listed) if wanted(record)), None

    def _other(self) -> str:
        return SHARDED if self._family == REPLICA_SET else REPLICA_SET

    async def _get(self, snapshot_id: str, family: str) -> dict[str, Any]:
        return await self._api.get_dedicated(self._cluster_name, snapshot_id, family)

    async def _by_either(self, ask: Callable[[str], Awaitable[T]], is_elsewhere: Callable[[RequestRefused], bool]) -> T:
        """The answer of the current family, or else of the other one, which then becomes the current one.

        is_elsewhere: whether to try the other family after this refusal. Raises the more useful refusal if both fail.
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
        """The snapshot with members and snapshotIds, which only the sharded endpoint returns."""
        try:
            snapshot = await self._get(snapshot_id, SHARDED)
        except RequestRefused:
            self._has_no_members = True
        else:
            self._family = SHARDED
        return snapshot


def _may_be_sharded(snapshot: JsonObject) -> bool:
    """Whether an answer of the replica-set endpoint may be about a sharded snapshot, whatever its type.

    As recorded (2026-08), a replica set's snapshot has a replicaSetName in every answer.
    """
    return snapshot.get("type") == _SHARDED_TYPE or not snapshot.get("replicaSetName")


def _lacks_members(records: list[Record], family: str) -> bool:
    return family == REPLICA_SET and any(record["type"] == _SHARDED_TYPE for record in records)
