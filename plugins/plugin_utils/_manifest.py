# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# Creates and compares the manifests of backups. Pure functions.

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from ..module_utils._manifest import FORMAT, Manifest

Record = Mapping[str, Any]

# The keys that are compared; a change of any other key does not cause a new manifest.
_SNAPSHOT_MARKS = ("cluster_name", "id", "expires_at")
_RESTORE_MARKS = ("id", "status", "snapshot_id", "point_in_time", "target_project_id", "target_cluster_name")


def manifest_of(
    snapshots: Sequence[Record], restores: Sequence[Record] | None, description: str | None, atlas_time: str | None
) -> Manifest:
    """A manifest of these snapshots. With restores it is a receipt, with only the first snapshot of each cluster.

    A repeated rollback lists the snapshots of the earlier run first: later ones may contain half-restored data.
    """
    if restores is not None:
        first: dict[Any, Record] = {}
        for record in snapshots:
            first.setdefault(record.get("cluster_name"), record)
        snapshots = list(first.values())
    manifest = {
        "format": FORMAT,
        "created_at": atlas_time,
        "project_id": _common_project(snapshots or restores or ()),
        "description": description,
        "snapshots": list(snapshots),
    }
    return manifest if restores is None else {**manifest, "restores": list(restores)}


def manifest_text(manifest: Manifest) -> str:
    """The manifest as text. Raises TypeError for a value that JSON cannot represent."""
    return json.dumps(manifest, indent=2, ensure_ascii=False, default=_as_text) + "\n"


def says_the_same(one: Manifest, other: Manifest) -> bool:
    """Whether both have the same snapshots with the same expiry, and the same restores with the same status."""
    return all(
        _marks(one.get(key), marks) == _marks(other.get(key), marks)
        for key, marks in (("snapshots", _SNAPSHOT_MARKS), ("restores", _RESTORE_MARKS))
    )


def _marks(records: Sequence[Record] | None, keys: Sequence[str]) -> list[list[Any]]:
    return [[record.get(key) for key in keys] for record in records or ()]


def _common_project(records: Sequence[Record]) -> str | None:
    """The project of all records; None if they are of several projects."""
    projects = {record.get("project_id") for record in records}
    return projects.pop() if len(projects) == 1 else None


def _as_text(value: Any) -> str:
    """Convert a date back to text: YAML parses an unquoted time as a date."""
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"a {type(value).__name__} cannot be written as JSON")
