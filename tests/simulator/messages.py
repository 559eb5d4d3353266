# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The requests and responses of the service, independent of any web framework."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from .problems import reason


@dataclass(frozen=True)
class Request:
    """One HTTP request; target is path and query exactly as sent, because Digest signs those bytes."""

    method: str
    target: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    connection: str = "in-process"
    peer: str = "127.0.0.1"
    scheme: str = "http"

    @cached_property
    def path(self) -> str:
        return urlsplit(self.target).path

    @cached_property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.target).query, keep_blank_values=True))

    @cached_property
    def _lowered(self) -> dict[str, str]:
        return {name.lower(): value for name, value in self.headers.items()}

    def header(self, name: str) -> str:
        """The value of a header, with a case-insensitive name; empty if it was not sent."""
        return self._lowered.get(name.lower(), "")

    @property
    def base_url(self) -> str:
        return f"{self.scheme}://{self.header('Host') or 'localhost'}"


@dataclass(frozen=True)
class Delivery:
    """How an answer is sent; seconds is the delay before it.

    kind: a whole answer (answer), none (drop, reset, hang), half of one (cut), byte by byte (trickle, slow_headers),
    or in pieces: all of them (stream), or until the connection closes (endless). For trickle, slow_headers and endless,
    seconds is the pause between two writes. interim: statuses of informational responses that are sent first.
    """

    kind: str = "answer"
    seconds: float = 0.0
    interim: tuple[int, ...] = ()


@dataclass
class Response:
    """One HTTP response, how it is sent, and its number in the journal.

    stream: generates the pieces of a body that is too large for memory.
    apart: the separate lines of headers that are sent more than once; headers joins them by commas, as clients may do.
    """

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    delivery: Delivery = field(default_factory=Delivery)
    seq: int = 0
    apart: dict[str, tuple[str, ...]] = field(default_factory=dict)
    stream: Callable[[], Iterator[bytes]] | None = None

    def header_lines(self) -> list[tuple[str, str]]:
        """Name and value of each header line as sent."""
        return [(name, line) for name, value in self.headers.items() for line in self.apart.get(name, (value,))]

    def head(self) -> bytes:
        """Status line and headers as one string, for a connection that closes after the body."""
        lines = [*self.header_lines(), ("Content-Length", str(len(self.body))), ("Connection", "close")]
        sent = [f"HTTP/1.1 {self.status} {reason(self.status)}", *(f"{name}: {value}" for name, value in lines)]
        return ("\r\n".join(sent) + "\r\n\r\n").encode()

    @property
    def seconds_on_the_way(self) -> float:
        """How long the delivery takes; a body in pieces takes no time of its own."""
        kind, seconds = self.delivery.kind, self.delivery.seconds
        if kind == "trickle":
            return seconds * len(self.body)
        return seconds * len(self.head()) if kind == "slow_headers" else seconds

    def json(self) -> Any:
        return json.loads(self.body)

    def document(self) -> dict[str, Any] | None:
        """The JSON object in the body, or None."""
        document = self.json() if self.body else None
        return document if isinstance(document, dict) else None


def encode(document: Any) -> bytes:
    """JSON in the format of Atlas: sorted keys, no spaces."""
    return json.dumps(document, sort_keys=True, separators=(",", ":")).encode()
