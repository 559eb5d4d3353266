# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers of Atlas, and of proxies in front of it."""

from __future__ import annotations

import json
from typing import Any

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.messages import Answer


def ok(document: Any, **headers: str) -> Answer:
    """200 with a document."""
    return answer(200, json.dumps(document).encode(), content_type="application/json", **headers)


def page(*items: dict[str, Any], **more: Any) -> Answer:
    """200 with one page of a list."""
    return ok({"links": [], "results": list(items), "totalCount": len(items), **more})


def refused(status: int, code: str | None = None, detail: str | None = "Said so.", **headers: str) -> Answer:
    """An error document of Atlas."""
    document = {"error": status, "errorCode": code, "reason": "Refused", "detail": detail, "parameters": []}
    return answer(status, json.dumps(document).encode(), content_type="application/json", **headers)


def html(status: int, title: str = "Bad gateway", **headers: str) -> Answer:
    """An HTML page, as from a proxy."""
    body = f"<html><head><title>{title}</title></head><body>sorry</body></html>".encode()
    return answer(status, body, content_type="text/html; charset=utf-8", **headers)


def answer(status: int, body: bytes = b"", **headers: str) -> Answer:
    """Any answer; an underscore in a header name stands for a hyphen."""
    return Answer(status, {name.replace("_", "-"): value for name, value in headers.items()}, body)


NOT_THERE = refused(404, "SNAPSHOT_NOT_FOUND")
NO_SUCH_CLUSTER = refused(404, "CLUSTER_NOT_FOUND")
UNFINISHED = refused(400, "UNFINISHED_ON_DEMAND_SNAPSHOT")
WRONG_FAMILY = refused(400, "INCORRECT_BACKUP_API_ENDPOINT")
FLEX_IN_CLUSTER_API = refused(400, "CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API")
CHALLENGE = 'Digest realm="MMS Public API", domain="", nonce="{nonce}", algorithm=MD5, qop="auth", stale={stale}'


def challenge(nonce: str = "first", stale: str = "false") -> Answer:
    """The 401 that asks for a signature."""
    return refused(401, "UNEXPECTED_ERROR", www_authenticate=CHALLENGE.format(nonce=nonce, stale=stale))


def token(access_token: str = "issued-token-1", expires_in: Any = 3600) -> Answer:
    """The answer of the token endpoint."""
    return ok({"access_token": access_token, "expires_in": expires_in, "token_type": "Bearer"})
