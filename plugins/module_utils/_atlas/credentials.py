# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# The interface of every kind of credentials, and the simplest kind: an access token.

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from .connection import ConnectionSlot
from .messages import Answer, Request

# Text that can go into a header unchanged.
PRINTABLE = re.compile(r"[\x21-\x7e]+")

# Sends the request for a token, as often as the retry rules allow, and returns its JSON.
Fetch = Callable[[Request], Awaitable[dict[str, Any]]]


class Credentials(Protocol):
    """One way to sign requests."""

    # Its name in messages.
    kind: str
    # How often one request may be repeated with a new Authorization header after a 401.
    renewals: int
    # What to do when Atlas refuses these credentials.
    refused_hint: str

    async def authorization(self, slot: ConnectionSlot, request: Request, fetch: Fetch) -> str | None:
        """The Authorization header for a request in this slot, None to send it without one.

        Raises SignInFailed, or AtlasError if this host cannot compute the signature.
        """

    def learn(self, slot: ConnectionSlot, authorization: str | None, answer: Answer) -> bool:
        """Process the 401 that answered this header; returns whether a repeat would send a different one."""


class AccessToken:
    """A bearer token from the user; this collection cannot renew it."""

    kind = "access token"
    renewals = 0
    refused_hint = "Get a new access token if this one has expired, or use a service account or an API key."

    def __init__(self, access_token: str) -> None:
        self._header = f"Bearer {access_token}"

    async def authorization(self, slot: ConnectionSlot, request: Request, fetch: Fetch) -> str | None:
        return self._header

    def learn(self, slot: ConnectionSlot, authorization: str | None, answer: Answer) -> bool:
        return False
