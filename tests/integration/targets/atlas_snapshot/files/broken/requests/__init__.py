# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) 2026, mongodb_atlas.backup contributors
"""Stands in the way of the library, which then cannot be imported."""

raise ImportError("there is no such library")
