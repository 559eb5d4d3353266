# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# Reads the body of an answer, with a limit on its size, compressed or not.

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from typing import Protocol

# An answer with more bytes than this counts as unreadable.
MOST_BYTES = 32 * 1024 * 1024
# The accepted encodings. With others, a small body could expand without a limit.
ACCEPT_ENCODING = "gzip, deflate"
_CHUNK = 65536
_TOO_LARGE = f"more than {MOST_BYTES // 2**20} MB"


class Unreadable(Exception):
    """The body cannot be read; the text describes it."""


class _Source(Protocol):
    def read(self, size: int, /) -> bytes:
        """At most size bytes; empty at the end."""


class Body:
    """The body of one answer, read and decoded in pieces."""

    def __init__(self, source: _Source, content_encoding: str) -> None:
        self._source = source
        self._encoding = content_encoding
        self._read = io.BytesIO()
        self._pieces = self._decoded()

    def read(self, at_most: int = MOST_BYTES) -> bool:
        """Continue reading until more than this many bytes are in memory; returns whether the body is complete.

        Raises Unreadable, and the exceptions of the source.
        """
        # Copy what another thread has read: that buffer would grow in the memory of its thread, which keeps it.
        begun, self._read = self._read.getvalue(), io.BytesIO()
        self._read.write(begun)
        del begun
        try:
            for piece in self._pieces:
                if self._read.tell() + len(piece) > MOST_BYTES:
                    raise Unreadable(_TOO_LARGE)
                self._read.write(piece)
                if self._read.tell() > at_most:
                    return False
        except BaseException:
            # The traceback refers to this object, so drop the body.
            self.take()
            raise
        return True

    def take(self) -> bytes:
        """Return what has been read, and drop it here."""
        taken, self._read = self._read.getvalue(), io.BytesIO()
        return taken

    def _decoded(self) -> Iterator[bytes]:
        decoder = _decoder(self._encoding)
        received = 0
        while chunk := self._source.read(_CHUNK):
            received += len(chunk)
            if received > MOST_BYTES:
                raise Unreadable(_TOO_LARGE)
            yield from decoder.pieces(chunk)
        decoder.finish()


def _decoder(content_encoding: str) -> _Plain | _Inflating:
    encoding = content_encoding.strip().lower()
    if encoding in ("", "identity"):
        return _Plain()
    if encoding in ("gzip", "x-gzip", "deflate"):
        return _Inflating(encoding)
    raise Unreadable("a body in an encoding that was not requested")


class _Plain:
    def pieces(self, chunk: bytes) -> Iterator[bytes]:
        yield chunk

    def finish(self) -> None:
        """An uncompressed body has no end mark to check."""


class _Inflating:
    """Gzip (one member or several) and both kinds of deflate; a small chunk may expand to any number of pieces."""

    def __init__(self, encoding: str) -> None:
        self._is_deflate = encoding == "deflate"
        self._stream = self._new_stream()
        self._is_empty = True

    def _new_stream(self) -> zlib._Decompress:
        return zlib.decompressobj(zlib.MAX_WBITS | (0 if self._is_deflate else 16))

    def pieces(self, chunk: bytes) -> Iterator[bytes]:
        if self._is_empty and self._is_deflate and not _has_zlib_header(chunk):
            self._stream = zlib.decompressobj(-zlib.MAX_WBITS)
        self._is_empty = False
        piece = b""
        # After a full piece, zlib may still buffer output although all input is consumed.
        while chunk or (len(piece) == _CHUNK and not self._stream.eof):
            if self._stream.eof:
                self._stream = self._new_stream()
            try:
                piece = self._stream.decompress(chunk, _CHUNK)
            except zlib.error:
                raise Unreadable("a damaged compressed body") from None
            yield piece
            chunk = self._stream.unconsumed_tail or self._stream.unused_data

    def finish(self) -> None:
        if not (self._is_empty or self._stream.eof):
            raise Unreadable("a truncated compressed body")


def _has_zlib_header(chunk: bytes) -> bool:
    return chunk[0] & 0x0F == zlib.DEFLATED and (len(chunk) < 2 or int.from_bytes(chunk[:2], "big") % 31 == 0)
