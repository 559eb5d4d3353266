# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# An action plugin that writes a file on the controller.

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..module_utils._text import printable
from ..module_utils._writable import check_writable, failure_text
from ._atomic_file import replace_file
from ._controller_action import ControllerAction
from ._refusal import Refusal


class FileAction(ControllerAction):
    """Runs only on the controller, and writes one file."""

    def write(
        self, what: str, path: str, text: str, read: Callable[[str], str | None], mode: int | None = None
    ) -> dict[str, Any]:
        """Write the file unless it already has this text; check mode writes nothing. Returns changed and the diff.

        what: the file in messages. read: returns its present text, None if it does not exist. mode: its permissions.
        """
        try:
            check_writable(path)
            before = read(path)
            if before == text:
                return {"changed": False}
            if not self._task.check_mode:
                replace_file(path, text, mode)
        except OSError as error:
            raise Refusal(f"The {what} cannot be written to {printable(path)}: {failure_text(error)}") from None
        if not self._task.diff:
            return {"changed": True}
        headers = {"before_header": path, "after_header": path}
        return {"changed": True, "diff": {**headers, "before": before or "", "after": text}}
