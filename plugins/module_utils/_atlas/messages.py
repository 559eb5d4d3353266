# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# An HTTP request and its answer, independent of the HTTP library. Error answers become exceptions here.

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from .errors import AtlasError, NoAnswer, RequestRefused
from .json_values import object_in, objects_in
from .parsing import Document, http_date, json_object

# Longer than any task may wait. Seconds.
LONGEST_WAIT = 10 * 365 * 86400.0
# Limits on the text of an answer that a message quotes: characters, characters of a code, and fields.
_LONGEST_WORDS = 1000
_LONGEST_CODE = 100
_MOST_FIELDS = 10
_TITLE = re.compile(r"<title[^>]*>(.*?)</title>", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True)
class Request:
    """A request; signed() adds its Authorization header."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None

    def signed(self, authorization: str | None) -> Request:
        """The same request with this Authorization header; None leaves it as it is."""
        return replace(self, headers={**self.headers, "Authorization": authorization}) if authorization else self


@dataclass(frozen=True)
class Answer:
    """An answer; header names are in lower case.

    unreadable: a description of a body that could not be read; body is empty then.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    unreadable: str = ""

    @cached_property
    def document(self) -> Document | None:
        """The body as a JSON object, None if it is not one."""
        return json_object(self.body)

    def with_document(self, document: Document) -> Answer:
        """A copy with the parsed document but without the raw body, which saves memory."""
        answer = replace(self, body=b"", unreadable="")
        answer.__dict__["document"] = document
        return answer

    @property
    def is_atlas(self) -> bool:
        """Whether this surely comes from Atlas and not from a proxy: only then is its Date header Atlas's clock."""
        return self.status == 204 or self.document is not None


def retry_after(answer: Answer) -> float | None:
    """The Retry-After header in seconds, None without one; a date in it counts from the answer's Date header."""
    value = answer.headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit():
        return min(float(value), LONGEST_WAIT)
    then, sent = http_date(value), http_date(answer.headers.get("date"))
    return max(0.0, (then - sent).total_seconds()) if then and sent else None


def checked(answer: Answer, expected: int, scrub: Callable[[str], str] = str) -> dict[str, Any]:
    """The JSON object of an answer with the expected status, {} for 204.

    scrub: removes secrets from text of the answer that a message quotes.
    Raises RequestRefused for an error status, NoAnswer if the body is not a JSON object.
    """
    if answer.status != expected:
        raise refusal(answer, scrub)
    if answer.status == 204:
        return {}
    if answer.document is None:
        raise NoAnswer(
            f"Atlas answered {answer.status} with {_what_it_is(answer, scrub)} instead of JSON",
            "Run this again: a proxy may have cut or replaced the answer.",
        )
    return answer.document


def refusal(answer: Answer, scrub: Callable[[str], str] = str) -> AtlasError:
    """The exception for an answer with an unexpected status."""
    if 300 <= answer.status < 400:
        return _redirect(answer, scrub)
    said: dict[str, Any] = answer.document or {}
    error_code = said.get("errorCode") or answer.headers.get("x-error-code")
    return RequestRefused(
        answer.status,
        error_code=_words(error_code, scrub, _LONGEST_CODE) if error_code else None,
        detail=_words(said.get("detail") or said.get("reason") or "", scrub) if said else _what_it_is(answer, scrub),
        fields=tuple(_fields(said.get("badRequestDetail"), scrub)),
        readable=answer.document is not None or bool(error_code),
        retry_after=retry_after(answer),
    )


def _redirect(answer: Answer, scrub: Callable[[str], str]) -> AtlasError:
    target = _words(answer.headers.get("location", "").partition("?")[0], scrub) or "nowhere"
    return AtlasError(
        f"The server answered {answer.status} and points to {target}; redirects are not followed",
        "Set base_url to the address of the service itself, or fix the proxy that redirects.",
        status_code=answer.status,
    )


def _what_it_is(answer: Answer, scrub: Callable[[str], str]) -> str:
    """A short description of a body that is not JSON; the title of an HTML page often explains the error."""
    if answer.unreadable or not answer.body:
        return answer.unreadable or "an empty body"
    title = _TITLE.search(answer.body[:10000].decode("utf-8", "replace"))
    kind = _words(answer.headers.get("content-type", "").partition(";")[0], scrub, 80) or "unknown type"
    words = _words(" ".join(title.group(1).split()), scrub, 80) if title else ""
    return f"{len(answer.body)} bytes of {kind}" + (f' titled "{words}"' if words else "")


def _words(said: Any, scrub: Callable[[str], str], longest: int = _LONGEST_WORDS) -> str:
    """Text of the answer to quote in a message. Scrubbed before it is cut: half a secret would not be found."""
    words = scrub(str(said))
    return words if len(words) <= longest else f"{words[:longest]}..."


def _fields(detail: Any, scrub: Callable[[str], str]) -> list[tuple[str, str]]:
    violations = objects_in(object_in(detail).get("fields"))
    return [
        (_words(one.get("field"), scrub, _LONGEST_CODE), _words(one.get("description"), scrub, _LONGEST_CODE))
        for one in violations[:_MOST_FIELDS]
    ]
