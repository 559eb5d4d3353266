# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.errors import (
    AtlasError,
    NoAnswer,
    NotReachable,
    OutOfTime,
    RequestRefused,
    SnapshotTrouble,
)
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._attempts import Attempt
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._snapshots.deletion import Deletion
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._snapshots.existing import Existing
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._snapshots.outcome import Outcome
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._snapshots.wait import Gone, Pace
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.answers import (
    NO_SUCH_CLUSTER,
    NOT_THERE,
    WRONG_FAMILY,
    answer,
    html,
    ok,
    refused,
)
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.atlas import (
    BACKUPS_TYPE,
    V1,
    snapshot,
    snapshots_path,
)
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.bench import Bench, play
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.script import (
    DELETE,
    GET,
    PATCH,
    Script,
    Step,
    look,
    look_sharded,
)
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.simulated import Blow, SimulatedAtlas
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.times import iso, minted

AN_HOUR_AGO = -3600.0
ID = minted(AN_HOUR_AGO)
PATH = snapshots_path(rest=f"/{ID}")
SHARDED_PATH = snapshots_path(rest=f"/shardedCluster/{ID}")
GONE = answer(204)


class _Methods:
    """Runs Existing and Deletion on one snapshot; play_work runs a coroutine function on the fake clock."""

    def __init__(self, snapshot_id: str, poll: float | None, check_mode: bool, play_work: Callable[[Any], Any]) -> None:
        self._snapshot_id, self._pace, self._check_mode, self._play = snapshot_id, Pace(poll), check_mode, play_work

    def hold(self, retention_in_days: int | None, *, wait: bool) -> Outcome:
        async def work(bench: Bench, attempt: Attempt) -> Outcome:
            given = {"budget": bench.budget, "clock": bench.client.clock, "check_mode": self._check_mode}
            return await Existing(bench.api, attempt, self._snapshot_id, self._pace, **given).hold(
                retention_in_days, wait=wait
            )

        return self._play(work)

    def delete(self, *, look_first: bool = False) -> Outcome:
        async def work(bench: Bench, attempt: Attempt) -> Outcome:
            deletion = Deletion(bench.api, attempt, self._snapshot_id, bench.budget)
            return await (deletion.foresee() if self._check_mode else deletion.delete(look_first=look_first))

        return self._play(work)


def existing(
    other: Any, snapshot_id: str = ID, check_mode: bool = False, poll: float | None = 10.0, **how: Any
) -> _Methods:
    """Extend or delete the snapshot, as in existing(script).hold(7, wait=True)."""

    def play_work(method: Callable[[Bench, Attempt], Awaitable[Outcome]]) -> Outcome:
        async def work(bench: Bench) -> Outcome:
            attempt = Attempt("prod")
            try:
                return await method(bench, attempt)
            except AtlasError as error:
                failed = attempt.failure(error).error
                vars(failed).update(changed=attempt.changed, cluster_type=attempt.cluster_type)
                raise failed from None

        return play(other, work, **how)

    return _Methods(snapshot_id, poll, check_mode, play_work)


def there(status: str = "completed", **more: Any) -> Any:
    return ok(snapshot(status, at=AN_HOUR_AGO, **more))


def patch(gives: Any, days: int = 14) -> Step:
    body = {"retentionUnit": "DAYS", "retentionValue": days}
    return PATCH(PATH, gives, body=body, headers={"Accept": BACKUPS_TYPE, "Content-Type": BACKUPS_TYPE})


LONGER = iso(14 * 86400)


def test_sufficient_retention_is_not_changed() -> None:
    outcome = existing(Script(look(ID, there()))).hold(7, wait=True)

    assert (outcome.record["id"], outcome.changed, outcome.reused) == (ID, False, False)
    assert outcome.before == outcome.record


def test_different_retention_is_changed() -> None:
    outcome = existing(Script(look(ID, there()), patch(there(expiresAt=LONGER)))).hold(14, wait=True)

    assert outcome.changed
    assert outcome.record["expires_at"] == LONGER
    assert outcome.before["expires_at"] != LONGER


@pytest.mark.parametrize("wait", [True, False])
def test_unfinished_snapshot_is_waited_for_first(wait: bool) -> None:
    script = Script(look(ID, there("inProgress")), look(ID, there()), patch(there(expiresAt=LONGER)))

    assert existing(script).hold(14, wait=wait).changed


@pytest.mark.parametrize("mode", ["answers", "incorrect_endpoint", "empty", "not_found"])
def test_sharded_snapshot_is_changed_at_the_replica_set_endpoint(mode: str) -> None:
    atlas = SimulatedAtlas({"prod": {"topology": "SHARDED"}}, sharded_on_replica_set_address=mode)
    snapshot_id = atlas.has(taken_at=AN_HOUR_AGO).id

    first = existing(atlas, snapshot_id).hold(30, wait=True)
    second = existing(atlas, snapshot_id).hold(30, wait=True)

    assert (first.changed, second.changed) == (True, False)
    assert len(first.record["members"]) == 3
    entries = [entry for entry in atlas.service.journal.entries if entry.method == "PATCH"]
    assert [entry.path for entry in entries] == [snapshots_path(rest=f"/{snapshot_id}")]


def test_without_a_retention_it_waits_and_changes_nothing() -> None:
    script = Script(look(ID, there("queued")), look(ID, there("inProgress")), look(ID, there()))
    outcome = existing(script).hold(None, wait=True)

    assert (outcome.record["status"], outcome.changed) == ("completed", False)


def test_without_wait_and_retention_it_is_read_once() -> None:
    assert existing(Script(look(ID, there("queued")))).hold(None, wait=False).record["status"] == "queued"


def test_v1_reads_on_v1_and_changes_on_v2() -> None:
    script = Script(GET(f"{snapshots_path(root=V1)}/{ID}", there()), patch(there(expiresAt=LONGER)))

    assert existing(script, api_version="v1.0").hold(14, wait=True).changed


@pytest.mark.parametrize("days", [None, 14])
def test_failed_snapshot_fails_the_task_and_is_not_changed(days: int | None) -> None:
    error = red(lambda: existing(Script(look(ID, there("failed")))).hold(days, wait=True), SnapshotTrouble)

    assert error.record["id"] == ID


def red(action: Any, kind: type[AtlasError] = AtlasError) -> Any:
    with pytest.raises(kind) as caught:
        action()
    return caught.value


@pytest.mark.parametrize(
    "final",
    [refused(400, "SNAPSHOT_RETENTION_LESS_THAN_BACKUP_COMPLIANCE_POLICY"), refused(403, "CANNOT_MODIFY_SNAPSHOT")],
)
def test_refused_retention_fails_the_task_with_the_snapshot(final: Any) -> None:
    error = red(lambda: existing(Script(look(ID, there()), patch(final))).hold(14, wait=True), RequestRefused)

    assert error.record["id"] == ID
    assert not error.changed


PASSING = [NoAnswer("reset"), html(503), refused(429, "RATE_LIMITED"), answer(200, b"{"), ok({})]


@pytest.mark.parametrize("passing", PASSING)
def test_retention_change_is_retried_after_a_temporary_error(passing: Any) -> None:
    script = Script(look(ID, there()), patch(passing), patch(there(expiresAt=LONGER)))

    assert existing(script).hold(14, wait=True).changed


@pytest.mark.parametrize(
    ("final", "doubt"),
    [
        (html(503, retry_after="10000"), True),
        (refused(429, "RATE_LIMITED", retry_after="10000"), False),
        (refused(403, "CANNOT_MODIFY_SNAPSHOT"), False),
    ],
)
def test_failed_change_says_whether_the_retention_may_have_been_changed(final: Any, doubt: bool) -> None:
    script = Script(look(ID, there()), patch(final))
    error = red(lambda: existing(script).hold(14, wait=True))

    assert ("Its retention may have been changed." in str(error)) is doubt
    assert (error.record["id"], error.changed) == (ID, False)


def test_new_expiry_that_atlas_does_not_show_fails_the_task_and_is_a_change() -> None:
    script = Script(look(ID, there()), patch(there(expiresAt=None)))
    error = red(lambda: existing(script).hold(14, wait=True), SnapshotTrouble)

    assert error.message == f"The new expiry of snapshot {ID} is unknown: Atlas answered without a time"
    assert (error.record["id"], error.record["expires_at"], error.changed) == (ID, None, True)
    assert "may have been" not in str(error)


def test_missing_snapshot_fails_after_both_families() -> None:
    error = red(lambda: existing(Script(look(ID, NOT_THERE), look_sharded(ID, WRONG_FAMILY))).hold(7, wait=True))

    assert error.error_code == "SNAPSHOT_NOT_FOUND"


def test_new_snapshot_may_appear_late() -> None:
    new = minted(-5)
    shows = ok(snapshot("completed", at=-5))
    script = Script(look(new, NOT_THERE), look_sharded(new, NOT_THERE), look(new, shows))

    assert existing(script, new).hold(None, wait=True).record["id"] == new


def test_snapshot_that_never_appears_fails_when_it_is_a_minute_old() -> None:
    atlas = SimulatedAtlas(get_lag_seconds=1000.0)
    new = atlas.has(taken_at=-5).id

    red(lambda: existing(atlas, new).hold(None, wait=True), RequestRefused)

    assert 50 <= max(atlas.sent()) <= 70
    # Every 10 s, as poll_interval says, at the endpoints of both families.
    assert len(atlas.sent()) <= 14


def test_snapshot_that_never_appears_fails_at_the_deadline() -> None:
    atlas = SimulatedAtlas(get_lag_seconds=1000.0)
    new = atlas.has(taken_at=-5).id

    error = red(lambda: existing(atlas, new, seconds=25).hold(None, wait=True), RequestRefused)

    assert error.error_code == "SNAPSHOT_NOT_FOUND"
    assert 24 <= max(atlas.sent()) <= 26
    assert len(atlas.sent()) <= 8


def test_refusal_of_a_new_snapshot_other_than_a_404_is_final() -> None:
    new = minted(-5)

    red(lambda: existing(Script(look(new, refused(403, "ACCESS_FORBIDDEN"))), new).hold(None, wait=True))


def test_missing_snapshot_is_final_if_no_answer_shows_the_time() -> None:
    new = minted(-5)
    script = Script(look(new, NOT_THERE), look_sharded(new, NOT_THERE), dates=False)

    assert red(lambda: existing(script, new).hold(None, wait=True), RequestRefused).status_code == 404


def test_failure_knows_the_kind_of_the_cluster() -> None:
    atlas = SimulatedAtlas({"prod": {"instance_size": "FLEX"}})

    assert red(lambda: existing(atlas, minted(number=77)).hold(None, wait=True)).cluster_type == "flex"


def test_errors_of_a_known_snapshot_are_retried_for_longer_than_a_minute() -> None:
    atlas = SimulatedAtlas(None, [Blow(), *[Blow("status")] * 20], in_progress_seconds=60.0)
    snapshot_id = atlas.has(taken_at=-30).id

    assert existing(atlas, snapshot_id).hold(None, wait=True).record["status"] == "completed"
    assert max(atlas.sent()) > 90


def test_snapshot_deleted_meanwhile_fails_the_task() -> None:
    gone = (look(ID, NOT_THERE), look_sharded(ID, NOT_THERE))

    red(lambda: existing(Script(look(ID, there("queued")), *gone, *gone)).hold(None, wait=True), Gone)


def test_timeout_returns_the_snapshot() -> None:
    script = Script(look(ID, there("queued")), look(ID, there("inProgress")))
    error = red(lambda: existing(script, seconds=10).hold(14, wait=True), OutOfTime)

    assert error.record["status"] == "inProgress"


def test_check_mode_shows_the_new_expiry_without_a_change() -> None:
    outcome = existing(Script(look(ID, there())), check_mode=True).hold(14, wait=True)

    assert outcome.changed
    assert outcome.record["expires_at"] == iso(AN_HOUR_AGO + 86 + 14 * 86400)


@pytest.mark.parametrize("days", [None, 7])
def test_check_mode_does_not_change_a_sufficient_retention(days: int | None) -> None:
    assert not existing(Script(look(ID, there())), check_mode=True).hold(days, wait=True).changed


def test_check_mode_does_not_wait() -> None:
    outcome = existing(Script(look(ID, there("queued"))), check_mode=True).hold(14, wait=True)

    assert (outcome.changed, outcome.record["expires_at"]) == (True, None)


def test_deletion_takes_one_request() -> None:
    outcome = existing(Script(DELETE(PATH, GONE, headers={"Accept": BACKUPS_TYPE}))).delete(look_first=False)

    assert (outcome.record["id"], outcome.changed, outcome.gone, outcome.before) == (ID, True, True, None)


def test_diff_mode_reads_before_deleting() -> None:
    outcome = existing(Script(look(ID, there()), DELETE(PATH, GONE))).delete(look_first=True)

    assert outcome.before["status"] == "completed"
    assert outcome.changed


@pytest.mark.parametrize("other", [NOT_THERE, WRONG_FAMILY])
def test_missing_snapshot_is_unchanged(other: Any) -> None:
    script = Script(DELETE(PATH, NOT_THERE), DELETE(SHARDED_PATH, other))

    assert not existing(script).delete(look_first=False).changed


@pytest.mark.parametrize("code", ["INVALID_SNAPSHOT_ID", "SNAPSHOT_NOT_FOUND"])
def test_either_error_code_of_a_missing_snapshot_means_unchanged(code: str) -> None:
    script = Script(DELETE(PATH, refused(404, code)), DELETE(SHARDED_PATH, WRONG_FAMILY))

    assert not existing(script).delete(look_first=False).changed


@pytest.mark.parametrize("refusal", [NO_SUCH_CLUSTER, refused(404, "RESOURCE_NOT_FOUND"), refused(404, None)])
def test_unknown_cluster_fails_the_task(refusal: Any) -> None:
    script = Script(DELETE(PATH, refusal), DELETE(SHARDED_PATH, refusal))

    assert red(lambda: existing(script).delete(look_first=False), RequestRefused).status_code == 404


def test_unknown_project_fails_the_task() -> None:
    red(lambda: existing(Script(DELETE(PATH, refused(404, "GROUP_NOT_FOUND")))).delete(look_first=False))


@pytest.mark.parametrize("lost", [NoAnswer("reset"), html(503), html(404)])
def test_status_404_after_a_lost_answer_means_deleted(lost: Any) -> None:
    script = Script(DELETE(PATH, lost), DELETE(PATH, NOT_THERE), DELETE(SHARDED_PATH, WRONG_FAMILY))

    assert existing(script).delete(look_first=False).changed


def test_status_404_after_a_lost_answer_and_a_refusal_means_deleted() -> None:
    busy = refused(429, "RATE_LIMITED", retry_after="1")
    gone = (DELETE(PATH, NOT_THERE), DELETE(SHARDED_PATH, WRONG_FAMILY))

    assert existing(Script(DELETE(PATH, html(503)), DELETE(PATH, busy), *gone)).delete().changed


@pytest.mark.parametrize(("first", "doubt"), [(html(503), True), (refused(429, "RATE_LIMITED"), False)])
def test_failure_says_whether_the_snapshot_may_have_been_deleted(first: Any, doubt: bool) -> None:
    script = Script(DELETE(PATH, first), DELETE(PATH, refused(403, "ACCESS_FORBIDDEN")))
    error = red(lambda: existing(script).delete(), RequestRefused)

    assert (f"Snapshot {ID} may have been deleted." in str(error)) is doubt


def test_interrupted_deletion_may_have_happened() -> None:
    async def work(bench: Bench) -> Attempt:
        attempt = Attempt("prod")
        deletion = Deletion(bench.api, attempt, ID, bench.budget)
        deleting = asyncio.ensure_future(deletion.delete(look_first=False))
        await asyncio.sleep(1)
        deleting.cancel()
        return attempt

    attempt = play(Script(DELETE(PATH, GONE, takes=5)), work)

    assert "may have been deleted" in str(attempt.failure(AtlasError("SIGTERM")).error)


@pytest.mark.parametrize("check_mode", [False, True])
def test_snapshot_that_cannot_be_read_does_not_count_as_missing(check_mode: bool) -> None:
    script = Script(look(ID, NotReachable("The host name does not exist")))

    red(lambda: existing(script, check_mode=check_mode).delete(look_first=True), NotReachable)


def test_status_404_after_a_refusal_means_deleted_by_another_user() -> None:
    busy = refused(429, "RATE_LIMITED", retry_after="1")
    script = Script(DELETE(PATH, busy), DELETE(PATH, NOT_THERE), DELETE(SHARDED_PATH, WRONG_FAMILY))

    assert not existing(script).delete(look_first=False).changed


def test_sharded_snapshot_is_deleted_at_its_own_endpoint() -> None:
    script = Script(DELETE(PATH, WRONG_FAMILY), DELETE(SHARDED_PATH, GONE))

    assert existing(script).delete(look_first=False).changed


@pytest.mark.parametrize(
    "final",
    [
        refused(400, "CANNOT_DELETE_IN_PROGRESS_SNAPSHOT"),
        refused(400, "CANNOT_DELETE_SNAPSHOT_WITH_BACKUP_COMPLIANCE_POLICY"),
        refused(403, "CANNOT_DELETE_FROM_CLUSTER_SNAPSHOT"),
        refused(401),
    ],
)
def test_refusal_fails_the_task(final: Any) -> None:
    error = red(lambda: existing(Script(DELETE(PATH, final))).delete(look_first=False), RequestRefused)

    assert not error.changed


@pytest.mark.parametrize(
    ("steps", "changed"),
    [((look(ID, there()),), True), ((look(ID, NOT_THERE), look_sharded(ID, WRONG_FAMILY)), False)],
)
def test_check_mode_reads_only(steps: tuple[Step, ...], changed: bool) -> None:
    outcome = existing(Script(*steps), check_mode=True).delete(look_first=False)

    assert (outcome.record["id"], outcome.changed, outcome.gone) == (ID, changed, True)
    assert (outcome.before is not None) is changed


def test_check_mode_shows_that_an_unfinished_snapshot_is_not_deleted() -> None:
    error = red(lambda: existing(Script(look(ID, there("queued"))), check_mode=True).delete(look_first=False))

    assert error.record["id"] == ID
    assert (error.status_code, error.error_code) == (400, "CANNOT_DELETE_IN_PROGRESS_SNAPSHOT")
