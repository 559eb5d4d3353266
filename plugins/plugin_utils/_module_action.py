# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# The action plugin of a module: runs it with its options.

from __future__ import annotations

from typing import Any

from ansible.plugins.action.normal import ActionModule as NormalAction


class ModuleAction(NormalAction):
    """Runs the module."""

    def run_module(self, tmp: str | None, task_vars: dict[str, Any] | None) -> dict[str, Any]:
        """The result of the module."""
        result: dict[str, Any] = super().run(tmp, task_vars)  # type: ignore[no-untyped-call]  # Ansible has no types
        return result

    @property
    def is_on_controller(self) -> bool:
        """Whether the module runs on this host."""
        return self._connection.transport in ("local", "ansible.builtin.local")
