# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# Files that are replaced as a whole: a reader sees the old text or the new one, whatever happens meanwhile.

from __future__ import annotations

import errno
import os
import stat
import tempfile

_NEXT_STEPS = {
    errno.ENOENT: "Make the folder, or name another path.",
    errno.ENOTDIR: "Make the folder, or name another path.",
    errno.EISDIR: "Name a file, and not a folder.",
    errno.EACCES: "Change the permissions, or name another path.",
    errno.EPERM: "Change the permissions, or name another path.",
    errno.EROFS: "Name a path on another file system.",
    errno.ENOSPC: "Free some space, and run this again.",
    errno.EDQUOT: "Free some space, and run this again.",
}


def check_writable(path: str) -> None:
    """Raise OSError where the file could not be replaced, so that check mode fails where the real run would."""
    folder = os.path.dirname(path)
    if not os.path.isdir(folder):
        raise NotADirectoryError(errno.ENOTDIR, f"{folder} is no folder")
    if os.path.isdir(path):
        raise IsADirectoryError(errno.EISDIR, "it is a folder")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise PermissionError(errno.EACCES, f"{folder} is not writable")


def replace_file(path: str, text: str, mode: int | None = None) -> None:
    """Let the file hold this text and have these permissions.

    mode None: those of the file that is replaced, or what a new file gets here. Raises OSError, and the old file is
    left as it was.
    """
    handle, temporary = tempfile.mkstemp(prefix=".mongodb_atlas.backup-", dir=os.path.dirname(path))
    try:
        with open(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            # On the disk before it has the name, even where the power fails in between.
            os.fsync(file.fileno())
        os.chmod(temporary, _permissions(path) if mode is None else mode)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def failure_text(error: OSError) -> str:
    """What the system says, and what to do about it."""
    advice = _NEXT_STEPS.get(error.errno or 0, "Name another path.")
    return f"{error.strerror or error}. {advice}"


def _permissions(path: str) -> int:
    """Those of the file that is replaced, or what a new file gets here."""
    try:
        return stat.S_IMODE(os.stat(path).st_mode)
    except FileNotFoundError:
        # There is no other way to read it than to set it.
        mask = os.umask(0o077)
        os.umask(mask)
        return 0o666 & ~mask
