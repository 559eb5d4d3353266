# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# The file through which a running module passes progress lines to the controller.

from __future__ import annotations

import contextlib
import os

# The action plugin sets this variable to the path of the file; without it nothing is written.
FILE_VARIABLE = "MONGODB_ATLAS_PROGRESS_FILE"


def append_to_file(line: str) -> None:
    """Append a line to the file that the environment names, if any; write errors are ignored."""
    path = os.environ.get(FILE_VARIABLE)
    if not path:
        return
    # Do not create the file: the controller has created it with permissions for this user only.
    with contextlib.suppress(OSError), open(os.open(path, os.O_WRONLY | os.O_APPEND), "ab", buffering=0) as file:
        file.write(f"{line}\n".encode())
