# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Odd answers on a real connection."""

from __future__ import annotations

import http.client
import json
from email.message import Message

import pytest

from ansible_collections.mongodb_atlas.backup.tests.unit.simulator.live import HEADERS, PATH, Live


def test_no_answer_has_a_date_behind_such_a_proxy(live: Live) -> None:
    assert "Date" in _headers(live)
    live.order("PATCH", "settings", {"send_date": False})
    assert "Date" not in _headers(live)
    live.strike("trickle", seconds=0)
    assert "Date" not in _headers(live)
    live.strike("status", status=503)
    assert "Date" not in _headers(live)


@pytest.mark.parametrize("name", ["Date", "Content-Type", "RateLimit-Limit"])
def test_any_header_is_absent(live: Live, name: str) -> None:
    live.strike("headers", headers={name: None})
    assert name not in _headers(live)
    assert name in _headers(live)


@pytest.mark.parametrize(
    ("name", "value"), [("RateLimit-Limit", "9" * 5000), ("Date", "yesterday"), ("Retry-After", "")]
)
def test_any_header_is_absurd(live: Live, name: str, value: str) -> None:
    live.strike("headers", headers={name: value})
    assert _headers(live).get_all(name) == [value]


@pytest.mark.parametrize(("challenge", "lines"), [("recorded", 1), ("two_joined", 1), ("two_headers", 2)])
def test_challenges_travel_in_one_line_or_in_two(live: Live, challenge: str, lines: int) -> None:
    live.order("PATCH", "settings", {"challenge": challenge})
    connection = live.connect()
    connection.request("GET", PATH)
    answer = connection.getresponse()
    assert (answer.status, len(answer.headers.get_all("WWW-Authenticate", []))) == (401, lines)
    connection.close()


def test_words_with_control_characters_travel(live: Live) -> None:
    live.strike("status", status=400, error_code="\x1b]0;\r\n\0", detail="\x9b31m")
    status, content = live.ask("GET", PATH)
    assert (status, json.loads(content)["errorCode"], json.loads(content)["detail"]) == (
        400,
        "\x1b]0;\r\n\0",
        "\x9b31m",
    )


def _headers(live: Live) -> Message:
    connection: http.client.HTTPConnection = live.connect()
    connection.request("GET", PATH, headers=HEADERS)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.headers
