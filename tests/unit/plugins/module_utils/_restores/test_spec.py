# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._restores.records import RECORD_KEYS, restore_record
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._restores.spec import Match, RestoreSpec, subject_of
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.atlas import PROJECT
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.restores import (
    OTHER_PROJECT,
    SNAPSHOT,
    flex_job,
    job,
)
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.times import iso, moment

POINT = int(moment(-600).timestamp())
SPEC = RestoreSpec(PROJECT, "prod", PROJECT, "staging", snapshot_id=SNAPSHOT)
TO_POINT = RestoreSpec(PROJECT, "prod", PROJECT, "staging", point_in_time=POINT)
EMPTY = {"project_id": PROJECT, "cluster_name": "prod", "target_project_id": "", "target_cluster_name": ""}
ELSEWHERE = RestoreSpec(PROJECT, "prod", OTHER_PROJECT, "staging", SNAPSHOT)


def record(**more: Any) -> dict[str, Any]:
    return restore_record(job(**more), PROJECT, "prod", "dedicated")


def to_point(**more: Any) -> dict[str, Any]:
    return record(deliveryType="pointInTime", **more)


@pytest.mark.parametrize(
    ("spec", "found", "match"),
    [
        (SPEC, record(), Match.SAME),
        (SPEC, record(failed=True), Match.SAME),
        (SPEC, restore_record(flex_job(), PROJECT, "prod", "flex"), Match.SAME),
        (SPEC, record(snapshotId="a" * 24), Match.OTHER),
        (SPEC, record(targetClusterName="prod"), Match.OTHER),
        (SPEC, record(targetGroupId=OTHER_PROJECT), Match.OTHER),
        (SPEC, restore_record(job(), PROJECT, "shop", "dedicated"), Match.OTHER),
        (SPEC, restore_record(job(), OTHER_PROJECT, "prod", "dedicated"), Match.OTHER),
        (SPEC, to_point(), Match.OTHER),
        (SPEC, record(deliveryType="download"), Match.OTHER),
        (TO_POINT, to_point(pointInTimeUTCSeconds=POINT), Match.SAME),
        (TO_POINT, to_point(pointInTimeUTCSeconds=POINT + 1), Match.OTHER),
        (TO_POINT, to_point(), Match.UNCLEAR),
        (TO_POINT, record(), Match.OTHER),
    ],
)
def test_job_is_compared_with_the_requested_restore(spec: RestoreSpec, found: dict[str, Any], match: Match) -> None:
    assert spec.match(found) is match


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        (SPEC, f"Restore of snapshot {SNAPSHOT} of cluster prod into cluster staging"),
        (TO_POINT, f"Restore of cluster prod as of {iso(-600)} into cluster staging"),
        (ELSEWHERE, f"Restore of snapshot {SNAPSHOT} of cluster prod into cluster staging of project {OTHER_PROJECT}"),
        (
            RestoreSpec(PROJECT, "prod", OTHER_PROJECT, "staging", SNAPSHOT, target_project_name="Drill"),
            f"Restore of snapshot {SNAPSHOT} of cluster prod into cluster staging of project Drill",
        ),
    ],
)
def test_restore_is_named_by_source_and_target(spec: RestoreSpec, words: str) -> None:
    assert str(spec) == words


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (record(), str(SPEC)),
        (record(targetGroupId=OTHER_PROJECT), str(ELSEWHERE)),
        (to_point(pointInTimeUTCSeconds=POINT), str(TO_POINT)),
        (to_point(snapshotId=None), "Restore of a point in time of cluster prod into cluster staging"),
        (record(deliveryType="download", targetClusterName=None), f"Download of snapshot {SNAPSHOT} of cluster prod"),
    ],
)
def test_job_is_named_by_source_and_target(found: dict[str, Any], words: str) -> None:
    assert subject_of(found) == words


@pytest.mark.parametrize(
    ("given", "agrees"),
    [
        ({}, True),
        ({"snapshot_id": SNAPSHOT}, True),
        ({"target_cluster_name": "staging", "target_project_id": PROJECT}, True),
        ({"snapshot_id": "a" * 24}, False),
        ({"target_cluster_name": "prod"}, False),
        ({"target_project_id": OTHER_PROJECT}, False),
    ],
)
def test_options_given_with_a_job_must_agree_with_it(given: dict[str, Any], agrees: bool) -> None:
    wanted = RestoreSpec(**{**EMPTY, **given})

    assert wanted.agrees_with(record()) is agrees


@pytest.mark.parametrize(("seconds", "agrees"), [(POINT, True), (POINT + 1, False)])
def test_point_in_time_that_is_given_beside_a_job_has_to_agree_with_it(seconds: int, agrees: bool) -> None:
    wanted = RestoreSpec(**EMPTY, point_in_time=seconds)

    assert wanted.agrees_with(to_point(snapshotId=None, pointInTimeUTCSeconds=POINT)) is agrees


def test_restore_without_a_job_has_every_key() -> None:
    planned = TO_POINT.record()

    assert tuple(planned) == RECORD_KEYS
    assert (planned["id"], planned["status"], planned["snapshot_id"]) == (None, None, None)
    assert planned["point_in_time"] == iso(-600)
