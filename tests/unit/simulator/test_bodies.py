# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Bodies that are too large for a client: their content, and that they are generated while they are read."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from itertools import islice
from typing import Any

import pytest

from ansible_collections.mongodb_atlas.backup.tests.simulator.messages import Response
from ansible_collections.mongodb_atlas.backup.tests.unit.simulator.support import Atlas

MEGABYTE = 1024 * 1024


def test_huge_body_is_the_answer_with_padding() -> None:
    right, struck = _answers("huge", megabytes=3)
    body = b"".join(_pieces(struck))
    assert len(body) == int(struck.headers["Content-Length"]) > 3 * MEGABYTE
    assert _unpadded(body) == right.json()
    assert struck.headers["Content-Type"] == right.headers["Content-Type"]


def test_gzip_bomb_is_the_answer_with_padding_and_small_when_sent() -> None:
    right, struck = _answers("gzip_bomb", megabytes=3)
    sent = b"".join(_pieces(struck))
    assert len(sent) < 3 * MEGABYTE / 500
    assert struck.headers["Content-Encoding"] == "gzip"
    assert _unpadded(gzip.decompress(sent)) == right.json()


def test_endless_body_begins_as_an_answer_and_never_ends() -> None:
    _right, struck = _answers("endless", megabytes=3, seconds=0.5)
    body = b"".join(_pieces(struck))
    assert len(body) > 3 * MEGABYTE
    assert body.startswith(b'{"links":')
    with pytest.raises(json.JSONDecodeError, match="Unterminated string"):
        json.loads(body)
    assert (struck.delivery.kind, struck.delivery.seconds) == ("endless", 0.5)


@pytest.mark.parametrize(("kind", "megabytes"), [("huge", 32), ("gzip_bomb", 300), ("endless", 1000)])
def test_default_sizes_are_tens_to_thousands_of_megabytes(kind: str, megabytes: int) -> None:
    _right, struck = _answers(kind)
    # One piece of a bomb holds a megabyte.
    assert sum(len(piece) > 500 for piece in _pieces(struck)) > megabytes


@pytest.mark.parametrize("kind", ["huge", "gzip_bomb", "endless"])
def test_pieces_are_generated_when_they_are_read(kind: str) -> None:
    _right, struck = _answers(kind, megabytes=10**9)
    assert struck.body == b""
    for _unused in range(2):
        assert len(list(islice(_pieces(struck), 3))) == 3


@pytest.mark.parametrize("kind", ["huge", "gzip_bomb"])
def test_error_answers_are_padded_too(kind: str) -> None:
    atlas = Atlas()
    atlas.service.faults.add({"kind": kind, "params": {"megabytes": 1}, "times": 2})
    refused = atlas.take("demo-paused")
    assert refused.status == 409
    assert sum(map(len, _pieces(refused))) > 500
    deleted = atlas.ask("DELETE", atlas.snapshots("demo-replica", f"/{'0' * 24}"))
    assert deleted.status == 404


def test_early_hints_precede_the_complete_answer() -> None:
    atlas = Atlas()
    atlas.service.faults.add({"kind": "early_hints", "params": {"statuses": [102, 103, 103]}})
    answer = atlas.take()
    assert (answer.status, answer.json()["status"]) == (200, "queued")
    assert (answer.delivery.kind, answer.delivery.interim) == ("answer", (102, 103, 103))


@pytest.mark.parametrize(("kind", "seconds"), [("slow", 1), ("early_hints", 0), ("hang", 3600), ("gzip_bomb", 0)])
def test_delivery_takes_the_given_seconds(kind: str, seconds: float) -> None:
    _right, struck = _answers(kind)
    assert struck.seconds_on_the_way == seconds


def test_delivery_by_bytes_takes_the_seconds_for_each_byte() -> None:
    _right, struck = _answers("trickle", seconds=0.5)
    assert struck.seconds_on_the_way == 0.5 * len(struck.body)
    _right, struck = _answers("slow_headers", seconds=0.5)
    assert struck.seconds_on_the_way == 0.5 * len(struck.head())


def _answers(kind: str, **params: Any) -> tuple[Response, Response]:
    """A list without and with the fault."""
    atlas = Atlas()
    right = atlas.get(atlas.snapshots("demo-replica"))
    atlas.service.faults.add({"kind": kind, "params": params})
    return right, atlas.get(atlas.snapshots("demo-replica"))


def _pieces(answer: Response) -> Iterator[bytes]:
    assert answer.stream is not None
    return answer.stream()


def _unpadded(body: bytes) -> Any:
    document = json.loads(body)
    assert set(document.pop("padding")) == {"0"}
    return document
