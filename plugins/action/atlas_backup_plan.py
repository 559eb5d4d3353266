# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the module, and shows left-out clusters and problems as lines."""

from __future__ import annotations

import os
from typing import Any

from ansible.plugins.action.normal import ActionModule as NormalAction
from ansible.release import __version__ as ansible_version

from ..module_utils._manifest import manifest_path_problem
from ..module_utils._problems import LeftOut, Problem, failed_plan
from .snapshot_table import show

# Since this release, ansible-core itself shows the message of a failed task as lines.
SHOWS_LINES_SINCE = (2, 19)


class ActionModule(NormalAction):
    """Runs the module with unchanged options and adds lines to the output.

    The manifest is written on the controller, and a relative path starts in the folder where Ansible was started. A
    module on the controller gets the absolute path; for a module on another host, the path is checked here.
    """

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        path = self._task.args.pop("manifest_path", None)
        if path and self._connection.transport in ("local", "ansible.builtin.local"):
            self._task.args["manifest_path"] = os.path.realpath(os.path.expanduser(path))
            path = None
        result: dict[str, Any] = super().run(tmp, task_vars)  # type: ignore[no-untyped-call]  # Ansible has no types
        problem = manifest_path_problem(path, self._called("manifest_path")) if path else None
        if problem and "problems" in result:
            found = [Problem(**each) for each in result["problems"]]
            result.update(failed_plan([Problem(None, problem), *found]))
        lines = lines_of(result, ansible_version)
        if lines and not self._task.no_log:
            show(lines)
        return result

    def _called(self, option: str) -> str:
        names = self._task.args.get("option_names")
        return str(names.get(option, option)) if isinstance(names, dict) else option


def lines_of(result: dict[str, Any], version: str) -> list[str]:
    """The lines to show: left-out clusters, or the problems if ansible-core itself does not show msg as lines."""
    if not result.get("failed"):
        return [str(LeftOut(**each)) for each in result.get("left_out", [])]
    shown_by_ansible = tuple(int(part) for part in version.split(".")[:2]) >= SHOWS_LINES_SINCE
    return [] if shown_by_ansible or not result.get("problems") else str(result["msg"]).splitlines()
