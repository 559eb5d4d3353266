# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""HTTP Digest as Atlas uses it (MD5, qop=auth, nonces that expire, counters that must grow), and in other styles."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass

from .ids import Mint
from .messages import Request

REALM = "MMS Public API"
_FIELD = re.compile(r'(\w+)=(?:"([^"]*)"|([^\s,]+))')
_WORDS = re.compile(r"\b(Digest|realm|domain|nonce|algorithm|qop|stale)\b(?=[ =])")


@dataclass
class Nonce:
    """A nonce, and the rules for using it."""

    issued_at: float
    connection: str
    algorithm: str = "MD5"
    qop: str = "auth"
    count: int = 0


class Digest:
    """Issues nonces and checks signatures; passwords maps user names to passwords."""

    def __init__(self, passwords: Mapping[str, str], mint: Mint) -> None:
        self._passwords = passwords
        self._mint = mint
        self._nonces: dict[str, Nonce] = {}

    def challenges(self, style: str, connection: str, now: float, *, stale: bool) -> tuple[str, ...]:
        """The WWW-Authenticate lines in one of the styles of the setting challenge, with new nonces."""
        qop = "auth-int, auth" if style == "auth_int" else "auth"
        recorded = self._challenge(Nonce(now, connection, qop=qop), stale)
        if style == "capitals":
            return (_WORDS.sub(lambda word: word.group().upper(), recorded),)
        if style == "basic_too":
            return (f'Basic realm="{REALM}", {recorded}',)
        if style in ("two_joined", "two_headers"):
            both = (self._challenge(Nonce(now, connection, "SHA-256"), stale), recorded)
            return both if style == "two_headers" else (", ".join(both),)
        return (recorded,)

    def verify(self, request: Request, lifetime: float, bound: bool, now: float) -> tuple[str | None, bool]:
        """The user who signed (None: unknown), and whether the nonce was the only problem.

        lifetime: seconds a nonce is valid; bound: it is valid only on the connection that received it.
        """
        fields = _FIELD.findall(request.header("Authorization"))
        sent = {name.lower(): quoted or bare for name, quoted, bare in fields}
        user = sent.get("username", "")
        nonce = self._nonces.get(sent.get("nonce", ""))
        if not self._is_signed(request, user, sent, nonce or Nonce(now, "")):
            return None, False
        count = int(sent["nc"], 16)
        if nonce is None or now >= nonce.issued_at + lifetime or count <= nonce.count:
            return None, True
        if bound and nonce.connection != request.connection:
            return None, True
        nonce.count = count
        return user, False

    def forget(self, request: Request) -> None:
        """Make the nonce of this request invalid."""
        for name, quoted, bare in _FIELD.findall(request.header("Authorization")):
            if name.lower() == "nonce":
                self._nonces.pop(quoted or bare, None)

    def _challenge(self, nonce: Nonce, stale: bool) -> str:
        word = self._mint.word("nonce")
        self._nonces[word] = nonce
        return (
            f'Digest realm="{REALM}", domain="", nonce="{word}", algorithm={nonce.algorithm}, qop="{nonce.qop}", '
            f"stale={'true' if stale else 'false'}"
        )

    def _is_signed(self, request: Request, user: str, sent: Mapping[str, str], nonce: Nonce) -> bool:
        """Whether the signature is correct for the algorithm and one of the qop values that came with the nonce."""
        qop = sent.get("qop", "")
        if user not in self._passwords or sent.get("realm") != REALM:
            return False
        if qop not in nonce.qop.split(", ") or not re.fullmatch(r"[0-9a-fA-F]{8}", sent.get("nc", "")):
            return False
        if sent.get("algorithm", "MD5") != nonce.algorithm:
            return False
        body = [_hash(nonce.algorithm, request.body)] if qop == "auth-int" else []
        asked = _hash(nonce.algorithm, ":".join([request.method, request.target, *body]).encode())
        secret = _hash(nonce.algorithm, f"{user}:{REALM}:{self._passwords[user]}".encode())
        signed = f"{secret}:{sent.get('nonce')}:{sent['nc']}:{sent.get('cnonce')}:{qop}:{asked}"
        return sent.get("response") == _hash(nonce.algorithm, signed.encode())


def _hash(algorithm: str, content: bytes) -> str:
    name = "sha256" if algorithm == "SHA-256" else "md5"
    return hashlib.new(name, content, usedforsecurity=False).hexdigest()
