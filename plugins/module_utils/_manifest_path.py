# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# Whether a manifest can be written to a path, by what there is on this machine.

from __future__ import annotations

import os


def manifest_path_problem(path: str, option: str) -> str | None:
    """What is wrong with a path for a manifest, in a sentence that calls the option so; None for nothing."""
    full = os.path.realpath(os.path.expanduser(path))
    folder = os.path.dirname(full)
    if not os.path.isdir(folder) or os.path.isdir(full):
        return f"{option} is {path}, which is not a file in a folder that exists. Name such a file, or make the folder."
    if not os.access(folder, os.W_OK | os.X_OK):
        return f"{option} is {path}, and its folder is not writable. Name a file elsewhere, or change the permissions."
    return None
