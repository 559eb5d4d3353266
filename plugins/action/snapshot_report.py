# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tells a person which clusters have a safe backup: as a table on the terminal, and as a page in a file."""

from __future__ import annotations

import errno
import os
import stat
import tempfile
from typing import Any

from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase

from ..module_utils._times import parse_time
from ..plugin_utils._report import report, report_lines
from ..plugin_utils._report_page import report_page
from .snapshot_table import show


class ActionModule(ActionBase):
    """Runs on the controller alone; nothing is sent to a host."""

    TRANSFERS_FILES = False
    _requires_connection = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        _validation, arguments = self.validate_argument_spec(  # type: ignore[no-untyped-call]  # Ansible has no types
            argument_spec={
                "clusters": {"type": "list", "elements": "dict", "required": True},
                "snapshots": {"type": "list", "elements": "dict", "required": True},
                "errors": {"type": "list", "elements": "dict", "default": []},
                "atlas_time": {"type": "str", "required": True},
                "days": {"type": "int", "default": 14},
                "html": {"type": "path"},
            }
        )
        result: dict[str, Any] = super().run(tmp, task_vars)
        now, days = parse_time(arguments["atlas_time"]), arguments["days"]
        if now is None:
            raise AnsibleActionFail(f"atlas_time is no time in ISO 8601: {arguments['atlas_time']}.")
        if not 1 <= days <= 3660:
            raise AnsibleActionFail(f"days must be between 1 and 3660, not {days}.")
        told = report(arguments["clusters"], arguments["snapshots"], arguments["errors"], now, days)
        standings = [{"name": row.name, "backup": row.state, "note": row.note} for row in told.rows]
        result.update(changed=False, lines=report_lines(told), clusters=standings)
        # The table first: a person has it, even where the page cannot be written.
        if not self._task.no_log:
            show(result["lines"])
        if arguments["html"]:
            path = os.path.realpath(arguments["html"])
            result.update(html=path, **self._hold_page(path, report_page(told)))
        return result

    def _hold_page(self, path: str, page: str) -> dict[str, Any]:
        """Bring the file to hold this page, unless it does; check mode only looks."""
        try:
            before = page_in(path)
            if before == page:
                return {"changed": False}
            if not self._task.check_mode:
                write_page(path, page)
        except OSError as error:
            raise AnsibleActionFail(f"The page cannot be written to {path}: {error.strerror or error}.") from None
        if not self._task.diff:
            return {"changed": True}
        headers = {"before_header": path, "after_header": path}
        return {"changed": True, "diff": {**headers, "before": before or "", "after": page}}


def page_in(path: str) -> str | None:
    """What the file holds, None where there is none; fails where it could not be written."""
    folder = os.path.dirname(path)
    # Looked at beforehand, so that check mode fails where the real run would.
    if not os.path.isdir(folder):
        raise NotADirectoryError(errno.ENOTDIR, f"{folder} is no folder")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise PermissionError(errno.EACCES, f"{folder} is not writable")
    try:
        with open(path, encoding="utf-8", errors="replace", newline="") as file:
            return file.read()
    except FileNotFoundError:
        return None


def write_page(path: str, page: str) -> None:
    """Write the file at one stroke: who reads it sees the old page or the new one, whatever happens meanwhile."""
    handle, temporary = tempfile.mkstemp(prefix=".snapshot_report-", dir=os.path.dirname(path))
    try:
        with open(handle, "w", encoding="utf-8", newline="") as file:
            file.write(page)
        os.chmod(temporary, _permissions(path))
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def _permissions(path: str) -> int:
    """Those of the file that is replaced, or what a new file gets here."""
    try:
        return stat.S_IMODE(os.stat(path).st_mode)
    except FileNotFoundError:
        # There is no other way to read it than to set it.
        mask = os.umask(0o077)
        os.umask(mask)
        return 0o666 & ~mask
