# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A module uses little more memory for any answer than for ordinary ones; each run is a separate process."""

from __future__ import annotations

import contextlib
import gzip
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support import own_process
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.atlas import PROJECT, snapshot

MB = 2**20
# How much more memory a module may use for any answer than for ordinary ones.
MOST_MB = 150
COLLECTION = str(Path(__file__).parents[4])

# Returns the body of a page in pieces, and its Content-Encoding, given the page number.
Page = Callable[[int], tuple[Iterator[bytes], str]]


def compressed(body: bytes) -> Page:
    once = gzip.compress(body, 1)
    return lambda _number: (iter([once]), "gzip")


def listed(*snapshots: dict[str, Any], **more: Any) -> bytes:
    return json.dumps({"results": snapshots, **more}).encode()


def many(count: int, start: int = 0, **more: Any) -> list[dict[str, Any]]:
    return [snapshot("completed", at=-number, number=number + 1, **more) for number in range(start, start + count)]


def endless(_number: int) -> tuple[Iterator[bytes], str]:
    def pieces() -> Iterator[bytes]:
        while True:
            yield b'{"results": [' * 5000

    return pieces(), ""


def in_pages(*pages: bytes) -> Page:
    bodies = [gzip.compress(page, 1) for page in pages]
    return lambda number: (iter([bodies[min(number, len(bodies)) - 1]]), "gzip")


# Bodies of 25 MB; they differ in the field that makes them large.
LARGE_PAGES: dict[str, Callable[[], bytes]] = {
    "long descriptions": lambda: listed(*many(500, description="x" * 50_000)),
    "lists": lambda: listed(*many(500, snapshotIds=["x" * 20] * 2000)),
    "fields that nobody reads": lambda: listed(*many(500, somethingNew=["x" * 1000] * 50)),
}
# The pages that the service sends, and the number of clusters that the module lists.
HOSTILE: dict[str, tuple[Callable[[], Page], int]] = {
    "gzip bomb": (lambda: compressed(bytes(300 * MB)), 8),
    "endless body": (lambda: endless, 3),
    "one list of 25 MB": (lambda: compressed(LARGE_PAGES["long descriptions"]()), 1),
    **{f"five lists of 25 MB: {kind}": (lambda kind=kind: compressed(LARGE_PAGES[kind]()), 5) for kind in LARGE_PAGES},
    "lists with very many items": (lambda: compressed(listed(*many(10_000))), 4),
    "large lists with many pages": (
        lambda: in_pages(*(listed(*many(500, 500 * page, description="x" * 900)) for page in range(15))),
        4,
    ),
    "many lists with two full pages": (lambda: in_pages(listed(*many(500)), listed(*many(500, 500)), listed()), 110),
}


REFUSAL = json.dumps({"error": 404, "errorCode": "CLUSTER_NOT_FOUND", "detail": "No such cluster."}).encode()


class Service(ThreadingHTTPServer):
    """Sends the page three times for each path, then 404: a client that retries or turns pages without end stops."""

    def __init__(self, page: Page) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.page = page
        self.asked: Counter[str] = Counter()
        self.url = f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, *_args: Any) -> None:
        """Print no traceback for a client that has disconnected."""


class Handler(BaseHTTPRequestHandler):
    server: Service
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.server.asked[self.path] += 1
        if self.server.asked[self.path] > 3:
            self.send_response(404)
            self.send_header("Content-Length", str(len(REFUSAL)))
            self.end_headers()
            self.wfile.write(REFUSAL)
            return
        query = parse_qs(urlsplit(self.path).query)
        pieces, encoding = self.server.page(int(query.get("pageNum", ["1"])[0]))
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.send_header("Content-Encoding", encoding)
        self.end_headers()
        with contextlib.suppress(OSError):
            for piece in pieces:
                self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
            self.wfile.write(b"0\r\n\r\n")

    def log_message(self, *_words: Any) -> None:
        """Print no access log."""


@contextlib.contextmanager
def serving(page: Page) -> Iterator[str]:
    with Service(page) as service:
        service.daemon_threads = True
        service.block_on_close = False
        thread = Thread(target=service.serve_forever, daemon=True)
        thread.start()
        try:
            yield service.url
        finally:
            service.shutdown()


def run(url: str, clusters: int, **options: Any) -> tuple[float, dict[str, Any]]:
    """The peak memory of the module in MB, and its result."""
    names = [f"prod-{number}" for number in range(clusters)]
    given = {"base_url": url, "project_id": PROJECT, "access_token": "x", "cluster_name": names, **options}
    ended = subprocess.run(
        [sys.executable, own_process.__file__, COLLECTION, "atlas_snapshot_info", json.dumps(given)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.stdout.startswith("\n{"), ended.stderr
    return int(ended.stderr.split()[-1]) / 1024, json.loads(ended.stdout)


@pytest.fixture(scope="module")
def rest() -> float:
    """The peak memory of the module in MB for an ordinary list."""
    with serving(compressed(listed(*many(20)))) as url:
        return run(url, 1)[0]


@pytest.mark.parametrize("kind", HOSTILE)
def test_peak_memory_for_any_answer_exceeds_that_for_ordinary_ones_by_less_than_150_mb(kind: str, rest: float) -> None:
    make, clusters = HOSTILE[kind]
    with serving(make()) as url:
        peak, _result = run(url, clusters, latest=True)

    assert peak - rest < MOST_MB
