# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) 2026, mongodb_atlas.backup contributors
"""Lets plain `pytest` run in a checkout: maps the collection's import path to this folder. Not part of the archive."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

if importlib.util.find_spec("ansible_collections") is None:
    for part in ("", ".mongodb_atlas", ".mongodb_atlas.backup"):
        name = f"ansible_collections{part}"
        package = ModuleType(name)
        package.__path__ = [str(Path(__file__).parent)] if part.endswith(".backup") else []
        sys.modules[name] = package
