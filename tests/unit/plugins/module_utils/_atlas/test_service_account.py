# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import base64
import math
from typing import Any

import pytest

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.connection import ConnectionSlot
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.errors import (
    NoAnswer,
    NotReachable,
    RequestRefused,
    SignInFailed,
)
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.messages import Answer, Request
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.secrets import Secrets
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.service_account import (
    ServiceAccount,
    token_document,
)
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.answers import answer, html, ok, refused, token
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.atlas import BASE_URL
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.bench import Bench, play
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.script import POST, Script, Step
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.signing import ASK, ask, signed, signed_at_once
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.times import moment

FIRST, SECOND = "Bearer issued-token-1", "Bearer issued-token-2"
TOKEN_HEADERS = {
    "Accept": "application/json",
    "Authorization": "Basic " + base64.b64encode(b"account:account-secret").decode(),
    "Content-Type": "application/x-www-form-urlencoded",
}


# Each of these lifetimes counts as an hour.
ODD_LIVES: list[Any] = [
    None,
    "odd",
    "",
    "60",
    "1e999",
    -5,
    0,
    -0.0,
    True,
    [60],
    {"seconds": 60},
    math.inf,
    -math.inf,
    math.nan,
]


def account(secrets: Secrets) -> ServiceAccount:
    return ServiceAccount("account", "account-secret", BASE_URL, secrets)


def sign_in(gives: Any, **more: Any) -> Step:
    return POST("/api/oauth/token", gives, headers=TOKEN_HEADERS, body=b"grant_type=client_credentials", **more)


def test_service_account_fetches_one_token_for_all_requests() -> None:
    script = Script(sign_in(token(), takes=1), *(ask(authorization=FIRST) for _each in range(4)))

    assert signed_at_once(account, script, 4) == [{}] * 4


@pytest.mark.parametrize(
    ("life", "pause", "renewed"),
    [
        (3600, 3539, False),
        (3600, 3541, True),
        (100, 79, False),
        (100, 81, True),
        *((odd, pause, pause > 3540) for odd in ODD_LIVES for pause in (3539, 3541)),
    ],
)
def test_token_is_renewed_before_it_expires(life: Any, pause: float, renewed: bool) -> None:
    again = [sign_in(token("issued-token-2"))] if renewed else []
    last = ask(authorization=SECOND if renewed else FIRST)
    script = Script(sign_in(token(expires_in=life)), ask(authorization=FIRST), *again, last)

    signed(account, script, times=2, pause=pause, seconds=10000)


def test_refused_token_is_renewed_once_per_request() -> None:
    script = Script(
        sign_in(token()), ask(refused(401), FIRST), sign_in(token("issued-token-2")), ask(refused(401), SECOND)
    )

    with pytest.raises(RequestRefused, match="401") as caught:
        signed(account, script)

    assert "service account" in caught.value.hint


def test_refusal_of_an_older_token_keeps_the_new_one() -> None:
    script = Script(
        sign_in(token()),
        ask(refused(401), FIRST, takes=1),
        ask(refused(401), FIRST, takes=5),
        sign_in(token("issued-token-2")),
        ask(authorization=SECOND),
        ask(authorization=SECOND),
    )

    assert signed_at_once(account, script, 2) == [{}] * 2


@pytest.mark.parametrize(
    "passing", [html(503), refused(429, "RATE_LIMITED"), NoAnswer("cut"), answer(200, b"{"), ok({"access_token": None})]
)
def test_sign_in_is_retried_after_a_temporary_error(passing: Any) -> None:
    signed(account, Script(sign_in(passing), sign_in(token()), ask(authorization=FIRST)))


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (refused(401), "answered 401"),
        (refused(403, "ORG_REQUIRES_ACCESS_LIST"), "403"),
        (NotReachable("No DNS"), "DNS"),
    ],
)
def test_sign_in_fails_after_a_final_error(error: Any, words: str) -> None:
    with pytest.raises(SignInFailed, match=f"^Signing in .*{words}") as caught:
        signed(account, Script(sign_in(error)))
    assert str(caught.value).count("Signing in") == 1


def test_one_failed_sign_in_fails_all_waiting_requests() -> None:
    failed = signed_at_once(account, Script(sign_in(refused(401), takes=1)), 3)

    assert [type(each) for each in failed] == [SignInFailed] * 3


def test_waiting_requests_get_separate_error_objects() -> None:
    failed = signed_at_once(account, Script(sign_in(refused(401), takes=1)), 3)

    assert len({id(each) for each in failed}) == 3


LEAKS = [
    b'{"error": 400, "errorCode": "leak-me", "detail": "leak-me", "reason": "leak-me", "parameters": ["leak-me"]}',
    b"<html><title>leak-me</title></html>",
    b"leak-me",
]


@pytest.mark.parametrize("body", LEAKS)
@pytest.mark.parametrize("status", [200, 400, 401, 403, 500])
def test_body_of_the_token_endpoint_is_never_shown(status: int, body: bytes) -> None:
    with pytest.raises(SignInFailed) as caught:
        token_document(answer(status, body, content_type="application/json"))
    assert "leak-me" not in str(caught.value)


@pytest.mark.parametrize("issued", ["", "a b", "a\nb", "a\n", None, 0, 7, ["a"], {"a": "b"}, "ä"])
def test_unusable_token_is_refused_and_not_shown(issued: Any) -> None:
    with pytest.raises(SignInFailed) as caught:
        token_document(ok({"access_token": issued, "leak": "leak-me"}))
    assert "leak-me" not in str(caught.value)


def test_issued_token_is_masked() -> None:
    hidden: list[str] = []
    made = account(Secrets(hidden.append))

    async def fetch(_request: Request) -> dict[str, Any]:
        return {"access_token": "issued-token-1"}

    async def work(_bench: Bench) -> str | None:
        return await made.authorization(ConnectionSlot(), Request("GET", BASE_URL), fetch)

    assert play(Script(), work) == FIRST
    assert "issued-token-1" in hidden


def test_answer_of_the_token_endpoint_sets_the_clock() -> None:
    async def work(bench: Bench) -> Any:
        await bench.client.ask(ASK, bench.budget)
        return bench.client.clock.now()

    undated = Answer(200, {"date": "none"}, b"{}")
    now = play(
        Script(sign_in(token()), ask(undated)),
        work,
        credentials=account,
    )
    assert now == moment(0)
