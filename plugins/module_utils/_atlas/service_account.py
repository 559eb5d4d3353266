# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# Service accounts: one token for all connections, renewed before it expires.

from __future__ import annotations

import asyncio
import base64
from typing import Any

from .clock import now
from .connection import ConnectionSlot
from .credentials import PRINTABLE, Fetch
from .error_codes import BY_ERROR_CODE
from .errors import AtlasError, NoAnswer, RequestRefused, SignInFailed
from .json_values import number
from .messages import Answer, Request, checked
from .secrets import Secrets

TOKEN_PATH = "/api/oauth/token"
# A token is renewed this many seconds before it expires, or a fifth of its lifetime if that is shorter.
_EARLY = 60.0
# The lifetime by Atlas's documentation, for an answer without expires_in. Seconds.
_USUAL_LIFE = 3600.0


class ServiceAccount:
    """An OAuth client. All connections share its token, which is renewed before it expires and after a 401."""

    kind = "service account"
    renewals = 1
    refused_hint = "Check the roles of the service account, and that it belongs to this project's organization."

    def __init__(self, client_id: str, client_secret: str, base_url: str, secrets: Secrets) -> None:
        basic = base64.b64encode(f"{client_id}:{client_secret}".encode()).decode()
        secrets.add(basic)
        self._secrets = secrets
        self._request = Request(
            "POST",
            base_url + TOKEN_PATH,
            {
                "Accept": "application/json",
                "Authorization": f"Basic {basic}",
                "Content-Type": "application/x-www-form-urlencoded",
            },
            b"grant_type=client_credentials",
        )
        self._token: str | None = None
        self._renew_at = 0.0
        self._fetching: asyncio.Task[None] | None = None

    async def authorization(self, slot: ConnectionSlot, request: Request, fetch: Fetch) -> str | None:
        if self._token is None or now() >= self._renew_at:
            await self._sign_in(fetch)
        return f"Bearer {self._token}"

    async def _sign_in(self, fetch: Fetch) -> None:
        """Fetch one token for all waiting requests: the token endpoint is rate limited, and one failure is enough."""
        if self._fetching is None:
            self._fetching = asyncio.ensure_future(self._fetch(fetch))
            self._fetching.add_done_callback(self._fetched)
        await asyncio.shield(self._fetching)

    def _fetched(self, task: asyncio.Task[None]) -> None:
        self._fetching = None

    async def _fetch(self, fetch: Fetch) -> None:
        asked = now()
        document = await fetch(self._request)
        token, life = str(document["access_token"]), _life(document.get("expires_in"))
        self._secrets.add(token)
        self._token, self._renew_at = token, asked + life - min(_EARLY, life / 5)

    def learn(self, slot: ConnectionSlot, authorization: str | None, answer: Answer) -> bool:
        if authorization == f"Bearer {self._token}":
            self._token = None
        return True


def token_document(answer: Answer) -> dict[str, Any]:
    """The JSON answer of the token endpoint, with a valid token.

    Raises SignInFailed. The message shows nothing of the body except a known errorCode.
    """
    try:
        document = checked(answer, 200)
        token = document.get("access_token")
        if not (isinstance(token, str) and PRINTABLE.fullmatch(token)):
            raise NoAnswer("there is no token in it")
    except RequestRefused as error:
        code = error.error_code if error.error_code in BY_ERROR_CODE else None
        raise SignInFailed(
            RequestRefused(answer.status, error_code=code, readable=error.readable, retry_after=error.retry_after)
        ) from None
    except NoAnswer:
        raise SignInFailed(NoAnswer(f"Atlas answered {answer.status} without a token", "Check base_url.")) from None
    except AtlasError as error:
        raise SignInFailed(error) from None
    return document


def _life(expires_in: Any) -> float:
    """The lifetime of a token in seconds; an hour if expires_in is not a number above 0."""
    seconds = number(expires_in)
    return float(seconds) if seconds is not None and seconds > 0 else _USUAL_LIFE
