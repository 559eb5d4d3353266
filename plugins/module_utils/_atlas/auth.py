# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# Credentials: which of them are used, and how they sign a request.

from __future__ import annotations

import asyncio
import base64
import contextlib
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol

from .clock import now
from .connection import ConnectionSlot
from .error_codes import BY_ERROR_CODE
from .errors import AtlasError, InvalidInput, NoAnswer, RequestRefused, SignInFailed
from .messages import Answer, Request, checked
from .secrets import Secrets

with contextlib.suppress(ImportError):  # _module says so when requests is missing
    import requests.auth
    import requests.utils

# Option -> the environment variables that stand in for it, the first one that is set.
CREDENTIAL_VARIABLES = {
    "access_token": ("MONGODB_ATLAS_ACCESS_TOKEN",),
    "client_id": ("MONGODB_ATLAS_CLIENT_ID",),
    "client_secret": ("MONGODB_ATLAS_CLIENT_SECRET",),
    "public_key": ("MONGODB_ATLAS_PUBLIC_API_KEY", "MONGODB_ATLAS_PUBLIC_KEY"),
    "private_key": ("MONGODB_ATLAS_PRIVATE_API_KEY", "MONGODB_ATLAS_PRIVATE_KEY"),
}

# Kinds of credentials, the one that wins within a source first.
ACCESS_TOKEN = ("access_token",)
SERVICE_ACCOUNT = ("client_id", "client_secret")
KEY_PAIR = ("public_key", "private_key")
_KINDS = (ACCESS_TOKEN, SERVICE_ACCOUNT, KEY_PAIR)

TOKEN_PATH = "/api/oauth/token"
# A token is renewed so long before its end, or a fifth of its life where that is shorter. Seconds.
_EARLY = 60.0
# As the service's documentation says, where an answer does not. Seconds.
_USUAL_LIFE = 3600.0
_PRINTABLE = re.compile(r"[\x21-\x7e]+")

_CHALLENGE = re.compile(r"(?i)\bdigest\s+(.*)")

# Sends the request for a token, as often as the policy allows, and gives back its JSON.
Fetch = Callable[[Request], Awaitable[dict[str, Any]]]


def choose_credentials(
    options: Mapping[str, Any], environment: Mapping[str, str], base_url: str, secrets: Secrets
) -> Credentials:
    """The credentials that win: options over the environment, then access token, service account, key pair.

    A kind that is given by option, even by half, wins over those that the environment alone gives, and its other half
    may come from there. secrets learns what is chosen, and what is issued later.
    Raises InvalidInput for half a pair, and for none at all.
    """
    given = {name: str(options[name]) for name in CREDENTIAL_VARIABLES if options.get(name)}
    variables = CREDENTIAL_VARIABLES.items()
    around = {name: value for name, names in variables if (value := _from_environment(names, environment))}
    for source, rest in ((given, around), (around, {})):
        kinds = [kind for kind in _KINDS if any(name in source for name in kind)]
        merged = {**rest, **source}
        for kind in kinds:
            if all(name in merged for name in kind):
                return _credentials(kind, merged, base_url, secrets)
        if kinds:
            raise _half_a_pair(kinds[0], merged)
    raise InvalidInput(
        "No credentials are given",
        "Give access_token, or client_id and client_secret (service account), or public_key and private_key (API key), "
        f"as options or in the environment: {', '.join(names[0] for names in CREDENTIAL_VARIABLES.values())}.",
    )


def _from_environment(names: tuple[str, ...], environment: Mapping[str, str]) -> str:
    return next((environment[name] for name in names if environment.get(name)), "")


def _half_a_pair(kind: tuple[str, ...], given: Mapping[str, str]) -> InvalidInput:
    here, missing = sorted(kind, key=lambda name: name not in given)
    return InvalidInput(
        f"{here} is given without {missing}",
        f"Give {missing} as well, as an option or in {CREDENTIAL_VARIABLES[missing][0]}.",
    )


def _credentials(kind: tuple[str, ...], values: Mapping[str, str], base_url: str, secrets: Secrets) -> Credentials:
    chosen = [values[name] for name in kind]
    secrets.add(*chosen)
    for name, value in zip(kind, chosen):
        # These are sent as they are; a private key is hashed, and a client secret encoded.
        if name in ("access_token", "client_id", "public_key") and not _PRINTABLE.fullmatch(value):
            raise InvalidInput(
                f"{name} holds a blank, a line break or another character that no such credential has",
                f"Check where {name} is read from.",
            )
    if kind == ACCESS_TOKEN:
        return AccessToken(chosen[0])
    if kind == SERVICE_ACCOUNT:
        return ServiceAccount(chosen[0], chosen[1], base_url, secrets)
    return KeyPair(chosen[0], chosen[1])


class Credentials(Protocol):
    """One way to sign requests."""

    # How often one request may be sent again with something new to show after a 401.
    renewals: int
    # What to do when Atlas refuses these credentials.
    refused_hint: str

    async def authorization(self, slot: ConnectionSlot, request: Request, fetch: Fetch) -> str | None:
        """The Authorization header for a request in this slot, None to send it without one.

        Raises SignInFailed.
        """

    def learn(self, slot: ConnectionSlot, authorization: str | None, answer: Answer) -> bool:
        """Take over what a 401 to this header tells; whether there is now something new to show."""


class AccessToken:
    """A bearer token that the user gives; nobody here can renew it."""

    renewals = 0
    refused_hint = (
        "The access token has ended or is not valid here: get a new one, or use a service account or API key."
    )

    def __init__(self, access_token: str) -> None:
        self._header = f"Bearer {access_token}"

    async def authorization(self, slot: ConnectionSlot, request: Request, fetch: Fetch) -> str | None:
        return self._header

    def learn(self, slot: ConnectionSlot, authorization: str | None, answer: Answer) -> bool:
        return False


class ServiceAccount:
    """An OAuth client: its token serves every connection, and is renewed before its end and after a 401."""

    renewals = 1
    refused_hint = "Check the roles of the service account and that it belongs to this project's organization."

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
        """One token for everybody who waits for one: its address is rate limited, and to fail there once is enough."""
        if self._fetching is None:
            self._fetching = asyncio.ensure_future(self._fetch(fetch))
            self._fetching.add_done_callback(self._fetched)
        await asyncio.shield(self._fetching)

    def _fetched(self, task: asyncio.Task[None]) -> None:
        self._fetching = None

    async def _fetch(self, fetch: Fetch) -> None:
        asked = now()
        document = await fetch(self._request)
        token, life = str(document["access_token"]), _seconds(document.get("expires_in"))
        self._secrets.add(token)
        self._token, self._renew_at = token, asked + life - min(_EARLY, life / 5)

    def learn(self, slot: ConnectionSlot, authorization: str | None, answer: Answer) -> bool:
        if authorization == f"Bearer {self._token}":
            self._token = None
        return True


def token_document(answer: Answer) -> dict[str, Any]:
    """The JSON of the token address, with a token in it that can be sent.

    Raises SignInFailed; nothing of the body is shown, only an errorCode that is known.
    """
    try:
        document = checked(answer, 200)
        if not _PRINTABLE.fullmatch(str(document.get("access_token") or "")):
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


def _seconds(value: Any) -> float:
    try:
        return max(1.0, float(value))
    except (TypeError, ValueError):
        return _USUAL_LIFE


class KeyPair:
    """A programmatic API key: HTTP Digest, one challenge and one nonce for each connection."""

    # A nonce may be refused as stale more than once for one request.
    renewals = 8
    refused_hint = "Check public_key and private_key, and that the key belongs to this project's organization."

    def __init__(self, public_key: str, private_key: str) -> None:
        self._pair = (public_key, private_key)
        self._digests: dict[ConnectionSlot, _Digest] = {}

    async def authorization(self, slot: ConnectionSlot, request: Request, fetch: Fetch) -> str | None:
        digest = self._digests.get(slot)
        return digest.header(request) if digest else None

    def learn(self, slot: ConnectionSlot, authorization: str | None, answer: Answer) -> bool:
        challenge = _CHALLENGE.search(answer.headers.get("www-authenticate", ""))
        fields = requests.utils.parse_dict_header(challenge.group(1)) if challenge else {}
        if not (fields.get("realm") and fields.get("nonce")):
            return False
        # A nonce that has served before may have ended even where the service does not call it stale.
        new_nonce_refused = authorization is not None and "nc=00000001" in authorization
        if new_nonce_refused and str(fields.get("stale")).lower() != "true":
            return False
        self._digests.setdefault(slot, _Digest(*self._pair)).challenge(fields)
        return True


class _Digest:
    """The state of one connection: its nonce, and how often that was used. The computing is requests' own.

    requests keeps this state for each thread; all of this runs in the event loop's thread.
    """

    def __init__(self, public_key: str, private_key: str) -> None:
        self._digest: Any = requests.auth.HTTPDigestAuth(public_key, private_key)
        self._digest.init_per_thread_state()

    def challenge(self, fields: dict[str, Any]) -> None:
        self._digest._thread_local.chal = fields

    def header(self, request: Request) -> str | None:
        header: str | None = self._digest.build_digest_header(request.method, request.url)
        return header
