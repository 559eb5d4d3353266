# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# The restore jobs of one source cluster, from the dedicated or the flex endpoints.

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from .._atlas.endpoints import AtlasApi
from .._atlas.error_codes import (
    CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API,
    CANNOT_USE_NON_FLEX_CLUSTER_IN_FLEX_API,
    CLUSTER_ABSENT,
)
from .._atlas.errors import NoAnswer, RequestRefused
from .._atlas.object_id import is_object_id
from .._snapshots.clusters import DEDICATED, FLEX
from .._snapshots.records import JsonObject, Record
from .records import restore_record
from .spec import RestoreSpec

T = TypeVar("T")


class SourceJobs:
    """Starts, lists and reads the jobs of one source.

    kind: dedicated or flex; if None, the first request finds it out.
    """

    def __init__(self, api: AtlasApi, cluster_name: str, kind: str | None = None) -> None:
        self._api = api
        self._cluster_name = cluster_name
        self.kind = kind

    async def list(self) -> list[Record]:
        """Every job, in Atlas's order. A job without a valid id is left out, because it could not be polled."""
        found = await self._by_kind(self._api.list_restores, self._api.list_flex_restores)
        return [self._record(job) for job in found if is_object_id(job.get("id"))]

    async def get(self, job_id: str) -> Record:
        """One job by its id."""
        job = await self._by_kind(
            lambda name: self._api.get_restore(name, job_id), lambda name: self._api.get_flex_restore(name, job_id)
        )
        return self._record(job)

    async def start(self, spec: RestoreSpec) -> Record:
        """Start a restore; the request is sent once. Raises NoAnswer for an answer about another restore."""
        where = {"target_project_id": spec.target_project_id, "target_cluster_name": spec.target_cluster_name}
        if self.kind == FLEX and spec.snapshot_id is not None:
            job = await self._api.start_flex_restore(self._cluster_name, snapshot_id=spec.snapshot_id, **where)
        else:
            job = await self._api.start_restore(
                self._cluster_name, snapshot_id=spec.snapshot_id, point_in_time=spec.point_in_time, **where
            )
        record = self._record(job)
        if not _may_be_about(record, spec):
            raise _about_another(job)
        return record

    def _record(self, job: JsonObject) -> Record:
        return restore_record(job, self._api.project_id, self._cluster_name, self.kind or DEDICATED)

    async def _by_kind(self, dedicated: Callable[[str], Awaitable[T]], flex: Callable[[str], Awaitable[T]]) -> T:
        """The answer of the endpoint for the kind of the source; stores the kind."""
        if self.kind == FLEX:
            return await self._first_of(flex, FLEX, dedicated, DEDICATED)
        return await self._first_of(dedicated, DEDICATED, flex, FLEX)

    async def _first_of(
        self,
        first: Callable[[str], Awaitable[T]],
        kind: str,
        second: Callable[[str], Awaitable[T]],
        other_kind: str,
    ) -> T:
        try:
            answer = await first(self._cluster_name)
        except RequestRefused as refused:
            if not self._may_be_elsewhere(refused):
                raise
            try:
                answer = await second(self._cluster_name)
            except RequestRefused as other:
                raise (refused if refused.status_code == 404 else other) from None
            kind = other_kind
        self.kind = kind
        return answer

    def _may_be_elsewhere(self, refused: RequestRefused) -> bool:
        """Whether to try the endpoint of the other kind; a deleted cluster may have been of any kind."""
        if refused.error_code in (CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API, CANNOT_USE_NON_FLEX_CLUSTER_IN_FLEX_API):
            return True
        return self.kind is None and refused.status_code == 404 and refused.error_code in CLUSTER_ABSENT


def _may_be_about(record: Record, spec: RestoreSpec) -> bool:
    """Whether the answer can be about the requested restore: no field of it contradicts the request."""
    asked = {
        "target_project_id": spec.target_project_id,
        "target_cluster_name": spec.target_cluster_name,
        "delivery_type": spec.delivery_type,
        **({"snapshot_id": spec.snapshot_id} if spec.point_in_time is None else {}),
    }
    return all(record[key] is None or record[key] == value for key, value in asked.items())


def _about_another(job: JsonObject) -> NoAnswer:
    return NoAnswer(
        f"Atlas answered about another restore job ({_shown_id(job.get('id'))})",
        "Run this again: a proxy may have replaced the answer.",
    )


def _shown_id(value: Any) -> str:
    return value if is_object_id(value) else "without an id"
