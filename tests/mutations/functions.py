# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which functions are broken, and the known breakages: those that were chosen by hand before there were rules."""

from __future__ import annotations

from typing import NamedTuple


class Known(NamedTuple):
    """In this function, this expression or statement becomes that one. what: the fault that this causes."""

    what: str
    function: str
    source: str
    instead: str


# File of module_utils -> its functions that decide something. A test checks that each of them exists.
FUNCTIONS = {
    "_atlas/retry": (
        "judge _judge_refusal leaves_doubt is_busy "
        "Deadline.remaining Deadline.until_over Deadline.request_timeout Deadline.at_most "
        "RetryBudget.lasts_until_deadline RetryBudget.seconds_left RetryState.pause RetryState._spent"
    ),
    "_atlas/clock": (
        "AtlasClock.observe AtlasClock._agrees_with_stray AtlasClock.observe_new_id AtlasClock.at AtlasClock.time_of"
    ),
    "_atlas/client": (
        "Call.whole Call._holds_it AtlasClient.ask AtlasClient.try_once AtlasClient._observe_limits AtlasClient._whole "
        "AtlasClient._within_rate_limit AtlasClient._signed AtlasClient._fetch_token AtlasClient._exchange _time_left"
    ),
    "_atlas/json_values": "object_in objects_in whole_number number",
    "_attempts": "Attempt.failure attempt_all _guarded unforeseen",
    "_snapshots/take": (
        "Taking._find_reusable Taking._post_until_taken Taking._post Taking._posted Taking._own "
        "Taking._after_failed_post Taking._pause_and_look Taking._find_own Taking._is_own Taking._another_in_progress "
        "Taking._matters Taking._outwait Taking._finish_own Taking._reuse Taking._awaited"
    ),
    "_snapshots/take_plan": (
        "TakePlan.is_alike TakePlan.is_reusable TakePlan.best_reusable TakePlan.is_taken_since can_be_new is_in_the_way"
    ),
    "_snapshots/wait": (
        "Pace.sleep Pace.end_seen Pace.gap Polling.to_the_end Polling._poll Polling._look Polling._waited "
        "wait_for_end _Wait._missed _Wait._gone"
    ),
    "_snapshots/first_look": "first_look _is_new",
    "_snapshots/existing": "Existing.hold Existing._days Existing._first_look",
    "_snapshots/outlive": "Outliving.ensure Outliving._until Outliving._extended Outliving._judged _is_due",
    "_snapshots/outcome": "ensure_completed",
    "_snapshots/records": "born_at age_of is_young newest_first is_on_demand is_ended same_description holds_retention",
    "_snapshots/dedicated": (
        "is_not_there is_absent asks_for_other_family more_telling DedicatedSnapshots.get "
        "DedicatedSnapshots.find DedicatedSnapshots._by_either DedicatedSnapshots._with_members _may_be_sharded "
        "_lacks_members"
    ),
    "_snapshots/lookup": (
        "find_clusters find_snapshots ClusterSnapshots.all ClusterSnapshots.get ClusterSnapshots.get_if_there "
        "ClusterSnapshots._get ClusterSnapshots._by_kind ClusterSnapshots._automatic ClusterSnapshots._kind_after "
        "ClusterSnapshots._ask_cluster ClusterSnapshots._is_m0 ClusterSnapshots._list_automatic "
        "ClusterSnapshots._get_automatic"
    ),
    "_snapshots/deletion": "Deletion.delete Deletion.foresee Deletion._look Deletion._delete",
    "_snapshots/retention": "days_to_set _days_until set_retention expires_before extend ensure_assured",
    "_snapshots/assurance": "judge_snapshot moment_after _status _expiry _content",
    "_snapshots/plan": (
        "select_clusters judge_plan _why_left_out _retention_problems _selection_problems _skips_some "
        "_cluster_problems _automatic_snapshot _complaint"
    ),
    "_restores/start": (
        "Starting.start Starting._checked Starting._after_failed_post Starting._look_twice Starting._pause "
        "Starting._adopt_own Starting._is_own Starting._is_since Starting._another_in_progress Starting._adopt_same "
        "_into"
    ),
    "_restores/attempt": (
        "RestoreAttempt.failure RestoreAttempt.may_have_started RestoreAttempt.has_not_started RestoreAttempt.has_job"
    ),
    "_restores/earlier_jobs": "check_jobs in_the_way _check_newest _check_age _done_before",
    "_restores/jobs": "SourceJobs.start SourceJobs._first_of SourceJobs._may_be_elsewhere _may_be_about",
    "_restores/records": "_dedicated_status _point_in_time is_ended is_running overwrites",
    "_restores/spec": "RestoreSpec.match RestoreSpec.agrees_with RestoreSpec._is_of_source",
    "_restores/newest": "newest_assured",
    "_restores/preflight": (
        "judge _check_snapshot _check_assured needs_others _until _other_snapshot _check_point_in_time "
        "_check_continuous_backup _check_target"
    ),
    "_restores/target": (
        "check_state check_fit check_fit_of_point _takes_kind _check_topology _check_shards _check_config_servers "
        "_check_version _check_disk _is_sharded _shards"
    ),
    "_restores/plan": (
        "judge_restores judge_rollback targets_to_take_first targets_with_a_job _may_be_dedicated _safety_problems "
        "_may_be_saved _kept_first"
    ),
    "_restores/wait": "wait_for_end ensure_completed _ended _Wait._out_of_time",
    "_restores/settle": "look_until_idle",
    "_restores/safety": "completed_at holds_old_data kept_for",
}

KNOWN: tuple[Known, ...] = (
    Known(
        "repeat the POST when its answer was lost, without looking for what it took",
        "_snapshots/take:Taking._after_failed_post",
        "self._first_doubt = self._first_doubt or error.sent",
        "pass",
    ),
    Known(
        "take a connection that broke for one that was never made",
        "_atlas/retry:judge",
        "if isinstance(error, NoAnswer): return Verdict.UNCERTAIN",
        "if isinstance(error, NoAnswer): return Verdict.NOTHING_DONE",
    ),
    Known(
        "take a 503 for a refusal",
        "_atlas/retry:_judge_refusal",
        "if status >= 500 or status < 300: return Verdict.UNCERTAIN",
        "if status >= 500 or status < 300: return Verdict.NOTHING_DONE",
    ),
    Known(
        "adopt a snapshot that is older than the POST",
        "_snapshots/take_plan:TakePlan.is_taken_since",
        "minted >= since - CLOCK_SLACK",
        "True",
    ),
    Known(
        "adopt a snapshot with another description",
        "_snapshots/take_plan:TakePlan.is_alike",
        "is_on_demand(record) and same_description(record['description'], self.description)",
        "is_on_demand(record) or same_description(record['description'], self.description)",
    ),
    Known(
        "compare Atlas's clock with the local one",
        "_atlas/clock:AtlasClock.observe",
        "self._date, self._observed_at, self._stray = (date, now(), None)",
        "self._date, self._observed_at, self._stray = (datetime.now(date.tzinfo), now(), None)",
    ),
    Known(
        "believe a 404 from one family of addresses",
        "_snapshots/dedicated:DedicatedSnapshots.get",
        "lambda refused: is_not_there(refused) or asks_for_other_family(refused)",
        "lambda refused: False",
    ),
    Known(
        "believe the first 404 after the POST",
        "_snapshots/wait:_Wait._missed",
        "believed = self._misses > 1 if self._seen else self._waited() >= SHOWS_WITHIN",
        "believed = True",
    ),
    Known(
        "take an unknown status word for an end",
        "_snapshots/records:is_ended",
        "record['status'] in (COMPLETED, FAILED)",
        "record['status'] not in ('queued', 'inProgress')",
    ),
    Known(
        "report a snapshot that failed as taken",
        "_snapshots/outcome:ensure_completed",
        "record['status'] == FAILED",
        "False",
    ),
    Known(
        "go on for an hour while nothing can be reached",
        "_atlas/retry:RetryBudget.seconds_left",
        "left if self.lasts_until_deadline(error) else min(left, SHORT_LIMIT - spent)",
        "left",
    ),
    Known(
        "take what a list shows for what its own address shows",
        "_snapshots/take:Taking._awaited",
        "self._wait_for(record, seen=False)",
        "self._wait_for(record, seen=True)",
    ),
    Known(
        "POST again without Atlas's clock",
        "_snapshots/take_plan:TakePlan.is_taken_since",
        "since is None",
        "False",
    ),
    Known(
        "wait for a turn beyond the time of the task",
        "_atlas/client:AtlasClient._within_rate_limit",
        "_time_left(call.method, budget)",
        "float('inf')",
    ),
    Known(
        "pass over Retry-After",
        "_atlas/retry:RetryState.pause",
        "error.retry_after or self._backoff()",
        "self._backoff()",
    ),
    Known(
        "take a 404 after a lost DELETE for nothing done",
        "_snapshots/deletion:Deletion._delete",
        "return lost",
        "return False",
    ),
    Known(
        "take an unknown cluster for a deleted snapshot",
        "_snapshots/dedicated:is_absent",
        "error.status_code == 404 and error.error_code in SNAPSHOT_ABSENT",
        "error.status_code == 404",
    ),
    Known(
        "forget the snapshot when the time is over",
        "_attempts:Attempt.failure",
        "error.record or self.record",
        "error.record",
    ),
    Known(
        "POST again after a long pause without another look",
        "_snapshots/take:Taking._find_own",
        "own or now() - began < STALE_AFTER",
        "True",
    ),
)
