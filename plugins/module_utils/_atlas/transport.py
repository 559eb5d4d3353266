# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# The connection to the service: TLS, proxies, time limits. Beside _auth the only importer of requests.

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import ssl
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from .base_url import is_loopback
from .errors import AtlasError, InvalidInput, NoAnswer, NotConnected, NotReachable, TimedOut
from .messages import Answer, Request

try:
    import requests
    import urllib3
except ImportError:
    HAS_REQUESTS = False
else:
    HAS_REQUESTS = True

T = TypeVar("T")

# Beyond its own time limits, so that a connection that could not be made is told apart from an answer that never came.
_GRACE = 0.5


@dataclass(frozen=True)
class HttpSettings:
    """How to reach the service.

    verify: True for the system's certificates, False for no check, or the path of a CA bundle.
    proxies: as requests takes them, by scheme.
    """

    verify: bool | str = True
    proxies: Mapping[str, str] = field(default_factory=dict)


def http_settings(base_url: str, validate_certs: bool, ca_path: str | None) -> HttpSettings:
    """What the options and the environment say about TLS and proxies; loopback is never reached through a proxy.

    Options beat the environment's CA bundle, which requests would put first.
    Raises InvalidInput for a file that holds no certificates.
    """
    proxies = {} if is_loopback(base_url) else requests.utils.get_environ_proxies(base_url)
    return HttpSettings(_verify(base_url, ca_path) if validate_certs else False, proxies)


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
    except OSError as error:
        raise InvalidInput(
            f"{name} {path} cannot be used: {error.strerror or error}", "Give a PEM file with CA certificates."
        ) from error


class HttpConnection:
    """One kept connection; sends one request at a time and follows no redirect."""

    def __init__(self, settings: HttpSettings) -> None:
        self._settings = settings
        self._session = requests.Session()
        # .netrc, the environment's proxies and its CA bundle would beat what is set here.
        self._session.trust_env = False
        self._session.headers["User-Agent"] = "ansible-mongodb_atlas.backup"
        if settings.verify is False:
            urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)

    async def send(self, request: Request, timeout: float) -> Answer:
        """The answer to one request, whatever its status; timeout bounds the whole exchange, in seconds.

        After an exception the connection may still be busy with the request: use another one.
        Raises NotConnected, NotReachable or NoAnswer.
        """
        try:
            return await _in_thread(lambda: self._exchange(request, timeout), timeout + _GRACE)
        except asyncio.TimeoutError:
            raise no_answer_in(timeout) from None

    def _exchange(self, request: Request, timeout: float) -> Answer:
        try:
            response = self._session.request(
                request.method,
                request.url,
                headers=dict(request.headers),
                data=request.body,
                timeout=timeout,
                allow_redirects=False,
                verify=self._settings.verify,
                proxies=dict(self._settings.proxies),
            )
        except Exception as error:
            # Whatever it is: Atlas may have done what was asked, and who asked has to hear of it.
            raise transport_error(error, timeout) from None
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Answer(response.status_code, headers, response.content)

    def close(self) -> None:
        """Give the connection back."""
        self._session.close()


async def _in_thread(work: Callable[[], T], timeout: float) -> T:
    """Run blocking work beside the event loop; after timeout seconds it is left alone.

    A daemon thread, since an executor's threads are joined at exit: a look-up or an answer that trickles would hold
    the whole process.
    """
    loop = asyncio.get_running_loop()
    done: asyncio.Future[T] = loop.create_future()

    def deliver(result: Any, error: BaseException | None) -> None:
        if done.done():
            return
        if error is None:
            done.set_result(result)
        else:
            done.set_exception(error)

    def run() -> None:
        result, error = None, None
        try:
            result = work()
        except AtlasError as problem:
            error = problem
        with contextlib.suppress(RuntimeError):  # the loop has ended: nobody waits for this any more
            loop.call_soon_threadsafe(deliver, result, error)

    threading.Thread(target=run, daemon=True).start()
    return await asyncio.wait_for(done, timeout)


def transport_error(error: BaseException, timeout: float) -> AtlasError:
    """What a failure of the transport means: whether a connection was made, and whether a repeat can help."""
    causes = list(_causes(error))
    if any(isinstance(cause, socket.gaierror) for cause in causes) or _mentions(causes, "NameResolutionError"):
        return NotReachable(
            "The host name of the service does not resolve", "Check base_url, the DNS and the proxy settings."
        )
    # urllib3 before 2 has an exception of its own for a certificate of another host.
    if _mentions(causes, "SSLCertVerificationError", "CertificateError"):
        return NotReachable(
            f"The certificate of the service was refused: {_reason(causes)}",
            "Check base_url; where a private certificate authority is in use, name its certificates with ca_path.",
        )
    # A proxy error alone says nothing: requests calls a tunnel that breaks after the request the same.
    no_tunnel = any(isinstance(cause, OSError) and "Tunnel connection failed" in str(cause) for cause in causes)
    if no_tunnel or _mentions(causes, "NewConnectionError", "ConnectTimeoutError"):
        return NotConnected(
            f"No connection to the service: {_reason(causes)}",
            "Check base_url, the network, and proxy settings in the environment.",
        )
    if _mentions(causes, "ReadTimeoutError", "TimeoutError"):
        return no_answer_in(timeout)
    return NoAnswer(
        f"The connection broke before the whole answer was there: {_reason(causes)}",
        "Check the network between this host and the service, then run this again.",
    )


def no_answer_in(timeout: float) -> TimedOut:
    """The error for an answer that did not come in time."""
    return TimedOut(f"No answer within {timeout:.0f} s", "Check the network, or allow more with request_timeout.")


def _causes(error: BaseException | None) -> Any:
    """The error and everything beneath it; urllib3 keeps what happened in reason and args."""
    todo, seen = [error], set()
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
    """The innermost cause in words. Addresses are left out: a proxy's may hold a password."""
    for cause in reversed(causes):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return str(cause.verify_message)
        if isinstance(cause, OSError) and cause.strerror:
            return cause.strerror
    return type(causes[-1]).__name__
