# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# What a manifest of a backup says, and whether two say the same. Pure functions.

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from ..module_utils._manifest import FORMAT, Manifest

Record = Mapping[str, Any]

# What makes a record the same as before; all else in it may change without a new manifest.
_SNAPSHOT_MARKS = ("cluster_name", "id", "expires_at")
_RESTORE_MARKS = ("id", "status", "snapshot_id", "point_in_time", "target_project_id", "target_cluster_name")


def manifest_of(
    snapshots: Sequence[Record], restores: Sequence[Record] | None, description: str | None, atlas_time: str | None
) -> Manifest:
    """A manifest of these snapshots; restores make it a receipt, in which the first snapshot of each cluster counts.

    A rollback that is run again gives those of the earlier run first: later ones may be of a half-restored cluster.
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
    """The manifest as it is written. Raises TypeError for what JSON cannot hold."""
    return json.dumps(manifest, indent=2, ensure_ascii=False, default=_as_text) + "\n"


def says_the_same(one: Manifest, other: Manifest) -> bool:
    """Whether both are of the same snapshots with the same expiry, and of the same restores in the same state."""
    return all(
        _marks(one.get(key), marks) == _marks(other.get(key), marks)
        for key, marks in (("snapshots", _SNAPSHOT_MARKS), ("restores", _RESTORE_MARKS))
    )


def _marks(records: Sequence[Record] | None, keys: Sequence[str]) -> list[list[Any]]:
    return [[record.get(key) for key in keys] for record in records or ()]


def _common_project(records: Sequence[Record]) -> str | None:
    """The project that all records are of; None where they are of several."""
    projects = {record.get("project_id") for record in records}
    return projects.pop() if len(projects) == 1 else None


def _as_text(value: Any) -> str:
    """YAML makes a date of a time that is not quoted."""
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"a {type(value).__name__} cannot be written as JSON")
