# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shows records of snapshots and restores as a table on the terminal, instead of a JSON string."""

from __future__ import annotations

from typing import Any, ClassVar

from ..plugin_utils._controller_action import ControllerAction
from ..plugin_utils._restore_table import restore_lines
from ..plugin_utils._snapshot_table import snapshot_lines
from ..plugin_utils._terminal import show

OPTIONS: dict[str, dict[str, Any]] = {
    "snapshots": {"type": "list", "elements": "dict"},
    "restores": {"type": "list", "elements": "dict"},
    "title": {"type": "str"},
    "check_mode_title": {"type": "str"},
}


class ActionModule(ControllerAction):
    options = OPTIONS
    constraints: ClassVar = {"required_one_of": [("snapshots", "restores")]}

    def act(self, arguments: dict[str, Any], result: dict[str, Any]) -> None:
        title = arguments["title"]
        if self._task.check_mode and arguments["check_mode_title"] is not None:
            title = arguments["check_mode_title"]
        lines = table_of(arguments["snapshots"], arguments["restores"], title)
        if not self._task.no_log:
            show(lines)
        result.update(changed=False, lines=lines)


def table_of(
    snapshots: list[dict[str, Any]] | None, restores: list[dict[str, Any]] | None, title: str | None
) -> list[str]:
    """The table of snapshots, of restores, or both, one below the other."""
    if snapshots is None:
        return restore_lines(restores or [], title)
    return snapshot_lines(snapshots, title) + (restore_lines(restores) if restores is not None else [])
