# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# One request on its way, as the event loop and the thread that carries it both see it.

from __future__ import annotations

import contextlib
import http.client
import socket
import threading


class GivenUp(Exception):
    """Nobody waits for this exchange any more, so nothing more is sent for it."""


class Exchange:
    """Whether the request may have been sent, and how to end it from another thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._connection: http.client.HTTPConnection | None = None
        self._is_given_up = False
        self._may_be_sent = False

    @property
    def may_be_sent(self) -> bool:
        """Whether the request may have reached the service: until a connection is made, TLS included, it has not."""
        return self._may_be_sent

    def uses(self, connection: http.client.HTTPConnection) -> None:
        """Remember the connection, so that giving up can end what it waits for. Raises GivenUp."""
        with self._lock:
            self._connection = connection
            self._stop_if_given_up()

    def begins_to_send(self) -> None:
        """Called before the first byte of the request goes out. Raises GivenUp: then it never does."""
        with self._lock:
            self._stop_if_given_up()
            self._may_be_sent = True

    def give_up(self) -> None:
        """End the exchange: a read that is blocked ends at once, and nothing is sent that has not been sent."""
        with self._lock:
            self._is_given_up = True
            connection = self._connection
        # TLS inside of TLS is an object of its own, with the socket in it.
        link = getattr(connection, "sock", None)
        link = getattr(link, "socket", link)
        if isinstance(link, socket.socket):
            with contextlib.suppress(OSError):
                # Not the method of an SSLSocket, which would let the other thread go on unencrypted.
                socket.socket.shutdown(link, socket.SHUT_RDWR)

    def _stop_if_given_up(self) -> None:
        if self._is_given_up:
            raise GivenUp
