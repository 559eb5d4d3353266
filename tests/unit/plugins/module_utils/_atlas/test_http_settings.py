# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later


from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.errors import (
    InvalidInput,
    NotConnected,
    NotReachable,
)
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.http_settings import (
    HttpSettings,
    Proxy,
    http_settings,
    proxy_secrets,
)
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.server import (
    Server,
    answers,
    serving,
)
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.wire import (
    PLAIN,
    exchange,
    failure,
)


def test_ca_path_makes_the_certificate_trusted(tls: Server, ca_path: str) -> None:
    assert exchange(tls.url, http_settings(tls.url, True, ca_path)).status == 200


def test_validate_certs_false_accepts_any_certificate(tls: Server) -> None:
    assert exchange(tls.url, http_settings(tls.url, False, None)).status == 200


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_ca_bundle_of_the_environment_applies_unless_an_option_is_set(
    tls: Server, ca_path: str, foreign_ca: str, variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, ca_path)
    assert exchange(tls.url, http_settings(tls.url, True, None)).status == 200

    monkeypatch.setenv(variable, foreign_ca)
    assert exchange(tls.url, http_settings(tls.url, True, ca_path)).status == 200
    assert exchange(tls.url, http_settings(tls.url, False, None)).status == 200
    assert isinstance(failure(tls.url, http_settings(tls.url, True, None)), NotReachable)


@pytest.mark.parametrize("content", [None, "", "no certificate"])
def test_unusable_ca_bundle_is_named(content: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "ca.pem"
    if content is not None:
        path.write_text(content)
    with pytest.raises(InvalidInput, match=f"^ca_path {path}"):
        http_settings("https://atlas.test", True, str(path))

    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(path))
    with pytest.raises(InvalidInput, match=f"^REQUESTS_CA_BUNDLE {path}"):
        http_settings("https://atlas.test", True, None)
    assert http_settings("https://atlas.test", False, str(path)).verify is False


@pytest.mark.parametrize("variable", ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"])
def test_loopback_is_never_reached_through_a_proxy(variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(answers("502 Bad Gateway")) as proxy, serving(answers()) as server:
        monkeypatch.setenv(variable, proxy.url)
        for url in (server.url, server.url.replace("127.0.0.1", "localhost")):
            settings = http_settings(url, True, None)
            assert settings.proxy is None
            assert exchange(url, settings).status == 200
    assert proxy.requests == []


def test_other_hosts_are_reached_through_the_proxy_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(answers("503 No", b"")) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        settings = http_settings("https://atlas.test", True, None)
        assert isinstance(failure("https://atlas.test/x", settings), NotConnected)
    assert proxy.requests[0].startswith(b"CONNECT atlas.test:443 ")


def test_no_proxy_is_honoured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("NO_PROXY", "atlas.test")
    assert http_settings("https://atlas.test", True, None).proxy is None


# Every proxy setting that cannot work, and a part of its error message.
UNUSABLE = {
    "socks5h://127.0.0.1:1080": "PySocks",
    "socks5://proxy.example.com": "PySocks",
    "socks4://user:hunter2@proxy.example.com:1080": "PySocks",
    "http://": "host name is not valid",
    "https://": "host name is not valid",
    "http://:3128": "host name is not valid",
    "http://user:hunter2@": "host name is not valid",
    "://proxy.example.com:3128": "scheme",
    "ftp://proxy.example.com:3128": "scheme",
    "htttp://user:hunter2@proxy.example.com:3128": "scheme",
    "http://proxy.example.com:99999": "port",
    "http://proxy.example.com:0": "port",
    "http://proxy.example.com:hunter2": "port",
    "http://proxy.example.com:-1": "port",
    "http://[::1": "host",
    "http://[fe80::zz]:3128": "host",
    "http://proxy example.com:3128": "host",
    "http://proxy..example.com:3128": "host",
    f"http://{'a' * 64}.example.com:3128": "host",
    f"http://{'.'.join(['a' * 60] * 5)}:3128": "host",
    "http://proxy.example.com\x00:3128": "host",
    "http://user:hunter2\udcff@proxy.example.com:3128": "UTF-8",
}


@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"])
@pytest.mark.parametrize("url", UNUSABLE)
def test_unusable_proxy_is_refused_before_anything_is_sent_and_its_setting_named(
    url: str, variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_proxy(monkeypatch, variable, url)
    monkeypatch.setitem(sys.modules, "socks", None)

    with pytest.raises(InvalidInput) as caught:
        http_settings("https://atlas.test", True, None)

    assert caught.value.message.startswith(f"{variable} cannot be used: ")
    assert UNUSABLE[url] in caught.value.message
    assert "hunter2" not in str(caught.value)


def set_proxy(monkeypatch: pytest.MonkeyPatch, variable: str, url: str) -> None:
    """Set the variable as the environment would: it cannot contain a NUL, but Ansible's environment keyword can."""
    monkeypatch.setattr("requests.utils.getproxies", lambda: {variable.lower().removesuffix("_proxy"): url})
    if "\x00" not in url:
        monkeypatch.setenv(variable, url)
    else:
        monkeypatch.setattr(os, "environ", {**os.environ, variable: url})


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("http://proxy.example.com:3128", "proxy.example.com:3128"),
        ("https://proxy.example.com", "proxy.example.com:443"),
        ("HTTP://user:hunter2@proxy.example.com:3128/", "proxy.example.com:3128"),
        ("proxy.example.com:3128", "proxy.example.com:3128"),
        (" http://10.0.0.1:3128 ", "10.0.0.1:3128"),
        ("http://[::1]:3128", "[::1]:3128"),
    ],
)
def test_usable_proxy_is_used_and_its_url_has_no_user_info(
    url: str, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("https_proxy", url)

    proxy = http_settings("https://atlas.test", True, None).proxy

    assert proxy is not None
    assert (proxy.address, proxy.setting) == (address, "https_proxy")


def test_lower_case_variable_takes_precedence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://upper.example.com")
    monkeypatch.setenv("https_proxy", "http://lower.example.com")

    proxy = http_settings("https://atlas.test", True, None).proxy

    assert proxy == Proxy("http://lower.example.com", "https_proxy")


def test_user_info_of_a_proxy_is_masked() -> None:
    settings = HttpSettings(proxy=Proxy("http://some%20one:p%40ss@proxy.example.com:3128", "HTTPS_PROXY"))

    assert {"some%20one", "some one", "p%40ss", "p@ss"} <= set(proxy_secrets(settings))
    assert proxy_secrets(PLAIN) == []


@pytest.mark.parametrize("username", ["6", "u", "prod", "proxy"])
def test_short_user_name_of_a_proxy_does_not_mask_parts_of_names_and_ids(username: str) -> None:
    settings = HttpSettings(proxy=Proxy(f"http://{username}:p%40ss@proxy.example.com:3128", "HTTPS_PROXY"))

    assert set(proxy_secrets(settings)) == {"p%40ss", "p@ss"}
