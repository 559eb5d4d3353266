# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""How each kind of fault changes an answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from .answers import failure
from .bodies import endless, gzip_bomb, huge
from .edits import edited
from .elsewhere import OTHERS
from .faults import Fault
from .messages import Delivery, Request, Response, encode
from .problems import Problem

# Long enough for any client to give up first.
HANG_SECONDS = 3600.0
ECHO_TEXT = "Bad gateway: this request cannot be forwarded, its header was "

Params = Mapping[str, Any]


@dataclass(frozen=True)
class Occasion:
    """A request that a fault applies to, and the ways to answer it.

    request: the request as it was sent.
    serve: answers with settings for this request only, and about another document if the second argument names one.
    refuse(stale): answers 401. date: adds the Date header, if Atlas sends one.
    """

    request: Request
    serve: Callable[[Mapping[str, Any], str], Response]
    refuse: Callable[[bool], Response]
    date: Callable[[Response], Response]


def strike(fault: Fault, occasion: Occasion) -> Response:
    """The answer to a request that a fault applies to."""
    if fault.kind in ("stale_nonce", "unauthorized"):
        return occasion.refuse(fault.kind == "stale_nonce")
    answer = _served(fault, occasion) if fault.work else Response(200)
    if fault.kind == "echo":
        answer = occasion.date(_echo(occasion.request, fault.params))
    elif fault.kind in INSTEAD:
        answer = occasion.date(INSTEAD[fault.kind](fault.params))
    elif fault.kind in UPON:
        answer = UPON[fault.kind](answer, fault.params)
    return _with_headers(answer, fault.params.get("headers", {}))


def _served(fault: Fault, occasion: Occasion) -> Response:
    if fault.kind == "settings":
        return occasion.serve(fault.params, "")
    if fault.kind == "wrong_document":
        return occasion.serve({}, fault.params.get("of", OTHERS[0]))
    return occasion.serve({}, "")


def _with_headers(answer: Response, changes: Mapping[str, str | None]) -> Response:
    """The answer with headers set, or removed by None; their names are case-insensitive."""
    changed = {name.lower() for name in changes}
    kept = {name: value for name, value in answer.headers.items() if name.lower() not in changed}
    apart = {name: lines for name, lines in answer.apart.items() if name in kept}
    added = {name: value for name, value in changes.items() if value is not None}
    return replace(answer, headers=kept | added, apart=apart)


def _status(params: Params) -> Response:
    """Any status: with Atlas's error body if there is an error_code, otherwise with the given body or none."""
    code = params.get("error_code", "")
    if code or "status" not in params:
        problem = Problem(code or "UNEXPECTED_ERROR", *params.get("parameters", ()), status=params.get("status"))
        words = {name: params[name] for name in ("detail", "reason") if name in params}
        return replace(failure(problem, {}), body=encode(problem.document() | words))
    body = params.get("body", "")
    return Response(params["status"], {"Content-Type": params.get("content_type", "text/html")}, body.encode())


def _echo(request: Request, params: Params) -> Response:
    """An error page that repeats the Authorization header, after this many characters of other text."""
    status, text = params.get("status", 502), ECHO_TEXT.ljust(params.get("before", 60), ".")[: params.get("before", 60)]
    text += request.header("Authorization")
    if params.get("place") == "detail":
        problem = Problem("UNEXPECTED_ERROR", status=status)
        return replace(failure(problem, {}), status=status, body=encode(problem.document() | {"detail": text}))
    page = f"<!DOCTYPE html><html><head><title>{text}</title></head><body><h1>{status}</h1></body></html>"
    return Response(status, {"Content-Type": "text/html"}, page.encode())


def _undelivered(kind: str) -> Callable[[Response, Params], Response]:
    def effect(answer: Response, params: Params) -> Response:
        return replace(answer, delivery=Delivery(kind, params.get("seconds", HANG_SECONDS if kind == "hang" else 0.0)))

    return effect


def _slow(answer: Response, params: Params) -> Response:
    return replace(answer, delivery=Delivery("answer", params.get("seconds", 1.0)))


def _trickle(answer: Response, params: Params) -> Response:
    return replace(answer, delivery=Delivery("trickle", params.get("seconds", 0.05)))


def _slow_headers(answer: Response, params: Params) -> Response:
    return replace(answer, delivery=Delivery("slow_headers", params.get("seconds", 0.05)))


def _early_hints(answer: Response, params: Params) -> Response:
    return replace(answer, delivery=Delivery("answer", interim=tuple(params.get("statuses", (103,)))))


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
    return _replace_json(answer, {"fields": word, "each_result": "results" in (answer.document() or ())})


def _replace_json(answer: Response, params: Params) -> Response:
    """Change places in the document, or in each of its results; an answer without a JSON object stays the same."""
    document = answer.document()
    if document is None:
        return answer
    where = "results.*." if params.get("each_result") else ""
    fields = {where + path: value for path, value in params.get("fields", {}).items()}
    raw = {where + path: text for path, text in params.get("raw", {}).items()}
    remove = [where + path for path in params.get("remove", ())]
    return replace(answer, body=edited(document, fields, remove, raw))


# Kinds that serve the real answer in another way or with other headers, kinds that replace it, and kinds that are made
# from it.
AS_SERVED = ("headers", "settings", "wrong_document")
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
    "slow_headers": _slow_headers,
    "early_hints": _early_hints,
    "huge": huge,
    "gzip_bomb": gzip_bomb,
    "endless": endless,
    "unknown_status": _unknown_status,
    "replace_json": _replace_json,
}
