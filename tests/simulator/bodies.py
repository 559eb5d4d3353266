# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Bodies that are too large for a client, generated piece by piece while they are sent."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from itertools import islice
from typing import Any

from .messages import Delivery, Response, encode

MEGABYTE = b"0" * 1024 * 1024
PLACE = "(the padding goes here)"
GZIP_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
# An empty deflate block with the flag of the last block.
LAST_BLOCK = b"\x03\x00"

Params = Mapping[str, Any]


def huge(answer: Response, params: Params) -> Response:
    """The answer with this many megabytes of padding, announced by Content-Length."""
    megabytes = params.get("megabytes", 40)
    length = sum(map(len, _around_padding(answer))) + megabytes * len(MEGABYTE)
    return _in_pieces(answer, lambda: _padded(answer, megabytes), {"Content-Length": str(length)})


def gzip_bomb(answer: Response, params: Params) -> Response:
    """The same, compressed to a thousandth of its size."""
    megabytes = params.get("megabytes", 500)
    return _in_pieces(answer, lambda: _gzipped(_padded(answer, megabytes)), {"Content-Encoding": "gzip"})


def endless(answer: Response, params: Params) -> Response:
    """A body that continues until the client disconnects; the connection closes after this many megabytes."""
    megabytes = params.get("megabytes", 1024)
    streamed = _in_pieces(answer, lambda: islice(_padded(answer, megabytes), megabytes + 1), {})
    return replace(streamed, delivery=Delivery("endless", params.get("seconds", 0.0)))


def _in_pieces(answer: Response, stream: Callable[[], Iterator[bytes]], headers: dict[str, str]) -> Response:
    return replace(answer, body=b"", delivery=Delivery("stream"), stream=stream, headers=answer.headers | headers)


def _around_padding(answer: Response) -> tuple[bytes, bytes]:
    """The parts of the answer's JSON object before and after a padding string of any length."""
    head, _unused, tail = encode({**(answer.document() or {}), "padding": PLACE}).partition(PLACE.encode())
    return head, tail


def _padded(answer: Response, megabytes: int) -> Iterator[bytes]:
    head, tail = _around_padding(answer)
    yield head
    for _unused in range(megabytes):
        yield MEGABYTE
    yield tail


def _gzipped(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The pieces as one gzip file."""
    yield GZIP_HEAD
    checksum = length = 0
    for piece in pieces:
        checksum, length = zlib.crc32(piece, checksum), length + len(piece)
        yield _deflated(piece)
    yield LAST_BLOCK + struct.pack("<II", checksum, length & 0xFFFFFFFF)


@lru_cache(maxsize=4)
def _deflated(piece: bytes) -> bytes:
    """Blocks that refer to nothing before them, so that each megabyte is compressed only once."""
    deflate = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return deflate.compress(piece) + deflate.flush(zlib.Z_FULL_FLUSH)
