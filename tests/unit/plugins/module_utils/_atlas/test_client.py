# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import asyncio
import contextlib
import math
from typing import Any

import pytest

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.client import AtlasClient, Call
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.credentials import AccessToken
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.errors import (
    AtlasError,
    NoAnswer,
    NotReachable,
    OutOfTime,
    RequestRefused,
)
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.parsing import Document
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.secrets import Secrets
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.service_account import ServiceAccount
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.answers import answer, html, ok, refused, token
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.atlas import BASE_URL
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.bench import Bench, OneConnection, play
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.loop import elapsed
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.script import (
    FOR_EVER,
    GET,
    POST,
    Script,
    Step,
)
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.times import moment

ASK = Call("GET", "/x", "application/json", "backup")
WRITE = Call("POST", "/x", "application/json", "backup", body={})
FINE = ok({})


def ask(gives: Any = FINE, **more: Any) -> Step:
    return GET("/x", gives, **more)


def asked(script: Script, *calls: Call, after: float = 0.0, **how: Any) -> list[Any]:
    """The results of the calls, one after the other, and the time at the end."""

    async def work(bench: Bench) -> list[Any]:
        await asyncio.sleep(after)
        send = {"GET": bench.client.ask, "POST": bench.client.try_once}
        return [await send[call.method](call, bench.budget) for call in calls or (ASK,)] + [elapsed()]

    return play(script, work, **how)


def test_request_has_the_method_path_headers_and_body_of_the_call() -> None:
    accept = "application/vnd.atlas.2023-01-01+json"
    call = Call("POST", "/x", accept, "backup", query=(("a", "b c"),), body={"d": "é"})
    headers = {"Accept": accept, "Content-Type": accept, "Authorization": "Bearer given-token"}

    asked(Script(POST("/x?a=b+c", FINE, headers=headers, body={"d": "é"})), call)


def test_get_request_has_no_content_type() -> None:
    asked(Script(ask(headers={"Content-Type": None})))


@pytest.mark.parametrize(
    "passing",
    [NoAnswer("reset"), html(503), html(404), refused(500), refused(429), answer(200, b"{"), ok([]), html(200)],
)
def test_read_is_retried_after_a_temporary_error_on_one_connection_at_a_time(passing: Any) -> None:
    script = Script(ask(passing), ask(passing), ask())

    asked(script)

    assert script.connections == (3 if isinstance(passing, AtlasError) else 1)


@pytest.mark.parametrize("final", [refused(400), refused(404), NotReachable("No DNS"), answer(302, location="x")])
def test_final_error_is_not_retried(final: Any) -> None:
    with pytest.raises(AtlasError):
        asked(Script(ask(final)))


@pytest.mark.parametrize("trouble", [NoAnswer("reset"), html(503), refused(429), answer(200, b"{")])
def test_request_to_send_once_is_not_retried(trouble: Any) -> None:
    with pytest.raises(AtlasError):
        asked(Script(POST("/x", trouble)), WRITE)


@pytest.mark.parametrize(
    ("holds", "document"),
    [("id", {}), ("id", {"id": 5}), ("id", {"id": ""}), ("results", {"results": {}}), ("name", {"name": None})],
)
def test_document_without_the_expected_key_counts_as_no_answer(holds: str, document: dict[str, Any]) -> None:
    with pytest.raises(NoAnswer, match=f"has no {holds}"):
        asked(Script(POST("/x", ok(document))), Call("POST", "/x", "", "backup", holds=holds))


def test_retry_after_applies_to_the_whole_bucket() -> None:
    busy = refused(429, "RATE_LIMITED", retry_after="20")
    other = Call("GET", "/y", "application/json", "clusters")
    script = Script(POST("/x", busy), GET("/y", FINE), ask())

    async def work(bench: Bench) -> float:
        with pytest.raises(RequestRefused):
            await bench.client.try_once(WRITE, bench.budget)
        await bench.client.ask(other, bench.budget)
        assert elapsed() == 0
        await bench.client.ask(ASK, bench.budget)
        return elapsed()

    assert play(script, work) == 20


@pytest.mark.parametrize("seconds", [3600.0, math.inf])
def test_rate_limit_that_begins_late_in_the_task_is_waited_for(seconds: float) -> None:
    async def work(bench: Bench) -> float:
        await asyncio.sleep(100)
        with pytest.raises(RequestRefused):
            await bench.client.try_once(WRITE, bench.budget)
        await bench.client.ask(ASK, bench.budget)
        return elapsed()

    script = Script(POST("/x", refused(429, "RATE_LIMITED", retry_after="20")), ask())
    assert play(script, work, seconds=seconds) == 120


def test_retry_after_of_a_server_error_delays_no_other_request() -> None:
    async def work(bench: Bench) -> float:
        with pytest.raises(RequestRefused):
            await bench.client.try_once(WRITE, bench.budget)
        await bench.client.ask(ASK, bench.budget)
        return elapsed()

    assert play(Script(POST("/x", html(503, retry_after="20")), ask()), work) == 0


def test_error_of_a_request_that_was_not_sent_has_no_sending_time() -> None:
    async def work(bench: Bench) -> Any:
        await bench.client.ask(ASK, bench.budget)
        await asyncio.sleep(100)
        with pytest.raises(OutOfTime) as caught:
            await bench.client.ask(ASK, bench.budget)
        return caught.value.sent

    assert play(Script(ask()), work, seconds=60) is None


def test_hook_before_writing_can_stop_writes_only() -> None:
    script = Script(ask())

    def refuse() -> None:
        raise NotReachable("not now")

    async def work(bench: Bench) -> dict[str, Any]:
        credentials, secrets = AccessToken(script.access_token), Secrets(lambda _secret: None)
        client = AtlasClient(BASE_URL, credentials, secrets, script.connect, before_writing=refuse)
        with pytest.raises(NotReachable):
            await client.try_once(WRITE, bench.budget)
        return await client.ask(ASK, bench.budget)

    assert play(script, work) == {}


def test_nothing_is_sent_if_the_wait_exceeds_the_time_left() -> None:
    async def work(bench: Bench) -> float:
        for words in ("429", "429 RATE_LIMITED: wait 61 s"):
            with pytest.raises(RequestRefused, match=words):
                await bench.client.ask(ASK, bench.budget)
        return elapsed()

    assert play(Script(ask(refused(429, retry_after="61"))), work, seconds=60) == 0


def test_low_rate_limit_slows_requests_down() -> None:
    low = ok({}, ratelimit_limit="1200", ratelimit_remaining="10")
    script = Script(ask(low), ask(low), ask(low))

    assert asked(script, ASK, ASK, ASK)[-1] == 1


@pytest.mark.parametrize("count", [1, 3])
def test_connections_do_not_exceed_the_limit(count: int) -> None:
    script = Script(*(ask(takes=1) for _each in range(6)))

    async def work(bench: Bench) -> float:
        await asyncio.gather(*(bench.client.ask(ASK, bench.budget) for _each in range(6)))
        return elapsed()

    assert play(script, work, connections=count) == 6 / count
    assert script.connections == count


def test_connections_are_reused() -> None:
    script = Script(*(ask() for _each in range(6)))
    asked(script, *[ASK] * 6, connections=8)

    assert script.connections == 1


def test_request_timeout_is_limited_by_the_time_left() -> None:
    script = Script(ask(takes=FOR_EVER))
    with pytest.raises(NoAnswer) as caught:
        asked(script, seconds=12)

    assert script.sent[0].timeout == 12
    assert "wait_timeout" in caught.value.hint


def test_request_that_had_its_full_timeout_does_not_suggest_wait_timeout() -> None:
    async def work(bench: Bench) -> str:
        with pytest.raises(NoAnswer) as caught:
            await bench.client.try_once(ASK, bench.budget)
        return caught.value.hint

    assert "wait_timeout" not in play(Script(ask(takes=FOR_EVER)), work)


def test_broken_connection_is_not_reported_as_timeout() -> None:
    with pytest.raises(NoAnswer) as caught:
        asked(Script(ask(NoAnswer("reset", "Check the network."))), seconds=0.4)

    assert caught.value.hint == "Check the network."


@pytest.mark.parametrize(("call", "after"), [(WRITE, 10), (ASK, 40)])
def test_nothing_is_sent_after_the_deadline(call: Call, after: float) -> None:
    with pytest.raises(OutOfTime, match="wait_timeout"):
        asked(Script(), call, after=after, seconds=10)


def test_one_last_poll_is_allowed() -> None:
    assert asked(Script(ask()), after=10, seconds=10)[0] == {}


class Limited(OneConnection):
    """A service whose rate limit is nearly reached; from one request on, it answers 429 to all."""

    def __init__(self, waits_from: float = math.inf) -> None:
        self._waits_from = waits_from
        self.sent: list[float] = []

    async def send(self, request: Any, timeout: float) -> Any:
        self.sent.append(elapsed())
        await asyncio.sleep(0.1)
        if len(self.sent) >= self._waits_from:
            return refused(429, "RATE_LIMITED", retry_after="600")
        return ok({}, ratelimit_limit="1200", ratelimit_remaining="3")


def fleet(other: Limited, count: int, seconds: float, method: str = "GET") -> tuple[set[type], float]:
    """The types of the results of this many simultaneous calls, and the time at which the last one ended."""

    async def work(bench: Bench) -> tuple[set[type], float]:
        send = {"GET": bench.client.ask, "POST": bench.client.try_once}[method]
        calls = (send(Call(method, "/x", "", "backup"), bench.budget) for _each in range(count))
        results = await asyncio.gather(*calls, return_exceptions=True)
        return {Document if isinstance(each, Document) else type(each) for each in results}, elapsed()

    return play(other, work, seconds=seconds, connections=8)


def test_queued_requests_obey_a_retry_after_of_another_request() -> None:
    limited = Limited(waits_from=40)
    ended, seconds = fleet(limited, 50, seconds=60.0)

    assert seconds < 60
    assert ended == {Document, RequestRefused}
    assert len(limited.sent) == 40


@pytest.mark.parametrize(("method", "last"), [("GET", 30.0 + 30.0), ("POST", 30.0)])
def test_queue_for_the_rate_limit_ends_with_the_deadline(method: str, last: float) -> None:
    limited = Limited()
    ended, seconds = fleet(limited, 200, seconds=30.0, method=method)

    assert ended == {Document, OutOfTime}
    assert max(limited.sent) < last
    assert seconds <= last


def test_nothing_is_written_if_signing_in_took_all_the_time() -> None:
    script = Script(POST("/api/oauth/token", html(503, retry_after="1")), POST("/api/oauth/token", token(), takes=0.9))

    with pytest.raises(AtlasError):
        asked(script, WRITE, seconds=1.5, credentials=lambda secrets: ServiceAccount("id", "secret", BASE_URL, secrets))


@pytest.mark.parametrize("gives", [html(503), answer(200, b"[]"), answer(200, b"")])
def test_date_of_a_proxy_is_ignored(gives: Any) -> None:
    gives.headers["date"] = "Mon, 01 Jan 2001 00:00:00 GMT"

    async def work(bench: Bench) -> list[Any]:
        shown = []
        for _answer in range(2):
            with contextlib.suppress(AtlasError):
                await bench.client.try_once(ASK, bench.budget)
            shown.append(bench.client.clock.now())
        return shown

    assert play(Script(ask(), ask(gives)), work) == [moment(0), moment(0)]
    assert play(Script(ask(gives), ask()), work) == [None, moment(0)]


def test_secrets_in_texts_of_atlas_are_masked() -> None:
    async def work(bench: Bench) -> str:
        bench.client._secrets.add("hunter2")
        with pytest.raises(RequestRefused) as caught:
            await bench.client.ask(ASK, bench.budget)
        return str(caught.value)

    assert "hunter2" not in play(Script(ask(refused(400, "X", "You sent hunter2"))), work)


def test_close_releases_every_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    closed = []

    class Connection:
        async def send(self, request: Any, timeout: float) -> Any:
            await asyncio.sleep(1)
            return FINE

        def close(self) -> None:
            closed.append(self)

    script = Script()
    monkeypatch.setattr(script, "connect", Connection)

    async def work(bench: Bench) -> AtlasClient:
        await asyncio.gather(*(bench.client.ask(ASK, bench.budget) for _each in range(3)))
        return bench.client

    play(script, work, connections=3).close()
    assert len(closed) == 3
