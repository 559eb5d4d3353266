# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Faults on demand: which requests they apply to, how often, and whether the request is executed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from .kinds import KINDS, check_params, only
from .messages import Request

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
class Match:
    """Conditions for a request; None matches all. signed: True skips requests that end in a challenge."""

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
    """One fault; times None means always, skip is the number of matching requests that are answered normally first."""

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
    """The faults in the order they were added; the first one that matches and is due applies."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self._last_id = 0

    def add(self, order: Mapping[str, Any]) -> Fault:
        """Add a fault given as JSON; ValueError explains what is invalid."""
        only(order, ("kind", "match", "skip", "times", "work", "params"), "a fault")
        kind = order.get("kind")
        if kind not in KINDS:
            raise ValueError(f"kind must be one of {', '.join(KINDS)}")
        params = order.get("params", {})
        check_params(kind, params)
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
        """The fault that applies to this request; it counts as used once more."""
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


def _match(order: Mapping[str, Any]) -> Match:
    only(order, ("method", "path", "step", "page", "signed"), "match")
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
        raise ValueError(f"the work of {kind} is always {str(KINDS[kind].work).lower()}")
    return asked


def _whole(value: Any, name: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError(f"{name} must be a whole number, 0 or more")
    return value
