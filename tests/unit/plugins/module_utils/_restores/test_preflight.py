# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.errors import NoAnswer, RequestRefused
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._restores.judgement import Holds, Judgement
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._restores.preflight import (
    Facts,
    judge,
    needs_others,
)
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._restores.records import restore_record
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._restores.spec import RestoreSpec
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._restores.target import dedicated_target, flex_target
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._snapshots.records import snapshot_record
from ansible_collections.mongodb_atlas.backup.tests.simulator.problems import CATALOGUE
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.atlas import PROJECT, automatic, snapshot
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.fuzz import documents, quick
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.restores import (
    SNAPSHOT,
    flex_document,
    job,
    target_document,
)
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.times import iso, minted, moment

HOUR, DAY = 3600.0, 86400.0
NOW = moment(0)
POINT = int(moment(-600).timestamp())
SPEC = RestoreSpec(PROJECT, "prod", PROJECT, "staging", snapshot_id=SNAPSHOT)
TO_POINT = RestoreSpec(PROJECT, "prod", PROJECT, "staging", point_in_time=POINT)
TARGET = dedicated_target(target_document(), PROJECT)
SOURCE = dedicated_target(target_document(name="prod"), PROJECT)


def taken(at: float = -HOUR, number: int = 7, status: str = "completed", **more: Any) -> dict[str, Any]:
    return snapshot_record(snapshot(status, at, number, **more), PROJECT, "prod", "dedicated")


FACTS = Facts(target=TARGET, jobs=[], snapshot=taken())
POINT_FACTS = Facts(target=TARGET, jobs=[], source=SOURCE, window_days=7)


def judged(now: Any = NOW, spec: RestoreSpec = SPEC, facts: Facts = FACTS, **facts_or_more: Any) -> Judgement:
    more = {key: facts_or_more.pop(key) for key in ("max_age", "assured_for") if key in facts_or_more}
    return judge(spec, replace(facts, **facts_or_more), now, **more)


def to_point(now: Any = NOW, seconds: int = POINT, **facts: Any) -> Judgement:
    return judged(now, replace(TO_POINT, point_in_time=seconds), POINT_FACTS, **facts)


def said(judgement: Judgement) -> list[str]:
    return [str(problem.error) for problem in judgement.problems]


def test_matching_restore_has_no_problem() -> None:
    assert judged() == Judgement()


@pytest.mark.parametrize(
    "judgement",
    [
        judged(snapshot=None),
        judged(snapshot=taken(status="queued")),
        judged(target=dedicated_target(target_document(paused=True), PROJECT)),
        to_point(window_days=0),
        to_point(source=dedicated_target(target_document(name="prod", pitEnabled=False), PROJECT)),
    ],
    ids=["missing", "unfinished", "paused", "too early", "no continuous backup"],
)
def test_foreseen_refusal_has_the_code_and_status_of_atlas(judgement: Judgement) -> None:
    (problem,) = judgement.problems
    assert problem.error.error_code is not None
    assert problem.error.status_code == CATALOGUE[problem.error.error_code][0]


def test_missing_snapshot_names_the_newest_assured_older_one() -> None:
    others = [
        taken(at=-HOUR / 2, number=8),
        taken(at=-3 * HOUR, number=1),
        taken(at=-2 * HOUR, number=2),
        taken(at=-1.5 * HOUR, number=3, expiresAt=iso(HOUR - 1)),
        taken(at=-1.6 * HOUR, number=4, status="failed"),
    ]
    result = judged(snapshot=None, others=others)

    (problem,) = result.problems
    assert "does not exist" in str(problem.error)
    assert f"Restore snapshot {minted(-2 * HOUR, 2)} of {iso(-2 * HOUR + 86)} instead" in problem.error.hint
    assert (problem.error.status_code, problem.error.error_code) == (404, "SNAPSHOT_NOT_FOUND")
    assert problem.holds is Holds.OLD_DATA


def test_missing_snapshot_without_an_older_assured_one_proposes_none() -> None:
    (text,) = said(judged(snapshot=None, others=[taken(at=-60, number=8)]))

    assert "no older one of this cluster is assured" in text


def test_older_snapshot_is_chosen_by_the_time_of_its_data() -> None:
    earlier_data = taken(at=-HOUR - 50, number=2)
    (text,) = said(judged(snapshot=taken(expiresAt=iso(60)), others=[earlier_data]))

    assert f"Restore snapshot {earlier_data['id']}" in text


@pytest.mark.parametrize(
    ("unclear", "words"), [({"expiresAt": None}, iso(-2 * HOUR + 86)), ({"createdAt": None}, "unknown")]
)
def test_older_snapshot_with_an_unknown_time_is_proposed_too(unclear: dict[str, Any], words: str) -> None:
    (text,) = said(judged(snapshot=None, others=[taken(at=-2 * HOUR, number=2, **unclear)]))

    assert f"Restore snapshot {minted(-2 * HOUR, 2)}" in text
    assert words in text


def test_without_atlas_clock_no_other_snapshot_is_proposed() -> None:
    text = said(judged(now=None, snapshot=None, others=[taken(at=-2 * HOUR, number=2)]))[0]

    assert "no older one of this cluster is assured" in text


def test_snapshot_that_cannot_be_read_is_a_problem() -> None:
    (text,) = said(judged(snapshot=RequestRefused(401, error_code="USER_UNAUTHORIZED")))

    assert f"Snapshot {SNAPSHOT} of cluster prod cannot be read" in text


@pytest.mark.parametrize(
    ("found", "needed"),
    [
        (None, True),
        (taken(), False),
        (taken(status="failed"), True),
        (taken(status="inProgress"), False),
        (taken(expiresAt=iso(60)), True),
        # Unknown here, so it is left to Atlas to refuse it.
        (taken(expiresAt=None), False),
        (snapshot_record(automatic(status="FAILED"), PROJECT, "prod", "tenant"), False),
    ],
)
def test_others_are_listed_only_for_a_problem_that_names_another_one(
    found: dict[str, Any] | None, needed: bool
) -> None:
    assert needs_others(found, NOW, HOUR) is needed


@pytest.mark.parametrize(("expires", "problems"), [(HOUR, 0), (HOUR - 1, 1), (-5, 1)])
def test_snapshot_must_exist_for_the_next_hour(expires: float, problems: int) -> None:
    result = judged(snapshot=taken(expiresAt=iso(expires)), others=[taken(at=-2 * HOUR, number=2)])

    assert len(result.problems) == problems
    if problems:
        assert f"expires at {iso(expires)}" in said(result)[0]
        assert f"Restore snapshot {minted(-2 * HOUR, 2)}" in said(result)[0]


def test_caller_may_require_a_longer_lifetime() -> None:
    until = taken(expiresAt=iso(4 * HOUR - 1))

    assert not judged(snapshot=until).problems
    assert judged(snapshot=until, assured_for=4 * HOUR).problems


@pytest.mark.parametrize("status", ["queued", "inProgress", "hibernating"])
def test_unfinished_snapshot_suggests_waiting(status: str) -> None:
    (problem,) = judged(snapshot=taken(status=status)).problems

    assert f"is {status}, not completed" in str(problem.error)
    assert problem.error.hint.startswith("Wait for it with atlas_snapshot")


def test_failed_snapshot_is_a_problem() -> None:
    (text,) = said(judged(snapshot=taken(status="failed"), others=[taken(at=-2 * HOUR, number=2)]))

    assert "failed" in text
    assert minted(-2 * HOUR, 2) in text


def test_empty_snapshot_is_a_problem() -> None:
    assert "size is 0" in said(judged(snapshot=taken(storageSizeBytes=0)))[0]


@pytest.mark.parametrize("unclear", [{"expiresAt": None}, {"expiresAt": "soon"}, {"storageSizeBytes": "big"}])
def test_unclear_expiry_or_size_is_a_warning(unclear: dict[str, Any]) -> None:
    result = judged(snapshot=taken(**unclear))

    assert not result.problems
    assert len(result.lines) == 1


def test_tenant_snapshot_cannot_be_restored() -> None:
    tenant = snapshot_record(automatic(), PROJECT, "prod", "tenant")

    assert "tenant" in said(judged(snapshot=tenant))[0]


def test_flex_snapshot_without_a_size_is_accepted() -> None:
    flex = snapshot_record(automatic(at=-HOUR), PROJECT, "prod", "flex")

    assert judged(snapshot=flex, target=flex_target(flex_document(), PROJECT)) == Judgement()


def test_expiry_is_not_checked_without_a_clock() -> None:
    (text,) = said(judged(now=None))

    assert "had a Date" in text


def test_without_atlas_clock_an_expiry_that_is_not_known_is_no_problem() -> None:
    assert not judged(now=None, snapshot=taken(expiresAt=None)).problems


def test_point_in_time_within_the_window_is_accepted() -> None:
    assert not to_point().problems


@pytest.mark.parametrize(("seconds", "problems"), [(0, 0), (1, 1), (-7 * DAY, 0), (-7 * DAY - 1, 1)])
def test_point_in_time_must_be_past_and_within_the_window(seconds: float, problems: int) -> None:
    assert len(to_point(seconds=int(moment(seconds).timestamp())).problems) == problems


@pytest.mark.parametrize(
    ("source", "problems"),
    [
        (SOURCE, 0),
        (dedicated_target(target_document(pitEnabled=False), PROJECT), 1),
        (dedicated_target(target_document(pitEnabled=None), PROJECT), 0),
        (flex_target(flex_document(), PROJECT), 1),
        # Deleted, or not readable.
        (None, 0),
        (RequestRefused(404, error_code="CLUSTER_NOT_FOUND"), 0),
    ],
)
def test_point_in_time_needs_continuous_backup_if_the_source_is_readable(source: Any, problems: int) -> None:
    assert len(to_point(source=source).problems) == problems


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (None, "the source cannot be read"),
        (dedicated_target(target_document(pitEnabled=None), PROJECT), "does not say whether the source"),
    ],
)
def test_unknown_continuous_backup_of_the_source_is_a_warning(source: Any, words: str) -> None:
    assert words in "".join(to_point(source=source).lines)
    assert words not in "".join(to_point().lines)


def test_flex_source_has_no_points_in_time() -> None:
    (text,) = said(to_point(source=flex_target({**flex_document(), "pitEnabled": False}, PROJECT)))

    assert "The source is a flex cluster" in text


@pytest.mark.parametrize(("name", "lines"), [("staging", 1), ("prod", 0)])
def test_fit_of_a_point_in_time_is_uncertain_for_another_cluster_only(name: str, lines: int) -> None:
    spec = replace(TO_POINT, target_cluster_name=name)

    assert len(judged(spec=spec, facts=POINT_FACTS).lines) == lines


def test_unknown_restore_window_is_a_warning() -> None:
    result = to_point(seconds=int(moment(-400 * DAY).timestamp()), window_days=None)

    assert not result.problems
    assert any("the restore window of the source is unknown" in line for line in result.lines)


def test_point_in_time_is_not_checked_without_a_clock() -> None:
    assert "had a Date" in said(to_point(now=None))[0]


def test_point_in_time_is_refused_for_a_flex_target() -> None:
    assert "flex cluster" in said(to_point(target=flex_target(flex_document(), PROJECT)))[0]


# The target, and combinations.


def test_missing_target_has_no_data() -> None:
    (problem,) = judged(target=RequestRefused(404, error_code="CLUSTER_NOT_FOUND")).problems

    assert "The target, cluster staging, cannot be read" in str(problem.error)
    assert problem.holds is Holds.NOTHING


def test_target_that_cannot_be_read_still_has_its_old_data() -> None:
    (problem,) = judged(target=RequestRefused(403, error_code="ACCESS_FORBIDDEN")).problems

    assert problem.holds is Holds.OLD_DATA


def test_snapshot_has_to_fit_the_target() -> None:
    sharded = dedicated_target(target_document("SHARDED", shards=2), PROJECT)

    assert "the target is a sharded cluster" in said(judged(target=sharded))[0]


def test_target_in_another_project_is_named_with_project_and_roles() -> None:
    spec = replace(SPEC, target_project_id="f" * 24, target_project_name="Drill")
    (problem,) = judged(spec=spec, target=RequestRefused(401, error_code="NOT_IN_GROUP")).problems

    assert "cluster staging of project Drill" in str(problem.error)
    assert "the projects of both the source and the target" in problem.error.hint


def test_running_snapshot_in_progress_on_the_target_is_a_warning() -> None:
    result = judged(target_snapshots=[taken(), taken(number=8, status="inProgress")])

    assert not result.problems
    assert "being taken" in result.lines[0]
    assert not judged(target_snapshots=[taken()]).lines


def test_every_problem_is_reported_at_once() -> None:
    result = judged(
        snapshot=None,
        target=dedicated_target(target_document(paused=True, stateName="DELETING"), PROJECT),
        jobs=[restore_record(job(snapshotId=minted(number=9)), PROJECT, "prod", "dedicated")],
    )

    assert len(result.problems) == 4


def test_same_error_of_every_read_is_one_problem() -> None:
    silence = NoAnswer("No answer within 30 s", "Check the network.")
    result = judged(snapshot=silence, target=silence, jobs=silence)

    assert len(result.problems) == 1


def test_running_same_restore_makes_other_checks_unnecessary() -> None:
    running = restore_record(job(-60), PROJECT, "prod", "dedicated")
    result = judged(
        jobs=[running], snapshot=None, target=dedicated_target(target_document(stateName="DELETING"), PROJECT)
    )

    assert result.existing == running
    assert not result.problems


@quick
@given(documents(*snapshot("completed"), "members"), documents(*target_document()), documents(*job(), "finishedAt"))
def test_any_document_can_be_judged(restored: dict[str, Any], into: dict[str, Any], earlier: dict[str, Any]) -> None:
    record = snapshot_record(restored, PROJECT, "prod", "dedicated")
    jobs = [restore_record({**job(), **earlier}, PROJECT, "prod", "dedicated")]
    target = dedicated_target(into, PROJECT)

    for snapshot_or_none in (record, None):
        judged(snapshot=snapshot_or_none, others=[record], target=target, jobs=jobs, max_age=60)
    to_point(source=target, target=target, jobs=jobs)
