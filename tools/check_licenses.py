#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) 2026, mongodb_atlas.backup contributors
"""Every file names its license and its copyright holder in its first lines."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MARKS = ("SPDX-License-Identifier: GPL-3.0-or-later", "Copyright (c)")
HEADER_LINES = 6
# Files that cannot hold a comment, and those that a tool writes.
EXEMPT_NAMES = {"COPYING", ".keep", "CHANGELOG.rst", "changelog.yaml"}
EXEMPT_SUFFIXES = {".json", ".png", ".svg"}
SKIPPED_FOLDERS = {"__pycache__", "output", "node_modules"}
HIDDEN_FOLDERS_KEPT = {".ci", ".github"}


def files(root: Path) -> Iterator[Path]:
    """The files of the project, without those that tools leave behind."""
    for folder, folders, names in os.walk(root):
        folders[:] = [
            name
            for name in folders
            if name not in SKIPPED_FOLDERS and (name in HIDDEN_FOLDERS_KEPT or not name.startswith("."))
        ]
        for name in names:
            path = Path(folder, name)
            if name not in EXEMPT_NAMES and path.suffix not in EXEMPT_SUFFIXES and path.stat().st_size:
                yield path


def has_header(path: Path) -> bool:
    head = "\n".join(path.read_text(encoding="utf-8").splitlines()[:HEADER_LINES])
    return all(mark in head for mark in MARKS)


def main() -> int:
    paths = sorted(files(ROOT))
    bare = [path for path in paths if not has_header(path)]
    for path in bare:
        print(f"{path.relative_to(ROOT)}: no license header")
    print(f"{len(paths)} files, {len(bare)} without a license header")
    return 1 if bare else 0


if __name__ == "__main__":
    sys.exit(main())
