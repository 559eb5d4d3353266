# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Faults apply to the right requests, as often as ordered, with the request executed or not."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.mongodb_atlas.backup.tests.simulator.effects import AS_SERVED, INSTEAD, UPON
from ansible_collections.mongodb_atlas.backup.tests.simulator.kinds import KINDS
from ansible_collections.mongodb_atlas.backup.tests.simulator.problems import CATALOGUE
from ansible_collections.mongodb_atlas.backup.tests.unit.simulator.support import CLUSTERS, Atlas, code

# Kind -> whether the request is executed nevertheless, how its answer is delivered, and the seconds that takes.
EFFECTS = {
    "status": (False, "answer", 0.0),
    "lost_answer": (True, "drop", 0.0),
    "reset": (False, "reset", 0.0),
    "drop": (False, "drop", 0.0),
    "hang": (False, "hang", 3600.0),
    "hang_after": (True, "hang", 3600.0),
    "cut": (True, "cut", 0.0),
    "garbled": (True, "answer", 0.0),
    "slow": (True, "answer", 1.0),
    "trickle": (True, "trickle", 0.05),
    "redirect": (False, "answer", 0.0),
    "stale_nonce": (False, "answer", 0.0),
    "unauthorized": (False, "answer", 0.0),
    "passing_404": (False, "answer", 0.0),
    "unknown_status": (True, "answer", 0.0),
    "replace_json": (True, "answer", 0.0),
    "headers": (True, "answer", 0.0),
    "settings": (True, "answer", 0.0),
    "wrong_document": (True, "answer", 0.0),
    "echo": (False, "answer", 0.0),
    "slow_headers": (True, "slow_headers", 0.05),
    "early_hints": (True, "answer", 0.0),
    "huge": (True, "stream", 0.0),
    "gzip_bomb": (True, "stream", 0.0),
    "endless": (True, "endless", 0.0),
}


def test_every_kind_is_in_the_effects() -> None:
    assert set(KINDS) == set(EFFECTS)
    assert set(KINDS) == set(INSTEAD) | set(UPON) | set(AS_SERVED) | {"stale_nonce", "unauthorized", "echo"}


@pytest.mark.parametrize(("kind", "effect"), EFFECTS.items())
def test_fault_decides_whether_a_take_is_executed_and_how_its_answer_is_delivered(
    kind: str, effect: tuple[bool, str, float]
) -> None:
    atlas = _struck(kind, match={"step": "take"})
    delivery = atlas.take().delivery
    assert (_count(atlas) == 1, delivery.kind, delivery.seconds) == effect


@pytest.mark.parametrize("kind", ["status", "reset", "garbled", "redirect", "echo", "huge", "gzip_bomb", "endless"])
def test_work_can_be_set_where_both_values_make_sense(kind: str) -> None:
    for done in (True, False):
        atlas = _struck(kind, match={"step": "take"}, work=done)
        atlas.take()
        assert _count(atlas) == int(done)


@pytest.mark.parametrize("kind", ["hang", "hang_after", "slow", "trickle", "slow_headers", "endless"])
def test_delay_can_be_set(kind: str) -> None:
    assert _struck(kind, params={"seconds": 7}).take().delivery.seconds == 7


@pytest.mark.parametrize("error_code", sorted(CATALOGUE))
def test_every_error_code_can_be_set(error_code: str) -> None:
    answer = _struck("status", params={"error_code": error_code}).take()
    assert code(answer) == (CATALOGUE[error_code][0], error_code)
    assert answer.json()["error"] == answer.status
    assert "{" not in answer.json()["detail"]


def test_status_fault_sets_status_body_and_headers() -> None:
    html = _struck("status", params={"status": 503, "body": "<h1>Busy</h1>", "headers": {"Retry-After": "7"}}).take()
    assert (html.status, html.body, html.headers["Content-Type"]) == (503, b"<h1>Busy</h1>", "text/html")
    assert html.headers["Retry-After"] == "7"
    empty = _struck("status", params={"status": 502}).take()
    assert (empty.status, empty.body) == (502, b"")
    both = _struck("status", params={"status": 599, "error_code": "SOMETHING_NEW", "parameters": ["x"]}).take()
    assert code(both) == (599, "SOMETHING_NEW")
    assert both.json()["parameters"] == ["x"]


def test_garbled_answer_is_not_json_or_the_given_text() -> None:
    answer = _struck("garbled").take()
    assert answer.status == 200
    with pytest.raises(json.JSONDecodeError):
        answer.json()
    assert _struck("garbled", params={"body": "[]"}).take().json() == []


def test_redirect_has_the_given_location() -> None:
    answer = _struck("redirect", params={"status": 307, "location": "https://other.invalid/x"}).take()
    assert (answer.status, answer.headers["Location"]) == (307, "https://other.invalid/x")


def test_unauthorized_and_stale_nonce_are_challenges() -> None:
    for kind in ("stale_nonce", "unauthorized"):
        assert _struck(kind).take().status == 401


def test_passing_404_ends_after_its_times() -> None:
    atlas = Atlas()
    snapshot_id = atlas.finished()
    atlas.service.faults.add({"kind": "passing_404", "match": {"step": "poll"}, "times": 2})
    assert [atlas.poll("demo-replica", snapshot_id).status for _unused in range(3)] == [404, 404, 200]
    coded = _struck("passing_404", params={"error_code": "CLUSTER_NOT_FOUND"}).take()
    assert code(coded) == (404, "CLUSTER_NOT_FOUND")


def test_unknown_status_appears_in_a_snapshot_and_in_lists() -> None:
    atlas = Atlas()
    snapshot_id = atlas.finished()
    atlas.service.faults.add({"kind": "unknown_status", "times": 2, "params": {"word": "thawing"}})
    assert atlas.poll("demo-replica", snapshot_id).json()["status"] == "thawing"
    listed = atlas.get(atlas.snapshots("demo-replica")).json()
    assert {each["status"] for each in listed["results"]} == {"thawing"}
    assert atlas.poll("demo-replica", snapshot_id).json()["status"] == "completed"


def test_replace_json_replaces_and_removes_fields() -> None:
    params = {"fields": {"id": 5, "extra": None}, "remove": ["status"]}
    document = _struck("replace_json", params=params).take().json()
    assert (document["id"], document["extra"]) == (5, None)
    assert "status" not in document
    listed = _struck("replace_json", params={"fields": {"x": 1}, "each_result": True}, match={"step": "list"})
    assert {each["x"] for each in listed.get(listed.snapshots("demo-paused")).json()["results"]} == {1}


def test_skip_and_times_count_matching_requests() -> None:
    atlas = _struck("status", match={"step": "list"}, skip=1, times=2, params={"status": 500})
    statuses = []
    for _unused in range(5):
        statuses.append(atlas.get(atlas.snapshots("demo-replica")).status)
        atlas.get(f"{atlas.group}/clusters", version=CLUSTERS)
    assert statuses == [200, 500, 500, 200, 200]


def test_times_null_means_always() -> None:
    atlas = _struck("status", times=None, params={"status": 500})
    assert {atlas.take().status for _unused in range(20)} == {500}


def test_first_fault_that_is_due_applies() -> None:
    atlas = _struck("status", params={"status": 500})
    atlas.service.faults.add({"kind": "status", "params": {"status": 501}})
    assert [atlas.take().status for _unused in range(3)] == [500, 501, 200]


@pytest.mark.parametrize(
    ("match", "struck"),
    [
        ({}, ["take", "list", "page 2", "poll", "delete", "clusters", "cluster"]),
        ({"method": "POST"}, ["take"]),
        ({"method": "GET"}, ["list", "page 2", "poll", "clusters", "cluster"]),
        ({"step": "take"}, ["take"]),
        ({"step": "list"}, ["list", "page 2"]),
        ({"step": "list", "page": 2}, ["page 2"]),
        ({"step": "poll"}, ["poll"]),
        ({"step": "delete"}, ["delete"]),
        ({"step": "clusters"}, ["clusters"]),
        ({"step": "cluster"}, ["cluster"]),
        ({"path": "/snapshots/0+$"}, ["poll", "delete"]),
        ({"path": "pageNum=2"}, ["page 2"]),
        ({"step": "token"}, []),
    ],
)
def test_match_selects_the_requests(match: dict[str, Any], struck: list[str]) -> None:
    atlas = _struck("status", match=match, times=None, params={"status": 599})
    one = atlas.snapshots("demo-replica", f"/{'0' * 24}")
    answers = {
        "take": atlas.take(),
        "list": atlas.get(atlas.snapshots("demo-replica")),
        "page 2": atlas.get(atlas.snapshots("demo-replica") + "?pageNum=2"),
        "poll": atlas.get(one),
        "delete": atlas.ask("DELETE", one),
        "clusters": atlas.get(f"{atlas.group}/clusters", version=CLUSTERS),
        "cluster": atlas.get(f"{atlas.group}/clusters/demo-replica", version=CLUSTERS),
    }
    assert [name for name, answer in answers.items() if answer.status == 599] == struck


def test_unsigned_requests_match_only_if_signed_is_false() -> None:
    unsigned = {"Authorization": ""}
    atlas = _struck("status", params={"status": 500})
    path = atlas.snapshots("demo-replica")
    assert atlas.get(path, headers=unsigned).status == 401
    assert atlas.get(path).status == 500
    atlas = _struck("status", match={"signed": False}, params={"status": 500})
    assert atlas.get(path).status == 200
    assert atlas.get(path, headers=unsigned).status == 500


@pytest.mark.parametrize(
    ("order", "complaint"),
    [
        ({}, "kind must be one of"),
        ({"kind": "nonsense"}, "kind must be one of"),
        ({"kind": "drop", "matches": {}}, "cannot have matches"),
        ({"kind": "drop", "match": {"url": "x"}}, "cannot have url"),
        ({"kind": "drop", "match": {"step": "x"}}, "step must be one of"),
        ({"kind": "drop", "match": {"path": "("}}, "not a regular expression"),
        ({"kind": "drop", "params": {"seconds": 1}}, "cannot have seconds"),
        ({"kind": "drop", "times": -1}, "times must be"),
        ({"kind": "drop", "skip": "x"}, "skip must be"),
        ({"kind": "drop", "work": True}, "work of drop is always false"),
        ({"kind": "cut", "work": False}, "work of cut is always true"),
        ({"kind": "early_hints", "params": {"statuses": [101]}}, "statuses must be from 100 to 199"),
        ({"kind": "echo", "params": {"place": "footer"}}, "place must be one of title, detail"),
        ({"kind": "headers", "params": {"headers": {"Date": "a\r\nb"}}}, "header 'Date' cannot be sent"),
        ({"kind": "status", "params": {"headers": {"Date\n": "a"}}}, "cannot be sent"),
        ({"kind": "headers", "params": {"headers": ["Date"]}}, "headers must be a JSON object"),
    ],
)
def test_invalid_faults_are_refused(order: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        Atlas().service.faults.add(order)


def test_journal_records_requests_and_faults() -> None:
    atlas = _struck("lost_answer", match={"step": "take"})
    atlas.take()
    atlas.get(atlas.snapshots("demo-replica") + "?pageNum=2", role="read_only", connection="seven")
    atlas.get(atlas.snapshots("demo-replica"), headers={"Authorization": ""})
    document = atlas.service.journal.document()
    assert document["count"] == 3
    assert document["by_step"] == {"take": 1, "list": 2}
    assert document["by_status"] == {"None": 1, "200": 1, "401": 1}
    first, second, third = document["requests"]
    assert (first["seq"], first["status"], first["fault"], first["caller"]) == (1, None, "lost_answer", "owner")
    assert (second["connection"], second["query"], second["caller"]) == ("seven", {"pageNum": "2"}, "read_only")
    assert (third["signed"], third["caller"]) == (False, None)
    atlas.service.journal.clear()
    atlas.take()
    assert [each["seq"] for each in atlas.service.journal.document()["requests"]] == [4]


def _struck(kind: str, **order: Any) -> Atlas:
    """An Atlas without history, with this one fault."""
    atlas = Atlas()
    for cluster in atlas.service.world.all_clusters():
        if cluster.name != "demo-paused":
            cluster.snapshots.clear()
    atlas.service.faults.add({"kind": kind, **order})
    return atlas


def _count(atlas: Atlas) -> int:
    clusters = {each.name: each for each in atlas.service.world.all_clusters()}
    return len(clusters["demo-replica"].snapshots)
