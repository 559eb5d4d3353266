# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import hashlib
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.digest import KeyPair, digest_challenges
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.errors import (
    AtlasError,
    NoAnswer,
    RequestRefused,
)
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.secrets import Secrets
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.answers import challenge, refused
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.fuzz import quick
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.script import Script
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.signing import ask, signed, signed_at_once


def key_pair(_secrets: Secrets) -> KeyPair:
    return KeyPair("key", "key-secret")


def fields(authorization: str) -> dict[str, str]:
    return dict(re.findall(r'(\w+)="?([^",]+)', authorization))


def test_key_pair_needs_one_challenge_and_counts_its_nonce_up() -> None:
    sent = signed(key_pair, Script(ask(challenge()), ask(), ask(), ask()), times=3)

    assert sent[0].authorization == ""
    assert [fields(each.authorization)["nc"] for each in sent[1:]] == ["00000001", "00000002", "00000003"]
    expected = {"username": "key", "realm": "MMS Public API", "nonce": "first", "uri": "/x", "qop": "auth"}
    assert expected.items() <= fields(sent[1].authorization).items()
    assert len({fields(each.authorization)["cnonce"] for each in sent[1:]}) == 3


def test_nonce_is_kept_across_connections_and_keeps_counting() -> None:
    sent = signed(key_pair, Script(ask(challenge()), ask(NoAnswer("broken")), ask()))

    assert [each.connection for each in sent] == [1, 1, 2]
    assert fields(sent[2].authorization)["nc"] == "00000002"


def test_each_connection_has_its_own_nonce() -> None:
    script = Script(ask(challenge("one"), takes=1), ask(challenge("two"), takes=2), ask(takes=5), ask(takes=5))

    signed_at_once(key_pair, script, 2)

    assert {(each.connection, fields(each.authorization)["nonce"]) for each in script.sent[2:]} == {
        (1, "one"),
        (2, "two"),
    }


@pytest.mark.parametrize("refusals", [1, 2, 5])
def test_nonce_may_be_stale_several_times(refusals: int) -> None:
    stale = [ask(challenge(f"nonce-{number}", "true")) for number in range(refusals)]

    sent = signed(key_pair, Script(ask(challenge("nonce")), *stale, ask()))

    assert [fields(each.authorization)["nonce"] for each in sent[1:]] == [
        "nonce",
        *(f"nonce-{number}" for number in range(refusals)),
    ]
    assert {fields(each.authorization)["nc"] for each in sent[1:]} == {"00000001"}


def test_used_nonce_may_expire_without_stale() -> None:
    sent = signed(key_pair, Script(ask(challenge("old")), ask(), ask(challenge("new")), ask()), times=2)

    assert fields(sent[-1].authorization)["nonce"] == "new"


def test_endless_stale_nonces_fail() -> None:
    script = Script(ask(challenge()), *(ask(challenge(f"n{number}", "true")) for number in range(8)))

    with pytest.raises(RequestRefused, match="401"):
        signed(key_pair, script)


@pytest.mark.parametrize("served", [0, 1, 2])
def test_wrong_or_revoked_key_fails_at_the_first_refusal_of_a_new_nonce(served: int) -> None:
    fine = [ask() for _each in range(served)]
    last = [ask(challenge("b")), ask(challenge("c"))] if served else [ask(challenge("b"))]

    with pytest.raises(RequestRefused, match="401") as caught:
        signed(key_pair, Script(ask(challenge("a")), *fine, *last), times=served + 1)
    assert "public_key" in caught.value.hint


FIELDS = 'realm="MMS Public API", nonce="first"'
# Every way to write a challenge that the client can answer, and the algorithm of its answer.
CHALLENGES = {
    f"Digest {FIELDS}": "MD5",
    f'Digest {FIELDS}, qop="auth"': "MD5",
    f"DIGEST {FIELDS.upper().replace('FIRST', 'first').replace('PUBLIC', 'Public')}, QOP=AUTH": "MD5",
    f"digest  {FIELDS},qop=auth,algorithm=md5": "MD5",
    f'Digest {FIELDS}, qop="auth-int, auth", algorithm=MD5': "MD5",
    f'Digest {FIELDS}, qop="auth,auth-int", algorithm="MD5"': "MD5",
    f"Digest {FIELDS}, qop=auth, algorithm=SHA-256": "SHA-256",
    f"Digest {FIELDS}, qop=auth, algorithm=SHA-512": "SHA-512",
    f"Digest {FIELDS}, qop=auth, algorithm=SHA-256, Digest {FIELDS}, qop=auth, algorithm=MD5": "MD5",
    f"Digest {FIELDS}, qop=auth, algorithm=MD5, Digest {FIELDS}, qop=auth, algorithm=SHA-256": "MD5",
    f"Digest {FIELDS}, qop=auth, algorithm=SHA-512-256, Digest {FIELDS}, qop=auth, algorithm=MD5": "MD5",
    f"Digest {FIELDS}, qop=auth-int, algorithm=MD5, Digest {FIELDS}, qop=auth, algorithm=SHA-256": "SHA-256",
    f'Basic realm="x", Digest {FIELDS}, qop=auth': "MD5",
    f"Digest {FIELDS}, qop=auth, Basic realm=x": "MD5",
    f"Negotiate, Digest {FIELDS}, qop=auth": "MD5",
    f"Negotiate YII=, Digest {FIELDS}, qop=auth": "MD5",
    f'Bearer realm="x", error="y, Digest z", Digest {FIELDS}, qop=auth': "MD5",
    'Digest nonce = "first" , realm = "MMS Public API" , domain="", qop = "auth"': "MD5",
    f'Digest {FIELDS}, qop="auth", opaque="a, \\"b\\" c"': "MD5",
}


@pytest.mark.parametrize("header", CHALLENGES)
def test_challenge_in_any_notation_is_answered(header: str) -> None:
    sent = signed(key_pair, Script(ask(refused(401, www_authenticate=header)), ask()))

    answered = fields(sent[1].authorization)
    assert answered["nonce"] == "first"
    assert answered["response"] == response(answered, CHALLENGES[header])


def response(answered: dict[str, str], algorithm: str) -> str:
    """The value that the service computes from the fields of an answer, by RFC 7616."""

    def digest(text: str) -> str:
        return hashlib.new(algorithm.replace("-", "").lower(), text.encode()).hexdigest()

    secret, request = digest(f"key:{answered['realm']}:key-secret"), digest("GET:/x")
    counted = f":{answered['nc']}:{answered['cnonce']}:auth" if "qop" in answered else ""
    return digest(f"{secret}:{answered['nonce']}{counted}:{request}")


UNANSWERABLE = [
    "",
    "Basic realm=x",
    "Digest",
    'Digest realm="x"',
    'Digest nonce="x"',
    f"Digest {FIELDS}, qop=auth-int",
    f"Digest {FIELDS}, algorithm=SHA-512-256",
    f"Digest {FIELDS}, algorithm=whatever",
    f"Bearer {FIELDS}",
    "Digest " + "," * 5000,
    'Digest realm="x, nonce=y',
    "\xff\x00",
]


@pytest.mark.parametrize("header", UNANSWERABLE)
def test_unanswerable_401_is_final(header: str) -> None:
    with pytest.raises(RequestRefused, match="401"):
        signed(key_pair, Script(ask(refused(401, www_authenticate=header))))


@given(st.text(), st.text())
@quick
def test_any_text_can_be_parsed_as_challenges(before: str, after: str) -> None:
    for challenge_read in digest_challenges(f"{before}Digest {FIELDS}, qop=auth{after}"):
        assert challenge_read["nonce"]


def without(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    """A host in FIPS mode, with a version of requests that does not pass usedforsecurity=False."""
    for name in names:

        def refuse(*_data: Any, **_more: Any) -> Any:
            raise ValueError("[digital envelope routines] disabled for FIPS")

        monkeypatch.setattr(hashlib, name, refuse)


def test_host_without_md5_explains_the_alternatives(monkeypatch: pytest.MonkeyPatch) -> None:
    without(monkeypatch, "md5")

    with pytest.raises(AtlasError, match="FIPS") as caught:
        signed(key_pair, Script(ask(challenge())))

    assert caught.value.__class__ is AtlasError
    assert "service account" in caught.value.hint
    assert "requests 2.32" in caught.value.hint


def test_host_without_md5_answers_with_another_algorithm(monkeypatch: pytest.MonkeyPatch) -> None:
    header = f"Digest {FIELDS}, qop=auth, algorithm=MD5, Digest {FIELDS}, qop=auth, algorithm=SHA-256"
    with monkeypatch.context() as patch:
        without(patch, "md5")
        sent = signed(key_pair, Script(ask(refused(401, www_authenticate=header)), ask(), ask()), times=2)

    for each in sent[1:]:
        assert fields(each.authorization)["response"] == response(fields(each.authorization), "SHA-256")
