# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.mongodb_atlas.backup.plugins.plugin_utils import _progress_lines, _terminal
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.action import Terminal


@pytest.fixture(name="terminal", autouse=True)
def fixture_terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Records what the action plugins display, instead of the real terminal."""
    terminal = Terminal()
    for plugin in (_progress_lines, _terminal):
        monkeypatch.setattr(plugin, "display", terminal)
    monkeypatch.setenv("ANSIBLE_STDOUT_CALLBACK", "default")
    return terminal
