# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# The specification of one restore, and whether a job matches it. Pure functions.

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Any

from .._snapshots.clusters import DEDICATED
from .._snapshots.records import Record
from .._times import parse_time
from .point_in_time import point_text
from .records import AUTOMATED, DOWNLOAD, POINT_IN_TIME, RECORD_KEYS, overwrites


class Match(enum.Enum):
    """Whether a job is the requested restore."""

    SAME = "the same data into the same cluster"
    UNCLEAR = "a point in time into the same cluster, and the job does not show which"
    OTHER = "another restore"


@dataclass(frozen=True)
class RestoreSpec:
    """One restore: a snapshot or a point in time (seconds since 1970) of one cluster, into another one or itself.

    project_id and cluster_name are the source's. target_project_name: as the user gave it, for messages.
    """

    project_id: str
    cluster_name: str
    target_project_id: str
    target_cluster_name: str
    snapshot_id: str | None = None
    point_in_time: int | None = None
    target_project_name: str | None = None

    @property
    def source_place(self) -> tuple[str, str]:
        """The project and the name of the source."""
        return self.project_id, self.cluster_name

    @property
    def target_place(self) -> tuple[str, str]:
        """The project and the name of the target."""
        return self.target_project_id, self.target_cluster_name

    @property
    def data(self) -> str:
        """Describes what is restored."""
        if self.point_in_time is not None:
            return f"cluster {self.cluster_name} as of {point_text(self.point_in_time)}"
        if self.snapshot_id is None:
            return f"a point in time of cluster {self.cluster_name}"
        return f"snapshot {self.snapshot_id} of cluster {self.cluster_name}"

    @property
    def target(self) -> str:
        """Describes the target, with its project if that is not the source's."""
        if self.target_project_id == self.project_id:
            return f"cluster {self.target_cluster_name}"
        return f"cluster {self.target_cluster_name} of project {self.target_project_name or self.target_project_id}"

    def __str__(self) -> str:
        return f"Restore of {self.data} into {self.target}"

    @property
    def delivery_type(self) -> str:
        return AUTOMATED if self.point_in_time is None else POINT_IN_TIME

    def match(self, job: Record) -> Match:
        """Whether this job is the requested restore. A job to a point in time may not show which one."""
        if not (self._is_of_source(job) and overwrites(job, self.target_project_id, self.target_cluster_name)):
            return Match.OTHER
        if job["delivery_type"] != self.delivery_type:
            return Match.OTHER
        if self.point_in_time is None:
            return Match.SAME if job["snapshot_id"] == self.snapshot_id else Match.OTHER
        if job["point_in_time"] is None:
            return Match.UNCLEAR
        return Match.SAME if job["point_in_time"] == point_text(self.point_in_time) else Match.OTHER

    def agrees_with(self, job: Record) -> bool:
        """Whether every value that is set here matches the job; an empty value matches anything."""
        given = {
            "snapshot_id": self.snapshot_id,
            "point_in_time": None if self.point_in_time is None else point_text(self.point_in_time),
            "target_project_id": self.target_project_id,
            "target_cluster_name": self.target_cluster_name,
        }
        return all(not value or job[key] in (None, value) for key, value in given.items())

    def _is_of_source(self, job: Record) -> bool:
        return bool(job["project_id"] == self.project_id and job["cluster_name"] == self.cluster_name)

    def record(self, cluster_type: str | None = DEDICATED, **known: Any) -> Record:
        """The record of a restore that has no job yet; unknown values are null."""
        record: Record = dict.fromkeys(RECORD_KEYS)
        record.update(
            project_id=self.project_id,
            cluster_name=self.cluster_name,
            cluster_type=cluster_type,
            snapshot_id=self.snapshot_id,
            point_in_time=None if self.point_in_time is None else point_text(self.point_in_time),
            delivery_type=self.delivery_type,
            target_project_id=self.target_project_id,
            target_cluster_name=self.target_cluster_name,
            **known,
        )
        return record


def subject_of(job: Record) -> str:
    """Describes what a job restores into which target."""
    if job["delivery_type"] == DOWNLOAD:
        return f"Download of snapshot {job['snapshot_id']} of cluster {job['cluster_name']}"
    point = parse_time(job["point_in_time"])
    spec = RestoreSpec(
        str(job["project_id"]),
        str(job["cluster_name"]),
        str(job["target_project_id"]),
        str(job["target_cluster_name"]),
        snapshot_id=job["snapshot_id"],
        point_in_time=int(point.timestamp()) if point else None,
    )
    return str(spec)
