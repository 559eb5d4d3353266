# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""HTTP Digest as Atlas speaks it: MD5, qop=auth, nonces that end, counters that must grow."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass

from .ids import Mint
from .messages import Request

REALM = "MMS Public API"
_FIELD = re.compile(r'(\w+)=(?:"([^"]*)"|([^\s,]+))')


@dataclass
class Nonce:
    issued_at: float
    connection: str
    count: int = 0


class Digest:
    """Issues nonces and checks signatures; passwords maps user names to passwords."""

    def __init__(self, passwords: Mapping[str, str], mint: Mint) -> None:
        self._passwords = passwords
        self._mint = mint
        self._nonces: dict[str, Nonce] = {}

    def challenge(self, connection: str, now: float, *, stale: bool) -> str:
        """The value of WWW-Authenticate, with a new nonce."""
        nonce = self._mint.word("nonce")
        self._nonces[nonce] = Nonce(now, connection)
        word = "true" if stale else "false"
        return f'Digest realm="{REALM}", domain="", nonce="{nonce}", algorithm=MD5, qop="auth", stale={word}'

    def verify(self, request: Request, lifetime: float, bound: bool, now: float) -> tuple[str | None, bool]:
        """Who signed (None: nobody we know), and whether only the nonce was at fault.

        lifetime: seconds a nonce lives; bound: it counts on the connection alone that it was issued on.
        """
        sent = {name: quoted or bare for name, quoted, bare in _FIELD.findall(request.header("Authorization"))}
        user = sent.get("username", "")
        if not self._is_signed(request, user, sent):
            return None, False
        nonce = self._nonces.get(sent["nonce"])
        count = int(sent["nc"], 16)
        if nonce is None or now >= nonce.issued_at + lifetime or count <= nonce.count:
            return None, True
        if bound and nonce.connection != request.connection:
            return None, True
        nonce.count = count
        return user, False

    def forget(self, request: Request) -> None:
        """The nonce of this request ends now."""
        for name, quoted, bare in _FIELD.findall(request.header("Authorization")):
            if name == "nonce":
                self._nonces.pop(quoted or bare, None)

    def _is_signed(self, request: Request, user: str, sent: Mapping[str, str]) -> bool:
        if user not in self._passwords or sent.get("realm") != REALM:
            return False
        if sent.get("qop") != "auth" or not re.fullmatch(r"[0-9a-fA-F]{8}", sent.get("nc", "")):
            return False
        secret = _md5(f"{user}:{REALM}:{self._passwords[user]}")
        asked = _md5(f"{request.method}:{request.target}")
        signed = f"{secret}:{sent.get('nonce')}:{sent['nc']}:{sent.get('cnonce')}:auth:{asked}"
        return sent.get("response") == _md5(signed)


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
