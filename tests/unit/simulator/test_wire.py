# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Odd answers on a real connection."""

from __future__ import annotations

import http.client
import json
import socket
import zlib
from email.message import Message

import pytest

from ansible_collections.mongodb_atlas.backup.tests.unit.simulator.live import HEADERS, PATH, PATIENCE, Live

MEGABYTE = 1024 * 1024


def test_send_date_false_removes_the_date_from_every_answer(live: Live) -> None:
    assert "Date" in _headers(live)
    live.order("PATCH", "settings", {"send_date": False})
    assert "Date" not in _headers(live)
    live.strike("trickle", seconds=0)
    assert "Date" not in _headers(live)
    live.strike("status", status=503)
    assert "Date" not in _headers(live)


@pytest.mark.parametrize("name", ["Date", "Content-Type", "RateLimit-Limit"])
def test_headers_fault_removes_any_header(live: Live, name: str) -> None:
    live.strike("headers", headers={name: None})
    assert name not in _headers(live)
    assert name in _headers(live)


@pytest.mark.parametrize(
    ("name", "value"), [("RateLimit-Limit", "9" * 5000), ("Date", "yesterday"), ("Retry-After", "")]
)
def test_headers_fault_sets_any_header(live: Live, name: str, value: str) -> None:
    live.strike("headers", headers={name: value})
    assert _headers(live).get_all(name) == [value]


@pytest.mark.parametrize(("challenge", "lines"), [("recorded", 1), ("two_joined", 1), ("two_headers", 2)])
def test_challenges_are_sent_in_one_line_or_in_two(live: Live, challenge: str, lines: int) -> None:
    live.order("PATCH", "settings", {"challenge": challenge})
    connection = live.connect()
    connection.request("GET", PATH)
    answer = connection.getresponse()
    assert (answer.status, len(answer.headers.get_all("WWW-Authenticate", []))) == (401, lines)
    connection.close()


def test_control_characters_are_sent_unchanged(live: Live) -> None:
    live.strike("status", status=400, error_code="\x1b]0;\r\n\0", detail="\x9b31m")
    status, content = live.ask("GET", PATH)
    assert (status, json.loads(content)["errorCode"], json.loads(content)["detail"]) == (
        400,
        "\x1b]0;\r\n\0",
        "\x9b31m",
    )


def test_huge_body_arrives_complete(live: Live) -> None:
    live.strike("huge", megabytes=33)
    status, content = live.ask("GET", PATH)
    assert (status, json.loads(content)["results"]) == (200, [])
    assert len(content) > 33 * MEGABYTE


def test_gzip_bomb_is_small_when_sent(live: Live) -> None:
    live.strike("gzip_bomb", megabytes=100)
    status, content = live.ask("GET", PATH)
    assert status == 200
    assert len(content) < MEGABYTE
    inflate = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    length = 0
    while not inflate.eof:
        length += len(inflate.decompress(content, MEGABYTE))
        content = inflate.unconsumed_tail
    assert length > 100 * MEGABYTE


def test_endless_body_ends_when_its_client_disconnects(live: Live) -> None:
    live.strike("endless", megabytes=10**9)
    with socket.create_connection(("127.0.0.1", live.port), PATIENCE) as connection:
        connection.sendall(live.raw_get())
        received = 0
        while received < 20 * MEGABYTE:
            received += len(connection.recv(MEGABYTE))
    live.until_closed(0)


def test_endless_body_ends_after_its_megabytes(live: Live) -> None:
    live.strike("endless", megabytes=2)
    with pytest.raises(http.client.IncompleteRead) as caught:
        live.ask("GET", PATH)
    assert len(caught.value.partial) > 2 * MEGABYTE


def test_server_answers_others_during_an_endless_body(live: Live) -> None:
    live.strike("endless", megabytes=10**9)
    with socket.create_connection(("127.0.0.1", live.port), PATIENCE) as connection:
        connection.sendall(live.raw_get())
        connection.recv(1)
        assert live.ask("GET", PATH)[0] == 200


def test_headers_arrive_byte_by_byte(live: Live) -> None:
    right = _headers(live)
    live.strike("slow_headers", seconds=0)
    connection = live.connect()
    connection.request("GET", PATH, headers=HEADERS)
    answer = connection.getresponse()
    assert json.loads(answer.read())["results"] == []
    assert set(answer.headers) == set(right) - {"Server"} | {"Connection"}
    connection.close()


def test_slow_headers_take_their_seconds(live: Live) -> None:
    live.strike("slow_headers", seconds=60)
    with socket.create_connection(("127.0.0.1", live.port), PATIENCE) as connection:
        connection.sendall(live.raw_get())
        assert connection.recv(1000) == b"H"
    live.until_closed(0)


@pytest.mark.parametrize("statuses", [[103], [100], [102, 103, 103]])
def test_early_hints_precede_the_answer(live: Live, statuses: list[int]) -> None:
    live.strike("early_hints", statuses=statuses)
    with socket.create_connection(("127.0.0.1", live.port), PATIENCE) as connection:
        connection.sendall(live.raw_get())
        received = b""
        while not received.endswith(b"}"):
            received += connection.recv(MEGABYTE)
    *interim, head, body = received.split(b"\r\n\r\n")
    assert [int(each.split()[1]) for each in interim] == statuses
    assert head.startswith(b"HTTP/1.1 200 OK\r\n")
    assert json.loads(body)["results"] == []


def _headers(live: Live) -> Message:
    connection: http.client.HTTPConnection = live.connect()
    connection.request("GET", PATH, headers=HEADERS)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.headers
