# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# The secrets of a task, and the filter that masks them in every output.

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote, quote_plus

MASK = "********"

# Longer pieces of a secret are masked.
_SHOWN_AT_MOST = 7
_GRAM = _SHOWN_AT_MOST + 1
# Every gram in a text contains a sample that starts at a multiple of the sample's length: a quick first test.
_SAMPLE = _GRAM // 2

_AUTHORIZATION = re.compile(r"(?i)\b(authorization\b\s*[:=].*|(?:bearer|basic)\s+[\w.~+/=-]{8,}|digest\s+username=.*)")
_LOWER = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")


class Secrets:
    """Every secret of a task, including those that are issued while it runs."""

    def __init__(self, hide: Callable[[str], None]) -> None:
        """hide: called with each secret, so that Ansible masks it in its own output."""
        self._hide = hide
        self._short: set[str] = set()
        self._grams: set[str] = set()
        self._samples: set[str] = set()

    def add(self, *secrets: str) -> None:
        """Mask these from now on, whole or in part, also in their encoded forms (URL, JSON, HTML, base64)."""
        for secret in secrets:
            for form in {secret, quote(_bytes(secret), safe="")} - {""}:
                self._hide(form)
                if len(form) < _GRAM:
                    self._short.add(form.translate(_LOWER))
            for form in {form.translate(_LOWER) for form in _forms(secret)}:
                self._grams.update(_pieces(form, _GRAM))
                self._samples.update(_pieces(form, _SAMPLE))

    def scrub(self, text: str) -> str:
        """The text with all parts of secrets, and everything that looks like an Authorization header, masked."""
        lower = text.translate(_LOWER)
        spans = [(at, at + _GRAM) for at in self._found(lower)]
        for short in self._short:
            spans += [(match.start(), match.end()) for match in re.finditer(re.escape(short), lower)]
        return _AUTHORIZATION.sub(MASK, _masked(text, sorted(spans)))

    def scrub_all(self, value: Any) -> Any:
        """A copy of a result in which every text is scrubbed."""
        if isinstance(value, str):
            return self.scrub(value)
        if isinstance(value, dict):
            return {key: self.scrub_all(each) for key, each in value.items()}
        return [self.scrub_all(each) for each in value] if isinstance(value, (list, tuple)) else value

    def _found(self, lower: str) -> list[int]:
        """Positions of grams of secrets. Most texts have none, which a test of every fourth position shows."""
        if not any(lower[at : at + _SAMPLE] in self._samples for at in range(0, len(lower), _SAMPLE)):
            return []
        return [at for at in range(len(lower) - _GRAM + 1) if lower[at : at + _GRAM] in self._grams]


def _pieces(text: str, size: int) -> Iterator[str]:
    return (text[at : at + size] for at in range(len(text) - size + 1))


def _masked(text: str, spans: list[tuple[int, int]]) -> str:
    parts: list[str] = []
    shown_up_to = 0
    for begin, end in spans:
        if begin > shown_up_to or not parts:
            parts += [text[shown_up_to:begin], MASK]
        shown_up_to = max(shown_up_to, end)
    return "".join([*parts, text[shown_up_to:]])


def _bytes(secret: str) -> bytes:
    # An environment variable can contain a lone surrogate, which UTF-8 cannot encode.
    return secret.encode("utf-8", "surrogatepass")


def _forms(secret: str) -> Iterator[str]:
    """The secret as it is, and encoded for a URL, HTML, JSON, Python or a header."""
    data = _bytes(secret)
    yield secret
    yield from (quote(data, safe=""), quote(data), quote_plus(data))
    for in_json in (json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1]):
        yield from (in_json, in_json.replace("/", "\\/"))
    in_html = html.escape(secret)
    yield from (
        in_html,
        in_html.replace("&#x27;", "&#39;").replace("&quot;", "&#34;"),
        html.escape(secret, quote=False),
    )
    yield from (repr(secret)[1:-1], data.hex())
    for offset in range(3):
        for in_base64 in _in_base64(data, offset):
            yield from (in_base64, in_base64.replace("+", "-").replace("/", "_"))


def _in_base64(data: bytes, offset: int) -> tuple[str, str]:
    """Base64 of the secret after offset other bytes: at the end of the text, and before further bytes."""
    encoded = base64.b64encode(bytes(offset) + data).decode().rstrip("=")
    # The first characters, and often the last one, also encode bits of the neighbouring bytes.
    own = encoded[(0, 2, 3)[offset] :]
    return own, own[:-1]
