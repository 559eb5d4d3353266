# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Responses with the headers that Atlas sends; the service adds Date when it sends the answer."""

from __future__ import annotations

from typing import Any

from .gate import CHALLENGE_BODY
from .messages import Response, encode
from .problems import Problem

STRICT_TRANSPORT = {"Strict-Transport-Security": "max-age=31536000; includeSubdomains;"}
CHALLENGE_HEADER = "WWW-Authenticate"
VARY = {"Vary": "Accept-Encoding"}


def success(document: dict[str, Any] | None, version: str, headers: dict[str, str]) -> Response:
    """200 with a document, 204 without one; version is empty for plain JSON."""
    media_type = f"application/vnd.atlas.{version}+json;charset=utf-8" if version else "application/json"
    sent = {"Content-Type": media_type, **STRICT_TRANSPORT, **headers}
    if document is None:
        return Response(204, sent)
    return Response(200, sent, encode(document))


def failure(problem: Problem, headers: dict[str, str]) -> Response:
    """An error; a 401 has no rate limit headers, as recorded."""
    sent = {"Content-Type": "application/json", **STRICT_TRANSPORT, **VARY}
    if problem.status != 401:
        sent.update(headers)
    sent.update(problem.headers)
    if problem.code.isprintable() and problem.code:
        sent["X-Error-Code"] = problem.code
    return Response(problem.status, sent, encode(problem.document()))


def unauthorized(challenges: tuple[str, ...]) -> Response:
    """The 401 for an unknown caller, byte for byte as recorded; each challenge has its own header line."""
    sent = {"Content-Type": "application/json", **VARY}
    if challenges:
        sent[CHALLENGE_HEADER] = ", ".join(challenges)
    return Response(401, sent, CHALLENGE_BODY, apart={CHALLENGE_HEADER: challenges})
