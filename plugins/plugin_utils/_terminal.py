# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# Shows lines on the terminal, on standard output or standard error.

from __future__ import annotations

from ansible.constants import config
from ansible.utils.display import Display

display = Display()

# These callbacks of ansible-core write plain text, so the lines can go to standard output with it. Any other callback
# may write JSON to standard output, so the lines go to standard error.
_CALLBACKS_FOR_PEOPLE = frozenset({"default", "minimal", "oneline", "tree"})


def show(lines: list[str]) -> None:
    """Show the lines on standard output or standard error, depending on the callback."""
    callback = config.get_config_value("DEFAULT_STDOUT_CALLBACK")
    # A single call, so that the lines of several hosts do not mix.
    display.display("\n".join(lines), stderr=not writes_for_people(callback))


def writes_for_people(callback: str) -> bool:
    """Whether this callback writes human-readable text, not JSON."""
    return callback.removeprefix("ansible.builtin.") in _CALLBACKS_FOR_PEOPLE
