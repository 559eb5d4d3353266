# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.errors import NoAnswer, RequestRefused
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._restores.judgement import Holds
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._restores.plan import (
    SeenOfTargets,
    targets_with_a_job,
)
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._restores.plan_lines import plan_result
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._restores.preflight import Facts
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.rollback import (
    HOUR,
    NOW,
    backup,
    before_rollback,
    done,
    facts,
    flex_backup,
    job,
    planned,
    target,
)
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.times import iso

PROD, SHOP, BEND = backup("prod", number=1), backup("shop", number=2), flex_backup()
ALL = frozenset({"prod", "shop", "bend"})


def messages(*known: Facts, **options: Any) -> list[str]:
    return [problem.msg for problem in planned(*known, **options)[1].problems]


def result(*known: Facts, **options: Any) -> dict[str, Any]:
    asked, plan = planned(*known, **{"confirm": ALL, **options})
    assert plan.problems == []
    return plan_result(asked, plan, NOW)


def test_plan_keeps_the_order_of_the_snapshots_and_takes_safety_snapshots_of_dedicated_clusters() -> None:
    found = result(facts(SHOP), facts(BEND), facts(PROD))
    assert "failed" not in found
    assert [(each["cluster_name"], each["snapshot_id"]) for each in found["restores"]] == [
        ("shop", SHOP["id"]),
        ("bend", BEND["id"]),
        ("prod", PROD["id"]),
    ]
    assert found["take_first"] == ["shop", "prod"]
    assert found["kept_first"] == []
    assert [(each["id"], each["status"]) for each in found["planned"]] == [(None, None)] * 3


def test_plan_shows_source_target_and_lost_data() -> None:
    lines = "\n".join(result(facts(PROD), facts(BEND), targets={"prod": "prod"})["lines"])
    for words in (
        "OVERWRITTEN",
        PROD["id"],
        "58 min",
        "Everything written to these targets since the snapshots is lost",
        "Stop everything that writes to the targets first: no backup contains what is written after the safety",
        "MongoDB version, tier and settings stay",
        "bend: no safety snapshot can be taken of a flex cluster",
    ):
        assert words in lines


@pytest.mark.parametrize(
    ("confirm", "missing"), [(set(), "prod, shop"), ({"prod"}, "shop"), ({"PROD", "shops", "prod"}, "shop")]
)
def test_incomplete_confirmation_fails_with_the_plan_and_the_option(confirm: set[str], missing: str) -> None:
    found = result(facts(PROD), facts(SHOP), confirm=frozenset(confirm))
    assert found["failed"] is True
    assert found["problems"] == []
    assert f"rollback_confirm does not name {missing}." in found["msg"]
    assert "-e rollback_confirm=prod,shop" in found["msg"]
    assert set(found["lines"]) <= set(found["msg"].splitlines())


def test_targets_are_confirmed_instead_of_sources() -> None:
    known = facts(PROD, target=target("staging"))
    assert result(known, targets={"prod": "staging"}, confirm=frozenset({"prod"}))["unconfirmed"] == ["staging"]
    assert "failed" not in result(known, targets={"prod": "staging"}, confirm=frozenset({"staging", "more"}))


def test_confirmation_is_requested_only_without_problems() -> None:
    gone = facts(SHOP, snapshot=None)
    paused = facts(PROD, target=target("prod", paused=True))
    found = messages(paused, gone, snapshots=[PROD, SHOP], clusters=["prod", "shop", "nobody"])
    assert len(found) == 3
    assert all("rollback_clusters" in message for message in found)
    assert not any("rollback_snapshot_first" in message for message in found)


def test_snapshots_must_outlast_the_wait_and_an_hour() -> None:
    lasts = 3 * HOUR + 60
    known = facts({**PROD, "expires_at": iso(lasts)})
    assert messages(known, wait_timeout=2 * HOUR) == []
    (problem,) = messages(known, wait_timeout=2 * HOUR + 61)
    assert "it expires at" in problem


@pytest.mark.parametrize(
    ("known", "holds"),
    [
        (facts(PROD, target=target("prod", paused=True)), Holds.OLD_DATA),
        (facts(PROD, target=NoAnswer("The connection broke", "Check it.")), Holds.OLD_DATA),
        (facts(PROD, jobs=[job({**PROD, "id": SHOP["id"]})]), Holds.UNKNOWN),
        (facts(PROD, jobs=[done(PROD)]), Holds.RESTORED),
    ],
)
def test_each_problem_of_a_restore_says_which_data_the_target_has(known: Facts, holds: Holds) -> None:
    (problem,) = messages(known)
    assert problem.count(holds.value) == 1


@pytest.mark.parametrize(
    ("known", "options", "words"),
    [
        (facts(PROD, target=target("prod", backupEnabled=False)), {}, "its backups are switched off"),
        (facts(PROD), {"retention_in_days": 1}, "rollback_retention_in_days is 1, too short"),
        (facts(PROD), {"retention_in_days": 0}, "rollback_retention_in_days is 0"),
        (facts(PROD), {"seen": SeenOfTargets(least_retention=30)}, "requires at least 30 days"),
    ],
)
def test_refused_safety_snapshot_names_the_option_to_omit_it(known: Facts, options: dict[str, Any], words: str) -> None:
    found = messages(known, **options)
    assert len(found) >= 1
    assert words in found[0]
    assert all("rollback_snapshot_first: false" in message for message in found)
    assert messages(known, **options, snapshot_first=False) == []


def test_retention_is_checked_even_if_the_targets_cannot_be_read() -> None:
    unread = facts(PROD, target=NoAnswer("The connection broke", "Check it."))
    found = messages(unread, retention_in_days=1)
    assert ["too short" in message for message in found] == [False, True]


@pytest.mark.parametrize("known", [facts(PROD, jobs=[job(PROD)]), facts(BEND)], ids=["runs already", "flex"])
def test_retention_is_not_checked_if_no_safety_snapshot_will_be_taken(known: Facts) -> None:
    assert messages(known, retention_in_days=1) == []
    assert len(messages(known, facts(SHOP), retention_in_days=1)) == 1


def test_retention_is_checked_beside_other_problems_of_the_options() -> None:
    found = messages(snapshots=[{**PROD, "id": "no id"}], retention_in_days=1)
    assert ["too short" in message for message in found] == [False, True]


def test_problem_of_the_options_is_reported_once() -> None:
    (problem,) = messages(facts(PROD), wait_timeout=0.0)
    assert problem.startswith("rollback_wait_timeout is 0")


def test_snapshots_are_read_of_dedicated_targets_with_an_earlier_restore() -> None:
    lost = backup("lost", number=3)
    unread = facts(lost, target=NoAnswer("Broke", "Check."), jobs=[job(lost)])
    known = facts(PROD, jobs=[job(PROD)]), facts(SHOP), facts(BEND, jobs=[job(BEND)]), unread
    asked, plan = planned(*known)

    assert [each.target_name for each in targets_with_a_job(asked, plan.restores)] == ["prod", "lost"]
    assert targets_with_a_job(replace(asked, snapshot_first=False), plan.restores) == []


def test_safety_snapshot_of_another_rollback_is_not_kept() -> None:
    assert result(facts(PROD), seen=SeenOfTargets({"prod": [before_rollback("prod")]}))["kept_first"] == []


def test_plan_without_safety_snapshots_warns_that_data_would_be_lost() -> None:
    found = result(facts(PROD), snapshot_first=False)
    assert (found["take_first"], found["kept_first"]) == ([], [])
    assert "it would be lost" in "\n".join(found["lines"])


def test_running_restore_keeps_its_earlier_safety_snapshot() -> None:
    running, earlier = job(PROD, at=-300.0), before_rollback("prod", at=-900.0)
    seen = SeenOfTargets({"prod": [before_rollback("prod", at=-100.0, number=30), earlier]})
    found = result(facts(PROD, jobs=[running]), facts(SHOP), seen=seen)
    assert found["take_first"] == ["shop"]
    assert found["kept_first"] == [earlier]
    assert [each["cluster_name"] for each in found["restores"]] == ["prod", "shop"]
    assert f"kept: {earlier['id']}" in "\n".join(found["lines"])


def test_running_restore_without_a_safety_snapshot_cannot_be_undone() -> None:
    for listed in ([], RequestRefused(403, error_code="ACCESS_FORBIDDEN")):
        found = result(facts(PROD, jobs=[job(PROD)]), seen=SeenOfTargets({"prod": listed}))
        assert found["kept_first"] == []
        assert "prod: no snapshot 'Before rollback' was completed before its restore began" in "\n".join(found["lines"])


def test_finished_restore_is_a_problem_that_names_both_alternatives() -> None:
    (problem,) = messages(facts(PROD, jobs=[done(PROD)]))
    assert "rollback_max_age=" in problem
    assert "rollback_max_age=0" in problem


def test_finished_restore_within_max_age_is_the_result_without_safety_snapshot() -> None:
    found = result(facts(PROD, jobs=[done(PROD)]), max_age=HOUR)
    assert found["take_first"] == []


def test_failed_restore_is_started_again_after_another_safety_snapshot() -> None:
    found = result(facts(PROD, jobs=[done(PROD, failed=True)]))
    assert found["take_first"] == ["prod"]


def test_another_restore_into_the_target_is_a_problem() -> None:
    (problem,) = messages(facts(PROD, jobs=[job(backup("prod", number=99))]))
    assert "Another restore into the target" in problem


def test_receipt_of_an_earlier_run_keeps_its_safety_snapshots() -> None:
    earlier = before_rollback("prod", at=-900.0)
    found = result(facts(PROD), facts(SHOP), seen=SeenOfTargets(receipt=[earlier]))
    assert found["take_first"] == ["prod", "shop"]
    assert found["kept_first"] == [earlier]
    assert f"safety snapshot {earlier['id']} of the earlier run is kept" in "\n".join(found["lines"])


@pytest.mark.parametrize("snapshot_first", [True, False])
def test_safety_snapshot_in_the_receipt_wins_over_a_newer_one(snapshot_first: bool) -> None:
    earlier, newer = (before_rollback("prod", at=at, number=number) for at, number in ((-2000.0, 20), (-900.0, 21)))
    seen = SeenOfTargets({"prod": [newer, earlier]}, receipt=[earlier])
    found = result(facts(PROD, jobs=[job(PROD)]), seen=seen, snapshot_first=snapshot_first)

    assert found["kept_first"] == [earlier]


def test_busy_target_is_a_line_of_the_plan() -> None:
    busy = facts(PROD, target=target("prod", stateName="UPDATING"))
    assert "prod: the target is UPDATING" in "\n".join(result(busy)["lines"])


def test_cost_grows_linearly_with_clusters_and_jobs() -> None:
    names = [f"c{number}" for number in range(300)]
    snapshots = [backup(name, number=place) for place, name in enumerate(names)]
    known = [replace(facts(each), jobs=[done(each, failed=True)] * 10) for each in snapshots]
    found = result(*known, confirm=frozenset(names))
    assert len(found["restores"]) == len(found["take_first"]) == 300
