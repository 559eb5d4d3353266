# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# The results of the restore modules, and the message for each failure.

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ._atlas.errors import AtlasError
from ._attempts import Failure
from ._restores.attempt import RestoreFailure, RestoreOutcome
from ._restores.records import is_ended, options_to_wait_for
from ._result_keys import done_keys, failure_entry, general_failure, listed_keys
from ._snapshots.records import Record
from ._text import counted

NOUN = "restore"


def restored_result(
    outcomes: Sequence[RestoreOutcome | RestoreFailure], *, asked: int, with_diff: bool
) -> dict[str, Any]:
    """The return values of atlas_restore. asked: the number of requested restores; each may have several failures."""
    done = [outcome for outcome in outcomes if isinstance(outcome, RestoreOutcome)]
    result = done_keys(NOUN, outcomes, done, asked=asked)
    warnings = [warning for outcome in done for warning in outcome.warnings]
    if warnings:
        result["warnings"] = warnings
    if with_diff:
        result["diff"] = [outcome.diff for outcome in done if outcome.diff]
    return {**result, **failed_result(outcomes)}


def listed_result(found: Sequence[list[Record] | Failure]) -> dict[str, Any]:
    """The return values of atlas_restore_info for these clusters."""
    return {**listed_keys(NOUN, found), **failed_result(found)}


def failed_result(outcomes: Sequence[Any]) -> dict[str, Any]:
    """failed, msg and errors for the failures; empty if there are none."""
    failures = [outcome for outcome in outcomes if isinstance(outcome, Failure)]
    if not failures:
        return {}
    messages = _grouped(failures)
    if len(outcomes) > 1:
        messages.insert(0, f"{counted(len(failures), 'problem')}:")
    return {
        "failed": True,
        "msg": "\n".join(messages),
        "errors": [failure_entry(NOUN, each, _message(each)) for each in failures],
    }


def project_failure(error: AtlasError) -> dict[str, Any]:
    """The result of a failure that concerns no restore in particular."""
    return general_failure(NOUN, error)


def _message(failure: Failure) -> str:
    """The restore, the problem, the status of its job, the state of the target's data, and the next step."""
    if isinstance(failure, RestoreFailure):
        return f"{failure.subject}: {_words(failure)}"
    return f"Cluster {failure.cluster_name}: {failure.error}"


def _words(failure: RestoreFailure) -> str:
    """The message about a failure without its subject."""
    error = failure.error
    sentences = [f"{error.message.rstrip('.')}.", _last_seen(error), failure.holds.value, error.hint, _pick_up(error)]
    return " ".join(sentence for sentence in sentences if sentence)


def _grouped(failures: Sequence[Failure]) -> list[str]:
    """One line per distinct problem, because a hundred restores often fail for the same reason."""
    alike: dict[str, list[Failure]] = {}
    for failure in failures:
        alike.setdefault(_words(failure) if isinstance(failure, RestoreFailure) else str(failure.error), []).append(
            failure
        )
    return [_line(words, those) for words, those in alike.items()]


def _line(words: str, failures: Sequence[Failure]) -> str:
    if len(failures) == 1:
        return _message(failures[0])
    if all(isinstance(failure, RestoreFailure) for failure in failures):
        targets = dict.fromkeys(failure.target for failure in failures if isinstance(failure, RestoreFailure))
        return f"Restores into {', '.join(targets)}: {words}"
    return f"Clusters {', '.join(failure.cluster_name for failure in failures)}: {words}"


def _last_seen(error: AtlasError) -> str:
    """The job and its status, unless the message names the job."""
    job = error.record
    if job is None or not job["id"] or job["id"] in error.message:
        return ""
    return f"Restore job {job['id']} was {job['status']} when it was last polled."


def _pick_up(error: AtlasError) -> str:
    """How to wait for a job that still runs, unless the next step says so."""
    job = error.record
    if job is None or not job["id"] or is_ended(job) or job["id"] in error.hint:
        return ""
    return f"Wait for it with {options_to_wait_for(job)}."
