# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The service over HTTP: the endpoints of Atlas, and the control interface."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from itertools import count
from typing import Any
from weakref import WeakKeyDictionary

from aiohttp import web

from .control import Control
from .delivery import deliver, keep_to_the_headers
from .messages import Request

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Frontend:
    """Names the connections and passes requests to the current service of the control."""

    def __init__(self, control: Control) -> None:
        self._control = control
        self._numbers = count(1)
        self._connections: WeakKeyDictionary[asyncio.BaseTransport, str] = WeakKeyDictionary()

    def app(self) -> web.Application:
        app = web.Application(client_max_size=1024 * 1024)
        for method, path, handler in self._control_routes():
            app.router.add_route(method, f"/_simulator/{path}", handler)
        app.router.add_route("*", "/{anything:.*}", self.atlas)
        app.on_response_prepare.append(keep_to_the_headers)
        return app

    async def atlas(self, request: web.Request) -> web.StreamResponse:
        started = time.monotonic()
        service = self._control.service
        response = service.handle(
            Request(
                method=request.method,
                target=request.raw_path,
                headers=dict(request.headers),
                body=await request.read(),
                connection=self._name(request),
                peer=request.remote or "127.0.0.1",
                scheme=request.scheme,
            )
        )
        try:
            if service.settings.delay_seconds:
                await asyncio.sleep(service.settings.delay_seconds)
            return await deliver(request, response)
        finally:
            service.journal.close(response.seq, time.monotonic() - started)

    def _name(self, request: web.Request) -> str:
        transport = request.transport
        if transport is None:
            return "gone"
        if transport not in self._connections:
            self._connections[transport] = f"connection-{next(self._numbers)}"
        return self._connections[transport]

    def _control_routes(self) -> list[tuple[str, str, Handler]]:
        control = self._control
        return [
            ("GET", "requests", _command(lambda _: control.service.journal.document())),
            ("DELETE", "requests", _command(lambda _: control.service.journal.clear())),
            ("GET", "faults", _command(lambda _: control.faults())),
            ("POST", "faults", _body_command(lambda _, body: control.add_faults(body))),
            ("DELETE", "faults", _command(lambda _: control.service.faults.clear())),
            ("GET", "settings", _command(lambda _: control.settings())),
            ("PATCH", "settings", _body_command(lambda _, body: control.configure(body))),
            ("POST", "reset", _body_command(lambda _, body: control.reset(body))),
            ("GET", "snapshots", _command(lambda _: control.snapshots())),
            ("POST", "snapshots", _body_command(lambda _, body: control.add_snapshot(body))),
            ("PATCH", "snapshots/{id}", _body_command(control.change_snapshot)),
            ("DELETE", "snapshots/{id}", _command(control.remove_snapshot)),
            ("GET", "restores", _command(lambda _: control.restores.jobs())),
            ("POST", "restores", _body_command(lambda _, body: control.restores.add_job(body))),
            ("PATCH", "restores/{id}", _body_command(control.restores.change_job)),
            ("DELETE", "restores/{id}", _command(control.restores.remove_job)),
            ("GET", "contents", _command(lambda _: control.restores.contents())),
            ("POST", "contents", _body_command(lambda _, body: control.restores.write(body))),
            ("POST", "clusters", _body_command(lambda _, body: control.add_clusters(body))),
            ("PATCH", "clusters/{id}", _body_command(control.change_cluster)),
        ]


def new_runner(control: Control, shutdown_seconds: float) -> web.AppRunner:
    """The aiohttp runner; an answer that hangs ends with its client, or this many seconds after the server stops."""
    app = Frontend(control).app()
    return web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=shutdown_seconds)


def _command(run: Callable[[str], Any]) -> Handler:
    """A command without a body; the id in its path, if any, is its argument."""

    async def handler(request: web.Request) -> web.StreamResponse:
        return _answered(lambda: run(request.match_info.get("id", "")))

    return handler


def _body_command(run: Callable[[str, Any], Any]) -> Handler:
    """A command with a JSON body; an empty one counts as {}."""

    async def handler(request: web.Request) -> web.StreamResponse:
        sent = await request.read()
        return _answered(lambda: run(request.match_info.get("id", ""), json.loads(sent or b"{}")))

    return handler


def _answered(run: Callable[[], Any]) -> web.Response:
    """The result of the command as JSON, or 400 with the error message."""
    try:
        return web.json_response(run())
    except (ValueError, TypeError) as error:
        return web.json_response({"error": str(error)}, status=400)
