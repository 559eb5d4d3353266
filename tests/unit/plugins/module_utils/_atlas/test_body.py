# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later


from __future__ import annotations

import bz2
import gzip
import io
import tracemalloc
import zlib
from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.body import MOST_BYTES, Body, Unreadable

MB = 1024 * 1024


def raw_deflate(body: bytes) -> bytes:
    compressor = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return compressor.compress(body) + compressor.flush()


ENCODINGS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "none": ("", lambda body: body),
    "identity": ("Identity", lambda body: body),
    "gzip": ("gzip", gzip.compress),
    "x-gzip": (" X-GZIP ", gzip.compress),
    "gzip of two members": ("gzip", lambda body: gzip.compress(body[:5]) + gzip.compress(body[5:])),
    "deflate": ("deflate", zlib.compress),
    "raw deflate": ("deflate", raw_deflate),
}
every_encoding = pytest.mark.parametrize("encoding", ENCODINGS)


class Drip(io.BytesIO):
    """Returns a few bytes at a time, as a network may."""

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(min(3, size or 3))


def read_body(source: Any, content_encoding: str, at_most: int = MOST_BYTES) -> bytes:
    """Read the whole body, at once or in two parts, the first with this many bytes."""
    body = Body(source, content_encoding)
    return body.take() if body.read(at_most) or body.read() else b"?"


@every_encoding
@pytest.mark.parametrize("body", [b"", b"{}", b'{"results": []}' * 5000])
@pytest.mark.parametrize("source", [io.BytesIO, Drip])
def test_body_is_read_completely(encoding: str, body: bytes, source: type[io.BytesIO]) -> None:
    name, encode = ENCODINGS[encoding]

    for at_most in (0, 5, 1000, MOST_BYTES):
        assert read_body(source(encode(body)), name, at_most) == body


@every_encoding
def test_body_at_the_limit_is_read_but_one_byte_more_is_refused(encoding: str) -> None:
    name, encode = ENCODINGS[encoding]

    assert len(read_body(io.BytesIO(encode(bytes(MOST_BYTES))), name)) == MOST_BYTES
    with pytest.raises(Unreadable, match="more than 32 MB"):
        read_body(io.BytesIO(encode(bytes(MOST_BYTES + 1))), name)


class Endless:
    """The same chunk again and again."""

    def __init__(self, chunk: bytes) -> None:
        self._chunk = chunk

    def read(self, _size: int, /) -> bytes:
        return self._chunk


BOMBS = {
    "gigabyte of zeros in gzip": ("gzip", lambda: io.BytesIO(gzip.compress(bytes(64 * MB)) * 16)),
    "endless gzip members": ("gzip", lambda: Endless(gzip.compress(bytes(MB)))),
    "zeros in deflate": ("deflate", lambda: io.BytesIO(zlib.compress(bytes(64 * MB)))),
    "endless text": ("", lambda: Endless(b"[" * 65536)),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_decompression_bomb_is_refused_with_little_memory(bomb: str) -> None:
    encoding, source = BOMBS[bomb]
    made = source()
    tracemalloc.start()
    try:
        with pytest.raises(Unreadable, match="more than 32 MB"):
            read_body(made, encoding)
        assert tracemalloc.get_traced_memory()[1] < 80 * MB
    finally:
        tracemalloc.stop()


DAMAGED = {
    "no gzip": ("gzip", b"no gzip"),
    "gzip that is cut": ("gzip", gzip.compress(b"{}")[:-1]),
    "second member is damaged": ("gzip", gzip.compress(b"{}") + b"x"),
    "no deflate": ("deflate", b"\xff\xff\xff"),
    "deflate that is cut": ("deflate", zlib.compress(b"{}")[:-1]),
    "brotli": ("br", b"{}"),
    "zstd": ("zstd", b"{}"),
    "two encodings": ("gzip, gzip", gzip.compress(gzip.compress(b"{}"))),
    "unknown encoding": ("x-anything", bz2.compress(b"{}")),
}


@pytest.mark.parametrize("damaged", DAMAGED)
def test_body_that_cannot_be_decoded_is_unreadable(damaged: str) -> None:
    encoding, body = DAMAGED[damaged]

    with pytest.raises(Unreadable):
        read_body(io.BytesIO(body), encoding)
