# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# The backup report: which clusters have an assured backup, and the problems of the others. Pure functions.

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from ..module_utils._atlas.error_codes import BACKUPS_DISABLED
from ..module_utils._restores.records import DOWNLOAD, is_running
from ..module_utils._restores.records import RECORD_KEYS as RESTORE_KEYS
from ..module_utils._snapshots.assurance import judge_snapshot
from ..module_utils._snapshots.clusters import FLEX, TENANT
from ..module_utils._snapshots.records import (
    FAILED,
    RECORD_KEYS,
    Record,
    born_at,
    is_ended,
    is_on_demand,
    newest_first,
)

# The state of a cluster. Safe: it has an assured snapshot. Check: it has one, but there is a problem. Restoring: a
# restore into it is running.
UNSAFE = "unsafe"
RESTORING = "restoring"
CHECK = "check"
SAFE = "safe"
# Text for each state, in the order of the report.
WORDS = {UNSAFE: "not assured", RESTORING: "restore running", CHECK: "assured, check", SAFE: "assured"}

# How a snapshot is drawn on a timeline: by its kind, or by its status if it is not completed.
ON_DEMAND = "on demand"
SCHEDULED = "scheduled"
AUTOMATIC = "automatic"
OTHER = "other"
UNFINISHED = "unfinished"
LOOKS = (ON_DEMAND, SCHEDULED, AUTOMATIC, OTHER, UNFINISHED, FAILED)

_TOPOLOGIES = {"REPLICASET": "replica set", "SHARDED": "sharded", "GEOSHARDED": "geosharded"}


@dataclass(frozen=True)
class Mark:
    """A snapshot on a timeline. position: from 0, the left end of the timeline, to 1, now."""

    position: float
    look: str
    taken_as: str
    status: str
    born: datetime


@dataclass(frozen=True)
class Row:
    """The report on one cluster. snapshot: the newest assured one, or else the newest.

    note: why it has no assured backup, or other problems, in sentences; may be empty.
    """

    name: str
    kind: str
    state: str
    note: str
    snapshot: Record | None
    marks: tuple[Mark, ...]

    @property
    def born(self) -> datetime | None:
        return born_at(self.snapshot) if self.snapshot else None


@dataclass(frozen=True)
class Report:
    """All clusters of a project, those without an assured backup first. now is Atlas's clock.

    unlisted: messages about snapshots that could not be listed, except for clusters whose backups are off.
    restores: the last one from and into each cluster, None if not requested. about_restores: messages about restores
    that could not be listed.
    """

    project_id: str | None
    now: datetime
    days: int
    rows: tuple[Row, ...]
    unlisted: tuple[str, ...] = ()
    restores: tuple[Record, ...] | None = None
    about_restores: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        return f"Backups of Atlas project {self.project_id}" if self.project_id else "Atlas backups"

    def count(self, state: str) -> int:
        return sum(row.state == state for row in self.rows)


def report(
    clusters: Iterable[Mapping[str, Any]],
    snapshots: Iterable[Mapping[str, Any]],
    errors: Iterable[Mapping[str, Any]],
    now: datetime,
    days: int,
    restores: Iterable[Mapping[str, Any]] | None = None,
    restore_errors: Iterable[Mapping[str, Any]] = (),
) -> Report:
    """The report on these clusters, sorted by state; within a state they keep their order.

    errors: those that the info module returns for clusters whose snapshots it could not list.
    Snapshots of other clusters are ignored. restores: jobs of the project, None if not requested.
    restore_errors: errors for clusters whose restores could not be listed.
    """
    clusters, errors = list(clusters), list(errors)
    records: dict[Any, list[Record]] = {}
    for snapshot in snapshots:
        records.setdefault(snapshot.get("cluster_name"), []).append({**dict.fromkeys(RECORD_KEYS), **snapshot})
    failures = {error.get("cluster_name"): error for error in errors}
    jobs = None if restores is None else [{**dict.fromkeys(RESTORE_KEYS), **restore} for restore in restores]
    running = {_target(job): job for job in jobs or () if is_running(job) and job["delivery_type"] != DOWNLOAD}
    rows = []
    for cluster in clusters:
        name = cluster.get("name")
        row = _row(cluster, newest_first(records.get(name, [])), failures.get(name), now, days)
        rows.append(_while_restoring(row, running.get((cluster.get("project_id"), name))))
    return Report(
        project_id=next((cluster.get("project_id") for cluster in clusters), None),
        now=now,
        days=days,
        rows=tuple(sorted(rows, key=lambda row: list(WORDS).index(row.state))),
        unlisted=tuple(str(error.get("msg")) for error in errors if not _has_backups_off(error)),
        restores=None if jobs is None else tuple(_last_restores(jobs)),
        about_restores=tuple(_unlisted_restores(restore_errors)),
    )


def _unlisted_restores(errors: Iterable[Mapping[str, Any]]) -> Iterable[str]:
    """One text per reason, because all clusters often get the same refusal."""
    names: dict[str, list[str]] = {}
    for error in errors:
        name = str(error.get("cluster_name") or "the project")
        names.setdefault(str(error.get("msg")).removeprefix(f"Cluster {name}: "), []).append(name)
    for reason, which in names.items():
        yield f"The restores of {', '.join(which)} could not be listed. {reason}"


def _target(job: Record) -> tuple[Any, Any]:
    return job["target_project_id"], job["target_cluster_name"]


def _while_restoring(row: Row, job: Record | None) -> Row:
    """The row, with state and note changed if a restore runs into the cluster."""
    if job is None:
        return row
    note = f"Restore job {job['id']} overwrites it with data of {job['cluster_name']}. {row.note}".strip()
    return replace(row, state=RESTORING, note=note)


def _last_restores(jobs: Sequence[Record]) -> Iterable[Record]:
    """The last restore from each source and into each target, newest first, without duplicates."""
    seen: set[Any] = set()
    for job in newest_first(jobs):
        places = {("from", job["project_id"], job["cluster_name"]), ("into", *_target(job))}
        if not places <= seen:
            yield job
        seen |= places


def _has_backups_off(error: Mapping[str, Any]) -> bool:
    return error.get("error_code") in BACKUPS_DISABLED


def _row(
    cluster: Mapping[str, Any], records: list[Record], error: Mapping[str, Any] | None, now: datetime, days: int
) -> Row:
    verdicts = [judge_snapshot(record, now, now=now) for record in records]
    assured = next((record for record, verdict in zip(records, verdicts) if verdict.assured), None)
    if error:
        state, note = UNSAFE, _why_not_listed(cluster, error)
    elif assured is None:
        state, note = UNSAFE, _what_is_missing(cluster, verdicts[0].reason if verdicts else None)
    else:
        state, note = _what_else_to_know(cluster, records[0], verdicts[0].reason)
    snapshot = assured or next(iter(records), None)
    marks = tuple(_marks(records, now, timedelta(days=days)))
    return Row(str(cluster.get("name")), cluster_kind(cluster), state, note, snapshot, marks)


def _why_not_listed(cluster: Mapping[str, Any], error: Mapping[str, Any]) -> str:
    if _has_backups_off(error):
        return "Backups are switched off, so Atlas lists no snapshots."
    # The row already names the cluster.
    said = str(error.get("msg")).removeprefix(f"Cluster {cluster.get('name')}: ")
    return f"Its snapshots could not be listed. {said}"


def _what_is_missing(cluster: Mapping[str, Any], reason: str | None) -> str:
    """Why there is no assured snapshot. reason: the problem of the newest one, None if there is no snapshot."""
    if cluster.get("instance_size") == "M0":
        return "A free cluster (M0) has no backups at all."
    problem = f"The newest snapshot is not assured: {reason}." if reason else "There is no snapshot."
    return f"Backups are switched off. {problem}" if cluster.get("backup_enabled") is False else problem


def _what_else_to_know(cluster: Mapping[str, Any], newest: Record, reason: str) -> tuple[str, str]:
    """State and note of a cluster with an assured backup.

    reason: the problem of the newest snapshot, empty if it is assured.
    """
    notes, state = [], SAFE
    if cluster.get("backup_enabled") is False:
        notes.append("Backups are switched off: no more snapshots are taken.")
        state = CHECK
    if reason and is_ended(newest):
        notes.append(f"A newer snapshot, {newest['id']}, is not assured: {reason}.")
        state = CHECK
    elif reason:
        notes.append(f"A newer snapshot, {newest['id']}, is not completed yet ({status_text(newest)}).")
    if cluster.get("paused"):
        notes.append("The cluster is paused.")
    return state, " ".join(notes)


def _marks(records: list[Record], now: datetime, span: timedelta) -> Iterable[Mark]:
    """The marks for the snapshots within this span, the oldest first."""
    for record in reversed(records):
        born = born_at(record)
        if born is not None and born >= now - span:
            # Our estimate of Atlas's clock is slightly late, so a new snapshot may seem to be in the future.
            position = min(1.0, 1 - (now - born) / span)
            yield Mark(position, _look(record), taken_as(record), status_text(record), born)


def _look(record: Record) -> str:
    if record["status"] == FAILED:
        return FAILED
    if not is_ended(record):
        return UNFINISHED
    how = taken_as(record)
    return how if how in (ON_DEMAND, SCHEDULED, AUTOMATIC) else OTHER


def taken_as(record: Record) -> str:
    """Why Atlas took the snapshot: on demand, scheduled, automatic; an unknown snapshot_type is returned unchanged."""
    if record["cluster_type"] in (TENANT, FLEX):
        return AUTOMATIC
    return ON_DEMAND if is_on_demand(record) else str(record["snapshot_type"] or OTHER)


def status_text(record: Record) -> str:
    return str(record["status"] or "status unknown")


def cluster_kind(cluster: Mapping[str, Any]) -> str:
    """The kind and size of a cluster: replica set M10, tenant M2, flex."""
    kind, size = cluster.get("cluster_type"), cluster.get("instance_size")
    if kind == FLEX:
        return FLEX
    topology = cluster.get("topology")
    word = TENANT if kind == TENANT else _TOPOLOGIES.get(str(topology), topology or kind)
    return " ".join(str(part) for part in (word, size) if part)
