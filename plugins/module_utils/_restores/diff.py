# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# The target before and after a restore, for diff mode. Pure functions.

from __future__ import annotations

from typing import Any

from .._snapshots.records import Record
from .preflight import Facts
from .spec import RestoreSpec
from .target import TargetCluster


def shown_diff(spec: RestoreSpec, facts: Facts, *, starts: bool) -> dict[str, Any]:
    """The target before and after. starts: this task overwrites its data; otherwise an existing job does or did."""
    after = _state(spec, facts, spec.data, facts.snapshot if isinstance(facts.snapshot, dict) else None)
    before = _state(spec, facts, "the current data, all of which is deleted", None) if starts else after
    return {"before_header": spec.target, "after_header": spec.target, "before": before, "after": after}


def _state(spec: RestoreSpec, facts: Facts, data: str, snapshot: Record | None) -> dict[str, Any]:
    target = facts.target.record if isinstance(facts.target, TargetCluster) else {}
    shown = snapshot or {}
    return {
        "project_id": spec.target_project_id,
        "cluster_name": spec.target_cluster_name,
        # A restore changes only the data.
        "mongodb_version": target.get("mongodb_version"),
        "data": data,
        "data_created_at": shown.get("created_at"),
        "data_size_bytes": shown.get("storage_size_bytes"),
    }
