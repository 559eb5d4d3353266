# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.digest import KeyPair
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.errors import (
    AtlasError,
    NoAnswer,
    NoDate,
    NotConnected,
    NotReachable,
    OutOfTime,
    RequestRefused,
    SnapshotTrouble,
)
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.service_account import ServiceAccount
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._attempts import Attempt, Failure, attempt_all
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._interruption import Interruption
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._snapshots.foresee import foresee_taking
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._snapshots.outcome import Outcome
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._snapshots.progress import Progress
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._snapshots.take import LAST_ANSWER, Taking
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._snapshots.take_plan import TakePlan
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._snapshots.wait import Pace
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.answers import (
    UNFINISHED,
    answer,
    challenge,
    html,
    ok,
    page,
    refused,
    token,
)
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.atlas import (
    BACKUPS_TYPE,
    BASE_URL,
    DESCRIPTION,
    V1,
    V2,
    cluster,
    sharded,
    snapshot,
    snapshots_path,
)
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.bench import Bench, play
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.loop import elapsed
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.script import (
    FOR_EVER,
    GET,
    POST,
    Script,
    lists,
    lists_sharded,
    look,
    look_sharded,
    nothing_listed,
    take,
)
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.simulated import Blow, SimulatedAtlas
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.times import minted, moment

ID, OTHER = minted(), minted(-100, 2)


def taking(other: Any, *, poll: float | None = 10.0, check_mode: bool = False, **asked: Any) -> Outcome:
    """The outcome of taking a snapshot of prod; asked: options of the plan and of play."""
    how = {name: asked.pop(name) for name in ("seconds", "credentials", "api_version") if name in asked}
    lines: list[str] = asked.pop("lines", [])
    plan = TakePlan(**{"description": DESCRIPTION, **asked})

    async def work(bench: Bench) -> Outcome:
        attempt, clock = Attempt("prod"), bench.client.clock
        try:
            if check_mode:
                return await foresee_taking(bench.api, attempt, plan, clock)
            pace = Pace(poll, Progress(1, lines.append))
            return await Taking(bench.api, attempt, plan, pace, budget=bench.budget, clock=clock).take()
        except AtlasError as error:
            failed = attempt.failure(error).error
            vars(failed).update(changed=attempt.changed)
            raise failed from None

    return play(other, work, **how)


def trouble(other: Any, kind: type[AtlasError] = AtlasError, **asked: Any) -> Any:
    """The error of the task; its attribute changed says whether a snapshot was taken."""
    with pytest.raises(kind) as caught:
        taking(other, **asked)
    return caught.value


def queued(**more: Any) -> Any:
    return ok(snapshot(**more))


def completed(**more: Any) -> Any:
    return ok(snapshot("completed", **more))


def other_one(status: str = "inProgress", **more: Any) -> dict[str, Any]:
    """A snapshot of another user, requested before this run began."""
    return snapshot(status, at=-100, number=2, **{"description": "Nightly", **more})


def test_post_comes_first_and_polls_follow() -> None:
    outcome = taking(Script(take(queued()), look(ID, ok(snapshot("inProgress"))), look(ID, completed())))

    assert (outcome.record["id"], outcome.record["status"]) == (ID, "completed")
    assert (outcome.changed, outcome.reused, outcome.before) == (True, False, None)


def test_one_request_without_wait() -> None:
    assert taking(Script(take(queued())), wait=False).record["status"] == "queued"


@pytest.mark.parametrize(
    ("asked", "body"),
    [
        ({}, {"description": DESCRIPTION}),
        ({"retention_in_days": 7}, {"description": DESCRIPTION, "retentionInDays": 7}),
        ({"description": None}, {}),
        ({"description": ""}, {"description": ""}),
    ],
)
def test_body_has_the_given_options(asked: dict[str, Any], body: dict[str, Any]) -> None:
    headers = {"Accept": BACKUPS_TYPE, "Content-Type": BACKUPS_TYPE, "Authorization": "Bearer given-token"}
    taking(Script(take(queued(), body=body, headers=headers)), wait=False, **asked)


def test_v1_requests_stay_on_v1() -> None:
    path = snapshots_path(root=V1)
    headers = {"Accept": "application/json"}
    script = Script(POST(path, queued(), headers=headers), GET(f"{path}/{ID}", completed(), headers=headers))

    assert taking(script, api_version="v1.0").record["status"] == "completed"


def test_sharded_cluster_may_answer_with_the_replica_set_type() -> None:
    atlas = SimulatedAtlas({"prod": {"topology": "SHARDED"}}, sharded_post_type="replicaSet")

    assert len(taking(atlas).record["members"]) == 3
    assert len(atlas.taken()) == 1


def test_sharded_type_in_the_answer_selects_the_sharded_endpoint() -> None:
    script = Script(take(ok(sharded("queued"))), look_sharded(ID, ok(sharded("completed"))))

    assert taking(script).record["members"]


def test_failed_snapshot_fails_the_task_with_its_id() -> None:
    error = trouble(Script(take(queued()), look(ID, ok(snapshot("failed")))), SnapshotTrouble)

    assert error.record["id"] == ID
    assert ID in error.message
    assert error.changed


def test_timeout_names_the_running_snapshot() -> None:
    atlas = SimulatedAtlas(in_progress_seconds=500.0)
    error = trouble(atlas, OutOfTime, seconds=60)

    assert [each.id for each in atlas.taken()] == [error.record["id"]]
    assert error.changed


def recent(status: str = "completed", **more: Any) -> dict[str, Any]:
    """A matching snapshot that is 600 s old, or, if completed, whose createdAt is 86 s later."""
    return snapshot(status, at=-600, number=3, **more)


@pytest.mark.parametrize("max_age", [514, 3600])
def test_max_age_lists_first_and_reuses_a_recent_snapshot(max_age: float) -> None:
    outcome = taking(Script(lists(page(recent()))), max_age=max_age)

    assert outcome.record["id"] == minted(-600, 3)
    assert (outcome.changed, outcome.reused) == (False, True)


# Invalid values in place of an id.
NO_IDS = [None, 5, 10**400, True, [], {}, "", "../..", "\x00\x1b[2J", "6a7944f2", "2026-11-26T20:00:00Z", "9" * 400]


@pytest.mark.parametrize("odd", NO_IDS)
@pytest.mark.parametrize("status", ["completed", "inProgress"])
def test_snapshot_with_an_invalid_id_is_not_reused(odd: Any, status: str) -> None:
    there = recent(status, id=odd)
    script = Script(lists(page(there)), lists_sharded(page()), take(queued()), look(ID, completed()))

    assert taking(script, max_age=600).record["id"] == ID


@pytest.mark.parametrize("odd", NO_IDS)
@pytest.mark.parametrize("if_in_progress", ["wait", "reuse", "fail"])
def test_unfinished_snapshot_with_an_invalid_id_counts_as_not_listed(odd: Any, if_in_progress: str) -> None:
    there = other_one(id=odd)
    script = Script(take(UNFINISHED), lists(page(there)), lists_sharded(page()), take(queued()), look(ID, completed()))

    assert taking(script, if_in_progress=if_in_progress).record["id"] == ID


@pytest.mark.parametrize("odd", [each for each in NO_IDS if each not in (None, [], {})])
def test_lost_answer_with_invalid_ids_in_the_list_fails_without_another_post(odd: Any) -> None:
    old, new = recent(id=odd, description="Nightly"), snapshot(id=odd)
    script = Script(take(refused(500, None)), lists(page(new, old)))

    assert "an unreadable id" in trouble(script).message


@pytest.mark.parametrize(
    "there",
    [
        recent(description="Nightly"),
        recent(snapshotType="scheduled", frequencyType="daily"),
        recent("failed"),
        snapshot("completed", at=-800, number=3),
    ],
)
def test_older_or_different_snapshot_is_not_reused(there: dict[str, Any]) -> None:
    script = Script(lists(page(there)), lists_sharded(page()), take(queued()), look(ID, completed()))

    assert taking(script, max_age=600).changed


def test_recent_snapshot_of_a_cluster_that_became_sharded_is_reused_despite_old_ones() -> None:
    old, young = snapshot("completed", at=-86400, number=4), sharded("completed", at=-600, number=3)
    script = Script(lists(page(old)), lists_sharded(page(young)))

    assert taking(script, max_age=600).record["id"] == minted(-600, 3)


@pytest.mark.parametrize("asked", [None, ""])
@pytest.mark.parametrize("there", [{"description": None}, {"description": ""}])
def test_null_missing_and_empty_descriptions_are_equal(asked: str | None, there: dict[str, Any]) -> None:
    assert taking(Script(lists(page(recent(**there)))), description=asked, max_age=600).reused


def test_newest_of_the_recent_snapshots_is_reused() -> None:
    older = snapshot("completed", at=-700, number=4)

    assert taking(Script(lists(page(older, recent()))), max_age=3600).record["id"] == minted(-600, 3)


@pytest.mark.parametrize("skew", [-86400, 86400 * 30])
def test_age_is_measured_by_atlas_clock(skew: float) -> None:
    there = snapshot("completed", at=skew - 600, number=3)

    assert taking(Script(lists(page(there)), skew=skew), max_age=600).reused


@pytest.mark.parametrize("if_in_progress", ["wait", "reuse", "fail"])
def test_running_match_within_max_age_is_waited_for_and_reused(if_in_progress: str) -> None:
    running = minted(-600, 3)
    script = Script(lists(page(recent("inProgress"))), look(running, ok(recent())))

    outcome = taking(script, max_age=1, if_in_progress=if_in_progress)

    assert (outcome.record["status"], outcome.reused) == ("completed", True)


@pytest.mark.parametrize("if_in_progress", ["wait", "reuse", "fail"])
def test_running_match_started_after_the_list_is_reused(if_in_progress: str) -> None:
    alike = other_one(description=DESCRIPTION)
    script = Script(
        *nothing_listed(), take(UNFINISHED), lists(page(alike)), look(OTHER, ok({**alike, "status": "completed"}))
    )

    outcome = taking(script, max_age=1, if_in_progress=if_in_progress)

    assert (outcome.record["id"], outcome.reused, outcome.changed) == (OTHER, True, False)


def test_failed_reused_snapshot_fails_the_task_with_its_id() -> None:
    script = Script(lists(page(recent("inProgress"))), look(minted(-600, 3), ok(recent("failed"))))
    error = trouble(script, SnapshotTrouble, max_age=600)

    assert error.record["id"] == minted(-600, 3)
    assert not error.changed


@pytest.mark.parametrize("description", ["Nightly", DESCRIPTION, None])
@pytest.mark.parametrize("ends", ["completed", "failed"])
def test_if_in_progress_wait_takes_a_snapshot_after_the_other_has_ended(description: str | None, ends: str) -> None:
    script = Script(
        take(UNFINISHED),
        lists(page(other_one(description=description))),
        look(OTHER, ok(other_one())),
        look(OTHER, ok(other_one(ends))),
        take(queued(at=20)),
        look(minted(20), completed(at=20)),
    )
    outcome = taking(script)

    assert (outcome.record["id"], outcome.changed, outcome.reused) == (minted(20), True, False)


def test_if_in_progress_wait_takes_a_snapshot_after_the_other_is_deleted() -> None:
    atlas = SimulatedAtlas(in_progress_seconds=30.0)
    other = atlas.has(description="Nightly")
    atlas.fault("passing_404", "poll", times=4)

    outcome = taking(atlas, poll=None)

    assert outcome.changed
    assert outcome.record["id"] != other.id
    # Two 404s in a row are believed at once, not after a minute.
    assert atlas.sent("take")[1] < 10


def test_if_in_progress_wait_waits_for_the_other_snapshot_without_wait_too() -> None:
    script = Script(
        take(UNFINISHED), lists(page(other_one())), look(OTHER, ok(other_one("completed"))), take(queued(at=10))
    )

    assert taking(script, wait=False).record["status"] == "queued"


def test_timeout_while_waiting_for_the_other_says_that_none_was_taken() -> None:
    script = Script(take(UNFINISHED), lists(page(other_one())), look(OTHER, ok(other_one())))
    error = trouble(script, OutOfTime, seconds=10)

    assert "no snapshot was taken" in error.message
    assert error.hint == "Allow more with wait_timeout, or use the other one with if_in_progress=reuse."
    assert error.record["id"] == OTHER
    assert not error.changed


def test_error_while_waiting_for_the_other_says_that_none_was_taken() -> None:
    script = Script(take(UNFINISHED), lists(page(other_one())), look(OTHER, refused(403, "ACCESS_FORBIDDEN")))
    error = trouble(script)

    assert f"Waiting for another on-demand snapshot, {OTHER}, failed, so no snapshot was taken: Atlas" in error.message
    assert "access list" in error.hint
    assert not error.changed


def test_match_that_ended_after_the_refusal_is_reused_with_max_age() -> None:
    script = Script(*nothing_listed(), take(UNFINISHED), lists(page(recent())))

    assert taking(script, max_age=3600).reused


@pytest.mark.parametrize("wait", [True, False])
def test_reuse_accepts_any_description(wait: bool) -> None:
    looks = [look(OTHER, ok(other_one("completed")))] if wait else []
    outcome = taking(Script(take(UNFINISHED), lists(page(other_one())), *looks), if_in_progress="reuse", wait=wait)

    assert (outcome.record["id"], outcome.changed, outcome.reused) == (OTHER, False, True)


def test_reused_snapshot_that_fails_fails_the_task_with_its_id() -> None:
    script = Script(take(UNFINISHED), lists(page(other_one())), look(OTHER, ok(other_one("failed"))))

    assert trouble(script, SnapshotTrouble, if_in_progress="reuse").record["id"] == OTHER


def test_fail_names_the_other_snapshot() -> None:
    error = trouble(Script(take(UNFINISHED), lists(page(other_one()))), SnapshotTrouble, if_in_progress="fail")

    assert OTHER in error.message
    assert (error.error_code, error.status_code, error.record["id"]) == ("UNFINISHED_ON_DEMAND_SNAPSHOT", 400, OTHER)


def test_scheduled_snapshots_do_not_block() -> None:
    scheduled = other_one(snapshotType="scheduled", frequencyType="daily")
    script = Script(
        take(UNFINISHED),
        lists(page(scheduled)),
        lists_sharded(page()),
        take(queued(at=1)),
        look(minted(1), completed(at=1)),
    )

    assert taking(script, if_in_progress="reuse").record["id"] == minted(1)


@pytest.mark.parametrize("if_in_progress", ["wait", "reuse"])
def test_refusal_without_a_listed_snapshot_backs_off_and_posts_again(if_in_progress: str) -> None:
    script = Script(
        take(UNFINISHED),
        *nothing_listed(),
        take(UNFINISHED),
        *nothing_listed(),
        take(queued(at=3)),
        look(minted(3), completed(at=3)),
    )

    outcome = taking(script, if_in_progress=if_in_progress)

    assert outcome.changed
    assert script.sent[3].at > 0


@pytest.mark.parametrize(("if_in_progress", "longest"), [("fail", 61), ("wait", 1001)])
def test_refusal_without_a_listed_snapshot_ends_in_time(if_in_progress: str, longest: float) -> None:
    atlas = SimulatedAtlas(in_progress_seconds=5000.0, list_lag_seconds=5000.0)
    atlas.has()
    error = trouble(atlas, RequestRefused, if_in_progress=if_in_progress, seconds=1000)

    assert error.error_code == "UNFINISHED_ON_DEMAND_SNAPSHOT"
    assert longest - 11 <= max(atlas.sent("take")) <= longest


LOST = {
    "hangs": {"gives": queued(), "takes": FOR_EVER},
    "breaks": {"gives": NoAnswer("The connection broke")},
    "503": {"gives": html(503)},
    "500": {"gives": refused(500, "UNEXPECTED_ERROR")},
    "cut": {"gives": answer(200, b'{"id": "6a80')},
    "no id": {"gives": ok({"status": "queued"})},
    "html 404": {"gives": html(404)},
    "html 400": {"gives": html(400)},
    "accepted": {"gives": answer(202, b"{}")},
    "created": {"gives": answer(201, b"")},
}
every_loss = pytest.mark.parametrize("lost", LOST.values(), ids=LOST)


@every_loss
def test_lost_answer_adopts_the_snapshot_it_created(lost: dict[str, Any]) -> None:
    outcome = taking(Script(take(**lost), lists(page(snapshot())), look(ID, completed())))

    assert (outcome.record["id"], outcome.changed, outcome.reused) == (ID, True, False)


@every_loss
def test_lost_answer_without_a_snapshot_posts_again(lost: dict[str, Any]) -> None:
    mine = snapshot(at=40, number=5)
    script = Script(
        take(**lost), *nothing_listed(), take(ok(mine)), look(mine["id"], ok({**mine, "status": "completed"}))
    )

    assert taking(script).record["id"] == mine["id"]


def test_job_of_the_first_lost_answer_is_adopted_after_the_second_one_too() -> None:
    script = Script(
        take(NoAnswer("reset"), takes=10), *nothing_listed(), take(NoAnswer("reset")), lists(page(snapshot()))
    )

    assert taking(script, wait=False).record["id"] == ID


def test_answer_about_an_older_snapshot_counts_as_lost() -> None:
    old = snapshot("completed", at=-100, number=9)
    script = Script(take(ok(old)), lists(page(snapshot(), old)))

    assert taking(script, wait=False).record["id"] == ID


def test_without_time_for_another_post_the_snapshot_of_the_lost_one_is_adopted() -> None:
    assert taking(Script(take(NoAnswer("reset")), lists(page(snapshot()))), seconds=0.3, wait=False).changed


def test_without_dates_the_id_of_the_new_snapshot_shows_the_time() -> None:
    async def work(bench: Bench) -> Any:
        clock = bench.client.clock
        plan = TakePlan(wait=False)
        await Taking(bench.api, Attempt("prod"), plan, Pace(10.0), budget=bench.budget, clock=clock).take()
        return clock.now()

    assert play(Script(take(queued()), dates=False), work) == moment(0)


NOT_OURS = {
    "too old": snapshot("completed", at=-10, number=9),
    "another description": snapshot(number=9, description="Nightly", status="completed"),
    "scheduled": snapshot(number=9, snapshotType="scheduled", frequencyType="daily", status="completed"),
}


@pytest.mark.parametrize("odd", ["not-an-id", "", None, 5, ["x"]], ids=repr)
def test_invalid_id_may_be_ours_so_no_second_snapshot_is_taken(odd: Any) -> None:
    script = Script(take(html(503)), lists(page(snapshot("completed", id=odd))))

    assert "unreadable id" in str(error := trouble(script))
    assert "may have been taken" in error.hint


@pytest.mark.parametrize("there", NOT_OURS.values(), ids=NOT_OURS)
def test_snapshot_of_another_user_is_not_adopted(there: dict[str, Any]) -> None:
    mine = snapshot(at=1, number=5)
    script = Script(
        take(html(503)),
        lists(page(there)),
        lists_sharded(page()),
        take(ok(mine)),
        look(mine["id"], ok({**mine, "status": "completed"})),
    )

    assert taking(script).record["id"] == mine["id"]


@pytest.mark.parametrize(("age", "ours"), [(-2, True), (-3, False), (0, True), (20, True)])
def test_snapshot_up_to_two_seconds_older_than_the_post_is_adopted(age: float, ours: bool) -> None:
    there = snapshot("completed", at=age, number=9)
    posted = [] if ours else [lists_sharded(page()), take(queued(at=40)), look(minted(40), completed(at=40))]

    outcome = taking(Script(take(NoAnswer("reset")), lists(page(there)), *posted))

    assert (outcome.record["id"] == there["id"]) is ours


@pytest.mark.parametrize("asked", [None, ""])
@pytest.mark.parametrize("shown", [{"description": None}, {"description": ""}])
def test_null_and_empty_descriptions_are_adopted_too(asked: str | None, shown: dict[str, Any]) -> None:
    script = Script(take(NoAnswer("reset")), lists(page(snapshot("completed", **shown))))

    assert taking(script, description=asked).changed


def test_first_of_two_candidates_is_adopted() -> None:
    first, second = snapshot("completed", at=1, number=7), snapshot("completed", at=200, number=8)

    outcome = taking(Script(take(NoAnswer("reset")), lists(page(second, first))))

    assert outcome.record["id"] == first["id"]


SKEWS = pytest.mark.parametrize("skew", [-86400.0, -5.0, 5.0, 86400.0 * 400])


@SKEWS
@pytest.mark.parametrize("fault", ["lost_answer", "hang_after", "reset"])
@pytest.mark.parametrize("credentials", ["token", "key pair", "service account"])
def test_lost_answer_takes_one_snapshot_whatever_the_offset_of_the_clock(
    skew: float, fault: str, credentials: str
) -> None:
    """With a bearer token, the POST is the very first request, so no Date is known before it."""
    atlas = SimulatedAtlas(clock_offset_seconds=skew)
    atlas.fault(fault, "take", **({"params": {"seconds": 3600.0}} if "hang" in fault else {}))
    owner = atlas.owner
    how: dict[str, Any] = {
        "token": {},
        "key pair": {"credentials": lambda _secrets: KeyPair(owner.public_key, owner.private_key)},
        "service account": {
            "credentials": lambda secrets: ServiceAccount(owner.client_id, owner.client_secret, BASE_URL, secrets)
        },
    }[credentials]

    outcome = taking(atlas, poll=None, **how)

    assert outcome.changed
    assert [each.id for each in atlas.cluster().snapshots] == [outcome.record["id"]]


def test_unfinished_refusal_after_a_lost_answer_is_our_own_first_snapshot() -> None:
    script = Script(
        take(NoAnswer("reset")), *nothing_listed(), take(UNFINISHED), lists(page(snapshot())), look(ID, completed())
    )

    outcome = taking(script, if_in_progress="fail")

    assert (outcome.record["id"], outcome.changed, outcome.reused) == (ID, True, False)


@pytest.mark.parametrize("lag", [2.0, 10.0, 30.0])
@pytest.mark.parametrize("if_in_progress", ["wait", "reuse", "fail"])
def test_one_snapshot_is_taken_although_the_list_lags(lag: float, if_in_progress: str) -> None:
    atlas = SimulatedAtlas(list_lag_seconds=lag, in_progress_seconds=60.0)
    atlas.fault("lost_answer", "take")

    assert taking(atlas, poll=None, if_in_progress=if_in_progress).changed
    assert len(atlas.taken()) == 1


def test_snapshot_of_a_lost_answer_is_adopted_from_a_list_that_took_long() -> None:
    script = Script(take(NoAnswer("reset")), lists(page(snapshot()), takes=10), look(ID, completed()))

    assert taking(script).record["id"] == ID


def test_snapshot_of_a_lost_answer_that_appears_after_the_wait_for_another_is_adopted() -> None:
    script = Script(
        take(NoAnswer("reset")),
        *nothing_listed(),
        take(UNFINISHED),
        lists(page(other_one())),
        look(OTHER, ok(other_one("completed"))),
        lists(page(snapshot("inProgress"), other_one("completed"))),
        look(ID, completed()),
    )

    assert taking(script).record["id"] == ID


def test_ended_snapshot_of_a_lost_answer_is_adopted_while_another_one_runs() -> None:
    script = Script(
        take(NoAnswer("reset")),
        *nothing_listed(),
        take(UNFINISHED),
        lists(page(snapshot("completed"), other_one())),
    )

    assert taking(script).record["id"] == ID


@pytest.mark.parametrize("own", [True, False])
def test_errors_of_polls_are_retried_for_longer_than_a_minute(own: bool) -> None:
    refused_first = [] if own else [Blow()] * 2
    atlas = SimulatedAtlas(
        None, [Blow(), *refused_first, *[Blow("status")] * 20], queued_seconds=1.0, in_progress_seconds=60.0
    )
    if not own:
        atlas.has(taken_at=-5)

    assert taking(atlas).record["status"] == "completed"
    assert max(atlas.sent()) > 90


def test_failure_after_the_other_snapshot_has_ended_does_not_name_it() -> None:
    script = Script(
        take(UNFINISHED),
        lists(page(other_one())),
        look(OTHER, ok(other_one("completed"))),
        take(refused(403, "ACCESS_FORBIDDEN")),
    )
    error = trouble(script, RequestRefused)

    assert (error.record, error.changed) == (None, False)


def test_progress_names_the_other_snapshot_as_another_one() -> None:
    lines: list[str] = []
    script = Script(
        take(UNFINISHED),
        lists(page(other_one())),
        look(OTHER, ok(other_one("completed"))),
        take(queued()),
        look(ID, completed()),
    )
    taking(script, lines=lines)

    assert [line.partition(",")[0] for line in lines] == [
        "prod: waiting for another snapshot: inProgress",
        "prod: waiting for another snapshot: completed",
        "prod: queued",
        "prod: completed",
    ]


def test_lost_answer_after_waiting_for_another_user_adopts_its_own() -> None:
    atlas = SimulatedAtlas(in_progress_seconds=60.0)
    other = atlas.has(taken_at=-30, description=DESCRIPTION)
    atlas.fault("lost_answer", "take", skip=1)

    outcome = taking(atlas, poll=None)

    assert outcome.record["id"] != other.id
    assert [each.id for each in atlas.taken()] == [outcome.record["id"]]


@pytest.mark.parametrize(
    "nothing_done",
    [
        {"gives": NotConnected("refused")},
        {"gives": refused(429, "RATE_LIMITED")},
        {"gives": html(429)},
        {"gives": refused(405, "WRITES_NOT_ALLOWED_DURING_APP_UPGRADES")},
    ],
)
def test_post_is_repeated_without_a_list_if_atlas_surely_did_nothing(nothing_done: dict[str, Any]) -> None:
    assert taking(Script(take(**nothing_done), take(queued(at=1))), wait=False).record["id"] == minted(1)


@pytest.mark.parametrize(
    "final",
    [
        refused(400, "VALIDATION_ERROR"),
        refused(402, "ACCOUNT_SUSPENDED"),
        refused(403, "ACCESS_FORBIDDEN"),
        refused(404, "CLUSTER_NOT_FOUND"),
        refused(409, "CANNOT_UPDATE_PAUSED_CLUSTER"),
        refused(401),
        html(401),
        refused(405, "METHOD_NOT_ALLOWED"),
        html(406),
        html(410),
        NotReachable("The host name does not resolve"),
    ],
)
def test_final_refusal_is_the_only_request(final: Any) -> None:
    error = trouble(Script(take(final)))

    assert not error.changed
    assert error.record is None
    assert "may have been taken" not in str(error)


def test_snapshot_that_only_the_list_shows_is_not_gone() -> None:
    atlas = SimulatedAtlas(get_lag_seconds=10)
    atlas.fault("lost_answer", "take")

    assert taking(atlas, poll=None).record["status"] == "completed"
    assert len(atlas.taken()) == 1


@pytest.mark.parametrize("there", [snapshot(), snapshot("completed")])
def test_lost_answer_without_a_clock_fails_instead_of_a_second_post(there: dict[str, Any]) -> None:
    error = trouble(Script(take(NoAnswer("reset")), lists(page(there)), dates=False), NoDate)

    assert error.record["id"] == ID
    assert "A snapshot may have been taken. Before you run this again, check" in str(error)


def test_completed_snapshot_is_not_reused_without_a_clock() -> None:
    error = trouble(Script(lists(page(snapshot("completed"))), dates=False), NoDate, max_age=3600)

    assert error.record["id"] == ID


def test_running_match_is_reused_without_a_clock() -> None:
    assert taking(Script(lists(page(snapshot())), dates=False), max_age=3600, wait=False).reused


def test_redirect_is_final_and_its_snapshot_is_searched() -> None:
    redirect = answer(302, location="https://login.example")

    assert taking(Script(take(redirect), lists(page(snapshot()))), wait=False).changed
    error = trouble(Script(take(redirect), lists(page()), lists_sharded(page())))
    assert "login.example" in error.message
    assert "may have been taken" in error.hint


@pytest.mark.parametrize("final", [refused(403, "ACCESS_FORBIDDEN"), refused(401), NotReachable("No DNS")])
def test_failed_list_reports_the_uncertain_outcome(final: Any) -> None:
    error = trouble(Script(take(NoAnswer("reset")), lists(final)))

    assert "A snapshot may have been taken" in str(error)
    assert not error.changed


def test_endless_errors_are_given_up_after_60_s_with_the_uncertain_outcome() -> None:
    atlas = SimulatedAtlas()
    atlas.fault("reset", times=None)
    error = trouble(atlas, NoAnswer)

    assert 30 <= max(atlas.sent()) <= 121
    assert "may have been taken" in str(error)


def test_deadline_during_the_list_ends_with_the_last_answer_to_the_post() -> None:
    passing = refused(503, "UNEXPECTED_ERROR", retry_after="9")
    script = Script(take(passing), lists(page(), takes=1), lists_sharded(page(), takes=1))
    error = trouble(script, RequestRefused, seconds=10)

    assert (error.status_code, error.error_code) == (503, "UNEXPECTED_ERROR")
    assert "A snapshot may have been taken." in str(error)


def test_no_request_is_sent_after_the_deadline() -> None:
    atlas = SimulatedAtlas()
    atlas.fault("status", times=None, params={"status": 503})
    trouble(atlas, seconds=20)

    assert max(atlas.sent(method="POST")) <= 20
    assert max(atlas.sent()) <= 20.1


@pytest.mark.parametrize("asked", [61, 3000])
def test_retry_after_beyond_the_time_left_ends_the_task(asked: int) -> None:
    error = trouble(Script(take(refused(429, "RATE_LIMITED", retry_after=str(asked)))), seconds=60)

    assert f"{asked} s" in error.message


def test_retry_after_is_obeyed() -> None:
    script = Script(take(refused(429, "RATE_LIMITED", retry_after="17")), take(queued(at=17)))
    taking(script, wait=False)

    assert script.sent[1].at == 17


def test_key_pair_needs_one_challenge() -> None:
    script = Script(take(challenge()), take(queued()), look(ID, completed()))

    taking(script, credentials=lambda _secrets: KeyPair("key", "secret"))


def test_service_account_needs_one_token() -> None:
    script = Script(POST("/api/oauth/token", token()), take(queued()), look(ID, completed()))

    taking(script, credentials=lambda secrets: ServiceAccount("id", "secret", BASE_URL, secrets))


def test_service_account_renews_its_token_during_a_long_wait() -> None:
    atlas = SimulatedAtlas(in_progress_seconds=9000.0)
    owner = atlas.owner

    outcome = taking(
        atlas,
        poll=None,
        seconds=10000,
        credentials=lambda secrets: ServiceAccount(owner.client_id, owner.client_secret, BASE_URL, secrets),
    )

    assert outcome.record["status"] == "completed"
    assert len(atlas.sent("token")) == 3


CLUSTER = f"{V2}/clusters/prod"


def foreseen(*steps: Any, **asked: Any) -> Outcome:
    return taking(Script(*steps), check_mode=True, **asked)


@pytest.mark.parametrize(("topology", "kind"), [("REPLICASET", "replicaSet"), ("GEOSHARDED", "shardedCluster")])
def test_check_mode_reads_only_and_shows_the_new_snapshot(topology: str, kind: str) -> None:
    outcome = foreseen(GET(CLUSTER, ok(cluster(topology=topology))), *nothing_listed())

    known = {key: value for key, value in outcome.record.items() if value is not None}
    assert outcome.changed
    assert known.pop("project_id")
    assert known == {
        "cluster_name": "prod",
        "cluster_type": "dedicated",
        "description": DESCRIPTION,
        "snapshot_type": "onDemand",
        "type": kind,
    }


@pytest.mark.parametrize(
    ("shown", "words"),
    [
        (cluster(paused=True), "paused"),
        (cluster(backupEnabled=False), "switched off"),
        (cluster("M0", "TENANT"), "no backups at all"),
        (cluster("M2", "TENANT"), "tenant cluster"),
    ],
)
def test_check_mode_fails_like_the_real_run(shown: dict[str, Any], words: str) -> None:
    with pytest.raises(AtlasError, match=words):
        foreseen(GET(CLUSTER, ok(shown)))


def test_check_mode_shows_the_other_snapshot() -> None:
    steps = (GET(CLUSTER, ok(cluster())), lists(page(other_one())))
    with pytest.raises(SnapshotTrouble, match=OTHER):
        foreseen(*steps, if_in_progress="fail")

    reused = foreseen(*steps, if_in_progress="reuse")
    assert (reused.record["id"], reused.reused, reused.changed) == (OTHER, True, False)
    assert foreseen(*steps, if_in_progress="wait").changed


def test_check_mode_shows_the_reused_snapshot() -> None:
    # The cluster itself is not requested, so it may be paused or deleted.
    outcome = foreseen(lists(page(recent())), max_age=3600)

    assert (outcome.record["id"], outcome.changed, outcome.reused) == (minted(-600, 3), False, True)


def interrupted(other: Any, at: float) -> Failure:
    """The failure of a task that a signal ends at this second."""

    async def work(bench: Bench) -> Failure:
        interruption = Interruption(lambda: False)
        clock = bench.client.clock

        async def take_it(attempt: Attempt) -> Outcome:
            plan = TakePlan(description=DESCRIPTION)
            return await Taking(bench.api, attempt, plan, Pace(10.0), budget=bench.budget, clock=clock).take()

        asyncio.get_running_loop().call_later(at, interruption.interrupt, "SIGTERM has ended this module")
        found = await interruption.run(attempt_all([Attempt("prod")], take_it, interruption))
        assert isinstance(found[0], Failure)
        assert "SIGTERM" in str(found[0].error)
        assert elapsed() <= at + LAST_ANSWER
        return found[0]

    return play(other, work)


def test_signal_during_a_post_waits_for_the_id_in_its_answer() -> None:
    failure = interrupted(Script(take(queued(), takes=3)), at=1)

    assert (failure.changed, (failure.error.record or {})["id"]) == (True, ID)
    assert "may have been taken" not in str(failure.error)


def test_signal_during_a_hanging_post_leaves_the_outcome_uncertain() -> None:
    failure = interrupted(Script(take(queued(), takes=FOR_EVER)), at=1)

    assert (failure.changed, failure.error.record) == (False, None)
    assert "may have been taken" in str(failure.error)


def test_signal_before_a_refusal_arrives_leaves_a_certain_outcome() -> None:
    failure = interrupted(Script(take(refused(403, "USER_UNAUTHORIZED"), takes=3)), at=1)

    assert "may have been taken" not in str(failure.error)


def test_signal_during_the_wait_names_the_snapshot() -> None:
    failure = interrupted(Script(take(queued())), at=5)

    assert (failure.changed, (failure.error.record or {})["id"]) == (True, ID)
    assert str(failure.error) == "SIGTERM has ended this module. Run this again to continue."


def test_signal_while_waiting_for_another_snapshot_names_that_one() -> None:
    script = Script(take(UNFINISHED), lists(page(other_one())))
    failure = interrupted(script, at=5)

    assert (failure.changed, (failure.error.record or {})["id"]) == (False, OTHER)
