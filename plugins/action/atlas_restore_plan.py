# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the module, and shows the plan or the outcome of a rollback as lines."""

from __future__ import annotations

import os
from typing import Any

from ansible.plugins.action.normal import ActionModule as NormalAction
from ansible.release import __version__ as ansible_version

from ..module_utils._manifest import manifest_path_problem
from ..module_utils._problems import Problem, failed_rollback
from ..module_utils._receipt_file import receipt_at
from .atlas_backup_plan import SHOWS_LINES_SINCE
from .snapshot_table import show


class ActionModule(NormalAction):
    """Runs the module with unchanged options and adds lines to the output.

    The receipt is written on the controller, and a relative path starts in the folder where Ansible was started. A
    module on the controller gets the absolute path; for a module on another host, the receipt is checked here.
    """

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        path = self._task.args.pop("receipt_path", None)
        if path and self._connection.transport in ("local", "ansible.builtin.local"):
            self._task.args["receipt_path"] = os.path.realpath(os.path.expanduser(path))
            path = None
        names = self._task.args.get("option_names")
        called = str(names.get("receipt_path", "receipt_path")) if isinstance(names, dict) else "receipt_path"
        result: dict[str, Any] = super().run(tmp, task_vars)  # type: ignore[no-untyped-call]  # Ansible has no types
        if path and "problems" in result:
            judge_receipt(result, str(path), called)
        lines = lines_of(result, ansible_version)
        if lines and not self._task.no_log:
            show(lines)
        return result


def judge_receipt(result: dict[str, Any], path: str, called: str) -> None:
    """Check the receipt on the controller, and add its problems or its safety snapshots to the plan."""
    planned = result["planned"]
    # A plan with problems has no restores to compare the receipt with, so only its path is checked.
    whole = manifest_path_problem(path, called)
    kept, problems = ([], [Problem(None, whole)] if whole else []) if not planned else receipt_at(path, called, planned)
    if problems:
        result.update(failed_rollback([*(Problem(**each) for each in result["problems"]), *problems]))
        return
    targets = {record["target_cluster_name"] for record in planned}
    first = {record["cluster_name"]: record for record in [*result["kept_first"], *reversed(kept)]}
    result["kept_first"] = [record for name, record in first.items() if name in targets]


def lines_of(result: dict[str, Any], version: str) -> list[str]:
    """The lines to show: the plan, or the message of a failure if ansible-core itself does not show it as lines."""
    shown_by_ansible = tuple(int(part) for part in version.split(".")[:2]) >= SHOWS_LINES_SINCE
    if result.get("failed"):
        return [] if shown_by_ansible or "problems" not in result else str(result["msg"]).splitlines()
    # The role fails with the lines of an incomplete rollback in a later task.
    return [] if shown_by_ansible and result.get("restored") is False else [str(line) for line in result["lines"]]
