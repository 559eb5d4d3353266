# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.errors import (
    AtlasError,
    NoAnswer,
    RequestRefused,
)
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.messages import (
    Answer,
    checked,
    refusal,
    retry_after,
)
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.secrets import Secrets
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.answers import answer, html, ok, refused
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.fuzz import json_values, quick
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.times import http_date


def refused_as(given_answer: Answer) -> RequestRefused:
    error = refusal(given_answer)
    assert isinstance(error, RequestRefused)
    return error


def test_expected_answer_is_its_document() -> None:
    assert checked(ok({"id": "x"}), 200) == {"id": "x"}
    assert checked(answer(204), 204) == {}


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "an empty body"),
        (b'{"id": "6a79', "12 bytes of application/json"),
        (b"[]", "2 bytes of application/json"),
        (b"null", "4 bytes of application/json"),
        (b"\xff\xfe", "2 bytes of application/json"),
        (b"[" * 100000, "100000 bytes of application/json"),
        (b"<html><TITLE lang='en'>\n Log  in </TITLE>", 'titled "Log in"'),
    ],
)
def test_body_other_than_a_json_object_counts_as_no_answer(body: bytes, words: str) -> None:
    with pytest.raises(NoAnswer, match="instead of JSON") as caught:
        checked(answer(200, body, content_type="application/json;charset=utf-8"), 200)
    assert words in str(caught.value)
    assert "Run this again" in caught.value.hint


def test_error_document_is_shown_completely() -> None:
    document = {
        "error": 400,
        "errorCode": "VALIDATION_ERROR",
        "reason": "Bad Request",
        "detail": "Validation failed.",
        "badRequestDetail": {"fields": [{"field": "retentionInDays", "description": "must be at least 1"}, "odd"]},
    }
    error = refused_as(answer(400, json.dumps(document).encode(), retry_after="7"))

    assert (error.status_code, error.error_code, error.detail) == (400, "VALIDATION_ERROR", "Validation failed.")
    assert error.fields == (("retentionInDays", "must be at least 1"),)
    assert error.readable
    assert error.retry_after == 7
    assert str(error) == (
        "Atlas answered 400 VALIDATION_ERROR: Validation failed (retentionInDays: must be at least 1). "
        "Correct the option that Atlas names and run this again."
    )


@pytest.mark.parametrize("detail", [None, "text", {"fields": None}, {"fields": {"field": "x"}}, {}])
def test_invalid_field_violations_are_ignored(detail: Any) -> None:
    assert refused_as(answer(400, json.dumps({"badRequestDetail": detail}).encode())).fields == ()


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({"errorCode": "X", "detail": None, "reason": "Not Found"}, "Atlas answered 404 X: Not Found"),
        ({"errorCode": "X", "detail": "", "reason": None}, "Atlas answered 404 X"),
        ({"errorCode": None, "detail": "Gone."}, "Atlas answered 404: Gone"),
        ({}, "Atlas answered 404: 2 bytes of application/json"),
    ],
)
def test_null_and_missing_values_are_not_shown(document: dict[str, Any], message: str) -> None:
    assert refused_as(answer(404, json.dumps(document).encode(), content_type="application/json")).message == message


def test_code_may_be_in_the_header_only() -> None:
    error = refused_as(answer(404, b"", x_error_code="SNAPSHOT_NOT_FOUND"))

    assert error.error_code == "SNAPSHOT_NOT_FOUND"
    assert error.readable


@pytest.mark.parametrize(
    ("given_answer", "words"),
    [(html(503), 'titled "Bad gateway"'), (answer(503), "an empty body"), (answer(503, b"{"), "1 bytes")],
)
def test_error_without_a_document_is_unreadable(given_answer: Answer, words: str) -> None:
    error = refused_as(given_answer)

    assert not error.readable
    assert words in error.message
    assert "temporary problem" in error.hint


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_redirect_shows_its_target_without_the_query(status: int) -> None:
    error = refusal(answer(status, location="https://login.example/start?ticket=abc"))

    assert not isinstance(error, RequestRefused)
    assert "points to https://login.example/start;" in error.message
    assert "abc" not in str(error)
    assert error.status_code == status
    assert "base_url" in error.hint


def test_redirect_may_have_no_target() -> None:
    assert "nowhere" in refusal(answer(302)).message


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0),
        ("30", 30),
        (" 30 ", 30),
        (http_date(90), 90),
        (http_date(-90), 0),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("²", None),
        ("Mon, 10 Aug 2026 03:26:42 +99999999999999999999", None),
    ],
)
def test_retry_after_is_seconds_or_a_time_relative_to_the_date(value: str, seconds: float | None) -> None:
    assert retry_after(answer(429, retry_after=value, date=http_date(0))) == seconds


def test_retry_after_as_a_time_needs_a_date() -> None:
    assert retry_after(answer(503, retry_after=http_date(90))) is None
    assert retry_after(answer(503)) is None


@pytest.mark.parametrize(
    ("given_answer", "expected"),
    [(ok({}), True), (answer(204), True), (refused(401), True), (html(503), False), (answer(200, b"[]"), False)],
)
def test_only_a_document_or_204_is_surely_from_atlas(given_answer: Answer, expected: bool) -> None:
    assert given_answer.is_atlas is expected


@quick
@given(
    status=st.integers(100, 599),
    body=st.binary(max_size=40) | json_values.map(lambda value: json.dumps(value).encode()),
    keys=st.dictionaries(
        st.sampled_from(["errorCode", "detail", "reason", "parameters", "badRequestDetail"]), json_values
    ),
    headers=st.dictionaries(
        st.sampled_from(["retry-after", "date", "location", "x-error-code", "content-type"]),
        st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=30),
    ),
)
def test_any_answer_raises_no_other_error(
    status: int, body: bytes, keys: dict[str, Any], headers: dict[str, str]
) -> None:
    for each in (body, json.dumps(keys).encode()):
        with contextlib.suppress(AtlasError):
            assert isinstance(checked(Answer(status, headers, each), 200), dict)


# Every part of an answer that a message may repeat, with a text in it.
ECHOES: dict[str, Callable[[str], Answer]] = {
    "detail": lambda text: refused(400, "X", text),
    "reason": lambda text: answer(400, json.dumps({"errorCode": "X", "reason": text}).encode()),
    "error code": lambda text: refused(400, text),
    "code in a header": lambda text: answer(400, b"", x_error_code=text),
    "field": lambda text: invalid(field=text, description="odd"),
    "description": lambda text: invalid(field="x", description=text),
    "title": lambda text: html(502, text),
    "title of a success": lambda text: html(200, text),
    "content type": lambda text: answer(502, b"sorry", content_type=text),
    "redirect": lambda text: answer(302, b"", location=f"https://elsewhere.example/{text}"),
}


def invalid(**field: str) -> Answer:
    return answer(400, json.dumps({"errorCode": "X", "badRequestDetail": {"fields": [field]}}).encode())


def message(given: Answer, *secrets: str) -> AtlasError:
    known = Secrets(lambda _secret: None)
    known.add(*secrets)
    with pytest.raises(AtlasError) as caught:
        checked(given, 200, known.scrub)
    return caught.value


SECRET = "mdb_sa_sk_Qx7/pVw2+Zt&9\"kLm'4Rn=8Yb"
LENGTHS = (1, 8, 20, 33, 500)
every_echo = pytest.mark.parametrize("echo", ECHOES)


@every_echo
@pytest.mark.parametrize("before", [0, 40, 60, 70, 75, 79, 90, 960, 999])
def test_truncated_text_shows_no_part_of_a_secret(echo: str, before: int) -> None:
    for length in LENGTHS:
        error = message(ECHOES[echo]("x" * before + SECRET[:length] + "y" * 50), SECRET)
        shown = f"{error} {error.error_code}"

        assert not [at for at in range(len(SECRET) - 7) if SECRET[at : at + 8] in shown]


# Characters that control a terminal, or the direction of text.
CONTROLS = [
    "\x1b",
    "\x07",
    "\r",
    "\n",
    "\x00",
    "\x08",
    "\x7f",
    "\x85",
    "\x9b",
    "\u202e",
    "\u2066",
    "\u200f",
    "\u2028",
    "\ufeff",
]


@every_echo
@pytest.mark.parametrize("control", CONTROLS)
def test_control_characters_are_shown_escaped(echo: str, control: str) -> None:
    error = message(ECHOES[echo](f"before{control}[31mafter"))

    assert str(error).isprintable()
    assert (error.error_code or "").isprintable()
    if control not in "\r\n\x85\u2028" or "title" not in echo:
        assert control.encode("unicode_escape").decode() in str(error)


@every_echo
def test_long_texts_are_truncated(echo: str) -> None:
    assert len(str(message(ECHOES[echo]("x" * 100_000)))) < 3000
