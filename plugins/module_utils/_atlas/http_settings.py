# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# TLS and proxy settings, from the options and the environment.

from __future__ import annotations

import contextlib
import importlib.util
import os
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import SplitResult, unquote, urlsplit

from .base_url import is_host, is_loopback
from .errors import InvalidInput

with contextlib.suppress(ImportError):  # _module.py reports a missing requests
    import requests.utils

PROXY_SCHEMES = ("http", "https", "socks4", "socks4a", "socks5", "socks5h")
_PORTS = {"http": 80, "https": 443}
# Shorter user names of proxies are often part of other words, so they are not masked.
_LONG_USERNAME = 8


@dataclass(frozen=True)
class Proxy:
    """A proxy, and the setting that names it. url may contain a password."""

    url: str
    setting: str

    @property
    def address(self) -> str:
        """Host and port, without user info."""
        return _address(urlsplit(self.url))


@dataclass(frozen=True)
class HttpSettings:
    """verify: True for the system's certificates, False for no check, or the path of a CA bundle."""

    verify: bool | str = True
    proxy: Proxy | None = None

    @property
    def proxies(self) -> dict[str, str]:
        """In the form that requests expects: scheme -> URL."""
        return {"http": self.proxy.url, "https": self.proxy.url} if self.proxy else {}


def http_settings(base_url: str, validate_certs: bool, ca_path: str | None) -> HttpSettings:
    """The settings for this address; requests to loopback never go through a proxy.

    Options win over the environment's CA bundle, which requests itself would prefer.
    Raises InvalidInput for a file without certificates, and for a proxy setting that cannot be used.
    """
    verify = _verify(base_url, ca_path) if validate_certs else False
    return HttpSettings(verify, None if is_loopback(base_url) else _proxy(base_url))


def proxy_secrets(settings: HttpSettings) -> list[str]:
    """User name and password of the proxy, as written and URL-decoded, to be masked.

    A short user name is left out: masking every occurrence would make names and ids unreadable.
    """
    parts = urlsplit(settings.proxy.url) if settings.proxy else None
    if parts is None:
        return []
    username = parts.username if parts.username and len(parts.username) >= _LONG_USERNAME else None
    return [form for part in (username, parts.password) if part for form in (part, unquote(part))]


def _verify(base_url: str, ca_path: str | None) -> bool | str:
    bundles = {"ca_path": ca_path}
    if base_url.lower().startswith("https:"):
        bundles.update({name: os.environ.get(name) for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")})
    for name, path in bundles.items():
        if path:
            _check_certificates(name, path)
            return path
    return True


def _check_certificates(name: str, path: str) -> None:
    try:
        folder = os.path.isdir(path)
        ssl.create_default_context(cafile=None if folder else path, capath=path if folder else None)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InvalidInput(f"{name} {path} cannot be used: {reason}", "Give a PEM file with CA certificates.") from None


def _proxy(base_url: str) -> Proxy | None:
    proxies = requests.utils.get_environ_proxies(base_url)
    scheme = base_url.partition(":")[0].lower()
    for kind in (scheme, "all"):
        if proxies.get(kind):
            return _checked_proxy(Proxy(proxies[kind].strip(), _setting(kind, proxies[kind])))
    return None


def _setting(kind: str, url: str) -> str:
    """The variable that names the proxy; macOS and Windows can also have system-wide settings."""
    names = (f"{kind}_proxy", f"{kind}_proxy".upper())
    return next((name for name in names if os.environ.get(name) == url), "the proxy setting of this system")


def _checked_proxy(proxy: Proxy) -> Proxy:
    """The proxy with its scheme. Raises InvalidInput if no request could go through it."""
    problem = next(_proxy_problems(proxy), None)
    if problem:
        raise InvalidInput(
            f"{proxy.setting} cannot be used: {problem}",
            f"Set {proxy.setting} to an address such as http://proxy.example.com:3128, or name the host in NO_PROXY.",
        )
    return Proxy(_with_scheme(proxy.url), proxy.setting)


def _with_scheme(url: str) -> str:
    return url if "://" in url else f"http://{url}"


def _proxy_problems(proxy: Proxy) -> Iterator[str]:
    try:
        proxy.url.encode()
        parts = urlsplit(_with_scheme(proxy.url))
        port = parts.port
    except UnicodeError:
        yield "it contains a byte that is not UTF-8"
        return
    except ValueError:
        yield "its port is not a number from 1 to 65535, or its host is not valid"
        return
    if parts.scheme not in PROXY_SCHEMES:
        yield f"its scheme is not one of {', '.join(PROXY_SCHEMES)}"
    if not is_host(parts.hostname or ""):
        yield "its host name is not valid"
    if port == 0:
        yield "its port is not a number from 1 to 65535"
    if parts.scheme.startswith("socks") and not _has_socks():
        yield "it is a SOCKS proxy, and the Python library PySocks is missing"


def _has_socks() -> bool:
    return importlib.util.find_spec("socks") is not None


def _address(parts: SplitResult) -> str:
    """Host and port of an address."""
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    return f"{host}:{parts.port or _PORTS.get(parts.scheme.lower(), 1080)}"


def service_address(url: str) -> str:
    """Host and port of the service."""
    try:
        return _address(urlsplit(url))
    except ValueError:
        return "the service"
