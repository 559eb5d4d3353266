# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# What an action plugin cannot do, in words for a person.

from __future__ import annotations

from typing import Any


class Refusal(Exception):
    """Ends the work of an action plugin, which turns it into a failed result.

    Ansible's own exceptions do not serve: ansible-core 2.17 and 2.18 show the last line of a traceback with them.
    """

    def result(self) -> dict[str, Any]:
        """What the task ends with."""
        return {"failed": True, "changed": False, "msg": str(self)}
