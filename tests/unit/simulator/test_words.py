# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Words that must not reach a terminal: control characters, and secrets that an error page repeats."""

from __future__ import annotations

import re

import pytest

from ansible_collections.mongodb_atlas.backup.tests.unit.simulator.support import CLUSTERS, GROUPS, Atlas, code

CONTROLS = {
    "ESC": "\x1b[2J\x1b]0;title\x07",
    "BEL": "\x07",
    "CR": "all is well\rnothing is",
    "NUL": "a\0b",
    "C1": "\x9b31m\x85",
    "bidi": "\u202egnp.exe\u2066\u2069",
    "DEL": "\x7f",
}


@pytest.fixture(params=CONTROLS.values(), ids=CONTROLS)
def word(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


@pytest.mark.parametrize("place", ["detail", "reason"])
def test_error_fault_sends_any_word(word: str, place: str) -> None:
    atlas = Atlas()
    atlas.service.faults.add({"kind": "status", "params": {"error_code": "CLUSTER_NOT_FOUND", place: word}})
    answer = atlas.take()
    assert code(answer) == (404, "CLUSTER_NOT_FOUND")
    assert answer.json()[place] == word
    assert answer.json()["error"] == 404


def test_invalid_error_code_is_omitted_from_the_header(word: str) -> None:
    atlas = Atlas()
    atlas.service.faults.add({"kind": "status", "params": {"status": 400, "error_code": word}})
    answer = atlas.take()
    assert (answer.json()["errorCode"], "X-Error-Code" in answer.headers) == (word, False)


def test_refusal_repeats_any_word(word: str) -> None:
    atlas = Atlas()
    atlas.service.faults.add({"kind": "replace_json", "params": {"fields": {"detail": word, "parameters.0": word}}})
    answer = atlas.take("demo-paused")
    assert code(answer) == (409, "CANNOT_UPDATE_PAUSED_CLUSTER")
    assert (answer.json()["detail"], answer.json()["parameters"]) == (word, [word])


def test_description_is_kept_as_sent(word: str) -> None:
    atlas = Atlas()
    snapshot_id = atlas.take(description=word).json()["id"]
    assert atlas.poll("demo-replica", snapshot_id).json()["description"] == word


def test_status_can_be_any_word(word: str) -> None:
    atlas = Atlas()
    atlas.service.faults.add({"kind": "unknown_status", "params": {"word": word}})
    assert atlas.take().json()["status"] == word


@pytest.mark.parametrize(("path", "field"), [("clusters/demo-replica", "name"), ("clusters/demo-replica", "stateName")])
def test_cluster_fields_can_be_any_word(word: str, path: str, field: str) -> None:
    atlas = Atlas()
    atlas.service.faults.add({"kind": "replace_json", "params": {"fields": {field: word}}})
    assert atlas.get(f"{atlas.group}/{path}", version=CLUSTERS).json()[field] == word


def test_project_name_can_be_any_word(word: str) -> None:
    atlas = Atlas()
    atlas.service.faults.add({"kind": "replace_json", "params": {"fields": {"results.0.name": word}}})
    assert atlas.get("/api/atlas/v2/groups", version=GROUPS).json()["results"][0]["name"] == word


def test_error_page_can_have_any_bytes(word: str) -> None:
    atlas = Atlas()
    atlas.service.faults.add({"kind": "status", "params": {"status": 502, "body": f"<title>{word}</title>"}})
    assert atlas.take().body == f"<title>{word}</title>".encode()


@pytest.mark.parametrize("before", [0, 1, 20, 60, 80, 500])
def test_error_page_repeats_the_token_after_other_text(before: int) -> None:
    atlas = Atlas()
    atlas.service.faults.add({"kind": "echo", "params": {"before": before}})
    answer = atlas.take()
    assert (answer.status, answer.headers["Content-Type"]) == (502, "text/html")
    found = re.search(r"<title>(.*)</title>", answer.body.decode())
    assert found is not None
    assert found[1][before:] == f"Bearer {atlas.token()}"
    assert len(found[1]) == before + len("Bearer ") + len(atlas.token())


def test_token_crosses_the_80th_character_by_default() -> None:
    atlas = Atlas()
    atlas.service.faults.add({"kind": "echo"})
    title = atlas.take().body.decode().partition("<title>")[2]
    begins = title.index(atlas.token())
    assert begins < 80 < begins + len(atlas.token())


def test_refusal_repeats_the_token_in_its_detail() -> None:
    atlas = Atlas()
    atlas.service.faults.add({"kind": "echo", "params": {"place": "detail", "status": 403}})
    answer = atlas.take()
    assert code(answer) == (403, "UNEXPECTED_ERROR")
    assert answer.json()["detail"].endswith(f"Bearer {atlas.token()}")
    assert answer.json()["error"] == 403
