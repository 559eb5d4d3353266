# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""A running simulator, for tests that need a real connection."""

from __future__ import annotations

import asyncio
import http.client
import json
import threading
import time
from typing import Any

from aiohttp import web

from ansible_collections.mongodb_atlas.backup.tests.simulator.control import Control
from ansible_collections.mongodb_atlas.backup.tests.simulator.demo import DEMO_PROJECT_ID
from ansible_collections.mongodb_atlas.backup.tests.simulator.server import new_runner
from ansible_collections.mongodb_atlas.backup.tests.simulator.settings import Settings

PATH = f"/api/atlas/v2/groups/{DEMO_PROJECT_ID}/clusters/demo-replica/backup/snapshots"
MEDIA_TYPE = "application/vnd.atlas.2023-01-01+json"
HEADERS = {"Authorization": "Bearer not-a-real-access-token-owner", "Accept": MEDIA_TYPE, "Content-Type": MEDIA_TYPE}
# A client timeout that no answer reaches unless it hangs.
PATIENCE = 10.0


class Live:
    """A simulator on a free loopback port, in its own thread."""

    def __init__(self) -> None:
        self.control = Control(time.time, Settings(history_days=0))
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._runner = new_runner(self.control, shutdown_seconds=0.1)
        self.port: int = asyncio.run_coroutine_threadsafe(self._start(), self._loop).result(PATIENCE)

    async def _start(self) -> int:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        return self._runner.addresses[0][1]

    def stop(self) -> None:
        asyncio.run_coroutine_threadsafe(self._runner.cleanup(), self._loop).result(PATIENCE)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(PATIENCE)
        self._loop.close()

    def connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)

    def ask(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> tuple[int, bytes]:
        connection = self.connect()
        raw = None if body is None else json.dumps(body).encode()
        connection.request(method, path, raw, HEADERS if headers is None else headers)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        return answer.status, content

    def raw_get(self, path: str = PATH) -> bytes:
        """Send a request as bytes and return the bytes of the answer."""
        lines = [f"GET {path} HTTP/1.1", "Host: simulator", *(f"{name}: {value}" for name, value in HEADERS.items())]
        return ("\r\n".join(lines) + "\r\n\r\n").encode()

    def order(self, method: str, path: str, body: Any = None) -> Any:
        status, content = self.ask(method, f"/_simulator/{path}", body, {})
        assert status == 200, content
        return json.loads(content)

    def strike(self, kind: str, **params: Any) -> None:
        self.order("POST", "faults", {"kind": kind, "params": params})

    def until_closed(self, number: int) -> None:
        """Wait until the server has finished this request of the log, after its client disconnected."""
        deadline = time.monotonic() + PATIENCE
        while self.order("GET", "requests")["requests"][number]["duration"] is None:
            assert time.monotonic() < deadline

    def taken(self) -> int:
        return len(self.order("GET", "snapshots")["demo-replica"])
