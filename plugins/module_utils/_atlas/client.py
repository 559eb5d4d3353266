# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# Sends calls: signs them, respects the rate limit, and retries where the retry rules allow it.

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from .clock import AtlasClock, now
from .connection import Connection, ConnectionSlot
from .credentials import Credentials
from .error_codes import BY_ERROR_CODE, RATE_LIMITED
from .errors import AtlasError, NoAnswer, RequestRefused, SignInFailed, TimedOut
from .identity import ensure_about
from .list_places import ListPlace, ListPlaces
from .messages import Answer, Request, checked, retry_after
from .object_id import is_object_id
from .rate_limit import RateLimit
from .retry import RetryBudget, Verdict, judge, out_of_time
from .secrets import Secrets
from .service_account import token_document


@dataclass(frozen=True)
class Call:
    """One request to one endpoint.

    accept: media type of the answer and of the body. bucket: the rate limit of the project that it counts against.
    holds: a key that every complete answer has: results (a list), id (an id), or another one (text).
    keeps_token: a 401 here means that the role is missing, so the token is not renewed.
    """

    method: str
    path: str
    accept: str
    bucket: str
    query: tuple[tuple[str, str], ...] = ()
    body: dict[str, Any] | None = None
    expected: int = 200
    holds: str = ""
    keeps_token: bool = False

    def request(self, base_url: str) -> Request:
        """The HTTP request for this call."""
        headers = {"Accept": self.accept}
        body = None
        if self.body is not None:
            headers["Content-Type"] = self.accept
            body = json.dumps(self.body).encode()
        query = f"?{urlencode(self.query)}" if self.query else ""
        return Request(self.method, f"{base_url}{self.path}{query}", headers, body)

    def whole(self, document: dict[str, Any]) -> dict[str, Any]:
        """The document, after a check that it is complete and about the requested thing. Raises NoAnswer if not."""
        if self.holds and not self._holds_it(document.get(self.holds)):
            raise NoAnswer(
                f"The answer from Atlas has no {self.holds}", "Run this again: a proxy may have replaced the answer."
            )
        ensure_about(self.path, document)
        return document

    def _holds_it(self, value: Any) -> bool:
        if self.holds == "results":
            return isinstance(value, list)
        return is_object_id(value) if self.holds == "id" else isinstance(value, str)


class AtlasClient:
    """The client of one task. Create it inside the event loop that uses it.

    connect opens a connection; at most connections of them, and only when the open ones are busy.
    before_writing is called right before each writing request; an exception from it prevents the request.
    """

    def __init__(
        self,
        base_url: str,
        credentials: Credentials,
        secrets: Secrets,
        connect: Callable[[], Connection],
        connections: int = 1,
        before_writing: Callable[[], None] = lambda: None,
    ) -> None:
        self.clock = AtlasClock()
        self._base_url = base_url
        self._credentials = credentials
        self._secrets = secrets
        self._connect = connect
        self._before_writing = before_writing
        self._rate_limits: dict[str, RateLimit] = {}
        self._list_places = ListPlaces(connections)
        self._slots: asyncio.LifoQueue[ConnectionSlot] = asyncio.LifoQueue()
        for _slot in range(connections):
            self._slots.put_nowait(ConnectionSlot())

    def list_place(self) -> ListPlace:
        """The place of a list that is about to be read."""
        return self._list_places.new_place()

    async def ask(self, call: Call, budget: RetryBudget, place: ListPlace | None = None) -> dict[str, Any]:
        """Send an idempotent call, with retries, and return the JSON object of the answer.

        place: the place of the list that the call reads. Raises RequestRefused and the other errors of the transport.
        """
        retries = budget.new_request()
        while True:
            if place:
                await place.take()
            try:
                return await self.try_once(call, budget)
            except AtlasError as error:
                if judge(error) is Verdict.FINAL:
                    raise
                if place:
                    place.lend()
                await retries.pause(error)

    async def try_once(self, call: Call, budget: RetryBudget) -> dict[str, Any]:
        """Send a request once, or twice if the sign-in has to be renewed, and return the JSON object of the answer."""
        slot = await self._slots.get()
        slot.sent = None
        try:
            await self._within_rate_limit(call, budget)
            answer = await self._signed(slot, call, budget)
            self._observe_limits(call.bucket, answer)
            return self._whole(call, answer)
        except AtlasError as error:
            raise error.in_context(sent=slot.sent) from None
        finally:
            self._slots.put_nowait(slot)

    def _observe_limits(self, bucket: str, answer: Answer) -> None:
        rate_limit = self._rate_limit(bucket)
        rate_limit.observe(answer.headers.get("ratelimit-limit"), answer.headers.get("ratelimit-remaining"))
        if answer.status == 429:
            rate_limit.pause(retry_after(answer) or 0.0)

    def _whole(self, call: Call, answer: Answer) -> dict[str, Any]:
        try:
            return call.whole(checked(answer, call.expected, self._secrets.scrub))
        except AtlasError as error:
            if answer.status == 401:
                raise self._refused(error) from None
            raise

    def _refused(self, error: AtlasError) -> AtlasError:
        """The error for a 401, with the kind of credentials that was refused and the next step for that kind."""
        hint = self._credentials.refused_hint
        if error.error_code in BY_ERROR_CODE:
            hint = f"{hint} {error.hint}"
        return error.in_context(note=f"signed in with the {self._credentials.kind}", hint=hint)

    def close(self) -> None:
        """Close every connection."""
        while not self._slots.empty():
            self._slots.get_nowait().close()

    def _rate_limit(self, bucket: str) -> RateLimit:
        return self._rate_limits.setdefault(bucket, RateLimit())

    async def _within_rate_limit(self, call: Call, budget: RetryBudget) -> None:
        """Wait until the rate limit allows one more request. Raises RequestRefused if that would take too long."""
        rate_limit = self._rate_limit(call.bucket)
        began = now()

        def may_wait() -> float:
            wait = rate_limit.pause_left()
            limited = RequestRefused(429, error_code=RATE_LIMITED, detail=f"wait {wait:.0f} s", retry_after=wait)
            if wait > budget.seconds_left(limited, now() - began):
                raise limited
            return _time_left(call.method, budget)

        await rate_limit.acquire(may_wait)

    async def _signed(self, slot: ConnectionSlot, call: Call, budget: RetryBudget) -> Answer:
        """Sign and send a request; repeat it after a 401 if the credentials can then sign in another way.

        The deadline is checked after signing in, so that no writing request goes out too late.
        """

        async def fetch(token_request: Request) -> dict[str, Any]:
            return await self._fetch_token(slot, token_request, budget)

        request, renewals = call.request(self._base_url), self._credentials.renewals
        while True:
            authorization = await self._credentials.authorization(slot, request, fetch)
            signed = request.signed(authorization)
            _time_left(request.method, budget)
            if request.method != "GET":
                self._before_writing()
            answer = await self._exchange(slot, signed, budget)
            if answer.status != 401 or not renewals or (call.keeps_token and _is_token(authorization)):
                return answer
            if not self._credentials.learn(slot, authorization, answer):
                return answer
            renewals -= 1

    async def _fetch_token(self, slot: ConnectionSlot, request: Request, budget: RetryBudget) -> dict[str, Any]:
        retries = budget.new_request()
        while True:
            try:
                return token_document(await self._exchange(slot, request, budget))
            except AtlasError as error:
                problem = error if isinstance(error, SignInFailed) else SignInFailed(error)
            if judge(problem) is Verdict.FINAL:
                raise problem
            await retries.pause(problem)

    async def _exchange(self, slot: ConnectionSlot, request: Request, budget: RetryBudget) -> Answer:
        """Send one request and return the answer. After an error the connection is closed."""
        slot.connection = slot.connection or self._connect()
        slot.sent = self.clock.moment()
        timeout = budget.deadline.request_timeout()
        try:
            answer = await slot.connection.send(request, timeout)
        except AtlasError as error:
            slot.close()
            if isinstance(error, TimedOut) and budget.deadline.has_shortened(timeout):
                hint = "Check the network, or allow more with wait_timeout: the task had no more time for this answer."
                raise error.in_context(hint=hint) from None
            raise
        if answer.is_atlas:
            self.clock.observe(answer.headers.get("date"))
        return answer


def _is_token(authorization: str | None) -> bool:
    return authorization is not None and authorization.startswith("Bearer ")


def _time_left(method: str, budget: RetryBudget) -> float:
    """Seconds left to send a request with this method. Raises OutOfTime if there are none."""
    left = budget.deadline.until_over(for_writing=method != "GET")
    if left <= 0:
        raise out_of_time("No further request was possible", budget.deadline, "Allow more with wait_timeout.")
    return left
