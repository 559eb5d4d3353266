# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._restores.judgement import Judgement
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._restores.target import (
    TargetCluster,
    check_fit,
    check_fit_of_point,
    check_state,
    dedicated_target,
    flex_target,
)
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._snapshots.records import snapshot_record
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.atlas import (
    PROJECT,
    automatic,
    cluster,
    sharded,
    snapshot,
)
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.fuzz import documents, json_values, quick
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.restores import flex_document, target_document


def target(**more: Any) -> TargetCluster:
    return dedicated_target(target_document(**more), PROJECT)


def tenant(size: str) -> TargetCluster:
    return dedicated_target(cluster(size, "TENANT", stateName="IDLE"), PROJECT)


def flex(**more: Any) -> TargetCluster:
    return flex_target(flex_document(**more), PROJECT)


def taken(**more: Any) -> dict[str, Any]:
    return snapshot_record(snapshot("completed", **more), PROJECT, "prod", "dedicated")


def taken_sharded(shards: int = 2, **more: Any) -> dict[str, Any]:
    names = ["prod-config-0", *(f"prod-shard-{number}" for number in range(shards))]
    more = {"configServerType": "DEDICATED", "members": [{"replicaSetName": name} for name in names], **more}
    return snapshot_record(sharded("completed", **more), PROJECT, "prod", "dedicated")


def taken_flex(**more: Any) -> dict[str, Any]:
    return snapshot_record(automatic(**more), PROJECT, "prod", "flex")


def fit(target: TargetCluster, snapshot: dict[str, Any]) -> tuple[list[str], list[str]]:
    """The problems and the lines of both rules."""
    judgement = Judgement()
    check_state(target, judgement)
    check_fit(target, snapshot, judgement)
    return [str(problem.error) for problem in judgement.problems], judgement.lines


@pytest.mark.parametrize(
    ("into", "restored"),
    [
        (target(), taken()),
        (target(mongoDBVersion="8.2.0"), taken()),
        (target(mongoDBVersion="10.0.1"), taken(mongodVersion="9.0.0")),
        (target(mongoDBVersion="8.0.1"), taken(mongodVersion="8.0.29")),
        (target(topology="SHARDED", shards=2), taken_sharded()),
        (target(topology="GEOSHARDED", shards=2), taken_sharded()),
        (flex(), taken_flex()),
        (target(), taken_flex()),
        (target(terminationProtectionEnabled=True), taken()),
    ],
)
def test_matching_target_has_neither_problem_nor_warning(into: TargetCluster, restored: dict[str, Any]) -> None:
    assert fit(into, restored) == ([], [])


@pytest.mark.parametrize(
    ("into", "restored", "says"),
    [
        (flex(), taken(), "flex cluster"),
        (flex(), taken_sharded(), "flex cluster"),
        (tenant("M0"), taken(), "shared cluster (M0)"),
        (tenant("M2"), taken_flex(), "shared cluster (M2)"),
        (tenant("M5"), taken_sharded(), "shared cluster (M5)"),
        (target(), taken_sharded(), "is of a sharded cluster, and the target is a replica set"),
        (target(topology="SHARDED"), taken(), "is of a replica set, and the target is a sharded cluster"),
        (target(topology="GEOSHARDED"), taken(), "is of a replica set"),
        (target(topology="SHARDED"), taken_flex(), "is of a replica set"),
        (target(topology="SHARDED", shards=3), taken_sharded(2), "has 2 shards, and the target has 3 shards"),
        (target(topology="SHARDED", shards=1), taken_sharded(2), "the target has 1 shard."),
        (
            target(topology="SHARDED", shards=2, configServerType="EMBEDDED"),
            taken_sharded(),
            "config servers are DEDICATED, and the target's are EMBEDDED",
        ),
        (target(mongoDBVersion="7.0.31"), taken(), "MongoDB 7.0.31, older than the snapshot's 8.0.29"),
        (target(mongoDBVersion="8.0.29"), taken(mongodVersion="8.2.0"), "older than"),
        (target(mongoDBVersion="9.0.0"), taken(mongodVersion="10.0.0"), "older than"),
        (flex(mongoDBVersion="7.0.1"), taken_flex(), "older than"),
        (target(paused=True), taken(), "is paused"),
        (target(stateName="CREATING"), taken(), "is CREATING. Wait until"),
        (target(stateName="DELETING"), taken(), "is DELETING. Choose a cluster"),
        (target(), taken_sharded(type=None), "is of a sharded cluster"),
        (flex(stateName="DELETING"), taken_flex(), "is DELETING"),
    ],
)
def test_mismatch_is_one_problem(into: TargetCluster, restored: dict[str, Any], says: str) -> None:
    problems, _lines = fit(into, restored)

    assert len(problems) == 1
    assert says in problems[0]


@pytest.mark.parametrize(
    ("into", "restored", "says"),
    [
        (target(stateName="UPDATING"), taken(), "UPDATING"),
        (target(stateName="REPAIRING"), taken(), "REPAIRING"),
        (target(stateName="HIBERNATING"), taken(), "HIBERNATING"),
        (target(stateName=None), taken(), "not known"),
        (target(paused=None), taken(), "paused"),
        (target(clusterType="TRIANGLE"), taken(), "topology"),
        (target(), taken(type="triangle"), "topology"),
        (target(mongoDBVersion=None), taken(), "which MongoDB"),
        (target(), taken(mongodVersion="newest"), "which MongoDB"),
        (target(topology="SHARDED", shards=2), taken_sharded(members=None), "how many shards"),
        (target(topology="SHARDED", shards=2), taken_sharded(members=[{"id": "x"}]), "how many shards"),
        (
            target(topology="SHARDED", shards=2),
            taken_sharded(members=[{"id": "x"}, {"replicaSetName": "prod-shard-0"}]),
            "how many shards",
        ),
        (target(topology="SHARDED", replicationSpecs=None), taken_sharded(), "how many shards"),
        (target(topology="SHARDED", shards=2), taken_sharded(configServerType=None), "config servers"),
        (target(topology="SHARDED", shards=2, configServerType=None), taken_sharded(), "config servers"),
        (target(), taken(storageSizeBytes=31 * 1024**3), "disk (30.0 GB) is smaller than the snapshot (31.0 GB)"),
    ],
)
def test_unclear_mismatch_is_one_warning(into: TargetCluster, restored: dict[str, Any], says: str) -> None:
    problems, lines = fit(into, restored)

    assert not problems
    assert len(lines) == 1
    assert says in lines[0]


def test_disks_of_all_shards_are_added() -> None:
    into = target(topology="SHARDED", shards=2)

    assert fit(into, taken_sharded(storageSizeBytes=59 * 1024**3)) == ([], [])


@pytest.mark.parametrize("size", [None, "big", True, -1])
def test_invalid_size_is_ignored(size: Any) -> None:
    assert fit(target(), taken(storageSizeBytes=size)) == ([], [])


@pytest.mark.parametrize(("into", "problems"), [(target(), 0), (target(topology="SHARDED"), 0), (flex(), 1)])
def test_point_in_time_needs_a_dedicated_target(into: TargetCluster, problems: int) -> None:
    judgement = Judgement()
    check_fit_of_point(into, judgement, in_place=False)

    assert len(judgement.problems) == problems
    assert len(judgement.lines) == 1 - problems


def test_point_in_time_always_fits_its_own_cluster() -> None:
    judgement = Judgement()
    check_fit_of_point(target(), judgement, in_place=True)

    assert judgement == Judgement()


@quick
@given(
    documents(*target_document(), "configServerType"),
    documents(*snapshot("completed"), "members", "configServerType"),
    st.sampled_from(["dedicated", "flex", "tenant"]),
    json_values,
)
def test_any_document_can_be_compared(into: dict[str, Any], restored: dict[str, Any], kind: str, region: Any) -> None:
    into["replicationSpecs"] = [{"regionConfigs": [{"electableSpecs": {"diskSizeGB": region}}]}]
    for each in (dedicated_target(into, PROJECT), flex_target(into, PROJECT)):
        fit(each, snapshot_record(restored, PROJECT, "prod", kind))
