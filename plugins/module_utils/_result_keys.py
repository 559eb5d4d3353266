# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# The keys that results for snapshots and for restores have in common. noun: snapshot or restore, as in their names.

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ._atlas.errors import AtlasError
from ._attempts import Failure
from ._snapshots.records import Record


def done_keys(noun: str, outcomes: Sequence[Any], done: Sequence[Any], *, asked: int) -> dict[str, Any]:
    """The records of the successful outcomes, and whether anything was changed or all of them were reused.

    asked: the number of requested ones. The record of a single one is also returned by itself.
    """
    records = [{**outcome.record, "reused": outcome.reused} for outcome in done]
    result: dict[str, Any] = {
        "changed": any(outcome.changed for outcome in outcomes),
        f"{noun}s": records,
        "reused": bool(done) and len(done) == len(outcomes) and all(outcome.reused for outcome in done),
    }
    if asked == 1 and len(records) == 1:
        result[noun] = records[0]
    return result


def listed_keys(noun: str, found: Sequence[list[Record] | Failure]) -> dict[str, Any]:
    """The records of all lists that could be read."""
    records = [record for records in found if not isinstance(records, Failure) for record in records]
    return {"changed": False, f"{noun}s": records}


def failure_entry(noun: str, failure: Failure, message: str) -> dict[str, Any]:
    """The entry of errors for a failure."""
    return _entry(noun, failure.cluster_name, failure.cluster_type, message, failure.error)


def general_failure(noun: str, error: AtlasError) -> dict[str, Any]:
    """The result of a failure that concerns no cluster in particular."""
    entry = _entry(noun, None, None, str(error), error)
    return {"changed": False, "failed": True, "msg": str(error), "errors": [entry]}


def _entry(
    noun: str, cluster_name: str | None, cluster_type: str | None, message: str, error: AtlasError
) -> dict[str, Any]:
    return {
        "cluster_name": cluster_name,
        "cluster_type": cluster_type,
        "msg": message,
        "error_code": error.error_code,
        "status_code": error.status_code,
        noun: error.record,
    }
