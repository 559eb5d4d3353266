# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later


from __future__ import annotations

import json
import math
import tracemalloc
from datetime import datetime, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.clock import AtlasClock
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.messages import Answer, retry_after
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.parsing import (
    http_date,
    json_object,
    short_number,
)
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.rate_limit import RateLimit
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.fuzz import quick
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.loop import run

MB = 1024 * 1024

# A number that Python cannot compute with becomes null; everything else stays unchanged.
NUMBERS = {
    "1582854144": 1582854144,
    "-7": -7,
    "9" * 18: 10**18 - 1,
    "1.5": 1.5,
    "9" * 19: None,
    "9" * 400: None,
    "-" + "9" * 400: None,
    "9" * 5000: None,
    "1e999": None,
    "-1e999": None,
    "1" + "0" * 400 + ".0": None,
    "NaN": None,
    "Infinity": None,
    "-Infinity": None,
}


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("template", ['{"n": %s}', '{"n": [%s]}', '{"n": {"m": %s}}'])
def test_unusable_number_is_null(number: str, template: str) -> None:
    expected = json.loads(template % "0", parse_int=lambda _zero: NUMBERS[number])

    assert json_object((template % number).encode()) == expected


BODIES: dict[str, bytes] = {
    "empty": b"",
    "text": b"sorry",
    "list": b"[]",
    "null": b"null",
    "cut": b'{"a": ',
    "two": b"{}{}",
    "deep lists": b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "deep enough to overflow later": b'{"a": ' + b"[" * 60 + b"]" * 60 + b"}",
    "deep objects": b'{"a":' * 900 + b"1" + b"}" * 900,
    "NUL": b"{}\x00",
    "UTF-16": '{"a": "b"}'.encode("utf-16"),
}


@pytest.mark.parametrize("body", BODIES)
def test_body_other_than_an_object_is_none(body: str) -> None:
    assert json_object(BODIES[body]) is None


def test_lone_surrogates_become_printable_characters() -> None:
    document = json_object(b'{"\\ud800": ["\\udfff x", {"a": "\\ud83d\\ude00"}]}')

    assert document == {"\ufffd": ["\ufffd x", {"a": "\U0001f600"}]}


def test_invalid_utf_8_is_replaced_and_the_document_is_parsed() -> None:
    assert json_object(b'\xef\xbb\xbf{"errorCode": "X", "detail": "\xff"}') == {"errorCode": "X", "detail": "\ufffd"}


# Bodies within the size limit that would take far more memory as Python objects.
WIDE = {
    "empty lists": b"[]",
    "empty objects": b"{}",
    "objects": b'{"":0}',
    "numbers": b"999",
    "fractions": b"1.5",
    "short texts": b'"ab"',
    "wide characters": '"\U0001f600"'.encode(),
}


@pytest.mark.parametrize(
    ("piece", "megabytes"),
    [*((piece, 31) for piece in WIDE), ("numbers", 2), ("empty objects", 2), ("wide characters", 9)],
)
def test_no_document_exceeds_the_memory_of_a_module(piece: str, megabytes: int) -> None:
    count = megabytes * MB // (len(WIDE[piece]) + 1) - 10
    body = b'{"results": [' + (WIDE[piece] + b",") * count + WIDE[piece] + b"]}"
    tracemalloc.start()
    try:
        json_object(body)
        assert len(body) + tracemalloc.get_traced_memory()[1] < 150 * MB
    finally:
        tracemalloc.stop()


def test_large_answer_of_ordinary_documents_is_read() -> None:
    snapshot = {"id": "5f0c1d2e3b4a59687766aabb", "description": "x" * 1000, "members": [{"id": 1}], "size": 12345}
    body = json.dumps({"results": [snapshot] * 25_000}).encode()

    assert len(body) > 26 * MB
    assert len((json_object(body) or {})["results"]) == 25_000


@given(st.text() | st.from_regex(r"[A-Z][a-z]{2}, \d{1,9} [A-Z][a-z]{2} \d{1,9} \d{1,3}:\d\d:\d\d [+-]?\w{1,20}"))
@quick
def test_any_text_can_be_parsed_as_a_date(text: str) -> None:
    moment = http_date(text)

    assert moment is None or 1970 <= moment.year <= 2105


DATES = [
    "Fri, 31 Dec 9999 23:59:59 GMT",
    "Wed, 31 Dec 1969 23:59:59 GMT",
    "Thu, 01 Jan 2106 00:00:00 GMT",
    "Mon, 10 Aug 2026 03:26:42",
    "Mon, 10 Aug 2026 03:26:42 -0000",
    "Mon, 10 Aug 2026 03:26:42 +9999",
    "Mon, 10 Aug " + "9" * 400 + " 03:26:42 GMT",
    "9" * 5000,
    "\x00",
    ",",
    " ",
]


@pytest.mark.parametrize("date", DATES)
def test_date_out_of_range_is_ignored(date: str) -> None:
    async def work() -> datetime | None:
        clock = AtlasClock()
        clock.observe("Mon, 10 Aug 2026 03:26:42 GMT")
        clock.observe(date)
        return clock.now()

    assert run(work()) == datetime(2026, 8, 10, 3, 26, 42, tzinfo=timezone.utc)


@given(st.text(), st.text())
@quick
def test_any_text_can_be_parsed_as_a_rate_limit(limit: str, remaining: str) -> None:
    RateLimit().observe(limit, remaining)


LIMITS = ["9" * 5000, "-1", "1e9", "\u0661", "", " 5", "5,5", "NaN"]


@pytest.mark.parametrize("odd", LIMITS)
def test_invalid_number_in_a_header_is_ignored(odd: str) -> None:
    assert short_number(odd) is None


@pytest.mark.parametrize("asked", ["9" * 5000, "9" * 400, "99999999999"])
def test_absurd_retry_after_is_a_number_of_seconds(asked: str) -> None:
    wait = retry_after(Answer(429, {"retry-after": asked}, b""))

    assert wait is not None
    assert 86400 < wait < math.inf


@given(st.text(), st.text())
@quick
def test_any_text_can_be_parsed_as_retry_after(asked: str, date: str) -> None:
    wait = retry_after(Answer(503, {"retry-after": asked, "date": date}, b""))

    assert wait is None or 0 <= wait < math.inf


LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(max_size=3), VALUES, max_size=3))
@quick
def test_everything_that_was_read_can_be_written(document: dict[str, Any]) -> None:
    read = json_object(json.dumps(document).encode())

    json.dumps(read, allow_nan=False, ensure_ascii=False).encode()
