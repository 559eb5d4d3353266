# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Clusters and snapshots as a report gets them, and the time of the report."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._snapshots.records import RECORD_KEYS
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._times import format_time

NOW = datetime(2026, 8, 15, 22, 7, 37, tzinfo=timezone.utc)
PROJECT = "5f0c1d2e3b4a59687766aabb"


def ago(**duration: float) -> datetime:
    return NOW - timedelta(**duration)


def object_id(born: datetime, number: int = 0) -> str:
    """An id as Atlas makes them: it starts with the seconds since 1970."""
    return f"{int(born.timestamp()):08x}c0ffee00{number:08x}"


def cluster(name: str = "prod", **known: Any) -> dict[str, Any]:
    return {
        "name": name,
        "project_id": PROJECT,
        "cluster_type": "dedicated",
        "topology": "REPLICASET",
        "instance_size": "M10",
        "paused": False,
        "backup_enabled": True,
        **known,
    }


def snapshot(born: datetime, name: str = "prod", **known: Any) -> dict[str, Any]:
    """A completed scheduled snapshot of a dedicated cluster, with the given changes."""
    return {
        **dict.fromkeys(RECORD_KEYS),
        "id": object_id(born),
        "cluster_name": name,
        "cluster_type": "dedicated",
        "status": "completed",
        "snapshot_type": "scheduled",
        "created_at": format_time(born),
        "expires_at": format_time(born + timedelta(days=8)),
        "storage_size_bytes": 2214592512,
        **known,
    }
