# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from typing import Any

import pytest

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.errors import AtlasError
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.retry import RetryBudget
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._restores.findings import (
    Findings,
    with_jobs_of_other_sources,
)
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._restores.preflight import Facts
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._restores.spec import RestoreSpec
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._restores.target import TargetCluster
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.atlas import PROJECT
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.bench import Bench, play
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.restores import CLUSTERS
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.simulated import SimulatedAtlas


def spec(snapshot_id: str | None, into: str = "staging", of: str = "prod", **more: Any) -> RestoreSpec:
    return RestoreSpec(PROJECT, of, PROJECT, into, snapshot_id=snapshot_id, **more)


def facts_of(atlas: SimulatedAtlas, specs: Sequence[RestoreSpec]) -> list[Facts]:
    async def work(bench: Bench) -> list[Facts]:
        findings = Findings(bench.client, lambda: RetryBudget(bench.deadline), specs)
        found = await asyncio.gather(*(findings.of(spec) for spec in specs))
        return [facts for _spec, facts in with_jobs_of_other_sources(list(zip(specs, found, strict=True)))]

    return play(atlas, work)


def requests(atlas: SimulatedAtlas) -> Counter[str]:
    return Counter(entry.step for entry in atlas.service.journal.entries)


def taken(atlas: SimulatedAtlas, name: str = "prod", ago: float = 3600.0) -> str:
    return atlas.has(name, taken_at=-ago).id


def flex_snapshot(atlas: SimulatedAtlas, name: str = "flex") -> str:
    """The id of the newest automatic snapshot."""

    async def work(bench: Bench) -> str:
        return str((await bench.api.list_flex(name))[0]["id"])

    snapshot_id = play(atlas, work)
    atlas.service.journal.entries.clear()
    return snapshot_id


def test_one_restore_of_a_replica_set_needs_three_reads() -> None:
    atlas = SimulatedAtlas(CLUSTERS)
    (facts,) = facts_of(atlas, [spec(taken(atlas))])

    assert requests(atlas) == {"poll": 1, "cluster": 1, "restore_list": 1}
    assert isinstance(facts.snapshot, dict)
    assert isinstance(facts.target, TargetCluster)
    assert facts.jobs == []
    assert facts.source_kind == "dedicated"


def test_sharded_snapshot_needs_one_more_read_for_its_members() -> None:
    atlas = SimulatedAtlas(CLUSTERS)
    (facts,) = facts_of(atlas, [spec(taken(atlas, "sharded"), "sharded", "sharded")])

    assert requests(atlas) == {"poll": 2, "cluster": 1, "restore_list": 1}
    assert isinstance(facts.snapshot, dict)
    assert facts.snapshot["members"]


def test_flex_kind_is_detected_with_one_request() -> None:
    atlas = SimulatedAtlas(CLUSTERS)
    (facts,) = facts_of(atlas, [spec(flex_snapshot(atlas), "flex", "flex")])

    assert requests(atlas) == {"poll": 2, "cluster": 1, "restore_list": 1}
    assert facts.source_kind == "flex"
    assert isinstance(facts.target, TargetCluster)
    assert facts.target.kind == "flex"


def test_flex_snapshot_may_have_a_dedicated_target() -> None:
    atlas = SimulatedAtlas(CLUSTERS)
    (facts,) = facts_of(atlas, [spec(flex_snapshot(atlas), "staging", "flex")])

    assert isinstance(facts.target, TargetCluster)
    assert facts.target.kind == "dedicated"


def test_restores_of_one_source_share_its_lists() -> None:
    atlas = SimulatedAtlas({"prod": {}, **{f"copy-{number}": {} for number in range(5)}})
    snapshots = [taken(atlas, ago=3600.0 * number) for number in range(1, 6)]
    facts = facts_of(atlas, [spec(each, f"copy-{number}") for number, each in enumerate(snapshots)])

    assert requests(atlas) == {"list": 1, "restore_list": 1, "clusters": 1}
    assert [each.snapshot["id"] for each in facts if isinstance(each.snapshot, dict)] == snapshots


def test_one_snapshot_for_many_targets_is_read_once() -> None:
    atlas = SimulatedAtlas({"prod": {}, **{f"copy-{number}": {} for number in range(2)}})
    snapshot_id = taken(atlas)
    facts_of(atlas, [spec(snapshot_id, f"copy-{number}") for number in range(2)])

    assert requests(atlas) == {"poll": 1, "restore_list": 1, "cluster": 2}


def test_many_clusters_restored_in_place_need_two_reads_each() -> None:
    names = [f"shop-{number}" for number in range(20)]
    atlas = SimulatedAtlas({name: {} for name in names})
    facts = facts_of(atlas, [spec(taken(atlas, name), name, name) for name in names])

    assert requests(atlas) == {"poll": 20, "restore_list": 20, "clusters": 1}
    assert all(isinstance(each.target, TargetCluster) for each in facts)


def test_list_distinguishes_flex_targets_from_missing_ones() -> None:
    atlas = SimulatedAtlas(CLUSTERS)
    snapshot_id = taken(atlas)
    facts = facts_of(atlas, [spec(snapshot_id, into) for into in ("prod", "staging", "flex", "nosuch")])

    kinds = [each.target.kind for each in facts if isinstance(each.target, TargetCluster)]
    assert kinds == ["dedicated", "dedicated", "flex"]
    assert isinstance(facts[3].target, AtlasError)
    assert facts[3].target.error_code == "CLUSTER_NOT_FOUND"


def test_missing_snapshot_returns_the_others() -> None:
    atlas = SimulatedAtlas(CLUSTERS)
    other = taken(atlas)
    (facts,) = facts_of(atlas, [spec("a" * 24)])

    assert facts.snapshot is None
    assert [each["id"] for each in facts.others] == [other]


def test_soon_expiring_snapshot_returns_the_others() -> None:
    atlas = SimulatedAtlas(CLUSTERS)
    soon = atlas.has("prod", taken_at=-3600, retention_days=0.05).id
    (facts,) = facts_of(atlas, [spec(soon)])

    assert len(facts.others) == 1


def test_snapshots_of_the_target_are_known_if_it_is_the_listed_source() -> None:
    atlas = SimulatedAtlas(CLUSTERS)
    running = atlas.has("prod", taken_at=-3).id
    (facts,) = facts_of(atlas, [spec("a" * 24, "prod")])

    assert [each["id"] for each in facts.target_snapshots or ()] == [running]


def test_point_in_time_reads_the_source_and_its_schedule() -> None:
    atlas = SimulatedAtlas(CLUSTERS, restore_window_days=3)
    (facts,) = facts_of(atlas, [spec(None, "prod", point_in_time=1786332400)])

    # The source is the target, so one request is enough.
    assert requests(atlas) == {"cluster": 1, "restore_list": 1, "schedule": 1}
    assert facts.window_days == 3
    assert facts.source is facts.target


def test_unreadable_schedule_leaves_the_restore_window_unknown() -> None:
    atlas = SimulatedAtlas(CLUSTERS)
    atlas.fault("status", "schedule", params={"status": 403, "error_code": "ACCESS_FORBIDDEN"})
    (facts,) = facts_of(atlas, [spec(None, point_in_time=1786332400)])

    assert facts.window_days is None


@pytest.mark.parametrize("days", [0, -1, True, "7", 1e9, None])
def test_restore_window_other_than_a_number_is_unknown(days: Any) -> None:
    atlas = SimulatedAtlas(CLUSTERS)
    atlas.fault("replace_json", "schedule", params={"fields": {"restoreWindowDays": days}})
    (facts,) = facts_of(atlas, [spec(None, point_in_time=1786332400)])

    assert facts.window_days is None


@pytest.mark.parametrize("jobs", ["listed", "list_not_found", "not_found"])
def test_deleted_source_has_the_listed_jobs_or_none(jobs: str) -> None:
    atlas = SimulatedAtlas(CLUSTERS, deleted_source_jobs=jobs)
    snapshot_id = taken(atlas)
    atlas.cluster().deleted = True
    (facts,) = facts_of(atlas, [spec(snapshot_id)])

    assert isinstance(facts.snapshot, dict)
    assert facts.jobs == []


def test_missing_list_of_jobs_of_an_existing_source_is_an_error() -> None:
    atlas = SimulatedAtlas(CLUSTERS)
    atlas.fault("passing_404", "restore_list", params={"error_code": "CLUSTER_NOT_FOUND"})
    (facts,) = facts_of(atlas, [spec(taken(atlas))])

    assert isinstance(facts.jobs, AtlasError)


def test_deleted_flex_source_is_found_at_the_flex_endpoints() -> None:
    atlas = SimulatedAtlas(CLUSTERS)
    snapshot_id = flex_snapshot(atlas)
    atlas.cluster("flex").deleted = True
    atlas.fault(
        "passing_404", "poll", match={"path": "/clusters/"}, times=None, params={"error_code": "CLUSTER_NOT_FOUND"}
    )
    (facts,) = facts_of(atlas, [spec(snapshot_id, "staging", "flex")])

    assert isinstance(facts.snapshot, dict)
    assert facts.source_kind == "flex"


def test_nothing_more_is_read_without_an_answer() -> None:
    atlas = SimulatedAtlas(CLUSTERS)
    atlas.fault("drop", times=None)
    (facts,) = facts_of(atlas, [spec(taken(atlas))])

    assert set(requests(atlas)) == {"poll"}
    assert facts.snapshot is facts.jobs is facts.target


def test_jobs_of_other_sources_into_a_target_are_known() -> None:
    atlas = SimulatedAtlas(CLUSTERS)
    specs = [spec(taken(atlas)), spec(taken(atlas, "sharded"), "sharded", "sharded")]
    world, service = atlas.service.world, atlas.service
    source, target = world.find_cluster("sharded"), world.find_cluster("staging")
    job = world.restore(
        source,
        target,
        service.settings,
        requested_at=atlas.now(),
        delivery_type="automated",
        timestamp=atlas.now(),
        content=None,
    )
    facts = facts_of(atlas, specs)

    assert [each["id"] for each in facts[0].elsewhere] == [job.id]
    # Jobs that do not concern the own target are left out.
    assert facts[1].jobs == []
