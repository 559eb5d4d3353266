# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Action plugins with a task as Ansible creates it, and a display that records their output."""

from __future__ import annotations

from types import ModuleType
from typing import Any
from unittest.mock import MagicMock

from ansible.errors import AnsibleError


class Terminal:
    """Replaces Ansible's Display, and records each message by its stream."""

    def __init__(self) -> None:
        self.shown: list[tuple[str, str]] = []

    def display(self, msg: str, *, stderr: bool = False) -> None:
        self.shown.append(("stderr" if stderr else "stdout", msg))


def action(plugin: ModuleType, arguments: dict[str, Any], *, transport: str = "local", **keywords: Any) -> Any:
    """The action plugin of this file for a task with these keywords, on a host with this kind of connection."""
    task = MagicMock(
        args=arguments, **{"async_val": 0, "check_mode": False, "no_log": False, "diff": False, **keywords}
    )
    made = plugin.ActionModule(
        task=task,
        connection=MagicMock(transport=transport),
        play_context=MagicMock(check_mode=task.check_mode),
        loader=MagicMock(),
        templar=MagicMock(),
        shared_loader_obj=MagicMock(),
    )
    # Set by the plugin loader; ansible-core 2.17 uses it in error messages.
    made._load_name = f"mongodb_atlas.backup.{plugin.__name__.rpartition('.')[2]}"
    return made


def act(plugin: ModuleType, arguments: dict[str, Any], **keywords: Any) -> dict[str, Any]:
    """The result of that task."""
    result: dict[str, Any] = action(plugin, arguments, **keywords).run(task_vars={})
    return result


def refusal(plugin: ModuleType, arguments: dict[str, Any], **keywords: Any) -> str:
    """The error message of that task: the plugin's, or Ansible's own about its options."""
    try:
        result = act(plugin, arguments, **keywords)
    except AnsibleError as error:
        return str(error)
    assert result["failed"] is True
    return str(result["msg"])
