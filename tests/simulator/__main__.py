# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Starts the simulator: python tests/simulator, or python -m tests.simulator."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

if __name__ == "__main__":
    if not __package__:
        # When a folder is run, Python puts the folder itself on the path; the package needs the folder above it.
        sys.path[0] = str(Path(__file__).resolve().parents[1])
    sys.exit(import_module(f"{__package__ or 'simulator'}.cli").main())
