# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The simulated service: a request goes in, a response comes out; the clock is given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from .answers import failure, success, unauthorized
from .call import Call
from .effects import Occasion, strike
from .elsewhere import other_document
from .faults import FaultBook
from .gate import Gate, Unauthorized, check_origin
from .ids import OBJECT_ID
from .journal import Journal
from .limits import Limits
from .media import answered_version, check_body_type
from .messages import Request, Response
from .problems import Problem
from .routes import Route, find_route
from .settings import Settings
from .times import Clock, http_date
from .world import Credentials, World, may_act_as

# Deliveries without a complete answer.
UNANSWERED = ("drop", "reset", "hang")


class Admitted(NamedTuple):
    """A request with a known endpoint and caller."""

    route: Route
    params: Mapping[str, str]
    caller: Credentials


@dataclass(frozen=True)
class Visit:
    """The facts about a request before it is served: its step, its caller, and its endpoint or the refusal."""

    step: str
    caller: Credentials | None
    outcome: Admitted | Problem | Unauthorized


class Service:
    """One world behind the endpoints of Atlas.

    clock: seconds since 1970. Nonces, tokens and rate limits use it; snapshots use Atlas's clock, which differs by the
    setting clock_offset_seconds.
    """

    def __init__(self, world: World, clock: Clock, settings: Settings | None = None) -> None:
        self.world = world
        self.settings = settings or Settings()
        self.faults = FaultBook()
        self.journal = Journal()
        self._clock = clock
        self._gate = Gate(world)
        self._limits = Limits()

    def now(self) -> float:
        """Atlas's clock."""
        return self._clock() + self.settings.clock_offset_seconds

    def configure(self, changes: Mapping[str, Any]) -> None:
        """Change settings; if the clock moves, running snapshots and jobs move with it."""
        settings = self.settings.changed(changes)
        self.world.shift(settings.clock_offset_seconds - self.settings.clock_offset_seconds)
        self.settings = settings

    def handle(self, request: Request) -> Response:
        """Serve one request; the delivery of the response describes how it is sent, if at all."""
        visit = self._admit(request)
        fault = self.faults.pick(request, visit.step, visit.caller is not None)
        if fault is None:
            response = self._serve(request, visit, self.settings)
        else:
            response = strike(fault, self._occasion(request, visit))
        response.seq = self.journal.add(
            time=self._clock(),
            method=request.method,
            path=request.path,
            query=request.query,
            step=visit.step,
            connection=request.connection,
            signed=visit.caller is not None,
            caller=visit.caller.role if visit.caller else None,
            status=None if response.delivery.kind in UNANSWERED else response.status,
            fault=fault.kind if fault else None,
        )
        return response

    def _admit(self, request: Request) -> Visit:
        """Find the endpoint and the caller; an unknown caller gets the same 401 for every path."""
        found = find_route(request.method, request.path)
        step = "unknown" if isinstance(found, Problem) else found[0].step
        try:
            if step == "token":
                caller = self._gate.identify_client(request)
            else:
                caller = self._gate.identify(request, self.settings, self._clock())
        except Unauthorized as unknown:
            return Visit(step, None, unknown)
        return Visit(step, caller, found if isinstance(found, Problem) else Admitted(*found, caller))

    def _occasion(self, request: Request, visit: Visit) -> Occasion:
        return Occasion(
            request=request,
            serve=lambda changes, of: self._serve(request, visit, self.settings.changed(changes), of),
            refuse=lambda stale: self._refuse(request, stale),
            date=self._dated,
        )

    def _serve(self, request: Request, visit: Visit, settings: Settings, of: str = "") -> Response:
        """The answer with a Date; of: another document that it is about."""
        headers: dict[str, str] = {}
        try:
            answer = self._work(request, visit, settings, headers, of)
        except Problem as problem:
            answer = failure(problem, headers)
        except Unauthorized as unknown:
            answer = unauthorized(unknown.challenges)
        return self._dated(answer)

    def _dated(self, answer: Response) -> Response:
        date = {"Date": http_date(self.now())} if self.settings.send_date else {}
        return replace(answer, headers=answer.headers | date)

    def _work(self, request: Request, visit: Visit, settings: Settings, headers: dict[str, str], of: str) -> Response:
        """Run the checks in the order of Atlas, then the handler; headers collects the rate limit headers."""
        if visit.step == "token":
            self._limits.draw("token", request.peer, settings, self._clock())
        if not isinstance(visit.outcome, Admitted):
            raise visit.outcome
        route, params, caller = visit.outcome
        check_origin(request, settings)
        self._check_project(params, caller, settings)
        if visit.step != "token":
            owner = params.get("group", caller.public_key)
            headers.update(self._limits.draw(route.part, owner, settings, self._clock()))
        version = self._negotiate(request, route, settings)
        if not may_act_as(caller, route.least_role):
            raise Problem(settings.read_only_code)
        call = self._call(request, visit.outcome, settings)
        return success(other_document(route, call, of) if of else route.handler(call), version, headers)

    def _check_project(self, params: Mapping[str, str], caller: Credentials, settings: Settings) -> None:
        group = params.get("group")
        if group is None:
            return
        if not OBJECT_ID.fullmatch(group):
            raise Problem("INVALID_GROUP_ID", group)
        if group not in self.world.projects:
            raise Problem("GROUP_NOT_FOUND", group)
        if not self.world.may_enter(caller.role, self.world.projects[group]):
            raise Problem(settings.outsider_code, group)

    def _negotiate(self, request: Request, route: Route, settings: Settings) -> str:
        """The version that answers; empty for plain JSON."""
        if route.part in settings.retired:
            raise Problem("VERSION_GONE")
        version = answered_version(request, route.versions) if route.versions else ""
        if route.has_body and route.part != "token":
            check_body_type(request, route.versions)
        return version

    def _call(self, request: Request, admitted: Admitted, settings: Settings) -> Call:
        return Call(
            request=request,
            params=admitted.params,
            api=admitted.route.api,
            caller=admitted.caller,
            world=self.world,
            gate=self._gate,
            settings=settings,
            now=self.now(),
            clock_now=self._clock(),
        )

    def _refuse(self, request: Request, stale: bool) -> Response:
        refusal = self._gate.refusal(request, self.settings, self._clock(), stale=stale)
        return self._dated(unauthorized(refusal.challenges))
