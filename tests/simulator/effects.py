# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What each kind of fault makes of an answer."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from .answers import failure
from .faults import Fault
from .messages import Delivery, Response, encode
from .problems import Problem

# Long enough for any client to give up first.
HANG_SECONDS = 3600.0

Params = Mapping[str, Any]


def strike(fault: Fault, serve: Callable[[], Response], refuse: Callable[[bool], Response]) -> Response:
    """The answer to a request that a fault strikes; serve does the work, refuse(stale) gives a 401."""
    if fault.kind in ("stale_nonce", "unauthorized"):
        return refuse(fault.kind == "stale_nonce")
    answer = serve() if fault.work else Response(200)
    if fault.kind in INSTEAD:
        return INSTEAD[fault.kind](fault.params)
    return UPON[fault.kind](answer, fault.params)


def _status(params: Params) -> Response:
    """Any status: with an errorCode Atlas's error body, else the given body or none."""
    code = params.get("error_code", "")
    if code or "status" not in params:
        problem = Problem(code or "UNEXPECTED_ERROR", *params.get("parameters", ()), status=params.get("status"))
        made = failure(problem, {})
    else:
        body = params.get("body", "")
        made = Response(params["status"], {"Content-Type": params.get("content_type", "text/html")}, body.encode())
    made.headers.update(params.get("headers", {}))
    return made


def _undelivered(kind: str) -> Callable[[Response, Params], Response]:
    def effect(answer: Response, params: Params) -> Response:
        return replace(answer, delivery=Delivery(kind, params.get("seconds", HANG_SECONDS if kind == "hang" else 0.0)))

    return effect


def _slow(answer: Response, params: Params) -> Response:
    return replace(answer, delivery=Delivery("answer", params.get("seconds", 1.0)))


def _trickle(answer: Response, params: Params) -> Response:
    return replace(answer, delivery=Delivery("trickle", params.get("seconds", 0.05)))


def _garbled(answer: Response, params: Params) -> Response:
    body = params.get("body", "<html>this is not JSON</html>")
    return Response(200, {**answer.headers, "Content-Type": "application/json"}, body.encode())


def _redirect(params: Params) -> Response:
    location = params.get("location", "https://elsewhere.example.invalid/")
    return Response(params.get("status", 302), {"Location": location})


def _passing_404(params: Params) -> Response:
    return failure(Problem(params.get("error_code", "SNAPSHOT_NOT_FOUND"), status=404), {})


def _unknown_status(answer: Response, params: Params) -> Response:
    word = {"status": params.get("word", "hibernating")}
    return _replace_json(answer, {"fields": word, "each_result": "results" in _document(answer)})


def _replace_json(answer: Response, params: Params) -> Response:
    """Merge fields into the document, or into each of its results; an answer without JSON stays as it is."""
    document = _document(answer)
    for target in document.get("results", []) if params.get("each_result") else [document]:
        target.update(params.get("fields", {}))
        for name in params.get("remove", ()):
            target.pop(name, None)
    return replace(answer, body=encode(document) if document else answer.body)


def _document(answer: Response) -> dict[str, Any]:
    document = json.loads(answer.body) if answer.body else {}
    return document if isinstance(document, dict) else {}


# Answers that take the place of the real one, and those that are made from it.
INSTEAD: dict[str, Callable[[Params], Response]] = {
    "status": _status,
    "redirect": _redirect,
    "passing_404": _passing_404,
}
UPON: dict[str, Callable[[Response, Params], Response]] = {
    "lost_answer": _undelivered("drop"),
    "reset": _undelivered("reset"),
    "drop": _undelivered("drop"),
    "hang": _undelivered("hang"),
    "hang_after": _undelivered("hang"),
    "cut": _undelivered("cut"),
    "garbled": _garbled,
    "slow": _slow,
    "trickle": _trickle,
    "unknown_status": _unknown_status,
    "replace_json": _replace_json,
}
