# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulator's Atlas in the same process, on the fake clock of the event loop."""

from __future__ import annotations

import asyncio
from typing import Any

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.errors import NoAnswer
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.messages import Answer, Request
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.transport import no_answer_in
from ansible_collections.mongodb_atlas.backup.tests.simulator import messages
from ansible_collections.mongodb_atlas.backup.tests.simulator.clusters import Cluster
from ansible_collections.mongodb_atlas.backup.tests.simulator.service import Service
from ansible_collections.mongodb_atlas.backup.tests.simulator.settings import Settings
from ansible_collections.mongodb_atlas.backup.tests.simulator.snapshots import Snapshot
from ansible_collections.mongodb_atlas.backup.tests.simulator.world import World

from .atlas import BASE_URL, PROJECT, START

# What one answer takes. Seconds.
LATENCY = 0.06


class SimulatedAtlas:
    """One project with the clusters that are named, by default a replica set called prod; settings as the simulator's.

    clusters: name -> traits, as the simulator has them.
    """

    def __init__(self, clusters: dict[str, dict[str, Any]] | None = None, **settings: Any) -> None:
        now = START.timestamp()
        chosen = Settings().changed(settings)
        world = World(chosen.seed)
        self._project = world.add_project("Shop", now, PROJECT)
        for name, traits in (clusters or {"prod": {}}).items():
            world.add_cluster(self._project, name, now, **traits)
        self.service = Service(world, self._now, chosen)
        self.owner = world.credentials[0]
        self.access_token = self.owner.access_token
        self._connections = 0

    def _now(self) -> float:
        try:
            return START.timestamp() + asyncio.get_running_loop().time()
        except RuntimeError:  # before the loop runs
            return START.timestamp()

    def cluster(self, name: str = "prod") -> Cluster:
        return self._project.clusters[name]

    def has(self, name: str = "prod", **traits: Any) -> Snapshot:
        """One more snapshot, there before anything begins; taken_at is in seconds relative to the beginning."""
        traits["taken_at"] = START.timestamp() + traits.get("taken_at", 0.0)
        return self.service.world.take(self.cluster(name), self.service.settings, START.timestamp(), **traits)

    def fault(self, kind: str, step: str | None = None, **order: Any) -> None:
        """What is to go wrong, as the simulator takes it."""
        self.service.faults.add({"kind": kind, "match": {"step": step}, **order})

    def taken(self, name: str = "prod") -> list[Snapshot]:
        """Every on-demand snapshot of a cluster that this run has taken."""
        return [each for each in self.cluster(name).snapshots if each.taken_at >= START.timestamp()]

    def sent(self, step: str | None = None, method: str | None = None) -> list[float]:
        """When the requests of a kind came, in seconds since the beginning."""
        return [
            entry.time - START.timestamp()
            for entry in self.service.journal.entries
            if step in (None, entry.step) and method in (None, entry.method)
        ]

    def connect(self) -> Connection:
        self._connections += 1
        return Connection(self.service, f"connection-{self._connections}")

    def check(self) -> None:
        """Every fault that was ordered for a number of times has struck."""
        waiting = [fault for fault in self.service.faults.faults if not fault.is_spent and fault.times is not None]
        assert not waiting


class Connection:
    """Carries requests to the simulator, and its answers back the way they are to be delivered."""

    def __init__(self, service: Service, name: str) -> None:
        self._service = service
        self._name = name

    async def send(self, request: Request, timeout: float) -> Answer:
        await asyncio.sleep(LATENCY / 2)
        response = self._service.handle(
            messages.Request(
                request.method,
                request.url[len(BASE_URL) :],
                {**request.headers, "Host": BASE_URL.partition("://")[2]},
                request.body or b"",
                connection=self._name,
                scheme="https",
            )
        )
        kind, seconds = response.delivery.kind, response.delivery.seconds + LATENCY / 2
        await asyncio.sleep(min(seconds, timeout))
        if seconds > timeout:
            raise no_answer_in(timeout)
        if kind not in ("answer", "trickle"):
            raise NoAnswer(f"The connection broke ({kind})")
        return Answer(response.status, {name.lower(): value for name, value in response.headers.items()}, response.body)

    def close(self) -> None:
        """Nothing to give back."""
