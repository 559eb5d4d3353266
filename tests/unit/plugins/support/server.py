# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Small real servers with good or bad behaviour."""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator

import trustme

# What the server does after it has read a request; False closes the connection.
Behaviour = Callable[["Server", socket.socket], bool]


class Server:
    """A server on loopback that answers every request in the same way, and keeps the requests."""

    def __init__(
        self, behave: Behaviour, context: ssl.SSLContext | None = None, *, reads_requests: bool = True
    ) -> None:
        self._behave = behave
        self._reads_requests = reads_requests
        self._context = context
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.url = f"{'https' if context else 'http'}://127.0.0.1:{self.port}"
        self.requests: list[bytes] = []
        self.connections = 0
        self.ended = threading.Event()
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def end(self) -> None:
        self.ended.set()
        # On Linux only shutdown() interrupts accept(); elsewhere only close() does, and shutdown() fails.
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()

    def _accept(self) -> None:
        while not self.ended.is_set():
            with contextlib.suppress(OSError):
                plain, _address = self._listener.accept()
                self.connections += 1
                threading.Thread(target=self._serve, args=(plain,), daemon=True).start()

    def _serve(self, plain: socket.socket) -> None:
        with contextlib.suppress(OSError):
            link = self._context.wrap_socket(plain, server_side=True) if self._context else plain
            with link:
                if not self._reads_requests:
                    link.recv(65536)
                    self._behave(self, link)
                    return
                while request := _whole_request(link):
                    self.requests.append(request)
                    if not self._behave(self, link):
                        return


@contextlib.contextmanager
def serving(
    behave: Behaviour, context: ssl.SSLContext | None = None, *, reads_requests: bool = True
) -> Iterator[Server]:
    """A server during the block. reads_requests: whether it reads a complete request before it does anything."""
    server = Server(behave, context, reads_requests=reads_requests)
    try:
        yield server
    finally:
        server.end()


def _whole_request(link: socket.socket) -> bytes:
    """Head and body as received; empty if the client has disconnected."""
    received = b""
    while b"\r\n\r\n" not in received:
        more = link.recv(65536)
        if not more:
            return b""
        received += more
    head, _unused, body = received.partition(b"\r\n\r\n")
    length = next((int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), 0)
    while len(body) < length:
        body += link.recv(65536)
    return head + b"\r\n\r\n" + body


def certified(authority: trustme.CA, host: str) -> ssl.SSLContext:
    """TLS with a certificate for this host."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(host).configure_cert(context)
    return context


def free_port() -> int:
    """A port without a listener."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def answers(status: str = "200 OK", body: bytes = b"{}", *headers: str) -> Behaviour:
    def behave(_server: Server, link: socket.socket) -> bool:
        lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers]
        link.sendall("\r\n".join([*lines, "", ""]).encode("latin-1") + body)
        return True

    return behave


def sends(raw: bytes) -> Behaviour:
    """Send these bytes, then close."""

    def behave(_server: Server, link: socket.socket) -> bool:
        link.sendall(raw)
        return False

    return behave


def drops(_server: Server, _link: socket.socket) -> bool:
    return False


def resets(_server: Server, link: socket.socket) -> bool:
    link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    return False


def hangs(server: Server, _link: socket.socket) -> bool:
    server.ended.wait()
    return False


def trickles(server: Server, link: socket.socket) -> bool:
    """Send a byte now and then, never the whole answer, until the server ends or every timeout must have expired."""
    return _trickle(server, link, b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n", b"x")


def trickles_headers(server: Server, link: socket.socket) -> bool:
    """Send a status, and one more header now and then, without end."""
    return _trickle(server, link, b"HTTP/1.1 200 OK\r\n", b"X-More: x\r\n")


def _trickle(server: Server, link: socket.socket, beginning: bytes, piece: bytes) -> bool:
    link.sendall(beginning)
    for _piece in range(500):
        if server.ended.wait(0.02):
            break
        link.sendall(piece)
    return False


def endless(server: Server, link: socket.socket) -> bool:
    """Send a body without end, as fast as possible."""
    link.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    while not server.ended.is_set():
        link.sendall(b'{"results": [' * 5000)
    return False


def refuses_connect(status: bytes) -> Behaviour:
    """A proxy that refuses every connection."""
    return sends(b"HTTP/1.1 " + status + b"\r\nContent-Length: 0\r\n\r\n")


def tunnels(context: ssl.SSLContext, behave: Behaviour) -> Behaviour:
    """A proxy that accepts CONNECT; the server behind it then behaves as given."""

    def connect(server: Server, link: socket.socket) -> bool:
        link.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        with context.wrap_socket(link, server_side=True) as inner:
            server.requests.append(_whole_request(inner))
            return behave(server, inner) and False

    return connect
