# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# The names of options in messages: a role has variables in place of a module's options.

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class NamedOptions:
    """Options that may have other names in messages. option_names: option -> its name."""

    option_names: Mapping[str, str]

    def called(self, option: str) -> str:
        """The name of this option in messages."""
        return self.option_names.get(option, option)


def names_in(given: Mapping[Any, Any] | None) -> dict[str, str]:
    """The names from the module's option option_names."""
    return {str(option): str(name) for option, name in (given or {}).items()}
