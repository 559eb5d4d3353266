# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# API keys: HTTP Digest, with one challenge and one nonce for each connection.

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Iterator
from typing import Any, cast
from urllib.request import parse_http_list

from .connection import ConnectionSlot
from .credentials import Fetch
from .errors import AtlasError
from .messages import Answer, Request

with contextlib.suppress(ImportError):  # _module.py reports a missing requests
    import requests
    import requests.auth

# The algorithms that requests can compute, the preferred one first. Atlas uses MD5.
_ALGORITHMS = ("MD5", "SHA-256", "SHA-512", "MD5-SESS", "SHA")
# A challenge starts with its scheme; a scheme alone is a challenge without parameters.
_SCHEME_AND_PARAMETER = re.compile(r"([\w-]+)\s+([\w-]+\s*=.*)", re.DOTALL)


class KeyPair:
    """A programmatic API key."""

    kind = "API key"
    # A nonce may be refused as stale more than once for one request.
    renewals = 8
    refused_hint = "Check public_key and private_key, and that the key belongs to this project's organization."

    def __init__(self, public_key: str, private_key: str) -> None:
        self._pair = (public_key, private_key)
        self._digests: dict[ConnectionSlot, _Digest] = {}

    async def authorization(self, slot: ConnectionSlot, request: Request, fetch: Fetch) -> str | None:
        digest = self._digests.get(slot)
        return digest.sign(request) if digest else None

    def learn(self, slot: ConnectionSlot, authorization: str | None, answer: Answer) -> bool:
        offered = list(digest_challenges(answer.headers.get("www-authenticate", "")))
        if not offered:
            return False
        digest = self._digests.setdefault(slot, _Digest(*self._pair))
        # A nonce that was used before may have expired even if the service does not report it as stale.
        if digest.answers_new_challenge and not any(_is_stale(each) for each in offered):
            return False
        digest.challenges = offered
        return True


class _Digest:
    """The digest of one connection. requests computes it and counts how often each nonce was used.

    challenges: the next signature answers one of these, the preferred one first.
    answers_new_challenge: whether the last signature was the first one with its nonce.
    """

    def __init__(self, public_key: str, private_key: str) -> None:
        self._auth = requests.auth.HTTPDigestAuth(public_key, private_key)
        self.challenges: list[dict[str, str]] = []
        self.answers_new_challenge = False

    def sign(self, request: Request) -> str | None:
        """The Authorization header. Raises AtlasError where this host cannot compute one."""
        challenges, self.challenges = self.challenges, []
        self.answers_new_challenge = bool(challenges)
        try:
            signed = requests.Request(request.method, request.url, auth=self._auth).prepare()
        except ValueError:
            raise _refused_by_host() from None
        if challenges:
            signed = self._answered(signed, challenges)
        return signed.headers.get("Authorization")

    def _answered(
        self, request: requests.PreparedRequest, challenges: list[dict[str, str]]
    ) -> requests.PreparedRequest:
        """The request, signed for the first of these challenges that this host can compute."""
        for challenge in challenges:
            refused = requests.Response()
            refused.status_code = 401
            refused.headers["WWW-Authenticate"] = _as_header(challenge)
            refused.request = request
            refused.raw = io.BytesIO()
            refused.connection = cast(Any, _Unsent())
            with contextlib.suppress(ValueError):  # FIPS mode
                answered: requests.Response = self._auth.handle_401(refused)
                return answered.request
            # Without this, requests would not answer a second challenge to the same request.
            self._auth(request.copy())
        raise _refused_by_host()


class _Unsent:
    """Stand-in for the connection that requests expects: returns the signed request instead of sending it."""

    def send(self, request: requests.PreparedRequest, **_options: object) -> requests.Response:
        response = requests.Response()
        response.request = request
        return response


def digest_challenges(header: str) -> Iterator[dict[str, str]]:
    """The challenges of WWW-Authenticate that can be answered, the preferred algorithm first.

    Names are in lower case. One header may contain several challenges, and several headers are joined with commas.
    """
    usable = [each for each in _challenges(header) if each.get("realm") is not None and each.get("nonce")]
    usable = [each for each in usable if "qop" not in each or "auth" in _words(each["qop"])]
    for algorithm in _ALGORITHMS:
        yield from (each for each in usable if each.get("algorithm", "MD5").upper() == algorithm)


def _challenges(header: str) -> Iterator[dict[str, str]]:
    scheme, parameters = "", dict[str, str]()
    for item in [*parse_http_list(header), "end"]:
        begins = _SCHEME_AND_PARAMETER.fullmatch(item)
        if begins or "=" not in item:
            if scheme == "digest":
                yield parameters
            scheme, parameters = (begins[1] if begins else item).lower(), {}
            item = begins[2] if begins else ""
        name, separator, value = item.partition("=")
        if separator:
            parameters[name.strip().lower()] = _unquoted(value.strip())


def _unquoted(value: str) -> str:
    # parse_http_list has already removed the backslashes.
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] == '"' else value


def _words(qop: str) -> list[str]:
    return [word.strip().lower() for word in qop.split(",")]


def _is_stale(challenge: dict[str, str]) -> bool:
    return challenge.get("stale", "").lower() == "true"


def _as_header(challenge: dict[str, str]) -> str:
    """The challenge in a form that requests can parse: names in lower case, one qop."""
    fields = {name: challenge[name] for name in ("realm", "nonce", "opaque", "algorithm") if challenge.get(name)}
    fields.setdefault("realm", "")
    if "qop" in challenge:
        fields["qop"] = "auth"
    quoted = (f'{name}="{_escaped(value)}"' for name, value in fields.items())
    return "Digest " + ", ".join(quoted)


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"')


def _refused_by_host() -> AtlasError:
    return AtlasError(
        f"This host refuses MD5, as in FIPS mode, and API keys need it (HTTP Digest; requests {requests.__version__})",
        "Use a service account (client_id and client_secret), or install requests 2.32 or newer.",
    )
