# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# The state of one request in flight, shared by the event loop and the thread that sends it.

from __future__ import annotations

import contextlib
import http.client
import socket
import threading


class GivenUp(Exception):
    """The exchange was given up, so nothing more is sent for it."""


class Exchange:
    """Whether the request may have been sent, and how to end it from another thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._connection: http.client.HTTPConnection | None = None
        self._is_given_up = False
        self._may_be_sent = False

    @property
    def may_be_sent(self) -> bool:
        """Whether the request may have reached the service: false until the connection and its TLS are established."""
        return self._may_be_sent

    def uses(self, connection: http.client.HTTPConnection) -> None:
        """Remember the connection, so that give_up can interrupt it. Raises GivenUp."""
        with self._lock:
            self._connection = connection
            self._stop_if_given_up()

    def begins_to_send(self) -> None:
        """Called before the first byte is sent. Raises GivenUp, and then nothing is sent."""
        with self._lock:
            self._stop_if_given_up()
            self._may_be_sent = True

    def give_up(self) -> None:
        """End the exchange: a blocked read ends at once, and nothing more is sent."""
        with self._lock:
            self._is_given_up = True
            connection = self._connection
        # For TLS inside TLS, urllib3 wraps the socket in an object of its own.
        link = getattr(connection, "sock", None)
        link = getattr(link, "socket", link)
        if isinstance(link, socket.socket):
            with contextlib.suppress(OSError):
                # Not SSLSocket.shutdown: it drops the TLS layer, and the other thread would go on unencrypted.
                socket.socket.shutdown(link, socket.SHUT_RDWR)

    def _stop_if_given_up(self) -> None:
        if self._is_given_up:
            raise GivenUp
