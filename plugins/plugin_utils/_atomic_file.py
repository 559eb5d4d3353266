# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# Replaces files atomically: a reader gets either the old or the new text.

from __future__ import annotations

import os
import stat
import tempfile


def replace_file(path: str, text: str, mode: int | None = None) -> None:
    """Replace the file with this text and these permissions.

    mode: None for the permissions of the old file, or else the default ones. Raises OSError, and then the old file is
    unchanged.
    """
    handle, temporary = tempfile.mkstemp(prefix=".mongodb_atlas.backup-", dir=os.path.dirname(path))
    try:
        with open(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            # Write to disk before the rename, so that a power failure cannot leave an empty file.
            os.fsync(file.fileno())
        os.chmod(temporary, _permissions(path) if mode is None else mode)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def _permissions(path: str) -> int:
    """The permissions of the existing file, or the default ones."""
    try:
        return stat.S_IMODE(os.stat(path).st_mode)
    except FileNotFoundError:
        # The umask can only be read by setting it.
        mask = os.umask(0o077)
        os.umask(mask)
        return 0o666 & ~mask
