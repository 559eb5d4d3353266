#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) 2026, mongodb_atlas.backup contributors
"""Runs galaxy-importer on an archive and fails on errors and warnings."""

from __future__ import annotations

import subprocess
import sys
import tempfile


def main(archive: str) -> int:
    # The importer writes its result into its working directory.
    with tempfile.TemporaryDirectory() as folder:
        result = subprocess.run(
            [sys.executable, "-m", "galaxy_importer.main", archive],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
    print(result.stdout, end="")
    warnings = [line for line in result.stdout.splitlines() if line.startswith(("WARNING", "ERROR"))]
    print(f"galaxy-importer: exit code {result.returncode}, {len(warnings)} warnings")
    return 1 if result.returncode or warnings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
