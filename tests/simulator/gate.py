# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Authentication: key pairs, fixed and issued tokens; and the API access list."""

from __future__ import annotations

import base64
import binascii
import ipaddress

from .digest import Digest
from .messages import Request
from .problems import Problem
from .settings import Settings
from .world import Credentials, World

# As recorded, white space included.
CHALLENGE_BODY = b"""{
  "error" : 401,
  "reason" : "Unauthorized",
  "detail" : "You are not authorized for this resource.",
  "errorCode" : "UNEXPECTED_ERROR"
}"""


class Unauthorized(Exception):
    """The caller is unknown; challenges are the WWW-Authenticate lines, empty if none are sent."""

    def __init__(self, challenges: tuple[str, ...] = ()) -> None:
        super().__init__("401")
        self.challenges = challenges


class Gate:
    """Authenticates callers; keeps nonces and issued tokens."""

    def __init__(self, world: World) -> None:
        self._mint = world.mint
        self._by_key = {each.public_key: each for each in world.credentials}
        self._by_client = {each.client_id: each for each in world.credentials}
        self._by_token = {each.access_token: each for each in world.credentials}
        self._issued: dict[str, tuple[Credentials, float]] = {}
        self._digest = Digest({each.public_key: each.private_key for each in world.credentials}, world.mint)

    def identify(self, request: Request, settings: Settings, now: float) -> Credentials:
        """The caller; Unauthorized if there is no valid signature or token."""
        scheme, _unused, value = request.header("Authorization").partition(" ")
        if scheme.lower() == "bearer":
            return self._bearer(value.strip(), now)
        if scheme.lower() != "digest":
            raise self.refusal(request, settings, now, stale=False)
        user, stale = self._digest.verify(request, settings.nonce_seconds, settings.nonce_per_connection, now)
        if user is None:
            raise self.refusal(request, settings, now, stale=stale)
        return self._by_key[user]

    def identify_client(self, request: Request) -> Credentials:
        """The service account that requests a token with HTTP Basic."""
        scheme, _unused, value = request.header("Authorization").partition(" ")
        try:
            client, _unused, secret = base64.b64decode(value, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            raise Unauthorized from None
        found = self._by_client.get(client)
        if scheme.lower() != "basic" or found is None or found.client_secret != secret:
            raise Unauthorized
        return found

    def issue_token(self, caller: Credentials, settings: Settings, now: float) -> str:
        token = f"issued-{self._mint.word('token')}"
        self._issued[token] = (caller, now + settings.token_seconds)
        return token

    def refusal(self, request: Request, settings: Settings, now: float, *, stale: bool) -> Unauthorized:
        """The 401 for the caller's scheme: tokens get no challenge, and a stale nonce becomes invalid."""
        if request.header("Authorization").lower().startswith("bearer"):
            return Unauthorized()
        if stale:
            self._digest.forget(request)
        return Unauthorized(self._digest.challenges(settings.challenge, request.connection, now, stale=stale))

    def _bearer(self, token: str, now: float) -> Credentials:
        if token in self._by_token:
            return self._by_token[token]
        caller, ends_at = self._issued.get(token, (None, 0.0))
        if caller is None or now >= ends_at:
            raise Unauthorized
        return caller


def check_origin(request: Request, settings: Settings) -> None:
    """Refuse a caller whose address is not on the API access list."""
    if settings.access_list is None:
        return
    peer = ipaddress.ip_address(request.peer)
    if not any(peer in ipaddress.ip_network(network) for network in settings.access_list):
        raise Problem("IP_ADDRESS_NOT_ON_ACCESS_LIST", request.peer)
