# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The simulated service, reached through connections that fail on schedule."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.errors import NoAnswer, NotConnected
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.messages import Answer, Request
from ansible_collections.mongodb_atlas.backup.tests.simulator.clusters import Cluster
from ansible_collections.mongodb_atlas.backup.tests.simulator.demo import single_world
from ansible_collections.mongodb_atlas.backup.tests.simulator.messages import Request as ServiceRequest
from ansible_collections.mongodb_atlas.backup.tests.simulator.service import Service
from ansible_collections.mongodb_atlas.backup.tests.simulator.settings import Settings
from ansible_collections.mongodb_atlas.backup.tests.simulator.snapshots import Snapshot

BASE_URL = "http://localhost"
# 2026-08-10T03:26:40Z by this host's clock, when the event loop's clock shows 0.
EPOCH = 1786332400.0


@dataclass(frozen=True)
class Blow:
    """What happens to one request.

    kind: ok, not_connected, lost, hang, status, cut, garbled. works: the service carries it out all the same;
    late: so many seconds after the client has stopped waiting for it.
    """

    kind: str = "ok"
    works: bool = True
    late: float | None = None
    status: int = 503
    retry_after: int | None = None
    latency: float = 0.1


class SimulatedAtlas:
    """One cluster of the simulated service in virtual time, and what our requests have done to it."""

    def __init__(self, settings: dict[str, Any], blows: Iterator[Blow], **traits: Any) -> None:
        self._loop = asyncio.get_running_loop()
        self.settings = Settings(**settings)
        world, self.project, self.cluster = single_world(self.settings, self.atlas_time(), **traits)
        self.world = world
        self.service = Service(world, self.host_time, self.settings)
        self._blows = blows
        # The ids of the snapshots that our POSTs have made, and those of them whose answer we have read.
        self.made: list[str] = []
        self.told: list[str] = []

    def host_time(self) -> float:
        return EPOCH + self._loop.time()

    def atlas_time(self) -> float:
        return self.host_time() + self.settings.clock_offset_seconds

    def connect(self) -> SimulatedConnection:
        return SimulatedConnection(self)

    def next_blow(self) -> Blow:
        return next(self._blows, Blow())

    def serve(self, request: Request) -> Answer:
        """Carry one request out, and note what a POST of ours has made."""
        response = self.service.handle(
            ServiceRequest(request.method, request.url[len(BASE_URL) :], request.headers, request.body or b"")
        )
        if request.method == "POST" and response.status == 200:
            self.made.append(response.json()["id"])
        return Answer(response.status, {k.lower(): v for k, v in response.headers.items()}, response.body)

    def take_by_somebody_else(self, **traits: Any) -> Snapshot | None:
        """What another client's POST does: nothing where one is unfinished already."""
        unfinished = [each for each in self.cluster.snapshots if self.is_unfinished(each)]
        if unfinished:
            return None
        return self.world.take(self.cluster, self.settings, self.atlas_time(), taken_by="somebody else", **traits)

    def is_unfinished(self, snapshot: Snapshot) -> bool:
        return snapshot.snapshot_type == "onDemand" and snapshot.status(self.atlas_time()) in ("queued", "inProgress")

    def later(self, seconds: float, event: Callable[[], Any]) -> None:
        self._loop.call_later(seconds, event)


class SimulatedConnection:
    """Carries requests to the simulated service as its schedule of blows says."""

    def __init__(self, atlas: SimulatedAtlas) -> None:
        self._atlas = atlas

    async def send(self, request: Request, timeout: float) -> Answer:
        blow = self._atlas.next_blow()
        if blow.kind == "not_connected":
            await asyncio.sleep(min(timeout, blow.latency))
            raise NotConnected("No connection to the service", "")
        if blow.kind == "hang":
            return await self._hang(request, timeout, blow)
        await asyncio.sleep(min(timeout, blow.latency) / 2)
        answer = self._atlas.serve(request) if blow.works else None
        await asyncio.sleep(min(timeout, blow.latency) / 2)
        return self._deliver(request, answer, blow)

    async def _hang(self, request: Request, timeout: float, blow: Blow) -> Answer:
        if blow.works and blow.late is None:
            self._atlas.serve(request)
        await asyncio.sleep(timeout)
        if blow.works and blow.late is not None:
            self._atlas.later(blow.late, lambda: self._atlas.serve(request))
        raise NoAnswer("No answer", "")

    def _deliver(self, request: Request, answer: Answer | None, blow: Blow) -> Answer:
        if blow.kind == "lost" or (answer is None and blow.kind != "status"):
            raise NoAnswer("The connection broke", "")
        if blow.kind == "status":
            headers = {"content-type": "text/html", "date": "Thu, 01 Jan 1970 00:00:00 GMT"}
            if blow.retry_after is not None:
                headers["retry-after"] = str(blow.retry_after)
            return Answer(blow.status, headers, b"<html><title>Service Unavailable</title></html>")
        assert answer is not None
        if blow.kind in ("cut", "garbled"):
            return Answer(
                answer.status, answer.headers, answer.body[: len(answer.body) // 2] if blow.kind == "cut" else b"[]"
            )
        if request.method == "POST" and answer.status == 200 and answer.document:
            self._atlas.told.append(answer.document["id"])
        return answer

    def close(self) -> None:
        """Nothing is held."""


def cluster_snapshots(cluster: Cluster) -> dict[str, Snapshot]:
    """What there is now, by id."""
    return {snapshot.id: snapshot for snapshot in cluster.snapshots}
