# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) 2026, mongodb_atlas.backup contributors
"""Replaces the library requests by a package that cannot be imported."""

raise ImportError("there is no such library")
