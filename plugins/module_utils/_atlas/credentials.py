# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# What every kind of credentials can do, and the kind that needs no more: an access token.

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from .connection import ConnectionSlot
from .messages import Answer, Request

# What may stand in a header as it is.
PRINTABLE = re.compile(r"[\x21-\x7e]+")

# Sends the request for a token, as often as the retry rules allow, and returns its JSON.
Fetch = Callable[[Request], Awaitable[dict[str, Any]]]


class Credentials(Protocol):
    """One way to sign requests."""

    # What messages call them.
    kind: str
    # How often one request may be sent again with something new to show after a 401.
    renewals: int
    # What to do when Atlas refuses these credentials.
    refused_hint: str

    async def authorization(self, slot: ConnectionSlot, request: Request, fetch: Fetch) -> str | None:
        """The Authorization header for a request in this slot, None to send it without one.

        Raises SignInFailed, and AtlasError where this host cannot sign.
        """

    def learn(self, slot: ConnectionSlot, authorization: str | None, answer: Answer) -> bool:
        """Use what a 401 to this header says; whether there is now something new to show."""


class AccessToken:
    """A bearer token that the user gives; nobody here can renew it."""

    kind = "access token"
    renewals = 0
    refused_hint = "Get a new access token if this one has expired, or use a service account or an API key."

    def __init__(self, access_token: str) -> None:
        self._header = f"Bearer {access_token}"

    async def authorization(self, slot: ConnectionSlot, request: Request, fetch: Fetch) -> str | None:
        return self._header

    def learn(self, slot: ConnectionSlot, authorization: str | None, answer: Answer) -> bool:
        return False
