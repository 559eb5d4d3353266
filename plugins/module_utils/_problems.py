# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# The problems that prevent a backup or a rollback, and the failed results that list all of them.

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Problem:
    """One problem that prevents a backup or a rollback. cluster_name: None if it does not concern a single cluster."""

    cluster_name: str | None
    msg: str


@dataclass(frozen=True)
class LeftOut:
    """A cluster without a backup on purpose. reason: a clause that follows a colon."""

    cluster_name: str
    reason: str

    def __str__(self) -> str:
        return f"{self.cluster_name} is left out: {self.reason}."


def failed_plan(problems: Sequence[Problem]) -> dict[str, Any]:
    """The return values of atlas_backup_plan if there are problems: one line for each in msg, and an empty plan."""
    return _failed("Nothing was taken.", problems, ("take", "rely_on", "left_out", "clusters"))


def failed_rollback(problems: Sequence[Problem]) -> dict[str, Any]:
    """The return values of atlas_restore_plan if there are problems: one line for each in msg, and an empty plan."""
    empty = ("restores", "take_first", "kept_first", "lines", "planned", "sources", "unconfirmed")
    return {**_failed("Nothing was taken or restored.", problems, empty), "target_project_id": None}


def _failed(first_line: str, problems: Sequence[Problem], empty: Iterable[str]) -> dict[str, Any]:
    return {
        "failed": True,
        "changed": False,
        "msg": "\n".join([first_line, *(problem.msg for problem in problems)]),
        "problems": [asdict(problem) for problem in problems],
        **{key: [] for key in empty},
    }
