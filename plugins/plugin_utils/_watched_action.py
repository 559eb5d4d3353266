# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# The action plugin of modules that write to Atlas and may run for hours.

from __future__ import annotations

import contextlib
import os
from typing import Any

from ansible.module_utils.parsing.convert_bool import boolean

from ._controller_watch import ended_with_controller
from ._module_action import ModuleAction
from ._progress_lines import progress_shown

SWITCH_VARIABLE = "MONGODB_ATLAS_PROGRESS"


class WatchedAction(ModuleAction):
    """Runs the module with unchanged options, shows its progress lines, and stops it with the controller."""

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        with ended_with_controller(), progress_shown() if self._shows_progress() else contextlib.nullcontext():
            return self.run_module(tmp, task_vars)

    def _shows_progress(self) -> bool:
        """Whether to show progress: the module runs on this host, not async, and no_log and check mode are off."""
        return (
            self.is_on_controller
            and not (self._task.async_val or self._task.no_log or self._task.check_mode)
            and bool(boolean(os.environ.get(SWITCH_VARIABLE) or "true", strict=False))
        )
