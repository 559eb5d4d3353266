# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the module, shows its progress lines while it runs on the controller, and stops it with the controller."""

from __future__ import annotations

from ..plugin_utils._watched_action import WatchedAction


class ActionModule(WatchedAction):
    """Passes the options on unchanged."""
