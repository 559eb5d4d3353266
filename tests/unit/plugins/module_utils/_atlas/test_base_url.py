# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.base_url import checked_base_url, is_loopback
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.errors import InvalidInput


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("https://cloud.mongodb.com", "https://cloud.mongodb.com"),
        ("https://cloud.mongodb.com/", "https://cloud.mongodb.com"),
        (" https://cloud.mongodbgov.com \n", "https://cloud.mongodbgov.com"),
        ("HTTPS://Atlas.Example:8443/proxy/", "HTTPS://Atlas.Example:8443/proxy"),
        ("https://10.0.0.1", "https://10.0.0.1"),
        ("https://[2001:db8::1]:8443", "https://[2001:db8::1]:8443"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://127.3.2.1", "http://127.3.2.1"),
        ("http://[::1]:8080", "http://[::1]:8080"),
        ("http://localhost:8080", "http://localhost:8080"),
        ("HTTP://LOCALHOST", "HTTP://LOCALHOST"),
    ],
)
def test_https_is_accepted_anywhere_and_http_on_loopback(given: str, used: str) -> None:
    assert checked_base_url(given) == used


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("cloud.mongodb.com", "no known scheme"),
        ("", "no known scheme"),
        ("ftp://cloud.mongodb.com", "no known scheme"),
        ("//cloud.mongodb.com", "no known scheme"),
        ("https:/cloud.mongodb.com", "no known scheme"),
        ("https://user:hunter2@cloud.mongodb.com", "user info"),
        ("https://user@cloud.mongodb.com", "user info"),
        ("http://localhost@evil.example", "user info"),
        ("http://localhost/@evil.example", "user info"),
        ("https://", "not a valid address"),
        ("https:///path", "not a valid address"),
        ("https://host:port", "not a valid address"),
        ("https://host:99999", "not a valid address"),
        ("https://host:0", "not a valid address"),
        (f"https://{'a' * 64}.example.com", "not a valid address"),
        (f"https://{'.'.join(['a' * 60] * 5)}", "not a valid address"),
        ("https://[::zz]", "not a valid address"),
        ("https://a..b", "not a valid address"),
        ("https://host\n/path", "not a valid address"),
        ("https://host?query", "not a valid address"),
        ("https://host/?query", "not a valid address"),
        ("https://host/#part", "not a valid address"),
        ("https://ho st", "not a valid address"),
        ("https://host/a b", "not a valid address"),
        ("https://host\\evil.example", "not a valid address"),
        ("https://host/\\evil", "not a valid address"),
        ("http://cloud.mongodb.com", "plain HTTP"),
        ("http://128.0.0.1", "plain HTTP"),
        ("http://127.0.0.1.evil.example", "plain HTTP"),
        ("http://localhost.evil.example", "plain HTTP"),
        ("http://[::2]", "plain HTTP"),
        ("http://0.0.0.0", "plain HTTP"),
        ("http://2130706433", "plain HTTP"),
    ],
)
def test_other_urls_are_refused_without_showing_a_password(given: str, words: str) -> None:
    with pytest.raises(InvalidInput, match=words) as caught:
        checked_base_url(given)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://127.0.0.1", True),
        ("https://127.255.255.254:1/x", True),
        ("http://[::1]", True),
        ("http://LocalHost:80", True),
        ("http://126.0.0.1", False),
        ("http://localhost.", False),
        ("https://cloud.mongodb.com", False),
        ("", False),
    ],
)
def test_loopback_is_recognized_by_its_name_only(url: str, expected: bool) -> None:
    assert is_loopback(url) is expected
