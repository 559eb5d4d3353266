# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later


from __future__ import annotations

import asyncio
import gzip
import os
import socket
import threading
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.errors import (
    AtlasError,
    NoAnswer,
    NotConnected,
    RequestRefused,
    TimedOut,
)
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.messages import Answer, Request, checked
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.transport import HttpConnection
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.server import (
    Behaviour,
    Server,
    answers,
    drops,
    endless,
    hangs,
    resets,
    sends,
    serving,
    trickles,
    trickles_headers,
)
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.wire import (
    LONG,
    PLAIN,
    SHORT,
    exchange,
    failure,
)


def test_answer_is_returned_unchanged() -> None:
    with serving(answers("418 I'm a teapot", b"\x00{", "X-Error-Code: TEA", "Date: today")) as server:
        answer = exchange(f"{server.url}/x?y=z")

    assert (answer.status, answer.body) == (418, b"\x00{")
    assert (answer.headers["x-error-code"], answer.headers["date"]) == ("TEA", "today")


def test_request_is_sent_unchanged() -> None:
    headers = {"Accept": "application/vnd.atlas.2023-01-01+json", "Authorization": "Bearer x"}
    with serving(answers()) as server:
        exchange(f"{server.url}/x?pageNum=1", method="POST", headers=headers, body=b'{"a": 1}')

    lines = server.requests[0].decode().split("\r\n")
    assert lines[0] == "POST /x?pageNum=1 HTTP/1.1"
    assert lines[-1] == '{"a": 1}'
    assert {"Accept: application/vnd.atlas.2023-01-01+json", "Authorization: Bearer x"} <= set(lines)


async def send_over_one_connection(url: str, requests: int) -> None:
    connection = HttpConnection(PLAIN)
    for _each in range(requests):
        await connection.send(Request("GET", url), LONG)
    connection.close()


def test_connection_is_kept_open() -> None:
    with serving(answers()) as server:
        asyncio.run(send_over_one_connection(server.url, 3))

    assert (server.connections, len(server.requests)) == (1, 3)


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "307 Temporary", "308 Permanent"])
def test_redirect_is_not_followed(status: str) -> None:
    with serving(answers(status, b"", "Location: /elsewhere")) as server:
        answer = exchange(server.url, headers={"Authorization": "Bearer x"})

    assert (str(answer.status), answer.headers["location"]) == (status[:3], "/elsewhere")
    assert len(server.requests) == 1


BOMB = gzip.compress(bytes(64 * 2**20))


@pytest.mark.parametrize("status", [b"200 OK", b"302 Found", b"401 Unauthorized", b"503 Unavailable"])
@pytest.mark.parametrize("location", [b"", b"Location: /elsewhere\r\n", b"Location: http://[\r\n"])
def test_too_large_body_is_not_read_for_any_status(status: bytes, location: bytes) -> None:
    headers = b"HTTP/1.1 " + status + b"\r\nContent-Encoding: gzip\r\n" + location
    tracemalloc.start()
    try:
        with serving(sends(headers + b"Content-Length: %d\r\n\r\n" % len(BOMB) + BOMB)) as server:
            answer = exchange(server.url)
        assert tracemalloc.get_traced_memory()[1] < 50 * 2**20
    finally:
        tracemalloc.stop()

    assert (answer.status, answer.body) == (int(status[:3]), b"")
    assert "more than 32 MB" in answer.unreadable


@pytest.mark.parametrize("behave", [drops, resets, sends(b"not HTTP at all\r\n\r\n"), sends(b"HTTP/1.1 2")])
def test_request_without_a_status_has_no_answer_and_may_have_taken_effect(behave: Behaviour) -> None:
    with serving(behave) as server:
        error = failure(server.url)

    assert isinstance(error, NoAnswer)
    assert f"127.0.0.1:{server.port}" in error.message
    assert len(server.requests) == 1


BROKEN_BODIES = {
    "chunk that is cut": b"Transfer-Encoding: chunked\r\n\r\n5\r\n{",
    "length that is cut": b"Content-Length: 9\r\n\r\n{",
    "damaged gzip": b"Content-Encoding: gzip\r\nContent-Length: 7\r\n\r\nno gzip",
    "gzip that is cut": b"Content-Encoding: gzip\r\nContent-Length: 9\r\n\r\n" + gzip.compress(b"{}")[:9],
    "encoding that is not known": b"Content-Encoding: br\r\nContent-Length: 2\r\n\r\n{}",
}


@pytest.mark.parametrize("broken", BROKEN_BODIES)
@pytest.mark.parametrize("status", [200, 404, 429, 503])
def test_status_is_kept_if_the_body_is_unreadable(status: int, broken: str) -> None:
    with serving(sends(b"HTTP/1.1 %d X\r\n" % status + BROKEN_BODIES[broken])) as server:
        answer = exchange(server.url)

    assert (answer.status, answer.document) == (status, None)
    with pytest.raises(NoAnswer if status == 200 else RequestRefused):
        checked(answer, 200)


INTERIM = [
    b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n",
    b"HTTP/1.1 100 Continue\r\n\r\n",
    b"HTTP/1.1 102 Processing\r\n\r\n",
    b"HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 103 Early Hints\r\nX: y\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n",
    b"HTTP/1.1 199 Whatever\r\nContent-Length: 0\r\n\r\n",
]


@pytest.mark.parametrize("interim", INTERIM)
def test_interim_answers_are_passed_over_and_the_connection_is_kept(interim: bytes) -> None:
    final = b'HTTP/1.1 200 OK\r\nX-Final: yes\r\nContent-Length: 9\r\n\r\n{"a": 1}\n'

    def behave(_server: Server, link: socket.socket) -> bool:
        link.sendall(interim + final)
        return True

    async def work(url: str) -> list[Answer]:
        connection = HttpConnection(PLAIN)
        try:
            return [await connection.send(Request("GET", url), LONG) for _each in range(2)]
        finally:
            connection.close()

    with serving(behave) as server:
        got = asyncio.run(work(server.url))

    assert [(answer.status, answer.document, answer.headers["x-final"]) for answer in got] == [
        (200, {"a": 1}, "yes")
    ] * 2
    assert server.connections == 1


@pytest.mark.parametrize("behave", [hangs, trickles, trickles_headers])
def test_timeout_covers_the_whole_answer(behave: Behaviour) -> None:
    with serving(behave) as server:
        error = failure(server.url, timeout=SHORT)

    assert isinstance(error, TimedOut)
    assert "request_timeout" in error.hint
    assert f"127.0.0.1:{server.port}" in error.message


def test_timeout_during_the_handshake_has_sent_nothing() -> None:
    with serving(hangs) as server:
        error = failure(server.url.replace("http:", "https:"), timeout=SHORT)

    assert isinstance(error, NotConnected)
    assert server.requests == []


TRIES = 20
# The reason why an attempt fails, and the scheme, http or https.
FAILED_TRIES: dict[str, tuple[Behaviour, str]] = {
    "silence": (hangs, "http"),
    "trickling body": (trickles, "http"),
    "trickling headers": (trickles_headers, "http"),
    "endless body": (endless, "http"),
    "dropped": (drops, "http"),
    "reset": (resets, "http"),
    "no HTTP": (sends(b"not HTTP at all\r\n\r\n"), "http"),
    "damaged body": (answers("200 OK", b"no gzip", "Content-Encoding: gzip"), "http"),
    "silent handshake": (hangs, "https"),
    "no TLS": (answers(), "https"),
}


@pytest.mark.parametrize("kind", FAILED_TRIES)
def test_failed_attempts_leave_no_thread_and_no_descriptor(kind: str) -> None:
    behave, scheme = FAILED_TRIES[kind]

    async def fail(url: str) -> None:
        connection = HttpConnection(PLAIN)
        try:
            await connection.send(Request("GET", url), SHORT)
        except AtlasError:
            pass
        finally:
            connection.close()

    async def work(url: str) -> None:
        await asyncio.gather(*(fail(url) for _each in range(TRIES)))

    threads, descriptors = set(threading.enumerate()), open_descriptors()
    with serving(behave) as server:
        asyncio.run(work(server.url.replace("http:", f"{scheme}:")))
        left = [thread for thread in threading.enumerate() if thread.name.startswith("mongodb_atlas")]
        for thread in left:
            thread.join(LONG)
        assert not any(thread.is_alive() for thread in left)
    for thread in set(threading.enumerate()) - threads:
        thread.join(LONG)
    assert open_descriptors() <= descriptors


def open_descriptors() -> int:
    return len(os.listdir("/dev/fd"))


def test_request_cancelled_while_connecting_is_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    goes_on = threading.Event()
    connect = socket.socket.connect

    def slow(link: socket.socket, address: Any) -> None:
        goes_on.wait(LONG)
        connect(link, address)

    with serving(answers()) as server:
        monkeypatch.setattr(socket.socket, "connect", slow)
        error = failure(server.url, timeout=SHORT)
        goes_on.set()
        for thread in threading.enumerate():
            if thread.name.startswith("mongodb_atlas"):
                thread.join(LONG)

    assert isinstance(error, NotConnected)
    assert server.requests == []


def test_one_thread_serves_all_requests_of_a_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    started = []
    start = threading.Thread.start

    def counted(thread: threading.Thread) -> None:
        started.append(thread.name)
        start(thread)

    with serving(answers()) as server:
        monkeypatch.setattr(threading.Thread, "start", counted)
        asyncio.run(send_over_one_connection(server.url, 5))

    assert len([name for name in started if name.startswith("mongodb_atlas")]) == 1


def test_cancelled_request_ends_at_once() -> None:
    async def work(url: str) -> None:
        connection = HttpConnection(PLAIN)
        request = asyncio.ensure_future(connection.send(Request("GET", url), LONG))
        while not server.requests:
            await asyncio.sleep(0)
        request.cancel()
        await asyncio.gather(request, return_exceptions=True)
        connection.close()

    with serving(hangs) as server:
        asyncio.run(work(server.url))
        for thread in threading.enumerate():
            if thread.name.startswith("mongodb_atlas"):
                thread.join(LONG)
                assert not thread.is_alive()


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer mine"}])
def test_netrc_is_not_read(headers: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login user password hunter2\ndefault login user password hunter2\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    with serving(answers()) as server:
        exchange(server.url, headers=headers)

    sent = [line for line in server.requests[0].decode().split("\r\n") if line.lower().startswith("authorization:")]
    assert sent == [f"Authorization: {value}" for value in headers.values()]
