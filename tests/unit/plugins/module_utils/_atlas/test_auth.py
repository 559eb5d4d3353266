# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import asyncio
import base64
import re
from typing import Any

import pytest

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.auth import (
    AccessToken,
    KeyPair,
    ServiceAccount,
    choose_credentials,
    token_document,
)
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.client import Call
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.errors import (
    InvalidInput,
    NoAnswer,
    NotReachable,
    RequestRefused,
    SignInFailed,
)
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.messages import Answer, Request
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.secrets import Secrets
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.atlas import (
    BASE_URL,
    answer,
    challenge,
    html,
    moment,
    ok,
    refused,
    token,
)
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.bench import Bench, play
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.script import GET, POST, Script, Sent, Step

TOKEN, ACCOUNT, KEY = ("access_token",), ("client_id", "client_secret"), ("public_key", "private_key")
VALUES = {
    "access_token": "given-token",
    "client_id": "account",
    "client_secret": "account-secret",
    "public_key": "key",
    "private_key": "key-secret",
}
VARIABLES = {
    "access_token": "MONGODB_ATLAS_ACCESS_TOKEN",
    "client_id": "MONGODB_ATLAS_CLIENT_ID",
    "client_secret": "MONGODB_ATLAS_CLIENT_SECRET",
    "public_key": "MONGODB_ATLAS_PUBLIC_API_KEY",
    "private_key": "MONGODB_ATLAS_PRIVATE_API_KEY",
}
CLASSES: dict[Any, type] = {TOKEN: AccessToken, ACCOUNT: ServiceAccount, KEY: KeyPair}
every_kind = pytest.mark.parametrize("kind", CLASSES)
every_half = pytest.mark.parametrize(
    ("here", "missing"), [(pair[given], pair[1 - given]) for pair in (ACCOUNT, KEY) for given in (0, 1)]
)


def options(*kinds: tuple[str, ...], **more: str) -> dict[str, str]:
    return {**{name: VALUES[name] for kind in kinds for name in kind}, **more}


def around(*kinds: tuple[str, ...], **more: str) -> dict[str, str]:
    return {VARIABLES[name]: f"{value}-around" for name, value in options(*kinds, **more).items()}


def chosen(given: dict[str, Any], environment: dict[str, str]) -> Any:
    return choose_credentials(given, environment, BASE_URL, Secrets(lambda _secret: None))


def words_of(credentials: Any) -> list[str]:
    """What the credentials are made from."""
    if isinstance(credentials, AccessToken):
        return [credentials._header]
    if isinstance(credentials, KeyPair):
        return list(credentials._pair)
    return base64.b64decode(credentials._request.headers["Authorization"].split()[1]).decode().split(":")


@every_kind
def test_each_complete_kind_is_used_from_options_and_from_the_environment(kind: Any) -> None:
    assert isinstance(chosen(options(kind), {}), CLASSES[kind])
    assert isinstance(chosen({}, around(kind)), CLASSES[kind])


@pytest.mark.parametrize(
    ("kinds", "winner"), [((KEY, ACCOUNT, TOKEN), TOKEN), ((KEY, ACCOUNT), ACCOUNT), ((KEY, TOKEN), TOKEN)]
)
def test_within_a_source_token_beats_service_account_beats_key_pair(kinds: tuple[Any, ...], winner: Any) -> None:
    assert isinstance(chosen(options(*kinds), {}), CLASSES[winner])
    assert isinstance(chosen({}, around(*kinds)), CLASSES[winner])


@every_kind
@pytest.mark.parametrize("other", CLASSES)
def test_any_kind_by_option_beats_every_kind_in_the_environment(kind: Any, other: Any) -> None:
    assert words_of(chosen(options(kind), around(other))) == words_of(chosen(options(kind), {}))


@every_half
def test_half_by_option_is_completed_by_the_environment_and_beats_what_is_complete_there(
    here: str, missing: str
) -> None:
    found = chosen({here: "by-option"}, around(TOKEN, ACCOUNT, KEY))

    assert sorted(words_of(found)) == sorted(["by-option", f"{VALUES[missing]}-around"])


@every_half
@pytest.mark.parametrize("by_option", [True, False])
def test_half_a_pair_names_its_other_half(here: str, missing: str, by_option: bool) -> None:
    with pytest.raises(InvalidInput, match=f"{here} is given without {missing}") as caught:
        chosen({here: "x"} if by_option else {}, {} if by_option else {VARIABLES[here]: "x"})

    assert VARIABLES[missing] in caught.value.hint


@pytest.mark.parametrize("complete", [TOKEN, KEY])
def test_half_a_pair_beside_a_complete_kind_of_the_same_source_is_passed_over(complete: Any) -> None:
    assert isinstance(chosen(options(complete, client_id="half"), {}), CLASSES[complete])
    assert isinstance(chosen({}, around(complete, client_id="half")), CLASSES[complete])


def test_half_a_pair_by_option_is_not_saved_by_another_kind_in_the_environment() -> None:
    with pytest.raises(InvalidInput, match="client_id is given without client_secret"):
        chosen({"client_id": "x"}, around(TOKEN, KEY))


@pytest.mark.parametrize("given", [{}, {"access_token": "", "public_key": None}])
def test_no_credentials_at_all_lists_the_three_ways(given: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput, match="No credentials") as caught:
        chosen(given, {"MONGODB_ATLAS_ACCESS_TOKEN": ""})
    for word in ("access_token", "client_id", "public_key", "MONGODB_ATLAS_CLIENT_SECRET"):
        assert word in caught.value.hint


@pytest.mark.parametrize("public", ["MONGODB_ATLAS_PUBLIC_API_KEY", "MONGODB_ATLAS_PUBLIC_KEY"])
@pytest.mark.parametrize("private", ["MONGODB_ATLAS_PRIVATE_API_KEY", "MONGODB_ATLAS_PRIVATE_KEY"])
def test_variables_of_the_key_pair_have_two_names(public: str, private: str) -> None:
    empty = {"MONGODB_ATLAS_PUBLIC_API_KEY": "", "MONGODB_ATLAS_PRIVATE_API_KEY": ""}
    assert words_of(chosen({}, {**empty, public: "a", private: "b"})) == ["a", "b"]


def test_the_first_name_of_a_variable_wins() -> None:
    short = {"MONGODB_ATLAS_PUBLIC_KEY": "second", "MONGODB_ATLAS_PRIVATE_KEY": "second"}
    assert words_of(chosen({}, {**short, **around(KEY)})) == ["key-around", "key-secret-around"]


@pytest.mark.parametrize(("name", "kind"), [("access_token", TOKEN), ("public_key", KEY), ("client_id", ACCOUNT)])
@pytest.mark.parametrize("value", ["a b", "a\nb", "a\r\nX: y", "ä", "\x7f", " a", "a\n"])
def test_characters_that_cannot_go_into_a_header_are_refused_without_being_shown(
    name: str, kind: tuple[str, ...], value: str
) -> None:
    with pytest.raises(InvalidInput, match=f"{name} holds") as caught:
        chosen(options(kind, **{name: f"hunter2{value}"}), {})

    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(("name", "kind"), [("private_key", KEY), ("client_secret", ACCOUNT)])
def test_secrets_that_are_hashed_or_encoded_may_hold_any_character(name: str, kind: tuple[str, ...]) -> None:
    assert "pass wörd\n" in words_of(chosen(options(kind, **{name: "pass wörd\n"}), {}))


def test_all_that_is_chosen_is_hidden() -> None:
    hidden: list[str] = []

    choose_credentials(options(ACCOUNT), {}, BASE_URL, Secrets(hidden.append))

    assert {"account", "account-secret", base64.b64encode(b"account:account-secret").decode()} <= set(hidden)


# How requests are signed.

ASK = Call("GET", "/x", "application/json", "backup")
FINE = ok({})
FIRST, SECOND = "Bearer issued-token-1", "Bearer issued-token-2"
TOKEN_HEADERS = {
    "Accept": "application/json",
    "Authorization": "Basic " + base64.b64encode(b"account:account-secret").decode(),
    "Content-Type": "application/x-www-form-urlencoded",
}


def ask(gives: Any = FINE, authorization: str | None = None, **more: Any) -> Step:
    headers = {"Authorization": authorization} if authorization else {}
    return GET("/x", gives, headers=headers, **more)


def sign_in(gives: Any, **more: Any) -> Step:
    return POST("/api/oauth/token", gives, headers=TOKEN_HEADERS, body=b"grant_type=client_credentials", **more)


def signed(kind: Any, script: Script, times: int = 1, pause: float = 0.0, **how: Any) -> list[Sent]:
    """What was sent while one request was asked for so many times, one after the other."""

    async def work(bench: Bench) -> None:
        for _time in range(times):
            await bench.client.ask(ASK, bench.budget)
            await asyncio.sleep(pause)

    play(script, work, credentials=lambda secrets: choose_credentials(options(kind), {}, BASE_URL, secrets), **how)
    return script.sent


def signed_at_once(kind: Any, script: Script, count: int) -> list[Any]:
    """What becomes of so many requests that are asked for at the same time."""

    async def work(bench: Bench) -> list[Any]:
        asked = (bench.client.ask(ASK, bench.budget) for _each in range(count))
        return await asyncio.gather(*asked, return_exceptions=True)

    return play(
        script,
        work,
        credentials=lambda secrets: choose_credentials(options(kind), {}, BASE_URL, secrets),
        connections=count,
    )


def fields(authorization: str) -> dict[str, str]:
    return dict(re.findall(r'(\w+)="?([^",]+)', authorization))


def test_a_given_token_is_shown_as_it_is_and_cannot_be_renewed() -> None:
    with pytest.raises(RequestRefused) as caught:
        signed(TOKEN, Script(ask(refused(401), "Bearer given-token")))
    assert "get a new one" in caught.value.hint


def test_a_key_pair_pays_one_challenge_and_counts_its_nonce_up() -> None:
    sent = signed(KEY, Script(ask(challenge()), ask(), ask(), ask()), times=3)

    assert sent[0].authorization == ""
    assert [fields(each.authorization)["nc"] for each in sent[1:]] == ["00000001", "00000002", "00000003"]
    expected = {"username": "key", "realm": "MMS Public API", "nonce": "first", "uri": "/x", "qop": "auth"}
    assert expected.items() <= fields(sent[1].authorization).items()
    assert len({fields(each.authorization)["cnonce"] for each in sent[1:]}) == 3


def test_the_nonce_outlives_the_connection_and_keeps_counting() -> None:
    sent = signed(KEY, Script(ask(challenge()), ask(NoAnswer("broken")), ask()))

    assert [each.connection for each in sent] == [1, 1, 2]
    assert fields(sent[2].authorization)["nc"] == "00000002"


def test_each_connection_has_a_nonce_of_its_own() -> None:
    script = Script(ask(challenge("one"), takes=1), ask(challenge("two"), takes=2), ask(takes=5), ask(takes=5))

    signed_at_once(KEY, script, 2)

    assert {(each.connection, fields(each.authorization)["nonce"]) for each in script.sent[2:]} == {
        (1, "one"),
        (2, "two"),
    }


@pytest.mark.parametrize("refusals", [1, 2, 5])
def test_a_nonce_may_be_stale_several_times(refusals: int) -> None:
    stale = [ask(challenge(f"nonce-{number}", "true")) for number in range(refusals)]

    sent = signed(KEY, Script(ask(challenge("nonce")), *stale, ask()))

    assert [fields(each.authorization)["nonce"] for each in sent[1:]] == [
        "nonce",
        *(f"nonce-{number}" for number in range(refusals)),
    ]
    assert {fields(each.authorization)["nc"] for each in sent[1:]} == {"00000001"}


def test_a_nonce_that_has_served_may_end_without_being_called_stale() -> None:
    sent = signed(KEY, Script(ask(challenge("old")), ask(), ask(challenge("new")), ask()), times=2)

    assert fields(sent[-1].authorization)["nonce"] == "new"


def test_stale_for_ever_ends() -> None:
    script = Script(ask(challenge()), *(ask(challenge(f"n{number}", "true")) for number in range(8)))

    with pytest.raises(RequestRefused, match="401"):
        signed(KEY, script)


@pytest.mark.parametrize("served", [0, 1, 2])
def test_a_wrong_or_revoked_key_ends_with_the_first_refusal_of_a_new_nonce(served: int) -> None:
    fine = [ask() for _each in range(served)]
    last = [ask(challenge("b")), ask(challenge("c"))] if served else [ask(challenge("b"))]

    with pytest.raises(RequestRefused, match="401") as caught:
        signed(KEY, Script(ask(challenge("a")), *fine, *last), times=served + 1)
    assert "public_key" in caught.value.hint


@pytest.mark.parametrize("header", ["", "Basic realm=x", "Digest", 'Digest realm="x"', 'Digest nonce="x"'])
def test_a_401_without_a_challenge_is_the_last_word(header: str) -> None:
    with pytest.raises(RequestRefused, match="401"):
        signed(KEY, Script(ask(refused(401, www_authenticate=header))))


@pytest.mark.parametrize("header", ['Basic realm="x", {}', "{}", "{}, Basic realm=x"])
def test_the_digest_challenge_is_found_among_others(header: str) -> None:
    digest = challenge().headers["www-authenticate"]

    sent = signed(KEY, Script(ask(refused(401, www_authenticate=header.format(digest))), ask()))

    assert fields(sent[1].authorization)["nonce"] == "first"


def test_a_service_account_fetches_one_token_for_all() -> None:
    script = Script(sign_in(token(), takes=1), *(ask(authorization=FIRST) for _each in range(4)))

    assert signed_at_once(ACCOUNT, script, 4) == [{}] * 4


@pytest.mark.parametrize(
    ("life", "pause", "renewed"),
    [
        (3600, 3539, False),
        (3600, 3541, True),
        (100, 79, False),
        (100, 81, True),
        ("3600", 3541, True),
        (None, 3539, False),
        ("odd", 3541, True),
        (-5, 0.5, False),
        (-5, 1, True),
    ],
)
def test_a_token_is_renewed_before_its_end(life: Any, pause: float, renewed: bool) -> None:
    again = [sign_in(token("issued-token-2"))] if renewed else []
    last = ask(authorization=SECOND if renewed else FIRST)
    script = Script(sign_in(token(expires_in=life)), ask(authorization=FIRST), *again, last)

    signed(ACCOUNT, script, times=2, pause=pause, seconds=10000)


def test_a_401_renews_the_token_once_per_request() -> None:
    script = Script(
        sign_in(token()), ask(refused(401), FIRST), sign_in(token("issued-token-2")), ask(refused(401), SECOND)
    )

    with pytest.raises(RequestRefused, match="401") as caught:
        signed(ACCOUNT, script)

    assert "service account" in caught.value.hint


def test_a_401_to_an_older_token_does_not_throw_the_new_one_away() -> None:
    script = Script(
        sign_in(token()),
        ask(refused(401), FIRST, takes=1),
        ask(refused(401), FIRST, takes=5),
        sign_in(token("issued-token-2")),
        ask(authorization=SECOND),
        ask(authorization=SECOND),
    )

    assert signed_at_once(ACCOUNT, script, 2) == [{}] * 2


@pytest.mark.parametrize(
    "passing", [html(503), refused(429, "RATE_LIMITED"), NoAnswer("cut"), answer(200, b"{"), ok({"access_token": None})]
)
def test_signing_in_is_repeated_after_a_passing_error(passing: Any) -> None:
    signed(ACCOUNT, Script(sign_in(passing), sign_in(token()), ask(authorization=FIRST)))


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (refused(401), "answered 401"),
        (refused(403, "ORG_REQUIRES_ACCESS_LIST"), "403"),
        (NotReachable("No DNS"), "DNS"),
    ],
)
def test_signing_in_is_refused_for_good(error: Any, words: str) -> None:
    with pytest.raises(SignInFailed, match=f"^Signing in .*{words}"):
        signed(ACCOUNT, Script(sign_in(error)))


def test_one_failure_to_sign_in_is_enough_for_all_who_wait_for_it() -> None:
    failed = signed_at_once(ACCOUNT, Script(sign_in(refused(401), takes=1)), 3)

    assert [type(each) for each in failed] == [SignInFailed] * 3


def test_what_is_noted_on_one_of_these_failures_is_not_for_the_others() -> None:
    failed = signed_at_once(ACCOUNT, Script(sign_in(refused(401), takes=1)), 3)

    assert len({id(each) for each in failed}) == 3


LEAKS = [
    b'{"error": 400, "errorCode": "leak-me", "detail": "leak-me", "reason": "leak-me", "parameters": ["leak-me"]}',
    b"<html><title>leak-me</title></html>",
    b"leak-me",
]


@pytest.mark.parametrize("body", LEAKS)
@pytest.mark.parametrize("status", [200, 400, 401, 403, 500])
def test_the_body_of_the_token_address_is_never_shown(status: int, body: bytes) -> None:
    with pytest.raises(SignInFailed) as caught:
        token_document(answer(status, body, content_type="application/json"))
    assert "leak-me" not in str(caught.value)


@pytest.mark.parametrize("issued", ["", "a b", "a\nb", "a\n", None, 0])
def test_a_token_that_cannot_be_sent_is_none_and_not_shown(issued: Any) -> None:
    with pytest.raises(SignInFailed) as caught:
        token_document(ok({"access_token": issued, "leak": "leak-me"}))
    assert "leak-me" not in str(caught.value)


def test_an_issued_token_is_hidden() -> None:
    hidden: list[str] = []
    account = ServiceAccount("account", "account-secret", BASE_URL, Secrets(hidden.append))

    async def fetch(_request: Request) -> dict[str, Any]:
        return {"access_token": "issued-token-1"}

    async def work(_bench: Bench) -> str | None:
        return await account.authorization(None, Request("GET", BASE_URL), fetch)

    assert play(Script(), work) == FIRST
    assert "issued-token-1" in hidden


def test_the_answer_of_the_token_address_tells_the_time() -> None:
    async def work(bench: Bench) -> Any:
        await bench.client.ask(ASK, bench.budget)
        return bench.client.clock.now()

    undated = Answer(200, {"date": "none"}, b"{}")
    now = play(
        Script(sign_in(token()), ask(undated)),
        work,
        credentials=lambda secrets: choose_credentials(options(ACCOUNT), {}, BASE_URL, secrets),
    )
    assert now == moment(0)
