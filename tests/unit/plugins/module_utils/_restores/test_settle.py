# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import itertools
from typing import Any

import pytest

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.messages import Answer
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._restores.records import restore_record
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._restores.settle import Settled, look_until_idle
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._snapshots.wait import Pace
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.answers import (
    FLEX_IN_CLUSTER_API,
    NO_SUCH_CLUSTER,
    html,
    ok,
    refused,
)
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.atlas import PROJECT, V2
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.bench import Bench, play
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.restores import (
    flex_document,
    flex_job,
    job,
    target_document,
)
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.script import GET, Script, Step
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.simulated import SimulatedAtlas
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.times import iso

RECORD = restore_record(job(finishedAt=iso(5)), PROJECT, "prod", "dedicated")
FLEX_RECORD = restore_record(flex_job("COMPLETED"), PROJECT, "prod", "flex")


def settled(other: Any, record: dict[str, Any] | None = None, seconds: float = 3600.0) -> Settled:
    async def work(bench: Bench) -> Settled:
        return await look_until_idle(bench.client, record or RECORD, bench.deadline, Pace())

    return play(other, work, seconds=seconds)


def look(gives: Answer) -> Step:
    return GET(f"{V2}/clusters/staging", gives)


def state(name: str | None) -> Answer:
    return ok(target_document(stateName=name))


def test_idle_target_is_read_once() -> None:
    assert settled(Script(look(state("IDLE")))) == Settled("IDLE")


def test_busy_target_is_polled_until_it_is_idle() -> None:
    steps = [look(state(name)) for name in ("UPDATING", "REPAIRING", "RESTORING", None, "IDLE")]

    assert settled(Script(*steps)) == Settled("IDLE")


def test_flex_target_is_read_at_the_flex_endpoint() -> None:
    assert settled(Script(GET(f"{V2}/flexClusters/staging", ok(flex_document()))), FLEX_RECORD).state == "IDLE"


def test_target_that_became_flex_is_found() -> None:
    steps = look(FLEX_IN_CLUSTER_API), GET(f"{V2}/flexClusters/staging", ok(flex_document()))

    assert settled(Script(*steps)).state == "IDLE"


@pytest.mark.parametrize(("seconds", "least", "most"), [(3600.0, 600, 631), (60.0, 60, 91)])
def test_wait_for_the_target_has_a_limit_of_ten_minutes_and_the_deadline(
    seconds: float, least: float, most: float
) -> None:
    atlas = SimulatedAtlas({"staging": {"state": "UPDATING"}})
    result = settled(atlas, seconds=seconds)

    assert result.state == "UPDATING"
    assert "is UPDATING, not IDLE" in result.warning
    assert least <= atlas.sent("cluster")[-1] <= most


def test_busy_target_is_polled_with_backoff() -> None:
    atlas = SimulatedAtlas({"staging": {"state": "UPDATING"}})
    settled(atlas)
    looks = atlas.sent("cluster")

    assert all(later - earlier >= 1.0 for earlier, later in itertools.pairwise(looks[:-1]))
    assert len(looks) < 300


def test_status_404_at_the_last_poll_is_a_warning() -> None:
    assert settled(Script(look(NO_SUCH_CLUSTER)), seconds=0.0).warning


@pytest.mark.parametrize("gives", [refused(401, "NOT_IN_GROUP"), refused(403, "ACCESS_FORBIDDEN")])
def test_unreadable_target_is_a_warning_at_once(gives: Answer) -> None:
    result = settled(Script(look(gives)))

    assert result.state is None
    assert "is completed" in result.warning
    assert "could not be read" in result.warning


def test_single_404_is_ignored_and_the_second_is_a_warning() -> None:
    assert settled(Script(look(NO_SUCH_CLUSTER), look(state("IDLE")))) == Settled("IDLE")
    assert "could not be read" in settled(Script(look(NO_SUCH_CLUSTER), look(NO_SUCH_CLUSTER))).warning


def test_temporary_error_is_retried() -> None:
    assert settled(Script(look(html(503)), look(state("IDLE")))) == Settled("IDLE")


def test_permanent_error_is_a_warning() -> None:
    atlas = SimulatedAtlas({"staging": {}})
    atlas.fault("status", "cluster", times=None, params={"status": 503})

    assert "could not be read" in settled(atlas).warning
