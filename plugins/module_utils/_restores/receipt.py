# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# The receipt of a rollback that is there already: whether it is of the same one, and what it keeps. Pure functions.

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


def receipt_problem(
    receipt: Mapping[str, Any] | None, planned: Sequence[Mapping[str, Any]], path: str, option: str
) -> str | None:
    """Why this receipt must not be written over, in a sentence that calls the option so; None where it may be.

    planned: records of the restores that the rollback is made of.
    """
    if receipt is None:
        return None
    if not receipt.get("restores"):
        return (
            f"{option} is {path}, which is the manifest of a backup and no receipt. Name another file, so that the "
            "manifest is kept."
        )
    if _marks(receipt["restores"]) != _marks(planned):
        return (
            f"{option} is {path}, which is the receipt of another rollback: other snapshots, or other targets. Name "
            "another file, or move that one away."
        )
    return None


def safety_snapshots_in(receipt: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """The safety snapshots of the earlier run: newer ones may be of a target that is half restored."""
    return list((receipt or {}).get("snapshots", []))


def _marks(restores: Sequence[Mapping[str, Any]]) -> set[tuple[str, ...]]:
    """What makes a rollback the same one, whatever has become of it."""
    keys = ("project_id", "cluster_name", "snapshot_id", "target_project_id", "target_cluster_name")
    return {tuple(str(record.get(key)) for key in keys) for record in restores}
