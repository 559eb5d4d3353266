# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Values that no client expects, in any place of a document and in any header."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from ansible_collections.mongodb_atlas.backup.tests.simulator.messages import Request
from ansible_collections.mongodb_atlas.backup.tests.unit.simulator.support import Atlas, code

HUGE = int("9" * 400)
TIMES = ["yesterday", "never", "", 0, -1, HUGE, None, True, [], {}, "9999-12-31T23:59:59Z", "2026-03-01T14:00:00+14:00"]
IDS = [5, "../..", "", None, [], {"id": "x"}, "A" * 24, "0" * 5000]
HEADERS = {
    "RateLimit-Limit": ["9" * 5000, "-1", "many", ""],
    "RateLimit-Remaining": ["9" * 5000, "-1", "none", "0.5"],
    "Retry-After": ["9" * 400, "-7", "soon", "Fri, 31 Dec 9999 23:59:59 GMT"],
    "Date": ["Fri, 31 Dec 9999 23:59:59 GMT", "yesterday", "", "0"],
}


@pytest.mark.parametrize("value", TIMES, ids=lambda value: repr(value)[:12])
@pytest.mark.parametrize("name", ["createdAt", "expiresAt", "storageSizeBytes", "status", "description", "links"])
def test_polled_snapshot_shows_the_absurd_value(name: str, value: Any) -> None:
    atlas = Atlas()
    path = atlas.snapshots("demo-replica", f"/{atlas.finished()}")
    atlas.service.faults.add({"kind": "replace_json", "match": {"step": "poll"}, "params": {"fields": {name: value}}})
    struck, later = atlas.get(path).json(), atlas.get(path).json()
    assert struck[name] == value
    assert later.get(name, "no description") != value
    assert later["id"] == struck["id"]


@pytest.mark.parametrize("value", IDS, ids=lambda value: repr(value)[:12])
def test_list_shows_the_absurd_id(value: Any) -> None:
    atlas = Atlas()
    right = [each["id"] for each in _results(atlas)]
    struck = _results(atlas, fields={"results.1.id": value})
    assert [each["id"] for each in struck] == [right[0], value, *right[2:]]


@pytest.mark.parametrize("value", [HUGE, -1, "soon", None, 0, []], ids=lambda value: repr(value)[:12])
def test_token_answer_shows_the_absurd_lifetime(value: Any) -> None:
    atlas = Atlas()
    atlas.service.faults.add({"kind": "replace_json", "params": {"fields": {"expires_in": value}}})
    client = base64.b64encode(b"demo-client-owner:not-a-real-client-secret-owner").decode()
    request = Request(
        "POST", "/api/oauth/token", {"Authorization": f"Basic {client}"}, b"grant_type=client_credentials"
    )
    answer = atlas.service.handle(request).json()
    assert (answer["expires_in"], answer["token_type"]) == (value, "Bearer")


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("links.0.href", lambda document: document["links"][0]["href"]),
        ("results.-1.status", lambda document: document["results"][-1]["status"]),
        ("results.2", lambda document: document["results"][2]),
        ("totalCount", lambda document: document["totalCount"]),
        ("new", lambda document: document["new"]),
    ],
)
def test_fields_fault_replaces_the_value_at_the_json_path(path: str, place: Any) -> None:
    atlas = Atlas()
    before = json.dumps(_document(atlas))
    assert place(_document(atlas, fields={path: "here"})) == "here"
    assert json.dumps(_document(atlas)) == before


@pytest.mark.parametrize("path", ["nosuch.id", "results.99.id", "results.first.id", "totalCount.id", "results.-99.id"])
def test_fields_fault_with_a_missing_json_path_changes_nothing(path: str) -> None:
    atlas = Atlas()
    assert _document(atlas, fields={path: "here"}, remove=[path]) == _document(atlas)


def test_star_in_a_path_selects_every_list_item() -> None:
    atlas = Atlas()
    assert {each["status"] for each in _results(atlas, fields={"results.*.status": "thawing"})} == {"thawing"}
    struck = _results(atlas, fields={"links.*.rel": 7}, each_result=True)
    assert {link["rel"] for each in struck for link in each["links"]} == {7}


def test_replace_json_removes_the_paths_in_remove() -> None:
    atlas = Atlas()
    struck = _document(atlas, remove=["results.0.status", "links.0", "results.1.nosuch"])
    assert "status" not in struck["results"][0]
    assert "status" in struck["results"][1]
    assert struck["links"] == []
    assert "results" in _document(atlas, remove=["results.*"])
    assert _document(atlas, remove=["results.*"])["results"] == []


@pytest.mark.parametrize("text", ["9" * 5000, "1e999", "NaN", '"\\ud800"', "[" * 2000, '{"a": 1, "a": 2}'])
def test_raw_text_is_inserted_unchanged(text: str) -> None:
    atlas = Atlas()
    atlas.service.faults.add({"kind": "replace_json", "params": {"raw": {"results.0.storageSizeBytes": text}}})
    assert f'"storageSizeBytes":{text},'.encode() in atlas.get(atlas.snapshots("demo-replica")).body


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in HEADERS.items() for value in values])
def test_headers_fault_sets_any_header(name: str, value: str) -> None:
    atlas = Atlas()
    right = atlas.get(atlas.snapshots("demo-replica"))
    struck = _with_headers(atlas, {name.lower(): value})
    assert {each.lower(): struck.headers[each] for each in struck.headers}[name.lower()] == value
    assert len(struck.headers) == len({**right.headers, name: value})
    assert (struck.status, struck.body) == (200, right.body)


@pytest.mark.parametrize("name", ["Date", "Content-Type", "RateLimit-Remaining", "date"])
def test_headers_fault_removes_any_header(name: str) -> None:
    atlas = Atlas()
    right = atlas.get(atlas.snapshots("demo-replica")).headers
    struck = _with_headers(atlas, {name: None}).headers
    assert set(struck) == {each for each in right if each.lower() != name.lower()}


def test_headers_fault_changes_an_error_answer_too() -> None:
    atlas = Atlas(backup_limit=0)
    assert _with_headers(atlas, {"Retry-After": "9" * 400}).headers["Retry-After"] == "9" * 400
    atlas = Atlas()
    order = {"kind": "status", "params": {"status": 503, "headers": {"Date": None, "Retry-After": "-1"}}}
    atlas.service.faults.add(order)
    answer = atlas.take()
    assert (answer.status, "Date" in answer.headers, answer.headers["Retry-After"]) == (503, False, "-1")


def test_send_date_false_removes_the_date_from_every_answer() -> None:
    atlas = Atlas(send_date=False)
    answers = [
        atlas.take(),
        atlas.get(atlas.snapshots("demo-replica")),
        atlas.get(atlas.snapshots("demo-replica"), headers={"Authorization": ""}),
        atlas.get("/nowhere"),
    ]
    atlas.service.faults.add({"kind": "status"})
    answers.append(atlas.take())
    atlas.service.faults.add({"kind": "stale_nonce"})
    answers.append(atlas.take())
    assert [answer.status for answer in answers] == [200, 200, 401, 404, 500, 401]
    assert not [answer for answer in answers if "Date" in answer.headers]


def test_settings_fault_applies_to_one_request_only() -> None:
    atlas = Atlas()
    atlas.service.faults.add({"kind": "settings", "params": {"retired": ["backup"]}})
    assert code(atlas.get(atlas.snapshots("demo-replica"))) == (410, "VERSION_GONE")
    assert atlas.get(atlas.snapshots("demo-replica")).status == 200
    atlas.service.faults.add({"kind": "settings", "params": {"in_progress_seconds": 600}})
    long, short = atlas.take().json()["id"], atlas.take("demo-sharded").json()["id"]
    atlas.moment += 10
    assert atlas.poll("demo-replica", long).json()["status"] == "inProgress"
    assert atlas.poll("demo-sharded", short).json()["status"] == "completed"


@pytest.mark.parametrize(
    ("params", "complaint"),
    [
        ({"speed": 1}, "cannot have speed"),
        ({"seed": 1}, "cannot have seed"),
        ({"send_date": False}, "cannot have send_date"),
        ({"list_pages": "some"}, "list_pages must be one of"),
    ],
)
def test_invalid_settings_in_a_fault_are_refused(params: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        Atlas().service.faults.add({"kind": "settings", "params": params})


@pytest.mark.parametrize(("trims", "kept"), [(True, "Before maintenance"), (False, " Before maintenance\n")])
def test_trim_descriptions_decides_about_white_space(trims: bool, kept: str) -> None:
    atlas = Atlas(trim_descriptions=trims)
    assert atlas.take(description=" Before maintenance\n").json()["description"] == kept
    assert "description" not in atlas.take("demo-sharded").json()


def _with_headers(atlas: Atlas, headers: dict[str, str | None]) -> Any:
    atlas.service.faults.add({"kind": "headers", "params": {"headers": headers}})
    return atlas.get(atlas.snapshots("demo-replica"))


def _document(atlas: Atlas, **params: Any) -> dict[str, Any]:
    """The list of snapshots, with these replacements."""
    if params:
        atlas.service.faults.add({"kind": "replace_json", "params": params})
    document: dict[str, Any] = atlas.get(atlas.snapshots("demo-replica")).json()
    return document


def _results(atlas: Atlas, **params: Any) -> list[dict[str, Any]]:
    results: list[dict[str, Any]] = _document(atlas, **params)["results"]
    return results
