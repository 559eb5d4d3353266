# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# Converts Atlas's snapshots to the records that the modules return. Pure functions.

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from .._atlas.fields import shortened
from .._atlas.object_id import is_object_id, minted_at
from .._times import in_utc, parse_time

# A creation time may be this far ahead of our estimate of Atlas's clock, which is late by one answer. Seconds.
_AHEAD = -60.0

JsonObject = Mapping[str, Any]
Record = dict[str, Any]

COMPLETED = "completed"
FAILED = "failed"

# Status of tenant and flex clusters -> the word for dedicated ones; an unknown status is returned unchanged.
_STATUS_WORDS = {
    "PENDING": "queued",
    "QUEUED": "queued",
    "RUNNING": "inProgress",
    "COMPLETED": COMPLETED,
    "FAILED": FAILED,
}

# Record key -> key of a dedicated cluster's snapshot.
_DEDICATED_KEYS = {
    "id": "id",
    "type": "type",
    "status": "status",
    "snapshot_type": "snapshotType",
    "frequency_type": "frequencyType",
    "description": "description",
    "created_at": "createdAt",
    "expires_at": "expiresAt",
    "mongod_version": "mongodVersion",
    "storage_size_bytes": "storageSizeBytes",
    "cloud_provider": "cloudProvider",
    "replica_set_name": "replicaSetName",
    "copy_regions": "copyRegions",
    "policy_items": "policyItems",
    "master_key_uuid": "masterKeyUUID",
    "config_server_type": "configServerType",
    "snapshot_ids": "snapshotIds",
}

# Record key -> key of a tenant or flex cluster's snapshot.
_AUTOMATIC_KEYS = {
    "id": "id",
    "status": "status",
    "created_at": "startTime",
    "scheduled_at": "scheduledTime",
    "finished_at": "finishTime",
    "expires_at": "expiration",
    "mongod_version": "mongoDBVersion",
}

_TIMES = ("created_at", "scheduled_at", "finished_at", "expires_at")

RECORD_KEYS = (
    "id",
    "project_id",
    "cluster_name",
    "cluster_type",
    "type",
    "status",
    "snapshot_type",
    "frequency_type",
    "description",
    "created_at",
    "scheduled_at",
    "finished_at",
    "expires_at",
    "mongod_version",
    "storage_size_bytes",
    "cloud_provider",
    "replica_set_name",
    "copy_regions",
    "policy_items",
    "master_key_uuid",
    "config_server_type",
    "members",
    "snapshot_ids",
)


def empty_record(project_id: str, cluster_name: str, cluster_type: str | None) -> Record:
    """A record with every other key null."""
    record: Record = dict.fromkeys(RECORD_KEYS)
    record.update(project_id=project_id, cluster_name=cluster_name, cluster_type=cluster_type)
    return record


def snapshot_record(snapshot: JsonObject, project_id: str, cluster_name: str, cluster_type: str) -> Record:
    """The record of a snapshot from Atlas; values that Atlas did not send are null."""
    record = empty_record(project_id, cluster_name, cluster_type)
    keys = _DEDICATED_KEYS if cluster_type == "dedicated" else _AUTOMATIC_KEYS
    record.update({ours: snapshot.get(atlas) for ours, atlas in keys.items()})
    record["id"] = record["id"] if is_object_id(record["id"]) else None
    record["status"] = _STATUS_WORDS.get(str(record["status"]), record["status"])
    record.update({key: in_utc(record[key]) for key in _TIMES})
    members = snapshot.get("members")
    if isinstance(members, list):
        record["members"] = [_member(member) for member in members if isinstance(member, dict)]
    return record


def _member(member: JsonObject) -> Record:
    return {
        "id": member.get("id"),
        "cloud_provider": member.get("cloudProvider"),
        "replica_set_name": member.get("replicaSetName"),
    }


def born_at(record: Record) -> datetime | None:
    """When the snapshot or restore job was created: created_at, or else the time in its id.

    Atlas sends the createdAt of a snapshot only after its completion.
    """
    return parse_time(record["created_at"]) or minted_at(record["id"])


def age_of(record: Record, atlas_now: datetime) -> float | None:
    """The seconds since its creation by Atlas's clock; None if that time is unreadable or in the future."""
    if record["created_at"] is not None and parse_time(record["created_at"]) is None:
        return None
    born = born_at(record)
    age = (atlas_now - born).total_seconds() if born else -math.inf
    return age if age >= _AHEAD else None


def is_young(record: Record, max_age: float, atlas_now: datetime) -> bool:
    """Whether it was created within max_age seconds by Atlas's clock; no for an unreadable or future time."""
    age = age_of(record, atlas_now)
    return age is not None and age <= max_age


def newest_first(records: Iterable[Record]) -> list[Record]:
    """The records sorted by their creation, the newest first."""
    never = datetime.min.replace(tzinfo=timezone.utc)
    return sorted(records, key=lambda record: (born_at(record) or never, str(record["id"])), reverse=True)


class RecordFilter:
    """A filter for records of snapshots or restore jobs."""

    def apply(self, records: Iterable[Record], atlas_now: datetime | None, *, latest: bool = False) -> list[Record]:
        """The matching records, newest first; latest: only the newest of them."""
        passed = newest_first(record for record in records if self._passes(record, atlas_now))
        return passed[:1] if latest else passed

    def _passes(self, record: Record, atlas_now: datetime | None) -> bool:
        raise NotImplementedError


@dataclass(frozen=True)
class Filter(RecordFilter):
    """A filter for snapshots; None matches everything. max_age is in seconds.

    status has the values of records, snapshot_type those of Atlas.
    """

    status: list[str] | None = None
    snapshot_type: list[str] | None = None
    description: str | None = None
    max_age: float | None = None

    def _passes(self, record: Record, atlas_now: datetime | None) -> bool:
        return (
            (self.status is None or record["status"] in self.status)
            and (self.snapshot_type is None or record["snapshot_type"] in self.snapshot_type)
            and (self.description is None or same_description(record["description"], self.description))
            and (self.max_age is None or (atlas_now is not None and is_young(record, self.max_age, atlas_now)))
        )


def is_on_demand(record: Record) -> bool:
    """Whether it is an on-demand snapshot; as recorded, its frequencyType is ondemand too."""
    return record["snapshot_type"] == "onDemand" or (
        record["snapshot_type"] is None and record["frequency_type"] == "ondemand"
    )


def is_ended(record: Record) -> bool:
    """Whether the snapshot is finished. An unknown status does not count as finished."""
    return record["status"] in (COMPLETED, FAILED)


def same_description(one: Any, other: Any) -> bool:
    """Whether two descriptions are equal; null, missing and empty are the same, and outer white space is ignored.

    In a large list, a long text is replaced by its beginning and its hash.
    """
    return bool(_comparable(one) == _comparable(other))


def _comparable(description: Any) -> Any:
    return shortened(description.strip()) if isinstance(description, str) else description or ""


def holds_retention(record: Record, days: int) -> bool:
    """Whether it expires at least this many days after its creation, and less than one day more.

    Atlas counts expiry from completion, hours later for a large snapshot. 60 s of slack allow for rounding.
    """
    created, expires = parse_time(record["created_at"]), parse_time(record["expires_at"])
    if created is None or expires is None:
        return False
    kept = expires - created
    return timedelta(days=days, seconds=-60) <= kept < timedelta(days=days + 1)
