# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# Reads from Atlas what is needed to judge restores; shared data is read only once.

from __future__ import annotations

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import Awaitable, Callable, Hashable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from .._atlas.client import AtlasClient
from .._atlas.endpoints import AtlasApi
from .._atlas.errors import AtlasError, RequestRefused
from .._atlas.json_values import whole_number
from .._atlas.retry import RetryBudget
from .._attempts import or_error
from .._snapshots.clusters import FLEX, TENANT, kind_of
from .._snapshots.dedicated import is_not_there
from .._snapshots.lookup import get_snapshot, list_snapshots
from .._snapshots.records import Record, snapshot_record
from .cluster_lookup import read_cluster
from .jobs import SourceJobs
from .preflight import ASSURED_FOR, Facts, needs_others
from .spec import RestoreSpec
from .target import TargetCluster, dedicated_target, flex_target

T = TypeVar("T")
# The project and the name of a cluster.
Place = tuple[str, str]
# With more targets than this in one project, list its clusters instead of reading each one.
MOST_SINGLE_TARGETS = 2


class Findings:
    """Collects the facts for several restores. new_budget: creates a retry budget for one read."""

    def __init__(
        self,
        client: AtlasClient,
        new_budget: Callable[[], RetryBudget],
        specs: Sequence[RestoreSpec],
        *,
        assured_for: float = ASSURED_FOR,
    ) -> None:
        self._client = client
        self._new_budget = new_budget
        self._specs = specs
        self._assured_for = assured_for
        self._reads: dict[Hashable, asyncio.Future[Any]] = {}
        self._snapshot_ids: dict[Place, set[str]] = defaultdict(set)
        self._names: dict[str, set[str]] = defaultdict(set)
        for spec in specs:
            if spec.snapshot_id is not None:
                self._snapshot_ids[spec.source_place].add(spec.snapshot_id)
            self._names[spec.target_project_id].add(spec.target_cluster_name)

    async def of(self, spec: RestoreSpec) -> Facts:
        """The facts for one restore; an error of a read is stored in place of its result.

        The snapshot is read first: it shows the kind of the source, which decides about the other endpoints.
        """
        snapshot = await self._snapshot(spec)
        if isinstance(snapshot, AtlasError) and not isinstance(snapshot, RequestRefused):
            # Atlas cannot be reached, or refuses the sign-in: other reads would fail in the same way.
            return Facts(target=snapshot, jobs=snapshot, snapshot=snapshot)
        kind = snapshot["cluster_type"] if isinstance(snapshot, dict) else None
        jobs, target = await asyncio.gather(
            self._jobs(spec, kind), self._cluster(spec.target_place, likely_flex=kind == FLEX)
        )
        facts = Facts(
            target=target,
            jobs=jobs if isinstance(jobs, AtlasError) else jobs[1],
            snapshot=snapshot,
            source_kind=kind or (None if isinstance(jobs, AtlasError) else jobs[0]),
        )
        if spec.point_in_time is not None:
            return await self._with_continuous_backup(spec, facts)
        if not isinstance(snapshot, AtlasError) and needs_others(snapshot, self._client.clock.now(), self._assured_for):
            others = await self._listed(spec.source_place)
            facts = replace(facts, others=[] if isinstance(others, AtlasError) else others)
        return self._with_target_snapshots(spec, facts)

    async def _with_continuous_backup(self, spec: RestoreSpec, facts: Facts) -> Facts:
        source = await self._cluster(spec.source_place)
        window = None
        if isinstance(source, TargetCluster) and source.record["pit_enabled"] is not False:
            window = await self._once(("window", spec.source_place), lambda: self._window_days(spec))
        return replace(facts, source=source, window_days=None if isinstance(window, AtlasError) else window)

    def _with_target_snapshots(self, spec: RestoreSpec, facts: Facts) -> Facts:
        """Add the target's snapshots if they were listed for another reason: they are not worth a request."""
        listed = self._reads.get(("snapshots", spec.target_place))
        if listed is None or not listed.done() or isinstance(listed.result(), AtlasError):
            return facts
        return replace(facts, target_snapshots=listed.result())

    async def _snapshot(self, spec: RestoreSpec) -> Record | AtlasError | None:
        """The snapshot; several snapshots of one source are read as a list, and missing ones by their ids."""
        snapshot_id = spec.snapshot_id
        if snapshot_id is None:
            return None
        if len(self._snapshot_ids[spec.source_place]) > 1:
            listed = await self._listed(spec.source_place)
            if isinstance(listed, AtlasError) and not isinstance(listed, RequestRefused):
                return listed
            for record in [] if isinstance(listed, AtlasError) else listed:
                if record["id"] == snapshot_id:
                    return record
        return await self._once(
            ("snapshot", spec.source_place, snapshot_id), lambda: self._snapshot_by_id(spec, snapshot_id)
        )

    async def _snapshot_by_id(self, spec: RestoreSpec, snapshot_id: str) -> Record | None:
        api = self._api(spec.project_id)
        try:
            return await get_snapshot(api, spec.cluster_name, snapshot_id, "auto")
        except RequestRefused as refused:
            if not is_not_there(refused):
                raise
            # Only the flex endpoint can return the snapshots of a deleted flex cluster.
            try:
                snapshot = await api.get_flex(spec.cluster_name, snapshot_id)
            except RequestRefused:
                raise refused from None
            return snapshot_record(snapshot, spec.project_id, spec.cluster_name, FLEX)

    async def _listed(self, source: Place) -> list[Record] | AtlasError:
        project_id, name = source
        return await self._once(("snapshots", source), lambda: list_snapshots(self._api(project_id), name, "auto"))

    async def _jobs(self, spec: RestoreSpec, kind: str | None) -> tuple[str | None, list[Record]] | AtlasError:
        """The kind of the source, and its jobs. Tenant clusters have none: their endpoints are retired."""
        if kind == TENANT:
            return kind, []
        return await self._once(("jobs", spec.source_place), lambda: self._list_jobs(spec.source_place, kind))

    async def _list_jobs(self, source: Place, kind: str | None) -> tuple[str | None, list[Record]]:
        project_id, name = source
        jobs = SourceJobs(self._api(project_id), name, kind)
        try:
            found = await jobs.list()
        except RequestRefused as refused:
            if not is_not_there(refused) or not await self._is_gone(source):
                raise
            # The source is deleted, and its jobs with it.
            return kind, []
        return jobs.kind, found

    async def _is_gone(self, place: Place) -> bool:
        cluster = await self._cluster(place)
        return isinstance(cluster, RequestRefused) and is_not_there(cluster)

    async def _window_days(self, spec: RestoreSpec) -> int | None:
        schedule = await self._api(spec.project_id).get_schedule(spec.cluster_name)
        days = whole_number(schedule.get("restoreWindowDays"))
        return days if days is not None and 0 < days < 10000 else None

    async def _cluster(self, place: Place, *, likely_flex: bool = False) -> TargetCluster | AtlasError:
        project_id, name = place
        if len(self._names[project_id]) > MOST_SINGLE_TARGETS:
            listed = await self._once(("clusters", project_id), lambda: self._clusters(project_id))
            if isinstance(listed, AtlasError):
                return listed
            if name in listed:
                return listed[name]
        return await self._once(
            ("cluster", place), lambda: read_cluster(self._api(project_id), name, likely_flex=likely_flex)
        )

    async def _clusters(self, project_id: str) -> dict[str, TargetCluster]:
        """The clusters of a project by name. Flex clusters have a separate list, requested only if needed."""
        api = self._api(project_id)
        found = {
            str(cluster.get("name")): dedicated_target(cluster, project_id)
            for cluster in await api.list_clusters()
            if kind_of(cluster)[0] != FLEX
        }
        if not self._names[project_id] <= found.keys():
            # If this list fails, each missing cluster is read by its name later.
            with contextlib.suppress(AtlasError):
                flex = await api.list_flex_clusters()
                found.update({str(cluster.get("name")): flex_target(cluster, project_id) for cluster in flex})
        return found

    def _api(self, project_id: str) -> AtlasApi:
        return AtlasApi(self._client, project_id, self._new_budget())

    async def _once(self, key: Hashable, read: Callable[[], Awaitable[T]]) -> T | AtlasError:
        """Read once per key, and return the stored result afterwards, also if it is an error."""
        if key not in self._reads:
            self._reads[key] = asyncio.ensure_future(or_error(read()))
        result: T | AtlasError = await self._reads[key]
        return result


def with_jobs_of_other_sources(found: Sequence[tuple[RestoreSpec, Facts]]) -> list[tuple[RestoreSpec, Facts]]:
    """The facts, with the jobs reduced to those into the own target: jobs of the source, and elsewhere of others."""
    of_sources = {spec.source_place: facts.jobs for spec, facts in found}
    into: dict[tuple[str, str], list[Record]] = defaultdict(list)
    for jobs in of_sources.values():
        for job in [] if isinstance(jobs, AtlasError) else jobs:
            into[str(job["target_project_id"]), str(job["target_cluster_name"])].append(job)
    return [(spec, _with_jobs_into_target(spec, facts, into[spec.target_place])) for spec, facts in found]


def _with_jobs_into_target(spec: RestoreSpec, facts: Facts, jobs: Sequence[Record]) -> Facts:
    own: list[Record] = []
    elsewhere: list[Record] = []
    for job in jobs:
        (own if (job["project_id"], job["cluster_name"]) == spec.source_place else elsewhere).append(job)
    return replace(facts, jobs=facts.jobs if isinstance(facts.jobs, AtlasError) else own, elsewhere=elsewhere)
