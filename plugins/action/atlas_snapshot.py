# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the module as ever, and shows its lines of progress while it runs on the controller."""

from __future__ import annotations

import contextlib
import os
import tempfile
import threading
from collections.abc import Iterator
from typing import IO, Any

from ansible import constants as C
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.plugins.action.normal import ActionModule as NormalAction
from ansible.utils.display import Display

from ..module_utils._snapshots.progress import FILE_VARIABLE

SWITCH_VARIABLE = "MONGODB_ATLAS_PROGRESS"
# Seconds between two looks for new lines.
LOOK_EVERY = 0.25

display = Display()


class ActionModule(NormalAction):
    """The module and its options are what they are without this; only the lines come on top."""

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        file = _new_file() if self._is_followed() else None
        with followed(file) if file else contextlib.nullcontext():
            result: dict[str, Any] = super().run(tmp, task_vars)  # type: ignore[no-untyped-call]  # Ansible has no types
        return result

    def _is_followed(self) -> bool:
        """Whether the module runs here, while this waits for it, and may be talked about."""
        return (
            self._connection.transport in ("local", "ansible.builtin.local")
            and not (self._task.async_val or self._task.no_log or self._task.check_mode)
            and bool(boolean(os.environ.get(SWITCH_VARIABLE) or "true", strict=False))
        )


def _new_file() -> IO[str] | None:
    """A file for this user alone; None where there is no place for one, as telling must never break the work."""
    folder: str = C.DEFAULT_LOCAL_TMP  # type: ignore[attr-defined]  # set when Ansible's settings are read
    try:
        return tempfile.NamedTemporaryFile("r", encoding="utf-8", errors="replace", dir=folder, delete=False)
    except OSError:
        return None


@contextlib.contextmanager
def followed(file: IO[str]) -> Iterator[None]:
    """Show on standard error what is appended to the file meanwhile, which the environment names; then remove it."""
    ended = threading.Event()
    follower = threading.Thread(target=_show, args=(file, ended), daemon=True)
    os.environ[FILE_VARIABLE] = file.name
    follower.start()
    try:
        yield
    finally:
        os.environ.pop(FILE_VARIABLE, None)
        ended.set()
        follower.join()
        file.close()
        # A cleaner may have been there before, in a wait of hours.
        with contextlib.suppress(OSError):
            os.unlink(file.name)


def _show(file: IO[str], ended: threading.Event) -> None:
    """Pass whole lines on until there is nothing more to come."""
    rest = ""
    while True:
        last_look = ended.wait(LOOK_EVERY)
        *lines, rest = (rest + file.read()).split("\n")
        for line in lines:
            display.display(line, stderr=True)
        if last_look:
            return
