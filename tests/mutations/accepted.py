# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The breakages that no test can notice, each with the reason why nothing that matters changes."""

from __future__ import annotations

# (function, breakage) -> the reason.
ACCEPTED = {
    ("_atlas/retry:_judge_refusal", "error.status_code or 0  =>  error.status_code"): (
        "A refusal always has a status; the type of the base class does not show it."
    ),
    ("_atlas/clock:AtlasClock.observe_new_id", "self._date is None and made is not None  =>  self._date is None"): (
        "Without a date, the clock does not use the moment of its observation."
    ),
    (
        "_atlas/clock:AtlasClock.time_of",
        "moment.shown and by_now and _agree(moment.shown, by_now)  =>  moment.shown and _agree(moment.shown, by_now)",
    ): "A clock that has shown a time goes on showing one.",
    ("_restores/settle:look_until_idle", "now() - began  =>  now() + began"): (
        "Looks at a target that has been waited for longer are rarer only beside many other waits."
    ),
    (
        "_snapshots/outcome:ensure_completed",
        "SnapshotTrouble(... record=record)  =>  SnapshotTrouble(...)",
    ): "The attempt has the same record, and every failure takes it from there.",
    ("_snapshots/take:Taking._post", "posting.cancel()  =>  pass"): (
        "The event loop ends right after, and the request with it."
    ),
    ("_snapshots/first_look:_is_new", "atlas_now is None or minted is None  =>  atlas_now is None"): (
        "The id that was asked for is an ObjectId, and has a time."
    ),
    (
        "_snapshots/lookup:ClusterSnapshots.get",
        "self._refused or AssertionError('a snapshot that no family has was refused by one')  =>  self._refused",
    ): "There is always a refusal: only after one, the cluster is read, which shows that it is an M0.",
    ("_restores/start:Starting.start", "error.sent or sent  =>  sent"): (
        "The request was in a queue between these moments; the same restore, begun then, is adopted anyway."
    ),
    (
        "_restores/start:Starting._checked",
        "then and minted and (minted < then - CLOCK_SLACK)  =>  then and minted < then - CLOCK_SLACK",
    ): "A job has an ObjectId, and so a time: other answers are refused before.",
    (
        "_restores/start:Starting._is_since",
        "minted is not None and minted >= then - CLOCK_SLACK  =>  minted >= then - CLOCK_SLACK",
    ): "A job has an ObjectId, and so a time: lists leave out the others.",
    ("_restores/earlier_jobs:_done_before", "atlas_now and started  =>  atlas_now"): (
        "A job has an ObjectId, and so a start."
    ),
    (
        "_restores/jobs:SourceJobs.start",
        "self.kind == FLEX and spec.snapshot_id is not None  =>  self.kind == FLEX",
    ): "A point in time of a flex cluster is refused before the start.",
    (
        "_restores/preflight:_other_snapshot",
        "facts.snapshot if isinstance(facts.snapshot, dict) else None  =>  facts.snapshot",
    ): "A snapshot that could not be read is another problem, which proposes no other one.",
    (
        "_restores/preflight:_other_snapshot",
        "born is not None and its_birth is not None and (its_birth < born)  =>  "
        "its_birth is not None and its_birth < born",
    ): "The id that was asked for is an ObjectId, and has a time.",
}
