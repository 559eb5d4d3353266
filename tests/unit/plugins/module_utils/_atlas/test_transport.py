# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import asyncio
import errno
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import trustme

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.errors import (
    AtlasError,
    InvalidInput,
    NoAnswer,
    NotConnected,
    NotReachable,
)
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.messages import Answer, Request, checked
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.transport import (
    HttpConnection,
    HttpSettings,
    http_settings,
)
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.server import (
    Behaviour,
    Server,
    answers,
    drops,
    hangs,
    resets,
    sends,
    serving,
    trickles,
    tunnels,
)

PLAIN = HttpSettings()
# Real seconds: short where an answer never comes, else longer than any machine is slow.
SHORT, LONG = 0.3, 30.0


def exchange(url: str, settings: HttpSettings = PLAIN, timeout: float = LONG, **request: Any) -> Answer:
    connection = HttpConnection(settings)
    try:
        return asyncio.run(connection.send(Request(**{"method": "GET", "url": url, **request}), timeout))
    finally:
        connection.close()


def failure(url: str, settings: HttpSettings = PLAIN, timeout: float = LONG) -> AtlasError:
    with pytest.raises(AtlasError) as caught:
        exchange(url, settings, timeout)
    return caught.value


def test_an_answer_comes_as_it_is() -> None:
    with serving(answers("418 I'm a teapot", b"\x00{", "X-Error-Code: TEA", "Date: today")) as server:
        answer = exchange(f"{server.url}/x?y=z")

    assert (answer.status, answer.body) == (418, b"\x00{")
    assert (answer.headers["x-error-code"], answer.headers["date"]) == ("TEA", "today")


def test_a_request_goes_out_as_it_is() -> None:
    headers = {"Accept": "application/vnd.atlas.2023-01-01+json", "Authorization": "Bearer x"}
    with serving(answers()) as server:
        exchange(f"{server.url}/x?pageNum=1", method="POST", headers=headers, body=b'{"a": 1}')

    lines = server.requests[0].decode().split("\r\n")
    assert lines[0] == "POST /x?pageNum=1 HTTP/1.1"
    assert lines[-1] == '{"a": 1}'
    assert {"Accept: application/vnd.atlas.2023-01-01+json", "Authorization: Bearer x"} <= set(lines)


def test_the_connection_is_kept() -> None:
    async def work(url: str) -> None:
        connection = HttpConnection(PLAIN)
        for _each in range(3):
            await connection.send(Request("GET", url), LONG)
        connection.close()

    with serving(answers()) as server:
        asyncio.run(work(server.url))

    assert (server.connections, len(server.requests)) == (1, 3)


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "307 Temporary", "308 Permanent"])
def test_no_redirect_is_followed(status: str) -> None:
    with serving(answers(status, b"", "Location: /elsewhere")) as server:
        answer = exchange(server.url, headers={"Authorization": "Bearer x"})

    assert (str(answer.status), answer.headers["location"]) == (status[:3], "/elsewhere")
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "behave",
    [
        drops,
        resets,
        sends(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"),
        sends(b"not HTTP at all\r\n\r\n"),
        answers("200 OK", b"no gzip", "Content-Encoding: gzip"),
    ],
)
def test_an_answer_that_breaks_is_no_answer_and_may_have_done_something(behave: Behaviour) -> None:
    with serving(behave) as server:
        assert isinstance(failure(server.url), NoAnswer)
    assert len(server.requests) == 1


def test_what_the_library_does_not_expect_is_no_answer_either(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_args: Any, **_more: Any) -> Any:
        raise KeyError("a fault in the library")

    monkeypatch.setattr("requests.Session.request", breaks)

    assert isinstance(failure("http://127.0.0.1:1"), NoAnswer)


@pytest.mark.parametrize("raw", [b"HTTP/1.1 200 OK\r\nContent-Le", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"])
def test_an_answer_that_is_cut_is_no_answer_either(raw: bytes) -> None:
    with serving(sends(raw)) as server, pytest.raises(NoAnswer):
        checked(exchange(server.url), 200)


@pytest.mark.parametrize("behave", [hangs, trickles])
def test_the_time_limit_holds_for_the_whole_exchange(behave: Behaviour) -> None:
    with serving(behave) as server:
        error = failure(server.url, timeout=SHORT)

    assert isinstance(error, NoAnswer)
    assert "request_timeout" in error.hint


def free_port() -> int:
    """A port where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def test_a_refused_connection_was_none() -> None:
    error = failure(f"http://127.0.0.1:{free_port()}")

    assert isinstance(error, NotConnected)
    assert "refused" in error.message


def test_a_connection_that_takes_too_long_was_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def connect(*_address: Any) -> None:
        raise OSError(errno.ETIMEDOUT, "timed out")

    monkeypatch.setattr(socket.socket, "connect", connect)
    assert isinstance(failure("http://192.0.2.1"), NotConnected)


def test_a_host_name_that_does_not_resolve_is_final(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_host: Any, **_more: Any) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    error = failure("https://nowhere.invalid")

    assert isinstance(error, NotReachable)
    assert "does not resolve" in error.message


# TLS.


@pytest.fixture(name="authority", scope="module")
def _authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(name="ca_path")
def _ca_path(authority: trustme.CA, tmp_path: Path) -> str:
    return pem(authority, tmp_path / "ca.pem")


@pytest.fixture(name="foreign_ca")
def _foreign_ca(tmp_path: Path) -> str:
    return pem(trustme.CA(), tmp_path / "foreign.pem")


@pytest.fixture(name="tls")
def _tls(authority: trustme.CA) -> Iterator[Server]:
    with serving(answers(), certified(authority, "127.0.0.1")) as server:
        yield server


def pem(authority: trustme.CA, path: Path) -> str:
    authority.cert_pem.write_to_path(str(path))
    return str(path)


def certified(authority: trustme.CA, host: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(host).configure_cert(context)
    return context


def test_an_unknown_certificate_is_refused_for_good(tls: Server) -> None:
    error = failure(tls.url, http_settings(tls.url, True, None))

    assert isinstance(error, NotReachable)
    assert "certificate of the service was refused" in error.message
    assert "ca_path" in error.hint
    assert tls.requests == []


def test_a_certificate_for_another_host_is_refused(authority: trustme.CA, ca_path: str) -> None:
    with serving(answers(), certified(authority, "elsewhere.example")) as server:
        assert isinstance(failure(server.url, http_settings(server.url, True, ca_path)), NotReachable)
    assert server.requests == []


def test_ca_path_makes_it_known(tls: Server, ca_path: str) -> None:
    assert exchange(tls.url, http_settings(tls.url, True, ca_path)).status == 200


def test_validate_certs_false_takes_any(tls: Server) -> None:
    assert exchange(tls.url, http_settings(tls.url, False, None)).status == 200


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_the_environments_bundle_counts_where_no_option_says_otherwise(
    tls: Server, ca_path: str, foreign_ca: str, variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, ca_path)
    assert exchange(tls.url, http_settings(tls.url, True, None)).status == 200

    monkeypatch.setenv(variable, foreign_ca)
    assert exchange(tls.url, http_settings(tls.url, True, ca_path)).status == 200
    assert exchange(tls.url, http_settings(tls.url, False, None)).status == 200
    assert isinstance(failure(tls.url, http_settings(tls.url, True, None)), NotReachable)


@pytest.mark.parametrize("content", [None, "", "no certificate"])
def test_a_bundle_that_cannot_be_used_is_named(
    content: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "ca.pem"
    if content is not None:
        path.write_text(content)
    with pytest.raises(InvalidInput, match=f"^ca_path {path}"):
        http_settings("https://atlas.test", True, str(path))

    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(path))
    with pytest.raises(InvalidInput, match=f"^REQUESTS_CA_BUNDLE {path}"):
        http_settings("https://atlas.test", True, None)
    assert http_settings("https://atlas.test", False, str(path)).verify is False


# Proxies and .netrc.


@pytest.mark.parametrize("variable", ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"])
def test_loopback_is_never_reached_through_a_proxy(variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(answers("502 Bad Gateway")) as proxy, serving(answers()) as server:
        monkeypatch.setenv(variable, proxy.url)
        for url in (server.url, server.url.replace("127.0.0.1", "localhost")):
            settings = http_settings(url, True, None)
            assert settings.proxies == {}
            assert exchange(url, settings).status == 200
    assert proxy.requests == []


def test_other_hosts_are_reached_through_the_environments_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(answers("503 No", b"")) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        settings = http_settings("https://atlas.test", True, None)
        assert isinstance(failure("https://atlas.test/x", settings), NotConnected)
    assert proxy.requests[0].startswith(b"CONNECT atlas.test:443 ")


def test_no_proxy_is_honoured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("NO_PROXY", "atlas.test")
    assert http_settings("https://atlas.test", True, None).proxies == {}


def test_a_proxy_that_cannot_be_reached_did_nothing_and_its_password_is_not_shown() -> None:
    settings = HttpSettings(proxies={"https": f"http://user:hunter2@127.0.0.1:{free_port()}"})
    error = failure("https://atlas.test", settings)

    assert isinstance(error, NotConnected)
    assert "hunter2" not in str(error)


@pytest.mark.parametrize("behave", [drops, resets, sends(b"not HTTP at all\r\n\r\n")])
def test_a_request_that_went_through_a_proxy_may_have_done_something(
    behave: Behaviour, authority: trustme.CA, ca_path: str
) -> None:
    with serving(tunnels(certified(authority, "atlas.test"), behave)) as proxy:
        error = failure("https://atlas.test/x", HttpSettings(ca_path, {"https": proxy.url}))

    assert [request.split()[0] for request in proxy.requests] == [b"CONNECT", b"GET"]
    assert isinstance(error, NoAnswer)


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer mine"}])
def test_netrc_is_not_read(headers: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login user password hunter2\ndefault login user password hunter2\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    with serving(answers()) as server:
        exchange(server.url, headers=headers)

    sent = [line for line in server.requests[0].decode().split("\r\n") if line.lower().startswith("authorization:")]
    assert sent == [f"Authorization: {value}" for value in headers.values()]
