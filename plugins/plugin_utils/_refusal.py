# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# The error of an action plugin, with a message for the user.

from __future__ import annotations

from typing import Any


class Refusal(Exception):
    """Ends the work of an action plugin, which returns it as a failed result.

    Ansible's own exceptions are no alternative: ansible-core 2.17 and 2.18 show the last line of a traceback with them.
    """

    def result(self) -> dict[str, Any]:
        """The result of the task."""
        return {"failed": True, "changed": False, "msg": str(self)}
