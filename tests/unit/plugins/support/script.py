# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A connection that follows a script: it expects every request in order, and none may be missing."""

from __future__ import annotations

import asyncio
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.errors import AtlasError
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.messages import Answer, Request
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.transport_errors import Route, timed_out

from .answers import page
from .atlas import BASE_URL, FIRST_PAGE, snapshots_path
from .loop import elapsed
from .times import http_date


@dataclass(frozen=True)
class Step:
    """One expected request, and its answer or error after this many seconds.

    body and headers are compared only if given; a header of None must be absent.
    """

    method: str
    target: str
    gives: Answer | AtlasError
    takes: float = 0.0
    body: Any = None
    headers: Mapping[str, str | None] = field(default_factory=dict)

    def check(self, request: Request) -> None:
        assert request.url.startswith(BASE_URL)
        assert (request.method, request.url[len(BASE_URL) :]) == (self.method, self.target)
        if self.body is not None:
            sent = request.body or b""
            assert (sent if isinstance(self.body, bytes) else json.loads(sent)) == self.body
        for name, value in self.headers.items():
            assert request.headers.get(name) == value


GET = partial(Step, "GET")
POST = partial(Step, "POST")
PATCH = partial(Step, "PATCH")
DELETE = partial(Step, "DELETE")
# The duration of a step whose connection hangs.
FOR_EVER = math.inf


def take(gives: Answer | AtlasError, **more: Any) -> Step:
    """The request that takes a snapshot of the cluster prod."""
    return POST(snapshots_path(), gives, **more)


def look(snapshot_id: str, gives: Answer | AtlasError, **more: Any) -> Step:
    """The request for one snapshot at the replica set endpoint."""
    return GET(snapshots_path(rest=f"/{snapshot_id}"), gives, **more)


def look_sharded(snapshot_id: str, gives: Answer | AtlasError, **more: Any) -> Step:
    """The same at the sharded endpoint."""
    return GET(snapshots_path(rest=f"/shardedCluster/{snapshot_id}"), gives, **more)


def lists(gives: Answer | AtlasError, **more: Any) -> Step:
    """The request for the list at the replica set endpoint."""
    return GET(snapshots_path(rest=FIRST_PAGE), gives, **more)


def lists_sharded(gives: Answer | AtlasError, **more: Any) -> Step:
    """The request for the list at the sharded endpoint."""
    return GET(snapshots_path(rest="/shardedClusters"), gives, **more)


def nothing_listed() -> tuple[Step, Step]:
    """The lists of both families, empty."""
    return lists(page()), lists_sharded(page())


@dataclass
class Sent:
    """One request as received: its connection, time and timeout."""

    connection: int
    at: float
    timeout: float
    request: Request

    @property
    def authorization(self) -> str:
        return self.request.headers.get("Authorization", "")


class Script:
    """The requests that are expected, in order, each with its answer.

    dates: whether answers have a Date. skew: seconds that Atlas's clock is ahead.
    """

    access_token = "given-token"

    def __init__(self, *steps: Step, dates: bool = True, skew: float = 0.0) -> None:
        self._steps = list(steps)
        self._dates = dates
        self._skew = skew
        self.sent: list[Sent] = []
        self.connections = 0

    def connect(self) -> Connection:
        self.connections += 1
        return Connection(self, self.connections)

    def check(self) -> None:
        """Fail if a request is missing."""
        assert not self._steps, f"never sent: {[(step.method, step.target) for step in self._steps]}"

    async def answer(self, connection: int, request: Request, timeout: float) -> Answer:
        self.sent.append(Sent(connection, elapsed(), timeout, request))
        assert self._steps, f"not expected: {request.method} {request.url}"
        step = self._steps.pop(0)
        step.check(request)
        await asyncio.sleep(min(step.takes, timeout))
        if step.takes > timeout:
            raise timed_out(Route("atlas.test:443"), timeout)
        if isinstance(step.gives, AtlasError):
            raise step.gives
        if "date" in step.gives.headers or not self._dates:
            return step.gives
        return replace(step.gives, headers={**step.gives.headers, "date": http_date(elapsed() + self._skew)})


class Connection:
    """One of the connections of a script."""

    def __init__(self, script: Script, number: int) -> None:
        self._script = script
        self._number = number

    async def send(self, request: Request, timeout: float) -> Answer:
        return await self._script.answer(self._number, request, timeout)

    def close(self) -> None:
        """Nothing to release."""
