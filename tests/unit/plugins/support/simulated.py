# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulator's Atlas in the same process, on the fake clock of the event loop."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.errors import NoAnswer, NotConnected
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.messages import Answer, Request
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.transport_errors import Route, timed_out
from ansible_collections.mongodb_atlas.backup.tests.simulator import messages
from ansible_collections.mongodb_atlas.backup.tests.simulator.clusters import Cluster, Project
from ansible_collections.mongodb_atlas.backup.tests.simulator.control import Control
from ansible_collections.mongodb_atlas.backup.tests.simulator.demo import DEMO_PROJECT_ID, add_history
from ansible_collections.mongodb_atlas.backup.tests.simulator.service import Service
from ansible_collections.mongodb_atlas.backup.tests.simulator.settings import Settings
from ansible_collections.mongodb_atlas.backup.tests.simulator.snapshots import Snapshot
from ansible_collections.mongodb_atlas.backup.tests.simulator.world import World

from .atlas import BASE_URL, PROJECT
from .times import START

# The duration of one answer. Seconds.
LATENCY = 0.06
# The advice in errors of the transport.
CHECK = "Check the network."
# The age of the project, so that nothing in it was created during a test.
ANOTHER_ID = "5f0c1d2e3b4a596877660000"
HOST = BASE_URL.partition("://")[2]


@dataclass(frozen=True)
class Blow:
    """A network fault for one request, of any kind.

    kind: ok, not_connected, lost, hang, status, cut, garbled, another (the answer is about another, older id).
    works: the service executes the request anyway; late: this many seconds after the client stopped waiting.
    fault: a fault of the simulator, applied to the answer.
    """

    kind: str = "ok"
    works: bool = True
    late: float | None = None
    status: int = 503
    retry_after: int | None = None
    latency: float = LATENCY
    fault: Mapping[str, Any] | None = None

    def instead(self) -> Answer:
        """The page of a proxy, whose clock differs from Atlas's."""
        headers = {"content-type": "text/html", "date": "Thu, 01 Jan 1970 00:00:00 GMT"}
        if self.retry_after is not None:
            headers["retry-after"] = str(self.retry_after)
        return Answer(self.status, headers, b"<html><title>Service Unavailable</title></html>")


class SimulatedAtlas:
    """One project with the given clusters, by default a replica set called prod; settings are those of the simulator.

    traits_of: cluster name -> its properties in the simulator. blows: network faults of the first requests, in order;
    fault() adds a fault for one kind of request.
    """

    def __init__(
        self, traits_of: dict[str, dict[str, Any]] | None = None, blows: Iterable[Blow] = (), /, **settings: Any
    ) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._earlier = 0.0
        chosen = Settings().changed(settings)
        world = World(chosen.seed)
        self._begin(Service(world, self._host_time, chosen), world.add_project("Shop", self._host_time(), PROJECT))
        for name, traits in (traits_of or {"prod": {}}).items():
            world.add_cluster(self.project, name, self.now(), **traits)
        self._blows = iter(blows)

    def _begin(self, service: Service, project: Project) -> None:
        self.service = service
        self.project = project
        self.owner = service.world.credentials[0]
        self.access_token = self.owner.access_token
        # The ids in the answers to POSTs that arrived.
        self.answered: list[str] = []
        # When each write was sent, in seconds since the start.
        self.writes: list[float] = []
        self._blows: Iterator[Blow] = iter(())
        self._connections = 0

    def _host_time(self) -> float:
        # Without a loop the time stands still; the next loop continues where the last one ended.
        loop = self._loop
        with contextlib.suppress(RuntimeError):
            loop = asyncio.get_running_loop()
        if loop is not self._loop:
            self._earlier += self._loop.time() if self._loop else 0.0
            self._loop = loop
        return START.timestamp() + self._earlier + (loop.time() if loop else 0.0)

    def now(self) -> float:
        """Atlas's clock."""
        return self.service.now()

    def cluster(self, name: str = "prod") -> Cluster:
        return self.project.clusters[name]

    def snapshots(self, name: str = "prod") -> dict[str, Snapshot]:
        """The snapshots of a cluster now, by id."""
        return {snapshot.id: snapshot for snapshot in self.cluster(name).snapshots}

    def has(self, name: str = "prod", **traits: Any) -> Snapshot:
        """Add a snapshot; taken_at is in seconds relative to the start."""
        known = {"taken_by": "somebody else", **traits, "taken_at": self.now() + traits.get("taken_at", 0.0)}
        return self.service.world.take(self.cluster(name), self.service.settings, self.now(), **known)

    def has_history(self, name: str = "prod") -> list[Snapshot]:
        """Add the snapshots of some days; return the two on-demand ones."""
        add_history(self.service.world, self.cluster(name), self.service.settings, self.now())
        return [each for each in self.cluster(name).snapshots if each.snapshot_type == "onDemand"]

    def take_by_somebody_else(self, name: str = "prod", **traits: Any) -> None:
        """Another client's POST; no effect while a snapshot is unfinished."""
        on_demand = [each for each in self.cluster(name).snapshots if each.snapshot_type == "onDemand"]
        if not any(each.status(self.now()) in ("queued", "inProgress") for each in on_demand):
            self.has(name, **traits)

    def fault(self, kind: str, step: str | None = None, **order: Any) -> None:
        """Add a fault of the simulator; match works as there, in addition to the step."""
        match = {"step": step, **order.pop("match", {})}
        self.service.faults.add({"kind": kind, "match": match, **order})

    def taken(self, name: str = "prod") -> list[Snapshot]:
        """The snapshots of a cluster that were taken through the API."""
        return [each for each in self.cluster(name).snapshots if each.taken_by not in ("schedule", "somebody else")]

    def sent(self, step: str | None = None, method: str | None = None) -> list[float]:
        """When the requests of a kind arrived, in seconds since the start."""
        return [
            entry.time - START.timestamp()
            for entry in self.service.journal.entries
            if step in (None, entry.step) and method in (None, entry.method)
        ]

    def connect(self) -> Connection:
        self._connections += 1
        return Connection(self, f"connection-{self._connections}")

    def next_blow(self) -> Blow:
        return next(self._blows, Blow())

    def serve(self, request: Request, connection: str) -> messages.Response:
        """Execute one request."""
        target, body = request.url[len(BASE_URL) :], request.body or b""
        headers = {**request.headers, "Host": HOST}
        return self.service.handle(messages.Request(request.method, target, headers, body, connection, scheme="https"))

    def check(self) -> None:
        """Fail if a fault with a limited number of times did not apply as often."""
        waiting = [fault for fault in self.service.faults.faults if not fault.is_spent and fault.times is not None]
        assert not waiting


class SimulatedDemo(SimulatedAtlas):
    """The projects of the simulator's demo; control changes their clusters and snapshots."""

    def __init__(self, **settings: Any) -> None:
        self._loop = None
        self._earlier = 0.0
        self.control = Control(self._host_time, Settings().changed(settings))
        self._begin(self.control.service, self.control.service.world.projects[DEMO_PROJECT_ID])


class Connection:
    """Sends requests to the simulator and returns its answers, subject to blows and faults."""

    def __init__(self, atlas: SimulatedAtlas, name: str) -> None:
        self._atlas = atlas
        self._name = name

    async def send(self, request: Request, timeout: float) -> Answer:
        blow = self._atlas.next_blow()
        if request.method != "GET":
            self._atlas.writes.append(asyncio.get_running_loop().time())
        if blow.fault:
            self._atlas.service.faults.add(blow.fault)
        if blow.kind == "hang":
            return await self._hang(request, timeout, blow)
        half = min(timeout, blow.latency) / 2
        await asyncio.sleep(half)
        if blow.kind == "not_connected":
            raise NotConnected("No connection to the service", CHECK)
        response = self._atlas.serve(request, self._name) if blow.works else messages.Response(0)
        await self._travel(response, half, timeout)
        if blow.kind == "status":
            return blow.instead()
        if blow.kind == "lost" or not blow.works:
            raise NoAnswer("The connection broke", CHECK)
        return self._received(request, response, blow.kind)

    async def _hang(self, request: Request, timeout: float, blow: Blow) -> Answer:
        if blow.works and blow.late is None:
            self._atlas.serve(request, self._name)
        await asyncio.sleep(timeout)
        if blow.works and blow.late is not None:
            asyncio.get_running_loop().call_later(blow.late, self._atlas.serve, request, self._name)
        raise timed_out(Route("atlas.test:443"), timeout)

    async def _travel(self, response: messages.Response, seconds: float, timeout: float) -> None:
        """The way back of the answer, which may take longer than the timeout, or break."""
        kind = response.delivery.kind
        seconds += response.seconds_on_the_way
        await asyncio.sleep(min(seconds, timeout))
        if seconds > timeout:
            raise timed_out(Route("atlas.test:443"), timeout)
        if kind not in ("answer", "trickle", "slow_headers"):
            raise NoAnswer(f"The connection broke ({kind})", CHECK)

    def _received(self, request: Request, response: messages.Response, kind: str) -> Answer:
        headers = {name.lower(): value for name, value in response.headers.items()}
        answer = Answer(response.status, headers, _struck(response.body, kind))
        if request.method == "POST" and answer.status == 200 and "id" in (answer.document or {}):
            self._atlas.answered.append((answer.document or {})["id"])
        return answer

    def close(self) -> None:
        """Nothing to release."""


def _struck(body: bytes, kind: str) -> bytes:
    """The rest of a body, or its replacement."""
    if kind == "cut":
        return body[: len(body) // 2]
    if kind == "another":
        document = json.loads(body or b"{}")
        return json.dumps({**document, **({"id": ANOTHER_ID} if "id" in document else {})}).encode()
    return b"[]" if kind == "garbled" else body
