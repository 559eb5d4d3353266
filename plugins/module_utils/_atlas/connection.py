# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# The interface of a connection, and the slots that limit how many connections are open.

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
    """Holds one connection at a time and replaces it when it breaks; a Digest nonce belongs to the slot.

    sent: when the last request of the current call was sent, None if none was.
    """

    connection: Connection | None = None
    sent: Moment | None = None

    def close(self) -> None:
        """Close the connection; the next request opens a new one."""
        if self.connection:
            self.connection.close()
        self.connection = None
