# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# Connections for the event loop: each has its own thread, and a time limit for every answer.

from __future__ import annotations

import asyncio

from .exchange import Exchange
from .http_session import HttpSession
from .http_settings import HttpSettings
from .messages import Answer, Request
from .transport_errors import Route, no_connection, timed_out
from .worker import WorkerThread


class HttpConnection:
    """One keep-alive connection; sends one request at a time and follows no redirect."""

    def __init__(self, settings: HttpSettings) -> None:
        self._settings = settings
        self._session = HttpSession(settings)
        self._worker = WorkerThread()

    async def send(self, request: Request, timeout: float) -> Answer:
        """The answer to one request, whatever its status; timeout limits the whole exchange, in seconds.

        After an exception the connection may still be busy with the request: close it and open another one.
        Raises NotConnected or NotReachable if nothing can have been sent, else NoAnswer.
        """
        exchange = Exchange()
        answer = self._worker.submit(lambda: self._session.send(request, timeout, exchange))
        try:
            await asyncio.wait({answer}, timeout=timeout)
        finally:
            is_done = answer.done()
            if not is_done:
                exchange.give_up()
                answer.cancel()
        if is_done:
            return answer.result()
        route = Route.to(request.url, self._settings)
        if exchange.may_be_sent:
            raise timed_out(route, timeout)
        raise no_connection(route, f"it took more than {timeout:.0f} s")

    def close(self) -> None:
        """Close the connection and end its thread as soon as its current work ends."""
        self._worker.stop(self._session.close)
