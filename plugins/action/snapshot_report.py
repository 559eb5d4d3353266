# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shows which clusters have an assured backup: as a table on the terminal, and as a page in a file."""

from __future__ import annotations

from typing import Any

from ..module_utils._times import parse_time
from ..module_utils._writable import full_path
from ..plugin_utils._file_action import FileAction
from ..plugin_utils._refusal import Refusal
from ..plugin_utils._report import report
from ..plugin_utils._report_lines import report_lines
from ..plugin_utils._report_page import report_page
from ..plugin_utils._terminal import show

OPTIONS: dict[str, dict[str, Any]] = {
    "clusters": {"type": "list", "elements": "dict", "required": True},
    "snapshots": {"type": "list", "elements": "dict", "required": True},
    "errors": {"type": "list", "elements": "dict", "default": []},
    "restores": {"type": "list", "elements": "dict"},
    "restore_errors": {"type": "list", "elements": "dict", "default": []},
    "atlas_time": {"type": "str", "required": True},
    "days": {"type": "int", "default": 14},
    "html": {"type": "path"},
}


class ActionModule(FileAction):
    options = OPTIONS

    def act(self, arguments: dict[str, Any], result: dict[str, Any]) -> None:
        """Show the table and write the page; if the page fails, the result still has the table."""
        now, days = parse_time(arguments["atlas_time"]), arguments["days"]
        if now is None:
            raise Refusal(
                f"atlas_time is not a time in ISO 8601: {arguments['atlas_time']}. "
                "Use the atlas_time that a module of this collection returned."
            )
        if not 1 <= days <= 3660:
            raise Refusal(f"days must be between 1 and 3660, not {days}. Correct it.")
        made = report(
            arguments["clusters"],
            arguments["snapshots"],
            arguments["errors"],
            now,
            days,
            restores=arguments["restores"],
            restore_errors=arguments["restore_errors"],
        )
        standings = [{"name": row.name, "backup": row.state, "note": row.note} for row in made.rows]
        result.update(changed=False, lines=report_lines(made), clusters=standings, unlisted=list(made.unlisted))
        # The table first, so that it is shown even if the page cannot be written.
        if not self._task.no_log:
            show(result["lines"])
        if arguments["html"]:
            path = full_path(arguments["html"])
            result.update(html=path, **self.write("page", path, report_page(made), page_in))


def page_in(path: str) -> str | None:
    """The content of the file, None if it does not exist."""
    try:
        with open(path, encoding="utf-8", errors="replace", newline="") as file:
            return file.read()
    except FileNotFoundError:
        return None
