# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The simulated service: a request goes in, a response comes out, and time is what the clock says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from .answers import failure, success, unauthorized
from .call import Call
from .effects import strike
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

# Deliveries that leave the client without a whole answer.
UNANSWERED = ("drop", "reset", "hang")


class Admitted(NamedTuple):
    """A request that has an address and a caller."""

    route: Route
    params: Mapping[str, str]
    caller: Credentials


@dataclass(frozen=True)
class Visit:
    """What is known of a request before it is served: its step, its caller, and how or why not it goes on."""

    step: str
    caller: Credentials | None
    outcome: Admitted | Problem | Unauthorized


class Service:
    """One world behind Atlas's addresses.

    clock: seconds since 1970; nonces, tokens and rate limits live by it, snapshots by Atlas's clock, which the
    setting clock_offset_seconds moves away from it.
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
        """Change settings; what is under way keeps its course when the clock is moved."""
        settings = self.settings.changed(changes)
        self.world.shift(settings.clock_offset_seconds - self.settings.clock_offset_seconds)
        self.settings = settings

    def handle(self, request: Request) -> Response:
        """Serve one request; how the answer travels, or does not, is in its delivery."""
        visit = self._admit(request)
        fault = self.faults.pick(request, visit.step, visit.caller is not None)
        if fault is None:
            response = self._serve(request, visit)
        else:
            response = strike(fault, lambda: self._serve(request, visit), lambda stale: self._refuse(request, stale))
        response = replace(response, headers={**response.headers, "Date": http_date(self.now())})
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
        """Find the address and the caller; nobody unknown learns which addresses there are."""
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

    def _serve(self, request: Request, visit: Visit) -> Response:
        headers: dict[str, str] = {}
        try:
            return self._work(request, visit, headers)
        except Problem as problem:
            return failure(problem, headers)
        except Unauthorized as unknown:
            return unauthorized(unknown.challenge)

    def _work(self, request: Request, visit: Visit, headers: dict[str, str]) -> Response:
        """Pass the checks in Atlas's order and call the handler; headers collects what the limits say."""
        if visit.step == "token":
            self._limits.draw("token", request.peer, self.settings, self._clock())
        if not isinstance(visit.outcome, Admitted):
            raise visit.outcome
        route, params, caller = visit.outcome
        check_origin(request, self.settings)
        self._check_project(params, caller)
        if visit.step != "token":
            owner = params.get("group", caller.public_key)
            headers.update(self._limits.draw(route.part, owner, self.settings, self._clock()))
        version = self._negotiate(request, route)
        if not may_act_as(caller, route.least_role):
            raise Problem(self.settings.read_only_code)
        return success(route.handler(self._call(request, visit.outcome)), version, headers)

    def _check_project(self, params: Mapping[str, str], caller: Credentials) -> None:
        group = params.get("group")
        if group is None:
            return
        if not OBJECT_ID.fullmatch(group):
            raise Problem("INVALID_GROUP_ID", group)
        if group not in self.world.projects:
            raise Problem("GROUP_NOT_FOUND", group)
        if not self.world.may_enter(caller.role, self.world.projects[group]):
            raise Problem(self.settings.outsider_code, group)

    def _negotiate(self, request: Request, route: Route) -> str:
        """The version that answers, empty where plain JSON is spoken."""
        if route.part in self.settings.retired:
            raise Problem("VERSION_GONE")
        version = answered_version(request, route.versions) if route.versions else ""
        if route.has_body and route.part != "token":
            check_body_type(request, route.versions)
        return version

    def _call(self, request: Request, admitted: Admitted) -> Call:
        return Call(
            request=request,
            params=admitted.params,
            api=admitted.route.api,
            caller=admitted.caller,
            world=self.world,
            gate=self._gate,
            settings=self.settings,
            now=self.now(),
            clock_now=self._clock(),
        )

    def _refuse(self, request: Request, stale: bool) -> Response:
        return unauthorized(self._gate.refusal(request, self._clock(), stale=stale).challenge)
