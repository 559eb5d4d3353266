# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# What a connection failure means: whether the request can have been sent, and whether a retry can help.

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass

from .errors import AtlasError, NoAnswer, NotConnected, NotReachable, TimedOut
from .http_settings import HttpSettings, service_address

# Temporary DNS failures, worth a retry. Every other DNS error means that the name is wrong.
_PASSING_LOOK_UPS = (socket.EAI_AGAIN, getattr(socket, "EAI_SYSTEM", None), socket.EAI_MEMORY)
# The connection broke during the handshake: a network failure, not a TLS misconfiguration.
_BROKEN_HANDSHAKES = (ssl.SSLEOFError, ssl.SSLZeroReturnError, ssl.SSLSyscallError, ssl.SSLWantReadError)
_TUNNEL_REFUSED = re.compile(r"Tunnel connection failed: (\d{3})")
# Statuses after which a proxy may accept the same request a moment later.
_PASSING_REFUSALS = (408, 425, 429)
_NOTHING_SENT = "Nothing was sent to Atlas."


@dataclass(frozen=True)
class Route:
    """Where a request goes. Its text in messages contains no user name or password of a proxy."""

    service: str
    proxy: str = ""
    proxy_setting: str = ""
    proxy_is_tls: bool = False
    is_socks: bool = False

    @classmethod
    def to(cls, url: str, settings: HttpSettings) -> Route:
        """The route to an address of the service."""
        proxy = settings.proxy
        if proxy is None:
            return cls(service_address(url))
        scheme = proxy.url.partition(":")[0].lower()
        return cls(service_address(url), proxy.address, proxy.setting, scheme == "https", scheme.startswith("socks"))

    def __str__(self) -> str:
        return f"{self.service} through the proxy {self.proxy} ({self.proxy_setting})" if self.proxy else self.service

    @property
    def first_stop(self) -> str:
        """The server that this host connects to: the proxy if there is one, else the service."""
        return f"the proxy {self.proxy}" if self.proxy else self.service

    @property
    def setting(self) -> str:
        """The option or environment variable that names this server."""
        return self.proxy_setting or "base_url"


def not_sent(error: BaseException, route: Route) -> AtlasError:
    """The error for a request that cannot have reached the service: no connection to it was made."""
    causes = list(_causes(error))
    for explain in (_look_up_failed, _certificate_refused, _tunnel_refused, _socks_refused, _handshake_failed):
        explained = explain(causes, route)
        if explained:
            return explained
    if _is_passing(causes):
        return no_connection(route, _reason(causes))
    return NotReachable(
        f"No request to {route} can be made: {_reason(causes)}",
        f"Check {route.setting}, and the proxy settings in the environment. {_NOTHING_SENT}",
    )


def no_answer(error: BaseException, route: Route, timeout: float) -> AtlasError:
    """The error for a request that went out, or may have."""
    causes = list(_causes(error))
    if _mentions(causes, "ReadTimeoutError", "TimeoutError"):
        return timed_out(route, timeout)
    return NoAnswer(
        f"The connection to {route} broke before the whole answer arrived: {_reason(causes)}",
        "Check the network between this host and the service, then run this again.",
    )


def timed_out(route: Route, timeout: float) -> TimedOut:
    """The error for an answer that did not come in time."""
    return TimedOut(
        f"No answer from {route} within {timeout:.0f} s", "Check the network, or allow more with request_timeout."
    )


def no_connection(route: Route, reason: str) -> NotConnected:
    """The error for a connection that was not made, and may be made a moment later."""
    return NotConnected(
        f"No connection to {route}: {reason}", f"Check {route.setting}, the network, and the proxy settings."
    )


def _is_passing(causes: list[BaseException]) -> bool:
    """Whether the network failed, so that a retry may help. All exceptions of requests are OSErrors, so check errno."""
    if any(isinstance(cause, (ConnectionError, TimeoutError, *_BROKEN_HANDSHAKES)) for cause in causes):
        return True
    return any(isinstance(cause, OSError) and cause.errno is not None for cause in causes) or _mentions(
        causes, "ConnectTimeoutError", "NewConnectionError"
    )


def _look_up_failed(causes: list[BaseException], route: Route) -> AtlasError | None:
    failed = next((cause for cause in causes if isinstance(cause, socket.gaierror)), None)
    if failed is None:
        return None
    host = (route.proxy or route.service).rpartition(":")[0]
    if failed.errno in _PASSING_LOOK_UPS:
        return no_connection(route, f"the DNS cannot resolve {host} at present ({failed.strerror})")
    return NotReachable(
        f"The host name {host} does not resolve ({failed.strerror})",
        f"Check {route.setting} and the DNS of this host. {_NOTHING_SENT}",
    )


def _certificate_refused(causes: list[BaseException], route: Route) -> AtlasError | None:
    # urllib3 before 2 has an exception of its own for a certificate of another host.
    if not _mentions(causes, "SSLCertVerificationError", "CertificateError"):
        return None
    return NotReachable(
        f"The certificate of {route} was refused: {_reason(causes)}",
        f"Check {route.setting}. For a private certificate authority, set ca_path to its certificates. {_NOTHING_SENT}",
    )


def _tunnel_refused(causes: list[BaseException], route: Route) -> AtlasError | None:
    refused = next((match for cause in causes if (match := _TUNNEL_REFUSED.match(str(cause)))), None)
    if refused is None:
        return None
    status = int(refused[1])
    words = f"the proxy answered {status}"
    if status >= 500 or status < 400 or status in _PASSING_REFUSALS:
        return no_connection(route, words)
    if status == 407:
        return _proxy_wants_credentials(route, words)
    hint = f"Allow {route.service} in the proxy, or name another one in {route.setting}. {_NOTHING_SENT}"
    return NotReachable(f"No connection to {route}: {words}", hint)


def _socks_refused(causes: list[BaseException], route: Route) -> AtlasError | None:
    refused = _mentions(causes, "SOCKS5AuthError")
    return _proxy_wants_credentials(route, "the proxy refused the sign-in") if refused else None


def _proxy_wants_credentials(route: Route, words: str) -> NotReachable:
    return NotReachable(
        f"No connection to {route}: {words}",
        f"Put the user name and password of the proxy into {route.setting}: SCHEME://USER:PASSWORD@HOST:PORT. "
        f"{_NOTHING_SENT}",
    )


def _handshake_failed(causes: list[BaseException], route: Route) -> AtlasError | None:
    failed = [cause for cause in causes if isinstance(cause, ssl.SSLError)]
    if not failed or any(isinstance(cause, (TimeoutError, *_BROKEN_HANDSHAKES)) for cause in failed):
        return None
    stop = route.first_stop if route.proxy_is_tls else route.service
    return NotReachable(
        f"No connection to {route}: {stop} does not speak TLS correctly ({_reason(causes)}); it may expect plain HTTP",
        f"Check scheme and port in {route.setting if route.proxy_is_tls else 'base_url'}. {_NOTHING_SENT}",
    )


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error and its causes; urllib3 keeps some of them in reason and args."""
    todo: list[object] = [error]
    seen: set[int] = set()
    while todo:
        cause = todo.pop(0)
        if not isinstance(cause, BaseException) or id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        todo += [getattr(cause, "reason", None), cause.__cause__, cause.__context__, *cause.args]


def _mentions(causes: list[BaseException], *names: str) -> bool:
    return any(base.__name__ in names for cause in causes for base in type(cause).__mro__)


def _reason(causes: list[BaseException]) -> str:
    """The innermost cause as text. URLs are left out: that of a proxy may contain a password."""
    for cause in reversed(causes):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return str(cause.verify_message)
        if isinstance(cause, ssl.SSLError) and cause.reason:
            return str(cause.reason).replace("_", " ").lower()
        if isinstance(cause, OSError) and cause.strerror:
            return cause.strerror
    return type(causes[-1]).__name__
