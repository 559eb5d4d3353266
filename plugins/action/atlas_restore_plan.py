# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the module as ever, and shows the plan of a rollback, and how it ended, as lines that a person reads."""

from __future__ import annotations

from typing import Any

from ansible.plugins.action.normal import ActionModule as NormalAction
from ansible.release import __version__ as ansible_version

from .atlas_backup_plan import SHOWS_LINES_SINCE
from .snapshot_table import show


class ActionModule(NormalAction):
    """The module and its options are what they are without this; only the lines come on top."""

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result: dict[str, Any] = super().run(tmp, task_vars)  # type: ignore[no-untyped-call]  # Ansible has no types
        lines = lines_of(result, ansible_version)
        if lines and not self._task.no_log:
            show(lines)
        return result


def lines_of(result: dict[str, Any], version: str) -> list[str]:
    """What to show of a result: the plan, or what it failed with where ansible-core shows no lines."""
    if not result.get("failed"):
        return [str(line) for line in result.get("lines", [])]
    shown_by_ansible = tuple(int(part) for part in version.split(".")[:2]) >= SHOWS_LINES_SINCE
    return [] if shown_by_ansible or "problems" not in result else str(result["msg"]).splitlines()
