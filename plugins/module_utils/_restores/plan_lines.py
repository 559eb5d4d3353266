# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# The plan of a rollback as readable lines, and as the return values of the module. Pure functions.

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from .._snapshots.records import Record, born_at
from .._table import Column, table_lines
from .._text import duration_text, minute_text
from .._times import format_time
from .plan import PlannedRestore, RollbackPlan
from .records import is_ended
from .rollback_options import RollbackOptions
from .safety import DESCRIPTION

_WARNINGS = (
    "Everything written to these targets since the snapshots is lost: Atlas deletes all data of a target first, and a "
    "restore that has started cannot be cancelled.",
    "Stop everything that writes to the targets first: {unsaved}. They are unavailable until the restore is completed.",
    "Data and indexes come back. MongoDB version, tier and settings stay as they are.",
)


def plan_lines(options: RollbackOptions, plan: RollbackPlan, atlas_now: datetime | None) -> list[str]:
    """A table of what would be overwritten by which snapshot, then what is lost, then notes on each restore."""
    kept = {record["cluster_name"]: record for record in plan.kept_first}
    columns: tuple[Column[PlannedRestore], ...] = (
        Column("OVERWRITTEN", lambda each: each.spec.target.removeprefix("cluster ")),
        Column("BY SNAPSHOT", lambda each: each.spec.snapshot_id),
        Column("OF", lambda each: each.spec.cluster_name),
        Column("CREATED (UTC)", lambda each: minute_text(_created(each))),
        Column("AGE", lambda each: _age(each, atlas_now), align_right=True),
        Column("SAFETY SNAPSHOT", lambda each: _safety_text(options, plan, kept, each)),
    )
    lines = table_lines(columns, plan.restores, title="What the rollback does:", when_empty="Nothing.")
    if any(restore.judgement.existing is None for restore in plan.restores):
        unsaved = "no backup contains what is written after the safety snapshot"
        lines += [line.format(unsaved=unsaved if plan.take_first else "it would be lost") for line in _WARNINGS]
    for restore in plan.restores:
        lines += [f"{restore.target_name}: {line}." for line in _notes(options, plan, kept, restore)]
    return lines


def _created(restore: PlannedRestore) -> str | None:
    born = born_at({"created_at": None, **restore.snapshot})
    return format_time(born) if born else None


def _age(restore: PlannedRestore, atlas_now: datetime | None) -> str | None:
    born = born_at({"created_at": None, **restore.snapshot})
    return duration_text(atlas_now - born) if atlas_now and born else None


def _safety_text(
    options: RollbackOptions, plan: RollbackPlan, kept: Mapping[str, Record], restore: PlannedRestore
) -> str:
    if not options.snapshot_first:
        return "none"
    if restore.target_name in kept and restore.judgement.existing is not None:
        return f"kept: {kept[restore.target_name]['id']}"
    return "taken first" if restore.target_name in plan.take_first else "none"


def _notes(
    options: RollbackOptions, plan: RollbackPlan, kept: Mapping[str, Record], restore: PlannedRestore
) -> Iterator[str]:
    """Notes on one restore, which follow the table."""
    job = restore.judgement.existing
    if job is not None:
        ended = "was completed before and counts as the result" if is_ended(job) else "already runs"
        yield f"restore job {job['id']} {ended}: nothing is started"
    yield from (options.in_own_words(line) for line in restore.judgement.lines)
    if not options.snapshot_first:
        return
    if restore.target_record is not None and not restore.is_of_dedicated_target:
        kind = restore.target_record["cluster_type"]
        yield f"no safety snapshot can be taken of a {kind} cluster, so its rollback cannot be undone"
    elif restore.judgement.existing is not None and restore.target_name not in kept:
        yield f"no snapshot '{DESCRIPTION}' was completed before its restore began, so its rollback cannot be undone"
    elif restore.target_name in plan.take_first:
        yield from _notes_on_new_snapshot(restore, kept.get(restore.target_name))


def _notes_on_new_snapshot(restore: PlannedRestore, earlier: Record | None) -> Iterator[str]:
    """Further facts about a safety snapshot that is about to be taken. earlier: the one of an earlier run."""
    job = restore.first_job
    if job is not None:
        yield (
            f"an earlier restore job, {job['id']}, ended as {job['status']}: a safety snapshot taken now may contain "
            "part of the restored data"
        )
    if earlier is not None:
        yield f"safety snapshot {earlier['id']} of the earlier run is kept; the new one is additional"


def words_to_add(options: RollbackOptions, targets: Sequence[str]) -> str:
    """The text that the user adds to confirm these targets."""
    names = ",".join(targets)
    option = options.called("confirm")
    return f"-e {option}={names}" if "confirm" in options.option_names else f"{option}: {names}"


def plan_result(options: RollbackOptions, plan: RollbackPlan, atlas_now: datetime | None) -> dict[str, Any]:
    """The return values for a plan without problems; a failure unless every target is confirmed."""
    lines = plan_lines(options, plan, atlas_now)
    result: dict[str, Any] = {
        "changed": False,
        "restores": [_asked(restore) for restore in plan.restores],
        "planned": [_planned(restore) for restore in plan.restores],
        "sources": [restore.snapshot for restore in plan.restores],
        "take_first": plan.take_first,
        "kept_first": plan.kept_first,
        "lines": lines,
        "problems": [],
        "unconfirmed": plan.unconfirmed,
        "target_project_id": plan.restores[0].spec.target_project_id if plan.restores else None,
    }
    if not plan.unconfirmed:
        return result
    words = words_to_add(options, [each.target_name for each in plan.restores])
    heading = f"Nothing was taken or restored: {options.called('confirm')} does not name {', '.join(plan.unconfirmed)}."
    return {**result, "failed": True, "msg": "\n".join([heading, *lines, f"To continue, add: {words}"])}


def _asked(restore: PlannedRestore) -> dict[str, Any]:
    """One item for the option restores of atlas_restore."""
    spec = restore.spec
    return {
        "project_id": spec.project_id,
        "cluster_name": spec.cluster_name,
        "snapshot_id": spec.snapshot_id,
        "target_project_id": spec.target_project_id,
        "target_cluster_name": spec.target_cluster_name,
    }


def _planned(restore: PlannedRestore) -> Record:
    """The record for a receipt before the restores start: without id and status, unless it has a job already."""
    if restore.judgement.existing is not None:
        return restore.judgement.existing
    kind = restore.snapshot.get("cluster_type")
    return restore.spec.record(kind, snapshot_created_at=restore.snapshot.get("created_at"))
