# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# Replaces files atomically: a reader gets either the old or the new text.

from __future__ import annotations

import errno
import os
import stat
import tempfile

_NEXT_STEPS = {
    errno.ENOENT: "Create the folder, or name another path.",
    errno.ENOTDIR: "Create the folder, or name another path.",
    errno.EISDIR: "Name a file, not a folder.",
    errno.EACCES: "Change the permissions, or name another path.",
    errno.EPERM: "Change the permissions, or name another path.",
    errno.EROFS: "Name a path on another file system.",
    errno.ENOSPC: "Free some space, and run this again.",
    errno.EDQUOT: "Free some space, and run this again.",
}


def check_writable(path: str) -> None:
    """Raise OSError if the file cannot be replaced, so that check mode fails like the real run."""
    folder = os.path.dirname(path)
    if not os.path.isdir(folder):
        raise NotADirectoryError(errno.ENOTDIR, f"{folder} is not a folder")
    if os.path.isdir(path):
        raise IsADirectoryError(errno.EISDIR, "it is a folder")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise PermissionError(errno.EACCES, f"{folder} is not writable")


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


def failure_text(error: OSError) -> str:
    """The error message of the system, and the next step."""
    advice = _NEXT_STEPS.get(error.errno or 0, "Name another path.")
    return f"{error.strerror or error}. {advice}"


def _permissions(path: str) -> int:
    """The permissions of the existing file, or the default ones."""
    try:
        return stat.S_IMODE(os.stat(path).st_mode)
    except FileNotFoundError:
        # The umask can only be read by setting it.
        mask = os.umask(0o077)
        os.umask(mask)
        return 0o666 & ~mask
