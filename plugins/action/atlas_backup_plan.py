# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the module, and shows left-out clusters and problems as lines."""

from __future__ import annotations

from typing import Any

from ..module_utils._manifest import manifest_path_problem
from ..module_utils._problems import LeftOut, Problem, failed_plan
from ..plugin_utils._plan_action import PlanAction


class ActionModule(PlanAction):
    path_option = "manifest_path"

    def check_path(self, path: str, called: str, result: dict[str, Any]) -> None:
        problem = manifest_path_problem(path, called)
        if problem:
            found = [Problem(**each) for each in result["problems"]]
            result.update(failed_plan([Problem(None, problem), *found]))

    def lines_of(self, result: dict[str, Any], *, shown_by_ansible: bool) -> list[str]:
        """The left-out clusters, or the problems if ansible-core itself does not show msg as lines."""
        if not result.get("failed"):
            return [str(LeftOut(**each)) for each in result.get("left_out", [])]
        return [] if shown_by_ansible or not result.get("problems") else str(result["msg"]).splitlines()
