# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# Whether a file can be written to a path, and what to do if it cannot.

from __future__ import annotations

import errno
import os
import stat

_NEXT_STEPS = {
    errno.ENOENT: "Create the folder, or name another path.",
    errno.ENOTDIR: "Create the folder, or name another path.",
    errno.EISDIR: "Choose a file, not a folder.",
    errno.EACCES: "Change the permissions, or name another path.",
    errno.EPERM: "Change the permissions, or name another path.",
    errno.EROFS: "Choose a path on another file system.",
    errno.ENOSPC: "Free some space, and run this again.",
    errno.EDQUOT: "Free some space, and run this again.",
}


def full_path(path: str) -> str:
    """The absolute path without ~ and links. A path that no file can have is returned unchanged."""
    return path if "\0" in path else os.path.realpath(os.path.expanduser(path))


def check_writable(path: str) -> None:
    """Raise OSError if the file cannot be replaced, so that check mode fails like the real run."""
    if "\0" in path:
        raise OSError(errno.EINVAL, "the path contains a NUL character")
    folder = os.path.dirname(path)
    if _is_folder(path):
        raise IsADirectoryError(errno.EISDIR, "it is a folder")
    if not os.path.isdir(folder):
        raise NotADirectoryError(errno.ENOTDIR, f"{folder} is not a folder")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise PermissionError(errno.EACCES, f"{folder} is not writable")


def failure_text(error: OSError) -> str:
    """The error message of the system, and the next step."""
    advice = _NEXT_STEPS.get(error.errno or 0, "Choose another path.")
    return f"{error.strerror or error}. {advice}"


def _is_folder(path: str) -> bool:
    """Raises OSError if no file can have this path, for example because it is too long."""
    try:
        return stat.S_ISDIR(os.stat(path).st_mode)
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return False
