# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# Sends one request over a keep-alive connection and reads the answer; blocking, so it runs in a worker thread.

from __future__ import annotations

import http.client
from dataclasses import replace
from typing import Any

from .body import ACCEPT_ENCODING, Body, Unreadable
from .exchange import Exchange
from .fields import kept
from .http_settings import HttpSettings
from .large_answers import LARGE_DOCUMENT, LargeAnswers
from .messages import Answer, Request
from .parsing import document_text, large_object, memory_needed
from .transport_errors import Route, no_answer, not_sent

try:
    import requests
    import requests.adapters
    import urllib3
except ImportError:
    HAS_REQUESTS = False
else:
    HAS_REQUESTS = True

_large_answers = LargeAnswers()
_EARLY_ANSWERS = range(102, 200)
# An answer is large if its body has more bytes than this, or if its document is large.
_LARGE_BODY = 1024 * 1024


class HttpSession:
    """One connection, reopened when it breaks. Follows no redirect."""

    def __init__(self, settings: HttpSettings) -> None:
        self._settings = settings
        self._current = _Current()
        self._session = _session()
        # Otherwise .netrc, and proxies and CA bundle of the environment, would override these settings.
        self._session.trust_env = False
        self._session.headers.update({"User-Agent": "ansible-mongodb_atlas.backup", "Accept-Encoding": ACCEPT_ENCODING})
        for scheme in ("https://", "http://"):
            self._session.mount(scheme, _adapter(self._current))
        if settings.verify is False:
            urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)

    def send(self, request: Request, timeout: float, exchange: Exchange) -> Answer:
        """The answer, whatever its status.

        timeout: seconds to connect, and for each read; the caller limits the total time.
        Raises NotConnected or NotReachable if nothing can have been sent, else NoAnswer.
        """
        self._current.exchange = exchange
        try:
            response = self._session.request(
                request.method,
                request.url,
                headers=dict(request.headers),
                data=request.body,
                timeout=timeout,
                allow_redirects=False,
                verify=self._settings.verify,
                proxies=self._settings.proxies,
                stream=True,
            )
        except Exception as error:
            # Any exception counts: if the request may have been sent, Atlas may have carried it out.
            route = Route.to(request.url, self._settings)
            raise (no_answer(error, route, timeout) if exchange.may_be_sent else not_sent(error, route)) from None
        return _answer(response)

    def close(self) -> None:
        """Close the connection."""
        self._session.close()


def _session() -> requests.Session:
    """A requests session that ignores redirects: to inspect one, requests would read the whole body without a limit."""

    class Session(requests.Session):
        def get_redirect_target(self, resp: requests.Response) -> None:
            """Report no redirect."""

    return Session()


class _Current:
    """Holds the current exchange of the connection."""

    exchange = Exchange()


def _answer(response: requests.Response) -> Answer:
    """The answer; if its body cannot be read completely, the status still counts."""
    headers = {name.lower(): value for name, value in response.headers.items()}
    answer = Answer(response.status_code, headers, b"")
    body = Body(response.raw, headers.get("content-encoding", ""))
    try:
        answer = _read(answer, body)
    except Unreadable as error:
        answer = replace(answer, unreadable=str(error))
    except Exception as error:
        # requests and urllib3 raise many different exceptions for a broken connection.
        answer = replace(answer, unreadable=f"an incomplete answer ({type(error).__name__})")
    else:
        response.raw.release_conn()
        return answer
    response.raw.close()
    return answer


def _read(answer: Answer, body: Body) -> Answer:
    if not body.read(_LARGE_BODY):
        return _large_answers.read(lambda: _read_large(answer, body))
    small = body.take()
    if memory_needed(small) <= LARGE_DOCUMENT:
        return replace(answer, body=small)
    return _large_answers.read(lambda: _with_document(answer, small))


def _read_large(answer: Answer, body: Body) -> Answer:
    body.read()
    return _with_document(answer, body.take())


def _with_document(answer: Answer, body: bytes) -> Answer:
    answer = replace(answer, unreadable=f"{len(body)} bytes that are not a JSON object")
    text = document_text(body)
    del body  # otherwise it stays in memory beside its text and the document
    document = None if text is None else large_object(text, kept)
    return answer if document is None else answer.with_document(document)


class _FinalAnswer(http.client.HTTPResponse):
    """Skips interim answers, such as 103 Early Hints; http.client itself skips only 100."""

    def begin(self) -> None:
        super().begin()
        while self.status in _EARLY_ANSWERS:
            self.headers = self.msg = None  # type: ignore[assignment]  # else begin() would do nothing
            super().begin()


class _Watched(http.client.HTTPConnection):
    """Notifies the current exchange when it connects, and before a request is sent."""

    response_class = _FinalAnswer
    current: _Current

    def connect(self) -> None:
        self.current.exchange.uses(self)
        super().connect()
        self.current.exchange.begins_to_send()

    def putrequest(self, *args: Any, **more: Any) -> None:
        if self.sock is not None:  # kept from the last exchange, or connect() was called before
            self.current.exchange.uses(self)
            self.current.exchange.begins_to_send()
        super().putrequest(*args, **more)


def _adapter(current: _Current) -> requests.adapters.HTTPAdapter:
    """An adapter whose connections, also those through a proxy, notify the current exchange."""

    class Adapter(requests.adapters.HTTPAdapter):
        def init_poolmanager(self, *args: Any, **more: Any) -> None:
            super().init_poolmanager(*args, **more)
            _watch(self.poolmanager, current)

        def proxy_manager_for(self, proxy: Any, **more: Any) -> Any:
            is_known = proxy in self.proxy_manager
            manager = super().proxy_manager_for(proxy, **more)
            if not is_known:
                _watch(manager, current)
            return manager

    return Adapter(pool_connections=1, pool_maxsize=1)


def _watch(manager: Any, current: _Current) -> None:
    """Make a pool manager of urllib3 create watched connections."""
    manager.pool_classes_by_scheme = {
        scheme: type(pool.__name__, (pool,), {"ConnectionCls": _watched(pool.ConnectionCls, current)})
        for scheme, pool in manager.pool_classes_by_scheme.items()
    }


def _watched(connection: type, current: _Current) -> type:
    return type(connection.__name__, (_Watched, connection), {"current": current})
