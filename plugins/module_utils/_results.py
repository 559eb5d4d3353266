# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# The results of the snapshot modules, and the message for each failure.

from __future__ import annotations

from typing import Any

from ._atlas.errors import AtlasError
from ._attempts import Failure
from ._result_keys import done_keys, failure_entry, general_failure, listed_keys
from ._snapshots.outcome import Outcome
from ._snapshots.records import Record, is_ended

NOUN = "snapshot"


def taken_result(outcomes: list[Outcome | Failure], *, with_diff: bool) -> dict[str, Any]:
    """The return values of atlas_snapshot for these clusters."""
    done = [outcome for outcome in outcomes if isinstance(outcome, Outcome)]
    result = done_keys(NOUN, outcomes, done, asked=len(outcomes))
    if with_diff:
        result["diff"] = [_diff(outcome) for outcome in done]
    return {**result, **failed_result(outcomes)}


def listed_result(found: list[list[Record] | Failure]) -> dict[str, Any]:
    """The return values of atlas_snapshot_info for these clusters."""
    return {**listed_keys(NOUN, found), **failed_result(found)}


def failed_result(outcomes: list[Any]) -> dict[str, Any]:
    """failed, msg and errors for the clusters that failed; empty if none did."""
    failures = [outcome for outcome in outcomes if isinstance(outcome, Failure)]
    if not failures:
        return {}
    count = "" if len(outcomes) == 1 else f"{len(failures)} of {len(outcomes)} clusters failed. "
    errors = [failure_entry(NOUN, each, f"Cluster {each.cluster_name}: {_message(each.error)}") for each in failures]
    return {"failed": True, "msg": count + " ".join(_grouped(failures)), "errors": errors}


def project_failure(error: AtlasError) -> dict[str, Any]:
    """The result of a failure that concerns no cluster in particular."""
    return general_failure(NOUN, error)


def _message(error: AtlasError) -> str:
    """The message of the error, with the id of the snapshot that exists in spite of it."""
    snapshot = error.record
    if snapshot is None or not snapshot["id"] or snapshot["id"] in str(error):
        return str(error)
    seen = f"{error} Snapshot {snapshot['id']} was {snapshot['status']} when it was last polled"
    return f"{seen}." if is_ended(snapshot) else f"{seen}: run again with snapshot_id={snapshot['id']} to wait for it."


def _grouped(failures: list[Failure]) -> list[str]:
    """One text per distinct message, because a hundred clusters often fail for the same reason."""
    names: dict[str, list[str]] = {}
    for failure in failures:
        names.setdefault(_message(failure.error), []).append(failure.cluster_name)
    return [f"Cluster{'s' if len(which) > 1 else ''} {', '.join(which)}: {message}" for message, which in names.items()]


def _diff(outcome: Outcome) -> dict[str, Any]:
    record = outcome.record
    header = f"snapshot of {record['cluster_name']}"
    return {
        "before_header": header,
        "after_header": header,
        "before": outcome.before or {},
        "after": {} if outcome.gone else record,
    }
