# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""How an answer is sent over a real connection: whole, late, in pieces, or not at all."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Iterable

from aiohttp import web
from aiohttp.abc import AbstractStreamWriter
from multidict import CIMultiDict

from .messages import Response
from .problems import reason

INTENDED: web.RequestKey[frozenset[str]] = web.RequestKey("intended", frozenset)
# Headers that aiohttp adds on its own.
ADDED = ("Date", "Content-Type")
EARLY_HINTS = 103


class NoAnswer(web.Response):
    """The response object that aiohttp requires after the connection was closed."""

    async def prepare(self, request: web.BaseRequest) -> AbstractStreamWriter | None:
        raise ConnectionResetError(f"the simulator closed the connection of {request.path}")


async def deliver(request: web.Request, response: Response) -> web.StreamResponse:
    """Send the response in the way that its delivery describes."""
    request[INTENDED] = frozenset(name.lower() for name in response.headers)
    kind, seconds = response.delivery.kind, response.delivery.seconds
    if kind in IN_PARTS:
        return await IN_PARTS[kind](request, response, seconds)
    await asyncio.sleep(seconds)
    if kind == "answer":
        _write_interim(request, response.delivery.interim)
        return web.Response(status=response.status, headers=_lines(response), body=response.body or None)
    _close(request, with_reset=kind == "reset")
    return NoAnswer()


async def keep_to_the_headers(request: web.Request, answer: web.StreamResponse) -> None:
    """Remove the headers that aiohttp added and the response does not have."""
    for name in ADDED:
        if INTENDED in request and name.lower() not in request[INTENDED]:
            answer.headers.pop(name, None)


async def _trickle(request: web.Request, response: Response, seconds: float) -> web.StreamResponse:
    """Send the headers at once, then one byte at a time."""
    stream = await _started(request, response)
    for position in range(len(response.body)):
        await stream.write(response.body[position : position + 1])
        await asyncio.sleep(seconds)
    await stream.write_eof()
    return stream


async def _cut(request: web.Request, response: Response, seconds: float) -> web.StreamResponse:
    """Send the full Content-Length, then half of the body, then close the connection."""
    await asyncio.sleep(seconds)
    stream = await _started(request, response)
    await stream.write(response.body[: len(response.body) // 2])
    _close(request, with_reset=False)
    return NoAnswer()


async def _stream(request: web.Request, response: Response, seconds: float) -> web.StreamResponse:
    """Send piece after piece, as fast as the client reads; close the connection in the middle of an endless body."""
    assert response.stream is not None
    stream = web.StreamResponse(status=response.status, headers=_lines(response))
    await stream.prepare(request)
    for piece in response.stream():
        await stream.write(piece)
        await asyncio.sleep(seconds)
    if response.delivery.kind == "endless":
        _close(request, with_reset=False)
        return NoAnswer()
    await stream.write_eof()
    return stream


async def _slow_headers(request: web.Request, response: Response, seconds: float) -> web.StreamResponse:
    """Send the status line and the headers byte by byte, then the body at once, all without aiohttp."""
    transport = request.transport
    for byte in response.head():
        if transport is None or transport.is_closing():
            return NoAnswer()
        transport.write(bytes((byte,)))
        await asyncio.sleep(seconds)
    if transport is not None:
        transport.write(response.body)
    _close(request, with_reset=False)
    return NoAnswer()


def _write_interim(request: web.Request, statuses: Iterable[int]) -> None:
    """Send informational responses, which aiohttp cannot do."""
    for status in statuses:
        link = "Link: </style.css>; rel=preload; as=style\r\n" if status == EARLY_HINTS else ""
        if request.transport is not None:
            request.transport.write(f"HTTP/1.1 {status} {reason(status)}\r\n{link}\r\n".encode())


async def _started(request: web.Request, response: Response) -> web.StreamResponse:
    stream = web.StreamResponse(status=response.status, headers=_lines(response))
    stream.content_length = len(response.body)
    await stream.prepare(request)
    return stream


def _lines(response: Response) -> CIMultiDict[str]:
    return CIMultiDict(response.header_lines())


def _close(request: web.Request, *, with_reset: bool) -> None:
    """Close the connection, in order or with a reset (without lingering, the kernel sends RST)."""
    transport = request.transport
    if transport is None:
        return
    if not with_reset:
        transport.close()
        return
    connection = transport.get_extra_info("socket")
    if connection is not None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


# Deliveries that need more than one write.
IN_PARTS = {"trickle": _trickle, "cut": _cut, "stream": _stream, "endless": _stream, "slow_headers": _slow_headers}
