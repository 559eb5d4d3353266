# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# The action plugin of a module that plans: checks the path of a file on the controller, and shows the plan as lines.

from __future__ import annotations

from typing import Any, ClassVar

from ansible.release import __version__ as ansible_version

from ..module_utils._option_names import names_in
from ..module_utils._writable import full_path
from ._module_action import ModuleAction
from ._terminal import show

# Since this release, ansible-core itself shows the message of a failed task as lines.
SHOWS_LINES_SINCE = (2, 19)


class PlanAction(ModuleAction):
    """Runs the module with unchanged options and adds lines to the output.

    The file at path_option is written on the controller, and a relative path starts in the folder where Ansible was
    started. A module on the controller gets the absolute path; for a module on another host, the path is checked here.
    """

    path_option: ClassVar[str]

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        path = self._task.args.pop(self.path_option, None)
        if path and self.is_on_controller:
            self._task.args[self.path_option] = full_path(str(path))
            path = None
        result = self.run_module(tmp, task_vars)
        if path and "problems" in result:
            self.check_path(str(path), self._called(self.path_option), result)
        lines = self.lines_of(result, shown_by_ansible=shows_lines(ansible_version))
        if lines and not self._task.no_log:
            show(lines)
        return result

    def _called(self, option: str) -> str:
        names = self._task.args.get("option_names")
        return names_in(names if isinstance(names, dict) else None).get(option, option)

    def check_path(self, path: str, called: str, result: dict[str, Any]) -> None:
        """Add the problems of the path to the result. called: the option's name in messages."""
        raise NotImplementedError

    def lines_of(self, result: dict[str, Any], *, shown_by_ansible: bool) -> list[str]:
        """The lines to show. shown_by_ansible: whether Ansible shows the message of a failure as lines."""
        raise NotImplementedError


def shows_lines(version: str) -> bool:
    """Whether this ansible-core shows the message of a failed task as lines."""
    return tuple(int(part) for part in version.split(".")[:2]) >= SHOWS_LINES_SINCE
