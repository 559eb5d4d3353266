# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# Checks an existing receipt: whether it belongs to the same rollback, and which snapshots it has. Pure functions.

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


def receipt_problem(
    receipt: Mapping[str, Any] | None, planned: Sequence[Mapping[str, Any]], path: str, option: str
) -> str | None:
    """Why this receipt must not be overwritten, as text with the option's name; None if it may be.

    planned: records of the restores of this rollback.
    """
    if receipt is None:
        return None
    if not receipt.get("restores"):
        return (
            f"{option} is {path}, which is the manifest of a backup, not a receipt. Choose another file, to keep the "
            "manifest."
        )
    if _marks(receipt["restores"]) != _marks(planned):
        return (
            f"{option} is {path}, which is the receipt of another rollback: other snapshots, or other targets. Name "
            "another file, or move this one."
        )
    return None


def safety_snapshots_in(receipt: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """The safety snapshots of the earlier run, which are kept: newer ones may contain half-restored data."""
    return list((receipt or {}).get("snapshots", []))


def _marks(restores: Sequence[Mapping[str, Any]]) -> set[tuple[str, ...]]:
    """The keys that identify a rollback, independent of its outcome."""
    keys = ("project_id", "cluster_name", "snapshot_id", "target_project_id", "target_cluster_name")
    return {tuple(str(record.get(key)) for key in keys) for record in restores}
