# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later


from __future__ import annotations

import socket
from typing import Any

import pytest
import trustme

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.errors import (
    NoAnswer,
    NotConnected,
    NotReachable,
)
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.http_settings import (
    HttpSettings,
    Proxy,
    http_settings,
)
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.server import (
    Behaviour,
    Server,
    answers,
    certified,
    drops,
    free_port,
    refuses_connect,
    resets,
    sends,
    serving,
    tunnels,
)
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.wire import (
    failure,
)

NAMES = {
    socket.EAI_NONAME: ("Name or service not known", NotReachable),
    getattr(socket, "EAI_NODATA", socket.EAI_NONAME): ("No address associated with hostname", NotReachable),
    socket.EAI_FAIL: ("Non-recoverable failure in name resolution", NotReachable),
    socket.EAI_AGAIN: ("Temporary failure in name resolution", NotConnected),
    socket.EAI_MEMORY: ("Memory allocation failure", NotConnected),
}


@pytest.mark.parametrize("through_proxy", [False, True])
@pytest.mark.parametrize("code", NAMES)
def test_name_resolution_is_retried_only_after_a_temporary_failure(
    code: int, through_proxy: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    words, kind = NAMES[code]

    def fail(*_host: Any, **_more: Any) -> None:
        raise socket.gaierror(code, words)

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    proxy = Proxy("http://user:hunter2@proxy.example.com:3128", "HTTPS_PROXY")
    error = failure("https://nowhere.invalid", HttpSettings(proxy=proxy if through_proxy else None))

    assert error.__class__ is kind
    assert ("proxy.example.com" if through_proxy else "nowhere.invalid") in error.message
    assert ("HTTPS_PROXY" if through_proxy else "base_url") in error.hint
    assert words in error.message
    assert "hunter2" not in str(error)


def test_refused_connection_names_host_and_port() -> None:
    port = free_port()
    error = failure(f"http://127.0.0.1:{port}")

    assert error.__class__ is NotConnected
    assert f"127.0.0.1:{port}" in error.message
    assert "refused" in error.message


def test_proxy_that_refuses_connections_is_named_without_its_password() -> None:
    port = free_port()
    settings = HttpSettings(proxy=Proxy(f"http://user:hunter2@127.0.0.1:{port}", "HTTPS_PROXY"))
    error = failure("https://atlas.test", settings)

    assert error.__class__ is NotConnected
    for words in ("atlas.test:443", f"127.0.0.1:{port}", "HTTPS_PROXY"):
        assert words in error.message
    assert "hunter2" not in str(error)


# Answers of a proxy to CONNECT, and the resulting error: only NotConnected is retried.
TUNNELS = {
    b"407 Proxy Authentication Required": NotReachable,
    b"400 Bad Request": NotReachable,
    b"403 Forbidden": NotReachable,
    b"404 Not Found": NotReachable,
    b"405 Method Not Allowed": NotReachable,
    b"408 Request Timeout": NotConnected,
    b"429 Too Many Requests": NotConnected,
    b"302 Found": NotConnected,
    b"500 Internal Server Error": NotConnected,
    b"502 Bad Gateway": NotConnected,
    b"503 Service Unavailable": NotConnected,
    b"504 Gateway Timeout": NotConnected,
}


@pytest.mark.parametrize("status", TUNNELS)
def test_refused_tunnel_has_sent_nothing(status: bytes) -> None:
    with serving(refuses_connect(status)) as proxy:
        settings = HttpSettings(proxy=Proxy(proxy.url, "HTTPS_PROXY"))
        error = failure("https://atlas.test/x", settings)

    assert error.__class__ is TUNNELS[status]
    assert error.message.endswith(f"the proxy answered {status.decode()[:3]}")
    for words in ("atlas.test:443", f"127.0.0.1:{proxy.port}", "HTTPS_PROXY"):
        assert words in error.message
    assert "HTTPS_PROXY" in error.hint
    assert ("user name and password" in error.hint) is status.startswith(b"407")
    assert [request.split()[0] for request in proxy.requests] == [b"CONNECT"]


PLAIN_HTTP: dict[str, Behaviour] = {
    "bad request": answers("400 Bad Request", b"TLS is not spoken here"),
    "page without a status": sends(b"<!DOCTYPE HTML><html>Bad request</html>"),
    "greeting": sends(b"220 mail.example.com ESMTP\r\n"),
}


@pytest.mark.parametrize("behave", PLAIN_HTTP)
def test_plain_http_service_is_a_final_error_that_names_base_url(behave: str) -> None:
    with greeting(PLAIN_HTTP[behave]) as server:
        error = failure(server.url.replace("http:", "https:"))

    assert error.__class__ is NotReachable
    assert f"127.0.0.1:{server.port}" in error.message
    assert "base_url" in error.hint


@pytest.mark.parametrize("behave", PLAIN_HTTP)
def test_plain_http_proxy_is_a_final_error_that_names_its_setting(behave: str) -> None:
    with greeting(PLAIN_HTTP[behave]) as proxy:
        settings = HttpSettings(proxy=Proxy(proxy.url.replace("http:", "https:"), "HTTPS_PROXY"))
        error = failure("https://atlas.test", settings)

    assert error.__class__ is NotReachable
    assert f"127.0.0.1:{proxy.port}" in error.message
    assert "HTTPS_PROXY" in error.hint


def greeting(behave: Behaviour) -> Any:
    """A server that answers before it has read a request, since a TLS handshake is not a complete request."""
    return serving(behave, reads_requests=False)


def test_proxy_without_http_is_a_final_error() -> None:
    with greeting(sends(b"\x15\x03\x01\x00\x02\x02\x46\r\n")) as proxy:
        error = failure("https://atlas.test", HttpSettings(proxy=Proxy(proxy.url, "HTTPS_PROXY")))

    assert error.__class__ is NotReachable
    assert "HTTPS_PROXY" in error.hint


@pytest.mark.parametrize("behave", [drops, resets])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_proxy_that_closes_the_connection_has_sent_nothing_and_is_retried(behave: Behaviour, scheme: str) -> None:
    with greeting(behave) as proxy:
        settings = HttpSettings(proxy=Proxy(proxy.url.replace("http:", f"{scheme}:"), "HTTPS_PROXY"))
        assert failure("https://atlas.test", settings).__class__ is NotConnected


@pytest.mark.parametrize("behave", [drops, resets])
def test_connection_closed_during_tls_handshake_is_retried(behave: Behaviour) -> None:
    with greeting(behave) as server:
        assert failure(server.url.replace("http:", "https:")).__class__ is NotConnected


def test_untrusted_certificate_is_a_final_error(tls: Server) -> None:
    error = failure(tls.url, http_settings(tls.url, True, None))

    assert error.__class__ is NotReachable
    assert f"The certificate of 127.0.0.1:{tls.port} was refused" in error.message
    assert "ca_path" in error.hint
    assert tls.requests == []


def test_certificate_for_another_host_is_a_final_error(authority: trustme.CA, ca_path: str) -> None:
    with serving(answers(), certified(authority, "elsewhere.example")) as server:
        assert failure(server.url, http_settings(server.url, True, ca_path)).__class__ is NotReachable
    assert server.requests == []


UNSENDABLE = [
    "https://" + "a" * 64 + ".example.com",
    "https://127.0.0.1:99999",
    "ftp://127.0.0.1",
    "https://",
    "https://[::1",
]


@pytest.mark.parametrize("url", UNSENDABLE)
def test_unusable_url_is_a_final_error(url: str) -> None:
    error = failure(url)

    assert error.__class__ is NotReachable
    assert "Nothing was sent" in error.hint


@pytest.mark.parametrize("fault", [KeyError("x"), ValueError("x"), RuntimeError("x"), MemoryError()])
def test_library_failure_before_connecting_is_a_final_error(fault: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_args: Any, **_more: Any) -> Any:
        raise fault

    monkeypatch.setattr("requests.Session.request", breaks)

    assert failure("http://127.0.0.1:1").__class__ is NotReachable


def test_library_failure_after_connecting_may_have_taken_effect(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_args: Any, **_more: Any) -> Any:
        raise KeyError("a fault in the library")

    monkeypatch.setattr("http.client.HTTPResponse.begin", breaks)
    with serving(answers()) as server:
        assert failure(server.url).__class__ is NoAnswer


@pytest.mark.parametrize("behave", [drops, resets, sends(b"not HTTP at all\r\n\r\n")])
def test_request_through_a_proxy_may_have_taken_effect(behave: Behaviour, authority: trustme.CA, ca_path: str) -> None:
    with serving(tunnels(certified(authority, "atlas.test"), behave)) as proxy:
        error = failure("https://atlas.test/x", HttpSettings(ca_path, Proxy(proxy.url, "HTTPS_PROXY")))

    assert [request.split()[0] for request in proxy.requests] == [b"CONNECT", b"GET"]
    assert error.__class__ is NoAnswer
    assert "atlas.test:443" in error.message
