# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# Shows the progress lines that a module on the controller writes while it runs.

from __future__ import annotations

import contextlib
import os
import tempfile
import threading
from collections.abc import Iterator
from typing import IO

from ansible import constants as C
from ansible.utils.display import Display

from ..module_utils._snapshots.progress_file import FILE_VARIABLE
from ._background import start_thread

# Seconds between two checks for new lines.
LOOK_EVERY = 0.25

display = Display()


@contextlib.contextmanager
def progress_shown() -> Iterator[None]:
    """During the block, show the lines that the module writes to the progress file on standard error."""
    file = _new_file()
    if file is None:
        yield
        return
    ended = threading.Event()
    os.environ[FILE_VARIABLE] = file.name
    follower = start_thread(_show, file, ended)
    try:
        yield
    finally:
        os.environ.pop(FILE_VARIABLE, None)
        ended.set()
        follower.join()
        file.close()
        # In hours of waiting, a cleanup job of the system may have removed it.
        with contextlib.suppress(OSError):
            os.unlink(file.name)


def _new_file() -> IO[str] | None:
    """A temporary file, readable only by this user; None if it cannot be created: then there are no progress lines."""
    folder: str = C.DEFAULT_LOCAL_TMP  # type: ignore[attr-defined]  # set when Ansible's settings are read
    try:
        return tempfile.NamedTemporaryFile("r", encoding="utf-8", errors="replace", dir=folder, delete=False)
    except OSError:
        return None


def _show(file: IO[str], ended: threading.Event) -> None:
    """Show complete lines until the module has ended."""
    rest = ""
    while True:
        last_look = ended.wait(LOOK_EVERY)
        *lines, rest = (rest + file.read()).split("\n")
        for line in lines:
            display.display(line, stderr=True)
        if last_look:
            return
