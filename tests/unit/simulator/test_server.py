# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What needs a real connection: headers as sent, faults of the connection, the control endpoints."""

from __future__ import annotations

import http.client
import json
import socket
from typing import Any

import pytest

from ansible_collections.mongodb_atlas.backup.tests.unit.simulator.live import (
    HEADERS,
    MEDIA_TYPE,
    PATH,
    PATIENCE,
    Live,
)


def test_answer_has_the_recorded_headers(live: Live) -> None:
    connection = live.connect()
    connection.request("POST", PATH, b"{}", HEADERS)
    answer = connection.getresponse()
    document = json.loads(answer.read())
    assert int(answer.headers["Content-Length"]) > 0
    assert answer.headers["Content-Type"] == f"{MEDIA_TYPE};charset=utf-8"
    assert len(answer.headers.get_all("Date", [])) == 1
    connection.request("DELETE", f"{PATH}/{document['id']}", headers=HEADERS)
    refused = connection.getresponse()
    assert json.loads(refused.read())["errorCode"] == "CANNOT_DELETE_IN_PROGRESS_SNAPSHOT"
    live.order("PATCH", f"snapshots/{document['id']}", {"status": "completed"})
    connection.request("DELETE", f"{PATH}/{document['id']}", headers=HEADERS)
    deleted = connection.getresponse()
    assert (deleted.status, deleted.read()) == (204, b"")
    assert "Content-Length" not in deleted.headers
    assert deleted.headers["Content-Type"] == f"{MEDIA_TYPE};charset=utf-8"
    connection.close()


def test_links_point_to_the_requested_address(live: Live) -> None:
    _unused, content = live.ask("GET", PATH)
    assert json.loads(content)["links"][0]["href"].startswith(f"http://127.0.0.1:{live.port}{PATH}?")


def test_connections_are_counted(live: Live) -> None:
    kept = live.connect()
    for _unused in range(2):
        kept.request("GET", PATH, headers=HEADERS)
        kept.getresponse().read()
    live.ask("GET", PATH)
    document = live.order("GET", "requests")
    names = [each["connection"] for each in document["requests"]]
    assert names[0] == names[1] != names[2]
    assert document["connections"] == 2
    assert all(each["duration"] >= 0 for each in document["requests"])
    kept.close()


@pytest.mark.parametrize(("kind", "done"), [("drop", 0), ("lost_answer", 1)])
def test_connection_closes_without_an_answer(live: Live, kind: str, done: int) -> None:
    live.strike(kind)
    with pytest.raises(http.client.RemoteDisconnected):
        live.ask("POST", PATH, {})
    assert live.taken() == done
    assert live.order("GET", "requests")["by_status"] == {"None": 1}


def test_connection_is_reset(live: Live) -> None:
    live.strike("reset")
    with socket.create_connection(("127.0.0.1", live.port), PATIENCE) as connection:
        connection.sendall(live.raw_get())
        with pytest.raises(ConnectionResetError):
            connection.recv(1000)
    assert live.taken() == 0


@pytest.mark.parametrize(("kind", "done"), [("hang", 0), ("hang_after", 1)])
def test_answer_never_arrives(live: Live, kind: str, done: int) -> None:
    live.strike(kind, seconds=60)
    connection = http.client.HTTPConnection("127.0.0.1", live.port, timeout=0.3)
    connection.request("POST", PATH, b"{}", HEADERS)
    with pytest.raises(TimeoutError):
        connection.getresponse()
    connection.close()
    assert live.taken() == done
    live.until_closed(0)


def test_hanging_connection_closes_after_its_seconds(live: Live) -> None:
    live.strike("hang", seconds=0.05)
    with pytest.raises(http.client.RemoteDisconnected):
        live.ask("GET", PATH)


def test_answer_is_cut_off(live: Live) -> None:
    live.strike("cut")
    with pytest.raises(http.client.IncompleteRead) as caught:
        live.ask("POST", PATH, {})
    assert len(caught.value.partial) > 0
    assert caught.value.expected is not None
    assert caught.value.expected > 0
    assert live.taken() == 1


def test_answer_is_slow_but_complete(live: Live) -> None:
    live.strike("slow", seconds=0.2)
    status, _unused = live.ask("GET", PATH)
    assert status == 200
    assert live.order("GET", "requests")["requests"][0]["duration"] >= 0.2


def test_body_arrives_byte_by_byte(live: Live) -> None:
    live.strike("trickle", seconds=0)
    status, content = live.ask("GET", PATH)
    assert status == 200
    assert json.loads(content)["results"] == []


def test_every_answer_can_be_delayed(live: Live) -> None:
    live.order("PATCH", "settings", {"delay_seconds": 0.1})
    live.ask("GET", PATH)
    assert live.order("GET", "requests")["requests"][0]["duration"] >= 0.1


def test_error_without_a_body_has_an_empty_body(live: Live) -> None:
    live.strike("status", status=503)
    assert live.ask("GET", PATH) == (503, b"")


def test_control_endpoints_answer(live: Live) -> None:
    assert live.order("POST", "faults", [{"kind": "drop"}])[0]["kind"] == "drop"
    assert [each["kind"] for each in live.order("GET", "faults")] == ["drop"]
    live.order("DELETE", "faults")
    assert live.order("GET", "faults") == []
    added = live.order("POST", "snapshots", {"cluster": "demo-replica", "status": "queued"})
    assert live.order("GET", "snapshots")["demo-replica"][0]["id"] == added["id"]
    assert live.order("PATCH", f"snapshots/{added['id']}", {"status": "failed"})["status"] == "failed"
    live.order("DELETE", f"snapshots/{added['id']}")
    assert live.taken() == 0
    job = live.order("POST", "restores", {"cluster": "demo-flex", "status": "running"})
    assert [each["id"] for each in live.order("GET", "restores")] == [job["id"]]
    assert live.order("PATCH", f"restores/{job['id']}", {"status": "completed"})["status"] == "completed"
    live.order("DELETE", f"restores/{job['id']}")
    assert live.order("GET", "restores") == []
    assert live.order("POST", "contents", {"cluster": "demo-replica", "text": "broken"})["text"] == "broken"
    assert live.order("GET", "contents")["demo-replica"]["text"] == "broken"
    assert live.order("POST", "clusters", {"name": "one"}) == ["one"]
    assert live.order("PATCH", "clusters/one", {"paused": True})["paused"] is True
    assert live.order("PATCH", "settings", {"seed": 3})["seed"] == 3
    assert live.order("POST", "reset", {"queued_seconds": 9.0})["seed"] == 0
    assert live.order("GET", "settings")["queued_seconds"] == 9
    live.ask("GET", PATH)
    assert live.order("GET", "requests")["count"] == 1
    live.order("DELETE", "requests")
    assert live.order("GET", "requests")["count"] == 0


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "faults", {"kind": "x"}),
        ("PATCH", "settings", {"x": 1}),
        ("POST", "snapshots", {}),
        ("POST", "reset", []),
    ],
)
def test_invalid_control_requests_answer_400_with_a_message(live: Live, method: str, path: str, body: Any) -> None:
    status, content = live.ask(method, f"/_simulator/{path}", body, {})
    assert status == 400
    assert json.loads(content)["error"]


def test_control_requests_are_not_logged(live: Live) -> None:
    live.strike("drop")
    live.order("GET", "settings")
    assert live.order("GET", "requests")["count"] == 0
