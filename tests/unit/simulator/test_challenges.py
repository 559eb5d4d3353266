# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Digest challenges that the standard allows but Atlas was never seen sending."""

from __future__ import annotations

import hashlib
import re
from typing import Any

import pytest

from ansible_collections.mongodb_atlas.backup.tests.simulator.messages import Response
from ansible_collections.mongodb_atlas.backup.tests.simulator.oddities import CHOICES
from ansible_collections.mongodb_atlas.backup.tests.unit.simulator.support import Atlas

HEADER = "WWW-Authenticate"
NONCE = re.compile(r'nonce="(\w{32})"', re.IGNORECASE)
RECORDED = r'Digest realm="MMS Public API", domain="", nonce="\w{32}", algorithm=MD5, qop="auth", stale=false'
SHA_256 = RECORDED.replace("MD5", "SHA-256")
# One pattern for each header line.
LINES = {
    "recorded": [RECORDED],
    "capitals": [
        r'DIGEST REALM="MMS Public API", DOMAIN="", NONCE="\w{32}", ALGORITHM=MD5, QOP="auth", STALE=false',
    ],
    "auth_int": [RECORDED.replace('"auth"', '"auth-int, auth"')],
    "basic_too": [f'Basic realm="MMS Public API", {RECORDED}'],
    "two_joined": [f"{SHA_256}, {RECORDED}"],
    "two_headers": [SHA_256, RECORDED],
}


@pytest.mark.parametrize("style", CHOICES["challenge"])
def test_challenge_has_the_lines_of_its_style(style: str) -> None:
    answer = _challenged(Atlas(challenge=style))
    lines = [line for name, line in answer.header_lines() if name == HEADER]
    assert len(lines) == len(LINES[style])
    for pattern, line in zip(LINES[style], lines, strict=True):
        assert re.fullmatch(pattern, line)
    assert answer.headers[HEADER] == ", ".join(lines)


@pytest.mark.parametrize("style", CHOICES["challenge"])
def test_client_with_md5_only_is_accepted(style: str) -> None:
    atlas = Atlas(challenge=style)
    nonce = NONCE.findall(_challenged(atlas).headers[HEADER])[-1]
    assert [_signed(atlas, nonce, count).status for count in (1, 2, 3)] == [200, 200, 200]


@pytest.mark.parametrize("style", ["two_joined", "two_headers"])
def test_client_may_use_the_stronger_algorithm(style: str) -> None:
    atlas = Atlas(challenge=style)
    stronger, weaker = NONCE.findall(_challenged(atlas).headers[HEADER])
    assert _signed(atlas, stronger, algorithm="SHA-256").status == 200
    assert _signed(atlas, weaker, algorithm="MD5").status == 200


@pytest.mark.parametrize("style", ["two_joined", "two_headers"])
def test_nonce_of_the_other_challenge_is_refused(style: str) -> None:
    atlas = Atlas(challenge=style)
    stronger, weaker = NONCE.findall(_challenged(atlas).headers[HEADER])
    for answer in (_signed(atlas, weaker, algorithm="SHA-256"), _signed(atlas, stronger, algorithm="MD5")):
        assert answer.status == 401
        assert "stale=false" in answer.headers[HEADER]


@pytest.mark.parametrize(("algorithm", "named"), [("SHA-256", "MD5"), ("MD5", "SHA-256")])
def test_signature_by_another_algorithm_than_named_is_refused(algorithm: str, named: str) -> None:
    atlas = Atlas(challenge="two_joined")
    stronger, weaker = NONCE.findall(_challenged(atlas).headers[HEADER])
    nonce = stronger if algorithm == "SHA-256" else weaker
    assert _signed(atlas, nonce, algorithm=algorithm, named=named).status == 401
    assert _signed(atlas, nonce, algorithm=algorithm).status == 200


@pytest.mark.parametrize(("style", "status"), [("auth_int", 200), ("recorded", 401)])
def test_client_may_sign_the_body_if_auth_int_is_offered(style: str, status: int) -> None:
    atlas = Atlas(challenge=style)
    nonce = NONCE.findall(_challenged(atlas).headers[HEADER])[0]
    assert _signed(atlas, nonce, qop="auth-int").status == status


@pytest.mark.parametrize("style", CHOICES["challenge"])
def test_stale_nonce_is_refused_several_times_in_a_row(style: str) -> None:
    atlas = Atlas(challenge=style)
    atlas.service.faults.add({"kind": "stale_nonce", "times": 3})
    answer, statuses = _challenged(atlas), []
    for _unused in range(4):
        answer = _signed(atlas, NONCE.findall(answer.headers.get(HEADER, ""))[-1])
        statuses.append(answer.status)
        if answer.status == 401:
            assert "stale=true" in answer.headers[HEADER].replace("STALE", "stale")
    assert statuses == [401, 401, 401, 200]


def _challenged(atlas: Atlas) -> Response:
    answer = atlas.get(atlas.snapshots("demo-replica"), headers={"Authorization": ""})
    assert answer.status == 401
    return answer


def _signed(
    atlas: Atlas, nonce: str, count: int = 1, algorithm: str = "MD5", qop: str = "auth", named: str | None = None
) -> Response:
    """Send a request with a signature for one of the challenges; named: a false algorithm in its header."""

    def digest(*words: str) -> str:
        name = "md5" if algorithm == "MD5" else "sha256"
        return hashlib.new(name, ":".join(words).encode(), usedforsecurity=False).hexdigest()

    path = atlas.snapshots("demo-replica")
    secret = digest("demo-owner", "MMS Public API", "not-a-real-private-key-owner")
    body: list[Any] = [digest("")] if qop == "auth-int" else []
    response = digest(secret, nonce, f"{count:08x}", "abc", qop, digest("GET", path, *body))
    header = (
        f'Digest username="demo-owner", realm="MMS Public API", nonce="{nonce}", uri="{path}", '
        f'response="{response}", algorithm={named or algorithm}, qop={qop}, nc={count:08x}, cnonce="abc"'
    )
    return atlas.get(path, headers={"Authorization": header})
