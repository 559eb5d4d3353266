# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Faults on demand: which request they strike, how often, and whether the work is done all the same."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from .elsewhere import OTHERS
from .messages import Request
from .settings import FOR_ONE_REQUEST, Settings

STEPS = (
    "token",
    "take",
    "poll",
    "list",
    "patch",
    "delete",
    "restore",
    "restore_poll",
    "restore_list",
    "restore_cancel",
    "schedule",
    "compliance",
    "cluster",
    "clusters",
    "project",
    "projects",
    "unknown",
)


@dataclass(frozen=True)
class Kind:
    """work: whether the request is carried out before the fault strikes; fixed: the kind means nothing otherwise."""

    work: bool
    fixed: bool
    params: tuple[str, ...] = ()


STATUS_PARAMS = ("status", "error_code", "parameters", "detail", "reason", "body", "content_type", "headers")
# Where an error page repeats what was sent.
PLACES = ("title", "detail")

KINDS: dict[str, Kind] = {
    "status": Kind(False, False, STATUS_PARAMS),
    "echo": Kind(False, False, ("status", "place", "before")),
    "lost_answer": Kind(True, True),
    "reset": Kind(False, False),
    "drop": Kind(False, True),
    "hang": Kind(False, True, ("seconds",)),
    "hang_after": Kind(True, True, ("seconds",)),
    "cut": Kind(True, True),
    "garbled": Kind(True, False, ("body",)),
    "slow": Kind(True, True, ("seconds",)),
    "trickle": Kind(True, True, ("seconds",)),
    "redirect": Kind(False, False, ("status", "location")),
    "stale_nonce": Kind(False, True),
    "unauthorized": Kind(False, True),
    "passing_404": Kind(False, True, ("error_code",)),
    "unknown_status": Kind(True, True, ("word",)),
    "replace_json": Kind(True, True, ("fields", "remove", "raw", "each_result")),
    "headers": Kind(True, True, ("headers",)),
    "settings": Kind(True, True, FOR_ONE_REQUEST),
    "wrong_document": Kind(True, True, ("of",)),
}


@dataclass(frozen=True)
class Match:
    """What a request must be like; None matches all. signed: True passes over requests that end in a challenge."""

    method: str | None = None
    path: str | None = None
    step: str | None = None
    page: int | None = None
    signed: bool | None = True

    def fits(self, request: Request, step: str, signed: bool) -> bool:
        return (
            self.method in (None, request.method)
            and self.step in (None, step)
            and self.signed in (None, signed)
            and (self.path is None or re.search(self.path, request.target) is not None)
            and (self.page is None or request.query.get("pageNum", "1") == str(self.page))
        )


@dataclass
class Fault:
    """One order; times None is for ever, skip counts matching requests that are let through first."""

    id: int
    kind: str
    match: Match
    skip: int
    times: int | None
    work: bool
    params: Mapping[str, Any] = field(default_factory=dict)
    struck: int = 0

    @property
    def is_spent(self) -> bool:
        return self.times is not None and self.struck >= self.times

    def document(self) -> dict[str, Any]:
        return asdict(self)


class FaultBook:
    """The orders in the sequence they came in; the first that fits and is due strikes."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self._last_id = 0

    def add(self, order: Mapping[str, Any]) -> Fault:
        """Take an order as JSON; ValueError says what is wrong with it."""
        _only(order, ("kind", "match", "skip", "times", "work", "params"), "a fault")
        kind = order.get("kind")
        if kind not in KINDS:
            raise ValueError(f"kind must be one of {', '.join(KINDS)}")
        params = order.get("params", {})
        _only(params, KINDS[kind].params, f"the params of {kind}")
        if kind == "settings":
            Settings().changed(params)
        if params.get("of", OTHERS[0]) not in OTHERS:
            raise ValueError(f"of must be one of {', '.join(OTHERS)}")
        if params.get("place", PLACES[0]) not in PLACES:
            raise ValueError(f"place must be one of {', '.join(PLACES)}")
        _check_headers(params.get("headers", {}))
        fault = Fault(
            id=self._last_id + 1,
            kind=kind,
            match=_match(order.get("match", {})),
            skip=_whole(order.get("skip", 0), "skip"),
            times=None if order.get("times", 1) is None else _whole(order.get("times", 1), "times"),
            work=_work(kind, order.get("work")),
            params=dict(params),
        )
        self._last_id = fault.id
        self.faults.append(fault)
        return fault

    def pick(self, request: Request, step: str, signed: bool) -> Fault | None:
        """The fault that strikes this request, counted as struck."""
        for fault in self.faults:
            if fault.is_spent or not fault.match.fits(request, step, signed):
                continue
            if fault.skip > 0:
                fault.skip -= 1
                continue
            fault.struck += 1
            return fault
        return None

    def clear(self) -> None:
        self.faults.clear()


def _check_headers(headers: Any) -> None:
    """Values are text or null; what would break the lines of an answer cannot travel."""
    if not isinstance(headers, Mapping):
        raise ValueError("headers must be a JSON object")
    for name, value in headers.items():
        if not re.fullmatch(r"[\w-]+", name) or (value is not None and not re.fullmatch(r"[^\r\n\0]*", str(value))):
            raise ValueError(f"header {name!r} cannot travel: it must be a line of text, or null")


def _match(order: Mapping[str, Any]) -> Match:
    _only(order, ("method", "path", "step", "page", "signed"), "match")
    if order.get("step") not in (None, *STEPS):
        raise ValueError(f"step must be one of {', '.join(STEPS)}")
    try:
        re.compile(order.get("path") or "")
    except re.error as error:
        raise ValueError(f"path is not a regular expression: {error}") from None
    return Match(**order)


def _work(kind: str, asked: Any) -> bool:
    if asked is None or asked == KINDS[kind].work:
        return KINDS[kind].work
    if KINDS[kind].fixed or not isinstance(asked, bool):
        raise ValueError(f"work of {kind} is always {str(KINDS[kind].work).lower()}")
    return asked


def _whole(value: Any, name: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError(f"{name} must be a whole number, 0 or more")
    return value


def _only(order: Any, allowed: tuple[str, ...], what: str) -> None:
    if not isinstance(order, Mapping):
        raise ValueError(f"{what} must be a JSON object")
    unknown = sorted(set(order) - set(allowed))
    if unknown:
        raise ValueError(f"{what} cannot have {', '.join(unknown)}; known: {', '.join(allowed) or 'nothing'}")
