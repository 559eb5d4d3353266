# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Starts the run: python tests/mutations, see run.py."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

if __name__ == "__main__":
    # Python puts this folder itself on the path; the package lies one above.
    sys.path[0] = str(Path(__file__).resolve().parents[1])
    sys.exit(import_module("mutations.run").main(sys.argv[1:]))
