# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the module, and shows the plan or the outcome of a rollback as lines."""

from __future__ import annotations

from typing import Any

from ..module_utils._manifest import manifest_path_problem
from ..module_utils._problems import Problem, failed_rollback
from ..module_utils._receipt_file import receipt_at
from ..plugin_utils._plan_action import PlanAction


class ActionModule(PlanAction):
    path_option = "receipt_path"

    def check_path(self, path: str, called: str, result: dict[str, Any]) -> None:
        """Check the receipt, and add its problems or its safety snapshots to the plan."""
        planned = result["planned"]
        if planned:
            kept, problems = receipt_at(path, called, planned)
        else:
            # A plan with problems has no restores to compare the receipt with, so only its path is checked.
            problem = manifest_path_problem(path, called)
            kept, problems = [], [Problem(None, problem)] if problem else []
        if problems:
            result.update(failed_rollback([*(Problem(**each) for each in result["problems"]), *problems]))
            return
        targets = {record["target_cluster_name"] for record in planned}
        first = {record["cluster_name"]: record for record in [*result["kept_first"], *reversed(kept)]}
        result["kept_first"] = [record for name, record in first.items() if name in targets]

    def lines_of(self, result: dict[str, Any], *, shown_by_ansible: bool) -> list[str]:
        """The plan, or the message of a failure if ansible-core itself does not show it as lines."""
        if result.get("failed"):
            return [] if shown_by_ansible or "problems" not in result else str(result["msg"]).splitlines()
        # The role fails with the lines of an incomplete rollback in a later task.
        return [] if shown_by_ansible and result.get("restored") is False else [str(line) for line in result["lines"]]
