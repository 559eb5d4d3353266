# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# Reads the receipt of an earlier run of a rollback from a file.

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ._manifest import manifest_to_replace
from ._problems import Problem
from ._restores.receipt import receipt_problem, safety_snapshots_in


def receipt_at(
    path: str | None, called: str, planned: Sequence[Mapping[str, Any]]
) -> tuple[list[dict[str, Any]], list[Problem]]:
    """The safety snapshots in the receipt of an earlier run, and the problems of the path or the receipt.

    called: the name of the option with the path. planned: records of the restores of this rollback.
    """
    if not path:
        return [], []
    receipt, problem = manifest_to_replace(path, called)
    problem = problem or receipt_problem(receipt, planned, path, called)
    return ([], [Problem(None, problem)]) if problem else (safety_snapshots_in(receipt), [])
