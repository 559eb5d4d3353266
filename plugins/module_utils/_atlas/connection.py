# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# What the client needs of a connection, and the slots that limit how many there are.

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from .clock import Moment
from .messages import Answer, Request


class Connection(Protocol):
    """Carries one request at a time to the service."""

    async def send(self, request: Request, timeout: float) -> Answer:
        """The answer, whatever its status. Raises NotConnected, NotReachable or NoAnswer."""

    def close(self) -> None:
        """Release the connection."""


@dataclass(eq=False)
class ConnectionSlot:
    """The place of one connection, which is replaced when it breaks; a digest's nonce belongs to the slot.

    sent: when the last request of the present call went out, None where none did.
    """

    connection: Connection | None = None
    sent: Moment | None = None

    def close(self) -> None:
        """Close the connection; the next request makes another one."""
        if self.connection:
            self.connection.close()
        self.connection = None
