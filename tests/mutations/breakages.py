# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Deliberate breakages of the request policy, and the test that catches each of them."""

from __future__ import annotations

from typing import NamedTuple


class Breakage(NamedTuple):
    """What is broken: in this file of module_utils, this text becomes that one; and the test that turns red."""

    what: str
    file: str
    text: str
    instead: str
    caught_by: str


BREAKAGES = (
    Breakage(
        "repeat the POST when its answer was lost, without looking for what it took",
        "_snapshots/take.py",
        "            self._first_doubt = self._first_doubt or error.sent\n",
        "            pass\n",
        "_snapshots/test_take.py::test_after_a_lost_answer_its_own_is_adopted",
    ),
    Breakage(
        "take a connection that broke for one that was never made",
        "_atlas/retry.py",
        "    if isinstance(error, NoAnswer):\n        return Verdict.UNCERTAIN\n",
        "    if isinstance(error, NoAnswer):\n        return Verdict.NOTHING_DONE\n",
        "_atlas/test_retry.py::test_other_errors",
    ),
    Breakage(
        "take a 503 for a refusal",
        "_atlas/retry.py",
        "    if status >= 500 or status < 300:\n        return Verdict.UNCERTAIN\n",
        "    if status >= 500 or status < 300:\n        return Verdict.NOTHING_DONE\n",
        "_atlas/test_retry.py::test_a_refusal_that_cannot_be_read",
    ),
    Breakage(
        "adopt a snapshot that is older than the POST",
        "_snapshots/take.py",
        "minted >= then - CLOCK_SLACK",
        "True",
        "_snapshots/test_take.py::test_somebody_elses_is_not_adopted",
    ),
    Breakage(
        "adopt a snapshot with another description",
        "_snapshots/take.py",
        "is_on_demand(record) and same_description(",
        "is_on_demand(record) or same_description(",
        "_snapshots/test_take.py::test_somebody_elses_is_not_adopted",
    ),
    Breakage(
        "compare Atlas's clock with the local one",
        "_atlas/clock.py",
        "            self._date, self._observed_at = date,",
        "            self._date, self._observed_at = datetime.now(date.tzinfo),",
        "_atlas/test_clock.py",
    ),
    Breakage(
        "believe a 404 from one family of addresses",
        "_snapshots/lookup.py",
        "            lambda refused: is_not_there(refused) or asks_for_other_family(refused),\n",
        "            lambda refused: False,\n",
        "_snapshots/test_lookup.py::test_a_sharded_snapshot_is_got_with_its_members_in_every_mode",
    ),
    Breakage(
        "believe the first 404 after the POST",
        "_snapshots/wait.py",
        "            if believed:\n",
        "            if True:\n",
        "_snapshots/test_wait.py::test_a_404_before_the_first_sight_is_not_believed_for_a_minute",
    ),
    Breakage(
        "take an unknown status word for an end",
        "_snapshots/records.py",
        'return record["status"] in (COMPLETED, FAILED)',
        'return record["status"] not in ("queued", "inProgress")',
        "_snapshots/test_wait.py::test_an_unknown_status_is_waited_on",
    ),
    Breakage(
        "report a snapshot that failed as taken",
        "_snapshots/take.py",
        '    if record["status"] == FAILED:\n',
        "    if False:\n",
        "_snapshots/test_take.py::test_a_snapshot_that_fails_is_red_with_its_id",
    ),
    Breakage(
        "go on for an hour while nothing can be reached",
        "_atlas/retry.py",
        "        return left if self.lasts_until_deadline(error) else min(left, SHORT_LIMIT - spent)\n",
        "        return left\n",
        "_atlas/test_retry.py::test_while_no_snapshot_is_known_errors_are_repeated_for_60_s",
    ),
    Breakage(
        "take what a list shows for what its own address shows",
        "_snapshots/take.py",
        "self._pace, seen=False)",
        "self._pace, seen=True)",
        "_snapshots/test_take.py::test_one_that_the_list_shows_before_its_own_address_does_is_not_gone",
    ),
    Breakage(
        "POST again without Atlas's clock",
        "_snapshots/take.py",
        "        if then is None:\n",
        "        if False:\n",
        "_snapshots/test_take.py::test_without_atlas_clock_a_lost_answer_is_red_rather_than_a_second_post",
    ),
    Breakage(
        "wait for a turn beyond the time of the task",
        "_atlas/client.py",
        "            return _time_left(call.method, budget)\n",
        "            return float('inf')\n",
        "_atlas/test_client.py::test_no_queue_outlasts_the_time_of_the_task",
    ),
    Breakage(
        "pass over Retry-After",
        "_atlas/retry.py",
        "        pause = error.retry_after or self._backoff()\n",
        "        pause = self._backoff()\n",
        "_atlas/test_retry.py::test_retry_after_is_kept_to_the_second",
    ),
    Breakage(
        "take a 404 after a lost DELETE for nothing done",
        "_snapshots/existing.py",
        "                    return lost\n",
        "                    return False\n",
        "_snapshots/test_existing.py::test_a_404_after_a_lost_answer_is_deleted",
    ),
    Breakage(
        "take an unknown cluster for a deleted snapshot",
        "_snapshots/lookup.py",
        "    return error.status_code == 404 and error.error_code in SNAPSHOT_ABSENT\n",
        "    return error.status_code == 404\n",
        "_snapshots/test_existing.py::test_an_unknown_cluster_is_red",
    ),
    Breakage(
        "forget the snapshot when the time is over",
        "_snapshots/wait.py",
        "            raise error.in_context(record=error.record or self._record) from None\n",
        "            raise\n",
        "_snapshots/test_wait.py::test_out_of_time_carries_the_snapshot_as_it_was_last",
    ),
    Breakage(
        "POST again after a long pause without another look",
        "_snapshots/take.py",
        "            if own or now() - began < STALE_AFTER:\n",
        "            if True:\n",
        "../promises/test_taking.py::test_a_look_that_took_long_is_renewed",
    ),
)
